// SPDX-License-Identifier: BSD-3-Clause
// What stands above the configuration and outlives restarts: what operators set by hand, for good
// or for a time, and the addresses that ports learned for good.
//
// The functions are pure but for the log: time is an argument, in seconds since 1970. There is one
// entry at most for each port, and for each address in a LAN.
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "control/fabric/plan.h"
#include "lib/mac.h"

struct config;
struct config_member;
struct config_port;

enum { MANUAL_BY_SIZE = PLAN_BY_SIZE };

// An address that a port may use beside those of the configuration.
struct manual_mac {
	char port[NAME_SIZE];
	char lan[NAME_SIZE];
	mac_t mac;
	bool sticky; // learned for good; else an operator added it for a time
	double since;
	double until;		 // 0: no end
	char by[MANUAL_BY_SIZE]; // who added it; "": the port learned it
};

struct manual {
	struct plan_override *overrides;
	size_t n_overrides;
	struct manual_mac *macs;
	size_t n_macs;
};

void manual_copy(struct manual *to, const struct manual *from);
void manual_fini(struct manual *manual);

// What is set for a port: NULL if nothing; or make an entry that says nothing yet.
const struct plan_override *manual_find(const struct manual *manual, const char *port);
struct plan_override *manual_override(struct manual *manual, const char *port);

// Take back one thing that was set for a port.
void manual_clear_admin(struct plan_override *override);
void manual_clear_promotion(struct plan_override *override);
void manual_clear_drain(struct plan_override *override);

// Remove overrides that say nothing.
void manual_tidy(struct manual *manual);

// The entry of an address in a LAN, on whatever port; NULL if there is none.
struct manual_mac *manual_find_mac(const struct manual *manual, const char *lan, mac_t mac);

// How many there are for a port in a LAN.
size_t manual_count_macs(const struct manual *manual, const char *port, const char *lan);

// Add an entry: no other may be there for that address and LAN. Removing one moves others.
void manual_add_mac(struct manual *manual, const struct manual_mac *mac);
void manual_del_mac(struct manual *manual, struct manual_mac *mac);

// Remove what has ended by "now". Returns how many ends that were.
size_t manual_expire(struct manual *manual, double now);

// When the next of it ends; 0: never.
double manual_next_end(const struct manual *manual);

// Remove what has no place in "config" (manual_fit.c): of ports, LANs and memberships that are
// gone, addresses that it registers itself, sticky ones where nothing is learned or above the limit
// (the latest go first), promotions out of a quarantine that is none, and drains of what has become
// a link of a LAG. Returns how many entries that were; "lost" receives them, and may be NULL.
size_t manual_fit(struct manual *manual, const struct config *config, struct manual *lost);

// Tell the log what was lost, and why it has no place in "config".
void manual_log_lost(const struct manual *lost, const struct config *config);

// Add the entries of "more" that "manual" has not, as far as nothing else was set since.
void manual_merge(struct manual *manual, const struct manual *more);

// The addresses as the plan wants them: manual->n_macs of them. Free the array.
struct plan_mac *manual_plan_macs(const struct manual *manual);

// The port's membership in a LAN; NULL if it is not in it.
const struct config_member *manual_member(const struct config *config,
					  const struct config_port *port, const char *lan);

// The port for which the configuration registers an address in a LAN; NULL if there is none.
const struct config_port *manual_registered_at(const struct config *config, const char *lan,
					       mac_t mac);

// Whether an address is one of the exchange's own in a LAN.
bool manual_is_reserved(const struct config *config, const char *lan, mac_t mac);
