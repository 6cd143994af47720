// SPDX-License-Identifier: BSD-3-Clause
// Addresses that move from port to port: how often within some time, and where each came from.
//
// Bounded: of the addresses that moved, the 4096 that did last are remembered; of single moves, the
// last 4096. Whoever makes many addresses move can make others be forgotten, never more be
// remembered.
//
// Pure: time is an argument, a clock that never goes back.
#pragma once

#include <stdint.h>

#include "lib/message.h"

enum { MOVES_MACS = 4096, MOVES_RECENT = 4096, MOVES_SECONDS = 10 };

struct moves;

struct moves *moves_create(void); // NULL if there is no memory
void moves_destroy(struct moves *moves);

// An address moved. Returns how often it did within the last "seconds", this time included; "home"
// is where it was before the first of them.
uint32_t moves_add(struct moves *moves, const struct event_mac *move, uint32_t seconds,
		   uint64_t now_ns, uint16_t *home);

// Begin to count anew: for an address, or for all of a LAN.
void moves_forget(struct moves *moves, uint16_t lan, mac_t mac);
void moves_forget_lan(struct moves *moves, uint16_t lan);

// How many moves there were between two ports, one way or the other, within MOVES_SECONDS: those
// that are remembered.
uint32_t moves_count(const struct moves *moves, uint16_t a, uint16_t b, uint64_t now_ns);
