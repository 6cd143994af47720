// SPDX-License-Identifier: BSD-3-Clause
#include "control/ctl/snmp_interfaces.h"

#include <stdio.h>
#include <string.h>

#include "control/ctl/cell.h"
#include "control/ctl/out_text.h"
#include "control/ctl/snmp_rows.h"

#define IF_ENTRY   SNMP_IF_TABLE ".1"
#define IF_X_ENTRY SNMP_IF_X_TABLE ".1"

enum {
	IF_TYPE_ETHERNET = 6,
	IF_TYPE_LAG = 161,
	IF_UP = 1,
	IF_DOWN = 2,
	IF_NOT_PRESENT = 6,
	YES = 1,
	NO = 2
};

// A counter of show.interfaces, and the columns that tell it; NULL: none does.
struct counted {
	const char *key;
	const char *low;  // Counter32
	const char *high; // Counter64
};

static const struct counted columns[] = {
	{"counters.in_octets", IF_ENTRY ".10", IF_X_ENTRY ".6"},
	{"counters.in_unicast", IF_ENTRY ".11", IF_X_ENTRY ".7"},
	{"counters.in_discards", IF_ENTRY ".13", NULL},
	{"counters.in_errors", IF_ENTRY ".14", NULL},
	{"counters.in_multicast", IF_X_ENTRY ".2", IF_X_ENTRY ".8"},
	{"counters.in_broadcast", IF_X_ENTRY ".3", IF_X_ENTRY ".9"},
	{"counters.out_octets", IF_ENTRY ".16", IF_X_ENTRY ".10"},
	{"counters.out_unicast", IF_ENTRY ".17", IF_X_ENTRY ".11"},
	{"counters.out_discards", IF_ENTRY ".19", NULL},
	{"counters.out_multicast", IF_X_ENTRY ".4", IF_X_ENTRY ".12"},
	{"counters.out_broadcast", IF_X_ENTRY ".5", IF_X_ENTRY ".13"},
};

static void add(struct snmp_rows *rows, const char *column, uint32_t port, enum snmp_type type,
		uint64_t number)
{
	snmp_rows_add(rows, column, &port, 1, type, number);
}

static void add_text(struct snmp_rows *rows, const char *column, uint32_t port, const char *text)
{
	snmp_rows_add_text(rows, column, &port, 1, text);
}

static void add_counters(struct snmp_rows *rows, const json_t *port, uint32_t ifindex)
{
	for (size_t i = 0; i < N_COLUMNS(columns); i++) {
		uint64_t value = (uint64_t)out_integer(port, columns[i].key);

		add(rows, columns[i].low, ifindex, SNMP_COUNTER, value);
		if (columns[i].high)
			add(rows, columns[i].high, ifindex, SNMP_COUNTER64, value);
	}
	// What may not or cannot leave is a discard, and was whole. What goes wrong behind a device
	// that took it, nobody tells a worker.
	add(rows, IF_ENTRY ".20", ifindex, SNMP_COUNTER, 0);
}

// What IXP Manager looks for in ifAlias.
static void add_alias(struct snmp_rows *rows, const json_t *port, uint32_t ifindex)
{
	const char *member = out_string(port, "member");
	json_int_t asn = out_integer(port, "asn");
	char text[SNMP_TEXT_MAX * 2] = "";

	if (*member)
		snprintf(text, sizeof(text), "Cust: %s", member);
	else if (asn)
		snprintf(text, sizeof(text), "Cust: AS%" JSON_INTEGER_FORMAT, asn);
	else
		snprintf(text, sizeof(text), "%s", out_string(port, "description"));
	add_text(rows, IF_X_ENTRY ".18", ifindex, text);
}

static int oper_status(const json_t *port)
{
	const char *oper = out_string(port, "oper");

	if (!*oper)
		return IF_NOT_PRESENT;
	return strcmp(oper, "up") == 0 ? IF_UP : IF_DOWN;
}

// What was so before the agent started has been so at 0.
static void add_last_change(struct snmp_rows *rows, const json_t *port, uint32_t ifindex,
			    double agent_started)
{
	double changed = json_number_value(json_object_get(port, "changed"));

	if (agent_started <= 0)
		return;
	add(rows, IF_ENTRY ".9", ifindex, SNMP_TICKS,
	    changed > agent_started ? (uint64_t)((changed - agent_started) * 100) : 0);
}

// The LAG that a link is meant for, and whose it is now: 0 while it is not in use.
static void add_lag(struct snmp_rows *rows, const json_t *port, uint32_t ifindex)
{
	uint64_t lag = (uint64_t)out_integer(port, "lag_ifindex");
	bool in_use = json_is_true(json_object_get(port, "in_use"));

	if (!lag)
		return;
	add(rows, SNMP_AGG_PORT ".12", ifindex, SNMP_INTEGER, lag);
	add(rows, SNMP_AGG_PORT ".13", ifindex, SNMP_INTEGER, in_use ? lag : 0);
}

static void add_port(struct snmp_rows *rows, const json_t *port, double agent_started)
{
	uint32_t ifindex = (uint32_t)out_integer(port, "ifindex");
	uint64_t speed = (uint64_t)out_integer(port, "speed");
	bool up = strcmp(out_string(port, "admin"), "up") == 0;
	bool connector = json_is_true(json_object_get(port, "connector"));
	bool is_lag = strcmp(out_string(port, "kind"), "lag") == 0;
	mac_t mac = 0;

	mac_parse(out_string(port, "mac"), &mac);
	add(rows, IF_ENTRY ".1", ifindex, SNMP_INTEGER, ifindex);
	add_text(rows, IF_ENTRY ".2", ifindex, out_string(port, "name"));
	add(rows, IF_ENTRY ".3", ifindex, SNMP_INTEGER, is_lag ? IF_TYPE_LAG : IF_TYPE_ETHERNET);
	add(rows, IF_ENTRY ".4", ifindex, SNMP_INTEGER, (uint64_t)out_integer(port, "mtu"));
	add(rows, IF_ENTRY ".5", ifindex, SNMP_GAUGE, speed * 1000000);
	add(rows, IF_ENTRY ".6", ifindex, SNMP_MAC, mac);
	add(rows, IF_ENTRY ".7", ifindex, SNMP_INTEGER, up ? IF_UP : IF_DOWN);
	add(rows, IF_ENTRY ".8", ifindex, SNMP_INTEGER, (uint64_t)oper_status(port));
	add_last_change(rows, port, ifindex, agent_started);
	add_text(rows, IF_X_ENTRY ".1", ifindex, out_string(port, "name"));
	add(rows, IF_X_ENTRY ".15", ifindex, SNMP_GAUGE, speed);
	add(rows, IF_X_ENTRY ".16", ifindex, SNMP_INTEGER, YES); // a bridge takes every frame
	add(rows, IF_X_ENTRY ".17", ifindex, SNMP_INTEGER, connector ? YES : NO);
	add_alias(rows, port, ifindex);
	if (json_is_object(json_object_get(port, "counters")))
		add_counters(rows, port, ifindex);
	add_lag(rows, port, ifindex);
}

void snmp_add_interfaces(struct snmp_rows *rows, const json_t *result, double agent_started)
{
	const json_t *ports = json_object_get(result, "interfaces");

	for (size_t i = 0; i < json_array_size(ports); i++) {
		const json_t *port = json_array_get(ports, i);

		if (out_integer(port, "ifindex") > 0 && out_integer(port, "ifindex") <= INT32_MAX)
			add_port(rows, port, agent_started);
	}
}
