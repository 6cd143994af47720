// SPDX-License-Identifier: BSD-3-Clause
// `ixfab port PORT quarantine report`: for the operator, and to be sent to the member as it is.
#include <stdlib.h>
#include <string.h>

#include "control/ctl/command.h"
#include "control/ctl/out_text.h"

static void print_verdict(struct out *out, const json_t *report)
{
	const char *verdict = out_string(report, "verdict");
	const json_t *reasons = json_object_get(report, "reasons");
	char *since = cell_text(json_object_get(report, "since"), CELL_TIME);
	json_int_t asn = out_integer(report, "asn");
	char *member = asn ? cell_format(", AS%" JSON_INTEGER_FORMAT, asn) : cell_format("%s", "");

	out_line(out, "Port %s%s %s: %s", out_string(report, "port"), member,
		 out_string(report, "member"),
		 json_is_true(json_object_get(report, "quarantine")) ? "in quarantine"
								     : "has left quarantine");
	out_tinted(out, strcmp(verdict, "pass") == 0 ? TINT_GOOD : TINT_BAD, "Verdict: %s",
		   verdict);
	for (size_t i = 0; i < json_array_size(reasons); i++)
		out_line(out, "  - %s", json_string_value(json_array_get(reasons, i)));
	out_line(out, "%" JSON_INTEGER_FORMAT " frames since %s", out_integer(report, "frames"),
		 since);
	if (out_integer(report, "missed"))
		out_line(out,
			 "%" JSON_INTEGER_FORMAT " more came too fast to be looked at: all counts "
			 "are \"at least\"",
			 out_integer(report, "missed"));
	free(since);
	free(member);
}

static void print_table(struct out *out, const json_t *rows, const struct column *columns, size_t n)
{
	if (!json_array_size(rows))
		return;
	fputc('\n', out->file);
	out_rows(out, rows, columns, n);
}

static char *type_number(const json_t *row)
{
	json_int_t type = out_integer(row, "type");

	return type ? cell_format("0x%04x", (unsigned int)type) : cell_format("-");
}

static void print_facts(struct out *out, const json_t *report)
{
	static const struct column addresses[] = {
		{"ADDRESS", "ip", CELL_TEXT},
		{"ANSWERED", "answered", CELL_TEXT},
	};
	static const struct column macs[] = {
		{"MAC", "mac", CELL_TEXT},	  {"REGISTERED", "registered", CELL_TEXT},
		{"FRAMES", "frames", CELL_COUNT}, {"FIRST", "first", CELL_TIME},
		{"LAST", "last", CELL_TIME},
	};
	static const struct column types[] = {
		{"TYPE", NULL, CELL_TEXT, type_number},
		{"NAME", "name", CELL_TEXT},
		{"FRAMES", "frames", CELL_COUNT},
	};

	print_table(out, json_object_get(report, "addresses"), addresses, N_COLUMNS(addresses));
	print_table(out, json_object_get(report, "macs"), macs, N_COLUMNS(macs));
	print_table(out, json_object_get(report, "types"), types, N_COLUMNS(types));
}

static void print_advice(struct out *out, const json_t *advice)
{
	const json_t *lines = json_object_get(advice, "commands");

	for (size_t i = 0; i < json_array_size(lines); i++)
		out_line(out, "    %-16s  %s", i ? "" : out_string(advice, "system"),
			 json_string_value(json_array_get(lines, i)));
}

static void print_finding(struct out *out, const json_t *finding)
{
	const json_t *advice = json_object_get(finding, "advice");
	bool fault = json_is_true(json_object_get(finding, "fault"));
	char *last = cell_text(json_object_get(finding, "last"), CELL_TIME);

	fputc('\n', out->file);
	out_tinted(out, fault ? TINT_BAD : TINT_NONE, "%s", out_string(finding, "text"));
	out_line(out, "  %s: %" JSON_INTEGER_FORMAT " frame%s, the last %s",
		 out_string(finding, "finding"), out_integer(finding, "frames"),
		 out_integer(finding, "frames") == 1 ? "" : "s", last);
	out_line(out, "  first frame: %s", out_string(finding, "summary"));
	for (size_t i = 0; i < json_array_size(advice); i++)
		print_advice(out, json_array_get(advice, i));
	free(last);
}

void view_quarantine(struct out *out, const json_t *report)
{
	const json_t *findings = json_object_get(report, "findings");

	print_verdict(out, report);
	print_facts(out, report);
	for (size_t i = 0; i < json_array_size(findings); i++)
		print_finding(out, json_array_get(findings, i));
}
