// SPDX-License-Identifier: BSD-3-Clause
#include "control/events/record.h"

#include <string.h>

#include "control/events/dissect.h"

enum { ARP_REPLY = 2, NEIGHBOUR_ADVERTISEMENT = 136 };

void record_clear(struct record *record, double now)
{
	*record = (struct record){.since = now};
}

static void add_finding(struct record *record, enum finding finding,
			const struct event_frame *frame, double now)
{
	struct record_finding *found = &record->findings[finding];

	found->last = now;
	if (found->frames++)
		return;
	found->first = now;
	found->length = frame->length;
	found->n_octets = frame->n_octets < EVENT_OCTETS ? frame->n_octets : EVENT_OCTETS;
	memcpy(found->octets, frame->octets, found->n_octets);
}

static void add_mac(struct record *record, mac_t mac, double now)
{
	size_t i = 0;

	while (i < record->n_macs && record->macs[i].mac != mac)
		i++;
	if (i == RECORD_MACS) {
		record->more_macs = true;
		return;
	}
	if (i == record->n_macs)
		record->macs[record->n_macs++] = (struct record_mac){.mac = mac, .first = now};
	record->macs[i].frames++;
	record->macs[i].last = now;
}

static void add_type(struct record *record, uint16_t type)
{
	size_t i = 0;

	if (type < DISSECT_TYPE_MIN)
		type = 0;
	while (i < record->n_types && record->types[i].type != type)
		i++;
	if (i == RECORD_TYPES) {
		record->more_types = true;
		return;
	}
	if (i == record->n_types)
		record->types[record->n_types++].type = type;
	record->types[i].frames++;
}

static bool is_registered(const struct record_rules *rules, mac_t mac)
{
	for (size_t i = 0; i < rules->n_macs; i++) {
		if (rules->macs[i] == mac)
			return true;
	}
	return false;
}

// The number of the member's address; n_ips if it is not one.
static size_t find_ip(const struct record_rules *rules, const struct ip *ip)
{
	size_t i = 0;

	while (i < rules->n_ips && !ip_equal(&rules->ips[i], ip))
		i++;
	return i;
}

static bool has_family(const struct record_rules *rules, uint8_t family)
{
	for (size_t i = 0; i < rules->n_ips; i++) {
		if (rules->ips[i].family == family)
			return true;
	}
	return false;
}

static bool is_link_local(const struct ip *ip)
{
	return ip->family == 6 && ip->octets[0] == 0xfe && (ip->octets[1] & 0xc0) == 0x80;
}

static bool is_unspecified(const struct ip *ip)
{
	static const struct ip nobody;

	return memcmp(ip->octets, nobody.octets, ip->family == 4 ? 4 : 16) == 0;
}

static bool is_in_lan(const struct record_rules *rules, const struct ip *ip)
{
	bool any = false;

	for (size_t i = 0; i < rules->n_prefixes; i++) {
		if (rules->prefixes[i].ip.family != ip->family)
			continue;
		if (ip_prefix_contains(&rules->prefixes[i], ip))
			return true;
		any = true;
	}
	return !any;
}

// Whether the member may send from the address, or say that it has it.
static bool may_have(const struct record_rules *rules, const struct ip *ip)
{
	if (is_unspecified(ip) || is_link_local(ip) || find_ip(rules, ip) < rules->n_ips)
		return true;
	return !has_family(rules, ip->family) && is_in_lan(rules, ip);
}

static void take_answer(struct record *record, const struct record_rules *rules,
			const struct ip *ip, const struct event_frame *frame, double now)
{
	size_t i = find_ip(rules, ip);

	if (i < rules->n_ips && i < RECORD_IPS)
		record->answered[i] = true;
	else if (!may_have(rules, ip))
		add_finding(record, FINDING_PROXY_ARP, frame, now);
}

static void take_net(struct record *record, const struct record_rules *rules,
		     const struct dissection *d, const struct event_frame *frame, double now)
{
	static const enum finding wrong[] = {
		[NET_ARP] = FINDING_WRONG_ARP_SENDER,
		[NET_IPV4] = FINDING_WRONG_IPV4_SOURCE,
		[NET_IPV6] = FINDING_WRONG_IPV6_SOURCE,
	};

	if (d->net == NET_NONE)
		return;
	if (d->net == NET_ARP && d->operation == ARP_REPLY)
		take_answer(record, rules, &d->source, frame, now);
	else if (!may_have(rules, &d->source))
		add_finding(record, wrong[d->net], frame, now);
	if (d->net == NET_IPV6 && d->has_subject && d->icmp_type == NEIGHBOUR_ADVERTISEMENT)
		take_answer(record, rules, &d->subject, frame, now);
}

static bool is_tagged_wrongly(const struct record_rules *rules, const struct dissection *d)
{
	for (size_t i = 0; d->n_tags == 1 && i < rules->n_vids; i++) {
		if (rules->vids[i] == (d->tags[0] & 0xfff))
			return false;
	}
	return d->n_tags > 0;
}

static void take_addresses(struct record *record, const struct record_rules *rules,
			   const struct dissection *d, const struct event_frame *frame, double now)
{
	add_mac(record, d->src, now);
	if (!is_registered(rules, d->src))
		add_finding(record, FINDING_MAC_NOT_REGISTERED, frame, now);
	if (record->n_macs > 1 && d->src != record->macs[0].mac)
		add_finding(record, FINDING_SEVERAL_MACS, frame, now);
	if (is_tagged_wrongly(rules, d))
		add_finding(record, FINDING_TAGGED, frame, now);
}

void record_take(struct record *record, const struct record_rules *rules,
		 const struct event_frame *frame, double now)
{
	struct dissection d;

	record->frames++;
	record->missed += frame->missed;
	record->last = now;
	dissect(frame->octets, frame->n_octets < EVENT_OCTETS ? frame->n_octets : EVENT_OCTETS, &d);
	if (!d.has_addresses)
		return;
	enum finding finding = finding_of(&d);
	if (finding)
		add_finding(record, finding, frame, now);
	add_type(record, d.type);
	take_addresses(record, rules, &d, frame, now);
	take_net(record, rules, &d, frame, now);
}

enum verdict record_verdict(const struct record *record, const struct record_rules *rules)
{
	if (!record->frames)
		return VERDICT_NOTHING_SEEN;
	for (size_t i = 0; i < FINDINGS; i++) {
		if (record->findings[i].frames && finding_infos[i].is_fault)
			return VERDICT_FAIL;
	}
	for (size_t i = 0; i < rules->n_ips && i < RECORD_IPS; i++) {
		if (!record->answered[i])
			return VERDICT_FAIL;
	}
	return VERDICT_PASS;
}
