// SPDX-License-Identifier: BSD-3-Clause
// Object identifiers: up to 128 numbers (RFC 2578, section 3.5), ordered number by number, so that
// ".1.3.9" stands before ".1.3.10", and behind ".1.3".
#pragma once

#include <stddef.h>
#include <stdint.h>

enum {
	OID_MAX = 128,
	OID_TEXT_SIZE = OID_MAX * 11 + 1, // each a dot and ten digits
};

struct oid {
	size_t n;
	uint32_t ids[OID_MAX];
};

// Read ".1.3.6.1"; the first dot may be left out. Returns 0 or -EINVAL.
int oid_parse(const char *text, struct oid *oid);

// Returns less than, equal to or more than 0, as strcmp() does.
int oid_compare(const uint32_t *a, size_t n_a, const uint32_t *b, size_t n_b);

// Write ".1.3.6.1". Returns "text".
char *oid_format(const uint32_t *ids, size_t n, char text[OID_TEXT_SIZE]);
