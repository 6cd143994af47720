// SPDX-License-Identifier: BSD-3-Clause
// The forwarding database: which MAC address lives behind which port of one LAN.
//
// An entry is one 64-bit word: 48 bits of MAC, 10 bits of port, one bit that says static, 5 bits of
// age. A bucket is one cache line of eight words. An address can stand in two buckets, and usually
// stands in the first, so a lookup is one cache line and one vector compare; also of an address
// that is not known, because a bucket has a count of those that had to go to their second one.
//
// Complications, and what becomes of them:
//   - Several workers learn at once. Insert and refresh are a compare-and-swap of one word; a
//     reader copies a word and holds no pointer, so nothing needs to be reclaimed. Two workers that
//     learn one address at the same moment may make two entries; each looks back after its insert,
//     and only one entry stays.
//   - Ageing. The word keeps the epoch in which the source was last seen; an epoch is an eighth of
//     the ageing time. A refresh stores only when the epoch has changed. The manager moves the
//     epoch and removes what is too old: an entry ages out after 1 to 1 1/8 times the ageing time.
//   - Moves. A known address seen on another port changes its word at once: the next frame to it
//     goes to the new port. A static entry never moves and never ages.
//   - MAC flooding. Learned entries are counted, exactly, per port, per LAN, per port in a LAN, and
//     overall (struct fdb_quota). Past a port's or LAN's limit nothing more is learned, and nothing
//     moves to that port. When the overall limit is reached, the port with the most learned entries
//     loses one, in whichever LAN, to a port that will still have fewer; so no port goes below its
//     share, and two ports do not take from each other for ever. It loses one of those it learned
//     last, if they are still there; else some are looked for, but never long: then nothing is
//     learned. A place is taken before its entry is written, so of two workers that learn one
//     address at the same moment, and for which one place is left, one is refused: its next frame
//     finds the address known.
//   - Chosen addresses. The hash has secret random multipliers, so nobody can aim at a bucket.
//
// Addresses of groups and 00:00:00:00:00:00 are never learned.
//
// Threads: lookup and learn by any worker, without locks; everything else by the manager thread
// only, while workers go on, except fdb_destroy(), which needs that no worker knows the table.
#pragma once

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "lib/limits.h"
#include "lib/mac.h"
#include "lib/message.h"

enum { FDB_MISS = 0xffff, FDB_BURST = 64 };

struct fdb;

enum { FDB_TRAIL = 63, FDB_MEMBERS = 2 * MAX_LANS };

// Learned entries of the whole fabric, counted. Zero it, then set limits; 0 is no limit. Workers
// count, the manager sets limits. It outlives its tables, of which there are FDB_MEMBERS at most
// (room for the LANs of a policy and those of its successor).
struct fdb_quota {
	_Atomic uint32_t used;
	_Atomic uint32_t limit;
	_Atomic uint32_t port_used[MAX_PORTS];
	_Atomic uint32_t port_limit[MAX_PORTS];

	// Private: how to find the port with the most entries, and one of them.
	_Atomic uint32_t top;	  // that port + 1; 0: count again
	_Atomic uint32_t n_ports; // no port from here on ever learned
	_Atomic uint32_t sweep;	  // where the search for an entry goes on
	struct {
		struct fdb *_Atomic table;
		_Atomic uint32_t visitors; // workers that look at the table
	} members[FDB_MEMBERS];
	struct {
		_Atomic uint32_t n;
		_Atomic uint32_t places[FDB_TRAIL]; // a ring: where the port learned lately
	} trails[MAX_PORTS];
};

// What became of the sources of a burst; bit i speaks of source i. Sources that were known and
// stayed are in none.
struct fdb_learned {
	uint64_t learned;
	uint64_t moved;	  // old_port[i] says from where
	uint64_t foreign; // static on another port, old_port[i]
	uint64_t refused; // a limit was reached
	uint16_t old_port[FDB_BURST];
};

// ---- Life

// Create a table that can hold "size" entries (1 to 2^20, statics included; it is rounded up so
// that any set of addresses of that size fits), of which at most "limit" learned (0: size). Needs
// no EAL. Returns NULL with errno: EINVAL, ENOMEM, or ENOSPC if the quota has too many tables.
struct fdb *fdb_create(uint32_t size, uint32_t limit, struct fdb_quota *quota);
void fdb_destroy(struct fdb *fdb); // gives back what it took from the quota

// ---- Hot: any worker

// The port of "mac", or FDB_MISS.
uint16_t fdb_lookup(const struct fdb *fdb, mac_t mac);

// Look up macs[i] for each bit i of "live"; ports[i] receives the port or FDB_MISS. Entries of
// other bits are not touched. Uses AVX-512, AVX2 or scalar code, chosen once at start
// (fdb_select()).
void fdb_lookup_burst(const struct fdb *fdb, const mac_t *macs, uint64_t live, uint16_t *ports);

// Whether macs[i] is registered or sticky on "port", for each bit i of "live": returns those that
// are not.
uint64_t fdb_find_strangers(const struct fdb *fdb, const mac_t *macs, uint64_t live, uint16_t port);

// Learn that macs[i] lives behind "port", for each bit i of "live", in order, as if one by one.
void fdb_learn_burst(struct fdb *fdb, const mac_t *macs, uint64_t live, uint16_t port,
		     struct fdb_learned *result);

// ---- Manager

// Ageing time in seconds; 0: never. At first it is never.
void fdb_set_ageing(struct fdb *fdb, uint32_t seconds);

// Change the limit on learned entries (0: size), of all ports together or of one, for which
// UINT32_MAX is none and 0 is none to be learned. Lowering it removes nothing by itself.
void fdb_set_limit(struct fdb *fdb, uint32_t limit);
void fdb_set_port_limit(struct fdb *fdb, uint16_t port, uint32_t limit);

// Let time pass: "now_ns" is a monotonic clock. Call at least once a second. Returns how many
// entries aged out. The first call starts the clock: what was learned before counts as learned
// then.
uint32_t fdb_age(struct fdb *fdb, uint64_t now_ns);

// Register "mac" on "port": a learned entry of it is replaced, and a static one on this port gets
// the new kind. Returns 0, -EEXIST if it is static on another port, -ENOSPC if "size" entries are
// static, or -EINVAL (a group, zero, no such port). Static entries leave so much less room for
// learned ones.
int fdb_add_static(struct fdb *fdb, mac_t mac, uint16_t port, enum mac_kind kind);
int fdb_del_static(struct fdb *fdb, mac_t mac); // 0 or -ENOENT

// Forget learned entries: of "port" (FDB_ANY: all ports) and "mac" (0: all). Returns how many.
uint32_t fdb_flush(struct fdb *fdb, uint16_t port, mac_t mac);

// What is known of "mac". Returns false if nothing is. Any thread, but not for every frame.
bool fdb_find(const struct fdb *fdb, mac_t mac, struct fdb_entry *entry);

// Copy up to "max" entries from "cursor" on (0 at first); of "port", or FDB_ANY. "cursor" moves to
// where to go on, or to 0 when that was all. Entries that come or go meanwhile may be missed or
// seen, others are seen exactly once. Returns how many.
uint32_t fdb_dump(const struct fdb *fdb, uint16_t port, uint32_t *cursor, struct fdb_entry *entries,
		  uint32_t max);

uint32_t fdb_count(const struct fdb *fdb);	  // learned entries
uint32_t fdb_count_static(const struct fdb *fdb); // static ones
uint32_t fdb_count_held(const struct fdb *fdb);	  // static ones of MAC_HELD; any thread

// How often static entries came, went or changed their kind.
uint64_t fdb_static_changes(const struct fdb *fdb);

// Learned entries of a port, and whether there are as many as there may be. Any thread.
uint32_t fdb_count_port(const struct fdb *fdb, uint16_t port);
bool fdb_is_port_full(const struct fdb *fdb, uint16_t port);

// ---- Choice of code

enum fdb_isa { FDB_SCALAR, FDB_AVX2, FDB_AVX512, FDB_ISAS };

// Use the best code that this CPU runs, or "isa" if it does (for tests and benchmarks). Returns
// what is in use now. Call before workers start.
enum fdb_isa fdb_select(enum fdb_isa isa);
const char *fdb_isa_name(enum fdb_isa isa);
