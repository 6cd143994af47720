// SPDX-License-Identifier: BSD-3-Clause
#include "control/import/field.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "control/alloc.h"
#include "control/config/complaints.h"
#include "control/config/path.h"

static const struct config_place nowhere;

static struct path field_path(const char *where, const char *key)
{
	return path("%s%s%s", where, *where ? "." : "", key);
}

#define wrong(c, where, key, ...) complain(c, nowhere, field_path(where, key).text, __VA_ARGS__)

// The value, or NULL if it is not there or null.
static const json_t *find(const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);

	return json_is_null(value) ? NULL : value;
}

static bool parse_number(const json_t *value, uint64_t *number)
{
	const char *text = json_string_value(value);
	char *end;

	if (json_is_integer(value)) {
		*number = (uint64_t)json_integer_value(value);
		return json_integer_value(value) >= 0;
	}
	if (!text || *text < '0' || *text > '9')
		return false;
	errno = 0;
	*number = strtoull(text, &end, 10);
	return !*end && !errno;
}

enum field field_number(struct complaints *complaints, const json_t *object, const char *key,
			const char *where, uint64_t max, uint64_t *value)
{
	const json_t *found = find(object, key);
	uint64_t number;

	if (!found)
		return FIELD_ABSENT;
	if (!parse_number(found, &number) || number > max) {
		wrong(complaints, where, key, "must be a whole number from 0 to %" PRIu64, max);
		return FIELD_WRONG;
	}
	*value = number;
	return FIELD_GOOD;
}

enum field field_bool(struct complaints *complaints, const json_t *object, const char *key,
		      const char *where, bool *value)
{
	static const char *const words[][2] = {{"false", "true"},
					       {"no", "yes"},
					       {"off", "on"},
					       {"0", "1"}};
	const json_t *found = find(object, key);
	const char *text = json_string_value(found);

	if (!found)
		return FIELD_ABSENT;
	if (json_is_boolean(found)) {
		*value = json_is_true(found);
		return FIELD_GOOD;
	}
	if (json_is_integer(found) && (uint64_t)json_integer_value(found) <= 1) {
		*value = json_integer_value(found) == 1;
		return FIELD_GOOD;
	}
	for (size_t i = 0; text && i < 2 * sizeof(words) / sizeof(*words); i++) {
		if (strcasecmp(text, words[i / 2][i % 2]) == 0) {
			*value = i % 2;
			return FIELD_GOOD;
		}
	}
	wrong(complaints, where, key, "must be true or false");
	return FIELD_WRONG;
}

const char *field_text(struct complaints *complaints, const json_t *object, const char *key,
		       const char *where)
{
	const json_t *found = find(object, key);

	if (!found)
		return NULL;
	if (!json_is_string(found)) {
		wrong(complaints, where, key, "must be text");
		return NULL;
	}
	return *json_string_value(found) ? json_string_value(found) : NULL;
}

const json_t *field_list(struct complaints *complaints, const json_t *object, const char *key,
			 const char *where)
{
	const json_t *found = find(object, key);

	if (!found || json_is_array(found))
		return found;
	if (!json_is_object(found) || json_object_size(found))
		wrong(complaints, where, key, "must be a list");
	return NULL;
}

const json_t *field_map(struct complaints *complaints, const json_t *object, const char *key,
			const char *where)
{
	const json_t *found = find(object, key);

	if (!found || json_is_object(found))
		return found;
	if (!json_is_array(found) || json_array_size(found))
		wrong(complaints, where, key, "must be an object with keys");
	return NULL;
}

// The code point of a well-formed sequence, and its length.
static uint32_t decode(const char *text, size_t *length)
{
	const unsigned char *t = (const unsigned char *)text;

	*length = t[0] < 0x80 ? 1 : t[0] < 0xe0 ? 2 : t[0] < 0xf0 ? 3 : 4;
	if (*length == 1)
		return t[0];
	uint32_t point = t[0] & (0x7f >> *length);
	for (size_t i = 1; i < *length; i++)
		point = point << 6 | (t[i] & 0x3f);
	return point;
}

// Whether a character can be seen on a line, and stays on it. YAML does not know the last two of
// the first plane.
static bool is_visible(uint32_t point)
{
	return point >= 0x20 && (point < 0x7f || point > 0x9f) && // C0, DEL, C1
	       (point < 0x200b || point > 0x200f) &&		  // without width, directions
	       (point < 0x2028 || point > 0x202e) &&		  // line breaks, directions
	       (point < 0x2060 || point > 0x206f) && point != 0xfeff && point < 0x110000 &&
	       (point & 0xfffe) != 0xfffe;
}

char *field_clean(const char *text, size_t max)
{
	char *clean = alloc_zero(strlen(text) + 1);
	size_t used = 0, length;

	for (; *text; text += length) {
		bool visible = is_visible(decode(text, &length));
		bool space = !visible || *text == ' ';

		if (space && (!used || clean[used - 1] == ' '))
			continue;
		if (used + (space ? 1 : length) > max)
			break;
		memcpy(clean + used, space ? " " : text, space ? 1 : length);
		used += space ? 1 : length;
	}
	while (used && clean[used - 1] == ' ')
		used--;
	clean[used] = 0;
	if (used)
		return clean;
	free(clean);
	return NULL;
}
