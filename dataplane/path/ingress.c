// SPDX-License-Identifier: BSD-3-Clause
// May this port send this, and in which LAN.
//
// A frame that is wrong in two ways dies by the first in the order of lib/drops.def. All frames of
// a port that takes none die for that, those that parse found cut too.
#include <string.h>

#include <rte_branch_prediction.h>

#include "dataplane/path/pipeline.h"
#include "dataplane/worker.h"

// Why the port takes no frames, or DROP_NONE.
static enum drop_reason closed_for(const struct worker *w, uint16_t port)
{
	if (unlikely(!w->policy->ports[port].admin_up))
		return DROP_PORT_DOWN;
	if (unlikely(atomic_load_explicit(&w->fabric->disabled[port], memory_order_relaxed)))
		return DROP_PORT_DISABLED;
	return DROP_NONE;
}

static void check_runts(struct batch *b)
{
	uint64_t runts = b->live & ~batch_above16(b->length, FRAME_MIN - 1);

	batch_drop_all(b, runts, DROP_RUNT);
}

// Whether any source may be a group, zero, or the destination. Less one, no address but zero has
// the highest bit.
static bool is_any_source_wrong(const struct batch *b)
{
	__m128i group_bit = _mm_set1_epi64x(1), highest_bit = _mm_set1_epi64x(INT64_MIN);
	__m128i sources = _mm_setzero_si128(), less_one = sources, same = sources;

	for (unsigned int i = 0; i < b->n; i += 2) {
		__m128i src = batch_load(&b->src[i]);

		sources = _mm_or_si128(sources, src);
		less_one = _mm_or_si128(less_one, _mm_sub_epi64(src, group_bit));
		same = _mm_or_si128(same, _mm_cmpeq_epi64(src, batch_load(&b->dst[i])));
	}
	return !_mm_testz_si128(sources, group_bit) || !_mm_testz_si128(less_one, highest_bit) ||
	       !_mm_testz_si128(same, same);
}

static void check_sources(struct batch *b)
{
	batch_foreach (i, b->live) {
		if (b->src[i] == 0)
			batch_drop(b, i, DROP_SRC_MAC_IS_ZERO);
		else if (mac_is_group(b->src[i]))
			batch_drop(b, i, DROP_SRC_MAC_IS_MULTICAST);
		else if (b->src[i] == b->dst[i])
			batch_drop(b, i, DROP_SRC_MAC_IS_DST);
	}
}

static void check_groups(struct batch *b)
{
	batch_foreach (i, b->live & b->group) {
		if (mac_is_reserved(b->dst[i]))
			batch_drop(b, i, DROP_DMAC_IS_RESERVED);
	}
}

// Whether a tag that names no LAN is the members' own business here: an access port of a
// transparent LAN passes it on. On a trunk that holds only for VID 0, which carries a priority and
// names nothing.
static bool passes_tags(const struct policy *policy, const struct policy_port *port, uint16_t vid)
{
	if (port->lan_untagged == LAN_NONE || (port->vid_lan && vid != 0))
		return false;
	return policy->lans[port->lan_untagged].flags & LAN_TRANSPARENT;
}

static void enter_tagged(struct batch *b, const struct policy *policy,
			 const struct policy_port *port, unsigned int i)
{
	uint16_t vid = b->tci[i] & VID_MASK;
	uint8_t lan = port->vid_lan && vid ? port->vid_lan[vid] : LAN_NONE;

	if (likely(lan != LAN_NONE))
		b->lan[i] = lan;
	else if (!passes_tags(policy, port, vid))
		batch_drop(b, i, port->vid_lan ? DROP_INGRESS_VLAN_FILTER : DROP_VLAN_TAG_MISMATCH);
}

// Give each frame its LAN: first all that of untagged frames, then the tagged ones their own.
static void enter(struct batch *b, const struct policy *policy, const struct policy_port *port)
{
	memset(b->lan, port->lan_untagged, sizeof(b->lan));
	if (unlikely(port->lan_untagged == LAN_NONE))
		batch_drop_all(b, b->live & ~b->tagged, DROP_VLAN_TAG_MISSING);
	batch_foreach (i, b->live & b->tagged)
		enter_tagged(b, policy, port, i);
}

static void check_lengths(struct batch *b, const struct policy *policy)
{
	uint64_t left = b->live, frames;
	uint8_t lan;

	while ((frames = batch_take_lan(b, &left, &lan))) {
		uint16_t max = policy->lans[lan].frame_max;
		uint64_t too_long = frames & batch_above16(b->length, max);

		if (unlikely(too_long & b->tagged))
			too_long &= ~b->tagged | batch_above16(b->length, max + TAG_SIZE);
		batch_drop_all(b, too_long, DROP_PKT_TOO_BIG);
	}
}

void ingress(struct worker *w, struct batch *b)
{
	const struct policy_port *port = &w->policy->ports[b->port];

	enum drop_reason closed = closed_for(w, b->port);

	if (unlikely(closed)) {
		batch_drop_all(b, batch_mask(b->n) & ~b->consumed, closed);
		return;
	}
	if (port->drop_runts)
		check_runts(b);
	if (unlikely(is_any_source_wrong(b)))
		check_sources(b);
	check_groups(b);
	enter(b, w->policy, port);
	check_lengths(b, w->policy);
}
