// SPDX-License-Identifier: BSD-3-Clause
// Port security: whose addresses may be sources, as the security mode of the membership says. What
// the stage "learn" asks about sources that are not simply where they belong.
//
// Whoever dies here has violated port security: no other frame dies in this stage.
#pragma once

#include <stdint.h>

struct batch;
struct worker;

// SECURITY_REGISTERED: of "frames", all of one LAN, only those may pass whose source is registered
// or sticky on their port.
void secure_registered(struct worker *w, struct batch *b, uint64_t frames);

// End those of "suspects" whose source belongs to somebody else, or to nobody where only registered
// ones may pass. "repeats" are frames of the same LAN whose source is that of the frame before:
// they share its fate.
void secure_drop(struct worker *w, struct batch *b, uint64_t suspects, uint64_t repeats);

// Where one violation is enough: after the first of "violations", which died, not one frame more of
// this port, be it one of "entered" or in another worker's burst.
void secure_disable(struct worker *w, struct batch *b, uint64_t entered, uint64_t violations);
