// SPDX-License-Identifier: BSD-3-Clause
// Opens and closes every kind of device in a network namespace of its own, and checks that frames
// pass, that what is wrong is refused in words, and that nothing is left behind.
//
// usage: device_test [BPF_DIRECTORY]. Without root it is skipped (exit 77).
#include <errno.h>
#include <fcntl.h>
#include <linux/if_link.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <poll.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <rte_eal.h>
#include <rte_ethdev.h>
#include <rte_mbuf.h>
#include <rte_mempool.h>

#include "dataplane/ports/device.h"
#include "dataplane/ports/memif_driver.h"
#include "dataplane/ports/memif_wake.h"
#include "dataplane/ports/pool.h"
#include "dataplane/ports/xdp.h"
#include "lib/kernel_link.h"
#include "lib/stats.h"
#include "lib/xdp_program.h"

enum { SKIPPED = 77, TRIES = 3000, TRY_US = 1000, POOL_MIB = 32 };

static struct rte_mempool *pool;
static char error[256];
static int failures;
static const char *row = "";
// Two addresses, a tag, a type for experiments; without the tag for lengths up to 1514.
static const uint8_t tagged[] = {2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 0x81, 0, 0, 100, 0x88, 0xb5};
static const uint8_t plain[] = {2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 0x88, 0xb5, 'i', 'x', 'f', 'a'};

#define expect(condition)                                                                        \
	do {                                                                                     \
		if (!(condition)) {                                                              \
			printf("%s:%d: %s: not true: %s (last error: %s)\n", __FILE__, __LINE__, \
			       row, #condition, error);                                          \
			failures++;                                                              \
		}                                                                                \
	} while (0)

__attribute__((format(printf, 1, 2))) static int run(const char *format, ...)
{
	char command[256];
	va_list args;

	va_start(args, format);
	vsnprintf(command, sizeof(command), format, args);
	va_end(args);
	return system(command);
}

static struct device *open_with(const char *string, uint16_t mtu, uint16_t n_queues)
{
	struct device_wish wish = {.mtu = mtu, .n_queues = n_queues, .n_workers = 2, .pool = pool};

	error[0] = '\0';
	return device_open(string, &wish, error, sizeof(error));
}

static struct device *open_device(const char *string)
{
	struct device *device = open_with(string, 1500, 0);

	if (!device) {
		printf("%s: cannot open %s: %s\n", row, string, error);
		failures++;
	}
	return device;
}

static size_t count_fds(void)
{
	size_t n = 0;

	for (int fd = 0; fd < 1024; fd++)
		n += fcntl(fd, F_GETFD) >= 0;
	return n;
}

static bool has_xdp(const char *name)
{
	LIBBPF_OPTS(bpf_xdp_query_opts, query);
	struct kernel_link link;

	return kernel_link_get(name, &link) == 0 && bpf_xdp_query(link.index, 0, &query) == 0 &&
	       query.attach_mode != XDP_ATTACHED_NONE;
}

// Whether the driver says, or comes to say, that the link is in this state.
static bool link_becomes(const struct device *device, bool up)
{
	for (int try = 0; try < TRIES; try++) {
		if (device_link(device).up == up)
			return true;
		usleep(TRY_US);
	}
	return false;
}

static const uint8_t *header(uint16_t length)
{
	return length == 1518 ? tagged : plain;
}

static void fill(void *octets, uint16_t length)
{
	memset(octets, 0x5a, length);
	memcpy(octets, header(length), sizeof(plain));
}

static bool is_ours(const uint8_t *octets, uint16_t length)
{
	return memcmp(octets, header(length), sizeof(plain)) == 0 &&
	       octets[sizeof(plain)] == 0x5a && octets[length - 1] == 0x5a;
}

static struct rte_mbuf *make_frame(uint16_t length)
{
	struct rte_mbuf *frame = rte_pktmbuf_alloc(pool);

	fill(rte_pktmbuf_append(frame, length), length);
	return frame;
}

static bool send_frame(const struct device *device, uint16_t length)
{
	struct rte_mbuf *frame = make_frame(length);

	if (rte_eth_tx_burst(device->ethdev, 0, &frame, 1) == 1)
		return true;
	rte_pktmbuf_free(frame);
	return false;
}

// Receive until one of our frames of this length comes.
static bool receive_frame(const struct device *device, uint16_t length)
{
	for (int try = 0; try < TRIES; try++) {
		struct rte_mbuf *frames[32];
		uint16_t n = rte_eth_rx_burst(device->ethdev, 0, frames, 32);
		bool found = false;

		for (uint16_t i = 0; i < n; i++)
			found |= frames[i]->pkt_len == length && frames[i]->nb_segs == 1 &&
				 is_ours(rte_pktmbuf_mtod(frames[i], uint8_t *), length);
		rte_pktmbuf_free_bulk(frames, n);
		if (found)
			return true;
		if (!n)
			usleep(TRY_US);
	}
	return false;
}

static int open_socket(const char *name)
{
	struct kernel_link link;
	struct sockaddr_ll address = {.sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL)};
	struct timeval patience = {.tv_sec = 3};
	int yes = 1;
	int fd = socket(AF_PACKET, SOCK_RAW, htons(ETH_P_ALL));

	if (fd < 0 || kernel_link_get(name, &link))
		return -1;
	address.sll_ifindex = link.index;
	setsockopt(fd, SOL_PACKET, PACKET_AUXDATA, &yes, sizeof(yes));
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	return bind(fd, (struct sockaddr *)&address, sizeof(address)) ? -1 : fd;
}

// The kernel hands over the tag beside the frame: put it back.
static ssize_t receive_tagged(int fd, uint8_t *octets, size_t size)
{
	char control[CMSG_SPACE(sizeof(struct tpacket_auxdata))];
	struct iovec vector = {.iov_base = octets, .iov_len = size - TAG_SIZE};
	struct msghdr message = {.msg_iov = &vector,
				 .msg_iovlen = 1,
				 .msg_control = control,
				 .msg_controllen = sizeof(control)};
	ssize_t n = recvmsg(fd, &message, 0);
	struct cmsghdr *found = n > 0 ? CMSG_FIRSTHDR(&message) : NULL;
	struct tpacket_auxdata aux = {0};

	if (found)
		memcpy(&aux, CMSG_DATA(found), sizeof(aux));
	if (!(aux.tp_status & TP_STATUS_VLAN_VALID))
		return n;
	memmove(octets + 16, octets + 12, (size_t)n - 12);
	memcpy(octets + 12, (uint8_t[]){0x81, 0, aux.tp_vlan_tci >> 8, aux.tp_vlan_tci & 0xff}, 4);
	return n + TAG_SIZE;
}

static bool socket_receives(int fd, uint16_t length)
{
	uint8_t octets[2048];
	ssize_t n;

	// A socket tells once that its interface was down meanwhile.
	while ((n = receive_tagged(fd, octets, sizeof(octets))) > 0 || errno == ENETDOWN) {
		if (n == length && is_ours(octets, length))
			return true;
	}
	return false;
}

static bool socket_sends(int fd, uint16_t length)
{
	uint8_t octets[2048];

	fill(octets, length);
	return send(fd, octets, length, 0) == length;
}

static void test_simple(void)
{
	static const char *const strings[] = {
		"devargs:net_null0",
		"devargs:net_ring0",
		"tap:ports-tap0",
		"vhost:/tmp/ixfab-device-test/vhost",
		"memif:/tmp/ixfab-device-test/memif,role=server",
	};

	for (size_t i = 0; i < sizeof(strings) / sizeof(*strings); i++) {
		row = strings[i];
		for (int again = 0; again < 2; again++) {
			struct device *device = open_device(strings[i]);

			if (!device)
				continue;
			expect(device->n_rx >= 1 && device->n_tx >= 1);
			expect(device->mtu == 1500);
			device_close(device);
			expect(rte_eth_dev_count_total() == 0);
		}
	}
	row = "tap";
	struct kernel_link link;
	expect(kernel_link_get("ports-tap0", &link) == -ENODEV);
}

static bool is_readable(int fd)
{
	struct pollfd wait = {.fd = fd, .events = POLLIN};

	return poll(&wait, 1, 0) == 1 && wait.revents == POLLIN;
}

// A peer tells of its frames when it is asked to, and else not.
static void check_memif_wakes(const struct device *device, const struct device *peer)
{
	bool newly = false;
	int fd = memif_wake_arm(device->ethdev, 0, &newly);

	expect(device->is_memif && fd >= 0 && newly);
	newly = false;
	expect(memif_wake_arm(device->ethdev, 0, &newly) == fd && !newly);
	expect(!is_readable(fd));
	expect(send_frame(peer, 60) && is_readable(fd));
	expect(receive_frame(device, 60) && !is_readable(fd));
	memif_wake_disarm(device->ethdev, 0);
	expect(send_frame(peer, 60) && !is_readable(fd));
	expect(receive_frame(device, 60));
}

static struct memif_region *region_of(const struct device *server)
{
	return (struct memif_region *)(uintptr_t)memif_find_region(server->ethdev, 0);
}

// Peers that are careless, or lie: their ring is left alone, and no read of theirs holds us up.
static void check_memif_peers(const struct device *server)
{
	struct memif_queue *queue = rte_eth_fp_ops[server->ethdev].rxq.data[0];
	struct memif_region *region = region_of(server);
	const uint64_t octets = region->octets;
	const uint32_t offset = queue->ring_offset;
	bool newly = false;
	int fd = memif_wake_arm(server->ethdev, 0, &newly);
	uint64_t head;

	memif_wake_disarm(server->ethdev, 0);
	expect(fd >= 0 && fcntl(fd, F_SETFL, 0) == 0);
	expect(memif_wake_arm(server->ethdev, 0, &newly) == fd);
	expect(fcntl(fd, F_GETFL) & O_NONBLOCK);
	memif_wake_disarm(server->ethdev, 0);

	memcpy(&head, region->memory + offset, sizeof(head));
	newly = false;
	region->octets = offset + 4;
	expect(memif_wake_arm(server->ethdev, 0, &newly) < 0 && !newly);
	region->octets = octets;
	queue->ring_offset = UINT32_MAX;
	expect(memif_wake_arm(server->ethdev, 0, &newly) < 0 && !newly);
	queue->ring_offset = offset + 2; // where a ring seems to be as well
	memmove(region->memory + offset + 2, &head, 4);
	expect(memif_wake_arm(server->ethdev, 0, &newly) < 0 && !newly);
	queue->ring_offset = offset;
	memcpy(region->memory + offset, &head, sizeof(head));
	expect(memif_wake_arm(server->ethdev, 0, &newly) == fd && newly);
	memif_wake_disarm(server->ethdev, 0);
}

// The descriptor that a server reads next, or the one after it; or writes next.
static struct memif_descriptor *descriptor(const struct memif_queue *q, bool is_read,
					   uint16_t after)
{
	struct memif_ring *ring = memif_find_ring(q);
	uint16_t slot = (is_read ? q->last_head : ring->tail) + after;

	return &ring->descriptors[slot & ((1 << q->log2_ring_size) - 1)];
}

// A server receives one frame, so long and in so many mbufs, and nothing behind it.
static bool receives_one(const struct device *server, uint32_t length, uint16_t segments)
{
	struct rte_mbuf *frames[4];
	uint16_t n = rte_eth_rx_burst(server->ethdev, 0, frames, 4);
	bool right = n == 1 && frames[0]->pkt_len == length && frames[0]->nb_segs == segments;

	rte_pktmbuf_free_bulk(frames, n);
	return right && rte_eth_rx_burst(server->ethdev, 0, frames, 4) == 0;
}

enum { REGION_NONE = 5 };

// Descriptors that point out of the peer's memory end the frame, and touch nothing.
static void check_memif_lies(const struct device *server, const struct device *client)
{
	const struct memif_queue *q = rte_eth_fp_ops[server->ethdev].rxq.data[0];
	const uint64_t length = UINT64_C(60) << MEMIF_LENGTH_SHIFT;
	const uint64_t lies[][2] = {
		{length | REGION_NONE << MEMIF_REGION_SHIFT, 0},
		{length | UINT64_C(0xffff) << MEMIF_REGION_SHIFT, 0},
		{length, UINT32_MAX},
		{length, region_of(server)->octets - 59},
		{(uint64_t)UINT32_MAX << MEMIF_LENGTH_SHIFT, 0},
	};

	for (size_t i = 0; i < sizeof(lies) / sizeof(*lies); i++) {
		struct memif_descriptor *d = descriptor(q, true, 0);

		expect(send_frame(client, 60));
		uint64_t first = d->first, second = d->second;
		d->first = lies[i][0];
		d->second = lies[i][1];
		expect(receives_one(server, 0, 1));
		d->first = first;
		d->second = second;
	}
	expect(send_frame(client, 60) && receive_frame(server, 60));
}

// Frames in several descriptors; in one mbuf if they have room there.
static void check_memif_chains(const struct device *server, const struct device *client)
{
	const struct memif_queue *q = rte_eth_fp_ops[server->ethdev].rxq.data[0];
	struct memif_descriptor *d = descriptor(q, true, 0);

	expect(send_frame(client, 60) && send_frame(client, 100));
	d->first |= MEMIF_NEXT;
	expect(receives_one(server, 160, 1));
	d->first &= ~(uint64_t)MEMIF_NEXT;

	d = descriptor(q, true, 0);
	expect(send_frame(client, 1514) && send_frame(client, 1000));
	d->first |= MEMIF_NEXT;
	expect(receives_one(server, 2514, 2));
	d->first &= ~(uint64_t)MEMIF_NEXT;

	d = descriptor(q, true, 0); // one that goes on, and does not
	expect(send_frame(client, 60));
	d->first |= MEMIF_NEXT;
	expect(receives_one(server, 0, 1));
	d->first &= ~(uint64_t)MEMIF_NEXT;

	d = descriptor(q, true, 1);
	expect(send_frame(client, 60) && send_frame(client, 60));
	uint64_t first = d->first;
	descriptor(q, true, 0)->first |= MEMIF_NEXT;
	d->first = first | REGION_NONE << MEMIF_REGION_SHIFT;
	expect(receives_one(server, 0, 1));
	d->first = first;
	descriptor(q, true, -2)->first &= ~(uint64_t)MEMIF_NEXT;
	expect(send_frame(client, 60) && receive_frame(server, 60));
}

// What a peer gives us to write to.
static void check_memif_rooms(const struct device *server, const struct device *client)
{
	const struct memif_queue *q = rte_eth_fp_ops[server->ethdev].txq.data[0];
	struct memif_descriptor *d = descriptor(q, false, 0), *next = descriptor(q, false, 1);
	const uint64_t first = d->first, second = d->second;

	d->second = UINT32_MAX;
	expect(!send_frame(server, 60));
	d->second = second;
	d->first = first | REGION_NONE << MEMIF_REGION_SHIFT;
	expect(!send_frame(server, 60));
	d->first = next->first = UINT64_C(40) << MEMIF_LENGTH_SHIFT;
	expect(send_frame(server, 60) && receive_frame(client, 60));
	expect(send_frame(server, 1514) && receive_frame(client, 1514));
}

static void test_memif_pair(void)
{
	bool newly = false;

	row = "memif pair";
	struct device *server = open_device("memif:/tmp/ixfab-device-test/m,role=server,id=3");
	struct device *client = open_device("memif:/tmp/ixfab-device-test/m,role=client,id=3");

	if (server && client) {
		expect(link_becomes(server, true) && link_becomes(client, true));
		expect(send_frame(client, 60) && receive_frame(server, 60));
		expect(!rte_eth_rx_burst(client->ethdev, 0, NULL,
					 0)); // gives buffers to the server
		expect(send_frame(server, 1514) && receive_frame(client, 1514));
		check_memif_wakes(server, client);
		check_memif_wakes(client, server);
		check_memif_peers(server);
		check_memif_lies(server, client);
		check_memif_chains(server, client);
		check_memif_rooms(server, client);
		device_close(client);
		client = NULL;
		expect(link_becomes(server, false));
		expect(memif_wake_arm(server->ethdev, 0, &newly) < 0 && !newly);
	}
	if (client)
		device_close(client);
	if (server)
		device_close(server);
}

// One frame out and one in, short and long, between the device and the other end of its veth.
static void exchange(const struct device *device, int fd)
{
	static const uint16_t lengths[] = {60, 1514, 1518};

	expect(link_becomes(device, true));
	for (size_t i = 0; i < sizeof(lengths) / sizeof(*lengths); i++) {
		expect(send_frame(device, lengths[i]));
		expect(socket_receives(fd, lengths[i]));
		expect(socket_sends(fd, lengths[i]));
		expect(receive_frame(device, lengths[i]));
	}
}

static void test_iface(const char *string, const char *driver, int fd)
{
	struct kernel_link before, after;

	row = string;
	kernel_link_get("p0", &before);
	for (int again = 0; again < 4; again++) {
		struct device *device = open_device(string);

		if (!device)
			return;
		expect(strcmp(device->driver, driver) == 0);
		expect(!device->is_fallback);
		exchange(device, fd);
		device_close(device);
		expect(!has_xdp("p0"));
		expect(rte_eth_dev_count_total() == 0);
	}
	kernel_link_get("p0", &after);
	expect(before.flags == after.flags && before.mtu == after.mtu);
}

// The flooding of one frame to two AF_XDP devices: it is sent by reference, and freed once.
static void test_shared_frame(int fd0, int fd1)
{
	row = "one frame, two devices";
	struct device *a = open_device("iface:p0");
	struct device *b = open_device("iface:q0");

	if (a && b) {
		uint32_t in_use = pool_in_use(pool);
		struct rte_mbuf *frame = make_frame(100);

		rte_mbuf_refcnt_set(frame, 2);
		expect(rte_eth_tx_burst(a->ethdev, 0, &frame, 1) == 1);
		expect(rte_eth_tx_burst(b->ethdev, 0, &frame, 1) == 1);
		expect(socket_receives(fd0, 100) && socket_receives(fd1, 100));
		expect(pool_in_use(pool) == in_use);
	}
	if (a)
		device_close(a);
	if (b)
		device_close(b);
}

// A frame that came by AF_XDP waits in another device's ring while the port is closed: its pool
// stays until the ring is gone.
static void test_kept_frame(int fd)
{
	row = "a frame outlives its port";
	struct device *ring = open_device("devargs:net_ring1");
	struct device *device = open_device("iface:p0");
	struct rte_mbuf *frame = NULL;

	if (ring && device) {
		expect(link_becomes(device, true) && socket_sends(fd, 100));
		for (int try = 0; try < TRIES && !frame; try++) {
			if (!rte_eth_rx_burst(device->ethdev, 0, &frame, 1))
				usleep(TRY_US);
		}
		expect(frame && rte_eth_tx_burst(ring->ethdev, 0, &frame, 1) == 1);
	}
	if (device)
		device_close(device);
	if (ring && frame) {
		struct rte_mbuf *back = NULL;

		expect(rte_eth_rx_burst(ring->ethdev, 0, &back, 1) == 1 && back == frame);
		expect(is_ours(rte_pktmbuf_mtod(back, uint8_t *), 100));
		rte_pktmbuf_free(back);
	}
	if (ring)
		device_close(ring);
}

static void test_link(void)
{
	static const char *const strings[] = {"iface:p0", "iface:p0,mode=packet"};

	for (size_t i = 0; i < 2; i++) {
		row = strings[i];
		struct device *device = open_device(strings[i]);

		if (!device)
			continue;
		expect(link_becomes(device, true));
		run("ip link set p1 down");
		expect(link_becomes(device, false));
		run("ip link set p1 up");
		expect(link_becomes(device, true));
		expect(!device_link(device).gone);
		device_close(device);
	}
}

static void test_removed_interface(void)
{
	static const char *const strings[] = {"iface:r0", "iface:r0,mode=packet"};
	struct kernel_link link;

	for (size_t i = 0; i < 2; i++) {
		row = strings[i];
		run("ip link add r0 type veth peer name r1 && ip link set r1 up");
		struct device *device = open_device(strings[i]);
		run("ip link del r0");
		if (!device)
			continue;
		expect(!device_link(device).up && device_link(device).gone);
		// Another one of its name is none of the device's.
		run("ip link add r0 type veth peer name r1 && ip link set r0 up");
		device_close(device);
		expect(kernel_link_get("r0", &link) == 0 && (link.flags & IFF_UP));
		run("ip link del r0");
		expect(rte_eth_dev_count_total() == 0);
	}
}

static int attach(const char *name, const char *program_name)
{
	static const struct bpf_insn pass[] = {
		{.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = 0, .imm = XDP_PASS},
		{.code = BPF_JMP | BPF_EXIT},
	};
	struct kernel_link link;
	int fd = bpf_prog_load(BPF_PROG_TYPE_XDP, program_name, "GPL", pass, 2, NULL);

	if (fd < 0 || kernel_link_get(name, &link))
		return -1;
	int err = bpf_xdp_attach(link.index, fd, 0, NULL);
	close(fd);
	return err;
}

// A program of an earlier version has another name.
static void test_earlier_program(int fd)
{
	row = "our XDP program, left by a killed dataplane of an earlier version";
	expect(attach("p0", XDP_PROGRAM_EARLIER) == 0);
	struct device *device = open_device("iface:p0");
	if (device) {
		exchange(device, fd);
		expect(device->guard_mode == GUARD_NATIVE && device_guard(device));
		device_close(device);
	}
	expect(!has_xdp("p0"));
}

static void test_programs(int fd)
{
	row = "a foreign XDP program";
	expect(attach("p0", "somebody") == 0);
	expect(!open_with("iface:p0", 1500, 0) && errno == EBUSY);
	expect(strstr(error, "somebody") && strstr(error, "ip link set dev p0 xdp off"));
	expect(has_xdp("p0"));
	run("ip link set dev p0 xdp off");

	row = "our XDP program, left by a killed dataplane";
	expect(attach("p0", XDP_PROGRAM) == 0);
	struct device *device = open_device("iface:p0");
	if (device) {
		exchange(device, fd);
		row = "the same interface twice";
		expect(!open_with("iface:p0", 1500, 0) && errno == EBUSY);
		row = "the first is not disturbed";
		exchange(device, fd);
		device_close(device);
	}
	expect(!has_xdp("p0"));
	test_earlier_program(fd);
}

struct refusal {
	const char *string;
	uint16_t mtu;
	uint16_t n_queues;
	int err;
	const char *words;
};

static void test_refusals(void)
{
	static const struct refusal refusals[] = {
		{"iface:nosuch", 1500, 0, ENODEV, "no interface nosuch"},
		{"iface:lo", 1500, 0, EINVAL, "no Ethernet interface"},
		{"iface:p0", 9000, 0, EINVAL, "at most 2030"},
		{"iface:br-port", 1500, 0, EBUSY, "belongs to br0"},
		{"iface:addressed", 1500, 0, EBUSY, "192.0.2.1"},
		{"iface:p0,queue_count=2", 1500, 0, EINVAL, "leave it out"},
		{"tap:p0", 1500, 0, EEXIST, "already"},
		{"pci:0000:ff:1f.7", 1500, 0, ENODEV, "no PCI device"},
		{"memif:/nonexistent/m", 1500, 0, ENOENT, "/nonexistent"},
		{"memif:/tmp/ixfab-device-test/none,role=client", 1500, 0, ENOENT, "nobody serves"},
		{"memif:/tmp/ixfab-device-test/m,zero-copy=yes", 1500, 0, EINVAL, "zero-copy"},
		{"vhost:/nonexistent/v", 1500, 0, ENOENT, "/nonexistent"},
		{"devargs:net_nosuch0", 1500, 0, 0, "net_nosuch0"},
		{"devargs:net_ring0", 1500, 17, EINVAL, "at most"},
		{"bogus", 1500, 0, EINVAL, ""},
	};

	run("ip link add br0 type bridge && ip link add br-port type veth peer name br-peer && "
	    "ip link set br-port master br0 && ip link add addressed type veth peer name addr-peer "
	    "&& ip addr add 192.0.2.1/24 dev addressed");
	for (size_t i = 0; i < sizeof(refusals) / sizeof(*refusals); i++) {
		const struct refusal *r = &refusals[i];

		row = r->string;
		expect(!open_with(r->string, r->mtu, r->n_queues));
		expect(!r->err || errno == r->err);
		expect(error[0] && strstr(error, r->words));
		expect(rte_eth_dev_count_total() == 0);
	}
	run("ip link del br-port; ip link del br0; ip link del addressed");
}

static void test_mtu(int fd)
{
	row = "MTU";
	struct device *device = open_with("iface:p0", 1600, 0);
	struct kernel_link link;

	expect(device);
	if (!device)
		return;
	expect(kernel_link_get("p0", &link) == 0 && link.mtu == 1600);
	expect(device_set_mtu(device, 1500, error, sizeof(error)) == 0 && device->mtu == 1500);
	expect(kernel_link_get("p0", &link) == 0 && link.mtu == 1500);
	expect(device_set_mtu(device, 1600, error, sizeof(error)) == 0 && device->mtu == 1600);
	expect(device_set_mtu(device, 2000, error, sizeof(error)) == -ENOTSUP);
	expect(device_set_mtu(device, 9000, error, sizeof(error)) == -EINVAL);
	expect(device->mtu == 1600);
	run("ip link set p1 mtu 1600");
	expect(send_frame(device, 1614) && socket_receives(fd, 1614));
	expect(socket_sends(fd, 1614) && receive_frame(device, 1614));
	device_close(device);
	run("ip link set p1 mtu 1500");
}

static bool in_own_namespace(void)
{
	return unshare(CLONE_NEWNET | CLONE_NEWNS) == 0 &&
	       mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
	       mount("sysfs", "/sys", "sysfs", 0, NULL) == 0 &&
	       (mkdir("/tmp/ixfab-device-test", 0700) == 0 || errno == EEXIST) &&
	       mount("tmpfs", "/tmp/ixfab-device-test", "tmpfs", 0, NULL) == 0 &&
	       run("ip link set lo up && ip link add p0 type veth peer name p1 && "
		   "ip link add q0 type veth peer name q1 && ip link set p1 up && "
		   "ip link set q1 up && sysctl -qw net.ipv6.conf.p1.disable_ipv6=1 "
		   "net.ipv6.conf.q1.disable_ipv6=1") == 0;
}

static void run_tests(void)
{
	int fd0 = open_socket("p1"), fd1 = open_socket("q1");

	test_simple();
	test_memif_pair();
	test_iface("iface:p0,mode=packet", "net_af_packet", fd0);
	test_iface("iface:p0,mode=xdp", "net_af_xdp", fd0);
	size_t fds = count_fds();
	uint32_t in_use = pool_in_use(pool);
	test_iface("iface:p0", "net_af_xdp", fd0);
	test_shared_frame(fd0, fd1);
	test_kept_frame(fd0);
	test_link();
	test_removed_interface();
	test_programs(fd0);
	test_refusals();
	test_mtu(fd0);
	row = "at the end";
	expect(rte_eth_dev_count_total() == 0);
	expect(count_fds() == fds);
	expect(pool_in_use(pool) == in_use);
	close(fd0);
	close(fd1);
}

int main(int argc, char **argv)
{
	const char *args[] = {argv[0],	     "--no-huge",
			      "-m",	     "256",
			      "--no-shconf", "--no-telemetry",
			      "--no-pci",    "-l",
			      "0",	     "--log-level=lib.eal:error"};

	if (argc > 1)
		setenv("IXFAB_BPF_DIR", argv[1], 1);
	setvbuf(stdout, NULL, _IOLBF, 0);
	if (geteuid() != 0) {
		puts("it needs root");
		return SKIPPED;
	}
	if (!in_own_namespace()) {
		puts("a network namespace of its own cannot be made");
		return EXIT_FAILURE;
	}
	if (rte_eal_init(sizeof(args) / sizeof(*args), (char **)(uintptr_t)args) < 0)
		return EXIT_FAILURE;
	pool = pool_create(POOL_MIB);
	if (!pool)
		return EXIT_FAILURE;
	run_tests();
	rte_eal_cleanup();
	printf("%d failures\n", failures);
	return failures ? EXIT_FAILURE : EXIT_SUCCESS;
}
