// SPDX-License-Identifier: BSD-3-Clause
#include "control/config/schema.h"

#include <stdio.h>
#include <string.h>

#include "control/alloc.h"
#include "control/config/schema_lag.h"
#include "control/config/schema_rules.h"
#include "control/config/schema_sflow.h"
#include "control/config/schema_sponge.h"
#include "lib/device_string.h"

#define FIELD(type, field) .offset = offsetof(type, field), .size = sizeof(((type *)0)->field)
#define PLACE(type, field) .place = offsetof(type, field)
#define LIST(type, field, places, n) \
	.offset = offsetof(type, field), .place = offsetof(type, places), .count = offsetof(type, n)

static void *add_lan(void *object, const char *name, struct config_place place, size_t lan)
{
	struct config *config = object;

	(void)lan;
	config->lans = alloc_array(config->lans, config->n_lans + 1, sizeof(*config->lans));
	struct config_lan *new = &config->lans[config->n_lans++];
	*new = (struct config_lan){.place = place};
	snprintf(new->name, sizeof(new->name), "%s", name);
	return new;
}

static void *add_port(void *object, const char *name, struct config_place place, size_t lan)
{
	struct config *config = object;

	(void)lan;
	config->ports = alloc_array(config->ports, config->n_ports + 1, sizeof(*config->ports));
	struct config_port *new = &config->ports[config->n_ports++];
	*new = (struct config_port){.place = place};
	snprintf(new->name, sizeof(new->name), "%s", name);
	return new;
}

static void *add_member(void *object, const char *name, struct config_place place, size_t lan)
{
	struct config_port *port = object;

	(void)name;
	port->members = alloc_array(port->members, port->n_members + 1, sizeof(*port->members));
	struct config_member *new = &port->members[port->n_members++];
	*new = (struct config_member){.place = place, .lan = lan};
	return new;
}

static void derive_flood_unknown_unicast(const struct config *config, void *object)
{
	struct config_lan *lan = object;

	(void)config;
	lan->flood_unknown_unicast = lan->profile == PROFILE_OPEN;
}

static void derive_drop_hijack(const struct config *config, void *object)
{
	struct config_lan *lan = object;

	(void)config;
	lan->drop_hijack = lan->profile == PROFILE_EXCHANGE;
}

static void derive_guard(const struct config *config, void *object)
{
	struct config_lan *lan = object;

	(void)config;
	lan->guard = lan->profile == PROFILE_EXCHANGE;
}

static void derive_pass_tagged(const struct config *config, void *object)
{
	struct config_lan *lan = object;

	(void)config;
	lan->pass_tagged = lan->profile == PROFILE_OPEN;
}

static void derive_vid(const struct config *config, void *object)
{
	struct config_member *member = object;
	const struct config_lan *lan = config_member_lan(config, member);

	member->vid = member->tagged && lan ? lan->vlan : 0;
}

static void derive_mtu(const struct config *config, void *object)
{
	struct config_port *port = object;

	port->mtu = port->n_members ? 0 : 1500;
	for (size_t i = 0; i < port->n_members; i++) {
		const struct config_lan *lan = config_member_lan(config, &port->members[i]);

		if (lan && lan->mtu > port->mtu)
			port->mtu = lan->mtu;
	}
}

static void derive_learning(const struct config *config, void *object)
{
	struct config_port *port = object;

	(void)config;
	port->learning = !port->n_members;
	for (size_t i = 0; i < port->n_members; i++)
		port->learning |= port->members[i].security.mode != SECURITY_REGISTERED;
}

// Where there is a wire, whoever sends pads; a kernel interface or a virtual one may not.
static void derive_runts(const struct config *config, void *object)
{
	struct device_string device;
	struct config_port *port = object;
	char error[256];

	(void)config;
	port->drop_runts = !device_string_parse(port->device, &device, error, sizeof(error)) &&
			   device.kind == DEVICE_PCI;
}

static const char *const profiles[] = {
	[PROFILE_OPEN] = "open", [PROFILE_EXCHANGE] = "exchange", NULL};
static const char *const neighbours[] = {[NEIGHBOURS_FLOOD] = "flood",
					 [NEIGHBOURS_PROXY] = "proxy",
					 [NEIGHBOURS_UNICAST] = "unicast",
					 NULL};
const char *config_neighbours_name(enum config_neighbours value)
{
	return neighbours[value];
}

static const char *const assignments[] = {"partial", "complete", NULL};
static const char *const admin_states[] = {"down", "up", NULL};
static const char *const runts[] = {"pass", "drop", NULL};

enum { FDB_MAX = 1 << 20 };

static const struct schema fabric_rows[] = {
	{"name", SCHEMA_LABEL, FIELD(struct config, name), .min = 1, .max = 63},
	{"learn-limit", SCHEMA_NUMBER, FIELD(struct config, learn_limit), .min = 1,
	 .max = MAX_LANS * FDB_MAX},
	{},
};

static const struct schema lan_rows[] = {
	{"profile", SCHEMA_WORD, FIELD(struct config_lan, profile), .words = profiles,
	 .absent = PROFILE_EXCHANGE},
	{"vlan", SCHEMA_NUMBER, FIELD(struct config_lan, vlan),
	 PLACE(struct config_lan, vlan_place), .min = 1, .max = 4094},
	{"mtu", SCHEMA_NUMBER, FIELD(struct config_lan, mtu), .min = CONFIG_MTU_MIN,
	 .max = CONFIG_MTU_MAX, .absent = 1500},
	{"prefixes", SCHEMA_PREFIXES, LIST(struct config_lan, prefixes, prefix_places, n_prefixes),
	 .min = 1, .max = 16},
	{"ageing", SCHEMA_NUMBER, FIELD(struct config_lan, ageing), .min = 10, .max = 1000000,
	 .absent = 300, .zero = "never"},
	{"fdb-size", SCHEMA_NUMBER, FIELD(struct config_lan, fdb_size), .min = 16, .max = FDB_MAX,
	 .absent = 16384},
	{"learn-limit", SCHEMA_NUMBER, FIELD(struct config_lan, learn_limit),
	 PLACE(struct config_lan, learn_limit_place), .min = 1, .max = FDB_MAX},
	{"flood-unknown-unicast", SCHEMA_BOOL, FIELD(struct config_lan, flood_unknown_unicast),
	 .derive = derive_flood_unknown_unicast},
	{"drop-hijack", SCHEMA_BOOL, FIELD(struct config_lan, drop_hijack),
	 .derive = derive_drop_hijack},
	{"guard", SCHEMA_BOOL, FIELD(struct config_lan, guard), .derive = derive_guard},
	{"neighbours", SCHEMA_WORD, FIELD(struct config_lan, neighbours), .words = neighbours,
	 .absent = NEIGHBOURS_FLOOD},
	{"assignments", SCHEMA_WORD, FIELD(struct config_lan, assigned), .words = assignments,
	 .absent = false},
	{"pass-tagged", SCHEMA_BOOL, FIELD(struct config_lan, pass_tagged),
	 .derive = derive_pass_tagged},
	// The first of these fills all: they come after the profile.
	{"admission", SCHEMA_MAP, FIELD(struct config_lan, admission), .rows = schema_admission,
	 .derive = schema_inherit_lan},
	{"port-security", SCHEMA_MAP, FIELD(struct config_lan, security), .rows = schema_security},
	{"violation", SCHEMA_MAP, FIELD(struct config_lan, reactions.violation),
	 .rows = schema_violation},
	{"storm-control", SCHEMA_MAP, FIELD(struct config_lan, reactions.storm),
	 .rows = schema_storm},
	{"loop-detection", SCHEMA_MAP, FIELD(struct config_lan, reactions.loop),
	 .rows = schema_loop},
	{"link-flaps", SCHEMA_MAP, FIELD(struct config_lan, reactions.flaps), .rows = schema_flaps},
	{"duplicate-macs", SCHEMA_MAP, FIELD(struct config_lan, duplicates),
	 .rows = schema_duplicates},
	{"sponge", SCHEMA_MAP, FIELD(struct config_lan, sponge),
	 PLACE(struct config_lan, sponge_place), .rows = schema_sponge,
	 .derive = schema_default_sponge},
	{"bindings", SCHEMA_MAP, FIELD(struct config_lan, bindings),
	 PLACE(struct config_lan, bindings_place), .rows = schema_bindings,
	 .derive = schema_default_bindings},
	{"reserved-macs", SCHEMA_MACS,
	 LIST(struct config_lan, reserved, reserved_places, n_reserved), .max = 1024},
	{},
};

static const struct schema member_rows[] = {
	{"asn", SCHEMA_NUMBER, FIELD(struct config_port, asn), .min = 1, .max = 4294967294},
	{"name", SCHEMA_TEXT, FIELD(struct config_port, member_name), .min = 1, .max = 127},
	{},
};

static const struct schema membership_rows[] = {
	{"tagged", SCHEMA_BOOL, FIELD(struct config_member, tagged), .absent = false},
	{"vlan", SCHEMA_NUMBER, FIELD(struct config_member, vid),
	 PLACE(struct config_member, vlan_place), .min = 1, .max = 4094, .derive = derive_vid},
	{"macs", SCHEMA_MACS, LIST(struct config_member, macs, mac_places, n_macs), .max = 1024},
	{"ips", SCHEMA_IPS, LIST(struct config_member, ips, ip_places, n_ips), .max = 256},
	{"admission", SCHEMA_MAP, FIELD(struct config_member, admission), .rows = schema_admission,
	 .derive = schema_inherit_member}, // fills both
	{"port-security", SCHEMA_MAP, FIELD(struct config_member, security),
	 .rows = schema_security},
	{"monitor", SCHEMA_BOOL, FIELD(struct config_member, monitor), .absent = false},
	{},
};

static const struct schema port_rows[] = {
	{"device", SCHEMA_DEVICE, .required = true, FIELD(struct config_port, device),
	 PLACE(struct config_port, device_place)},
	{"lag", SCHEMA_NAME, FIELD(struct config_port, lag), PLACE(struct config_port, lag_place)},
	{"lacp", SCHEMA_MAP, FIELD(struct config_port, lacp), PLACE(struct config_port, lacp_place),
	 .rows = schema_lacp, .derive = schema_default_lacp, .unless = &schema_link},
	{"member", SCHEMA_MAP, .rows = member_rows, .unless = &schema_link},
	{"description", SCHEMA_TEXT, FIELD(struct config_port, description), .min = 1, .max = 255},
	{"admin", SCHEMA_WORD, FIELD(struct config_port, admin_up), .words = admin_states,
	 .absent = true},
	{"lans", SCHEMA_LANS, .rows = membership_rows, .add = add_member, .max = MAX_LANS,
	 .unless = &schema_link},
	{"mtu", SCHEMA_NUMBER, FIELD(struct config_port, mtu), PLACE(struct config_port, mtu_place),
	 .min = CONFIG_MTU_MIN, .max = CONFIG_MTU_MAX, .derive = derive_mtu,
	 .unless = &schema_link},
	{"queues", SCHEMA_NUMBER, FIELD(struct config_port, queues),
	 PLACE(struct config_port, queues_place), .min = 1, .max = MAX_QUEUES},
	{"learning", SCHEMA_BOOL, FIELD(struct config_port, learning), .derive = derive_learning,
	 .unless = &schema_link},
	{"learn-limit", SCHEMA_NUMBER, FIELD(struct config_port, learn_limit), .min = 1,
	 .max = MAX_LANS * FDB_MAX, .unless = &schema_link},
	{"flood-unknown-unicast", SCHEMA_BOOL, FIELD(struct config_port, flood_unknown_unicast),
	 .absent = true, .unless = &schema_link},
	{"flood-multicast", SCHEMA_BOOL, FIELD(struct config_port, flood_multicast), .absent = true,
	 .unless = &schema_link},
	{"isolation", SCHEMA_NAME, FIELD(struct config_port, isolation), .unless = &schema_link},
	{"violation", SCHEMA_MAP, FIELD(struct config_port, reactions.violation),
	 .rows = schema_violation, .unless = &schema_link,
	 .derive = schema_inherit_port}, // fills the next three, too
	{"storm-control", SCHEMA_MAP, FIELD(struct config_port, reactions.storm),
	 .rows = schema_storm, .unless = &schema_link},
	{"loop-detection", SCHEMA_MAP, FIELD(struct config_port, reactions.loop),
	 .rows = schema_loop, .unless = &schema_link},
	{"link-flaps", SCHEMA_MAP, FIELD(struct config_port, reactions.flaps), .rows = schema_flaps,
	 .unless = &schema_link},
	{"quarantine", SCHEMA_BOOL, FIELD(struct config_port, quarantine),
	 PLACE(struct config_port, quarantine_place), .absent = false, .unless = &schema_link},
	{"runts", SCHEMA_WORD, FIELD(struct config_port, drop_runts),
	 PLACE(struct config_port, runts_place), .words = runts, .derive = derive_runts,
	 .unless = &schema_link},
	{"sampling", SCHEMA_NUMBER, FIELD(struct config_port, sampling),
	 PLACE(struct config_port, sampling_place), .min = 1, .max = SFLOW_SAMPLING_MAX,
	 .zero = "off", .derive = schema_inherit_sampling, .unless = &schema_link},
	{},
};

enum { CONFIG_VERSION = 1 };

const struct schema config_schema[] = {
	{"version", SCHEMA_NUMBER, .required = true, FIELD(struct config, version),
	 .min = CONFIG_VERSION, .max = CONFIG_VERSION},
	{"fabric", SCHEMA_MAP, .rows = fabric_rows},
	{"sflow", SCHEMA_MAP, FIELD(struct config, sflow), PLACE(struct config, sflow.place),
	 .rows = schema_sflow},
	{"lans", SCHEMA_NAMES, .required = true, .rows = lan_rows, .add = add_lan, .max = MAX_LANS},
	{"ports", SCHEMA_NAMES, .required = true, .rows = port_rows, .add = add_port,
	 .max = PORT_FABRIC},
	{},
};
