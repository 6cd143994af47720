// SPDX-License-Identifier: BSD-3-Clause
// One connection of a member while it is read. For ixf_connection.c and ixf_bind.c only.
#pragma once

#include "control/config/path.h"
#include "control/import/ixf.h"

struct import_port;

// An entry of a vlan_list. Some feeds have two for one VLAN, one for each family.
struct ixf_entry {
	const json_t *json;
	struct path where;
	uint64_t vlan; // 0: not said
	struct ip ips[2];
	size_t n_ips;
};

struct ixf_connection {
	struct ixf *ixf;
	struct feed *feed;
	const json_t *json;
	const char *where;
	uint32_t asn;
	const char *name;
	bool inactive;
	struct ixf_entry *entries;
	size_t n_entries;
	struct import_port *port;
	bool by_asn; // the port was there already, and only the AS number says it is this one
};

// Find the port of the fabric that the connection is, by the port map, and add it to the import.
// Returns false, with a warning or a complaint, if there is none.
bool ixf_bind_port(struct ixf_connection *c);
