// SPDX-License-Identifier: BSD-3-Clause
// A directory of its own, a dataplane without frames, and a control in the test's own process, made
// of the parts that the test is about.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "control/control.h"
#include "tests/support/fake_dataplane.h"

// Beside configuration, state, changes and the fabric, which every control has.
enum world_part {
	WORLD_EVENTS = 1,
	WORLD_SPONGES = 2,
	WORLD_STICKY = 4,
	WORLD_DEADLINE = 8,
	WORLD_OPERATORS = 16, // their socket
	WORLD_SFLOW = 32,
};

extern struct control control;
extern struct fake fake;
extern char directory[];
extern char dataplane_path[64], operators_path[64], config_path[64], state_path[64];
extern uint32_t commit_patience_ms; // 0: the usual

// The directory, and nothing in it yet; "parts" is of enum world_part.
void world_init(unsigned int parts);

// Ends what is left, and removes the directory.
void world_fini(void);

void write_file(const char *text); // of the configuration
void start_dataplane(void);	   // with one worker
void start_control(void);
void end_control(void); // as on SIGTERM

bool is_in_force(void);
void wait_in_force(void);

// All of it, with "text" in force.
void world_start(unsigned int parts, const char *text);
