// SPDX-License-Identifier: BSD-3-Clause
#include "tests/support/lacp_wires.h"

#include <criterion/criterion.h>

#include "lib/clock.h"

enum { TICK_NS = WIRES_TICK_MS * 1000000, MS = 1000000 };

struct lacp systems[WIRES_SYSTEMS];
struct wire wires[WIRES];
uint64_t wires_now_ns;
uint64_t wires_seed;
void (*wires_check)(void);

static uint64_t sent_ns[WIRES_SYSTEMS][LACP_LINKS][LACP_BURST]; // the last first

uint32_t wires_pick(uint32_t n)
{
	wires_seed ^= wires_seed << 13;
	wires_seed ^= wires_seed >> 7;
	wires_seed ^= wires_seed << 17;
	return (uint32_t)((wires_seed * UINT64_C(0x2545f4914f6cdd1d)) >> 32) % n;
}

void wires_start(void)
{
	memset(wires, 0, sizeof(wires));
	memset(sent_ns, 0, sizeof(sent_ns));
	wires_now_ns = 1000 * CLOCK_SECOND;
	for (unsigned int s = 0; s < WIRES_SYSTEMS; s++) {
		const struct lacp_conf conf = {.active = true,
					       .fast = true,
					       .system = MAC(2, 0, 0, 0, 0, s + 1),
					       .system_priority = 32768,
					       .key = (uint16_t)(10 * (s + 1))};

		lacp_init(&systems[s], &conf);
	}
}

void wires_set_mode(unsigned int system, bool active, bool fast)
{
	struct lacp_conf conf = systems[system].conf;

	conf.active = active;
	conf.fast = fast;
	lacp_set_conf(&systems[system], &conf);
}

void wires_set_key(unsigned int system, uint16_t key)
{
	struct lacp_conf conf = systems[system].conf;

	conf.key = key;
	lacp_set_conf(&systems[system], &conf);
}

void wires_set_system(unsigned int system, mac_t mac)
{
	struct lacp_conf conf = systems[system].conf;

	conf.system = mac;
	lacp_set_conf(&systems[system], &conf);
}

// ---- Wires

static void plug_end(unsigned int w, unsigned int end, unsigned int system, unsigned int link)
{
	struct lacp *lacp = &systems[system];

	wires[w].ends[end].system = system;
	wires[w].ends[end].link = link;
	if (!lacp->links[link].used)
		lacp_link_add(lacp, link, (uint16_t)(link + 1), MAC(2, 0, 0, 0, system, link));
	lacp_link_set_up(lacp, link, true);
}

void wires_plug_at(unsigned int w, unsigned int a, unsigned int link_a, unsigned int b,
		   unsigned int link_b)
{
	wires[w].n = 0;
	plug_end(w, 0, a, link_a);
	plug_end(w, 1, b, link_b);
}

void wires_plug(unsigned int w, unsigned int a, unsigned int b)
{
	wires_plug_at(w, a, w, b, w);
}

void wires_set_up(unsigned int w, bool up)
{
	for (int e = 0; e < 2; e++)
		lacp_link_set_up(&systems[wires[w].ends[e].system], wires[w].ends[e].link, up);
	if (!up)
		wires[w].n = 0;
}

void wires_set_silent(unsigned int w, bool silent)
{
	wires[w].ends[0].loss = wires[w].ends[1].loss = silent ? 100 : 0;
}

static void check_rate(unsigned int system, unsigned int link)
{
	uint64_t *last = sent_ns[system][link];

	cr_assert(!last[LACP_BURST - 1] || wires_now_ns - last[LACP_BURST - 1] >= CLOCK_SECOND,
		  "link %u of system %u sends too often", link, system);
	memmove(last + 1, last, (LACP_BURST - 1) * sizeof(*last));
	last[0] = wires_now_ns;
}

static void send_all(struct wire *wire, unsigned int end)
{
	struct lacp *from = &systems[wire->ends[end].system];
	unsigned int link = wire->ends[end].link;
	uint8_t frame[LACP_FRAME];

	while (lacp_transmit(from, link, frame, wires_now_ns)) {
		struct flight *flight = &wire->flights[wire->n];

		check_rate(wire->ends[end].system, link);
		if (wires_pick(100) < wire->ends[end].loss)
			continue;
		cr_assert_lt(wire->n++, WIRES_FLIGHTS);
		flight->arrives_ns = wires_now_ns + (uint64_t)WIRES_DELAY_MS * MS;
		flight->to = (uint8_t)!end;
		memcpy(flight->frame, frame, LACP_FRAME);
	}
}

static void arrive(struct wire *wire, const struct flight *flight)
{
	struct lacp *to = &systems[wire->ends[flight->to].system];
	unsigned int link = wire->ends[flight->to].link;

	if (to->links[link].used)
		cr_assert(lacp_receive(to, link, flight->frame, LACP_FRAME, wires_now_ns));
	lacp_run(to, wires_now_ns);
}

static void arrive_all(struct wire *wire)
{
	while (wire->n && wire->flights[0].arrives_ns <= wires_now_ns) {
		const struct flight first = wire->flights[0];

		memmove(&wire->flights[0], &wire->flights[1], --wire->n * sizeof(wire->flights[0]));
		arrive(wire, &first);
	}
}

// ---- Time

static void tick(void)
{
	wires_now_ns += TICK_NS;
	for (unsigned int w = 0; w < WIRES; w++)
		arrive_all(&wires[w]);
	for (unsigned int s = 0; s < WIRES_SYSTEMS; s++) {
		// They do not run at the same moment.
		if ((wires_now_ns / TICK_NS + 3 * (uint64_t)s) % (WIRES_RUN_MS / WIRES_TICK_MS) ==
		    0)
			lacp_run(&systems[s], wires_now_ns);
	}
	for (unsigned int w = 0; w < WIRES; w++) {
		send_all(&wires[w], 0);
		send_all(&wires[w], 1);
	}
	if (wires_check)
		wires_check();
}

void wires_pass(uint32_t ms)
{
	for (uint32_t t = 0; t < ms; t += WIRES_TICK_MS)
		tick();
}

uint32_t wires_count(unsigned int system)
{
	uint32_t collecting = 0, distributing = 0;

	for (unsigned int i = 0; i < LACP_LINKS; i++) {
		collecting |= (uint32_t)lacp_is_collecting(&systems[system], i) << i;
		distributing |= (uint32_t)lacp_is_distributing(&systems[system], i) << i;
	}
	cr_expect_eq(collecting, distributing);
	return (uint32_t)__builtin_popcount(distributing);
}
