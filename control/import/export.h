// SPDX-License-Identifier: BSD-3-Clause
// From the configuration to the formats that others read. Pure: what is known only of a running
// fabric is given.
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

struct config;

struct export_port {	 // what is known of a port beside its configuration
	bool quarantine; // now: it may have been promoted
	bool down;	 // admin state now
	uint32_t speed;	 // Mb/s; 0: not known
};

struct export_source {
	const struct config *config;
	const struct export_port *ports; // [config->n_ports]
	const char *lan;		 // only this LAN; NULL: all
	uint64_t ixp_id, ixf_id;	 // of the exchange
	time_t now;
};

// What the configuration alone says of its ports; to be freed.
struct export_port *export_ports(const struct config *config);

// An IX-F member export, version 1.0: members with an AS number, one connection a port, without
// those in quarantine.
json_t *export_ixf(const struct export_source *source);

// arouteserver's clients.yml: a client for each port of a member with an AS number and addresses,
// without those in quarantine. Free the text.
char *export_clients(const struct export_source *source);

// ethers(5): a line for each registered address, "02:00:00:00:65:01 as64501-swp1". Free the text.
char *export_ethers(const struct export_source *source);
