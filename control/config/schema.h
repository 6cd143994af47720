// SPDX-License-Identifier: BSD-3-Clause
// The schema: which keys there are, what they hold, and where in struct config it goes.
//
// One row a key. Rows are read in the order of the table, not of the file, so that a default may
// depend on what stands above it in the table (a knob on its LAN's profile, a port's MTU on LANs).
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "control/config/config.h"
#include "control/config/tree.h"

enum { SCHEMA_ROWS_MAX = 24 }; // of one table

enum schema_type {
	SCHEMA_MAP,	 // known keys: "rows", of the object at "offset" in this one
	SCHEMA_NAMES,	 // keys are names: "add" makes an object of each, read by "rows"
	SCHEMA_LANS,	 // as SCHEMA_NAMES, and each name is that of a LAN
	SCHEMA_MAC,	 // a MAC address
	SCHEMA_MACS,	 // a list of MAC addresses
	SCHEMA_IP,	 // an IP address
	SCHEMA_IPS,	 // a list of IP addresses
	SCHEMA_PAIR,	 // a list of at most one address of each family: struct ip [2], IPv4 first
	SCHEMA_PREFIXES, // a list of prefixes
	SCHEMA_NUMBER,	 // decimal
	SCHEMA_FRACTION, // a double
	SCHEMA_BOOL,	 // yes, no, and YAML's other words for them
	SCHEMA_WORD,	 // one of "words"
	SCHEMA_SET,	 // a list of "words", none or all: a bit for each
	SCHEMA_LABEL,	 // a line of text, in an array
	SCHEMA_TEXT,	 // a line of text, allocated
	SCHEMA_NAME,	 // [A-Za-z0-9._-]+, in an array of NAME_SIZE
	SCHEMA_DEVICE,	 // a device string
	SCHEMA_RATE,	 // a struct rate
	SCHEMA_TYPES,	 // a struct config_types: a list of ethertypes, or "any"
};

// A key beside which others have no place, and why.
struct schema_unless {
	const char *key;
	const char *why;
};

// What could not be read is left zero, and in a list a zero stands in its place: who checks further
// skips zeros.
struct schema {
	const char *key; // NULL ends a table
	enum schema_type type;
	bool required;
	size_t offset; // of the field in its object
	size_t size;   // of the field
	// of a struct config_place, of a pair's two, or of a list's array of them; 0: none is kept
	size_t place;
	size_t count; // of a list's size_t

	// NUMBER, FRACTION: the range. Texts: octets. Lists and names: how many. RATE: "min" is the
	// floor.
	uint32_t min, max;

	uint32_t absent; // NUMBER, BOOL, WORD: what it is if it is not given
	bool inherited;	 // if it is not given, it stays as it is
	// Instead of "absent"; of a MAP: to be called before it is read, given or not.
	void (*derive)(const struct config *config, void *object);
	const char *const *words;	    // in the order of their values
	const char *zero;		    // NUMBER, FRACTION, MAC: the word for 0
	const struct schema_unless *unless; // a key that this one cannot stand beside, or NULL
	const struct schema *rows;

	// Append an object to the one that holds the key. If the names are those of LANs, "lan" is
	// the index, SIZE_MAX if there is no such LAN.
	void *(*add)(void *object, const char *name, struct config_place place, size_t lan);
};

// The LAN of a membership; NULL if it could not be read.
static inline const struct config_lan *config_member_lan(const struct config *config,
							 const struct config_member *member)
{
	return member->lan < config->n_lans ? &config->lans[member->lan] : NULL;
}

extern const struct schema config_schema[];
