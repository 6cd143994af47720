// SPDX-License-Identifier: BSD-3-Clause
// What becomes of a question that is not for all: an answer in the buffer it came in, or a way to
// one port.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "dataplane/path/claim.h"
#include "dataplane/path/reply.h"
#include "lib/mac.h"

struct worker;

// Answer question "i" with "mac", as "speaker": the question is consumed and the answer injected;
// or it dies, if there is no buffer. Returns whether it was answered.
bool respond(struct worker *w, struct batch *b, unsigned int i, enum reply_speaker speaker,
	     mac_t mac);

// Give it to "port" only, and to "mac" if that is not 0. Without a buffer it goes to all stations
// of that port.
void respond_turn(const struct worker *w, struct batch *b, unsigned int i, uint16_t port,
		  mac_t mac);
