// SPDX-License-Identifier: BSD-3-Clause
// The plan: wanted minus actual, as the messages that make the one out of the other. A pure
// function of its arguments.
//
// A policy is always sent whole, so the messages tell all of what is wanted; what the dataplane has
// now decides the slots. A port keeps the slot that its name has; a new one gets a slot that was
// never used, or else the free one with the fewest lives behind it. The slot of a port that leaves
// is not given away in the same plan, because no slot may pass from one port to another in one
// commit. LANs are numbered in the order of the configuration.
//
// The digest is a fingerprint of all that is wanted, slots included. A dataplane whose policy has
// the same digest has nothing to be told.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/limits.h"

struct config;
struct message;
struct stats;

// A port slot of the dataplane as it is now.
struct plan_slot {
	bool used;
	uint32_t lives; // how many ports lived there, this one included
	char name[NAME_SIZE];
};

// What stands above the configuration, by port.
struct plan_override {
	char port[NAME_SIZE];
	bool admin_up;
};

struct plan_wish {
	const struct config *config;
	const struct plan_override *overrides;
	size_t n_overrides;
	// [config->n_ports]: ports to do without, because the dataplane refuses them; or NULL
	const bool *left_out;
};

enum { PLAN_NO_SLOT = 0xffff };

struct plan {
	struct message *messages; // BEGIN, LANs, ports, memberships, addresses, COMMIT
	size_t n;
	uint64_t digest; // never 0
	uint16_t *slots; // [config->n_ports]; PLAN_NO_SLOT if left out
};

// Read the slots from a dataplane's counters into "slots", of MAX_PORTS.
void plan_read_slots(const struct stats *stats, struct plan_slot *slots);

// Returns NULL with errno: ENOMEM, or ENOSPC if more ports are new than slots are free now.
struct plan *plan_create(const struct plan_wish *wish, const struct plan_slot *slots);
void plan_destroy(struct plan *plan);

// Whether "port" of the configuration is to be up, with what stands above it.
bool plan_admin_up(const struct plan_wish *wish, size_t port);
