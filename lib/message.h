// SPDX-License-Identifier: BSD-3-Clause
// The messages of the rings between dataplane and control.
//
// A message is 256 octets by value: a header and a body whose length its type fixes. Commands go
// from control to the manager, one at a time; each is answered by one or more replies that carry
// its sequence number, the last one without MESSAGE_MORE. Events come from workers by themselves.
//
// Whoever receives a message calls message_check() before looking inside.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/drops.h"
#include "lib/limits.h"
#include "lib/mac.h"

enum { MESSAGE_SIZE = 256, MESSAGE_VERSION = 1 };

enum message_type {
	MESSAGE_NONE,

	// Commands. A policy is sent whole: BEGIN, then the rest in any order in which a LAN and a
	// port stand before what names them, then COMMIT. A policy that fails to commit, or is
	// followed by another BEGIN, changes nothing.
	COMMAND_POLICY_BEGIN,  // body: policy_begin
	COMMAND_POLICY_LAN,    // body: policy_lan_conf
	COMMAND_POLICY_PORT,   // body: policy_port_conf
	COMMAND_POLICY_MEMBER, // body: policy_member_conf
	COMMAND_POLICY_MAC,    // body: policy_mac_conf
	COMMAND_POLICY_COMMIT, // no body. Reply: REPLY_DONE, or REPLY_ERROR that names the place
	COMMAND_POLICY_ABORT,  // no body
	COMMAND_FDB_DUMP, // body: fdb_dump. Replies: REPLY_FDB …, REPLY_DONE with the next cursor
	COMMAND_FDB_FLUSH, // body: fdb_flush. Reply: REPLY_DONE with the number of entries
	COMMAND_EXPLAIN,   // body: explain. Replies: REPLY_STAGE …, REPLY_EGRESS …, REPLY_DONE

	// Replies.
	REPLY_DONE,   // body: reply_done
	REPLY_ERROR,  // body: reply_error
	REPLY_FDB,    // body: reply_fdb
	REPLY_STAGE,  // body: reply_stage
	REPLY_EGRESS, // body: reply_egress

	// Events.
	EVENT_MAC_LEARNED, // body: event_mac
	EVENT_MAC_MOVED,   // body: event_mac

	MESSAGE_TYPES,
};

enum message_flags { MESSAGE_MORE = 1 };

struct message_header {
	uint8_t version; // MESSAGE_VERSION
	uint8_t flags;	 // enum message_flags
	uint16_t type;	 // enum message_type
	uint16_t length; // octets of the body
	uint16_t unused;
	uint32_t sequence; // of the command; a reply repeats it
	uint32_t unused2;
};

enum { MESSAGE_BODY_SIZE = MESSAGE_SIZE - sizeof(struct message_header) };

struct policy_begin {
	uint64_t digest;    // control's fingerprint of the whole policy
	uint32_t fdb_limit; // learned addresses in all LANs together; 0: no limit of its own
	uint32_t unused;
};

enum lan_flags {
	LAN_FLOOD_UNKNOWN = 1, // flood unicast to addresses nobody knows
	LAN_DROP_HIJACK = 2,   // drop frames whose source is registered on another port
	LAN_TRANSPARENT = 4,   // access ports pass tagged frames as they are
};

struct policy_lan_conf {
	uint16_t lan;	    // 0 to MAX_LANS - 1
	uint16_t vlan;	    // 802.1Q tag on ports where it is tagged by default; 0: none
	uint16_t mtu;	    // octets of payload
	uint16_t flags;	    // enum lan_flags
	uint32_t ageing;    // seconds, 10 to 1000000; 0: entries never age
	uint32_t fdb_size;  // entries the table holds, static ones included
	uint32_t fdb_limit; // learned entries; at most fdb_size
	char name[NAME_SIZE];
};

enum port_flags {
	PORT_ADMIN_UP = 1,
	PORT_LEARN = 2,		  // learn source addresses
	PORT_FLOOD_UNKNOWN = 4,	  // receives unknown unicast
	PORT_FLOOD_MULTICAST = 8, // receives multicast; broadcast always reaches it
};

struct policy_port_conf {
	uint16_t port;	    // slot
	uint16_t flags;	    // enum port_flags
	uint16_t mtu;	    // octets of payload the device is set to
	uint16_t isolation; // ports of the same group never reach each other; 0: no group
	uint16_t n_queues;  // receive queues asked for; 0: as many as the device and workers suit
	uint16_t unused;
	uint32_t learn_limit; // learned entries of this port in all LANs; 0: no limit of its own
	char name[NAME_SIZE];
	char device[DEVICE_SIZE];
};

struct policy_member_conf {
	uint16_t port;
	uint16_t lan;
	uint16_t vid; // the tag by which this port knows the LAN; 0: untagged
	uint16_t unused;
};

struct policy_mac_conf { // a static entry
	uint64_t mac;
	uint16_t port;
	uint16_t lan;
	uint32_t unused;
};

enum { FDB_ANY = 0xffff };

struct fdb_dump {
	uint16_t lan;
	uint16_t port;	 // only this port's; FDB_ANY: all
	uint32_t cursor; // 0 at first, then what REPLY_DONE said
};

struct fdb_flush {     // learned entries only; statics stay
	uint64_t mac;  // 0: any
	uint16_t lan;  // FDB_ANY: all
	uint16_t port; // FDB_ANY: all
	uint32_t unused;
};

enum { EXPLAIN_OCTETS = 192 };

struct explain {
	uint16_t port;	  // by which the frame comes
	uint16_t length;  // octets of the frame without FCS, 14 to 65535
	uint16_t n_given; // octets in "octets"; the rest of the frame counts as zeros
	uint16_t unused;
	uint8_t octets[EXPLAIN_OCTETS];
};

struct reply_done {
	uint64_t value;	 // flush: entries removed; commit: new generation
	uint32_t cursor; // dump: where to go on; 0: that was all
	uint32_t unused;
};

struct reply_error {
	int32_t error;	// errno, positive
	uint16_t port;	// the port it is about; FDB_ANY: none
	uint16_t lan;	// the LAN it is about; FDB_ANY: none
	char text[200]; // what is wrong and what would be right, for people
};

struct fdb_entry {
	uint64_t mac;
	uint16_t port;
	uint8_t is_static;
	uint8_t unused;
	uint32_t age; // seconds since it was last seen, in steps of an eighth of the ageing time
};

enum { REPLY_FDB_ENTRIES = 14 };

struct reply_fdb {
	uint16_t lan;
	uint16_t n;
	uint32_t unused;
	struct fdb_entry entries[REPLY_FDB_ENTRIES];
};

struct reply_stage {
	uint16_t reason; // enum drop_reason if the frame died here
	uint16_t unused;
	char stage[28];
	char text[200]; // the verdict, for people
};

struct reply_egress {
	uint16_t port;
	uint16_t vid;	 // the tag it leaves with; 0: none
	uint16_t length; // octets of the frame as it leaves
	uint16_t reason; // enum drop_reason if it would have died at this port
};

struct event_mac {
	uint64_t mac;
	uint16_t lan;
	uint16_t port;
	uint16_t old_port; // of a move
	uint16_t unused;
};

struct message {
	struct message_header header;
	union {
		uint8_t octets[MESSAGE_BODY_SIZE];
		struct policy_begin policy_begin;
		struct policy_lan_conf lan;
		struct policy_port_conf port;
		struct policy_member_conf member;
		struct policy_mac_conf static_mac;
		struct fdb_dump fdb_dump;
		struct fdb_flush fdb_flush;
		struct explain explain;
		struct reply_done done;
		struct reply_error error;
		struct reply_fdb fdb;
		struct reply_stage stage;
		struct reply_egress egress;
		struct event_mac mac;
	};
};

_Static_assert(sizeof(struct message) == MESSAGE_SIZE, "a message fills its slot");

// Octets of the body to copy: what the header says, never more than there is room for.
static inline size_t message_body_length(const struct message *message)
{
	uint16_t length = message->header.length;

	return length <= MESSAGE_BODY_SIZE ? length : MESSAGE_BODY_SIZE;
}

// Start a message: header filled, body zeroed.
void message_init(struct message *message, enum message_type type, uint32_t sequence);

// Check version, type and length of a message that somebody else wrote, and that every string in it
// ends. Returns 0, -EPROTONOSUPPORT (version), -EBADMSG (unknown type, or a length that its type
// does not have), or -EINVAL (a string without end).
int message_check(const struct message *message);

// The type in words, for logs.
const char *message_type_name(uint16_t type);
