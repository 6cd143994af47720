// SPDX-License-Identifier: BSD-3-Clause
// Objects of SNMP with their values, in the order of their identifiers: what get and getnext are
// answered from. Pure.
//
// Rows are added in any order and sorted once. Of two with the same identifier the first stays.
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "lib/mac.h"

struct oid;

enum {
	SNMP_ROW_IDS = 24,  // numbers of the longest identifier here
	SNMP_TEXT_MAX = 64, // octets of a text that RFC 2863 allows (ifAlias)
};

enum snmp_type {
	SNMP_INTEGER,
	SNMP_GAUGE,	// what is more than 32 bits can say is their most
	SNMP_COUNTER,	// wraps at 32 bits
	SNMP_COUNTER64, // wraps at 64
	SNMP_TICKS,	// hundredths of a second
	SNMP_TEXT,
	SNMP_MAC, // "number" is a mac_t; 0 becomes no octets
};

struct snmp_row {
	uint8_t n;
	uint8_t type;	// enum snmp_type
	uint32_t order; // in which rows were added
	uint32_t ids[SNMP_ROW_IDS];
	union {
		uint64_t number;
		char *text;
	};
};

struct snmp_rows {
	struct snmp_row *rows;
	size_t n;
	size_t room;
};

// Add an object below "base", which is text as ".1.3.6"; "index" are "n" numbers behind it. Text is
// cut after SNMP_TEXT_MAX octets, between two characters, and what is no text in it becomes "?".
void snmp_rows_add(struct snmp_rows *rows, const char *base, const uint32_t *index, size_t n,
		   enum snmp_type type, uint64_t number);
void snmp_rows_add_text(struct snmp_rows *rows, const char *base, const uint32_t *index, size_t n,
			const char *text);

void snmp_rows_sort(struct snmp_rows *rows);
void snmp_rows_clear(struct snmp_rows *rows);

// The row of "oid", or the first behind it; NULL if there is none. Valid until rows are changed.
const struct snmp_row *snmp_rows_find(const struct snmp_rows *rows, const struct oid *oid);
const struct snmp_row *snmp_rows_next(const struct snmp_rows *rows, const struct oid *oid);

// Write identifier, type and value as pass_persist of snmpd.conf(5) wants them, a line each.
void snmp_row_print(const struct snmp_row *row, FILE *file);
