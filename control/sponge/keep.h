// SPDX-License-Identifier: BSD-3-Clause
// What outlives control of the states of addresses, in an SQLite file of its own (sponge.sqlite in
// the state directory), so that nothing that happens to it endangers the configuration, and what is
// written often never makes a change of that wait.
//
// Writing is never waited for but when the log is moved into the file; losing the last seconds in a
// power cut is no harm, for what is kept has an age, and what is too old counts for nothing. A file
// that is damaged, or of a later release, is begun anew.
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "control/sponge/machine.h"
#include "lib/limits.h"

struct keep;

struct keep_row {
	struct ip ip;
	enum machine_state state; // MACHINE_NONE: nothing is to be kept
	mac_t mac;
	char port[NAME_SIZE]; // "": none
};

// Returns one in any case: without a file, which is said, it keeps nothing.
struct keep *keep_open(const char *directory);
void keep_close(struct keep *keep);

// When all that is kept was true last before this control, in seconds since 1970. 0: nothing is
// kept.
double keep_time(const struct keep *keep);

// Write rows of LANs in one transaction, and that at "now" all is as it is kept then. Returns false
// if it cannot be written, which is said once: the rows are to be given again.
void keep_begin(struct keep *keep);
void keep_put(struct keep *keep, const char *lan, const struct keep_row *row);
void keep_forget(struct keep *keep, const char *lan); // all of its rows
bool keep_end(struct keep *keep, double now);

// Call "found" for each row of a LAN.
void keep_load(struct keep *keep, const char *lan,
	       void (*found)(void *argument, const struct keep_row *row), void *argument);
