// SPDX-License-Identifier: BSD-3-Clause
// The rules of arpsponge once more, as its own source has them and as plainly as can be: what the
// machine (control/sponge/machine.h) is compared with. Every list is searched from end to end.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "control/config/rules.h"

enum { RULES_ADDRESSES = 900 };

// As there: PENDING(n) is n.
enum { UNDEFINED = -9, STATIC = -3, DEAD = -2, ALIVE = -1, PENDING = 0 };

struct rules_query {
	uint32_t source;
	uint64_t time_ms;
};

struct rules_address {
	int state;
	uint64_t mtime_ms; // 0: never
	bool has_mac;
	uint32_t n;
	struct rules_query *queue;
	uint32_t queries; // sent, ever
	uint32_t announcements;
};

struct rules {
	const struct config_sponge *settings;
	struct rules_address addresses[RULES_ADDRESSES];
	uint32_t learning;
	uint64_t next_sweep_ms; // 0: never
};

void rules_start(struct rules *rules, const struct config_sponge *settings, uint64_t now_ms);
void rules_end(struct rules *rules);

// A frame of the owner's; a request of "source"; one of nobody (0.0.0.0). A request may be
// answered: returns whether it is.
void rules_life(struct rules *rules, uint32_t n, uint64_t now_ms);
bool rules_request(struct rules *rules, uint32_t n, uint32_t source, uint64_t now_ms);
void rules_probe(struct rules *rules, uint32_t n, uint64_t now_ms);

// do_timer()
void rules_timer(struct rules *rules, uint64_t now_ms);

// asctl
void rules_set(struct rules *rules, uint32_t n, int state, uint64_t now_ms);
void rules_clear(struct rules *rules, uint32_t n);
