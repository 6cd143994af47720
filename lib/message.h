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

enum { MESSAGE_SIZE = 256, MESSAGE_VERSION = 6 };

enum message_type {
	MESSAGE_NONE,

	// Commands. A policy is sent whole: BEGIN, then the rest in any order in which a LAN, a
	// port and a set of rules stand before what names them, then COMMIT. A policy that fails to
	// commit, or is followed by another BEGIN, changes nothing.
	COMMAND_POLICY_BEGIN,	// body: policy_begin
	COMMAND_POLICY_LAN,	// body: policy_lan_conf
	COMMAND_POLICY_PORT,	// body: policy_port_conf
	COMMAND_POLICY_LAG,	// body: policy_lag_conf
	COMMAND_POLICY_LINK,	// body: policy_link_conf
	COMMAND_POLICY_MEMBER,	// body: policy_member_conf
	COMMAND_POLICY_LIMITS,	// body: policy_limits_conf
	COMMAND_POLICY_RULES,	// body: policy_rules_conf
	COMMAND_POLICY_PREFIX,	// body: policy_prefix_conf
	COMMAND_POLICY_MAC,	// body: policy_mac_conf
	COMMAND_POLICY_ADDRESS, // body: policy_address_conf
	COMMAND_POLICY_COMMIT,	// no body. Reply: REPLY_DONE, or REPLY_ERROR that names the place
	COMMAND_POLICY_ABORT,	// no body
	COMMAND_FDB_DUMP, // body: fdb_dump. Replies: REPLY_FDB …, REPLY_DONE with the next cursor
	COMMAND_FDB_FLUSH, // body: fdb_flush. Reply: REPLY_DONE with the number of entries
	// body: fdb_dump, for the LAN's neighbours. Replies: REPLY_NEIGH …, REPLY_DONE likewise
	COMMAND_NEIGH_DUMP,
	// body: host_set. With HOST_ANSWER: REPLY_TOLD …, REPLY_DONE; or REPLY_ERROR. Else no reply
	COMMAND_HOST_SET,
	// body: fdb_dump, for what is known of the LAN's hosts. Replies: REPLY_HOST …, REPLY_DONE
	COMMAND_HOST_DUMP,
	COMMAND_EXPLAIN, // body: explain. Replies: REPLY_STAGE …, REPLY_EGRESS …, REPLY_DONE
	COMMAND_PORT_ENABLE, // body: port_enable. Reply: REPLY_DONE; value: whether it was disabled
	COMMAND_INJECT,	     // body: inject. No reply. A frame of the fabric's own
	// A filter is sent before the capture that it is for, in parts that follow each other.
	COMMAND_CAPTURE_FILTER, // body: capture_filter. No reply
	COMMAND_CAPTURE_BEGIN,	// body: capture_begin. Reply: REPLY_DONE with its number
	COMMAND_CAPTURE_END,	// body: capture_end. Replies: REPLY_CAPTURE, REPLY_DONE

	// Replies.
	REPLY_DONE,  // body: reply_done
	REPLY_ERROR, // body: reply_error
	REPLY_FDB,   // body: reply_fdb
	REPLY_NEIGH, // body: reply_neigh
	// body: reply_neigh. Who is behind the ports that were told that the sponge has the
	// address. A port behind which nobody of its family is known, or more than fit one reply,
	// is there once, with neither address nor MAC: whoever is behind it was told
	REPLY_TOLD,
	REPLY_HOST,    // body: reply_host
	REPLY_STAGE,   // body: reply_stage
	REPLY_EGRESS,  // body: reply_egress
	REPLY_CAPTURE, // body: reply_capture

	// Events, from workers.
	EVENT_MAC_LEARNED, // body: event_mac
	EVENT_MAC_MOVED,   // body: event_mac
	EVENT_VIOLATION,   // body: event_frame. At most one a second for a port and a reason
	EVENT_WATCHED,	   // body: event_frame. A frame by a port with PORT_WATCHED
	EVENT_QUESTION,	   // body: event_address. In LANs with LAN_SPONGE, as a budget allows
	EVENT_LIFE,   // body: event_address. The first sign of life of a host with HOST_WATCHED
	EVENT_CLAIM,  // body: event_address. In LANs with LAN_LEARN_HOSTS: an owner not known so
	EVENT_SUNK,   // body: event_sunk. What was sent to the sponge since the last of its kind
	EVENT_SAMPLE, // body: event_sample. Of a port that is sampled, as a budget allows

	// Events, from the manager.
	EVENT_MAC_STICKY, // body: event_mac. Learned for good: control keeps it, and registers it
	EVENT_MAC_DUPLICATE, // body: event_mac. Held on "port"
	EVENT_MAC_RELEASED,  // body: event_mac. Held no longer
	EVENT_PORT_DISABLED, // body: event_port
	EVENT_PORT_ENABLED,  // body: event_port
	EVENT_CAPTURE_ENDED, // body: capture_end. Its time is over, or its port has gone

	// Notices, from workers to the manager; they never leave the dataplane.
	NOTICE_VIOLATION, // body: event_mac. The worker has disabled the port
	NOTICE_STICKY,	  // body: event_mac. Learned where SECURITY_LEARN
	NOTICE_MOVED,	  // body: event_mac
	NOTICE_PROBE,	  // body: notice_probe
	NOTICE_LACP,	  // body: notice_lacp. Of the slow protocols, by a link of a LAG

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
	LAN_GUARD = 8,	       // ARP and ND are compared with who owns which address
	LAN_PROXY = 16,	       // questions for addresses whose owner is known are answered
	LAN_UNICAST = 32,      // such questions go to the owner's port only
	LAN_ASSIGNED = 64, // all addresses in use are assigned: no other is asked or answered for
	LAN_SPONGE = 128,  // questions are told to control, and answered for hosts that are sponged
	LAN_DUMMY = 256,   // of which only the counter is kept: nobody is answered by the sponge
	LAN_LEARN_HOSTS = 512, // who speaks for an address that is not assigned is told to control
	// ARP and ND are looked at.
	LAN_CLAIMS =
		LAN_GUARD | LAN_PROXY | LAN_UNICAST | LAN_ASSIGNED | LAN_SPONGE | LAN_LEARN_HOSTS,
};

struct policy_lan_conf {
	uint16_t lan;	    // 0 to MAX_LANS - 1
	uint16_t vlan;	    // 802.1Q tag on ports where it is tagged by default; 0: none
	uint16_t mtu;	    // octets of payload
	uint16_t flags;	    // enum lan_flags
	uint32_t ageing;    // seconds, 10 to 1000000; 0: entries never age
	uint32_t fdb_size;  // entries the table holds, static ones included
	uint32_t fdb_limit; // learned entries; at most fdb_size
	// An address that moves "moves" times within "move_window" seconds is held where it was for
	// "move_hold" seconds (RFC 7432 section 15.1). 0 moves: never.
	uint16_t moves;
	uint16_t move_window;
	uint32_t move_hold;  // 0: until an operator flushes it
	uint32_t hosts;	     // how many COMMAND_HOST_SET may set; at most MAX_HOSTS
	uint64_t sponge_mac; // with LAN_SPONGE; it is reserved too (MAC_RESERVED)
	char name[NAME_SIZE];
};

enum { MAX_HOSTS = 1 << 20 };

enum port_flags {
	PORT_ADMIN_UP = 1,
	PORT_LEARN = 2,		  // learn source addresses
	PORT_FLOOD_UNKNOWN = 4,	  // receives unknown unicast
	PORT_FLOOD_MULTICAST = 8, // receives multicast; broadcast always reaches it
	PORT_DROP_RUNTS = 16, // drop frames below FRAME_MIN; where nobody pads, they are no error
	PORT_WATCHED = 32,    // tell control of every frame that comes, as far as that goes
	PORT_DRAINED = 64,    // BGP between members does not pass it (RFC 8327)
	PORT_QUIET = 128,     // violations of port security make no events here
};

struct policy_port_conf {
	uint16_t port;	    // slot
	uint16_t flags;	    // enum port_flags
	uint16_t mtu;	    // octets of payload the device is set to
	uint16_t isolation; // ports of the same group never reach each other; 0: no group
	uint16_t n_queues;  // receive queues asked for; 0: as many as the device and workers suit
	uint16_t unused;
	uint32_t learn_limit; // learned entries of this port in all LANs; 0: no limit of its own
	uint32_t sampling;    // one of so many frames that are let in is told, on average; 0: none
	char name[NAME_SIZE];
	char device[DEVICE_SIZE];
};

enum lag_flags {
	LAG_LACP = 1,	// its links carry frames as LACP says; else all that are up do
	LAG_ACTIVE = 2, // LACP speaks first
	LAG_FAST = 4,	// the partner is to send once a second, else every 30 s
};

// A port that is a link aggregation group (IEEE 802.1AX): it has no device, and its frames come and
// go by its links, which are ports that are in no LAN.
struct policy_lag_conf {
	uint16_t port;	    // slot
	uint16_t flags;	    // enum lag_flags
	uint16_t min_links; // it is up with so many links in use, 1 to MAX_LAG_LINKS
	uint16_t unused;
};

struct policy_link_conf {
	uint16_t port; // slot of the link
	uint16_t lag;  // slot of its LAG
	uint32_t unused;
};

// How fast something may go.
enum rate_unit {
	RATE_NONE,   // no limit
	RATE_FRAMES, // frames/s
	RATE_BITS,   // bits/s, counting for each frame what it takes on the wire (METER_OVERHEAD)
	RATE_PPM, // as bits/s, in millionths of the link's speed; unknown speed counts as 10 Gb/s
};

struct rate {
	uint64_t value;
	uint32_t unit;	// enum rate_unit
	uint32_t floor; // frames/s that are let through in any case; for RATE_BITS and RATE_PPM
};

// FCS, preamble, start delimiter and the gap after a frame: 60 octets take 84 on the wire.
enum { METER_OVERHEAD = 24 };

enum meter_class {
	METER_BROADCAST,
	METER_MULTICAST,
	METER_UNKNOWN,
	METER_EGRESS, // all that floods towards the port
	// Questions of ARP and ND, before anything else is done for them: for addresses of which
	// something is known (assigned, or of a host), and for all others.
	METER_QUESTION,
	METER_QUESTION_UNKNOWN,
	METERS,
};

// What a port may do before it is disabled, and for how long. Seconds of recovery: 0 is until an
// operator enables it.
struct policy_limits_conf {
	uint16_t port;
	uint16_t violations;	   // so many within violation_window disable it; 0: never
	uint16_t violation_window; // seconds, 1 to 3600; of no meaning for one violation
	uint16_t storm_seconds;	   // so long above a meter's limit disables it; 0: never
	uint32_t violation_recovery;
	uint32_t storm_recovery;
	uint32_t loop_recovery;
	uint16_t probe_interval; // seconds between two loop probes; 0: none
	uint16_t flaps;		 // more changes of link within flap_window disable it; 0: never
	uint16_t flap_window;	 // seconds
	uint16_t flap_recovery;
	struct rate meters[METERS];
};

enum rule_flags {
	RULE_ANY_TYPE = 1,	// any ethertype, LLC included
	RULE_ANY_BROADCAST = 2, // broadcast of anything, not only ARP
	RULE_ANY_MULTICAST = 4, // any group, not only neighbour discovery
	RULE_MLD = 8,		// multicast listener discovery passes
	RULE_ROUTERS = 16,	// router advertisements and solicitations pass
	RULE_REDIRECTS = 32,	// ICMP and ICMPv6 redirects pass
	RULE_DIRECTED = 64,	// IPv4 to broadcast addresses passes
	RULE_ANY_HEADERS = 128, // headers of IPv4, IPv6 and ARP are not looked at
	RULE_ALL = 255,		// a plain bridge
};

enum { RULE_TYPES = 16, MAX_RULES = 1024, RULES_NONE = 0 };

// What members may send: see dataplane/path/admit.h.
struct policy_rules_conf {
	uint16_t rules; // 1 to MAX_RULES - 1
	uint16_t flags; // enum rule_flags
	uint16_t n_types;
	uint16_t unused;
	uint16_t types[RULE_TYPES]; // ethertypes that pass
};

// Whose addresses may be sources.
enum security_mode {
	SECURITY_OPEN,	     // anybody's that is not registered elsewhere
	SECURITY_LEARN,	     // the first "mac_limit" that are seen, for good
	SECURITY_REGISTERED, // only those that are registered
};

struct policy_member_conf {
	uint16_t port;
	uint16_t lan;
	uint16_t vid;	   // the tag by which this port knows the LAN; 0: untagged
	uint16_t rules;	   // of the frames that come; RULES_NONE: a plain bridge
	uint16_t security; // enum security_mode
	uint16_t unused;
	uint32_t mac_limit; // of SECURITY_LEARN, registered and sticky ones included: 1 or more
};

// An address range of a LAN.
struct policy_prefix_conf {
	uint16_t lan;
	uint8_t family; // 4 or 6
	uint8_t length; // bits
	uint32_t unused;
	uint8_t address[16]; // network order; of IPv4 the first four octets
};

// An address that belongs to the router behind a port.
struct policy_address_conf {
	uint16_t port;
	uint16_t lan;
	uint8_t family; // 4 or 6
	uint8_t unused[3];
	uint8_t address[16]; // network order; of IPv4 the first four octets
};

enum mac_kind {
	MAC_REGISTERED, // in the configuration, or by an operator for a time
	MAC_STICKY,	// learned for good
	MAC_RESERVED,	// the exchange's own: no source anywhere, and nothing is forwarded to it
	MAC_HELD,	// it moved too often, and stays where it was for a time; in no policy
};

struct policy_mac_conf { // a static entry
	uint64_t mac;
	uint16_t port; // PORT_FABRIC for MAC_RESERVED
	uint16_t lan;
	uint16_t kind; // enum mac_kind
	uint16_t unused;
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

struct port_enable {
	uint16_t port;
	uint16_t unused[3];
};

enum host_verdict {
	HOST_FORGET,  // nothing is known of it any more
	HOST_LIVE,    // it is not sponged. Its owner, if there is one, may be answered for
	HOST_SPONGED, // questions for it are answered with the sponge's MAC
	HOST_FROZEN,  // more than one claims it: nobody is answered for it
};

enum host_flags {
	HOST_WATCHED = 1, // EVENT_LIFE is wanted: once, and no more until it is set again
	HOST_ANSWER = 2,  // of host_set: REPLY_TOLD and REPLY_DONE are wanted; they tell once
};

// What is known of an address of a LAN beside whom it is assigned to. It outlives policies, and the
// control that set it.
struct host_set {
	uint8_t address[16]; // network order; of IPv4 the first four octets
	uint64_t mac;	     // of its owner; 0: any of that port is
	uint16_t lan;
	uint16_t port;	 // of its owner; FDB_ANY: none is known, any port's signs of life count
	uint8_t family;	 // 4 or 6
	uint8_t verdict; // enum host_verdict
	uint16_t flags;	 // enum host_flags
};

enum { INJECT_OCTETS = 224 };

struct inject {
	uint16_t port;	 // by which it leaves
	uint16_t lan;	 // whose tag it gets; FDB_ANY: it leaves as it is
	uint16_t length; // octets of the frame, 14 to INJECT_OCTETS
	uint16_t unused;
	uint8_t octets[INJECT_OCTETS];
};

// An instruction of classic BPF: libpcap's struct bpf_insn.
struct capture_insn {
	uint16_t code;
	uint8_t jump_true;
	uint8_t jump_false;
	uint32_t k;
};

enum { CAPTURE_INSNS = 512, CAPTURE_PART = 28 };

struct capture_filter {
	uint16_t first; // number of the first instruction here; 0: a new filter
	uint16_t n;	// instructions here, 1 to CAPTURE_PART
	uint32_t unused;
	struct capture_insn insns[CAPTURE_PART];
};

enum capture_flags { CAPTURE_DEAD = 1 }; // only frames and copies that died

enum { CAPTURES = 4, CAPTURE_SECONDS = 24 * 60 * 60 };

// Who wants to see which frames. It ends with the session, if nothing ends it before.
struct capture_begin {
	uint16_t port;	  // by which they came or would have left; FDB_ANY: all
	uint16_t flags;	  // enum capture_flags
	uint16_t reason;  // with CAPTURE_DEAD: enum drop_reason; DROP_NONE: any
	uint16_t snap;	  // octets of each that are kept, 1 to CAPTURE_OCTETS (lib/capture.h)
	uint16_t n_insns; // of the filter that was sent; 0: all frames
	uint16_t unused;
	uint32_t seconds; // when it ends by itself, 1 to CAPTURE_SECONDS
};

enum capture_why { CAPTURE_TIME_OVER, CAPTURE_PORT_GONE };

struct capture_end {
	uint32_t capture;
	uint32_t why; // of EVENT_CAPTURE_ENDED: enum capture_why
};

struct reply_done {
	uint64_t value;	 // capture: its number; flush: entries removed; commit: new generation
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
	uint8_t kind; // of static ones: enum mac_kind
	uint32_t age; // seconds since it was last seen, in steps of an eighth of the ageing time
};

enum { REPLY_FDB_ENTRIES = 14 };

struct reply_fdb {
	uint16_t lan;
	uint16_t n;
	uint32_t unused;
	struct fdb_entry entries[REPLY_FDB_ENTRIES];
};

// An address of a LAN, and whose it is.
struct neigh_info {
	uint8_t address[16]; // network order; of IPv4 the first four octets
	uint64_t mac;	     // of its owner; 0: not known yet
	uint16_t port;
	uint8_t family; // 4 or 6
	uint8_t unused[5];
};

enum { REPLY_NEIGH_ENTRIES = 7 };

struct reply_neigh {
	uint16_t lan;
	uint16_t n;
	uint32_t unused;
	struct neigh_info entries[REPLY_NEIGH_ENTRIES];
};

struct host_info {
	struct host_set set; // "flags" as they are now
	uint32_t answered;   // questions that the sponge answered for it
	uint16_t told;	     // ports on which it did so since HOST_ANSWER was asked for last
	uint16_t unused;
};

enum { REPLY_HOST_ENTRIES = 5 };

struct reply_host {
	uint16_t lan;
	uint16_t n;
	uint32_t unused;
	struct host_info entries[REPLY_HOST_ENTRIES];
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

struct reply_capture {
	uint64_t taken;	 // frames that were put into the rings
	uint64_t missed; // that found no room there
	uint64_t unseen; // that came by the captured ports when there was no time to look at them
};

struct event_mac {
	uint64_t mac;
	uint16_t lan;
	uint16_t port;
	uint16_t old_port; // of a move
	uint16_t reason;   // of NOTICE_VIOLATION: enum drop_reason
};

enum { EVENT_OCTETS = 192 };

// A frame that came.
struct event_frame {
	uint16_t port;
	uint16_t lan;	   // FDB_ANY: it died before that was known
	uint16_t reason;   // enum drop_reason
	uint16_t length;   // octets of the frame
	uint16_t n_octets; // in "octets"
	uint16_t unused;
	uint32_t missed; // of EVENT_WATCHED: frames since the last that could not be told
	uint8_t octets[EVENT_OCTETS];
};

enum address_flags {
	ADDRESS_PROBE = 1,    // is the address in use? (ARP from 0.0.0.0, NS from ::)
	ADDRESS_ANSWERED = 2, // the worker has answered in the owner's name
	ADDRESS_OVERRIDE = 4, // of an NA
	ADDRESS_ROUTER = 8,   // of an NA
};

// Somebody asked for an address, spoke for it, or lives there.
struct event_address {
	uint8_t address[16]; // network order; of IPv4 the first four octets
	uint8_t asker[16];   // of EVENT_QUESTION: the sender's address; zeros if it has none
	uint64_t mac;	     // of the sender
	uint16_t lan;
	uint16_t port;	// by which it came
	uint8_t family; // 4 or 6
	uint8_t flags;	// enum address_flags
	uint16_t unused;
	uint32_t missed; // of EVENT_QUESTION: such of this port since the last that were not told
	uint32_t unused2;
};

// Frames by one port to one address of a host that is sponged.
struct event_sunk {
	uint8_t address[16]; // network order; of IPv4 the first four octets; zeros: see family
	uint64_t octets;
	uint32_t frames;
	uint32_t syns; // of which TCP to port 179 that opens a connection
	uint16_t lan;
	uint16_t port;
	uint8_t family; // 4, 6, or 0: not IP, or more addresses than are told apart
	uint8_t unused[3];
};

enum { SAMPLE_OCTETS = 128 };

// A frame that was let in, one of many (sFlow version 5, section 3.1). It may still die on its way
// out. Both counts start with the dataplane, are of this worker alone, and wrap.
struct event_sample {
	uint32_t pool;	   // frames by this port that could have been taken, up to this one
	uint32_t lost;	   // samples of it that control was not told of
	uint32_t sampling; // one of so many was taken then
	uint16_t port;
	uint16_t lan;
	uint16_t out;	   // FDB_ANY: no port, or more than one
	uint16_t copies;   // ports it was flooded to, if "out" is none; 0: nobody was there
	uint16_t length;   // octets of the frame, without FCS
	uint16_t n_octets; // in "octets"
	uint8_t octets[SAMPLE_OCTETS];
};

// Why a port is disabled.
enum port_disable {
	DISABLE_NONE,
	DISABLE_SECURITY, // violations of port security
	DISABLE_STORM,	  // too long above a storm limit
	DISABLE_LOOP,	  // its loop probe came back
	DISABLE_FLAP,	  // its link went up and down
	DISABLES,
};

struct event_port {
	uint16_t port;
	uint16_t why;	   // enum port_disable
	uint16_t other;	   // the loop's other port; FDB_ANY: none
	uint16_t reason;   // the last violation's enum drop_reason
	uint32_t moves;	   // of addresses between the two ports in the last ten seconds
	uint32_t count;	   // violations, changes of link, or seconds of storm
	uint64_t until_ns; // CLOCK_REALTIME; 0: until an operator enables it
};

struct notice_probe {
	uint16_t port;	 // by which it came
	uint16_t sender; // by which it had left
	uint16_t lan;
	uint16_t unused;
	uint64_t sequence;
};

enum { LACP_OCTETS = 128 };

// A frame of the slow protocols (IEEE 802.3 annex 57A), as it came.
struct notice_lacp {
	uint16_t link;	 // slot
	uint16_t length; // octets of the frame that are here
	uint32_t unused;
	uint8_t octets[LACP_OCTETS];
};

struct message {
	struct message_header header;
	union {
		uint8_t octets[MESSAGE_BODY_SIZE];
		struct policy_begin policy_begin;
		struct policy_lan_conf lan;
		struct policy_port_conf port;
		struct policy_lag_conf lag;
		struct policy_link_conf link;
		struct policy_member_conf member;
		struct policy_limits_conf limits;
		struct policy_rules_conf rules;
		struct policy_prefix_conf prefix;
		struct policy_mac_conf static_mac;
		struct policy_address_conf address;
		struct fdb_dump fdb_dump;
		struct fdb_flush fdb_flush;
		struct explain explain;
		struct port_enable port_enable;
		struct inject inject;
		struct host_set host;
		struct capture_filter capture_filter;
		struct capture_begin capture_begin;
		struct capture_end capture_end;
		struct reply_done done;
		struct reply_error error;
		struct reply_fdb fdb;
		struct reply_neigh neigh;
		struct reply_host hosts;
		struct reply_stage stage;
		struct reply_egress egress;
		struct reply_capture capture;
		struct event_mac mac;
		struct event_frame frame;
		struct event_port event_port;
		struct event_address event_address;
		struct event_sunk sunk;
		struct event_sample sample;
		struct notice_probe probe;
		struct notice_lacp lacp;
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

// Whether a message is one that the dataplane tells control without being asked.
static inline bool message_is_event(const struct message *message)
{
	return message->header.type >= EVENT_MAC_LEARNED &&
	       message->header.type <= EVENT_CAPTURE_ENDED;
}

// "security", "storm", "loop", "flap"; "none" for anything else.
const char *port_disable_name(uint16_t why);
