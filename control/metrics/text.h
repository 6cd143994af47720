// SPDX-License-Identifier: BSD-3-Clause
// Writing metrics: the text that Prometheus and its friends read.
//
// There are two dialects. METRICS_PLAIN is the text format 0.0.4, which everybody reads,
// node_exporter's textfile collector among them. METRICS_OPEN is OpenMetrics 1.0. They differ in
// the name that a counter's TYPE has, in types and units that only the latter knows, and in its
// "# EOF".
//
// Label values may be anything, for members choose some of them: they are escaped, and what is no
// UTF-8 becomes "?".
#pragma once

#include <stddef.h>
#include <stdint.h>

enum metrics_dialect { METRICS_PLAIN, METRICS_OPEN };

enum metrics_type {
	METRICS_GAUGE,
	METRICS_COUNTER,   // its samples end with _total
	METRICS_INFO,	   // its samples end with _info, and are 1
	METRICS_HISTOGRAM, // its samples end with _bucket or _count
};

// A text that grows. Zero it, set "dialect", and free "octets" at last.
struct metrics_text {
	enum metrics_dialect dialect;
	char *octets; // not terminated
	size_t n;
	size_t room;
	size_t n_labels; // of the sample that is being written
};

// A family: metrics of one name. "name" has no suffix of its type. What ends with _bytes, _seconds
// or _cycles has that unit.
void metrics_text_family(struct metrics_text *text, const char *name, enum metrics_type type,
			 const char *help);

// One sample: its name and the suffix of its kind ("" if there is none), its labels, its value.
void metrics_text_name(struct metrics_text *text, const char *name, const char *suffix);
void metrics_text_label(struct metrics_text *text, const char *label, const char *value);
void metrics_text_number(struct metrics_text *text, uint64_t value);
void metrics_text_real(struct metrics_text *text, double value); // to the microsecond

// The end of all.
void metrics_text_end(struct metrics_text *text);

// What HTTP calls the dialect.
const char *metrics_text_content_type(enum metrics_dialect dialect);
