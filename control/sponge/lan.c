// SPDX-License-Identifier: BSD-3-Clause
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/alloc.h"
#include "control/control.h"
#include "control/fabric/plan.h"
#include "control/sponge/sponge_lan.h"
#include "lib/log.h"

// Longer prefixes are no peering LAN, and would take memory for each of their addresses.
enum { LENGTH_MIN = 16 };

bool lan_is_wanted(const struct config_lan *config)
{
	return config->sponge.mode != SPONGE_OFF || config->bindings.learned;
}

struct sponge_lan *lan_create(struct sponges *sponges, const char *name)
{
	struct sponge_lan *lan = alloc_zero(sizeof(*lan));

	lan->sponges = sponges;
	snprintf(lan->name, sizeof(lan->name), "%s", name);
	lan->wants_dump = true;
	return lan;
}

void lan_destroy(struct sponge_lan *lan)
{
	machine_destroy(lan->machine);
	bindings_destroy(lan->bindings);
	assignments_fini(&lan->assignments);
	ip_map_fini(&lan->marks);
	ip_list_fini(&lan->revived);
	ip_list_fini(&lan->dirty);
	free(lan);
}

bool lan_has(const struct sponge_lan *lan, const struct ip *ip)
{
	for (size_t i = 0; i < lan->config->n_prefixes; i++) {
		if (ip_prefix_contains(&lan->config->prefixes[i], ip))
			return true;
	}
	return false;
}

struct frames_host lan_asker(const struct sponge_lan *lan, uint8_t family)
{
	const struct config_sponge *sponge = &lan->config->sponge;

	return (struct frames_host){.ip = family == 4 ? sponge->address4 : sponge->address6,
				    .mac = sponge->mac};
}

static void find_learned(const struct sponge_lan *lan, const struct ip *ip, uint16_t *port,
			 mac_t *mac)
{
	const struct binding *binding = lan->bindings ? bindings_find(lan->bindings, ip) : NULL;

	if (binding) {
		*port = binding->port;
		*mac = binding->mac;
	}
}

bool lan_owner(const struct sponge_lan *lan, const struct ip *ip, uint16_t *port, mac_t *mac)
{
	const struct assignment *address = assignments_find(&lan->assignments, ip);
	bool assigned = address && address->owner;
	struct machine_info info;

	*port = assigned ? address->port : PLAN_NO_SLOT;
	*mac = assigned ? address->mac : 0;
	if (!assigned)
		find_learned(lan, ip, port, mac);
	// The last sign of life was the owner's, or of the only one that has ever been seen there.
	if (!*mac && lan->machine && machine_find(lan->machine, ip, &info) && info.mac &&
	    (assigned ? info.port == *port : *port == PLAN_NO_SLOT)) {
		*port = info.port;
		*mac = info.mac;
	}
	return *port != PLAN_NO_SLOT;
}

// ---- What the machine is told

static void next(struct ip *ip)
{
	for (int i = 3; i >= 0 && ++ip->octets[i] == 0; i--)
		;
}

static bool is_edge(const struct ip_prefix *prefix, const struct ip *ip)
{
	return ip_is_network(prefix, ip) || ip_is_broadcast(prefix, ip);
}

// Every address of an IPv4 prefix that the configuration tells nothing of: those that nobody has,
// and the two at its edges, as far as they are wanted.
static void add_rest(struct sponge_lan *lan, const struct ip_prefix *prefix, uint64_t now_ms)
{
	bool all = lan->config->assigned && prefix->length >= LENGTH_MIN;
	bool edges = lan->config->sponge.network_addresses && prefix->length >= LENGTH_MIN;
	struct ip ip = prefix->ip;

	if (prefix->ip.family != 4 || (!all && !edges))
		return;
	for (uint32_t n = UINT32_C(1) << (32 - prefix->length); n; n--) {
		if ((is_edge(prefix, &ip) ? edges : all) &&
		    !assignments_find(&lan->assignments, &ip))
			machine_add(lan->machine, &ip, false, false, now_ms);
		next(&ip);
	}
}

static void tell_machine(struct sponge_lan *lan, uint64_t now_ms)
{
	machine_begin(lan->machine);
	for (size_t i = 0; i < lan->assignments.n; i++) {
		const struct assignment *address = &lan->assignments.list[i];

		machine_add(lan->machine, &address->ip, address->owner || address->protected,
			    address->protected, now_ms);
	}
	for (size_t i = 0; i < lan->config->n_prefixes; i++)
		add_rest(lan, &lan->config->prefixes[i], now_ms);
	machine_end(lan->machine);
}

// What it had decided counts no more.
static void drop_machine(struct sponge_lan *lan)
{
	struct ip_map old = lan->marks;

	machine_destroy(lan->machine);
	lan->machine = NULL;
	told_forget(lan->sponges->told, lan);
	lan->marks = (struct ip_map){0};
	for (uint32_t i = 0; i < old.size; i++) {
		if (old.slots[i].marks & (MARK_SPONGED | MARK_WATCHED))
			verdict_tell(lan, &old.slots[i].ip);
	}
	ip_map_fini(&old);
	ip_list_fini(&lan->revived);
	ip_list_fini(&lan->dirty);
}

static int configure_machine(struct sponge_lan *lan)
{
	const struct config_sponge *settings = &lan->config->sponge;
	struct machine_listener listener = verdict_machine;
	uint64_t now_ms = sponges_now_ms();

	if (settings->mode == SPONGE_OFF) {
		if (lan->machine)
			drop_machine(lan);
		return 0;
	}
	listener.argument = lan;
	if (lan->machine) {
		machine_configure(lan->machine, settings, now_ms);
		tell_machine(lan, now_ms);
		return 0;
	}
	// Who goes on where another control ended has nothing to learn.
	struct config_sponge start = *settings;
	start.learning = states_are_kept(lan) ? 0 : settings->learning;
	lan->machine = machine_create(&start, &listener, now_ms);
	if (!lan->machine)
		return -ENOMEM;
	tell_machine(lan, now_ms);
	states_restore(lan);
	return 0;
}

// ---- What the bindings are told

static int configure_bindings(struct sponge_lan *lan, const struct assignments *old)
{
	const struct config_bindings *settings = &lan->config->bindings;
	struct bindings_listener listener = verdict_bindings;

	listener.argument = lan;
	if (!settings->learned) {
		bindings_destroy(lan->bindings);
		lan->bindings = NULL;
		return 0;
	}
	if (lan->bindings)
		bindings_configure(lan->bindings, settings);
	else
		lan->bindings = bindings_create(settings, &listener);
	if (!lan->bindings)
		return -ENOMEM;
	for (size_t i = 0; i < old->n_ports; i++) {
		if (!assignments_has_port(&lan->assignments, old->ports[i]))
			bindings_forget_port(lan->bindings, old->ports[i]);
	}
	for (size_t i = 0; i < lan->assignments.n; i++)
		bindings_forget(lan->bindings, &lan->assignments.list[i].ip);
	return 0;
}

int lan_configure(struct sponge_lan *lan, uint16_t number)
{
	const struct running *running = &lan->sponges->control->running;
	struct assignments old = lan->assignments;

	lan->number = number;
	lan->config = &running->config->lans[number];
	assignments_read(&lan->assignments, running, number);
	int err = configure_bindings(lan, &old);
	if (!err)
		err = configure_machine(lan);
	if (!err && !assignments_equal(&lan->assignments, &old))
		verdict_tell_all(lan);
	assignments_fini(&old);
	return err;
}
