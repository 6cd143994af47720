// SPDX-License-Identifier: BSD-3-Clause
#include <string.h>

#include "control/control.h"
#include "control/fabric/dump.h"
#include "control/fabric/fabric.h"
#include "control/fabric/plan.h"
#include "control/rpc/code.h"
#include "control/sponge/sponge_lan.h"
#include "lib/log.h"

enum { FAILURES_MAX = 3 };

// What the dataplane is to know of an address. "binding" is NULL if nothing was learned.
static void fill(const struct sponge_lan *lan, const struct ip *ip, const struct binding *binding,
		 struct host_set *set)
{
	const struct assignment *address = assignments_find(&lan->assignments, ip);
	bool assigned = address && address->owner;
	uint8_t marks = ip_map_get(&lan->marks, ip);

	*set = (struct host_set){.lan = lan->number, .family = ip->family, .port = FDB_ANY};
	memcpy(set->address, ip->octets, ip->family == 4 ? 4 : 16);
	if (assigned) {
		set->port = address->port;
		set->mac = address->mac;
	} else if (binding) {
		set->port = binding->port;
		set->mac = binding->mac;
	}
	// Whose owner is not in the LAN, for that nobody shows a sign of life.
	if (marks & (MARK_WATCHED | MARK_REFRESH) && !(assigned && set->port == PLAN_NO_SLOT))
		set->flags = HOST_WATCHED;
	if (marks & MARK_SPONGED)
		set->verdict = HOST_SPONGED;
	else if (!assigned && binding && binding->duplicate)
		set->verdict = HOST_FROZEN;
	else if (set->flags || marks & MARK_OWED || (!assigned && binding))
		set->verdict = HOST_LIVE;
}

static void send(const struct sponge_lan *lan, const struct ip *ip, const struct binding *binding)
{
	struct message command;

	message_init(&command, COMMAND_HOST_SET, 0);
	fill(lan, ip, binding, &command.host);
	fabric_post(lan->sponges->control->fabric, &command); // without a dataplane: all, later
}

// What it knows is to be seen before it is changed: it may answer for an address that we hold for
// alive. Then it is told all.
static void tell(const struct sponge_lan *lan, const struct ip *ip, const struct binding *binding)
{
	if (!lan->wants_dump)
		send(lan, ip, binding);
}

void verdict_fill(const struct sponge_lan *lan, const struct ip *ip, struct host_set *set)
{
	fill(lan, ip, lan->bindings ? bindings_find(lan->bindings, ip) : NULL, set);
}

void verdict_tell(struct sponge_lan *lan, const struct ip *ip)
{
	tell(lan, ip, lan->bindings ? bindings_find(lan->bindings, ip) : NULL);
}

void verdict_tell_all(struct sponge_lan *lan)
{
	if (lan->machine)
		machine_tell_all(lan->machine);
	if (lan->bindings)
		bindings_tell_all(lan->bindings);
}

// ---- What the machine says

static void on_verdict(void *argument, const struct ip *ip, bool sponged, bool watched,
		       bool revived)
{
	struct sponge_lan *lan = argument;
	uint8_t old = ip_map_get(&lan->marks, ip);
	uint8_t marks = (uint8_t)(old & ~(MARK_SPONGED | MARK_WATCHED));

	marks |= (uint8_t)((sponged ? MARK_SPONGED : 0) | (watched ? MARK_WATCHED : 0));
	if (sponged)
		marks &= (uint8_t)~MARK_OWED;
	else if (old & MARK_SPONGED)
		marks |= MARK_OWED;
	ip_map_set(&lan->marks, ip, marks);
	verdict_tell(lan, ip);
	if (revived && !sponged)
		told_revive(lan, ip);
}

static void put_out(struct sponge_lan *lan, struct out_frame *frame)
{
	frame->lan = lan->number;
	if (out_put(lan->sponges->out, frame))
		lan->sponges->count.lost++;
}

// By the owner's port only; by all if nobody is known to own the address.
static void on_query(void *argument, const struct ip *ip)
{
	struct sponge_lan *lan = argument;
	const struct assignment *address = assignments_find(&lan->assignments, ip);
	const struct binding *binding = lan->bindings ? bindings_find(lan->bindings, ip) : NULL;
	struct frames_host asker = lan_asker(lan, ip->family);
	struct out_frame frame = {.except = FDB_ANY, .count = &lan->sponges->count.queries};

	if (address && address->owner) {
		frame.port = address->port;
	} else if (binding) {
		frame.port = binding->port;
	} else {
		frame.ports = lan->assignments.ports;
		frame.n_ports = lan->assignments.n_ports;
	}
	if (!frame.ports && frame.port == PLAN_NO_SLOT)
		return;
	frame.length = frames_query(&asker, ip, 0, frame.octets);
	put_out(lan, &frame);
}

static void announce(struct sponge_lan *lan, const struct ip *ip, mac_t mac, uint16_t except)
{
	const struct frames_host owner = {.ip = *ip, .mac = mac};
	struct out_frame frame = {.ports = lan->assignments.ports,
				  .n_ports = lan->assignments.n_ports,
				  .except = except,
				  .count = &lan->sponges->count.updates};

	frame.length = frames_announce(&owner, frame.octets);
	put_out(lan, &frame);
}

// The owner is not told that somebody else has its address: it would defend it.
static void on_announce(void *argument, const struct ip *ip)
{
	const struct sponge_lan *lan = argument;
	const struct assignment *address = assignments_find(&lan->assignments, ip);

	announce(argument, ip, lan->config->sponge.mac, address ? address->port : FDB_ANY);
}

static void on_changed(void *argument, const struct machine_info *info, enum machine_state from,
		       enum machine_why why)
{
	struct sponge_lan *lan = argument;

	states_changed(lan, &info->ip);
	report_changed(lan, info, from, why);
	if (info->state == MACHINE_ALIVE && has_mark(lan, &info->ip, MARK_OWED))
		told_revive(lan, &info->ip);
}

static void on_contradicted(void *argument, const struct machine_info *info, uint64_t times)
{
	report_contradicted(argument, info, times);
}

const struct machine_listener verdict_machine = {
	.verdict = on_verdict,
	.query = on_query,
	.announce = on_announce,
	.changed = on_changed,
	.contradicted = on_contradicted,
};

// ---- What the bindings say

static void on_bound(void *argument, const struct binding *binding, bool gone)
{
	tell(argument, &binding->ip, gone ? NULL : binding);
}

// A refresh is answered by who is known already, which makes no claim: so a sign of life is waited
// for. A former owner that answers makes one.
static void on_ask(void *argument, const struct ip *ip, mac_t mac, uint16_t port)
{
	struct sponge_lan *lan = argument;
	const struct binding *binding = bindings_find(lan->bindings, ip);
	struct frames_host asker = lan_asker(lan, ip->family);
	struct out_frame frame = {.port = port,
				  .except = FDB_ANY,
				  .count = &lan->sponges->count.queries};

	if (binding && binding->port == port && binding->mac == mac) {
		add_mark(lan, ip, MARK_REFRESH);
		verdict_tell(lan, ip);
	}
	frame.length = frames_query(&asker, ip, mac, frame.octets);
	put_out(lan, &frame);
}

static void on_spoofing(void *argument, const struct ip *ip, mac_t mac)
{
	announce(argument, ip, mac, FDB_ANY);
}

static void on_moved(void *argument, const struct binding *binding)
{
	report_moved(argument, binding);
}

static void on_duplicated(void *argument, const struct binding *binding)
{
	report_duplicated(argument, binding);
}

static void on_released(void *argument, const struct binding *binding)
{
	report_released(argument, binding);
}

const struct bindings_listener verdict_bindings = {
	.bound = on_bound,
	.ask = on_ask,
	.announce = on_spoofing,
	.moved = on_moved,
	.duplicated = on_duplicated,
	.released = on_released,
};

// ---- What the dataplane is found to know

// It has learned an owner for a control that is gone.
static void take_owner(struct sponge_lan *lan, const struct ip *ip, const struct host_set *set)
{
	const struct assignment *address = assignments_find(&lan->assignments, ip);

	if (lan->bindings && set->verdict == HOST_LIVE && set->port != FDB_ANY && set->mac &&
	    !(address && address->owner) && !bindings_find(lan->bindings, ip))
		bindings_claim(lan->bindings, ip, set->mac, set->port, true, true,
			       sponges_now_ms());
}

// It answers for an address, or did: what becomes of those who were told?
static void take_verdict(struct sponge_lan *lan, const struct ip *ip, const struct host_info *info)
{
	struct machine_info known;
	bool found = machine_find(lan->machine, ip, &known);
	bool alive = found && known.state == MACHINE_ALIVE;

	if (info->told && !has_mark(lan, ip, MARK_SPONGED))
		add_mark(lan, ip, MARK_OWED);
	if ((!found || alive) && info->set.verdict == HOST_SPONGED)
		machine_restore(lan->machine, ip, MACHINE_DEAD, 0, PLAN_NO_SLOT, sponges_now_ms());
	else if (alive && has_mark(lan, ip, MARK_OWED))
		told_revive(lan, ip);
}

static void on_host(void *argument, uint16_t number, const struct host_info *info)
{
	struct sponge_lan *lan = sponge_lan_at(argument, number);
	struct ip ip = {.family = info->set.family};

	if (!lan || (ip.family != 4 && ip.family != 6))
		return;
	memcpy(ip.octets, info->set.address, ip.family == 4 ? 4 : 16);
	if (lan_has(lan, &ip)) {
		take_owner(lan, &ip, &info->set);
		if (lan->machine)
			take_verdict(lan, &ip, info);
	}
	send(lan, &ip, lan->bindings ? bindings_find(lan->bindings, &ip) : NULL);
}

static void end_comparison(struct sponge_lan *lan, int code, const char *text)
{
	// A change may have come between: again in a second.
	if (code && ++lan->failures < FAILURES_MAX)
		return;
	if (code)
		log_warn("LAN %s: it cannot be read what the dataplane knows of addresses: %s",
			 lan->name, text);
	lan->failures = 0;
	lan->wants_dump = false;
	verdict_tell_all(lan);
}

static void on_compared(void *argument, int code, const char *text)
{
	struct sponges *sponges = argument;
	struct sponge_lan *lan = sponges->dumped;

	sponges->dumped = NULL;
	sponges->dumping = false;
	if (code == RPC_NOT_ATTACHED)
		return; // the next one is compared with
	if (lan)
		end_comparison(lan, code, text);
	if (!code)
		verdict_compare(sponges);
}

void verdict_compare(struct sponges *sponges)
{
	static const struct dump_listener listener = {.host = on_host, .done = on_compared};

	for (uint16_t i = 0; i < MAX_LANS && !sponges->dumping; i++) {
		const struct dump_wish wish = {.first_lan = i, .n_lans = 1, .port = FDB_ANY};

		if (!sponges->lans[i] || !sponges->lans[i]->wants_dump)
			continue;
		if (dump_start(sponges->control, &wish, &listener, sponges))
			return;
		sponges->dumping = true;
		sponges->dumped = sponges->lans[i];
	}
}
