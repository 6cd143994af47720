// SPDX-License-Identifier: BSD-3-Clause
// `ixfab show sponge`, and what is said to the sponge: `ixfab sponge`, `unsponge`, `clear sponge`,
// `probe` and `inform`.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/ctl/command.h"
#include "control/ctl/out_text.h"
#include "control/ctl/port_state.h"

static const char *plural(json_int_t n, const char *one, const char *many)
{
	return n == 1 ? one : many;
}

// What differs from a sponge that does all it can.
static void print_modes(struct out *out, const json_t *lan)
{
	static const struct {
		const char *key, *text;
	} modes[] = {
		{"learning", "It has just started and only listens."},
		{"dummy", "It answers nobody: dummy."},
		{"passive", "It asks nobody: passive."},
		{"static", "No state changes by itself: static."},
	};

	for (size_t i = 0; i < N_COLUMNS(modes); i++) {
		if (json_is_true(json_object_get(lan, modes[i].key)))
			out_line(out, "  %s", modes[i].text);
	}
}

static void print_lan(struct out *out, const json_t *lan)
{
	out_line(out,
		 "LAN %s: %s, %s. %" JSON_INTEGER_FORMAT " dead, %" JSON_INTEGER_FORMAT
		 " pending, %" JSON_INTEGER_FORMAT " alive, %" JSON_INTEGER_FORMAT
		 " static, %" JSON_INTEGER_FORMAT " of which nothing is known.",
		 out_string(lan, "lan"), out_string(lan, "mode"), out_string(lan, "mac"),
		 out_integer(lan, "states.dead"), out_integer(lan, "states.pending"),
		 out_integer(lan, "states.alive"), out_integer(lan, "states.static"),
		 out_integer(lan, "states.none"));
	print_modes(out, lan);
	if (out_integer(lan, "forgotten"))
		out_line(out,
			 "  %" JSON_INTEGER_FORMAT " addresses that nobody has were forgotten to "
			 "make room.",
			 out_integer(lan, "forgotten"));
}

static void print_counts(struct out *out, const json_t *result)
{
	json_int_t missed = out_integer(result, "counts.missed");

	out_line(out,
		 "%" JSON_INTEGER_FORMAT " questions by members, %" JSON_INTEGER_FORMAT
		 " by the sponge; %" JSON_INTEGER_FORMAT " signs of life; %" JSON_INTEGER_FORMAT
		 " neighbours told again.",
		 out_integer(result, "counts.questions"), out_integer(result, "counts.queries"),
		 out_integer(result, "counts.signs"), out_integer(result, "counts.updates"));
	if (missed)
		out_line(out,
			 "%" JSON_INTEGER_FORMAT " more came too fast to be looked at: questions "
			 "are \"at least\".",
			 missed);
	if (out_integer(result, "counts.lost"))
		out_line(out,
			 "%" JSON_INTEGER_FORMAT
			 " frames of the sponge were not sent: there was no "
			 "room for them.",
			 out_integer(result, "counts.lost"));
}

static char *address_state(const json_t *row)
{
	const char *state = out_string(row, "state");
	bool protected = json_is_true(json_object_get(row, "protected"));

	if (strcmp(state, "pending") == 0)
		return cell_format("pending %" JSON_INTEGER_FORMAT "%s",
				   out_integer(row, "pending"), protected ? ", protected" : "");
	return cell_clean(cell_format("%s%s", state, protected ? ", protected" : ""));
}

static char *address_rate(const json_t *row)
{
	const json_t *rate = json_object_get(row, "rate");

	return json_is_number(rate) ? cell_format("%.1f/min", json_number_value(rate))
				    : cell_format("-");
}

static void print_addresses(struct out *out, const json_t *result)
{
	static const struct column columns[] = {
		{"ADDRESS", "address", CELL_TEXT},
		{"LAN", "lan", CELL_TEXT},
		{"STATE", NULL, CELL_TEXT, address_state},
		{"SINCE", "since", CELL_TIME},
		{"PORT", "ifname", CELL_TEXT},
		{"MEMBER", NULL, CELL_TEXT, port_member},
		{"MAC", "mac", CELL_TEXT},
		{"QUEUE", "queued", CELL_COUNT},
		{"RATE", NULL, CELL_COUNT, address_rate},
		{"QUESTIONS", "questions", CELL_COUNT},
		{"ANSWERED", "answered", CELL_COUNT},
		{"PORTS-TOLD", "told", CELL_COUNT},
		{"QUERIES", "queries", CELL_COUNT},
	};
	const json_t *addresses = json_object_get(result, "addresses");

	fputc('\n', out->file);
	out_rows(out, addresses, columns, N_COLUMNS(columns));
	if (json_is_true(json_object_get(result, "truncated")))
		out_line(out, "There are more: ask for one LAN, one state or a range.");
	else if (out_integer(result, "unchanged"))
		out_line(out,
			 "%" JSON_INTEGER_FORMAT " more are as they were at the start: ask for a "
			 "range to see them.",
			 out_integer(result, "unchanged"));
}

void view_sponge(struct out *out, const json_t *result)
{
	const json_t *lans = json_object_get(result, "lans");

	for (size_t i = 0; out->header && i < json_array_size(lans); i++)
		print_lan(out, json_array_get(lans, i));
	if (out->header)
		print_counts(out, result);
	if (json_is_array(json_object_get(result, "addresses")))
		print_addresses(out, result);
}

void view_sponge_set(struct out *out, const json_t *result)
{
	json_int_t n = out_integer(result, "changed");

	out_line(out, "%" JSON_INTEGER_FORMAT " address%s now %s.", n, plural(n, " is", "es are"),
		 out_string(result, "state"));
}

void view_sponge_clear(struct out *out, const json_t *result)
{
	json_int_t n = out_integer(result, "changed");

	out_line(out, "%" JSON_INTEGER_FORMAT " address%s forgotten.", n, plural(n, "", "es"));
}

void view_sponge_probe(struct out *out, const json_t *result)
{
	json_int_t n = out_integer(result, "asked");

	out_line(out, "Asking for %" JSON_INTEGER_FORMAT " address%s.", n, plural(n, "", "es"));
}

void view_inform(struct out *out, const json_t *result)
{
	out_line(out, "%s is told where %s is.", out_string(result, "whom"),
		 out_string(result, "about"));
}
