// SPDX-License-Identifier: BSD-3-Clause
// Who sends how much to whom: pairs between which there was something.
#include "control/metrics/families.h"
#include "control/metrics/view.h"

static void write_cell(struct metrics_text *text, const struct family *family, const char *from,
		       const char *to, const uint64_t counts[PAIR_KINDS])
{
	static const char *const kinds[] = {
		[PAIR_IPV4] = "ipv4", [PAIR_IPV6] = "ipv6", [PAIR_OTHER] = "other"};

	for (enum pair_kind kind = 0; kind < PAIR_KINDS; kind++) {
		if (!counts[kind])
			continue;
		family_sample(text, family);
		metrics_text_label(text, "from", from);
		metrics_text_label(text, "to", to);
		metrics_text_label(text, "protocol", kinds[kind]);
		metrics_text_number(text, counts[kind]);
	}
}

static void write_row(struct metrics_text *text, const struct family *family,
		      const struct view *view, size_t from)
{
	const struct pair_counters *cells =
		view->pairs ? view->pairs(view->argument, view, from) : NULL;

	for (size_t to = 0; cells && to < view->n_ports; to++)
		write_cell(text, family, view->ports[from].name, view->ports[to].name,
			   (const uint64_t *)((const char *)&cells[to] + family->offset));
}

const struct family families_matrix[] = {
	{"ixfab_matrix_packets", METRICS_COUNTER, FAMILY_PAIRS,
	 "Frames that came in by one port and went out by another.", write_row,
	 offsetof(struct pair_counters, frames)},
	{"ixfab_matrix_bytes", METRICS_COUNTER, FAMILY_PAIRS,
	 "Octets of those frames, without FCS.", write_row, offsetof(struct pair_counters, octets)},
	{0},
};
