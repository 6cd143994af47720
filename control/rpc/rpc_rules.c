// SPDX-License-Identifier: BSD-3-Clause
// Rules and limits as they are in force, key by key as the configuration has them.
#include <string.h>

#include "control/config/config.h"
#include "control/config/schema_rules.h"
#include "control/config/schema_sponge.h"
#include "control/config/value.h"
#include "control/rpc/rpc.h"

static json_t *describe_types(const struct config_types *types)
{
	char text[ETHERTYPE_TEXT_SIZE];
	json_t *list = json_array();

	for (uint16_t i = 0; i < types->n; i++)
		json_array_append_new(list,
				      json_string(config_ethertype_format(types->list[i], text)));
	return list;
}

static json_t *describe_pair(const struct ip *pair)
{
	json_t *list = json_array();

	for (int i = 0; i < 2; i++) {
		if (pair[i].family)
			json_array_append_new(list, rpc_ip(&pair[i]));
	}
	return list;
}

static json_t *describe_set(const struct schema *row, uint32_t bits)
{
	json_t *list = json_array();

	for (size_t i = 0; row->words[i]; i++) {
		if (bits & 1U << i)
			json_array_append_new(list, json_string(row->words[i]));
	}
	return list;
}

static json_t *describe_value(const struct schema *row, const void *field)
{
	const struct config_types *types = field;
	char text[VALUE_TEXT_SIZE];

	switch (row->type) {
	case SCHEMA_NUMBER:
		if (row->zero)
			return rpc_known(config_value_number(row, field));
		return json_integer(config_value_number(row, field));
	case SCHEMA_BOOL:
		return json_boolean(config_value_number(row, field));
	case SCHEMA_FRACTION:
		return json_real(*(const double *)field);
	case SCHEMA_MAC:
		return *(const mac_t *)field ? rpc_mac(*(const mac_t *)field) : json_null();
	case SCHEMA_PAIR:
		return describe_pair(field);
	case SCHEMA_SET:
		return describe_set(row, config_value_number(row, field));
	case SCHEMA_TYPES:
		if (!types->any)
			return describe_types(types);
		break;
	default:
		break;
	}
	return json_string(config_value_text(row, field, text));
}

// Keys of answers are written with '_'.
static const char *key_of(const struct schema *row, char *key, size_t size)
{
	snprintf(key, size, "%s", row->key);
	for (char *c = key; *c; c++) {
		if (*c == '-')
			*c = '_';
	}
	return key;
}

static json_t *describe_group(const struct schema *rows, const void *group)
{
	json_t *object = json_object();
	char key[32];

	for (const struct schema *row = rows; row->key; row++) {
		const char *field = (const char *)group + row->offset;

		if (row->type == SCHEMA_IPS)
			continue; // who knows its length adds it
		json_object_set_new(object, key_of(row, key, sizeof(key)),
				    row->type == SCHEMA_MAP ? describe_group(row->rows, field)
							    : describe_value(row, field));
	}
	return object;
}

static void add_member_rules(json_t *object, const struct config_admission *admission,
			     const struct config_security *security)
{
	const struct config_security resolved = {security->mode, config_security_limit(security)};

	json_object_set_new(object, "admission", describe_group(schema_admission, admission));
	json_object_set_new(object, "port_security", describe_group(schema_security, &resolved));
	if (!resolved.limit)
		json_object_del(json_object_get(object, "port_security"), "limit");
}

static void add_reactions(json_t *object, const struct config_reactions *reactions)
{
	json_object_set_new(object, "violation",
			    describe_group(schema_violation, &reactions->violation));
	json_object_set_new(object, "storm_control",
			    describe_group(schema_storm, &reactions->storm));
	json_object_set_new(object, "loop_detection",
			    describe_group(schema_loop, &reactions->loop));
	json_object_set_new(object, "link_flaps", describe_group(schema_flaps, &reactions->flaps));
}

static json_t *describe_sponge(const struct config_sponge *sponge)
{
	json_t *object = describe_group(schema_sponge, sponge), *list = json_array();

	for (size_t i = 0; i < sponge->n_protected; i++)
		json_array_append_new(list, rpc_ip(&sponge->protected[i]));
	json_object_set_new(object, "protected", list);
	return object;
}

void rpc_add_lan_rules(json_t *object, const struct config_lan *lan)
{
	json_t *reserved = json_array();

	add_member_rules(object, &lan->admission, &lan->security);
	add_reactions(object, &lan->reactions);
	json_object_set_new(object, "duplicate_macs",
			    describe_group(schema_duplicates, &lan->duplicates));
	for (size_t i = 0; i < lan->n_reserved; i++)
		json_array_append_new(reserved, rpc_mac(lan->reserved[i]));
	json_object_set_new(object, "reserved_macs", reserved);
	json_object_set_new(object, "sponge", describe_sponge(&lan->sponge));
	json_object_set_new(object, "bindings", describe_group(schema_bindings, &lan->bindings));
	json_object_set_new(object, "guard", json_boolean(lan->guard));
	json_object_set_new(object, "neighbours",
			    json_string(config_neighbours_name(lan->neighbours)));
	json_object_set_new(object, "assignments",
			    json_string(lan->assigned ? "complete" : "partial"));
}

void rpc_add_member_rules(json_t *object, const struct config_member *member)
{
	add_member_rules(object, &member->admission, &member->security);
	json_object_set_new(object, "monitor", json_boolean(member->monitor));
}

void rpc_add_port_rules(json_t *object, const struct config_port *port)
{
	add_reactions(object, &port->reactions);
	json_object_set_new(object, "runts", json_string(port->drop_runts ? "drop" : "pass"));
	json_object_set_new(object, "sampling", rpc_known(port->sampling));
}
