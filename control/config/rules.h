// SPDX-License-Identifier: BSD-3-Clause
// What members may send, and what happens to a port that does otherwise.
//
// Each of these groups is one key of a LAN. A membership or a port may write the same key, and says
// there only what differs: what it leaves out is as in its LAN (a port: the first of its LANs), and
// what the LAN leaves out is as its profile has it. Reading resolves all that: the group of a
// membership or of a port holds what is in force there.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/ip.h"
#include "lib/mac.h"
#include "lib/message.h"

struct config_place {  // where in the file something stands, for later complaints
	uint32_t line; // 0: it is not there
	uint32_t column;
	uint32_t file; // the number of the file, if there are several
};

struct config_types {
	bool any;
	uint16_t n;
	uint16_t list[RULE_TYPES]; // ethertypes, in the order of the file
};

// What a port may send into a LAN.
struct config_admission {
	struct config_types types;
	bool any_broadcast; // not only ARP
	bool any_multicast; // not only neighbour discovery
	bool mld;
	bool routers; // router advertisements and solicitations
	bool redirects;
	bool directed; // IPv4 to broadcast addresses
	bool check_headers;
};

// From whose addresses.
struct config_security {
	enum security_mode mode;
	uint32_t limit; // addresses; 0: as the mode has it, see config_security_limit()
};

enum config_action {
	ACTION_DROP,	// the frame dies, and is counted
	ACTION_EVENT,	// and makes an event
	ACTION_DISABLE, // and the port is disabled when there are too many
};

struct config_violation {
	enum config_action action;
	uint16_t after;	   // so many disable the port ...
	uint16_t within;   // ... within so many seconds
	uint32_t recovery; // seconds; 0: never by itself
};

struct config_storm {
	struct rate meters[METERS];
	bool disable;	   // the port, after ...
	uint16_t after;	   // ... so many seconds above a limit; else what is above is dropped
	uint32_t recovery; // seconds; 0: never by itself
};

struct config_loop {
	uint16_t interval; // seconds between probes; 0: none
	uint32_t recovery; // seconds; 0: never by itself
};

struct config_flaps {
	uint16_t changes; // more than so many within ...
	uint16_t within;  // ... so many seconds disable the port; 0 changes: never
	uint16_t recovery;
};

// What happens to a port. As a whole it is what a port inherits from its first LAN.
struct config_reactions {
	struct config_violation violation;
	struct config_storm storm;
	struct config_loop loop;
	struct config_flaps flaps;
};

struct config_duplicates {
	uint16_t moves;	 // of an address ...
	uint16_t within; // ... within so many seconds hold it where it was; 0 moves: never
	uint32_t hold;	 // seconds; 0: until an operator flushes it
};

enum sponge_mode {
	SPONGE_OFF,
	SPONGE_FAST,	  // trips in seconds
	SPONGE_ARPSPONGE, // as arpsponge does with its own defaults
};

enum sponge_init { SPONGE_INIT_ALIVE, SPONGE_INIT_DEAD, SPONGE_INIT_PENDING, SPONGE_INIT_NONE };

// How a sponged address is taken back from those who were told that the sponge has it.
enum sponge_update {
	SPONGE_UPDATE_REQUEST = 1,    // the owner seems to ask for the neighbour
	SPONGE_UPDATE_REPLY = 2,      // the owner seems to answer it
	SPONGE_UPDATE_GRATUITOUS = 4, // the owner seems to ask for itself
};

// Questions for addresses that are down (control/sponge/machine.h). The mode gives the defaults.
struct config_sponge {
	enum sponge_mode mode;
	mac_t mac; // who has what is down
	struct config_place mac_place;
	struct ip address4; // by which we ask; family 0: none
	struct ip address6; // right behind it: one key of the file is both
	struct config_place address_places[2];
	uint32_t queue_depth;	 // so many questions ...
	uint32_t rate;		 // ... at more than so many a minute make an address PENDING
	uint32_t pending;	 // so many queries of our own, a second apart, make it DEAD
	bool one_more;		 // and one more, as arpsponge does
	double flood_protection; // questions a second by one asker that count; 0: all
	uint32_t probe_rate;	 // our queries a second, at most
	uint32_t learning;	 // seconds after the start in which nothing is counted or answered
	enum sponge_init init;
	uint32_t sweep_period; // seconds; 0: never
	uint32_t sweep_age;    // ask for addresses that were silent for so many seconds
	bool sweep_at_start;
	bool sweep_skip_alive;
	bool gratuitous;	// tell all when an address is sponged
	bool network_addresses; // of IPv4 prefixes, and broadcast addresses, are STATIC
	bool dummy;		// think, ask, and answer nobody
	bool passive;		// ask for nothing
	bool is_static;		// nothing becomes PENDING, or leaves DEAD, by itself
	uint32_t updates;	// enum sponge_update; 0: nobody is told
	struct ip *protected;	// never sponged by themselves
	struct config_place *protected_places;
	size_t n_protected;
	uint32_t targets; // addresses that nobody has, and of which we keep track all the same
	uint32_t
		restore_age; // seconds; states of before a restart that are older count for nothing
};

// Owners of addresses that are not assigned (control/sponge/bindings.h).
struct config_bindings {
	bool learned;	     // else only assigned addresses have owners
	uint32_t limit;	     // of them
	uint32_t age;	     // seconds; 0: never
	uint32_t refresh;    // seconds without a word after which the owner is asked; 0: never
	uint16_t moves;	     // within ...
	uint16_t within;     // ... so many seconds make a duplicate; 0 moves: never
	uint32_t hold;	     // seconds; 0: until an operator clears it
	uint16_t confirm;    // seconds the former owner has to answer
	mac_t anti_spoofing; // 0: none
	struct config_place anti_spoofing_place;
};

// How many source addresses a port may have in a LAN; 0: any number.
uint32_t config_security_limit(const struct config_security *security);

// Whether both let the same frames pass.
bool config_admission_equal(const struct config_admission *a, const struct config_admission *b);

enum { RATE_TEXT_SIZE = 48 };

// A rate as it is written: "100 frames/s", "1.5 Mb/s", "0.01 %", "none". A rate in per cent lets
// "floor" frames/s pass in any case. Returns 0, or -EINVAL and leaves "rate" as it is.
int config_rate_parse(const char *text, uint32_t floor, struct rate *rate);
char *config_rate_format(const struct rate *rate, char *text);

enum { ETHERTYPE_TEXT_SIZE = 8 };

// An ethertype by its name ("arp") or as 0x0806. Returns 0 or -EINVAL.
int config_ethertype_parse(const char *text, uint16_t *type);
char *config_ethertype_format(uint16_t type, char *text);
