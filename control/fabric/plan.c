// SPDX-License-Identifier: BSD-3-Clause
#include "control/fabric/plan.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "control/config/config.h"
#include "lib/message.h"
#include "lib/stats.h"

void plan_read_slots(const struct stats *stats, struct plan_slot *slots)
{
	struct port_info info = {0};

	for (uint32_t p = 0; p < MAX_PORTS; p++) {
		slots[p].used = stats_port_info(stats, p, &info);
		slots[p].lives = info.incarnation;
		memcpy(slots[p].name, info.name, sizeof(slots[p].name));
	}
}

// What operators set for "port"; NULL if nothing.
static const struct plan_override *find_override(const struct plan_wish *wish, size_t port)
{
	for (size_t i = 0; i < wish->n_overrides; i++) {
		if (strcmp(wish->overrides[i].port, wish->config->ports[port].name) == 0)
			return &wish->overrides[i];
	}
	return NULL;
}

bool plan_admin_up(const struct plan_wish *wish, size_t port)
{
	const struct plan_override *override = find_override(wish, port);

	return override && override->has_admin ? override->admin_up
					       : wish->config->ports[port].admin_up;
}

bool plan_is_drained(const struct plan_wish *wish, size_t port)
{
	const struct plan_override *override = find_override(wish, port);

	return override && override->drained;
}

static uint16_t find_slot(const struct plan_slot *slots, const char *name)
{
	for (uint16_t s = 0; s < MAX_PORTS; s++) {
		if (slots[s].used && strcmp(slots[s].name, name) == 0)
			return s;
	}
	return PLAN_NO_SLOT;
}

static uint16_t find_free_slot(const struct plan_slot *slots, const bool *taken)
{
	uint16_t best = PLAN_NO_SLOT;

	for (uint16_t s = 0; s < PORT_FABRIC; s++) {
		if (slots[s].used || taken[s])
			continue;
		if (best == PLAN_NO_SLOT || slots[s].lives < slots[best].lives)
			best = s;
	}
	return best;
}

static bool is_left_out(const struct plan_wish *wish, size_t port)
{
	return wish->left_out && wish->left_out[port];
}

// First those that have a slot, so that no new port takes it.
static int assign_slots(struct plan *plan, const struct plan_wish *wish,
			const struct plan_slot *slots)
{
	const struct config *config = wish->config;
	bool taken[MAX_PORTS] = {0};

	for (size_t i = 0; i < config->n_ports; i++) {
		plan->slots[i] = PLAN_NO_SLOT;
		if (is_left_out(wish, i))
			continue;
		plan->slots[i] = find_slot(slots, config->ports[i].name);
		if (plan->slots[i] != PLAN_NO_SLOT)
			taken[plan->slots[i]] = true;
	}
	for (size_t i = 0; i < config->n_ports; i++) {
		if (plan->slots[i] != PLAN_NO_SLOT || is_left_out(wish, i))
			continue;
		plan->slots[i] = find_free_slot(slots, taken);
		if (plan->slots[i] == PLAN_NO_SLOT)
			return -ENOSPC;
		taken[plan->slots[i]] = true;
	}
	return 0;
}

static size_t count_messages(const struct plan_wish *wish)
{
	const struct config *config = wish->config;
	size_t n = 2 + config->n_lans + config->n_ports + wish->n_macs; // BEGIN and COMMIT

	for (size_t i = 0; i < config->n_ports; i++) {
		const struct config_port *port = &config->ports[i];

		n += port->n_members;
		for (size_t m = 0; m < port->n_members; m++)
			n += port->members[m].n_macs;
	}
	return n;
}

static struct message *add(struct plan *plan, enum message_type type)
{
	struct message *message = &plan->messages[plan->n++];

	message_init(message, type, 0);
	return message;
}

static void add_lan(struct plan *plan, const struct config_lan *lan, uint16_t number)
{
	struct policy_lan_conf *conf = &add(plan, COMMAND_POLICY_LAN)->lan;

	conf->lan = number;
	conf->vlan = lan->vlan;
	conf->mtu = lan->mtu;
	conf->flags = (uint16_t)((lan->flood_unknown_unicast ? LAN_FLOOD_UNKNOWN : 0) |
				 (lan->drop_hijack ? LAN_DROP_HIJACK : 0) |
				 (lan->pass_tagged ? LAN_TRANSPARENT : 0));
	conf->ageing = lan->ageing;
	conf->fdb_size = lan->fdb_size;
	conf->fdb_limit = lan->learn_limit ? lan->learn_limit : lan->fdb_size;
	memcpy(conf->name, lan->name, sizeof(conf->name));
}

// Isolation groups are numbered from 1 in the order of their first ports. "names" has room for all.
static uint16_t group_number(const char **names, uint16_t *n, const char *group)
{
	if (!*group)
		return 0;
	for (uint16_t i = 0; i < *n; i++) {
		if (strcmp(names[i], group) == 0)
			return i + 1;
	}
	names[(*n)++] = group;
	return *n;
}

static void add_port(struct plan *plan, const struct plan_wish *wish, size_t i, uint16_t group)
{
	const struct config_port *port = &wish->config->ports[i];
	struct policy_port_conf *conf = &add(plan, COMMAND_POLICY_PORT)->port;

	conf->port = plan->slots[i];
	conf->flags = (uint16_t)((plan_admin_up(wish, i) ? PORT_ADMIN_UP : 0) |
				 (port->learning ? PORT_LEARN : 0) |
				 (port->flood_unknown_unicast ? PORT_FLOOD_UNKNOWN : 0) |
				 (port->flood_multicast ? PORT_FLOOD_MULTICAST : 0) |
				 (plan_is_drained(wish, i) ? PORT_DRAINED : 0));
	conf->mtu = port->mtu;
	conf->isolation = group;
	conf->n_queues = port->queues;
	conf->learn_limit = port->learn_limit;
	memcpy(conf->name, port->name, sizeof(conf->name));
	memcpy(conf->device, port->device, sizeof(conf->device));
}

static void add_mac(struct plan *plan, const struct policy_member_conf *member, uint64_t address,
		    uint16_t kind)
{
	struct policy_mac_conf *mac = &add(plan, COMMAND_POLICY_MAC)->static_mac;

	mac->mac = address;
	mac->port = member->port;
	mac->lan = member->lan;
	mac->kind = kind;
}

static void add_member(struct plan *plan, const struct plan_wish *wish, size_t port,
		       const struct config_member *member)
{
	struct policy_member_conf *conf = &add(plan, COMMAND_POLICY_MEMBER)->member;

	conf->port = plan->slots[port];
	conf->lan = (uint16_t)member->lan;
	conf->vid = member->tagged ? member->vid : 0;
	for (size_t i = 0; i < member->n_macs; i++)
		add_mac(plan, conf, member->macs[i], MAC_REGISTERED);
	for (size_t i = 0; i < wish->n_macs; i++) {
		const struct plan_mac *mac = &wish->macs[i];

		if (strcmp(mac->port, wish->config->ports[port].name) == 0 &&
		    strcmp(mac->lan, wish->config->lans[member->lan].name) == 0)
			add_mac(plan, conf, mac->mac, mac->kind);
	}
}

static void fill(struct plan *plan, const struct plan_wish *wish)
{
	const struct config *config = wish->config;
	const char *groups[MAX_PORTS];
	uint16_t n_groups = 0;

	for (size_t i = 0; i < config->n_lans; i++)
		add_lan(plan, &config->lans[i], (uint16_t)i);
	for (size_t i = 0; i < config->n_ports; i++) {
		if (plan->slots[i] == PLAN_NO_SLOT)
			continue;
		add_port(plan, wish, i,
			 group_number(groups, &n_groups, config->ports[i].isolation));
		for (size_t m = 0; m < config->ports[i].n_members; m++)
			add_member(plan, wish, i, &config->ports[i].members[m]);
	}
}

// FNV-1a, 64 bits: good enough to tell policies apart that nobody forges.
static uint64_t fingerprint(const struct plan *plan)
{
	uint64_t digest = UINT64_C(0xcbf29ce484222325);

	for (size_t i = 0; i < plan->n; i++) {
		const uint8_t *octets = (const uint8_t *)&plan->messages[i];
		size_t length =
			sizeof(struct message_header) + message_body_length(&plan->messages[i]);

		for (size_t o = 0; o < length; o++)
			digest = (digest ^ octets[o]) * UINT64_C(0x100000001b3);
	}
	return digest ? digest : 1;
}

struct plan *plan_create(const struct plan_wish *wish, const struct plan_slot *slots)
{
	const struct config *config = wish->config;
	struct plan *plan = calloc(1, sizeof(*plan));
	int err = ENOMEM;

	if (!plan)
		return NULL;
	plan->messages = calloc(count_messages(wish), sizeof(*plan->messages));
	plan->slots = calloc(config->n_ports + 1, sizeof(*plan->slots));
	if (!plan->messages || !plan->slots)
		goto err_destroy;
	err = -assign_slots(plan, wish, slots);
	if (err)
		goto err_destroy;

	struct policy_begin *begin = &add(plan, COMMAND_POLICY_BEGIN)->policy_begin;
	begin->fdb_limit = config->learn_limit;
	fill(plan, wish);
	add(plan, COMMAND_POLICY_COMMIT);
	plan->digest = begin->digest = fingerprint(plan);
	return plan;

err_destroy:
	plan_destroy(plan);
	errno = err;
	return NULL;
}

void plan_destroy(struct plan *plan)
{
	if (!plan)
		return;
	free(plan->messages);
	free(plan->slots);
	free(plan);
}
