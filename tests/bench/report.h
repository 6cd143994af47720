// SPDX-License-Identifier: BSD-3-Clause
// The generator's answer: one line of JSON on the standard output.
#pragma once

#include <stdint.h>

#include "tests/bench/latency.h"
#include "tests/bench/options.h"

// In this order: open, any of the values, close.
void report_open(const struct options *o);
void report_number(const char *name, double value);
void report_count(const char *name, int64_t value);
void report_nothing(const char *name); // null
void report_counts(const char *name, const uint64_t *values, uint16_t n);
void report_close(void);

// An object: values until report_end() are its members.
void report_begin(const char *name);
void report_end(void);

// Percentiles in microseconds, as an object.
void report_latency(const char *name, const struct latency *latency);
