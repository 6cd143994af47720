// SPDX-License-Identifier: BSD-3-Clause
#include "tests/bench/report.h"

#include <inttypes.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>

#include <rte_cycles.h>

static bool is_first;

static void print_name(const char *name)
{
	printf("%s\"%s\": ", is_first ? "" : ", ", name);
	is_first = false;
}

static void print_word(const char *name, const char *word)
{
	print_name(name);
	printf("\"%s\"", word);
}

void report_open(const struct options *o)
{
	is_first = true;
	putchar('{');
	print_word("test", o->test);
	report_count("ports", o->n_ports);
	report_count("stations", o->stations);
	print_word("pattern", pattern_names[o->pattern]);
	print_word("addresses", addresses_names[o->addresses]);
	if (o->size == SIZE_IMIX)
		print_word("size", "imix");
	else
		report_count("size", o->size);
}

void report_number(const char *name, double value)
{
	print_name(name);
	printf("%.6g", isfinite(value) ? value : 0);
}

void report_count(const char *name, int64_t value)
{
	print_name(name);
	printf("%" PRId64, value);
}

void report_nothing(const char *name)
{
	print_name(name);
	printf("null");
}

void report_counts(const char *name, const uint64_t *values, uint16_t n)
{
	print_name(name);
	for (uint16_t i = 0; i < n; i++)
		printf("%s%" PRIu64, i ? ", " : "[", values[i]);
	putchar(']');
}

void report_begin(const char *name)
{
	print_name(name);
	putchar('{');
	is_first = true;
}

void report_end(void)
{
	putchar('}');
	is_first = false;
}

static double microseconds(uint64_t cycles)
{
	return (double)cycles * 1e6 / (double)rte_get_tsc_hz();
}

void report_latency(const char *name, const struct latency *latency)
{
	if (!latency->n) {
		report_nothing(name);
		return;
	}
	report_begin(name);
	report_count("frames", (int64_t)latency->n);
	report_number("p50", microseconds(latency_percentile(latency, 0.5)));
	report_number("p99", microseconds(latency_percentile(latency, 0.99)));
	report_number("p999", microseconds(latency_percentile(latency, 0.999)));
	report_number("max", microseconds(latency->most));
	report_end();
}

void report_close(void)
{
	printf("}\n");
	fflush(stdout);
}
