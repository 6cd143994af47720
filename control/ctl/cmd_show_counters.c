// SPDX-License-Identifier: BSD-3-Clause
// `ixfab show counters` and `ixfab show workers`: exact numbers, and whether they add up.
#include <stdlib.h>

#include "control/ctl/command.h"
#include "control/ctl/out_text.h"

// The ports, and the total as their last row.
static json_t *counter_rows(const json_t *result)
{
	json_t *rows = json_array();
	json_t *total = json_copy(json_object_get(result, "total"));

	json_array_extend(rows, json_object_get(result, "counters"));
	if (total && json_array_size(rows) > 1) {
		json_object_set_new(total, "port", json_string("total"));
		json_array_append(rows, total);
	}
	json_decref(total);
	return rows;
}

// A link counts what its LAG counts, too.
static char *counted_port(const json_t *row)
{
	const char *lag = out_string(row, "lag");

	return cell_clean(cell_format("%s%s%s", out_string(row, "port"), *lag ? " of " : "", lag));
}

void view_counters(struct out *out, const json_t *result)
{
	static const struct column columns[] = {
		{"PORT", NULL, CELL_TEXT, counted_port},  {"RX-FRAMES", "rx_frames", CELL_COUNT},
		{"RX-OCTETS", "rx_octets", CELL_COUNT},	  {"RX-MCAST", "rx_multicast", CELL_COUNT},
		{"RX-BCAST", "rx_broadcast", CELL_COUNT}, {"TX-FRAMES", "tx_frames", CELL_COUNT},
		{"TX-OCTETS", "tx_octets", CELL_COUNT},	  {"TX-MCAST", "tx_multicast", CELL_COUNT},
		{"TX-BCAST", "tx_broadcast", CELL_COUNT}, {"COPIES", "copies", CELL_COUNT},
		{"INJECTED", "injected", CELL_COUNT},	  {"CONSUMED", "consumed", CELL_COUNT},
		{"ANSWERED", "answered", CELL_COUNT},	  {"SPONGED", "sponged", CELL_COUNT},
		{"DROPS-IN", "drops_in", CELL_COUNT},	  {"DROPS-OUT", "drops_out", CELL_COUNT},
	};
	json_int_t balance = out_integer(result, "total.balance");
	json_t *rows = counter_rows(result);

	out_rows(out, rows, columns, N_COLUMNS(columns));
	json_decref(rows);
	if (balance != 0 && json_is_true(json_object_get(result, "settled")))
		out_tinted(out, TINT_BAD,
			   "%" JSON_INTEGER_FORMAT
			   " frames are missing: the counters do not add up",
			   balance);
}

static char *worker_queues(const json_t *worker)
{
	const json_t *queues = json_object_get(worker, "queues");
	char *all = cell_format("%s", json_array_size(queues) ? "" : "-");

	for (size_t i = 0; i < json_array_size(queues); i++) {
		const json_t *queue = json_array_get(queues, i);
		char *longer =
			cell_format("%s%s%s/%d", all, i ? ", " : "", out_string(queue, "port"),
				    (int)out_integer(queue, "queue"));

		free(all);
		all = longer;
	}
	return cell_clean(all);
}

// How full the bursts were that a worker received.
static void print_bursts(struct out *out, const json_t *workers)
{
	static const char *const sizes[] = {"0",    "1",     "2-3",   "4-7",
					    "8-15", "16-31", "32-63", "64+"};
	struct table *table = table_create();

	table_column(table, "BURSTS OF", false);
	for (size_t i = 0; i < N_COLUMNS(sizes); i++)
		table_column(table, sizes[i], true);
	for (size_t w = 0; w < json_array_size(workers); w++) {
		const json_t *worker = json_array_get(workers, w);
		const json_t *bursts = json_object_get(worker, "bursts");

		table_cell(table, cell_format("worker %d", (int)out_integer(worker, "worker")),
			   TINT_NONE);
		for (size_t i = 0; i < N_COLUMNS(sizes); i++)
			table_cell(table, cell_text(json_array_get(bursts, i), CELL_COUNT),
				   TINT_NONE);
	}
	fputc('\n', out->file);
	table_print(table, out);
	table_destroy(table);
}

void view_workers(struct out *out, const json_t *result)
{
	static const struct column columns[] = {
		{"WORKER", "worker", CELL_COUNT},
		{"CPU", "cpu", CELL_COUNT},
		{"BUSY", "busy", CELL_RATIO},
		{"SLEEPS", "sleeps", CELL_COUNT},
		{"EVENTS-LOST", "events_lost", CELL_COUNT},
		{"QUEUES", NULL, CELL_TEXT, worker_queues},
	};
	static const struct column memory[] = {
		{"Memory", "memory.octets", CELL_OCTETS},
		{"  in huge pages", "memory.hugepages", CELL_TEXT},
		{"  frame buffers", "memory.mbufs", CELL_COUNT},
		{"  of them free", "memory.mbufs_free", CELL_COUNT},
	};
	const json_t *workers = json_object_get(result, "workers");

	out_rows(out, workers, columns, N_COLUMNS(columns));
	print_bursts(out, workers);
	fputc('\n', out->file);
	out_fields(out, result, memory, N_COLUMNS(memory));
}
