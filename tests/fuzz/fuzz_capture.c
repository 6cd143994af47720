// SPDX-License-Identifier: BSD-3-Clause
// Any octets as a ring of captured frames that a broken dataplane wrote, and as a program that a
// broken control wrote: what passes the checks can be read and run.
#include <stdlib.h>
#include <string.h>

#include "dataplane/path/capture_filter.h"
#include "lib/capture.h"
#include "tests/fuzz/fuzz.h"

static void read_ring(const uint8_t *data, size_t size)
{
	static _Alignas(64)
		uint8_t memory[sizeof(struct ring_memory) + 4 * sizeof(struct capture_record)];
	static struct capture_record record;
	struct ring ring;

	memset(memory, 0, sizeof(memory));
	memcpy(memory, data, size < sizeof(memory) ? size : sizeof(memory));
	ring_init(&ring, memory, 4);
	for (int i = 0; i < 8 && capture_pop(&ring, &record); i++) {
		const struct capture_header *h = &record.header;

		if (capture_check(h))
			continue;
		bool died = h->verdict == CAPTURE_DROPPED || h->verdict == CAPTURE_LOST;

		if (h->port >= MAX_PORTS || h->verdict >= CAPTURE_VERDICTS ||
		    h->n_octets > CAPTURE_OCTETS || (died && h->reason >= DROP_COUNT))
			abort();
	}
}

static void run_program(const uint8_t *data, size_t size)
{
	struct capture_insn insns[CAPTURE_INSNS];
	size_t n = size / sizeof(*insns);

	if (n > CAPTURE_INSNS)
		n = CAPTURE_INSNS;
	memcpy(insns, data, n * sizeof(*insns));
	if (capture_filter_check(insns, n) == 0)
		capture_filter_takes(insns, data, (uint32_t)size, (uint32_t)size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	read_ring(data, size);
	run_program(data, size);
	return 0;
}
