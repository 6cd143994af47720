// SPDX-License-Identifier: BSD-3-Clause
// What a frame carries, for stages that look behind its ethertype.
#pragma once

#include <stdint.h>
#include <string.h>

#include <rte_mbuf.h>

#include "dataplane/path/batch.h"
#include "lib/limits.h"

// Octets from "at" up to "end", which is the end of the first segment: frames longer than that have
// died before, because no LAN is for them.
struct octets {
	const uint8_t *at;
	const uint8_t *end;
};

static inline struct octets octets_behind(const struct batch *b, unsigned int i,
					  unsigned int header)
{
	const struct rte_mbuf *frame = b->frames[i];
	const uint8_t *start = rte_pktmbuf_mtod(frame, const uint8_t *);

	return (struct octets){start + header, start + frame->data_len};
}

// Addresses, type, and the tag if there is one.
static inline unsigned int header_length(const struct batch *b, unsigned int i)
{
	return FRAME_OVERHEAD + (b->tagged >> i & 1) * TAG_SIZE;
}

static inline uint16_t load_be16(const uint8_t *at)
{
	uint16_t word;

	memcpy(&word, at, sizeof(word));
	return __builtin_bswap16(word);
}
