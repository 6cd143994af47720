// SPDX-License-Identifier: BSD-3-Clause
// A dataplane without frames, for tests of control: a process of its own that listens, attaches one
// control, keeps the policy it is sent, and misbehaves on demand. It dies with the test.
#pragma once

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "lib/ip.h"
#include "lib/limits.h"
#include "lib/message.h"
#include "lib/stats.h"

enum fake_mischief {
	FAKE_GOOD,
	FAKE_OTHER_VERSION, // refuses us as of another release
	FAKE_OTHER_WELCOME, // answers with something of another size
	FAKE_STRANGER,	    // answers without the magic
	FAKE_WRONG_MEMORY,  // hands over memory of a wrong size
	FAKE_SILENT,	    // accepts and never answers
	FAKE_TALKS,	    // says something on the socket after the handshake
	FAKE_BAD_REPLY,	    // answers commits with nonsense
	FAKE_BAD_POSITION,  // writes an impossible position into the reply ring at a commit
	FAKE_STRAY_REPLY,   // answers commits twice, once to nobody
	FAKE_BAD_EVENTS,    // fills its event ring with nonsense
	FAKE_BAD_EVENT_POSITION,
	FAKE_BAD_CAPTURED,	// as many frames that are nonsense as frames
	FAKE_DIES_AT_COMMIT,	// before it commits
	FAKE_DIES_AFTER_COMMIT, // committed, but nobody is told
	FAKE_MUTE_AT_COMMIT,	// commits and never answers
	FAKE_HOLDS_COMMIT,	// answers commits when "release" is set
	FAKE_HOLDS_CAPTURE,	// likewise the begin of a capture
};

enum { FAKE_HOSTS = 64, FAKE_TOLD = 8, FAKE_INJECTS = 1024 };

// What it was told of an address (COMMAND_HOST_SET), and whom it told for the sponge.
struct fake_host {
	bool used;
	struct host_set set;
	uint32_t n_told;
	struct neigh_info told[FAKE_TOLD];
};

// Shared with the process; both sides may write.
struct fake_shared {
	_Atomic uint32_t mischief; // enum fake_mischief
	_Atomic uint32_t attachments;
	_Atomic uint32_t commits; // that came into force
	_Atomic uint32_t refusals;
	_Atomic uint32_t held; // what waits for "release"
	_Atomic uint32_t release;
	_Atomic uint32_t macs;	  // of the policy in force: all kinds
	_Atomic uint32_t sticky;  // of them
	_Atomic uint32_t drained; // ports
	_Atomic uint32_t learned; // entries that a dump shows beside the static ones
	_Atomic uint32_t telling; // "event" waits to be put into ring number "teller"
	uint32_t teller;
	struct message event;
	_Atomic uint32_t host_sets; // commands
	_Atomic uint32_t answers;   // of which those that asked who was told
	struct fake_host hosts[FAKE_HOSTS];
	_Atomic uint32_t n_injects; // frames of control's own, the last FAKE_INJECTS of them here
	struct inject injects[FAKE_INJECTS];
	_Atomic uint32_t to_capture; // frames that each capture gets
	_Atomic uint32_t captures;   // that were begun; the last one's number
	_Atomic uint32_t ended_captures;
	_Atomic uint32_t capture_insns;	 // that were sent, of all filters
	struct capture_begin capture;	 // the last that was begun
	char refuse_device[DEVICE_SIZE]; // a port with it is refused
	char also_refuse_device[DEVICE_SIZE];
};

struct fake {
	pid_t pid;
	char path[108];
	struct fake_shared *shared;
	struct stats stats; // writable: tests count for the workers
};

// Start one that listens on "path" with "n_workers". It listens when this returns.
void fake_start(struct fake *fake, const char *path, uint32_t n_workers,
		enum fake_mischief mischief);

// kill -9, and wait until it is gone. Its socket file stays, as it does in life.
void fake_kill(struct fake *fake);

// What it knows of an address; NULL if nothing.
struct fake_host *fake_find_host(const struct fake *fake, uint16_t lan, const struct ip *ip);

// Have it tell control of an event, by the ring of "worker". Returns when it has.
void fake_tell(struct fake *fake, uint32_t worker, const struct message *event);
