// SPDX-License-Identifier: BSD-3-Clause
// Single values of a feed, in whatever form feeds have them: null is absent, numbers and booleans
// may be strings. "where" is the path of the object, for complaints.
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

struct complaints;

enum field {
	FIELD_ABSENT,
	FIELD_GOOD,
	FIELD_WRONG, // there is a complaint
};

enum field field_number(struct complaints *complaints, const json_t *object, const char *key,
			const char *where, uint64_t max, uint64_t *value);
enum field field_bool(struct complaints *complaints, const json_t *object, const char *key,
		      const char *where, bool *value);

// NULL if absent, empty, or (with a complaint) no text.
const char *field_text(struct complaints *complaints, const json_t *object, const char *key,
		       const char *where);

// NULL if absent or (with a complaint) something else. An empty list is an empty map, and the other
// way round: so PHP writes them.
const json_t *field_list(struct complaints *complaints, const json_t *object, const char *key,
			 const char *where);
const json_t *field_map(struct complaints *complaints, const json_t *object, const char *key,
			const char *where);

// A copy of what somebody else wrote, fit to stand on one line of YAML, in quotes or in a comment:
// without control, invisible and line-breaking characters, at most "max" octets. Returns NULL if
// nothing is left.
char *field_clean(const char *text, size_t max);
