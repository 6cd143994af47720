// SPDX-License-Identifier: BSD-3-Clause
// A feed on its way into an import: what both kinds of feeds have.
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "control/config/complaints.h"
#include "control/config/path.h"
#include "lib/ip.h"

struct import;
struct import_lan;
struct import_port;
struct import_target;

enum { FEED_PORTS_MAX = 4096 }; // more than any fabric has, LAGs and what is left out included

struct feed {
	const struct import_target *target;
	struct complaints *complaints;
	struct import *import;
	json_t *unknown; // keys that were told
};

#define feed_wrong(feed, where, ...) \
	complain((feed)->complaints, (struct config_place){0}, where, __VA_ARGS__)
#define feed_warn(feed, where, ...) \
	complain_warning((feed)->complaints, (struct config_place){0}, where, __VA_ARGS__)

// Tell of keys that are not in "known", each once in a feed. The list ends with NULL.
void feed_note_unknown(struct feed *feed, const json_t *object, const char *where,
		       const char *const *known);

// Add the addresses of a value: a text, a list of them, or null. One that no station can have is
// left out, with a warning.
void feed_read_macs(struct feed *feed, const json_t *value, const char *where,
		    struct import_lan *lan);

// Read an address of that family; with a prefix length behind it, too. Returns false if there is
// none, or (with a complaint) a wrong one.
bool feed_read_ip(struct feed *feed, const json_t *object, const char *key, const char *where,
		  int family, struct ip *ip);

// Add an address to a membership, or complain that it cannot be there.
void feed_add_ip(struct feed *feed, const struct ip *ip, const char *where, struct import_lan *lan);

// Add a port that the import does not have yet. Returns NULL, with a complaint, if there are too
// many.
struct import_port *feed_add_port(struct feed *feed, const char *name, const char *where);
