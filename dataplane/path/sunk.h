// SPDX-License-Identifier: BSD-3-Clause
// What members send to the sponge, because they still believe that somebody is where nobody is:
// frames by port and address, and attempts to open BGP among them. Operators see by it who has a
// session with a dead peer.
//
// A worker adds up what it takes, and tells control of each port and address once a second
// (EVENT_SUNK). What control cannot take stays and adds up. Memory is bounded, and so is a port's
// part of it: what is more is told as sent to no address in particular, and if there is no place
// for that either, only the drop is counted.
#pragma once

#include <stdint.h>

#include "lib/limits.h"
#include "lib/message.h"

struct batch;
struct worker;

enum {
	SUNK_ENTRIES = 1024,
	SUNK_WAYS = 8,	// places where one entry may stand
	SUNK_PORT = 64, // entries of one port, beside the one for no address
};

// A worker's own.
struct sunk {
	uint32_t n;				 // entries
	uint32_t second;			 // in which the last were told
	uint16_t of_port[MAX_PORTS];		 // likewise entries
	struct event_sunk entries[SUNK_ENTRIES]; // "frames" 0: free
};

// Add frames that were sent to the sponge's address.
void sunk_add(struct worker *w, const struct batch *b, uint64_t frames);

// Tell control, if a second has passed.
void sunk_flush(struct worker *w);
