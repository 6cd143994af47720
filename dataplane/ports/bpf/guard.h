// SPDX-License-Identifier: BSD-3-Clause
// What the XDP guard (guard.bpf.c) and the dataplane (../guard.h) say to each other through maps.
//
//   guard_policies  [2]    struct guard_policy: one in force, one being written
//   guard_switch    [1]    struct guard_switch: which one is in force
//   guard_sources   [1]    a hash shared by all guards: whose address is a source
//   guard_counts    [1]    struct guard_counts of each CPU: what died
//   guard_clocks    [1]    struct guard_clocks of each CPU: the guard's own
//
// The guard judges as workers do, and for the same reason, or not at all: whatever it is not sure
// of it leaves to them. Without a policy it is sure of nothing.
#pragma once

#include <stdint.h>

#include "dataplane/path/admit.h"
#include "lib/drops.h"
#include "lib/limits.h"
#include "lib/mac.h"

enum { GUARD_BUFFERS = 2 };

enum { GUARD_VIDS = 4096, GUARD_NO_LAN = 0xff };

enum guard_flags {
	GUARD_ADMIN_UP = 1,
	GUARD_TRUNK = 2,       // it has LANs that are tagged
	GUARD_TRANSPARENT = 4, // its untagged LAN passes members' tags
	GUARD_DROP_RUNTS = 8,
	GUARD_WATCHED = 16, // workers want to see every frame
	GUARD_AT_ONCE = 32, // workers want to see every violation of port security
	GUARD_LINK = 64,    // of a LAG, which takes the slow protocols
};

// What a port may send in one LAN.
struct guard_lan {
	struct admit_rules rules;
	struct admit_nets nets;
	uint16_t frame_max; // octets of an untagged frame
	uint8_t security;   // enum security_mode
	uint8_t has_mac;    // the port has a registered or sticky address there
};

// Frames that the whole port may send in one class, as one CPU sees them: one in "interval_ns", and
// "burst_ns" worth of them at once. No interval: no limit.
struct guard_meter {
	uint64_t interval_ns;
	uint64_t burst_ns;
};

enum guard_class { GUARD_BROADCAST, GUARD_MULTICAST, GUARD_CLASSES };

enum { GUARD_REASON_WORDS = (DROP_COUNT + 63) / 64 };

struct guard_policy {
	uint32_t flags; // enum guard_flags
	uint32_t port;	// slot; of a link: of its LAG
	uint32_t lan_untagged;
	uint32_t unused;
	// Reasons, a bit each: once a second the first frame that dies for one is left to the
	// worker, which makes an event of it.
	uint64_t sampled[GUARD_REASON_WORDS];
	struct guard_meter meters[GUARD_CLASSES];
	// Of frames that would die, how many are left to the worker because somebody wants to see
	// them; no interval: none.
	struct guard_meter captured;
	struct guard_lan lans[MAX_LANS];
	uint8_t vid_lan[GUARD_VIDS]; // LAN of a tag, or GUARD_NO_LAN
};

struct guard_switch {
	uint32_t in_force; // index into guard_policies + 1; 0: none
	uint32_t disabled; // enum port_disable
};

// Frames that died here, by one CPU. Octets, and classes, as in struct port_counters.
struct guard_counts {
	uint64_t octets;
	uint64_t multicast;
	uint64_t broadcast;
	uint64_t unused;
	uint64_t drops[DROP_COUNT];
};

struct guard_clocks {
	uint64_t sampled_ns[DROP_COUNT];   // when a frame was last left to the worker
	uint64_t meters_ns[GUARD_CLASSES]; // when the next frame would be due
	uint64_t captured_ns;		   // likewise
};

// An entry of guard_sources: the key is an address and its LAN, the value is the same, the port,
// and whether it is held there (MAC_HELD), for which the group bit has room. The kernel may give
// the memory of an entry that was removed to another one while the guard reads it, so the value
// says whose it is.
static inline uint64_t guard_source_key(uint16_t lan, mac_t mac)
{
	return mac | (uint64_t)lan << 48;
}

static inline uint64_t guard_source_value(uint16_t lan, mac_t mac, uint16_t port, bool is_held)
{
	return mac | (uint64_t)lan << 48 | (uint64_t)port << 54 | is_held;
}

static inline uint64_t guard_value_key(uint64_t value)
{
	return value & ((UINT64_C(1) << 54) - 2);
}

static inline bool guard_value_held(uint64_t value)
{
	return value & 1;
}

static inline uint16_t guard_value_port(uint64_t value)
{
	return (uint16_t)(value >> 54);
}

_Static_assert(MAX_LANS <= 1 << 6 && MAX_PORTS <= 1 << 10, "a source is one word");
