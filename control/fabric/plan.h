// SPDX-License-Identifier: BSD-3-Clause
// The plan: wanted minus actual, as the messages that make the one out of the other. A pure
// function of its arguments.
//
// A policy is always sent whole, so the messages tell all of what is wanted; what the dataplane has
// now decides the slots (plan_slots.h). LANs are numbered in the order of the configuration, then
// come quarantines (plan_lans.h).
//
// The digest is a fingerprint of all that is wanted, slots included. A dataplane whose policy has
// the same digest has nothing to be told.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "control/fabric/plan_slots.h"
#include "lib/limits.h"

struct config;
struct config_member;
struct message;

enum { PLAN_BY_SIZE = 64 };

// What operators set for a port, above the configuration. Times are seconds since 1970.
struct plan_override {
	char port[NAME_SIZE];
	bool has_admin;
	bool admin_up; // if has_admin
	bool promoted; // out of quarantine
	bool drained;
	uint64_t drained_rate; // bits/s in both directions when it began; 0: not known
	// Of each, since when, until when (0: no end), and by whom ("": not known).
	double admin_since;
	double admin_until;
	double promoted_since;
	double drained_since;
	double drained_until;
	char admin_by[PLAN_BY_SIZE];
	char promoted_by[PLAN_BY_SIZE];
	char drained_by[PLAN_BY_SIZE];
};

// An address that a port may use beside those of the configuration.
struct plan_mac {
	char port[NAME_SIZE];
	char lan[NAME_SIZE]; // of the configuration, though the port be in its quarantine
	uint64_t mac;
	uint16_t kind; // enum mac_kind: MAC_REGISTERED or MAC_STICKY
};

struct plan_wish {
	const struct config *config;
	const struct plan_override *overrides;
	size_t n_overrides;
	// Those of ports and memberships that are not there count for nothing, neither do those
	// that the configuration has in the same LAN.
	const struct plan_mac *macs;
	size_t n_macs;
	// [config->n_ports]: ports to do without, because the dataplane refuses them; or NULL. The
	// links of a LAG that is one of them are done without, too
	const bool *left_out;
};

struct plan {
	struct message
		*messages; // BEGIN, LANs, rules, ports with all that is theirs, links, COMMIT
	size_t n;
	uint64_t digest; // never 0
	uint16_t *slots; // [config->n_ports]; PLAN_NO_SLOT if left out
};

// Returns NULL with errno: ENOMEM, ENOSPC if more ports are new than slots are free now, or E2BIG
// if the memberships have more than MAX_RULES different rules.
struct plan *plan_create(const struct plan_wish *wish, const struct plan_slot *slots);
void plan_destroy(struct plan *plan);

// Whether "port" of the configuration is to be up, with what stands above it.
bool plan_admin_up(const struct plan_wish *wish, size_t port);

// Whether it is in quarantine: the configuration says so, and no operator promoted it.
bool plan_is_quarantined(const struct plan_wish *wish, size_t port);

// The LAN of the dataplane that a membership of "port" is in: the one that it names, its
// quarantine, or PLAN_NO_LAN (plan_lans.h).
uint16_t plan_member_lan(const struct plan_wish *wish, size_t port,
			 const struct config_member *member);

// Whether BGP between members is not to pass it, because it is being drained.
bool plan_is_drained(const struct plan_wish *wish, size_t port);
