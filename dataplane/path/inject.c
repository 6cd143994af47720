// SPDX-License-Identifier: BSD-3-Clause
// Frames of the fabric's own, out of the manager's ring into the transmit buffers: no member sent
// them, so they pass none of the stages, but they may leave only where and in what dress a member's
// frame might.
#include <string.h>

#include <rte_mbuf.h>

#include "dataplane/path/egress.h"
#include "dataplane/path/pipeline.h"
#include "dataplane/tables/fdb.h"

enum { ROUND_MAX = 32, TYPE_AT = 12 };

static struct rte_mbuf *make(struct worker *w, const struct inject *in, uint16_t length)
{
	struct rte_mbuf *frame = rte_pktmbuf_alloc(w->fabric->pool);

	if (!frame)
		return NULL;
	char *octets = rte_pktmbuf_append(frame, length);
	memset(octets, 0, length);
	memcpy(octets, in->octets, in->length);
	return frame;
}

static uint32_t meta_of(const struct inject *in, uint32_t length)
{
	uint16_t type = (uint16_t)(in->octets[TYPE_AT] << 8 | in->octets[TYPE_AT + 1]);
	uint32_t kind = type == 0x0800 ? PAIR_IPV4 : type == 0x86dd ? PAIR_IPV6 : PAIR_OTHER;
	uint32_t meta = length | (uint32_t)PORT_FABRIC << META_PORT_SHIFT | kind << META_KIND_SHIFT;
	mac_t dst = mac_load(in->octets);

	if (mac_is_group(dst))
		meta |= dst == MAC_BROADCAST ? META_BROADCAST : META_MULTICAST;
	return meta;
}

static enum drop_reason leave(struct worker *w, const struct inject *in)
{
	const struct policy_port *out = &w->policy->ports[in->port];
	uint16_t vid = in->lan == FDB_ANY ? VID_UNTAGGED : out->lans[in->lan].vid;
	uint16_t made = RTE_MAX(in->length, (uint16_t)FRAME_MIN);
	uint32_t length = (uint32_t)(made + growth(VID_UNTAGGED, vid));

	if (vid == VID_NOT_MEMBER)
		return DROP_EGRESS_VLAN_FILTER;
	if (!port_is_up(w, in->port))
		return DROP_EGRESS_PORT_DOWN;
	if (length > out->frame_max)
		return DROP_EGRESS_MTU;
	struct rte_mbuf *frame = make(w, in, made);
	if (!frame)
		return DROP_NO_BUFFER;
	dress(frame, VID_UNTAGGED, vid, 0);
	tx_put(tx_room_of(w, in->port, frame), frame, meta_of(in, length));
	return DROP_NONE;
}

uint32_t inject(struct worker *w)
{
	struct message message;
	uint32_t n = 0;

	for (; n < ROUND_MAX && ring_pop(&w->injects, &message); n++) {
		const struct inject *in = &message.inject;

		// Of a port that has gone meanwhile nothing is counted any more.
		if (!w->policy->ports[in->port].used)
			continue;
		enum drop_reason reason = leave(w, in);
		struct port_counters *counters = &w->counters[w->policy->ports[in->port].owner];

		counters->injected++;
		if (reason != DROP_NONE)
			counters->drops[reason]++;
	}
	return n;
}
