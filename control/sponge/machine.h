// SPDX-License-Identifier: BSD-3-Clause
// The sponge's mind: which addresses of a LAN are down, as a state machine for each.
//
//   NONE     nothing is known: the first question makes it PENDING
//   ALIVE    signs of life are seen, or nothing speaks against it
//   PENDING  it was asked for too often without a sign of life: we ask ourselves, once a second
//   DEAD     nobody answered: the sponge answers in its place
//   STATIC   the sponge answers, whatever happens, until somebody says otherwise
//
// The states, what makes one out of another, and the knobs are those of AMS-IX's arpsponge, for
// both families: a neighbour solicitation is a question, too. Where this differs:
//   - signs of life count whatever frame they come in, and only from the owner (the dataplane sees
//     to that);
//   - an address that is protected is never sponged by itself, and one that nobody has can be
//   STATIC
//     from the start;
//   - only questions by others count, and no probes;
//   - memory is bounded: see "targets".
// With settings of the preset "arpsponge" the sequence of states is the same as there, tick by
// tick.
//
// Everything here is pure: time is an argument (a clock that only goes forward), and what happens
// is told to a listener. One machine is for one LAN.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "control/config/rules.h"
#include "lib/ip.h"
#include "lib/mac.h"

struct machine;

enum machine_state {
	MACHINE_NONE,
	MACHINE_ALIVE,
	MACHINE_PENDING,
	MACHINE_DEAD,
	MACHINE_STATIC,
	MACHINE_STATES,
};

// Why a state changed.
enum machine_why {
	MACHINE_INIT,	  // as the configuration wants it at the start
	MACHINE_RESTORED, // as it was before a restart
	MACHINE_OPERATOR,
	MACHINE_ASSIGNED,   // the address was assigned, or is no longer
	MACHINE_QUESTIONS,  // asked for too often
	MACHINE_PROBED,	    // somebody wants to take the address
	MACHINE_UNANSWERED, // our questions found nobody
	MACHINE_LIFE,	    // a sign of life
};

// All that is known of an address; times are of the machine's clock, 0 is never.
struct machine_info {
	struct ip ip;
	enum machine_state state;
	bool assigned;	     // somebody has it
	bool protected;	     // never sponged by itself
	uint32_t pending;    // of MACHINE_PENDING: questions we have asked
	uint32_t queued;     // questions by others that count
	double rate;	     // of those, a minute; 0: less than two
	uint64_t questions;  // by others, ever
	uint64_t queries;    // ours, ever
	uint64_t since_ms;   // of the state
	uint64_t asked_ms;   // the last question by others
	uint64_t queried_ms; // our last
	uint64_t alive_ms;   // the last sign of life
	mac_t mac;	     // and its source; 0: none yet
	uint16_t port;	     // likewise; PLAN_NO_SLOT
	uint64_t warned;     // signs of life of an address that is STATIC
};

struct machine_listener {
	// The dataplane is to know: whether questions are answered by the sponge, and whether a
	// sign of life matters. "revived": those who were told otherwise are to be told.
	void (*verdict)(void *argument, const struct ip *ip, bool sponged, bool watched,
			bool revived);
	// Ask for the address. Never called in passive mode, and never above "probe_rate".
	void (*query)(void *argument, const struct ip *ip);
	// Tell all that the sponge has it ("gratuitous").
	void (*announce)(void *argument, const struct ip *ip);
	// For logs and statistics. MACHINE_PENDING to MACHINE_PENDING is not told.
	void (*changed)(void *argument, const struct machine_info *info, enum machine_state from,
			enum machine_why why);
	// A sign of life of an address that is STATIC: at most once in fifteen seconds, with how
	// often it happened since.
	void (*contradicted)(void *argument, const struct machine_info *info, uint64_t times);
	void *argument;
};

// A LAN's part: "settings" and "listener" are copied. Returns NULL if there is no memory.
struct machine *machine_create(const struct config_sponge *settings,
			       const struct machine_listener *listener, uint64_t now_ms);
void machine_destroy(struct machine *machine);

// The settings have changed. States stay.
void machine_configure(struct machine *machine, const struct config_sponge *settings,
		       uint64_t now_ms);

// Which addresses are whose. Between begin and end all that are assigned or belong to the range are
// told again; those that are no more are forgotten at the end, with a verdict if they were sponged.
// An address that nobody has, but that was told, is STATIC from the start.
void machine_begin(struct machine *machine);
void machine_add(struct machine *machine, const struct ip *ip, bool assigned, bool protected);
void machine_end(struct machine *machine, uint64_t now_ms);

// ---- What was seen

struct machine_question {
	struct ip target;
	struct ip asker; // family 0: none
	mac_t mac;
	uint16_t port;
};

// Somebody asked for an address. Questions for an address that is neither told by machine_add() nor
// known are tracked up to "targets" of them; then the one that was asked for longest ago goes.
void machine_question(struct machine *machine, const struct machine_question *question,
		      uint64_t now_ms);

// Somebody wants to know whether an address is in use, to take it.
void machine_probe(struct machine *machine, const struct ip *ip, uint64_t now_ms);

// The owner of an address has sent something.
void machine_life(struct machine *machine, const struct ip *ip, mac_t mac, uint16_t port,
		  uint64_t now_ms);

// A second has passed. To be called once a second; queries for which a second is too short go on in
// the next (see machine_pace()).
void machine_tick(struct machine *machine, uint64_t now_ms);

// Ask what is due, as fast as "probe_rate" allows. Returns in how many milliseconds to call it
// again; 0: not before the next tick.
uint32_t machine_pace(struct machine *machine, uint64_t now_ms);

// ---- What operators and restarts say

// Returns 0, or -ENOSPC if as many are tracked as may be.
int machine_set(struct machine *machine, const struct ip *ip, enum machine_state state,
		uint64_t now_ms);

// Forget what is known of an address: it is as at the start. Returns 0 or -ENOENT.
int machine_clear(struct machine *machine, const struct ip *ip, uint64_t now_ms);

// Ask for an address now, whatever its state, as fast as "probe_rate" allows.
int machine_query(struct machine *machine, const struct ip *ip, uint64_t now_ms);

// A state from before: ALIVE and STATIC are taken as they are, DEAD is to be found out again, all
// else counts for nothing.
int machine_restore(struct machine *machine, const struct ip *ip, enum machine_state state,
		    mac_t mac, uint16_t port, uint64_t now_ms);

// Tell the verdicts of all that the dataplane would not know by itself: it has started anew.
void machine_tell_all(struct machine *machine);

// ---- Looking

// Whether something is known of an address; "info" is filled in then.
bool machine_find(const struct machine *machine, const struct ip *ip, struct machine_info *info);

// All that are not as at the start, in the order of addresses.
void machine_each(const struct machine *machine,
		  void (*each)(void *argument, const struct machine_info *info), void *argument);

struct machine_count {
	uint32_t states[MACHINE_STATES];
	uint32_t tracked;		  // neither assigned nor of the range
	uint64_t forgotten;		  // of those, to make room
	uint64_t changes[MACHINE_STATES]; // to each state, ever
	uint64_t queries;		  // ours, ever
	bool learning;			  // nothing is counted and nobody answered yet
	size_t octets;			  // of memory
};
void machine_count(const struct machine *machine, struct machine_count *count);

// "alive", "pending", "dead", "static", "none".
const char *machine_state_name(enum machine_state state);
int machine_state_parse(const char *name); // -1: there is no such state
