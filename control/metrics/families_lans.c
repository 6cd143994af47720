// SPDX-License-Identifier: BSD-3-Clause
// What is known in LANs.
#include "control/metrics/families.h"
#include "control/metrics/view.h"

static void sample(struct metrics_text *text, const struct family *family, const char *lan)
{
	family_sample(text, family);
	metrics_text_label(text, "lan", lan);
}

static void write_entry(struct metrics_text *text, const struct family *family, const char *lan,
			const char *type, uint32_t n)
{
	sample(text, family, lan);
	metrics_text_label(text, "type", type);
	metrics_text_number(text, n);
}

static void write_entries(struct metrics_text *text, const struct family *family,
			  const struct view *view, size_t row)
{
	const struct view_lan *lan = &view->lans[row];

	if (!view->attached)
		return;
	write_entry(text, family, lan->name, "learned", lan->learned);
	write_entry(text, family, lan->name, "static",
		    lan->statics > lan->held ? lan->statics - lan->held : 0);
	write_entry(text, family, lan->name, "held", lan->held);
}

static void write_capacity(struct metrics_text *text, const struct family *family,
			   const struct view *view, size_t row)
{
	sample(text, family, view->lans[row].name);
	metrics_text_number(text, view->lans[row].fdb_size);
}

static void write_neighbours(struct metrics_text *text, const struct family *family,
			     const struct view *view, size_t row)
{
	static const char *const families[] = {"ipv4", "ipv6"};
	const struct view_lan *lan = &view->lans[row];

	for (int i = 0; i < 2; i++) {
		sample(text, family, lan->name);
		metrics_text_label(text, "family", families[i]);
		metrics_text_number(text, lan->addresses[i]);
	}
}

static void write_learned(struct metrics_text *text, const struct family *family,
			  const struct view *view, size_t row)
{
	if (!view->lans[row].learns_hosts)
		return;
	sample(text, family, view->lans[row].name);
	metrics_text_number(text, view->lans[row].bindings);
}

const struct family families_lans[] = {
	{"ixfab_fdb_entries", METRICS_GAUGE, FAMILY_LANS,
	 "Addresses in the LAN's table: learned, static, or held because they moved too often.",
	 write_entries},
	{"ixfab_fdb_capacity", METRICS_GAUGE, FAMILY_LANS,
	 "Addresses that the LAN's table has room for.", write_capacity},
	{"ixfab_neighbours", METRICS_GAUGE, FAMILY_LANS,
	 "IP addresses of the LAN whose owner the configuration names.", write_neighbours},
	{"ixfab_neighbours_learned", METRICS_GAUGE, FAMILY_LANS,
	 "IP addresses of the LAN whose owner was learned.", write_learned},
	{0},
};
