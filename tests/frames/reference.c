// SPDX-License-Identifier: BSD-3-Clause
#include "tests/frames/reference.h"

#include <string.h>

// What becomes of a frame, as far as is known.
struct fate {
	enum drop_reason drop;
	int lan;
	bool has_lan_tag; // the tag named the LAN
	int out;	  // the one receiver, or -1
};

// ---- Reading frames

static mac_t dst_of(const struct ref_frame *f)
{
	const uint8_t *o = f->octets;

	return MAC(o[0], o[1], o[2], o[3], o[4], o[5]);
}

static mac_t src_of(const struct ref_frame *f)
{
	const uint8_t *o = f->octets + 6;

	return MAC(o[0], o[1], o[2], o[3], o[4], o[5]);
}

static bool is_group(mac_t mac)
{
	return mac & 1;
}

static bool is_tagged(const struct ref_frame *f)
{
	return f->octets[12] == 0x81 && f->octets[13] == 0x00;
}

static int vid_of(const struct ref_frame *f)
{
	return (f->octets[14] << 8 | f->octets[15]) & 0xfff;
}

static bool is_reserved(mac_t mac)
{
	for (uint8_t last = 0; last < 16; last++) {
		if (mac == MAC(0x01, 0x80, 0xc2, 0x00, 0x00, last))
			return true;
	}
	return false;
}

// ---- Coming in

static int untagged_lan(const struct ref_port *p)
{
	for (int lan = 0; lan < REF_LANS; lan++) {
		if (p->vid[lan] == 0)
			return lan;
	}
	return -1;
}

static int tagged_lan(const struct ref_port *p, int vid)
{
	for (int lan = 0; lan < REF_LANS; lan++) {
		if (vid != 0 && p->vid[lan] == vid)
			return lan;
	}
	return -1;
}

static bool is_trunk(const struct ref_port *p)
{
	for (int lan = 0; lan < REF_LANS; lan++) {
		if (p->vid[lan] > 0)
			return true;
	}
	return false;
}

static enum drop_reason find_lan(const struct ref_switch *sw, const struct ref_port *p,
				 const struct ref_frame *f, struct fate *fate)
{
	fate->lan = untagged_lan(p);
	if (!is_tagged(f))
		return fate->lan < 0 ? DROP_VLAN_TAG_MISSING : DROP_NONE;
	int lan = tagged_lan(p, vid_of(f));
	if (lan >= 0) {
		fate->lan = lan;
		fate->has_lan_tag = true;
		return DROP_NONE;
	}
	if (is_trunk(p) && vid_of(f) != 0)
		return DROP_INGRESS_VLAN_FILTER;
	if (fate->lan >= 0 && sw->lans[fate->lan].transparent)
		return DROP_NONE;
	return is_trunk(p) ? DROP_INGRESS_VLAN_FILTER : DROP_VLAN_TAG_MISMATCH;
}

static struct fate admit(const struct ref_switch *sw, const struct ref_port *p,
			 const struct ref_frame *f)
{
	struct fate fate = {.out = -1};

	if (!p->admin_up)
		fate.drop = DROP_PORT_DOWN;
	else if (p->disabled)
		fate.drop = DROP_PORT_DISABLED;
	else if (f->length < 14 || (is_tagged(f) && f->length < 18))
		fate.drop = DROP_PKT_TOO_SMALL;
	else if (p->drop_runts && f->length < 60)
		fate.drop = DROP_RUNT;
	else if (src_of(f) == 0)
		fate.drop = DROP_SRC_MAC_IS_ZERO;
	else if (is_group(src_of(f)))
		fate.drop = DROP_SRC_MAC_IS_MULTICAST;
	else if (src_of(f) == dst_of(f))
		fate.drop = DROP_SRC_MAC_IS_DST;
	else if (is_reserved(dst_of(f)))
		fate.drop = DROP_DMAC_IS_RESERVED;
	else
		fate.drop = find_lan(sw, p, f, &fate);
	if (!fate.drop && f->length > sw->lans[fate.lan].mtu + 14 + (is_tagged(f) ? 4 : 0))
		fate.drop = DROP_PKT_TOO_BIG;
	if (!fate.drop) {
		int type = is_tagged(f) ? 16 : 12;

		fate.drop = ref_judge(&sw->lans[fate.lan], dst_of(f), f->octets + type,
				      f->length - type);
	}
	return fate;
}

// ---- The table

struct ref_entry *ref_find(struct ref_switch *sw, int lan, mac_t mac)
{
	for (uint32_t i = 0; i < sw->n_entries; i++) {
		if (sw->entries[i].lan == lan && sw->entries[i].mac == mac)
			return &sw->entries[i];
	}
	return NULL;
}

void ref_remove(struct ref_switch *sw, struct ref_entry *entry)
{
	*entry = sw->entries[--sw->n_entries];
}

bool ref_add_static(struct ref_switch *sw, int lan, mac_t mac, int port)
{
	struct ref_entry *e = ref_find(sw, lan, mac);

	if (e && e->is_static)
		return e->port == port;
	if (e)
		ref_remove(sw, e);
	sw->entries[sw->n_entries++] =
		(struct ref_entry){.mac = mac, .lan = lan, .port = port, .is_static = true};
	return true;
}

uint32_t ref_count(const struct ref_switch *sw, int lan, int port)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < sw->n_entries; i++) {
		const struct ref_entry *e = &sw->entries[i];

		n += !e->is_static && (lan < 0 || e->lan == lan) && (port < 0 || e->port == port);
	}
	return n;
}

static bool is_reached(uint32_t limit, uint32_t n)
{
	return limit && n >= limit;
}

static void learn_new(struct ref_switch *sw, int lan, int port, mac_t mac)
{
	struct ref_port *p = &sw->ports[port];

	if (is_reached(p->learn_limit, ref_count(sw, -1, port)) ||
	    is_reached(sw->lans[lan].learn_limit, ref_count(sw, lan, -1)) ||
	    is_reached(sw->learn_limit, ref_count(sw, -1, -1))) {
		p->refused++;
		return;
	}
	p->learned++;
	sw->entries[sw->n_entries++] =
		(struct ref_entry){.mac = mac, .lan = lan, .port = port, .seen = sw->now};
}

static void learn_known(struct ref_switch *sw, struct ref_entry *e, int port)
{
	struct ref_port *p = &sw->ports[port];

	if (e->port == port) {
		e->seen = sw->now;
	} else if (is_reached(p->learn_limit, ref_count(sw, -1, port))) {
		p->refused++;
	} else {
		p->moved++;
		e->port = port;
		e->seen = sw->now;
	}
}

static void learn(struct ref_switch *sw, int port, const struct ref_frame *f, struct fate *fate)
{
	struct ref_entry *e = ref_find(sw, fate->lan, src_of(f));

	if (e && e->is_static && e->port != port && sw->lans[fate->lan].drop_hijack)
		fate->drop = DROP_MAC_HIJACK;
	if (!sw->ports[port].learn || (e && e->is_static))
		return;
	if (e)
		learn_known(sw, e, port);
	else
		learn_new(sw, fate->lan, port, src_of(f));
}

static void look_up(struct ref_switch *sw, int port, const struct ref_frame *f, struct fate *fate)
{
	struct ref_entry *e = ref_find(sw, fate->lan, dst_of(f));

	if (is_group(dst_of(f)))
		return;
	if (e && e->port == port)
		fate->drop = DROP_PORT_LOOPBACK_FILTER;
	else if (e)
		fate->out = e->port;
	else if (!sw->lans[fate->lan].flood_unknown)
		fate->drop = DROP_UNKNOWN_UNICAST;
}

// ---- Going out

static bool is_up(const struct ref_port *p)
{
	return p->admin_up && p->link_up && !p->disabled;
}

static bool are_isolated(const struct ref_port *a, const struct ref_port *b)
{
	return a->isolation != 0 && a->isolation == b->isolation;
}

// The frame in the tag by which "p" knows its LAN.
static struct ref_frame dress(const struct ref_frame *f, const struct fate *fate,
			      const struct ref_port *p)
{
	struct ref_frame out = *f;
	int vid = p->vid[fate->lan];
	int tci = is_tagged(f) ? (f->octets[14] << 8 | f->octets[15]) & 0xf000 : 0;

	if (fate->has_lan_tag) {
		out.length = f->length - 4;
		memcpy(out.octets + 12, f->octets + 16, f->length - 16U);
	}
	if (vid > 0) {
		struct ref_frame bare = out;

		tci |= vid;
		out.length = bare.length + 4;
		out.octets[12] = 0x81;
		out.octets[13] = 0x00;
		out.octets[14] = (uint8_t)(tci >> 8);
		out.octets[15] = (uint8_t)tci;
		memcpy(out.octets + 16, bare.octets + 12, bare.length - 12U);
	}
	return out;
}

static void put(struct ref_port *p, const struct ref_frame *f, const struct fate *fate)
{
	struct ref_frame out = dress(f, fate, p);

	if (out.length > p->mtu + 14 + 4)
		p->drops[DROP_EGRESS_MTU]++;
	else
		p->out[p->n_out++] = out;
}

static void send_known(struct ref_switch *sw, int port, const struct ref_frame *f,
		       const struct fate *fate)
{
	struct ref_port *p = &sw->ports[fate->out];

	if (p->vid[fate->lan] == REF_NOT_MEMBER)
		p->drops[DROP_EGRESS_VLAN_FILTER]++;
	else if (are_isolated(p, &sw->ports[port]))
		p->drops[DROP_SPLIT_HORIZON]++;
	else if (!is_up(p))
		p->drops[DROP_EGRESS_PORT_DOWN]++;
	else
		put(p, f, fate);
}

static bool wants(const struct ref_port *p, mac_t dst)
{
	if (dst == MAC_BROADCAST)
		return true;
	return is_group(dst) ? p->flood_multicast : p->flood_unknown;
}

static void send_copies(struct ref_switch *sw, int port, const struct ref_frame *f,
			struct fate *fate)
{
	int n = 0;

	for (int to = 0; to < REF_PORTS; to++) {
		struct ref_port *p = &sw->ports[to];

		if (to == port || p->vid[fate->lan] == REF_NOT_MEMBER || !is_up(p) ||
		    are_isolated(p, &sw->ports[port]) || !wants(p, dst_of(f)))
			continue;
		put(p, f, fate);
		n++;
	}
	if (n == 0)
		sw->ports[port].drops[DROP_PORT_LIST_IS_EMPTY]++;
	else
		sw->ports[port].copies += (uint64_t)n - 1;
}

// ---- A burst

static void learn_all(struct ref_switch *sw, int port, const struct ref_frame *frames,
		      struct fate *fates, int n)
{
	bool done[REF_LANS] = {false};

	for (int i = 0; i < n; i++) {
		int lan = fates[i].lan;

		if (fates[i].drop || done[lan])
			continue;
		done[lan] = true;
		for (int k = i; k < n; k++) {
			if (!fates[k].drop && fates[k].lan == lan)
				learn(sw, port, &frames[k], &fates[k]);
		}
	}
}

// The LANs of frames that are not dropped, one by one: the LAN of the first that is not "done", or
// -1.
static int next_lan(const struct fate *fates, int n, bool *done)
{
	for (int i = 0; i < n; i++) {
		if (fates[i].drop == DROP_NONE && fates[i].out >= 0 && !done[fates[i].lan]) {
			done[fates[i].lan] = true;
			return fates[i].lan;
		}
	}
	return -1;
}

void ref_receive(struct ref_switch *sw, int port, const struct ref_frame *frames, int n)
{
	struct fate fates[REF_BURST];
	bool done[REF_LANS] = {false};

	for (int p = 0; p < REF_PORTS; p++)
		sw->ports[p].n_out = 0;
	for (int i = 0; i < n; i++)
		fates[i] = admit(sw, &sw->ports[port], &frames[i]);
	learn_all(sw, port, frames, fates, n);
	for (int i = 0; i < n; i++) {
		if (!fates[i].drop)
			look_up(sw, port, &frames[i], &fates[i]);
		if (!fates[i].drop && fates[i].out < 0)
			send_copies(sw, port, &frames[i], &fates[i]);
	}
	for (int lan; (lan = next_lan(fates, n, done)) >= 0;) {
		for (int i = 0; i < n; i++) {
			if (!fates[i].drop && fates[i].out >= 0 && fates[i].lan == lan)
				send_known(sw, port, &frames[i], &fates[i]);
		}
	}
	for (int i = 0; i < n; i++)
		sw->ports[port].drops[fates[i].drop] += fates[i].drop != DROP_NONE;
}
