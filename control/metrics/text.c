// SPDX-License-Identifier: BSD-3-Clause
#include "control/metrics/text.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "control/alloc.h"

static void put(struct metrics_text *text, const char *octets, size_t n)
{
	if (n == 0)
		return; // there may be no memory yet
	if (text->room - text->n < n) {
		text->room = (text->n + n) * 2;
		text->octets = alloc_array(text->octets, text->room, 1);
	}
	memcpy(text->octets + text->n, octets, n);
	text->n += n;
}

static void put_text(struct metrics_text *text, const char *string)
{
	put(text, string, strlen(string));
}

// ---- Families

static const char *unit_of(const char *name)
{
	static const char *const units[] = {"bytes", "seconds", "cycles"};
	const char *last = strrchr(name, '_');

	for (size_t i = 0; last && i < sizeof(units) / sizeof(*units); i++) {
		if (strcmp(last + 1, units[i]) == 0)
			return units[i];
	}
	return NULL;
}

static const char *type_name(enum metrics_dialect dialect, enum metrics_type type)
{
	static const char *const names[] = {
		[METRICS_GAUGE] = "gauge",
		[METRICS_COUNTER] = "counter",
		[METRICS_INFO] = "info",
		[METRICS_HISTOGRAM] = "histogram",
	};

	return names[dialect == METRICS_PLAIN && type == METRICS_INFO ? METRICS_GAUGE : type];
}

// The suffix that a family's own name has.
static const char *family_suffix(enum metrics_dialect dialect, enum metrics_type type)
{
	if (dialect == METRICS_OPEN)
		return "";
	return type == METRICS_COUNTER ? "_total" : type == METRICS_INFO ? "_info" : "";
}

static void put_line(struct metrics_text *text, const char *keyword, const char *name,
		     const char *suffix, const char *value)
{
	const char *const parts[] = {"# ", keyword, " ", name, suffix, " ", value, "\n"};

	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++)
		put_text(text, parts[i]);
}

void metrics_text_family(struct metrics_text *text, const char *name, enum metrics_type type,
			 const char *help)
{
	const char *suffix = family_suffix(text->dialect, type);
	const char *unit = unit_of(name);

	put_line(text, "HELP", name, suffix, help);
	put_line(text, "TYPE", name, suffix, type_name(text->dialect, type));
	if (text->dialect == METRICS_OPEN && unit)
		put_line(text, "UNIT", name, "", unit);
}

// ---- Samples

void metrics_text_name(struct metrics_text *text, const char *name, const char *suffix)
{
	put_text(text, name);
	put_text(text, suffix);
	text->n_labels = 0;
}

static bool continues(char octet)
{
	return (octet & 0xc0) == 0x80;
}

// How many octets the character at "at" has; 0: it is no UTF-8.
static size_t character_length(const char *at)
{
	const uint8_t first = (uint8_t)at[0], second = first ? (uint8_t)at[1] : 0;

	if (first < 0x80)
		return 1;
	if (first >= 0xc2 && first <= 0xdf && continues(at[1]))
		return 2;
	// Overlong ones, surrogates and what is above U+10FFFF show in the second octet.
	if ((first & 0xf0) == 0xe0 && continues(at[1]) && continues(at[2]))
		return (first == 0xe0 && second < 0xa0) || (first == 0xed && second > 0x9f) ? 0 : 3;
	if (first >= 0xf0 && first <= 0xf4 && continues(at[1]) && continues(at[2]) &&
	    continues(at[3]))
		return (first == 0xf0 && second < 0x90) || (first == 0xf4 && second > 0x8f) ? 0 : 4;
	return 0;
}

static void put_character(struct metrics_text *text, const char *at, size_t length)
{
	if (length == 0)
		put(text, "?", 1);
	else if (*at == '\n')
		put(text, "\\n", 2);
	else if (*at == '"' || *at == '\\')
		put(text, (const char[]){'\\', *at}, 2);
	else
		put(text, at, length);
}

void metrics_text_label(struct metrics_text *text, const char *label, const char *value)
{
	put(text, text->n_labels++ ? "," : "{", 1);
	put_text(text, label);
	put(text, "=\"", 2);
	while (*value) {
		size_t length = character_length(value);

		put_character(text, value, length);
		value += length ? length : 1;
	}
	put(text, "\"", 1);
}

static void put_value(struct metrics_text *text, const char *value)
{
	put_text(text, text->n_labels ? "} " : " ");
	put_text(text, value);
	put(text, "\n", 1);
}

void metrics_text_number(struct metrics_text *text, uint64_t value)
{
	char digits[24];

	snprintf(digits, sizeof(digits), "%" PRIu64, value);
	put_value(text, digits);
}

void metrics_text_real(struct metrics_text *text, double value)
{
	char digits[336];

	snprintf(digits, sizeof(digits), "%.6f", value);
	put_value(text, digits);
}

void metrics_text_end(struct metrics_text *text)
{
	if (text->dialect == METRICS_OPEN)
		put_text(text, "# EOF\n");
}

const char *metrics_text_content_type(enum metrics_dialect dialect)
{
	return dialect == METRICS_OPEN
		       ? "application/openmetrics-text; version=1.0.0; charset=utf-8"
		       : "text/plain; version=0.0.4; charset=utf-8";
}
