// SPDX-License-Identifier: BSD-3-Clause
// Samples of a measurement, and their median. A measurement is timed in many short slices: what
// else runs on the machine spoils some slices, not the median.
#pragma once

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

struct samples {
	double *values;
	size_t n, room;
};

static inline void samples_add(struct samples *samples, double value)
{
	if (samples->n == samples->room) {
		samples->room = samples->room ? 2 * samples->room : 1024;
		samples->values =
			reallocarray(samples->values, samples->room, sizeof(*samples->values));
		if (!samples->values) {
			perror("samples");
			exit(1);
		}
	}
	samples->values[samples->n++] = value;
}

static inline int samples_compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

// The median, or 0 if there are none. Forgets the samples.
static inline double samples_median(struct samples *samples)
{
	double median = 0;

	if (samples->n) {
		qsort(samples->values, samples->n, sizeof(*samples->values), samples_compare);
		median = samples->values[samples->n / 2];
	}
	samples->n = 0;
	return median;
}
