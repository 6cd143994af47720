// SPDX-License-Identifier: BSD-3-Clause
#include "tests/bench/frame.h"

#include <rte_ether.h>
#include <rte_ip.h>
#include <rte_mbuf.h>
#include <rte_udp.h>

_Static_assert(FRAME_STAMP_AT + sizeof(struct frame_stamp) <= RTE_ETHER_MIN_LEN - RTE_ETHER_CRC_LEN,
	       "a time fits into any frame");
_Static_assert(FRAME_STAMP_AT ==
		       RTE_ETHER_HDR_LEN + sizeof(struct rte_ipv4_hdr) + sizeof(struct rte_udp_hdr),
	       "a time stands behind the headers");

static struct rte_ipv4_hdr ip_header(uint16_t length)
{
	struct rte_ipv4_hdr ip = {
		.version_ihl = RTE_IPV4_VHL_DEF,
		.total_length = rte_cpu_to_be_16(length - RTE_ETHER_HDR_LEN),
		.time_to_live = 64,
		.next_proto_id = IPPROTO_UDP,
		.src_addr = rte_cpu_to_be_32(RTE_IPV4(192U, 0, 2, 1)),
		.dst_addr = rte_cpu_to_be_32(RTE_IPV4(198U, 51, 100, 1)),
	};

	ip.hdr_checksum = rte_ipv4_cksum(&ip);
	return ip;
}

static struct frame_size size_of(uint16_t size)
{
	uint16_t length = size - RTE_ETHER_CRC_LEN;
	struct rte_ipv4_hdr ip = ip_header(length);

	return (struct frame_size){
		.length = length,
		.ip_length = ip.total_length,
		.ip_checksum = ip.hdr_checksum,
		.udp_length = rte_cpu_to_be_16(length - RTE_ETHER_HDR_LEN - sizeof(ip)),
	};
}

uint16_t frame_sizes(uint16_t size, struct frame_size *sizes)
{
	static const uint16_t imix[FRAME_SIZES] = {64, 594,  64, 594, 64, 64,
						   64, 1518, 64, 594, 64, 594};

	if (size != SIZE_IMIX) {
		sizes[0] = size_of(size);
		return 1;
	}
	for (int i = 0; i < FRAME_SIZES; i++)
		sizes[i] = size_of(imix[i]);
	return FRAME_SIZES;
}

void frame_write(const struct frame_size *size, uint8_t *octets)
{
	struct rte_ipv4_hdr ip = ip_header(size->length);
	struct rte_udp_hdr udp = {
		.src_port = rte_cpu_to_be_16(49152),
		.dst_port = rte_cpu_to_be_16(9), // discard
		.dgram_len = size->udp_length,
	};

	memset(octets, 0, size->length);
	memcpy(octets + RTE_ETHER_HDR_LEN, &ip, sizeof(ip));
	memcpy(octets + RTE_ETHER_HDR_LEN + sizeof(ip), &udp, sizeof(udp));
}

static void fill_mbuf(struct rte_mempool *pool __rte_unused, void *argument, void *object,
		      unsigned int index __rte_unused)
{
	const struct frame_size *size = argument;
	struct rte_mbuf *mbuf = object;

	rte_pktmbuf_reset(mbuf);
	mbuf->data_len = size->length;
	mbuf->pkt_len = size->length;
	frame_write(size, rte_pktmbuf_mtod(mbuf, uint8_t *));
}

void frame_fill_pool(const struct frame_size *size, struct rte_mempool *pool)
{
	rte_mempool_obj_iter(pool, fill_mbuf, (void *)(uintptr_t)size);
}
