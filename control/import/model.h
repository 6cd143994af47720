// SPDX-License-Identifier: BSD-3-Clause
// Members and where they are connected, as an import gathers them, whatever the feed's form.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/ip.h"
#include "lib/limits.h"
#include "lib/mac.h"

struct complaints;

enum {
	IMPORT_TEXT_MAX = 127, // octets of a member's name, and of a note
	IMPORT_MACS_MAX = 1024,
	IMPORT_IPS_MAX = 256,
};

struct import_lan { // a port's membership in a LAN
	char name[NAME_SIZE];
	uint16_t vid; // it is tagged; 0: it is not
	mac_t *macs;
	size_t n_macs;
	struct ip *ips;
	size_t n_ips;
};

struct import_port {
	char name[NAME_SIZE];
	char where[64]; // in the feed, for people
	bool left_out;	// it is written as a comment
	bool is_lag;
	bool fast;	     // of a LAG: LACP every second
	bool without_lacp;   // likewise: its member speaks none
	char lag[NAME_SIZE]; // of a link: its LAG; "": it is none
	bool down;	     // admin state
	bool quarantine;     // until an operator promotes it
	uint32_t asn;	     // 0: not known
	char *member;	     // clean; NULL: not known
	char *device;	     // NULL: stands in another file
	char **notes;	     // clean lines, to be kept as comments
	size_t n_notes;
	struct import_lan *lans;
	size_t n_lans;
};

struct import {
	const char *source; // "ixp-manager" or "ixf"
	struct import_port *ports;
	size_t n_ports;
};

void import_fini(struct import *import);

// Append a port. The pointer is good until the next one is added.
struct import_port *import_add_port(struct import *import, const char *name);
struct import_port *import_find_port(const struct import *import, const char *name);

// Keep a line as a comment at the port.
__attribute__((format(printf, 2, 3))) void import_note(struct import_port *port, const char *format,
						       ...);

// The port's membership in the LAN; added if there is none.
struct import_lan *import_lan(struct import_port *port, const char *lan);

// Add an address unless it is there. Returns whether there was room.
bool import_add_mac(struct import_lan *lan, mac_t mac);
bool import_add_ip(struct import_lan *lan, const struct ip *ip);

// Complain of addresses that two ports have in a LAN, naming both, and sort the ports by name.
void import_finish(struct import *import, struct complaints *complaints);

// Whose it is, for people: "AS64501 at swp1".
struct import_words {
	char text[96];
};
struct import_words import_who(const struct import_port *port);
