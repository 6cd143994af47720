// SPDX-License-Identifier: BSD-3-Clause
// Addresses that the dataplane learned for good (EVENT_MAC_STICKY): kept in the state, and part of
// the policy from then on. Those that come together are gathered into one change.
#pragma once

struct control;
struct message;
struct sticky;

enum { STICKY_GATHER_MS = 200 };

// Returns NULL with errno.
struct sticky *sticky_create(struct control *control);
void sticky_destroy(struct sticky *sticky); // NULL is fine

// Take an EVENT_MAC_STICKY. Those of ports and LANs that are gone count for nothing.
void sticky_take(struct control *control, const struct message *event);
