// SPDX-License-Identifier: BSD-3-Clause
// What a feed's ports and LANs are in the fabric: by its configuration, by what the operator says
// on the command line, and by a port map.
//
// A port map is YAML: keys are what the feed has (a port's name, an AS number, an address), values
// are ports of the fabric.
//
//     Ethernet1/1: swp1
//     64501: swp2
//     192.0.2.12: swp3
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/ip.h"
#include "lib/limits.h"

struct complaints;
struct config;
struct config_lan;
struct import_port;

enum { IMPORT_LANS_MAX = 64 };

struct import_lan_choice { // a VLAN of the feed
	uint64_t number;
	char lan[NAME_SIZE]; // "": not to be imported
};

struct import_mapping {
	char *key; // as the feed writes it; addresses and AS numbers in their usual form
	char port[NAME_SIZE];
};

struct import_target {
	const struct config *config; // NULL: not known
	struct import_lan_choice lans[IMPORT_LANS_MAX];
	size_t n_lans;
	struct import_mapping *map;
	size_t n_map;
	const char *device; // of every port, '%' is its name; NULL: stands in another file
	uint64_t ixp_id;    // 0: the only one
	uint64_t vlan_id;   // 0: all
};

void import_target_fini(struct import_target *target);

// Read "10=peering,20=-". Returns false, with a complaint.
bool import_read_lans(struct import_target *target, const char *text,
		      struct complaints *complaints);

// Read a port map. Complains of what is wrong.
void import_read_map(struct import_target *target, const char *text, size_t length,
		     struct complaints *complaints);

// The port of the fabric that a key of the feed is mapped to, or NULL.
const char *import_map(const struct import_target *target, const char *key);

// What became of the search for a LAN.
enum import_found {
	IMPORT_LAN_FOUND,   // "lan" is its name
	IMPORT_LAN_SKIP,    // the operator does not want it
	IMPORT_LAN_UNKNOWN, // nothing says which it is
};

// The LAN that has this number in the feed: as the operator says; or whose "vlan" it is, if "tag";
// or in whose prefixes all of the addresses are; or the only one, if "only" says that the feed has
// only one, too.
enum import_found import_find_lan(const struct import_target *target, uint64_t number, bool tag,
				  bool only, const struct ip *ips, size_t n, char lan[NAME_SIZE]);

// The tag of a LAN of the configuration; 0 if that is not known.
uint16_t import_lan_vlan(const struct import_target *target, const char *lan);

// Why the address cannot be one of a member in that LAN, or NULL.
const char *import_ip_fault(const struct import_target *target, const char *lan,
			    const struct ip *ip);

// A port in quarantine that nobody would watch is written as down instead, with a warning: it must
// not get into production, and the configuration would be refused.
void import_settle_quarantine(const struct import_target *target, struct import_port *port,
			      struct complaints *complaints);

// Give the port its device, or leave it out, with a warning, if nothing says what it is.
void import_settle_port(const struct import_target *target, struct import_port *port,
			struct complaints *complaints);
