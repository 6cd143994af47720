// SPDX-License-Identifier: BSD-3-Clause
// `ixfab show matrix`: a square of octets for a few ports, a list with every number for many.
#include <string.h>

#include "control/ctl/command.h"
#include "control/ctl/out_text.h"

enum { SQUARE_MAX = 12 };

struct kind {
	const char *key;
	const char *frames; // column titles
	const char *octets;
};

static const struct kind kinds[] = {
	{"ipv4", "IPV4-FRAMES", "IPV4-OCTETS"},
	{"ipv6", "IPV6-FRAMES", "IPV6-OCTETS"},
	{"other", "OTHER-FRAMES", "OTHER-OCTETS"},
};

struct square {
	const char *names[SQUARE_MAX];
	size_t n;
	json_int_t octets[SQUARE_MAX + 1][SQUARE_MAX + 1]; // the last of each is the total
};

// Index of the name, added if it is new; SQUARE_MAX if there is no room for it.
static size_t find_name(struct square *square, const char *name)
{
	size_t i = 0;

	while (i < square->n && strcmp(square->names[i], name) != 0)
		i++;
	if (i == square->n && i < SQUARE_MAX)
		square->names[square->n++] = name;
	return i;
}

static bool collect_names(struct square *square, const json_t *pairs)
{
	static const char *const ends[] = {"from", "to"};

	for (size_t end = 0; end < 2; end++) {
		for (size_t i = 0; i < json_array_size(pairs); i++) {
			const char *name = out_string(json_array_get(pairs, i), ends[end]);

			if (find_name(square, name) == SQUARE_MAX)
				return false;
		}
	}
	return true;
}

static json_int_t pair_octets(const json_t *pair, const char *only)
{
	json_int_t octets = 0;

	for (size_t k = 0; k < N_COLUMNS(kinds); k++) {
		if (!only || strcmp(only, kinds[k].key) == 0)
			octets += out_integer(json_object_get(pair, kinds[k].key), "octets");
	}
	return octets;
}

static void fill_square(struct square *square, const json_t *pairs, const char *only)
{
	for (size_t i = 0; i < json_array_size(pairs); i++) {
		const json_t *pair = json_array_get(pairs, i);
		size_t from = find_name(square, out_string(pair, "from"));
		size_t to = find_name(square, out_string(pair, "to"));
		json_int_t octets = pair_octets(pair, only);

		square->octets[from][to] += octets;
		square->octets[from][SQUARE_MAX] += octets;
		square->octets[SQUARE_MAX][to] += octets;
		square->octets[SQUARE_MAX][SQUARE_MAX] += octets;
	}
}

static void octets_cell(struct table *table, json_int_t octets)
{
	json_t *value = json_integer(octets);

	table_cell(table, octets ? cell_text(value, CELL_OCTETS) : cell_format("."), TINT_NONE);
	json_decref(value);
}

static void square_row(const struct square *square, struct table *table, const char *name,
		       size_t from)
{
	table_cell(table, cell_clean(cell_format("%s", name)), TINT_NONE);
	for (size_t to = 0; to < square->n; to++)
		octets_cell(table, square->octets[from][to]);
	octets_cell(table, square->octets[from][SQUARE_MAX]);
}

static void print_square(struct out *out, const struct square *square)
{
	struct table *table = table_create();

	table_column(table, "FROM \\ TO", false);
	for (size_t i = 0; i < square->n; i++)
		table_column(table, square->names[i], true);
	table_column(table, "total", true);
	for (size_t i = 0; i < square->n; i++)
		square_row(square, table, square->names[i], i);
	square_row(square, table, "total", SQUARE_MAX);
	table_print(table, out);
	table_destroy(table);
}

static void print_list(struct out *out, const json_t *pairs, const char *only)
{
	static const char *const counts[] = {"frames", "octets"};
	struct table *table = table_create();

	table_column(table, "FROM", false);
	table_column(table, "TO", false);
	for (size_t k = 0; k < N_COLUMNS(kinds); k++) {
		if (only && strcmp(only, kinds[k].key) != 0)
			continue;
		table_column(table, kinds[k].frames, true);
		table_column(table, kinds[k].octets, true);
	}
	for (size_t i = 0; i < json_array_size(pairs); i++) {
		const json_t *pair = json_array_get(pairs, i);

		table_cell(table, cell_text(json_object_get(pair, "from"), CELL_TEXT), TINT_NONE);
		table_cell(table, cell_text(json_object_get(pair, "to"), CELL_TEXT), TINT_NONE);
		for (size_t c = 0; c < 2 * N_COLUMNS(kinds); c++) {
			const char *key = kinds[c / 2].key;

			if (only && strcmp(only, key) != 0)
				continue;
			const json_t *kind = json_object_get(pair, key);
			table_cell(table,
				   cell_text(json_object_get(kind, counts[c % 2]), CELL_COUNT),
				   TINT_NONE);
		}
	}
	table_print(table, out);
	table_destroy(table);
}

// "only": count nothing but this kind; NULL: count everything.
static void print_matrix(struct out *out, const json_t *result, const char *only)
{
	const json_t *pairs = json_object_get(result, "matrix");
	struct square square = {0};

	if (json_array_size(pairs) == 0) {
		out_line(out, "No traffic yet.");
		return;
	}
	if (!collect_names(&square, pairs)) {
		print_list(out, pairs, only);
		return;
	}
	fill_square(&square, pairs, only);
	print_square(out, &square);
}

static void view_all(struct out *out, const json_t *result)
{
	print_matrix(out, result, NULL);
}

static void view_ipv4(struct out *out, const json_t *result)
{
	print_matrix(out, result, "ipv4");
}

static void view_ipv6(struct out *out, const json_t *result)
{
	print_matrix(out, result, "ipv6");
}

// One table for --ipv4, one for --ipv6, or one of everything.
static void view_both(struct out *out, const json_t *result)
{
	out_line(out, "IPv4");
	view_ipv4(out, result);
	fputc('\n', out->file);
	out_line(out, "IPv6");
	view_ipv6(out, result);
}

enum status run_matrix(struct session *session, const struct command *command, json_t *arguments)
{
	bool ipv4 = json_object_get(arguments, "ipv4");
	bool ipv6 = json_object_get(arguments, "ipv6");
	enum status status;
	json_t *result = session_call(session, "show.matrix", NULL, &status);

	(void)command;
	if (result)
		out_show(&session->out, result,
			 ipv4 && ipv6 ? view_both
			 : ipv4	      ? view_ipv4
			 : ipv6	      ? view_ipv6
				      : view_all);
	json_decref(result);
	return status;
}
