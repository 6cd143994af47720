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
// both families: a neighbour solicitation is a question, too. With the settings of the preset
// "arpsponge" the sequence of states is the same as there, tick by tick, but for this:
//
//   - Signs of life count whatever frame they come in, unicast too, and only from the owner (the
//     dataplane sees to that). An address of which nothing is known does not become known by one.
//   - Questions of an address for itself (announcements) are signs of life and no questions.
//   - A question that was answered in the owner's name, of whom nothing was heard for
//     MACHINE_TRUST_MS, makes PENDING at once: nobody would ask often enough to find out that the
//     owner is gone.
//   - An address that is protected is never sponged by itself: questions do not make it PENDING,
//     and if an operator does, it is NONE when nobody answers.
//   - An address that nobody has, but that machine_add() told, is STATIC from the start, is not
//     swept, and no probe changes that.
//   - A probe makes PENDING of STATIC only in the mode "arpsponge": there a frame of anybody undoes
//     what an operator has set. In other modes STATIC is left to operators.
//   - Addresses that machine_add() did not tell are kept in mind only as far as "targets" allows,
//     and begin as "init" says when they are asked for. The sweep asks for them only if they are
//     DEAD or STATIC.
//   - Queries never come faster than "probe_rate", and nothing else waits for them: what a tick or
//     a sweep cannot ask at once is asked later, and an address does not become DEAD before it was
//     asked for the last time. (arpsponge stops its clock meanwhile.)
//   - DEAD and STATIC addresses count no questions for the rate, and the memory for that is bounded
//     over all (queue.h).
//
// Everything here is pure: time is an argument (a clock that only goes forward), and what happens
// is told to a listener, which must not call the machine meanwhile. One machine is for one LAN.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "control/config/rules.h"
#include "lib/ip.h"
#include "lib/mac.h"

struct machine;

enum { MACHINE_TRUST_MS = 60000 };

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

#define MACHINE_NO_PORT UINT16_MAX // as PLAN_NO_SLOT

// All that is known of an address; times are of the machine's clock, 0 is never.
struct machine_info {
	struct ip ip;
	enum machine_state state;
	enum machine_why why; // it is in that state
	bool assigned;	      // somebody has it
	bool protected;	      // never sponged by itself
	uint32_t pending;     // of MACHINE_PENDING: questions we have asked
	uint32_t queued;      // questions by others that count
	double rate;	      // of those, a minute; 0: less than two
	uint64_t questions;   // by others, since it is known; no more than fit 32 bits
	uint64_t queries;     // ours, likewise
	uint64_t since_ms;    // of the state
	uint64_t asked_ms;    // the last question by others
	uint64_t queried_ms;  // our last
	uint64_t alive_ms;    // the last sign of life
	mac_t mac;	      // and its source; 0: none yet
	uint16_t port;	      // likewise; MACHINE_NO_PORT
	uint64_t warned;      // signs of life of an address that is STATIC
};

struct machine_listener {
	// The dataplane is to know: whether questions are answered by the sponge, and whether a
	// sign of life matters (the next one; then this is called again if another does).
	// "revived": it lives, and those who were told otherwise are to be told. Not in dummy mode.
	// Neither sponged nor watched: the dataplane need not know of it.
	void (*verdict)(void *argument, const struct ip *ip, bool sponged, bool watched,
			bool revived);
	// Ask for the address. Never called in passive mode, and never above "probe_rate".
	void (*query)(void *argument, const struct ip *ip);
	// Tell all that the sponge has it ("gratuitous").
	void (*announce)(void *argument, const struct ip *ip);
	// For logs and statistics. MACHINE_PENDING to MACHINE_PENDING is not told.
	void (*changed)(void *argument, const struct machine_info *info, enum machine_state from,
			enum machine_why why);
	// A sign of life of an address that is STATIC (in static mode: or DEAD), and stays so. At
	// most once in fifteen seconds for an address, with how often it happened since.
	void (*contradicted)(void *argument, const struct machine_info *info, uint64_t times);
	void *argument;
};

// A LAN's part: "settings" and "listener" are copied; who is protected is told by machine_add().
// Whoever restores states sets "learning" to 0 here: nobody is answered as long as it lasts.
struct machine *machine_create(const struct config_sponge *settings,
			       const struct machine_listener *listener, uint64_t now_ms);
void machine_destroy(struct machine *machine);

// The settings have changed. States stay, and "learning" and "init" matter no more to addresses
// that are known.
void machine_configure(struct machine *machine, const struct config_sponge *settings,
		       uint64_t now_ms);

// Which addresses are whose. Between begin and end all that are assigned or belong to the range are
// told again; those that are no more are forgotten at the end, with a verdict if the dataplane knew
// of them. An address that nobody has ("assigned" is false), but that was told, is STATIC from the
// start.
void machine_begin(struct machine *machine);
void machine_add(struct machine *machine, const struct ip *ip, bool assigned, bool protected,
		 uint64_t now_ms);
void machine_end(struct machine *machine);

// ---- What was seen

struct machine_question {
	struct ip target;
	struct ip asker; // family 0: none
	// The dataplane has answered in the owner's name: who asked will not ask again for long.
	bool answered;
};

// Somebody asked for an address, and no probe. Questions for an address that is neither told by
// machine_add() nor known are tracked up to "targets" of them; then the one that was asked for
// longest ago goes.
void machine_question(struct machine *machine, const struct machine_question *question,
		      uint64_t now_ms);

// Somebody wants to know whether an address is in use, to take it.
void machine_probe(struct machine *machine, const struct ip *ip, uint64_t now_ms);

// The owner of an address has sent something.
void machine_life(struct machine *machine, const struct ip *ip, mac_t mac, uint16_t port,
		  uint64_t now_ms);

// A second has passed. To be called once a second, and machine_pace() after it.
void machine_tick(struct machine *machine, uint64_t now_ms);

// Ask for what is due, as fast as "probe_rate" allows. Returns in how many milliseconds to call it
// again; 0: not before the next tick, machine_query() or machine_configure().
uint32_t machine_pace(struct machine *machine, uint64_t now_ms);

// ---- What operators and restarts say

// MACHINE_NONE is machine_clear(). Returns 0, -EINVAL (no such state), or -ENOSPC if as many are
// tracked as may be.
int machine_set(struct machine *machine, const struct ip *ip, enum machine_state state,
		uint64_t now_ms);

// Forget what is known of an address: it is NONE, so that the next question makes it PENDING; or,
// if nobody has it or it is protected, as at the start. Returns 0 or -ENOENT.
int machine_clear(struct machine *machine, const struct ip *ip, uint64_t now_ms);

// Ask for an address with the next machine_pace(), whatever its state, before all others. Returns
// 0, -EPERM in passive mode, or -ENOSPC.
int machine_query(struct machine *machine, const struct ip *ip);

// A state from before a restart. ALIVE (with its MAC) and STATIC are taken as they are. DEAD is to
// be found out again: it becomes NONE (in static mode, where that cannot be, it stays). All else
// counts for nothing, and so does any state of an address that nobody has. Returns 0 or -ENOSPC.
//
// What is worth keeping is what machine_each() tells, but for STATIC because of MACHINE_INIT or
// MACHINE_ASSIGNED.
int machine_restore(struct machine *machine, const struct ip *ip, enum machine_state state,
		    mac_t mac, uint16_t port, uint64_t now_ms);

// Tell the verdicts of all that the dataplane would not know by itself: it has started anew.
void machine_tell_all(struct machine *machine);

// ---- Looking

// Whether something is known of an address; "info" is filled in then.
bool machine_find(const struct machine *machine, const struct ip *ip, struct machine_info *info);

// All that are not as at the start, in the order of addresses. Nothing may be changed meanwhile.
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
