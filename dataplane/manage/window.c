// SPDX-License-Identifier: BSD-3-Clause
#include "dataplane/manage/window.h"

#include "lib/clock.h"

void window_clear(struct window *window)
{
	*window = (struct window){0};
}

// Empty the parts that began since the last look.
static void advance(struct window *window, uint64_t part)
{
	if (part - window->part >= WINDOW_PARTS) {
		*window = (struct window){.part_ns = window->part_ns, .part = part};
		return;
	}
	while (window->part < part)
		window->counts[++window->part % WINDOW_PARTS] = 0;
}

uint32_t window_add(struct window *window, uint32_t n, uint32_t seconds, uint64_t now_ns)
{
	uint64_t part_ns = (seconds ? seconds : 1) * CLOCK_SECOND / (WINDOW_PARTS - 1);
	uint32_t sum = 0;

	if (window->part_ns != part_ns)
		*window = (struct window){.part_ns = part_ns, .part = now_ns / part_ns};
	advance(window, now_ns / part_ns);
	uint16_t *count = &window->counts[window->part % WINDOW_PARTS];
	*count = n < (uint32_t)(UINT16_MAX - *count) ? (uint16_t)(*count + n) : UINT16_MAX;
	for (int i = 0; i < WINDOW_PARTS; i++)
		sum += window->counts[i];
	return sum;
}
