// SPDX-License-Identifier: BSD-3-Clause
// The counters of the dataplane, in one shared memory file that control maps read-only.
//
// Three kinds of pages, each with one writer:
//   - the header, one port_info per slot, and one block of port_counters for what happens outside
//     of workers (frames that died in the XDP guard): the manager thread;
//   - per worker, one block of port_counters, one of pair_counters and one worker_stats: that
//     worker, by plain 64-bit stores, at most once per burst.
// A reader sums over the workers and the manager. Counters only grow while the port lives
// (port_info.incarnation tells one life of a slot from the next) and start at zero with it.
//
// Between two bursts of every worker, over all ports that ever lived (every slot, and
// header->retired):
//     rx + copies + injected = tx + drops + consumed
//
// The file is sparse: a slot that was never used costs no memory.
#pragma once

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/drops.h"
#include "lib/limits.h"

#define STATS_MAGIC UINT64_C(0x6978666162737461) // "ixfabsta"

// What kind of frame a pair counter counts, by ethertype behind at most one tag.
enum pair_kind { PAIR_IPV4, PAIR_IPV6, PAIR_OTHER, PAIR_KINDS };

enum port_link { LINK_DOWN, LINK_UP };

// Where frames of a kernel interface meet the XDP guard.
enum port_guard { GUARD_NONE, GUARD_GENERIC, GUARD_NATIVE };

// What a port is: one with a device, a LAG, or a link of one.
enum port_kind { PORT_PLAIN, PORT_LAG, PORT_LINK };

// What LACP knows of a link (IEEE 802.1AX-2014 section 6.4.7).
struct link_info {
	uint64_t partner_system; // its MAC address (lib/mac.h); 0: none yet
	uint16_t partner_priority;
	uint16_t partner_key;
	uint16_t partner_port;
	uint8_t partner_state; // enum lacp_state (lib/lacp.h)
	uint8_t actor_state;   // ours, likewise
	uint8_t reason;	       // enum lacp_reason: why it carries no frames
	uint8_t unused[3];
	uint32_t received; // LACPDUs, since the dataplane has known the link
	uint32_t sent;
	uint32_t malformed; // frames of the slow protocols that were none
};

// What the manager knows of a port. Written under a sequence lock: read it with stats_port_info().
struct port_info {
	_Atomic uint32_t sequence; // odd while the manager writes
	uint32_t incarnation;	   // counts the lives of this slot; 0: never used
	uint8_t used;		   // a port lives here now
	uint8_t admin_up;
	uint8_t link; // enum port_link
	uint8_t n_queues;
	uint8_t is_fallback;   // runs over AF_PACKET though AF_XDP was asked for
	uint8_t guard;	       // enum port_guard
	uint8_t disabled;      // enum port_disable (lib/message.h)
	uint8_t tx_shared;     // fewer transmit queues than workers: transmission is serialised
	uint8_t kind;	       // enum port_kind
	uint8_t lag_flags;     // enum lag_flags (lib/message.h) of a LAG
	uint8_t n_links;       // of a LAG
	uint8_t n_active;      // of these, in use; of a link: 1 if it is
	uint16_t lag;	       // slot of the LAG of a link
	uint16_t min_links;    // of a LAG
	uint16_t mtu;	       // octets of payload the device takes now
	uint32_t speed;	       // Mb/s; 0: unknown
	uint32_t link_changes; // ups and downs since it was created
	uint64_t changed_ns;   // CLOCK_REALTIME of the last change of link
	uint64_t mac;	       // the device's own address (lib/mac.h)
	uint64_t disabled_ns;  // CLOCK_REALTIME; since when it is disabled
	uint64_t until_ns;     // until when; 0: until an operator enables it
	uint16_t loop_other;   // the loop's other port, if it is disabled for one
	uint16_t last_reason;  // enum drop_reason of the last violation; DROP_NONE: none yet
	uint32_t disables;     // how often it was disabled since it was created
	struct link_info lacp; // of a link; without LAG_LACP only the reason
	char name[NAME_SIZE];
	char device[DEVICE_SIZE];
	char driver[NAME_SIZE];
	uint8_t queue_worker[MAX_QUEUES]; // which worker polls each receive queue
};

// Counts of one port by one worker. Octets count the frame without FCS.
struct port_counters {
	uint64_t rx_frames;
	uint64_t rx_octets;
	uint64_t rx_multicast; // of rx_frames, to a group other than broadcast
	uint64_t rx_broadcast; // of rx_frames, to ff:ff:ff:ff:ff:ff
	uint64_t tx_frames;
	uint64_t tx_octets;
	uint64_t tx_multicast;
	uint64_t tx_broadcast;
	uint64_t copies;   // copies made of frames that came by this port, the original not counted
	uint64_t injected; // frames of the fabric's own, to leave by this port
	uint64_t consumed; // frames that came by this port and ended in the fabric on purpose
	uint64_t learned;  // addresses learned on this port
	uint64_t moved;	   // addresses that moved to this port
	uint64_t learn_refused; // sources not learned because a limit was reached
	uint64_t answered;	// questions of this port that were answered in the owner's name
	uint64_t sponged; // likewise for hosts that are sponged; in dummy mode would have been
	// Of a link of a LAG: what came and left by it. Its LAG has counted it, too.
	uint64_t link_rx_frames;
	uint64_t link_rx_octets;
	uint64_t link_tx_frames;
	uint64_t link_tx_octets;
	uint64_t drops[(DROP_COUNT + 7) / 8 * 8]; // by enum drop_reason; [0] stays 0
} __attribute__((aligned(64)));

// Exact traffic from one port to another by one worker: one cache line.
struct pair_counters {
	uint64_t frames[PAIR_KINDS];
	uint64_t octets[PAIR_KINDS];
	uint64_t unused[2];
} __attribute__((aligned(64)));

// Polls that brought: nothing (never counted), 1, 2-3, 4-7, 8-15, 16-31, 32-63, 64 frames or more.
enum { BURST_BUCKETS = 8 };

struct worker_stats {
	_Atomic uint64_t rounds; // times round the loop: the heartbeat
	uint64_t busy_cycles;	 // TSC cycles of rounds that had a frame
	uint64_t idle_cycles;	 // of rounds that had none, sleep included
	uint64_t sleeps;
	uint64_t events_lost; // events that found the ring full, or no control
	uint64_t bursts[BURST_BUCKETS];
	uint32_t cpu;
	uint32_t n_queues;
} __attribute__((aligned(64)));

// Entries in a LAN's table of addresses, as the manager counted them less than two seconds ago.
struct lan_counts {
	_Atomic uint32_t learned;
	_Atomic uint32_t statics; // registered, learned for good, the exchange's own, held
	_Atomic uint32_t held;	  // of the static ones
	uint32_t unused;
};

struct stats_header {
	uint64_t magic;
	uint32_t version; // CHANNEL_VERSION
	uint32_t n_workers;
	uint64_t instance;   // a random number per start of the dataplane
	uint64_t size;	     // octets of the whole file
	uint64_t started_ns; // CLOCK_REALTIME
	uint64_t tsc_hz;
	_Atomic uint64_t generation;   // of the policy in force; 0: none yet
	_Atomic uint64_t digest;       // of the policy in force, as control has it; 0: it wants one
	_Atomic uint64_t bad_commands; // messages from control that were refused
	uint64_t port_info_offset;     // struct port_info[MAX_PORTS]
	uint64_t worker_offset;	       // struct worker_stats[MAX_WORKERS]
	uint64_t counters_offset;      // struct port_counters[n_workers + 1][MAX_PORTS]
	uint64_t pairs_offset;	       // struct pair_counters[n_workers][MAX_PORTS][MAX_PORTS]
	uint64_t memory_octets;	       // of the mbuf pools
	uint32_t hugepages;	       // 1: memory is in huge pages
	uint32_t pid;
	_Atomic uint64_t mbufs_free;
	uint64_t mbufs;
	struct port_counters retired;	  // sums of all ports whose counters were forgotten
	struct lan_counts lans[MAX_LANS]; // all 0 if there is no such LAN
};

// A mapping of the file, at the dataplane or at control.
struct stats {
	struct stats_header *header;
	struct port_info *ports;
	struct worker_stats *workers;
	struct port_counters *counters;
	struct pair_counters *pairs;
	uint32_t n_workers; // a copy of our own: the header may change under a reader
	size_t size;
};

// Create the file for "n_workers", map it for writing, and fill the header. "fd" receives a sealed
// descriptor to hand to control. Dataplane only. Returns 0 or -errno.
int stats_create(struct stats *stats, uint32_t n_workers, int *fd);

// Map the file behind "fd" read-only, after checking that its header tells the truth about its
// size. Control only. Returns 0 or -errno (-EPROTO: not ours, or of another version).
int stats_attach(struct stats *stats, int fd);

void stats_detach(struct stats *stats);

// "worker" n_workers is the manager.
static inline struct port_counters *stats_port(const struct stats *stats, uint32_t worker,
					       uint32_t port)
{
	return &stats->counters[(size_t)worker * MAX_PORTS + port];
}

// The row of "from": MAX_PORTS cells, one for each port that receives.
static inline struct pair_counters *stats_pairs(const struct stats *stats, uint32_t worker,
						uint32_t from)
{
	return &stats->pairs[((size_t)worker * MAX_PORTS + from) * MAX_PORTS];
}

// Copy a consistent port_info whose strings end. Returns false if no port lives in that slot, or if
// its writer died while it wrote.
bool stats_port_info(const struct stats *stats, uint32_t port, struct port_info *info);

// How many ports are to be up, and how many of them are.
struct stats_ports {
	uint32_t wanted;
	uint32_t up;
};
struct stats_ports stats_count_ports(const struct stats *stats);

// Writers of port_info bracket their stores with these two. Manager thread only.
void stats_port_info_begin(struct port_info *info);
void stats_port_info_end(struct port_info *info);

// Sum the counters of "port", or of the pair, over all who count.
void stats_sum_port(const struct stats *stats, uint32_t port, struct port_counters *sum);
void stats_sum_pair(const struct stats *stats, uint32_t from, uint32_t to,
		    struct pair_counters *sum);

// Forget the counters of a slot, before another port lives in it: they move to header->retired.
// Manager thread only, and only while no worker knows the slot.
void stats_clear_port(struct stats *stats, uint32_t port);
