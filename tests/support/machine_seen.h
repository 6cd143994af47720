// SPDX-License-Identifier: BSD-3-Clause
// A machine (control/sponge/machine.h) for tests, and what it told its listener. Addresses have
// numbers, and members with the same number have them: port n, MAC 02:00:00:00:00:n.
#pragma once

#include "control/sponge/machine.h"

struct machine_seen {
	uint32_t verdicts;
	uint32_t revived;
	uint32_t queries;
	uint32_t announced;
	uint32_t changes;
	uint32_t warnings;

	// The last of each kind.
	struct ip verdict_ip;
	bool sponged;
	bool watched;
	struct ip query_ip;
	struct machine_info changed; // and what it was before
	enum machine_state from;
	uint64_t warning_times;
};

extern struct machine_seen seen;
extern const struct machine_listener seen_listener;

// The settings of a mode as the configuration has them, with addresses, without learning.
struct config_sponge seen_settings(enum sponge_mode mode);

// A machine in which members 1 to "n" have their addresses. Nothing is "seen" any more.
struct machine *seen_start(const struct config_sponge *settings, uint32_t n, uint64_t now_ms);

// 2001:db8::n with "seen_ipv6", else 192.0.2.n, and from 256 on 198.51.(n / 256).(n % 256).
struct ip seen_ip(uint32_t n);
extern bool seen_ipv6;

// A test of both families.
#define TEST_BOTH(suite, name)        \
	static void name(void);       \
	Test(suite, name)             \
	{                             \
		name();               \
	}                             \
	Test(suite, name##_with_ipv6) \
	{                             \
		seen_ipv6 = true;     \
		name();               \
	}                             \
	static void name(void)

// "asker" asks for "target".
void seen_ask(struct machine *machine, uint32_t target, uint32_t asker, uint64_t now_ms);

// The owner lives.
void seen_live(struct machine *machine, uint32_t n, uint64_t now_ms);

// A second passes: a tick, and what may be asked until the next.
void seen_second(struct machine *machine, uint64_t now_ms);

// Ask five times in two seconds, so that with the settings of SPONGE_FAST it is PENDING. Returns
// the time.
uint64_t seen_pending(struct machine *machine, uint32_t n, uint64_t now_ms);

// Let so many seconds pass.
uint64_t seen_seconds(struct machine *machine, uint32_t seconds, uint64_t now_ms);

// MACHINE_STATES if nothing is known of it.
enum machine_state seen_state(const struct machine *machine, uint32_t n);

// What is known of an address that is known.
struct machine_info seen_info(const struct machine *machine, uint32_t n);
