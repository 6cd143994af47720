// SPDX-License-Identifier: BSD-3-Clause
// What the threads that forward are busy with.
#include <stdio.h>

#include "control/metrics/families.h"
#include "control/metrics/view.h"

static void label_worker(struct metrics_text *text, size_t worker)
{
	char digits[24];

	snprintf(digits, sizeof(digits), "%zu", worker);
	metrics_text_label(text, "worker", digits);
}

static void write_info(struct metrics_text *text, const struct family *family,
		       const struct view *view, size_t row)
{
	char digits[24];

	family_sample(text, family);
	label_worker(text, row);
	snprintf(digits, sizeof(digits), "%u", view->workers[row].cpu);
	metrics_text_label(text, "cpu", digits);
	metrics_text_number(text, 1);
}

static void write_count(struct metrics_text *text, const struct family *family,
			const struct view *view, size_t row)
{
	family_sample(text, family);
	label_worker(text, row);
	metrics_text_number(text, *(const uint64_t *)((const char *)&view->workers[row] +
						      family->offset));
}

static void write_queues(struct metrics_text *text, const struct family *family,
			 const struct view *view, size_t row)
{
	family_sample(text, family);
	label_worker(text, row);
	metrics_text_number(text, view->workers[row].n_queues);
}

// Bursts of nothing are not counted, so the first bucket is that of one frame.
static void write_bursts(struct metrics_text *text, const struct family *family,
			 const struct view *view, size_t row)
{
	static const char *const upper[BURST_BUCKETS] = {NULL, "1",  "3",  "7",
							 "15", "31", "63", "+Inf"};
	uint64_t sum = 0;

	for (int i = 1; i < BURST_BUCKETS; i++) {
		sum += view->workers[row].bursts[i];
		metrics_text_name(text, family->name, "_bucket");
		label_worker(text, row);
		metrics_text_label(text, "le", upper[i]);
		metrics_text_number(text, sum);
	}
	metrics_text_name(text, family->name, "_count");
	label_worker(text, row);
	metrics_text_number(text, sum);
}

#define COUNT(field) write_count, .offset = offsetof(struct worker_stats, field)

const struct family families_workers[] = {
	{"ixfab_worker", METRICS_INFO, FAMILY_WORKERS, "On which CPU a worker runs.", write_info},
	{"ixfab_worker_queues", METRICS_GAUGE, FAMILY_WORKERS,
	 "Receive queues that the worker polls.", write_queues},
	{"ixfab_worker_rounds", METRICS_COUNTER, FAMILY_WORKERS,
	 "Times round the loop: a worker that stands still does not work.", COUNT(rounds)},
	{"ixfab_worker_busy_cycles", METRICS_COUNTER, FAMILY_WORKERS,
	 "Cycles of rounds that had a frame.", COUNT(busy_cycles)},
	{"ixfab_worker_idle_cycles", METRICS_COUNTER, FAMILY_WORKERS,
	 "Cycles of rounds that had none, sleep included.", COUNT(idle_cycles)},
	{"ixfab_worker_sleeps", METRICS_COUNTER, FAMILY_WORKERS,
	 "How often the worker went to sleep.", COUNT(sleeps)},
	{"ixfab_worker_rx_burst_size", METRICS_HISTOGRAM, FAMILY_WORKERS,
	 "Frames that one poll of a queue brought, where it brought any.", write_bursts},
	{"ixfab_ring_events_lost", METRICS_COUNTER, FAMILY_WORKERS,
	 "Events that found the ring to control full, or no control.", COUNT(events_lost)},
	{0},
};
