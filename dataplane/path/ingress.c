// SPDX-License-Identifier: BSD-3-Clause
// May this port send this, and in which LAN.
//
// A frame that is wrong in two ways dies by the first of: the port is down, the source address
// cannot be one, the destination is reserved, the tag is not for this port, it is too long.
#include <string.h>

#include <rte_branch_prediction.h>

#include "dataplane/path/pipeline.h"
#include "dataplane/worker.h"

// Whether any source is a group or zero. Less one, no address but zero has the highest bit.
static bool is_any_source_wrong(const struct batch *b)
{
	uint64_t sources = 0, less_one = 0;

	for (unsigned int i = 0; i < b->n; i++) {
		sources |= b->src[i];
		less_one |= b->src[i] - 1;
	}
	return mac_is_group(sources) || less_one >> 63;
}

static void check_sources(struct batch *b)
{
	batch_foreach (i, b->live) {
		if (b->src[i] == 0)
			batch_drop(b, i, DROP_SRC_MAC_IS_ZERO);
		else if (mac_is_group(b->src[i]))
			batch_drop(b, i, DROP_SRC_MAC_IS_MULTICAST);
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

	if (unlikely(!port->admin_up)) {
		batch_drop_all(b, b->live, DROP_PORT_DOWN);
		return;
	}
	if (unlikely(is_any_source_wrong(b)))
		check_sources(b);
	check_groups(b);
	enter(b, w->policy, port);
	check_lengths(b, w->policy);
}
