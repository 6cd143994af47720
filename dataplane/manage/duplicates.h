// SPDX-License-Identifier: BSD-3-Clause
// Addresses that two ports claim (RFC 7432 section 15.1): one that moves so often within so long is
// held on the port where it was before, as a static entry of the kind MAC_HELD, until some time has
// passed or an operator clears it. Meanwhile frames with that source die by every other port.
//
// The numbers are those of the LAN in force. At most HELD_MAX addresses are held at a time.
//
// Threads: manager only. Time is an argument, CLOCK_MONOTONIC.
#pragma once

#include <stdint.h>

#include "lib/mac.h"

struct fdb;
struct manager;
struct message;

enum { HELD_MAX = 4096 };

int duplicates_init(struct manager *manager); // 0 or -ENOMEM
void duplicates_fini(struct manager *manager);

// NOTICE_MOVED.
void duplicates_notice(struct manager *manager, const struct message *notice, uint64_t now_ns);

// Release those whose time has come.
void duplicates_tick(struct manager *manager, uint64_t now_ns);

// Release what is held in "lan" on "port" of "mac"; FDB_ANY or 0 is any. Returns how many.
uint32_t duplicates_clear(struct manager *manager, uint16_t lan, uint16_t port, mac_t mac);

// While a policy comes into force, after its tables: release what it has registered, and what is
// held on ports that are in the LAN no more or take registered addresses only. "old" are the tables
// that were before it.
void duplicates_commit(struct manager *manager, struct fdb *const *old);

// Moves of addresses between two ports within the last ten seconds.
uint32_t moves_between(struct manager *manager, uint16_t a, uint16_t b, uint64_t now_ns);
