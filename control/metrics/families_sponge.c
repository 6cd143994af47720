// SPDX-License-Identifier: BSD-3-Clause
// Addresses that are down, and those whose owners were learned.
#include "control/metrics/families.h"
#include "control/metrics/view.h"

static void sample(struct metrics_text *text, const struct family *family,
		   const struct view_lan *lan)
{
	family_sample(text, family);
	metrics_text_label(text, "lan", lan->name);
}

static void write_states(struct metrics_text *text, const struct family *family,
			 const struct view *view, size_t row)
{
	const struct view_lan *lan = &view->lans[row];

	for (enum machine_state state = 0; lan->has_sponge && state < MACHINE_STATES; state++) {
		sample(text, family, lan);
		metrics_text_label(text, "state", machine_state_name(state));
		metrics_text_number(text, lan->sponge.states[state]);
	}
}

static void write_changes(struct metrics_text *text, const struct family *family,
			  const struct view *view, size_t row)
{
	const struct view_lan *lan = &view->lans[row];

	for (enum machine_state state = 0; lan->has_sponge && state < MACHINE_STATES; state++) {
		sample(text, family, lan);
		metrics_text_label(text, "state", machine_state_name(state));
		metrics_text_number(text, lan->sponge.changes[state]);
	}
}

static void write_learning(struct metrics_text *text, const struct family *family,
			   const struct view *view, size_t row)
{
	if (!view->lans[row].has_sponge)
		return;
	sample(text, family, &view->lans[row]);
	metrics_text_number(text, view->lans[row].sponge.learning);
}

static void write_count(struct metrics_text *text, const struct family *family,
			const struct view *view, size_t row)
{
	const struct view_lan *lan = &view->lans[row];

	if (!lan->has_sponge)
		return;
	sample(text, family, lan);
	metrics_text_number(text, *(const uint64_t *)((const char *)&lan->sponge + family->offset));
}

static void write_sum(struct metrics_text *text, const struct family *family,
		      const struct view *view, size_t row)
{
	(void)row;
	family_sample(text, family);
	metrics_text_number(text,
			    *(const uint64_t *)((const char *)&view->sponges + family->offset));
}

#define COUNT(field) write_count, .offset = offsetof(struct machine_count, field)
#define SUM(field)   write_sum, .offset = offsetof(struct sponges_count, field)

const struct family families_sponge[] = {
	{"ixfab_arp_sponge_addresses", METRICS_GAUGE, FAMILY_LANS,
	 "Addresses by what the sponge of the LAN thinks of them.", write_states},
	{"ixfab_arp_sponge_changes", METRICS_COUNTER, FAMILY_LANS,
	 "Changes of addresses to a state.", write_changes},
	{"ixfab_arp_sponge_learning", METRICS_GAUGE, FAMILY_LANS,
	 "Whether the sponge still only listens, after a start.", write_learning},
	{"ixfab_arp_sponge_queries", METRICS_COUNTER, FAMILY_LANS,
	 "Questions that the sponge has asked itself.", COUNT(queries)},
	{"ixfab_arp_sponge_forgotten", METRICS_COUNTER, FAMILY_LANS,
	 "Addresses that nobody has, and that the sponge forgot to make room for others.",
	 COUNT(forgotten)},
	{"ixfab_arp_queries", METRICS_COUNTER, FAMILY_FABRIC,
	 "Questions (ARP and ND) that were told to the sponges.", SUM(questions)},
	{"ixfab_arp_queries_missed", METRICS_COUNTER, FAMILY_FABRIC,
	 "Questions for which there was no room.", SUM(missed)},
	{"ixfab_arp_sponge_signs", METRICS_COUNTER, FAMILY_FABRIC,
	 "Signs of life of addresses that mattered.", SUM(signs)},
	{"ixfab_arp_sponge_updates", METRICS_COUNTER, FAMILY_FABRIC,
	 "Frames by which members were told that an address lives again.", SUM(updates)},
	{"ixfab_arp_sponge_lost", METRICS_COUNTER, FAMILY_FABRIC,
	 "Frames of the sponges for which there was no room.", SUM(lost)},
	{0},
};
