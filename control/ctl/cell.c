// SPDX-License-Identifier: BSD-3-Clause
#include "control/ctl/cell.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

char *cell_format(const char *format, ...)
{
	va_list args;
	char *text;

	va_start(args, format);
	if (vasprintf(&text, format, args) < 0) {
		fprintf(stderr, "ixfab: out of memory\n");
		exit(EXIT_FAILURE);
	}
	va_end(args);
	return text;
}

char *cell_clean(char *text)
{
	for (unsigned char *c = (unsigned char *)text; *c; c++) {
		if (*c < 0x20 || *c == 0x7f) {
			*c = '?';
		} else if (c[0] == 0xc2 && c[1] >= 0x80 && c[1] < 0xa0) {
			// A control character of ISO 8859, in UTF-8.
			*c++ = '?';
			*c = '?';
		}
	}
	return text;
}

const json_t *cell_find(const json_t *object, const char *path)
{
	char key[64];

	while (object && *path) {
		size_t length = strcspn(path, ".");

		snprintf(key, sizeof(key), "%.*s", (int)length, path);
		object = json_object_get(object, key);
		path += length + (path[length] == '.');
	}
	return object;
}

bool cell_is_number(enum cell_kind kind)
{
	return kind == CELL_COUNT || kind == CELL_OCTETS || kind == CELL_SPEED ||
	       kind == CELL_SECONDS || kind == CELL_RATIO;
}

// Three digits and a unit: people compare sizes with it, they do not add it up.
static char *octets_text(double octets)
{
	static const char *const units[] = {"kB", "MB", "GB", "TB", "PB", "EB"};
	int unit = -1;

	if (octets < 1000)
		return cell_format("%.0f B", octets);
	while (octets >= 999.5 && unit < 5) {
		octets /= 1000;
		unit++;
	}
	return cell_format("%.*f %s",
			   octets < 9.995   ? 2
			   : octets < 99.95 ? 1
					    : 0,
			   octets, units[unit]);
}

static char *speed_text(double megabits)
{
	if (megabits >= 1000)
		return cell_format("%gG", megabits / 1000);
	return cell_format("%gM", megabits);
}

static char *seconds_text(double seconds)
{
	uint64_t s = seconds > 0 ? (uint64_t)seconds : 0;

	if (s < 60)
		return cell_format("%" PRIu64 "s", s);
	if (s < 3600)
		return cell_format("%" PRIu64 "m%02" PRIu64 "s", s / 60, s % 60);
	if (s < 86400)
		return cell_format("%" PRIu64 "h%02" PRIu64 "m", s / 3600, s / 60 % 60);
	return cell_format("%" PRIu64 "d%02" PRIu64 "h", s / 86400, s / 3600 % 24);
}

static char *time_text(double seconds)
{
	time_t when = (time_t)seconds;
	struct tm local;
	char text[32];

	if (seconds <= 0 || !localtime_r(&when, &local))
		return cell_format("-");
	strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S", &local);
	return cell_format("%s", text);
}

static char *number_text(const json_t *value, enum cell_kind kind)
{
	double number = json_number_value(value);

	switch (kind) {
	case CELL_OCTETS:
		return octets_text(number);
	case CELL_SPEED:
		return speed_text(number);
	case CELL_SECONDS:
		return seconds_text(number);
	case CELL_TIME:
		return time_text(number);
	case CELL_RATIO:
		return cell_format("%.1f %%", number * 100);
	default:
		if (json_is_integer(value))
			return cell_format("%" JSON_INTEGER_FORMAT, json_integer_value(value));
		return cell_format("%g", number);
	}
}

static char *list_text(const json_t *list, enum cell_kind kind)
{
	char *all = cell_format("%s", json_array_size(list) ? "" : "-");

	for (size_t i = 0; i < json_array_size(list); i++) {
		char *one = cell_text(json_array_get(list, i), kind);
		char *longer = cell_format("%s%s%s", all, i ? ", " : "", one);

		free(all);
		free(one);
		all = longer;
	}
	return all;
}

char *cell_text(const json_t *value, enum cell_kind kind)
{
	switch (value ? json_typeof(value) : JSON_NULL) {
	case JSON_STRING:
		return cell_clean(cell_format("%s", json_string_value(value)));
	case JSON_INTEGER:
	case JSON_REAL:
		return number_text(value, kind);
	case JSON_TRUE:
		return cell_format("yes");
	case JSON_FALSE:
		return cell_format("no");
	case JSON_ARRAY:
		return list_text(value, kind);
	default:
		return cell_format("-");
	}
}
