// SPDX-License-Identifier: BSD-3-Clause
#include "tests/support/machine_seen.h"

#include <criterion/criterion.h>
#include <string.h>

struct machine_seen seen;
bool seen_ipv6;

static void verdict(void *argument, const struct ip *ip, bool sponged, bool watched, bool revived)
{
	(void)argument;
	seen.verdicts++;
	seen.revived += revived;
	seen.verdict_ip = *ip;
	seen.sponged = sponged;
	seen.watched = watched;
}

static void query(void *argument, const struct ip *ip)
{
	(void)argument;
	seen.queries++;
	seen.query_ip = *ip;
}

static void announce(void *argument, const struct ip *ip)
{
	(void)argument;
	(void)ip;
	seen.announced++;
}

static void changed(void *argument, const struct machine_info *info, enum machine_state from,
		    enum machine_why why)
{
	(void)argument;
	(void)why;
	seen.changes++;
	seen.changed = *info;
	seen.from = from;
}

static void contradicted(void *argument, const struct machine_info *info, uint64_t times)
{
	(void)argument;
	(void)info;
	seen.warnings++;
	seen.warning_times = times;
}

const struct machine_listener seen_listener = {
	.verdict = verdict,
	.query = query,
	.announce = announce,
	.changed = changed,
	.contradicted = contradicted,
};

struct config_sponge seen_settings(enum sponge_mode mode)
{
	bool fast = mode == SPONGE_FAST;

	return (struct config_sponge){
		.mode = mode,
		.mac = MAC(2, 0, 0x5e, 0, 0, 0xfa),
		.queue_depth = fast ? 5 : 1000,
		.rate = fast ? 30 : 50,
		.pending = fast ? 3 : 5,
		.one_more = !fast,
		.flood_protection = 3,
		.probe_rate = 100,
		.init = SPONGE_INIT_ALIVE,
		.sweep_period = fast ? 900 : 0,
		.sweep_age = fast ? 3600 : 0,
		.sweep_skip_alive = fast,
		.targets = 1000,
	};
}

struct ip seen_ip(uint32_t n)
{
	struct ip ip = {.family = 6, .octets = {0x20, 0x01, 0x0d, 0xb8}};

	if (seen_ipv6) {
		uint32_t low = __builtin_bswap32(n);

		memcpy(ip.octets + 12, &low, sizeof(low));
		return ip;
	}
	if (n < 256)
		return (struct ip){4, {192, 0, 2, (uint8_t)n}};
	return (struct ip){4, {198, 51, (uint8_t)(n >> 8), (uint8_t)n}};
}

struct machine *seen_start(const struct config_sponge *settings, uint32_t n, uint64_t now_ms)
{
	struct machine *machine = machine_create(settings, &seen_listener, now_ms);

	machine_begin(machine);
	for (uint32_t i = 1; i <= n; i++) {
		const struct ip ip = seen_ip(i);

		machine_add(machine, &ip, true, false, now_ms);
	}
	machine_end(machine);
	seen = (struct machine_seen){0};
	return machine;
}

void seen_ask(struct machine *machine, uint32_t target, uint32_t asker, uint64_t now_ms)
{
	const struct machine_question question = {
		.target = seen_ip(target),
		.asker = seen_ip(asker),
	};

	machine_question(machine, &question, now_ms);
}

void seen_live(struct machine *machine, uint32_t n, uint64_t now_ms)
{
	const struct ip ip = seen_ip(n);

	machine_life(machine, &ip, MAC(2, 0, 0, 0, 0, n), (uint16_t)n, now_ms);
}

void seen_second(struct machine *machine, uint64_t now_ms)
{
	machine_tick(machine, now_ms);
	for (uint32_t wait, passed = 0; passed < 1000; passed += wait) {
		wait = machine_pace(machine, now_ms + passed);
		if (!wait)
			return;
	}
}

uint64_t seen_seconds(struct machine *machine, uint32_t seconds, uint64_t now_ms)
{
	for (uint32_t i = 0; i < seconds; i++)
		seen_second(machine, now_ms += 1000);
	return now_ms;
}

uint64_t seen_pending(struct machine *machine, uint32_t n, uint64_t now_ms)
{
	for (uint32_t i = 0; i < 5; i++)
		seen_ask(machine, n, 90, now_ms + i * 500);
	cr_assert_eq(seen_state(machine, n), MACHINE_PENDING);
	return now_ms + 2000;
}

enum machine_state seen_state(const struct machine *machine, uint32_t n)
{
	const struct ip ip = seen_ip(n);
	struct machine_info info;

	return machine_find(machine, &ip, &info) ? info.state : MACHINE_STATES;
}

struct machine_info seen_info(const struct machine *machine, uint32_t n)
{
	const struct ip ip = seen_ip(n);
	struct machine_info info = {0};

	cr_assert(machine_find(machine, &ip, &info));
	return info;
}
