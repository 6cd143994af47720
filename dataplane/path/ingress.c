// SPDX-License-Identifier: BSD-3-Clause
// May this port send this, and in which LAN.
//
// A frame that is wrong in two ways dies by the first of: the port is down, the source address
// cannot be one, the destination is reserved, the tag is not for this port, it is too long.
#include <rte_branch_prediction.h>

#include "dataplane/path/pipeline.h"
#include "dataplane/worker.h"

static inline bool source_is_wrong(mac_t src)
{
	return mac_is_group(src) || src == 0;
}

static void drop_address(struct batch *b, unsigned int i)
{
	if (b->src[i] == 0)
		batch_drop(b, i, DROP_SRC_MAC_IS_ZERO);
	else if (mac_is_group(b->src[i]))
		batch_drop(b, i, DROP_SRC_MAC_IS_MULTICAST);
	else
		batch_drop(b, i, DROP_DMAC_IS_RESERVED);
}

static void check_addresses(struct batch *b)
{
	batch_foreach (i, b->live) {
		if (unlikely(source_is_wrong(b->src[i]) || mac_is_reserved(b->dst[i])))
			drop_address(b, i);
	}
}

static void enter_untagged(struct batch *b, const struct policy_port *port, uint64_t frames)
{
	if (unlikely(port->lan_untagged == LAN_NONE)) {
		batch_drop_all(b, frames, DROP_VLAN_TAG_MISSING);
		return;
	}
	batch_foreach (i, frames) {
		b->lan[i] = port->lan_untagged;
		b->vid[i] = VID_UNTAGGED;
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

	if (likely(lan != LAN_NONE)) {
		b->lan[i] = lan;
		b->vid[i] = vid;
	} else if (passes_tags(policy, port, vid)) {
		b->lan[i] = port->lan_untagged;
		b->vid[i] = VID_UNTAGGED;
	} else {
		batch_drop(b, i, port->vid_lan ? DROP_INGRESS_VLAN_FILTER : DROP_VLAN_TAG_MISMATCH);
	}
}

static void check_length(struct batch *b, const struct policy *policy)
{
	batch_foreach (i, b->live) {
		unsigned int tag = (b->tagged >> i & 1) * TAG_SIZE;

		if (unlikely(b->length[i] > policy->lans[b->lan[i]].frame_max + tag))
			batch_drop(b, i, DROP_PKT_TOO_BIG);
	}
}

void ingress(struct worker *w, struct batch *b)
{
	const struct policy_port *port = &w->policy->ports[b->port];

	if (unlikely(!port->admin_up)) {
		batch_drop_all(b, b->live, DROP_PORT_DOWN);
		return;
	}
	check_addresses(b);
	enter_untagged(b, port, b->live & ~b->tagged);
	batch_foreach (i, b->live & b->tagged)
		enter_tagged(b, w->policy, port, i);
	check_length(b, w->policy);
}
