// SPDX-License-Identifier: BSD-3-Clause
// What a machine (machine.h) is made of, for its own files: addresses in one array that grows,
// found by a hash, and in lists by their index. A pointer to an address is good until the next one
// is created.
//
//   address.c  addresses and the lists they are in
//   machine.c  states: what makes one out of another, and what the listener is told
//   ask.c      our own queries: ticks, pace, sweep
//   tell.c     what the configuration, operators and restarts say
//   look.c     what can be seen from outside
#pragma once

#include "control/sponge/machine.h"
#include "control/sponge/queue.h"

#define NO_ADDRESS UINT32_MAX

enum address_flag {
	ADDRESS_TOLD = 1, // by machine_add()
	ADDRESS_ASSIGNED = 2,
	ADDRESS_PROTECTED = 4,
	ADDRESS_MARK = 8,	     // as machine->mark: told since machine_begin()
	ADDRESS_DUE = 16,	     // to be asked for as soon as probe_rate allows
	ADDRESS_ASKED = 32,	     // in the list of those
	ADDRESS_TRACKED = 64,	     // in the list of those that may have to make room
	ADDRESS_SHOWN_SPONGED = 128, // the dataplane was told so
	ADDRESS_SHOWN_WATCHED = 256,
	ADDRESS_SHOWN = 512,	  // the dataplane knows something of it
	ADDRESS_DECEIVED = 1024,  // neighbours may have been told that the sponge has it
	ADDRESS_UNWATCHED = 2048, // a sign of life does not count before the next tick
};

struct link {
	uint32_t previous;
	uint32_t next;
};

enum address_list {
	// PENDING, and others that an operator wants to be asked for. Those that are due come
	// first.
	LIST_ASKED,
	// Neither told nor STATIC, the one that was asked for longest ago first.
	LIST_TRACKED,
	LISTS,
};

// Small, because there may be a hundred thousand. Times have 48 bits: enough for 8900 years.
struct address {
	uint8_t octets[16];
	uint64_t since_ms : 48;
	uint64_t port : 16;
	uint64_t asked_ms : 48;
	uint64_t family : 8;
	uint64_t state : 8;
	uint64_t queried_ms : 48;
	uint64_t flags : 16;
	uint64_t alive_ms : 48;
	uint64_t pending : 16;
	uint64_t warned_ms : 48;
	uint64_t unreported : 16;
	uint64_t mac : 48;
	uint64_t why : 8;
	struct queue *queue; // NULL: empty
	struct link links[LISTS];
	uint32_t next; // of the same hash, or free
	uint32_t questions;
	uint32_t queries;
	uint32_t warned;
};

struct machine {
	struct config_sponge settings;
	struct machine_listener listener;
	struct address *addresses;
	uint32_t n_addresses; // in use or free
	uint32_t room;
	uint32_t free; // the first
	uint32_t *buckets;
	uint32_t n_buckets; // a power of two
	uint64_t hash_seed;
	struct link lists[LISTS]; // last and first
	struct queues queues;
	uint32_t tracked;  // that nobody told
	uint32_t learning; // ticks to come
	uint64_t next_query_us;
	uint64_t next_sweep_ms; // UINT64_MAX: never
	uint32_t swept;		// up to which address; NO_ADDRESS: no sweep is on
	bool mark;
	bool unwatched; // some address is
	struct machine_count count;
};

// ---- Addresses

void addresses_init(struct machine *machine);
void addresses_fini(struct machine *machine);

struct ip address_ip(const struct address *address);
uint32_t address_index(const struct machine *machine, const struct address *address);

// NULL if nothing is known of it.
struct address *address_find(const struct machine *machine, const struct ip *ip);

// Make one that is not there yet; it is in MACHINE_NONE.
struct address *address_create(struct machine *machine, const struct ip *ip);

// Forget it, and tell the dataplane.
void address_destroy(struct machine *machine, struct address *address);

// As address_find(), but an address of which nothing is known is tracked from now on, if need be in
// the place of the one that was asked for longest ago. NULL if that cannot be.
struct address *address_track(struct machine *machine, const struct ip *ip);

// Put it into the list of those that may have to make room, or take it out, as is right for it.
void address_place(struct machine *machine, struct address *address);

// Forget tracked addresses until there are as many as may be.
void addresses_trim(struct machine *machine);

void list_append(struct machine *machine, enum address_list list, struct address *address);
void list_prepend(struct machine *machine, enum address_list list, struct address *address);
void list_remove(struct machine *machine, enum address_list list, struct address *address);

void address_forget_queue(struct machine *machine, struct address *address);

// ---- States

// What an address is in before anybody asked for it, or said a word about it.
void address_begin(struct machine *machine, struct address *address);
enum machine_state address_first_state(const struct machine *machine,
				       const struct address *address);

void address_enter(struct machine *machine, struct address *address, enum machine_state state,
		   enum machine_why why, uint64_t now_ms);

// Tell the dataplane what has changed for it.
void address_show(struct machine *machine, struct address *address);

void address_describe(const struct address *address, struct machine_info *info);

// ---- Queries

// The settings are new: begin to count again if that concerns sweeps.
void sweep_schedule(struct machine *machine, uint32_t old_period, uint64_t now_ms);

// Ask for nothing of what is due now.
void asked_drop(struct machine *machine, uint64_t now_ms);

// ---- Words for it

static inline bool state_is_sponging(enum machine_state state)
{
	return state == MACHINE_DEAD || state == MACHINE_STATIC;
}

static inline bool address_is(const struct address *address, enum address_flag flag)
{
	return address->flags & flag;
}

static inline void address_mark(struct address *address, enum address_flag flag, bool on)
{
	address->flags = (uint16_t)(on ? address->flags | flag : address->flags & ~flag);
}

// An address that was told, but that nobody has.
static inline bool address_is_unused(const struct address *address)
{
	return (address->flags & (ADDRESS_TOLD | ADDRESS_ASSIGNED | ADDRESS_PROTECTED)) ==
	       ADDRESS_TOLD;
}
