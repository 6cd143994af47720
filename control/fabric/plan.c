// SPDX-License-Identifier: BSD-3-Clause
#include "control/fabric/plan.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "control/alloc.h"
#include "control/config/links.h"
#include "control/fabric/plan_lans.h"
#include "control/fabric/plan_links.h"
#include "control/fabric/plan_rules.h"
#include "control/fabric/plan_slots.h"
#include "control/fabric/plan_sponge.h"
#include "lib/message.h"

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

bool plan_is_quarantined(const struct plan_wish *wish, size_t port)
{
	const struct plan_override *override = find_override(wish, port);

	return wish->config->ports[port].quarantine && !(override && override->promoted);
}

static struct message *add(struct plan *plan, enum message_type type)
{
	if ((plan->n & (plan->n - 1)) == 0) // full: every power of two is a new size
		plan->messages = alloc_array(plan->messages, plan->n ? plan->n * 2 : 1,
					     sizeof(*plan->messages));
	struct message *message = &plan->messages[plan->n++];

	message_init(message, type, 0);
	return message;
}

static void add_prefixes(struct plan *plan, const struct config_lan *lan, uint16_t number)
{
	for (size_t i = 0; i < lan->n_prefixes; i++) {
		struct policy_prefix_conf *conf = &add(plan, COMMAND_POLICY_PREFIX)->prefix;

		conf->lan = number;
		conf->family = lan->prefixes[i].ip.family;
		conf->length = lan->prefixes[i].length;
		memcpy(conf->address, lan->prefixes[i].ip.octets, sizeof(conf->address));
	}
}

static void add_mac(struct plan *plan, mac_t mac, uint16_t port, uint16_t lan, uint16_t kind)
{
	struct policy_mac_conf *conf = &add(plan, COMMAND_POLICY_MAC)->static_mac;

	conf->mac = mac;
	conf->port = port;
	conf->lan = lan;
	conf->kind = kind;
}

// The LAN, or its quarantine if "number" is one.
static void add_lan(struct plan *plan, const struct config *config, uint16_t number)
{
	const struct config_lan *lan = &config->lans[plan_lan_of(config, number, NULL)];
	struct policy_lan_conf *conf = &add(plan, COMMAND_POLICY_LAN)->lan;

	conf->lan = number;
	conf->vlan = lan->vlan;
	conf->mtu = lan->mtu;
	conf->flags =
		(uint16_t)((lan->flood_unknown_unicast ? LAN_FLOOD_UNKNOWN : 0) |
			   (lan->drop_hijack ? LAN_DROP_HIJACK : 0) |
			   (lan->pass_tagged ? LAN_TRANSPARENT : 0) | (lan->guard ? LAN_GUARD : 0) |
			   (lan->neighbours == NEIGHBOURS_PROXY ? LAN_PROXY : 0) |
			   (lan->neighbours == NEIGHBOURS_UNICAST ? LAN_UNICAST : 0) |
			   (lan->assigned ? LAN_ASSIGNED : 0));
	if (number < config->n_lans)
		plan_sponge(config, number, conf);
	conf->ageing = lan->ageing;
	conf->fdb_size = lan->fdb_size;
	conf->fdb_limit = lan->learn_limit ? lan->learn_limit : lan->fdb_size;
	conf->moves = lan->duplicates.moves;
	conf->move_window = lan->duplicates.within;
	conf->move_hold = lan->duplicates.hold;
	plan_lan_name(config, number, conf->name);
	add_prefixes(plan, lan, number);
	for (size_t i = 0; i < lan->n_reserved; i++)
		add_mac(plan, lan->reserved[i], PORT_FABRIC, number, MAC_RESERVED);
	if (config_sponge_mac(lan))
		add_mac(plan, config_sponge_mac(lan), PORT_FABRIC, number, MAC_RESERVED);
	if (config_anti_spoofing_mac(lan))
		add_mac(plan, config_anti_spoofing_mac(lan), PORT_FABRIC, number, MAC_RESERVED);
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

// No name in a configuration has a space.
static const char *group_of(const struct plan_wish *wish, size_t port)
{
	return plan_is_quarantined(wish, port) ? "in quarantine"
					       : wish->config->ports[port].isolation;
}

static uint16_t port_flags(const struct plan_wish *wish, size_t i)
{
	const struct config_port *port = &wish->config->ports[i];
	bool quiet = port->reactions.violation.action == ACTION_DROP;

	if (config_is_link(port))
		return plan_admin_up(wish, i) ? PORT_ADMIN_UP : 0;
	return (uint16_t)((plan_admin_up(wish, i) ? PORT_ADMIN_UP : 0) |
			  (port->learning ? PORT_LEARN : 0) |
			  (port->flood_unknown_unicast ? PORT_FLOOD_UNKNOWN : 0) |
			  (port->flood_multicast ? PORT_FLOOD_MULTICAST : 0) |
			  (port->drop_runts ? PORT_DROP_RUNTS : 0) |
			  (plan_is_quarantined(wish, i) ? PORT_WATCHED : 0) |
			  (plan_is_drained(wish, i) ? PORT_DRAINED : 0) | (quiet ? PORT_QUIET : 0));
}

static void add_port(struct plan *plan, const struct plan_wish *wish, size_t i, uint16_t group)
{
	const struct config_port *port = &wish->config->ports[i];
	struct policy_port_conf *conf = &add(plan, COMMAND_POLICY_PORT)->port;

	conf->port = plan->slots[i];
	conf->flags = port_flags(wish, i);
	conf->mtu = port->mtu;
	conf->isolation = group;
	conf->n_queues = port->queues;
	conf->learn_limit = port->learn_limit;
	conf->sampling = port->sampling;
	memcpy(conf->name, port->name, sizeof(conf->name));
	memcpy(conf->device, port->device, sizeof(conf->device));

	struct policy_limits_conf *limits = &add(plan, COMMAND_POLICY_LIMITS)->limits;
	limits->port = plan->slots[i];
	plan_limits(port, limits);
	if (config_is_lag(port))
		plan_lag(port, plan->slots[i], &add(plan, COMMAND_POLICY_LAG)->lag);
}

static bool has_mac(const struct config_member *member, mac_t mac)
{
	for (size_t i = 0; i < member->n_macs; i++) {
		if (member->macs[i] == mac)
			return true;
	}
	return false;
}

// Whether a port has "mac" in the LAN by the configuration, or the exchange itself has it.
static bool is_configured(const struct config *config, size_t lan, mac_t mac)
{
	if (mac == config_sponge_mac(&config->lans[lan]) ||
	    mac == config_anti_spoofing_mac(&config->lans[lan]))
		return true;
	for (size_t i = 0; i < config->lans[lan].n_reserved; i++) {
		if (config->lans[lan].reserved[i] == mac)
			return true;
	}
	for (size_t i = 0; i < config->n_ports; i++) {
		for (size_t m = 0; m < config->ports[i].n_members; m++) {
			const struct config_member *member = &config->ports[i].members[m];

			if (member->lan == lan && has_mac(member, mac))
				return true;
		}
	}
	return false;
}

static void add_macs(struct plan *plan, const struct plan_wish *wish,
		     const struct config_port *port, const struct config_member *member,
		     const struct policy_member_conf *conf)
{
	const char *lan = wish->config->lans[member->lan].name;

	for (size_t i = 0; i < member->n_macs; i++)
		add_mac(plan, member->macs[i], conf->port, conf->lan, MAC_REGISTERED);
	for (size_t i = 0; i < wish->n_macs; i++) {
		const struct plan_mac *mac = &wish->macs[i];

		if (strcmp(mac->port, port->name) == 0 && strcmp(mac->lan, lan) == 0 &&
		    !is_configured(wish->config, member->lan, mac->mac))
			add_mac(plan, mac->mac, conf->port, conf->lan, mac->kind);
	}
}

static void add_addresses(struct plan *plan, const struct config_member *member, uint16_t port,
			  uint16_t lan)
{
	for (size_t i = 0; i < member->n_ips; i++) {
		struct policy_address_conf *conf = &add(plan, COMMAND_POLICY_ADDRESS)->address;

		conf->port = port;
		conf->lan = lan;
		conf->family = member->ips[i].family;
		memcpy(conf->address, member->ips[i].octets, sizeof(conf->address));
	}
}

uint16_t plan_member_lan(const struct plan_wish *wish, size_t port,
			 const struct config_member *member)
{
	if (member->monitor || plan_is_quarantined(wish, port))
		return plan_quarantine_of(wish->config, member->lan);
	return (uint16_t)member->lan;
}

static void add_members(struct plan *plan, const struct plan_wish *wish, size_t i,
			struct plan_rules *rules)
{
	const struct config_port *port = &wish->config->ports[i];

	for (size_t m = 0; m < port->n_members; m++) {
		const struct config_member *member = &port->members[m];
		struct policy_member_conf conf = {.port = plan->slots[i],
						  .lan = plan_member_lan(wish, i, member)};

		if (conf.lan == PLAN_NO_LAN)
			continue;
		conf.vid = member->tagged ? member->vid : 0;
		conf.rules = (uint16_t)plan_rules_number(rules, &member->admission);
		conf.security = (uint16_t)member->security.mode;
		conf.mac_limit = config_security_limit(&member->security);
		add(plan, COMMAND_POLICY_MEMBER)->member = conf;
		add_macs(plan, wish, port, member, &conf);
		add_addresses(plan, member, conf.port, conf.lan);
	}
}

// They name two ports each, so they come when all ports are there.
static void add_links(struct plan *plan, const struct config *config)
{
	for (size_t i = 0; i < config->n_ports; i++) {
		const struct config_port *lag = config_lag_of(config, &config->ports[i]);

		if (!lag || plan->slots[i] == PLAN_NO_SLOT)
			continue;
		struct policy_link_conf *conf = &add(plan, COMMAND_POLICY_LINK)->link;
		conf->port = plan->slots[i];
		conf->lag = plan->slots[lag - config->ports];
	}
}

// Returns 0 or -E2BIG.
static int add_rules(struct plan *plan, const struct plan_wish *wish, struct plan_rules *rules)
{
	const struct config *config = wish->config;

	for (size_t i = 0; i < config->n_ports; i++) {
		for (size_t m = 0; m < config->ports[i].n_members; m++) {
			if (plan_rules_number(rules, &config->ports[i].members[m].admission) < 0)
				return -E2BIG;
		}
	}
	for (uint16_t i = 0; i < rules->n; i++)
		add(plan, COMMAND_POLICY_RULES)->rules = rules->list[i];
	return 0;
}

static int fill(struct plan *plan, const struct plan_wish *wish)
{
	const struct config *config = wish->config;
	const char *groups[MAX_PORTS];
	struct plan_rules rules = {0};
	uint16_t n_groups = 0;

	for (size_t i = 0; i < plan_count_lans(config); i++)
		add_lan(plan, config, (uint16_t)i);
	int err = add_rules(plan, wish, &rules);
	for (size_t i = 0; i < config->n_ports && !err; i++) {
		if (plan->slots[i] == PLAN_NO_SLOT)
			continue;
		add_port(plan, wish, i, group_number(groups, &n_groups, group_of(wish, i)));
		add_members(plan, wish, i, &rules);
	}
	add_links(plan, config);
	plan_rules_fini(&rules);
	return err;
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
	plan->slots = calloc(config->n_ports + 1, sizeof(*plan->slots));
	if (!plan->slots)
		goto err_destroy;
	err = -plan_assign_slots(wish, slots, plan->slots);
	if (err)
		goto err_destroy;

	add(plan, COMMAND_POLICY_BEGIN)->policy_begin.fdb_limit = config->learn_limit;
	err = -fill(plan, wish);
	if (err)
		goto err_destroy;
	add(plan, COMMAND_POLICY_COMMIT);
	plan->digest = fingerprint(plan);
	plan->messages[0].policy_begin.digest = plan->digest;
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
