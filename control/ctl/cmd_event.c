// SPDX-License-Identifier: BSD-3-Clause
// `ixfab show event ID`: everything about one, with its first frame in words and in octets.
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "control/ctl/command.h"
#include "control/ctl/hex.h"
#include "control/ctl/out_text.h"

enum { DUMP_LINE = 16 };

static char *event_member(const json_t *event)
{
	const char *name = out_string(event, "member");
	json_int_t asn = out_integer(event, "asn");

	if (!asn)
		return cell_clean(cell_format("%s", *name ? name : "-"));
	return cell_clean(
		cell_format("AS%" JSON_INTEGER_FORMAT "%s%s", asn, *name ? " " : "", name));
}

static char *event_macs(const json_t *event)
{
	char *macs = cell_text(json_object_get(event, "macs"), CELL_TEXT);
	bool more = json_is_true(json_object_get(event, "more_macs"));
	char *text = cell_format("%s%s", *macs ? macs : "-", more ? " and others" : "");

	free(macs);
	return text;
}

static char *event_state(const json_t *event)
{
	return cell_format("%s",
			   json_is_true(json_object_get(event, "open")) ? "going on" : "over");
}

static void dump_line(FILE *file, const unsigned char *octets, size_t at, size_t n)
{
	fprintf(file, "  %04zx", at);
	for (size_t i = 0; i < DUMP_LINE; i++) {
		if (i < n)
			fprintf(file, "%s%02x", i % 8 ? " " : "  ", octets[at + i]);
		else
			fputs(i % 8 ? "   " : "    ", file);
	}
	fputs("  ", file);
	for (size_t i = 0; i < n; i++)
		fputc(isprint(octets[at + i]) && octets[at + i] < 0x80 ? octets[at + i] : '.',
		      file);
	fputc('\n', file);
}

static void print_frame(struct out *out, const json_t *event)
{
	const json_t *lines = json_object_get(event, "decoded");
	unsigned char octets[256];
	size_t n = hex_read(out_string(event, "frame"), octets, sizeof(octets));

	if (!n)
		return;
	fputc('\n', out->file);
	out_line(out, "Its first frame, %" JSON_INTEGER_FORMAT " octets%s",
		 out_integer(event, "length"),
		 (json_int_t)n < out_integer(event, "length") ? ", of which these were kept:"
							      : ":");
	for (size_t i = 0; i < json_array_size(lines); i++)
		out_line(out, "  %s", json_string_value(json_array_get(lines, i)));
	fputc('\n', out->file);
	for (size_t at = 0; at < n; at += DUMP_LINE)
		dump_line(out->file, octets, at, n - at < DUMP_LINE ? n - at : DUMP_LINE);
}

void view_event(struct out *out, const json_t *result)
{
	static const struct column fields[] = {
		{"Event", "id", CELL_TEXT},
		{"Port", "port", CELL_TEXT},
		{"Member", NULL, CELL_TEXT, event_member},
		{"LAN", "lan", CELL_TEXT},
		{"Reason", "reason", CELL_TEXT},
		{"  meaning", "text", CELL_TEXT},
		{"  detail", "detail", CELL_TEXT},
		{"Level", "level", CELL_TEXT},
		{"State", NULL, CELL_TEXT, event_state},
		{"First", "first", CELL_TIME},
		{"Last", "last", CELL_TIME},
		{"Count", "count", CELL_COUNT},
		{"From", NULL, CELL_TEXT, event_macs},
	};
	const json_t *event = json_object_get(result, "event");

	out_fields(out, event, fields, N_COLUMNS(fields));
	print_frame(out, event);
}
