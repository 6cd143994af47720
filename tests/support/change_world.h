// SPDX-License-Identifier: BSD-3-Clause
// A world (tests/support/world.h) for tests of changes. Configurations are of ports named by single
// letters, in one LAN: "abc".
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "control/change.h"
#include "control/manual/edit.h"
#include "tests/support/world.h"

// What became of the last change.
extern int done; // how many have ended since it was submitted
extern int last_code;
extern char last_text[512];

void change_world_init(void); // end it with world_fini()

void start_with(const char *ports); // a dataplane, and a control that has them in force

// A configuration of ports.
const char *describe(const char *ports);

// Submit a change, and remember how it ends.
void submit(const char *text, bool force);
void submit_request(const char *text, const struct change_request *request);
change_done_fn on_done;
bool is_done(void);

// As above, and wait for the end. Each returns its code.
int apply(const char *ports, bool force);
int try_out(const char *ports, double seconds); // to be confirmed
int make_edit(struct edit *edit, const char *port);
int set_admin(const char *port, bool up);

// The ports that the dataplane has, in the order of their slots; upper case if up.
const char *ports_there(void);
void expect_running(uint64_t generation, const char *ports);

// "state" on a file system of our own that is small, and it is full from now on.
void mount_state(void);
void fill_disk(void);

// A control in a process of its own, which is killed while the dataplane thinks about "ports",
// applied for good or to be confirmed in so many seconds.
void kill_control_during_apply(const char *ports, double confirm);
