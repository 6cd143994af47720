// SPDX-License-Identifier: BSD-3-Clause
// Which metrics there are: for each family its name, its type, what it means, of what it has rows,
// and the function that writes the samples of a row. Pure.
//
// Names, labels and units are as Prometheus wants them, and as node_exporter and snmp_exporter have
// them where they count the same: their bytes and packets are what ixfab calls octets and frames.
#pragma once

#include <stddef.h>

#include "control/metrics/text.h"

struct view;

// Of what a family has rows.
enum family_rows {
	FAMILY_FABRIC,	  // one
	FAMILY_DATAPLANE, // one, if a dataplane is attached
	FAMILY_PORTS,
	FAMILY_MEMBERS,
	FAMILY_LANS,
	FAMILY_WORKERS,
	FAMILY_INCIDENTS,
	FAMILY_COLLECTORS,
	FAMILY_PAIRS, // one for each port that sends
};

struct family {
	const char *name; // without the suffix of its type
	enum metrics_type type;
	enum family_rows rows;
	const char *help; // one sentence
	void (*write)(struct metrics_text *text, const struct family *family,
		      const struct view *view, size_t row);
	size_t offset; // of what "write" takes, where it serves several families
};

// By subject. Each array ends with a family without name.
extern const struct family families_fabric[];
extern const struct family families_ports[];
extern const struct family families_traffic[];
extern const struct family families_lags[];
extern const struct family families_lans[];
extern const struct family families_workers[];
extern const struct family families_sponge[];
extern const struct family families_sflow[];
extern const struct family families_matrix[];

// How many rows a kind has.
size_t family_count_rows(enum family_rows rows, const struct view *view);

// Begin a sample of "family", with the suffix of its type; and of a port.
void family_sample(struct metrics_text *text, const struct family *family);
void family_port(struct metrics_text *text, const struct family *family, const struct view *view,
		 size_t port);
