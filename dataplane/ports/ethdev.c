// SPDX-License-Identifier: BSD-3-Clause
#include "dataplane/ports/ethdev.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <rte_dev.h>
#include <rte_errno.h>
#include <rte_ethdev.h>

#include "dataplane/ports/complain.h"
#include "dataplane/ports/device.h"
#include "lib/log.h"
#include "lib/mac.h"

// 1024 descriptors bridge the millisecond that a worker which shares its CPU may be away, at the
// rate of 1 million frames per second; more would only cost cache. AF_XDP has its own (see
// iface.c).
enum { DESCRIPTORS = 1024, DESCRIPTORS_AF_XDP = 2048 };

static const struct ethdev_traits traits[] = {
	{"net_af_xdp", .paired = true},
	{"net_af_packet", .paired = true},
	{"net_memif", .paired = true},
	{"net_vhost", .paired = true},
	{"net_tap", .paired = true},
	{"net_null"},
	{"net_pcap"},
	{"", .keeps_frames = true}, // all others: NICs, rings
};

static unsigned int n_keepers;

const struct ethdev_traits *ethdev_traits(const char *driver)
{
	size_t i = 0;

	while (traits[i].driver[0] && strcmp(traits[i].driver, driver) != 0)
		i++;
	return &traits[i];
}

bool ethdev_keeps_frames(void)
{
	return n_keepers > 0;
}

static int describe(struct device *device, char *error, size_t size)
{
	struct rte_eth_dev_info info;
	uint8_t mac[8] = {0}; // mac_load() reads eight octets
	int err = rte_eth_dev_info_get(device->ethdev, &info);

	if (err)
		return complain(error, size, -err, "DPDK cannot describe the device: %s",
				rte_strerror(-err));
	snprintf(device->driver, sizeof(device->driver), "%s", info.driver_name);
	n_keepers += ethdev_traits(device->driver)->keeps_frames;
	device->plugged = true;
	if (rte_eth_macaddr_get(device->ethdev, (struct rte_ether_addr *)mac) == 0)
		device->mac = mac_load(mac);
	return 0;
}

int ethdev_plug(struct device *device, const char *args, char *error, size_t size)
{
	bool before[RTE_MAX_ETHPORTS] = {false};
	uint16_t port;

	if (rte_eth_dev_count_total() >= RTE_MAX_ETHPORTS)
		return complain(error, size, ENOSPC, "DPDK was built for at most %d devices",
				RTE_MAX_ETHPORTS);
	RTE_ETH_FOREACH_DEV(port)
	before[port] = true;
	int err = rte_dev_probe(args);
	if (err < 0)
		return complain(error, size, -err, "DPDK cannot make the device \"%s\": %s", args,
				rte_strerror(-err));
	RTE_ETH_FOREACH_DEV(port)
	{
		if (before[port])
			continue;
		device->ethdev = port;
		return describe(device, error, size);
	}
	return complain(error, size, EEXIST,
			"\"%s\" brought no new Ethernet device; is it in use already?", args);
}

static uint16_t min3(unsigned int a, unsigned int b, unsigned int c)
{
	unsigned int least = a < b ? a : b;

	return (uint16_t)(least < c ? least : c);
}

int ethdev_choose_queues(struct device *device, const struct device_wish *wish, char *error,
			 size_t size)
{
	bool paired = ethdev_traits(device->driver)->paired;
	uint16_t wanted = wish->n_queues;
	struct rte_eth_dev_info info;
	int err = rte_eth_dev_info_get(device->ethdev, &info);

	if (err)
		return complain(error, size, -err, "DPDK cannot describe the device: %s",
				rte_strerror(-err));
	if (wanted > info.max_rx_queues || wanted > MAX_QUEUES)
		return complain(error, size, EINVAL,
				"%u queues are more than the device has; at most %u", wanted,
				min3(info.max_rx_queues, MAX_QUEUES, UINT16_MAX));
	if (!wanted)
		wanted = paired ? 1 : wish->n_workers;
	device->n_rx = min3(wanted, info.max_rx_queues, MAX_QUEUES);
	device->n_tx =
		min3(paired ? device->n_rx : wish->n_workers, info.max_tx_queues, MAX_QUEUES);
	if (device->n_rx && device->n_tx)
		return 0;
	return complain(error, size, EINVAL, "the device has no queue to %s",
			device->n_rx ? "transmit on" : "receive on");
}

static int configure(const struct device *device, const struct rte_eth_dev_info *info, uint16_t mtu)
{
	struct rte_eth_conf conf = {.rxmode.mtu = mtu ? mtu : RTE_ETHER_MTU};
	uint64_t rss =
		info->flow_type_rss_offloads & (RTE_ETH_RSS_IP | RTE_ETH_RSS_TCP | RTE_ETH_RSS_UDP);

	if (device->n_rx > 1 && rss) {
		conf.rxmode.mq_mode = RTE_ETH_MQ_RX_RSS;
		conf.rx_adv_conf.rss_conf.rss_hf = rss;
	}
	return rte_eth_dev_configure(device->ethdev, device->n_rx, device->n_tx, &conf);
}

static int set_up_queues(const struct device *device, const struct rte_eth_dev_info *info,
			 struct rte_mempool *const *pools)
{
	bool is_af_xdp = strcmp(device->driver, "net_af_xdp") == 0;
	uint16_t n_rx_desc = is_af_xdp ? DESCRIPTORS_AF_XDP : DESCRIPTORS;
	uint16_t n_tx_desc = n_rx_desc;
	int socket = rte_eth_dev_socket_id(device->ethdev);
	struct rte_eth_rxconf rx = info->default_rxconf;
	struct rte_eth_txconf tx = info->default_txconf;
	int err = rte_eth_dev_adjust_nb_rx_tx_desc(device->ethdev, &n_rx_desc, &n_tx_desc);

	// Nothing that changes frames; and no FAST_FREE, because a flooded frame is in many places.
	rx.offloads = 0;
	tx.offloads = 0;
	for (uint16_t q = 0; q < device->n_rx && !err; q++)
		err = rte_eth_rx_queue_setup(device->ethdev, q, n_rx_desc, (unsigned int)socket,
					     &rx, pools[q]);
	for (uint16_t q = 0; q < device->n_tx && !err; q++)
		err = rte_eth_tx_queue_setup(device->ethdev, q, n_tx_desc, (unsigned int)socket,
					     &tx);
	return err;
}

static int check_mtu(const struct rte_eth_dev_info *info, uint16_t mtu, char *error, size_t size)
{
	uint32_t most = info->max_mtu;

	if (info->max_rx_pktlen < UINT16_MAX && info->max_rx_pktlen < most + FRAME_OVERHEAD)
		most = info->max_rx_pktlen - FRAME_OVERHEAD - RTE_ETHER_CRC_LEN;
	if (mtu <= most)
		return 0;
	return complain(error, size, EINVAL,
			"MTU %u is more than the device can do; it takes at most %u", mtu, most);
}

// All frames are ours to look at. Drivers that have no such switch let everything pass.
static int open_ears(uint16_t ethdev)
{
	int err = rte_eth_promiscuous_enable(ethdev);

	if (!err || err == -ENOTSUP)
		err = rte_eth_allmulticast_enable(ethdev);
	return err == -ENOTSUP ? 0 : err;
}

int ethdev_start(struct device *device, struct rte_mempool *const *pools, uint16_t mtu, char *error,
		 size_t size)
{
	struct rte_eth_dev_info info;
	int err = rte_eth_dev_info_get(device->ethdev, &info);

	if (!err && mtu) {
		err = check_mtu(&info, mtu, error, size);
		if (err)
			return err;
	}
	if (!err)
		err = configure(device, &info, mtu);
	if (!err)
		err = set_up_queues(device, &info, pools);
	if (!err)
		err = rte_eth_dev_start(device->ethdev);
	if (!err && mtu) {
		err = rte_eth_dev_set_mtu(device->ethdev, mtu);
		err = err == -ENOTSUP ? 0 : err;
	}
	if (!err)
		err = open_ears(device->ethdev);
	if (!err)
		return 0;
	return complain(error, size, -err, "the driver %s cannot start the device: %s",
			device->driver, rte_strerror(-err));
}

void ethdev_unplug(struct device *device)
{
	struct rte_eth_dev_info info;

	if (!device->plugged)
		return;
	device->plugged = false;
	n_keepers -= ethdev_traits(device->driver)->keeps_frames;
	int err = rte_eth_dev_info_get(device->ethdev, &info);
	if (!err) {
		rte_eth_dev_stop(device->ethdev);
		err = rte_eth_dev_close(device->ethdev);
	}
	if (!err)
		err = rte_dev_remove(info.device);
	if (err)
		log_warn("DPDK did not remove %s cleanly: %s", device->string, rte_strerror(-err));
}
