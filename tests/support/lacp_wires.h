// SPDX-License-Identifier: BSD-3-Clause
// Systems that speak LACP (dataplane/manage/lacp.h), each with one LAG, the wires between their
// links, and a clock that moves when a test says so. Whatever happens, no link sends more than
// three frames in a second: that is checked all the time.
#pragma once

#include "dataplane/manage/lacp.h"

enum {
	WIRES_SYSTEMS = 3,
	WIRES = LACP_LINKS,
	WIRES_TICK_MS = 10,
	WIRES_RUN_MS = 100, // each system runs so often, and when a frame came
	WIRES_DELAY_MS = 20,
	WIRES_FLIGHTS = 32,
};

struct flight {
	uint64_t arrives_ns;
	uint8_t to; // end of the wire
	uint8_t frame[LACP_FRAME];
};

// A wire is plugged into two links, maybe of one system, maybe the same.
struct wire {
	struct {
		unsigned int system;
		unsigned int link;
		uint32_t loss; // of what it sends, per cent
	} ends[2];
	uint32_t n; // frames on their way
	struct flight flights[WIRES_FLIGHTS];
};

extern struct lacp systems[WIRES_SYSTEMS];
extern struct wire wires[WIRES];
extern uint64_t wires_now_ns;

// Called after each tick, if set.
extern void (*wires_check)(void);

// A number below "n", by chance. The same ones after the same "wires_seed".
extern uint64_t wires_seed;
uint32_t wires_pick(uint32_t n);

// Systems without links and wires; each has a MAC and a key of its own, and they are all active and
// fast.
void wires_start(void);

void wires_set_mode(unsigned int system, bool active, bool fast);
void wires_set_key(unsigned int system, uint16_t key);
void wires_set_system(unsigned int system, mac_t mac);

// Plug wire "w" into link "w" of system "a" and of system "b"; or say where. The links are up.
void wires_plug(unsigned int w, unsigned int a, unsigned int b);
void wires_plug_at(unsigned int w, unsigned int a, unsigned int link_a, unsigned int b,
		   unsigned int link_b);

// Carrier at both ends; what is on its way is lost without.
void wires_set_up(unsigned int w, bool up);

// All that is sent by both ends is lost, or nothing.
void wires_set_silent(unsigned int w, bool silent);

void wires_pass(uint32_t ms);

// How many links of a system collect and distribute; none does only one of the two.
uint32_t wires_count(unsigned int system);
