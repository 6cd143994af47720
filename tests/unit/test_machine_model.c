// SPDX-License-Identifier: BSD-3-Clause
// Random events for the machine and for the rules of arpsponge: states, queries, announcements and
// verdicts are the same, with the settings of both modes and with any others.
//
// Between the machine and its members stands what the dataplane does: of a host that is watched it
// tells the first sign of life, and no more until it is told to watch it again. The rules see all
// of them.
#include <criterion/criterion.h>

#include "tests/support/arpsponge_rules.h"
#include "tests/support/machine_seen.h"

enum { HOT = 6, SECOND = 1000 };

struct shown {
	bool sponged;
	bool watched;
	bool deceived; // somebody may have been answered by the sponge
	uint32_t queries;
	uint32_t announcements;
};

static struct config_sponge settings;
static struct rules rules;
static struct machine *machine;
static struct shown shown[RULES_ADDRESSES];
static bool tells_all; // signs of life, watched or not
static uint64_t now, next_tick, random_state;

static uint32_t pick(uint32_t n)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return (uint32_t)((random_state * UINT64_C(0x2545f4914f6cdd1d)) >> 32) % n;
}

// ---- The listener

static uint32_t number_of(const struct ip *ip)
{
	return (uint32_t)ip->octets[2] << 8 | ip->octets[3];
}

static struct ip ip_of(uint32_t n)
{
	return (struct ip){4, {198, 51, (uint8_t)(n >> 8), (uint8_t)n}};
}

static void verdict(void *argument, const struct ip *ip, bool sponged, bool watched, bool revived)
{
	struct shown *host = &shown[number_of(ip)];

	(void)argument;
	cr_assert(!revived || host->deceived);
	cr_assert(!revived || !sponged);
	host->sponged = sponged;
	host->watched = watched;
	if (revived)
		host->deceived = false;
	if (sponged && !settings.dummy)
		host->deceived = true;
}

static void query(void *argument, const struct ip *ip)
{
	(void)argument;
	cr_assert(!settings.passive);
	shown[number_of(ip)].queries++;
}

static void announce(void *argument, const struct ip *ip)
{
	(void)argument;
	shown[number_of(ip)].announcements++;
}

static void changed(void *argument, const struct machine_info *info, enum machine_state from,
		    enum machine_why why)
{
	(void)argument;
	cr_assert_neq(info->state, from);
	cr_assert_eq(info->why, why);
}

static void contradicted(void *argument, const struct machine_info *info, uint64_t times)
{
	(void)argument;
	cr_assert(info->state == MACHINE_STATIC ||
		  (info->state == MACHINE_DEAD && settings.is_static));
	cr_assert_gt(times, 0);
}

static const struct machine_listener listener = {verdict, query,	announce,
						 changed, contradicted, NULL};

// ---- Comparing

static void compare(uint32_t n)
{
	static const enum machine_state states[] = {MACHINE_STATIC, MACHINE_DEAD, MACHINE_ALIVE};
	const struct rules_address *address = &rules.addresses[n];
	const struct ip ip = ip_of(n);
	struct machine_info info;

	cr_assert(machine_find(machine, &ip, &info));
	if (address->state >= PENDING) {
		cr_assert_eq(info.state, MACHINE_PENDING, "%u", n);
		cr_assert_eq(info.pending, (uint32_t)address->state);
	} else if (address->state == UNDEFINED) {
		cr_assert_eq(info.state, MACHINE_NONE, "%u", n);
	} else {
		cr_assert_eq(info.state, states[address->state - STATIC], "%u", n);
	}
	cr_assert_eq(shown[n].queries, address->queries);
	cr_assert_eq(shown[n].announcements, address->announcements);
	cr_assert_eq(shown[n].sponged,
		     address->state <= DEAD && address->state != UNDEFINED && !rules.learning);
	cr_assert_eq(info.mac != 0, address->has_mac);
	if (address->state == ALIVE && !settings.is_static)
		cr_assert_eq(info.queued, address->n);
}

static void compare_all(void)
{
	for (uint32_t n = 0; n < RULES_ADDRESSES; n++)
		compare(n);
}

// ---- Events for both

static void pass(uint64_t ms)
{
	uint64_t until = now + ms;

	for (; next_tick <= until; next_tick += SECOND) {
		rules_timer(&rules, next_tick);
		machine_tick(machine, next_tick);
		cr_assert_eq(machine_pace(machine, next_tick), 0);
		if (pick(20) == 0)
			compare_all();
	}
	now = until;
}

static void ask(uint32_t n, uint32_t source)
{
	const struct machine_question question = {.target = ip_of(n),
						  .asker = {4, {192, 0, 2, (uint8_t)source}}};
	bool sponged = shown[n].sponged;

	cr_assert_eq(rules_request(&rules, n, source, now), sponged);
	machine_question(machine, &question, now);
}

static void live(uint32_t n)
{
	const struct ip ip = ip_of(n);
	bool told = tells_all || shown[n].watched;

	rules_life(&rules, n, now);
	if (!told)
		return;
	shown[n].watched = false;
	machine_life(machine, &ip, MAC(2, 0, 0, 0, n >> 8, n), (uint16_t)n, now);
}

static void probe(uint32_t n)
{
	const struct ip ip = ip_of(n);

	rules_probe(&rules, n, now);
	machine_probe(machine, &ip, now);
}

static void operate(uint32_t n)
{
	static const int states[] = {UNDEFINED, ALIVE, PENDING, DEAD, STATIC};
	const struct ip ip = ip_of(n);
	enum machine_state state = pick(MACHINE_STATES);

	if (state == MACHINE_NONE)
		rules_clear(&rules, n);
	else
		rules_set(&rules, n, states[state], now);
	cr_assert_eq(machine_set(machine, &ip, state, now), 0);
}

// Some ask for one address for a while, in a hurry or not.
static void burst(uint32_t n)
{
	uint32_t askers = 1 + pick(6), pace = pick(4), questions = 1 + pick(300);

	for (uint32_t i = 0; i < questions; i++) {
		static const uint32_t gaps[] = {20, 150, 500, 1400};

		pass(1 + gaps[pace] / 2 + pick(gaps[pace]));
		ask(n, 1 + pick(askers));
	}
}

static void step(void)
{
	uint32_t what = pick(1000), n = pick(4) ? pick(RULES_ADDRESSES) : pick(HOT);

	if (what < 20)
		burst(pick(HOT));
	else if (what < 650)
		ask(n, 1 + pick(50));
	else if (what < 940)
		live(pick(RULES_ADDRESSES)); // hot ones are mostly silent
	else if (what < 980)
		probe(n);
	else
		operate(n);
	compare(n);
	pass(pick(3) ? pick(30) : pick(3000));
}

static void run(uint64_t seed, uint32_t steps)
{
	random_state = seed;
	memset(shown, 0, sizeof(shown));
	now = 1000 * SECOND;
	next_tick = now + SECOND;
	settings.probe_rate = 1000000; // so that no query waits
	settings.targets = 16;
	rules_start(&rules, &settings, now);
	machine = machine_create(&settings, &listener, now);
	machine_begin(machine);
	for (uint32_t n = 0; n < RULES_ADDRESSES; n++) {
		const struct ip ip = ip_of(n);

		machine_add(machine, &ip, true, false, now);
	}
	machine_end(machine);
	compare_all();
	for (uint32_t i = 0; i < steps; i++)
		step();
	compare_all();
	machine_destroy(machine);
	rules_end(&rules);
}

Test(machine_model, the_mode_arpsponge_is_arpsponge, .timeout = 100)
{
	settings = seen_settings(SPONGE_ARPSPONGE);
	settings.learning = 5;
	for (uint64_t seed = 1; seed <= 5; seed++)
		run(seed, 10000);
}

Test(machine_model, the_mode_fast_has_its_rules, .timeout = 100)
{
	settings = seen_settings(SPONGE_FAST);
	settings.learning = 5;
	for (uint64_t seed = 1; seed <= 5; seed++)
		run(seed, 10000);
}

Test(machine_model, any_settings, .timeout = 100)
{
	for (uint64_t seed = 1; seed <= 60; seed++) {
		random_state = seed * 7919;
		settings = seen_settings(pick(2) ? SPONGE_FAST : SPONGE_ARPSPONGE);
		settings.queue_depth = pick(2) ? 1 + pick(30) : settings.queue_depth;
		settings.rate = 1 + pick(100);
		settings.pending = 1 + pick(6);
		settings.one_more = pick(2);
		settings.flood_protection = pick(3) ? 0.5 * pick(8) : 3;
		settings.learning = pick(10);
		settings.init = pick(4);
		settings.sweep_period = pick(3) * 20;
		settings.sweep_age = 1 + pick(100);
		settings.sweep_at_start = pick(2);
		settings.sweep_skip_alive = pick(2);
		settings.gratuitous = pick(2);
		settings.dummy = pick(4) == 0;
		settings.passive = pick(4) == 0;
		settings.is_static = pick(5) == 0;
		// Else the machine asks for those that live more often than the rules do.
		tells_all = !settings.sweep_skip_alive;
		run(seed, 2000);
	}
}
