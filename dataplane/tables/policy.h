// SPDX-License-Identifier: BSD-3-Clause
// A policy: everything that control told the workers, as one immutable snapshot.
//
// The manager builds a policy beside the one in force, validates it whole, swaps one pointer, waits
// until every worker has passed between two bursts (rte_rcu_qsbr), and frees the old one. Workers
// read a policy and nothing else; the tables it points to (FDB, hosts) outlive it.
//
// What a worker would have to compute per frame is computed here once: who a flooded frame reaches,
// which tag a LAN has on a port, which queues a worker polls.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <rte_spinlock.h>

#include "dataplane/path/admit.h"
#include "lib/limits.h"
#include "lib/message.h"

struct draft;
struct fdb;
struct hosts;
struct neigh;

enum { LAN_NONE = 0xff, VID_NOT_MEMBER = 0xffff, VID_UNTAGGED = 0, VID_MASK = 0xfff };

// Frames to more than one receiver differ in whom they may reach.
enum flood_class { FLOOD_BROADCAST, FLOOD_MULTICAST, FLOOD_UNKNOWN, FLOOD_CLASSES };

// Ports that a flooded frame reaches. The ingress port is skipped while flooding: one list then
// serves every ingress port of the same LAN, class and isolation group.
struct reach {
	uint16_t n;
	uint16_t ports[];
};

struct policy_lan {
	struct fdb *fdb;    // NULL: no such LAN
	uint16_t flags;	    // enum lan_flags
	uint16_t frame_max; // octets of an untagged frame: MTU + FRAME_OVERHEAD
	uint16_t n_groups;
	struct admit_nets nets;
	// In an address that is in nets, or 255.255.255.255, the low bits of which these are all
	// but the lowest are all zeros or all ones. Then one more than it has none of these.
	uint8_t edge_mask;
	bool drained;			     // at least one of its ports is
	struct policy_prefix_conf *prefixes; // [n_prefixes]
	uint16_t n_prefixes;
	struct neigh *neigh; // who owns which address
	struct hosts *hosts; // what else is known of addresses; NULL: nothing will be
	mac_t sponge_mac;    // with LAN_SPONGE
	bool reserves;	     // addresses of the exchange's own live on PORT_FABRIC
	// [class * n_groups + group]; group 0 is "in no group"
	const struct reach **reach;
	char name[NAME_SIZE];
};

// What a port is in a LAN. All of it is in one cache line, which a burst touches for each of its
// ports.
struct policy_member {
	uint16_t vid;	  // the tag of the LAN on this port; 0: untagged; VID_NOT_MEMBER
	uint16_t rules;	  // index into policy.rules
	uint8_t security; // enum security_mode
	bool has_mac;	  // a registered or sticky address
} __attribute__((aligned(8)));

struct policy_port {
	bool used;
	bool admin_up;
	bool learn;
	bool drop_runts;
	bool watched;
	bool drained;
	bool quiet;
	bool disable_at_once; // for one violation
	bool asks_limited;    // by METER_QUESTION or METER_QUESTION_UNKNOWN
	bool is_lag;
	uint8_t lan_untagged;	// LAN of untagged frames, or LAN_NONE
	uint16_t group;		// index of the isolation group in this policy; 0: none
	uint16_t frame_max;	// octets the device sends: its MTU + FRAME_OVERHEAD (+ tag)
	uint16_t owner;		// whose frames come and go by its device: itself, or its LAG
	uint32_t sampling;	// one of so many frames that are let in is told; 0: none
	const uint8_t *vid_lan; // [4096]: LAN of a tag or LAN_NONE; NULL: access port, no tags
	struct policy_member lans[MAX_LANS];
	char name[NAME_SIZE];
} __attribute__((aligned(64)));

static inline void policy_port_in_no_lan(struct policy_port *port)
{
	for (uint32_t l = 0; l < MAX_LANS; l++)
		port->lans[l].vid = VID_NOT_MEMBER;
}

struct policy_queue {  // a receive queue that a worker polls
	uint16_t port; // that the frames count as coming by
	uint16_t link; // whose device it is: the same, or a link of that LAG
	uint16_t ethdev;
	uint16_t queue;
	int wait_fd;   // becomes readable when a frame has come; 0: there is none
	bool is_memif; // there is one after memif_wake_arm()
};

struct policy_tx { // how a worker transmits on a port
	uint16_t ethdev;
	uint16_t queue;
	rte_spinlock_t *lock; // NULL: this worker is the only one on the queue
};

struct policy_worker {
	uint32_t n_queues;
	struct policy_queue *queues;
	struct policy_tx tx[MAX_PORTS];
};

// What a set of rules takes without a look at ethertypes.
enum plain_flags { PLAIN_IPV4 = 1, PLAIN_IPV6 = 2 };

struct policy {
	uint64_t generation;
	uint64_t digest;
	uint32_t n_workers;
	uint32_t n_drained;	   // ports
	bool has_hosts;		   // some LAN has
	struct admit_rules *rules; // [MAX_RULES]; RULES_NONE are a plain bridge's
	uint8_t plain[MAX_RULES];  // enum plain_flags
	struct policy_lan lans[MAX_LANS];
	struct policy_port ports[MAX_PORTS];
	struct policy_worker *workers; // [n_workers]
};

// What a policy needs to know of the device behind a port.
struct policy_device {
	uint16_t ethdev;
	uint16_t n_rx;
	uint16_t n_tx;
	uint16_t mtu;
	int wait_fd;		  // of its one receive queue; 0: none
	bool is_memif;		  // whose peer tells of frames when it is asked to
	rte_spinlock_t *tx_locks; // [n_tx]
};

// Make a policy from a draft that passed draft_check(): "fdbs" and "hosts" hold the tables of each
// LAN in it, "devices" the device of each port in it. A receive queue that "old" (or NULL) has
// stays with its worker, because two workers must never poll one queue; new queues go to the worker
// that has fewest. Manager thread only. Returns NULL with errno.
struct policy *policy_build(const struct draft *draft, struct fdb *const *fdbs,
			    struct hosts *const *hosts, const struct policy_device *devices,
			    uint32_t n_workers, const struct policy *old);
void policy_free(struct policy *policy);

// The worker that polls a queue, or -1.
int policy_queue_worker(const struct policy *policy, uint16_t ethdev, uint16_t queue);

// The reach list of a frame of "class" in "lan" that came by a port of "group".
static inline const struct reach *policy_reach(const struct policy_lan *lan, enum flood_class class,
					       uint16_t group)
{
	return lan->reach[class * lan->n_groups + group];
}
