// SPDX-License-Identifier: BSD-3-Clause
// Questions: how many a port may ask, and telling control of them.
#pragma once

#include <stdbool.h>

#include "dataplane/path/claim.h"

struct worker;

// ARP requests, and neighbour solicitations that keep the rules: others are for hosts to ignore.
bool question_is(const struct claim *claim);

// Who asks for himself announces himself: nobody is to answer.
bool question_is_announcement(const struct claim *claim);

// Whether the port may ask this at worker.now; else frame "i" dies. "known": something is known of
// the address.
bool question_passes(struct worker *w, struct batch *b, unsigned int i, bool known);

// Tell control that worker.claims[i] was asked. "answered": in the owner's name.
void question_tell(struct worker *w, const struct batch *b, unsigned int i, bool answered);
