// SPDX-License-Identifier: BSD-3-Clause
// What workers have counted of a port becomes one sum, whatever happens to workers and slots.
#include "control/sflow/source.h"

#include <criterion/criterion.h>

#include "lib/message.h"

static struct source source;

static void take(uint32_t worker, uint32_t pool, uint32_t lost)
{
	const struct event_sample sample = {.pool = pool, .lost = lost, .sampling = 100};

	source_count(&source, worker, &sample);
}

Test(sflow_source, workers_are_summed)
{
	take(0, 1000, 0);
	take(1, 5000, 7);
	take(0, 1150, 2);
	take(1, 5060, 8);
	cr_expect_eq(source.pool, 100 + 100 + 150 + 60);
	cr_expect_eq(source.lost, 2 + 1);
	cr_expect_eq(source.samples, 4);
}

Test(sflow_source, counts_wrap)
{
	take(0, UINT32_MAX - 9, UINT32_MAX);
	take(0, 20, 4);
	cr_expect_eq(source.pool, 100 + 30);
	cr_expect_eq(source.lost, 5);
}

Test(sflow_source, a_first_sample_stands_for_no_more_frames_than_there_were)
{
	take(0, 1, 0);
	cr_expect_eq(source.pool, 1);
}

Test(sflow_source, sums_go_beyond_32_bits)
{
	take(0, 100, 0);
	for (uint32_t i = 1; i <= 6; i++)
		take(0, 100 + i * 0x40000000, 0);
	cr_expect_eq(source.pool, 100 + 6 * UINT64_C(0x40000000));
}
