// SPDX-License-Identifier: BSD-3-Clause
// The sponges of all LANs that have one, and what was learned about who owns which address: what
// the dataplane tells goes into the machines (machine.h, bindings.h), and what they decide goes to
// the dataplane (COMMAND_HOST_SET), out by ports as frames (COMMAND_INJECT), into the log and into
// events.
//
// A query goes to the owner's port only, or to every port of the LAN if nobody is known to own the
// address. Its sender is the sponge's own address and MAC: a query from 0.0.0.0 would look like
// somebody who wants to take the address (RFC 5227).
//
// States are kept in the state directory and taken up again by the next control if they are not
// older than "restore_age". The dataplane goes on answering meanwhile. What it is found to answer
// for although nothing says so is found out again, as if it had been DEAD.
//
// A LAN's quarantine has no sponge.
//
// Threads: the loop.
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "control/sponge/bindings.h"
#include "control/sponge/machine.h"
#include "lib/ip.h"
#include "lib/mac.h"

struct control;
struct message;
struct sponges;

// States are kept in "directory". Returns NULL with errno. For all that follow NULL is fine.
struct sponges *sponges_create(struct control *control, const char *directory);
void sponges_destroy(struct sponges *sponges); // writes the state

// A policy has come into force, or a dataplane was attached that has it. What stands above the
// configuration counts too.
void sponges_configure(struct sponges *sponges);

// The dataplane went away.
void sponges_detached(struct sponges *sponges);

// Take an EVENT_QUESTION, EVENT_LIFE, EVENT_CLAIM or EVENT_SUNK.
void sponges_take(struct sponges *sponges, const struct message *event);

// ---- For operators

// Of the configuration's LAN number "lan"; NULL if it has none. What an operator changes there is
// told to the dataplane and kept by itself; after machine_query() call sponges_hurry(), or it takes
// up to a second.
struct machine *sponges_machine(struct sponges *sponges, size_t lan);
struct bindings *sponges_bindings(struct sponges *sponges, size_t lan);

void sponges_hurry(struct sponges *sponges);

// The LAN that has a sponge and in one of whose prefixes "ip" is; SIZE_MAX if there is none.
size_t sponges_lan_of(const struct sponges *sponges, const struct ip *ip);

// Milliseconds of the machines' clock, and what time that was.
uint64_t sponges_now_ms(void);
double sponges_time(uint64_t ms); // seconds since 1970; 0 for 0

// Tell the neighbour "whom" where "about" is: both have to be addresses of the LAN whose owners are
// known. Returns 0, or -errno with a sentence in "problem" (of SPONGE_PROBLEM_SIZE).
enum { SPONGE_PROBLEM_SIZE = 200 };
int sponges_inform(struct sponges *sponges, const struct ip *whom, const struct ip *about,
		   char *problem);

// All states that are not as at the start, of a LAN or of all (SIZE_MAX):
//   {"version": 1, "saved": SECONDS, "lans": {"peering": {"192.0.2.77":
//     {"state": "DEAD", "since": SECONDS, "mac": "02:00:00:00:00:77", "port": "swp3"}}}}
// with the states named as arpsponge has them, seconds since 1970, and null for a MAC or port that
// is not known.
json_t *sponges_dump(struct sponges *sponges, size_t lan);

// Take up a dump as a restart does: ALIVE and STATIC as they are, DEAD to be found out again, the
// others not at all; LANs without a sponge and addresses that are not theirs are passed over.
// "taken" becomes the number of states. Returns 0, or -errno with a sentence in "problem": -EINVAL
// (that is no dump, nothing was taken) or, without "force", -ESTALE (older than the "restore_age"
// of a LAN in it).
int sponges_load(struct sponges *sponges, const json_t *dump, bool force, size_t *taken,
		 char *problem);

// Who still sends to addresses that are down. Kept while control runs, at most DEAD_PEERS of them:
// then the one that was silent for longest goes.
enum { DEAD_PEERS = 16384 };

struct dead_peer {
	size_t lan;	  // of the configuration
	uint16_t port;	  // slot of the sender's
	struct ip target; // family 0: frames that are not IP
	uint64_t frames;
	uint64_t octets;
	uint64_t syns; // attempts to open BGP
	double first;  // seconds since 1970
	double last;
	double last_syn; // 0: none
};

// In the order of LAN, port and target. Free the array.
struct dead_peer *sponges_dead_peers(const struct sponges *sponges, size_t *n);

// Forget them: all, or those of a LAN.
void sponges_clear_dead_peers(struct sponges *sponges, size_t lan); // SIZE_MAX: all

// What was counted, for statistics.
struct sponges_count {
	uint64_t questions; // that workers told
	uint64_t missed;    // that they could not tell
	uint64_t queries;   // frames of ours that went out to ask
	uint64_t updates;   // likewise, to neighbours that had been told otherwise
	uint64_t signs;	    // of life
	uint64_t lost;	    // frames of ours for which there was no room
};
void sponges_count(const struct sponges *sponges, struct sponges_count *count);
