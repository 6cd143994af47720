// SPDX-License-Identifier: BSD-3-Clause
// What is in force: the configuration that was applied last, what stands above it, and where the
// dataplane has its ports.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "control/fabric/plan.h"
#include "control/manual/manual.h"
#include "control/state/state.h"

struct config;
struct config_port;

struct running {
	struct config *config;	     // NULL: none
	struct state_config applied; // who applied it and when; its text is in "config"
	struct manual manual;	     // what stands above it
	struct manual aside;	     // what did, while it waits to be confirmed
	uint16_t *slots;	     // [config->n_ports]; NULL while no dataplane has the policy
	char **problems; // [config->n_ports]: why a port is left out, or NULL; NULL if none is
	char *problem;	 // why this is not what the configuration file says, or NULL
	char *failure;	 // why the dataplane does not take it, or NULL
};

// Put "config" in force; both are taken over.
void running_install(struct running *running, struct config *config, struct state_config *applied);
void running_fini(struct running *running);

// Set what stands above the configuration; it is taken over, and "manual" is empty then.
void running_set_manual(struct running *running, struct manual *manual);

// What is in force, as a wish without addresses.
struct plan_wish running_wish(const struct running *running);

// Set where the ports are and why some are not; both are taken over, and may be NULL.
void running_set_slots(struct running *running, uint16_t *slots, char **problems);

// Copy a text, or NULL.
void running_set_problem(struct running *running, const char *text);
void running_set_failure(struct running *running, const char *text);

// The slot of the configuration's port number "port"; PLAN_NO_SLOT if it has none.
uint16_t running_slot(const struct running *running, size_t port);

// Why the port is left out; NULL if it is not.
const char *running_port_problem(const struct running *running, size_t port);

// How many ports are left out.
size_t running_count_problems(const struct running *running);

// The port in "slot"; NULL if none of ours is there.
const struct config_port *running_port_at(const struct running *running, uint16_t slot);

// Free an array of "n" strings, and the strings. NULL is fine.
void running_free_problems(char **problems, size_t n);
