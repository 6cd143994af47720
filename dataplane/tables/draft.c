// SPDX-License-Identifier: BSD-3-Clause
#include "dataplane/tables/draft.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	VLAN_MAX = 4094, // 0 and 4095 are reserved (IEEE 802.1Q-2018, table 9-2)
	AGEING_MIN = 10,
	AGEING_MAX = 1000000,
	FDB_SIZE_MAX = 1 << 20,
	MTU_MIN = 68, // the least that IPv4 works with (RFC 791)
	MTU_MAX = 65000,
};

int draft_init(struct draft *draft)
{
	*draft = (struct draft){0};
	draft->ports = calloc(MAX_PORTS, sizeof(*draft->ports));
	draft->limits = calloc(MAX_PORTS, sizeof(*draft->limits));
	draft->lags = calloc(MAX_PORTS, sizeof(*draft->lags));
	draft->rules = calloc(MAX_RULES, sizeof(*draft->rules));
	memset(draft->lag_of, UINT8_MAX, sizeof(draft->lag_of));
	return draft->ports && draft->limits && draft->lags && draft->rules ? 0 : -ENOMEM;
}

void draft_fini(struct draft *draft)
{
	free(draft->ports);
	free(draft->limits);
	free(draft->lags);
	free(draft->rules);
	free(draft->prefixes);
	free(draft->members);
	free(draft->macs);
	free(draft->addresses);
	*draft = (struct draft){0};
}

void draft_begin(struct draft *draft, const struct policy_begin *begin)
{
	draft_abort(draft);
	draft->open = true;
	draft->begin = *begin;
}

void draft_abort(struct draft *draft)
{
	draft->open = false;
	draft->broken = 0;
	memset(draft->lan_used, 0, sizeof(draft->lan_used));
	memset(draft->port_used, 0, sizeof(draft->port_used));
	memset(draft->rules_used, 0, sizeof(draft->rules_used));
	memset(draft->limits, 0, MAX_PORTS * sizeof(*draft->limits));
	memset(draft->lags, 0, MAX_PORTS * sizeof(*draft->lags));
	memset(draft->lag_of, UINT8_MAX, sizeof(draft->lag_of));
	free(draft->prefixes);
	free(draft->members);
	free(draft->macs);
	free(draft->addresses);
	draft->prefixes = NULL;
	draft->members = NULL;
	draft->macs = NULL;
	draft->addresses = NULL;
	draft->n_prefixes = 0;
	draft->n_members = 0;
	draft->n_macs = 0;
	draft->n_addresses = 0;
}

int draft_complain(struct draft *draft, int error, uint16_t port, uint16_t lan, const char *format,
		   ...)
{
	va_list args;

	if (draft->broken)
		return draft->broken;
	draft->broken = -error;
	draft->error = (struct reply_error){.error = error, .port = port, .lan = lan};
	va_start(args, format);
	vsnprintf(draft->error.text, sizeof(draft->error.text), format, args);
	va_end(args);
	return draft->broken;
}

static void add_lan(struct draft *draft, const struct policy_lan_conf *lan)
{
	if (lan->lan >= MAX_LANS)
		draft_complain(draft, ERANGE, FDB_ANY, lan->lan, "LAN number %u: 0 to %d", lan->lan,
			       MAX_LANS - 1);
	else if (draft->lan_used[lan->lan])
		draft_complain(draft, EEXIST, FDB_ANY, lan->lan, "LAN number %u: given twice",
			       lan->lan);
	else if (lan->vlan > VLAN_MAX)
		draft_complain(draft, ERANGE, FDB_ANY, lan->lan, "LAN %s: VLAN %u: 1 to %d",
			       lan->name, lan->vlan, VLAN_MAX);
	else if (lan->mtu < MTU_MIN || lan->mtu > MTU_MAX)
		draft_complain(draft, ERANGE, FDB_ANY, lan->lan, "LAN %s: MTU %u: %d to %d",
			       lan->name, lan->mtu, MTU_MIN, MTU_MAX);
	else if (lan->ageing && (lan->ageing < AGEING_MIN || lan->ageing > AGEING_MAX))
		draft_complain(draft, ERANGE, FDB_ANY, lan->lan, "LAN %s: ageing %u s: %d to %d",
			       lan->name, lan->ageing, AGEING_MIN, AGEING_MAX);
	else if (lan->fdb_size == 0 || lan->fdb_size > FDB_SIZE_MAX)
		draft_complain(draft, ERANGE, FDB_ANY, lan->lan, "LAN %s: FDB size %u: 1 to %d",
			       lan->name, lan->fdb_size, FDB_SIZE_MAX);
	else if (lan->fdb_limit > lan->fdb_size)
		draft_complain(draft, ERANGE, FDB_ANY, lan->lan,
			       "LAN %s: learn limit %u is above the FDB size %u", lan->name,
			       lan->fdb_limit, lan->fdb_size);
	else if (lan->hosts > MAX_HOSTS)
		draft_complain(draft, ERANGE, FDB_ANY, lan->lan, "LAN %s: %u hosts: at most %d",
			       lan->name, lan->hosts, MAX_HOSTS);
	else {
		draft->lans[lan->lan] = *lan;
		draft->lan_used[lan->lan] = true;
	}
}

static void add_port(struct draft *draft, const struct policy_port_conf *port)
{
	if (port->port >= PORT_FABRIC)
		draft_complain(draft, ERANGE, port->port, FDB_ANY, "port slot %u: 0 to %d",
			       port->port, PORT_FABRIC - 1);
	else if (draft->port_used[port->port])
		draft_complain(draft, EEXIST, port->port, FDB_ANY, "port slot %u: given twice",
			       port->port);
	else if (port->name[0] == 0 || port->device[0] == 0)
		draft_complain(draft, EINVAL, port->port, FDB_ANY,
			       "port slot %u: a port needs a name and a device", port->port);
	else if (port->mtu < MTU_MIN || port->mtu > MTU_MAX)
		draft_complain(draft, ERANGE, port->port, FDB_ANY, "port %s: MTU %u: %d to %d",
			       port->name, port->mtu, MTU_MIN, MTU_MAX);
	else if (port->n_queues > MAX_QUEUES)
		draft_complain(draft, ERANGE, port->port, FDB_ANY, "port %s: %u queues: at most %d",
			       port->name, port->n_queues, MAX_QUEUES);
	else {
		draft->ports[port->port] = *port;
		draft->port_used[port->port] = true;
	}
}

// Make room for one more element in an array that doubles at every power of two. Returns the array,
// or NULL and leaves the old one.
static void *grow(void *array, uint32_t n, size_t size)
{
	if (n & (n - 1))
		return array;
	return realloc(array, (n ? 2 * (size_t)n : 1) * size);
}

static void add_limits(struct draft *draft, const struct policy_limits_conf *limits)
{
	if (limits->port >= PORT_FABRIC || !draft->port_used[limits->port]) {
		draft_complain(draft, ENOENT, limits->port, FDB_ANY,
			       "port slot %u: not in this policy", limits->port);
		return;
	}
	for (int m = 0; m < METERS; m++) {
		if (limits->meters[m].unit > RATE_PPM) {
			draft_complain(draft, ERANGE, limits->port, FDB_ANY,
				       "port %s: unit %u of a rate: 0 to %d",
				       draft->ports[limits->port].name, limits->meters[m].unit,
				       RATE_PPM);
			return;
		}
	}
	draft->limits[limits->port] = *limits;
}

static void add_lag(struct draft *draft, const struct policy_lag_conf *lag)
{
	if (lag->port >= PORT_FABRIC || !draft->port_used[lag->port])
		draft_complain(draft, ENOENT, lag->port, FDB_ANY,
			       "port slot %u: not in this policy", lag->port);
	else if (lag->min_links == 0 || lag->min_links > MAX_LAG_LINKS)
		draft_complain(draft, ERANGE, lag->port, FDB_ANY, "LAG %s: %u links: 1 to %d",
			       draft->ports[lag->port].name, lag->min_links, MAX_LAG_LINKS);
	else
		draft->lags[lag->port] = *lag;
}

static void add_link(struct draft *draft, const struct policy_link_conf *link)
{
	if (link->port >= PORT_FABRIC || !draft->port_used[link->port] ||
	    link->lag >= PORT_FABRIC || !draft_is_lag(draft, link->lag))
		draft_complain(draft, ENOENT, link->port, FDB_ANY,
			       "port slot %u, or the LAG in slot %u: not in this policy",
			       link->port, link->lag);
	else if (draft_is_lag(draft, link->port) || draft->lag_of[link->port] != FDB_ANY)
		draft_complain(draft, EEXIST, link->port, FDB_ANY,
			       "port %s: a link of one LAG, and no LAG itself",
			       draft->ports[link->port].name);
	else
		draft->lag_of[link->port] = link->lag;
}

static void add_rules(struct draft *draft, const struct policy_rules_conf *rules)
{
	if (rules->rules == RULES_NONE || rules->rules >= MAX_RULES ||
	    rules->n_types > RULE_TYPES || draft->rules_used[rules->rules]) {
		draft_complain(draft, ERANGE, FDB_ANY, FDB_ANY,
			       "rules %u: once, 1 to %d, and at most %d ethertypes", rules->rules,
			       MAX_RULES - 1, RULE_TYPES);
		return;
	}
	draft->rules[rules->rules] = *rules;
	draft->rules_used[rules->rules] = true;
}

static void add_prefix(struct draft *draft, const struct policy_prefix_conf *prefix)
{
	int bits = prefix->family == 4 ? 32 : 128;

	if (prefix->lan >= MAX_LANS || !draft->lan_used[prefix->lan] ||
	    (prefix->family != 4 && prefix->family != 6) || prefix->length > bits ||
	    draft->n_prefixes == DRAFT_PREFIXES_MAX) {
		draft_complain(draft, EINVAL, FDB_ANY, prefix->lan,
			       "LAN number %u: a prefix of family %u and length %u, at most %d",
			       prefix->lan, prefix->family, prefix->length, DRAFT_PREFIXES_MAX);
		return;
	}
	void *prefixes = grow(draft->prefixes, draft->n_prefixes, sizeof(*draft->prefixes));
	if (!prefixes) {
		draft_complain(draft, ENOMEM, FDB_ANY, FDB_ANY, "no memory for the prefixes");
		return;
	}
	draft->prefixes = prefixes;
	draft->prefixes[draft->n_prefixes++] = *prefix;
}

static bool port_exists(struct draft *draft, uint16_t port, uint16_t lan)
{
	if (port < MAX_PORTS && draft->port_used[port] && lan < MAX_LANS && draft->lan_used[lan])
		return true;
	draft_complain(draft, ENOENT, port, lan,
		       "port slot %u or LAN number %u: not in this policy", port, lan);
	return false;
}

static void add_member(struct draft *draft, const struct policy_member_conf *member)
{
	if (!port_exists(draft, member->port, member->lan))
		return;
	if (member->vid > VLAN_MAX || draft->n_members == DRAFT_MEMBERS_MAX) {
		draft_complain(draft, ERANGE, member->port, member->lan,
			       "port %s: VLAN %u: 1 to %d, and at most %d memberships in all",
			       draft->ports[member->port].name, member->vid, VLAN_MAX,
			       DRAFT_MEMBERS_MAX);
		return;
	}
	if ((member->rules != RULES_NONE &&
	     (member->rules >= MAX_RULES || !draft->rules_used[member->rules])) ||
	    member->security > SECURITY_REGISTERED) {
		draft_complain(draft, ENOENT, member->port, member->lan,
			       "port %s: rules %u or security mode %u: not in this policy",
			       draft->ports[member->port].name, member->rules, member->security);
		return;
	}
	void *members = grow(draft->members, draft->n_members, sizeof(*draft->members));
	if (!members) {
		draft_complain(draft, ENOMEM, FDB_ANY, FDB_ANY, "no memory for the memberships");
		return;
	}
	draft->members = members;
	draft->members[draft->n_members++] = *member;
}

static void add_mac(struct draft *draft, const struct policy_mac_conf *mac)
{
	char text[MAC_TEXT_SIZE];

	bool known = mac->kind == MAC_REGISTERED || mac->kind == MAC_STICKY;
	bool reserved = mac->kind == MAC_RESERVED && mac->port == PORT_FABRIC &&
			mac->lan < MAX_LANS && draft->lan_used[mac->lan];

	if (!reserved && !port_exists(draft, mac->port, mac->lan))
		return;
	if ((!reserved && !known) || mac->mac == 0 || mac->mac > MAC_MASK ||
	    mac_is_group(mac->mac) || draft->n_macs == DRAFT_MACS_MAX) {
		draft_complain(draft, EINVAL, mac->port, mac->lan,
			       "LAN %s: %s is no address of a station, or there are too many",
			       draft->lans[mac->lan].name, mac_format(mac->mac, text));
		return;
	}
	void *macs = grow(draft->macs, draft->n_macs, sizeof(*draft->macs));
	if (!macs) {
		draft_complain(draft, ENOMEM, FDB_ANY, FDB_ANY, "no memory for the addresses");
		return;
	}
	draft->macs = macs;
	draft->macs[draft->n_macs++] = *mac;
}

static void add_address(struct draft *draft, const struct policy_address_conf *address)
{
	if (!port_exists(draft, address->port, address->lan))
		return;
	if ((address->family != 4 && address->family != 6) ||
	    draft->n_addresses == DRAFT_ADDRESSES_MAX) {
		draft_complain(draft, EINVAL, address->port, address->lan,
			       "port %s: an address of family %u, or more than %d in all",
			       draft->ports[address->port].name, address->family,
			       DRAFT_ADDRESSES_MAX);
		return;
	}
	void *addresses = grow(draft->addresses, draft->n_addresses, sizeof(*draft->addresses));
	if (!addresses) {
		draft_complain(draft, ENOMEM, FDB_ANY, FDB_ANY, "no memory for the addresses");
		return;
	}
	draft->addresses = addresses;
	draft->addresses[draft->n_addresses++] = *address;
}

void draft_add(struct draft *draft, const struct message *message)
{
	switch (message->header.type) {
	case COMMAND_POLICY_LAN:
		add_lan(draft, &message->lan);
		break;
	case COMMAND_POLICY_PORT:
		add_port(draft, &message->port);
		break;
	case COMMAND_POLICY_LIMITS:
		add_limits(draft, &message->limits);
		break;
	case COMMAND_POLICY_LAG:
		add_lag(draft, &message->lag);
		break;
	case COMMAND_POLICY_LINK:
		add_link(draft, &message->link);
		break;
	case COMMAND_POLICY_RULES:
		add_rules(draft, &message->rules);
		break;
	case COMMAND_POLICY_PREFIX:
		add_prefix(draft, &message->prefix);
		break;
	case COMMAND_POLICY_MEMBER:
		add_member(draft, &message->member);
		break;
	case COMMAND_POLICY_MAC:
		add_mac(draft, &message->static_mac);
		break;
	case COMMAND_POLICY_ADDRESS:
		add_address(draft, &message->address);
		break;
	default:
		break;
	}
}
