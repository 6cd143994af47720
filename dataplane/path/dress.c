// SPDX-License-Identifier: BSD-3-Clause
// The tag of a frame on its way out.
#include <string.h>

#include <rte_mbuf.h>

#include "dataplane/path/egress.h"

enum { ADDRESSES_SIZE = 12 };

static void put_tag(uint8_t *octets, uint16_t tci)
{
	const uint8_t tag[TAG_SIZE] = {0x81, 0x00, (uint8_t)(tci >> 8), (uint8_t)tci};

	memcpy(octets + ADDRESSES_SIZE, tag, sizeof(tag));
}

void dress(struct rte_mbuf *frame, uint16_t own, uint16_t vid, uint16_t tci)
{
	uint8_t *octets = rte_pktmbuf_mtod(frame, uint8_t *);

	if (vid && !own) {
		octets = (uint8_t *)rte_pktmbuf_prepend(frame, TAG_SIZE);
		memmove(octets, octets + TAG_SIZE, ADDRESSES_SIZE);
	} else if (!vid && own) {
		memmove(octets + TAG_SIZE, octets, ADDRESSES_SIZE);
		rte_pktmbuf_adj(frame, TAG_SIZE);
	}
	if (vid)
		put_tag(octets, (tci & ~VID_MASK) | vid);
}

struct rte_mbuf *dress_copy(const struct worker *w, const struct rte_mbuf *frame, uint16_t own,
			    uint16_t vid, uint16_t tci)
{
	struct rte_mbuf *copy = rte_pktmbuf_copy(frame, w->fabric->pool, 0, UINT32_MAX);

	if (copy)
		dress(copy, own, vid, tci);
	return copy;
}
