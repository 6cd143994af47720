// SPDX-License-Identifier: BSD-3-Clause
// Who owns an address that is not assigned to anybody: learned from what members say, as RFC 9161
// has it for dynamic entries. ARP of any kind tells for IPv4, and neighbour advertisements for
// IPv6.
//
// A claim that contradicts what was learned is a move: the new owner counts, and the former one is
// asked whether it is still there (the Confirm message of RFC 9161 section 3.7). Who answers within
// "confirm" seconds moves the address back; so two that both have it soon reach "moves" moves
// within "within" seconds. Then the address is a duplicate: nobody is answered for it, until "hold"
// seconds have passed or an operator clears it. If an anti-spoofing MAC is set, all are told that
// it has the address, so that neither of the two gets what is meant for the other.
//
// An advertisement without the override flag contradicts nothing (RFC 4861 section 7.2.5): it is
// learned where nothing was, and confirms what was.
//
// Everything here is pure: time is an argument (a clock that only goes forward), and what happens
// is told to a listener, which must not call the bindings meanwhile. One table is for one LAN. At
// most "limit" addresses are learned; then the one that was heard of longest ago goes. A duplicate
// stays: nobody gets an address free by claiming many others.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "control/config/rules.h"
#include "lib/ip.h"
#include "lib/mac.h"

struct bindings;

struct binding {
	struct ip ip;
	mac_t mac;
	uint16_t port;
	bool router;	   // of an advertisement; IPv4: true
	bool duplicate;	   // nobody is answered for it
	bool doubted;	   // it moved, and the former owner may still answer
	uint32_t moves;	   // since the first within the window
	uint64_t since_ms; // it has this owner, or is a duplicate
	uint64_t heard_ms;
	mac_t old_mac; // of the last move; 0: none
	uint16_t old_port;
};

struct bindings_listener {
	// The dataplane is to know the owner, that there is none any more ("gone"), or that nobody
	// is to be answered for it (binding->duplicate).
	void (*bound)(void *argument, const struct binding *binding, bool gone);
	// Ask "mac" at "port", and nobody else, whether it has the address: a Confirm, or a refresh
	// because it was not heard of for long.
	void (*ask)(void *argument, const struct ip *ip, mac_t mac, uint16_t port);
	// All are to be told that the anti-spoofing MAC has the address.
	void (*announce)(void *argument, const struct ip *ip, mac_t mac);
	// For logs and events, after the dataplane was told. A duplicate is released when its time
	// is over, or it is forgotten for another reason; nothing is known of the address then.
	void (*moved)(void *argument, const struct binding *binding);
	void (*duplicated)(void *argument, const struct binding *binding);
	void (*released)(void *argument, const struct binding *binding);
	void *argument;
};

// At most so many owners are asked in a second for a refresh.
enum { BINDINGS_REFRESHES = 100 };

// "settings" and "listener" are copied.
struct bindings *bindings_create(const struct config_bindings *settings,
				 const struct bindings_listener *listener);
void bindings_destroy(struct bindings *bindings);
void bindings_configure(struct bindings *bindings, const struct config_bindings *settings);

// Somebody spoke for an address, or was seen to live there. "override" and "router" are the flags
// of an advertisement, true for ARP: one without override moves nothing, and is learned only where
// nothing was.
void bindings_claim(struct bindings *bindings, const struct ip *ip, mac_t mac, uint16_t port,
		    bool override, bool router, uint64_t now_ms);

// The port is gone, or not in the LAN any more: so is what it owned, and nobody waits for its
// answer.
void bindings_forget_port(struct bindings *bindings, uint16_t port);

// An address was assigned: it is no business of ours any more. Also what an operator clears.
// Returns 0 or -ENOENT.
int bindings_forget(struct bindings *bindings, const struct ip *ip);

// A second has passed: release, confirm, age, refresh.
void bindings_tick(struct bindings *bindings, uint64_t now_ms);

// Tell the dataplane all of it: it has started anew.
void bindings_tell_all(struct bindings *bindings);

const struct binding *bindings_find(const struct bindings *bindings, const struct ip *ip);
size_t bindings_count(const struct bindings *bindings);

// In no order. Nothing may be changed meanwhile.
void bindings_each(const struct bindings *bindings,
		   void (*each)(void *argument, const struct binding *binding), void *argument);
