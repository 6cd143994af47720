// SPDX-License-Identifier: BSD-3-Clause
// Addresses that are learned for good: where the security mode is SECURITY_LEARN, the first few
// that a port sends become static entries of the kind MAC_STICKY.
//
// Control is told of each (EVENT_MAC_STICKY), keeps it, and from then on its policies contain it.
// Until one does, it is remembered here: commits do not remove it, and a control that attaches is
// told again. A policy that had it and has it no more removes it, as any other.
//
// How many a port may have is counted by the FDB: the limit on learned entries is lowered before
// one of them becomes static, so nobody slips into its place.
//
// Threads: manager only.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "lib/mac.h"

struct lan_table;
struct manager;
struct message;

int sticky_init(struct manager *manager); // 0 or -ENOMEM
void sticky_fini(struct manager *manager);

// NOTICE_STICKY.
void sticky_notice(struct manager *manager, const struct message *notice, uint64_t now_ns);

// Once a second, find those of which no notice came; and tell control what it could not be told.
void sticky_tick(struct manager *manager, uint64_t now_ns);

// Control is new: tell it all.
void sticky_attach(struct manager *manager);

// While a policy comes into force, before workers see it: "lans" are its tables. Those that the
// draft contains are its own from now on, those of memberships that do not learn any more are
// forgotten, and limits hold where addresses are learned.
void sticky_prepare(struct manager *manager, const struct lan_table *lans);

// After workers have seen it: no limits where none are learned.
void sticky_commit(struct manager *manager);

// Whether an address is remembered here.
bool sticky_is_pending(const struct manager *manager, uint16_t lan, mac_t mac);
