// SPDX-License-Identifier: BSD-3-Clause
// A fabric of one worker for tests and benchmarks of the frame path: real stages, real tables, a
// policy made by the real builder, and ports that are net_ring devices, so that what was
// transmitted can be taken out of a ring and looked at. Frames are put into the pipeline by hand.
//
// There is no manager: ageing, flushing and link state are the test's. worker_event() keeps events
// for the test.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "dataplane/tables/draft.h"
#include "dataplane/tables/fdb.h"
#include "dataplane/tables/hosts.h"
#include "dataplane/tables/policy.h"
#include "dataplane/worker.h"

struct rte_mbuf;
struct rte_ring;

enum { WORLD_EVENTS = 1024, WORLD_FRAME_ROOM = 10240, WORLD_HZ = 1000000000 };

struct world_port {
	struct rte_ring *sent;	   // what the device took
	struct rte_ring *received; // for tests that poll
};

struct world {
	struct fabric fabric;
	struct worker *worker;
	struct draft draft;
	struct policy *policy;
	uint32_t fdb_size; // of each LAN; set it before world_init() if the usual is too small
	struct fdb_quota quota;
	struct fdb *fdbs[MAX_LANS];
	struct hosts *hosts[MAX_LANS];
	struct policy_device devices[MAX_PORTS];
	struct world_port ports[MAX_PORTS];
	struct rte_mempool *arrivals; // frames that come in live here; copies in fabric.pool
	uint64_t cycles;	      // the clock: WORLD_HZ in a second
	uint64_t cycles_step;	      // by which it goes on whenever somebody looks at it
	uint64_t wall_ns;	      // the other clock
	uint32_t n_events;	      // may be more than are kept
	struct message events[WORLD_EVENTS];
	bool no_room_for_events;
	struct ring injects; // the manager's end
	uint32_t n_notices;  // may be more than are kept
	struct message notices[WORLD_EVENTS];
};

// There is one world, because there is one EAL.
extern struct world world;

// Start EAL without hugepages and make ports 0 to n_ports - 1 whose devices take "room" frames
// each, and pools of "n_frames" frames. Ends the program on failure.
void world_init(uint16_t n_ports, uint32_t room, uint32_t n_frames);
void world_fini(void);

// A new policy: begin, add, commit. A LAN's table lives on if the new policy has that LAN. Ends
// the program if the policy is refused.
void world_begin(void);
void world_lan(uint16_t lan, uint16_t flags, uint16_t mtu, uint32_t limit);
void world_port(uint16_t port, uint16_t flags, uint16_t mtu, uint16_t isolation);
void world_sampling(uint16_t port, uint32_t rate); // of a port that was added
void world_member(uint16_t port, uint16_t lan, uint16_t vid);

// Make a LAG of a port that was added, or a link of it; the LAG goes on without its device.
void world_lag(uint16_t port);
void world_lag_link(uint16_t port, uint16_t lag);

// Rules of a peering LAN, with "flags" added to none; a member whose frames they hold for; and an
// address range, of which "prefix" needs to have family, length and address.
void world_rules(uint16_t rules, uint16_t flags);
void world_member_with(const struct policy_member_conf *member);
void world_mac(uint16_t port, uint16_t lan, mac_t mac, enum mac_kind kind);
void world_address(uint16_t port, uint16_t lan, uint8_t family, const uint8_t *octets);
void world_prefix(uint16_t lan, const struct policy_prefix_conf *prefix);

// A sponge for a LAN that was added with LAN_SPONGE, with room for "hosts".
void world_sponge(uint16_t lan, mac_t mac, uint32_t hosts);

void world_commit(void);

// What control says of a host, at any time. Ends the program if there is no room.
void world_host(const struct host_set *set);

void world_link(uint16_t port, bool up);

// Limit what a port may send or be given; links have 10 Gb/s. Not part of the policy here.
void world_limit(uint16_t port, enum meter_class class, const struct rate *rate);

// A frame of "length" octets, not filled in; from the pool of arrivals. Never NULL.
struct rte_mbuf *world_frame(uint16_t length);

// Let a burst of 1 to 64 frames come by "port", which may be a link, and flush what is to leave.
void world_receive(uint16_t port, struct rte_mbuf **frames, uint16_t n);

// Let "n" frames of "length" octets come by "port" and forget what left: all have these addresses,
// then the "n_rest" octets of "rest", and zeros; the last octet numbers them.
void world_receive_alike(uint16_t port, mac_t dst, mac_t src, const uint8_t *rest, size_t n_rest,
			 uint16_t length, uint16_t n);

// Have the manager inject a frame; and let the worker take what waits, as in one round. Returns how
// many it took.
void world_inject(uint16_t port, uint16_t lan, const uint8_t *octets, uint16_t length);
uint32_t world_run_injects(void);

// The next frame that left by "port", which the caller frees, or NULL.
struct rte_mbuf *world_sent(uint16_t port);

// Free all that left.
void world_forget_sent(void);

// Forget counters and events.
void world_clear(void);

// What is wrong with the books, or NULL: rx + copies + injected = tx + drops + consumed, the matrix
// sums to what was transmitted, and no frame but "n_held" is away from its pool. The text is
// static.
const char *world_audit(uint32_t n_held);
