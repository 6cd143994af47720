// SPDX-License-Identifier: BSD-3-Clause
// By which link does a frame leave a LAG (IEEE 802.1AX-2014 section 6.2.4: frame distribution).
//
// All frames of a flow leave by one link, so that they stay in order: a flow is what has the same
// addresses of IP and the same ports of TCP or UDP; between routers that is finer than their MAC
// addresses, of which there are two. Fragments have no ports but the first, so they count without;
// what is no IP has its MAC addresses.
#include <string.h>

#include <rte_mbuf.h>
#include <smmintrin.h>

#include "dataplane/path/admit.h"
#include "dataplane/path/egress.h"

enum { TCP = 6, UDP = 17, IPV4_HEADER = 20, IPV6_HEADER = 40, PORTS = 4 };

static uint64_t load64(const uint8_t *octets)
{
	uint64_t word;

	memcpy(&word, octets, sizeof(word));
	return word;
}

static uint32_t load32(const uint8_t *octets)
{
	uint32_t word;

	memcpy(&word, octets, sizeof(word));
	return word;
}

static bool has_ports(uint8_t protocol)
{
	return protocol == TCP || protocol == UDP;
}

static uint64_t hash_ipv4(const uint8_t *at, const uint8_t *end)
{
	uint32_t header = (at[0] & 15U) * 4;
	uint64_t hash = _mm_crc32_u64(0, load64(at + 12));
	bool is_fragment = (admit_be16(at + 6) & 0x3fff) != 0;

	if (has_ports(at[9]) && !is_fragment && at + header + PORTS <= end)
		hash = _mm_crc32_u32((uint32_t)hash, load32(at + header));
	return hash;
}

static uint64_t hash_ipv6(const uint8_t *at, const uint8_t *end)
{
	uint64_t hash = 0;

	for (unsigned int i = 8; i < IPV6_HEADER; i += sizeof(uint64_t))
		hash = _mm_crc32_u64(hash, load64(at + i));
	if (has_ports(at[6]) && at + IPV6_HEADER + PORTS <= end)
		hash = _mm_crc32_u32((uint32_t)hash, load32(at + IPV6_HEADER));
	return hash;
}

static uint64_t hash_macs(const uint8_t *octets)
{
	return _mm_crc32_u32((uint32_t)_mm_crc32_u64(0, load64(octets)), load32(octets + 8));
}

static uint64_t hash_frame(const struct rte_mbuf *frame)
{
	const uint8_t *octets = rte_pktmbuf_mtod(frame, const uint8_t *);
	const uint8_t *end = octets + frame->data_len, *at = octets + FRAME_OVERHEAD;
	uint16_t type = admit_be16(at - 2);

	if (type == ADMIT_TYPE_VLAN && at + TAG_SIZE <= end) {
		at += TAG_SIZE;
		type = admit_be16(at - 2);
	}
	if (type == ADMIT_TYPE_IPV4 && at + IPV4_HEADER <= end)
		return hash_ipv4(at, end);
	if (type == ADMIT_TYPE_IPV6 && at + IPV6_HEADER <= end)
		return hash_ipv6(at, end);
	return hash_macs(octets);
}

uint16_t distribute(const struct worker *w, uint16_t lag, const struct rte_mbuf *frame)
{
	const struct spread *spread = &w->fabric->spreads[lag];
	uint64_t place = hash_frame(frame) % SPREAD;

	return atomic_load_explicit(&spread->links[place], memory_order_relaxed);
}
