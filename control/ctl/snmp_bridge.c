// SPDX-License-Identifier: BSD-3-Clause
#include "control/ctl/snmp_bridge.h"

#include <string.h>

#include "control/ctl/out_text.h"
#include "control/ctl/snmp_rows.h"

enum { BRIDGE_PORT_MAX = 65535, FDB_WITHOUT_VLAN = 4096 };

// dot1dTpFdbStatus and dot1qTpFdbStatus
enum fdb_status { FDB_LEARNED = 3, FDB_MANAGEMENT = 5 };

// The FDB of each LAN, by its name.
static json_t *number_fdbs(const json_t *lans)
{
	json_t *fdbs = json_object();

	for (size_t i = 0; i < json_array_size(lans); i++) {
		const json_t *lan = json_array_get(lans, i);
		json_int_t vlan = out_integer(lan, "vlan");

		json_object_set_new(fdbs, out_string(lan, "name"),
				    json_integer(vlan ? vlan : FDB_WITHOUT_VLAN + (json_int_t)i));
	}
	return fdbs;
}

// The number of each port, by its name. A link of a LAG is none of the bridge.
static json_t *number_ports(const json_t *ports)
{
	json_t *numbers = json_object();

	for (size_t i = 0; i < json_array_size(ports); i++) {
		const json_t *port = json_array_get(ports, i);
		json_int_t number = out_integer(port, "ifindex");

		if (strcmp(out_string(port, "kind"), "link") != 0 && number > 0 &&
		    number <= BRIDGE_PORT_MAX)
			json_object_set_new(numbers, out_string(port, "name"),
					    json_integer(number));
	}
	return numbers;
}

static void add_ports(struct snmp_rows *rows, json_t *numbers)
{
	const char *name;
	json_t *number;

	json_object_foreach (numbers, name, number) {
		uint32_t port = (uint32_t)json_integer_value(number);

		snmp_rows_add(rows, SNMP_BRIDGE ".1.4.1.1", &port, 1, SNMP_INTEGER, port);
		snmp_rows_add(rows, SNMP_BRIDGE ".1.4.1.2", &port, 1, SNMP_INTEGER, port);
	}
}

// dot1qVlanFdbId, whose index begins with a time filter: 0 asks for everything.
static void add_vlans(struct snmp_rows *rows, json_t *fdbs)
{
	const char *name;
	json_t *fdb;

	json_object_foreach (fdbs, name, fdb) {
		uint32_t index[] = {0, (uint32_t)json_integer_value(fdb)};

		if (index[1] < FDB_WITHOUT_VLAN)
			snmp_rows_add(rows, SNMP_BRIDGE ".7.1.4.2.1.3", index, 2, SNMP_GAUGE,
				      index[1]);
	}
}

static void add_entry(struct snmp_rows *rows, uint32_t fdb, mac_t mac, uint32_t port,
		      enum fdb_status status)
{
	uint32_t index[7] = {fdb};
	uint8_t octets[6];

	mac_store(mac, octets);
	for (size_t i = 0; i < sizeof(octets); i++)
		index[i + 1] = octets[i];
	snmp_rows_add(rows, SNMP_BRIDGE ".7.1.2.2.1.2", index, 7, SNMP_INTEGER, port);
	snmp_rows_add(rows, SNMP_BRIDGE ".7.1.2.2.1.3", index, 7, SNMP_INTEGER, status);
	// Without VLANs an address can be told once.
	snmp_rows_add(rows, SNMP_BRIDGE ".4.3.1.1", index + 1, 6, SNMP_MAC, mac);
	snmp_rows_add(rows, SNMP_BRIDGE ".4.3.1.2", index + 1, 6, SNMP_INTEGER, port);
	snmp_rows_add(rows, SNMP_BRIDGE ".4.3.1.3", index + 1, 6, SNMP_INTEGER, status);
}

static void add_macs(struct snmp_rows *rows, const json_t *ports, const json_t *fdbs,
		     const json_t *macs)
{
	for (size_t i = 0; i < json_array_size(macs); i++) {
		const json_t *entry = json_array_get(macs, i);
		const json_t *port = json_object_get(ports, out_string(entry, "ifname"));
		const json_t *fdb = json_object_get(fdbs, out_string(entry, "lan"));
		bool learned = strcmp(out_string(entry, "state"), "learned") == 0;
		mac_t mac;

		// The exchange's own addresses are at no port.
		if (port && fdb && mac_parse(out_string(entry, "mac"), &mac) == 0)
			add_entry(rows, (uint32_t)json_integer_value(fdb), mac,
				  (uint32_t)json_integer_value(port),
				  learned ? FDB_LEARNED : FDB_MANAGEMENT);
	}
}

void snmp_add_bridge(struct snmp_rows *rows, const json_t *interfaces, const json_t *lans,
		     const json_t *macs)
{
	json_t *ports = number_ports(json_object_get(interfaces, "interfaces"));
	json_t *fdbs = number_fdbs(json_object_get(lans, "lans"));

	add_ports(rows, ports);
	add_vlans(rows, fdbs);
	add_macs(rows, ports, fdbs, json_object_get(macs, "macs"));
	json_decref(ports);
	json_decref(fdbs);
}
