// SPDX-License-Identifier: BSD-3-Clause
// What metrics tell, as values: all of it was read at one moment, and nothing of it changes while
// it is written out, though the configuration may, and the dataplane may go.
//
// The traffic matrix is left out of that: a copy of it would be 64 MiB for a thousand ports. It is
// read row by row while it is written.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "control/port_state.h"
#include "control/sflow/sflow.h"
#include "control/sponge/machine.h"
#include "control/sponge/sponge.h"
#include "lib/limits.h"
#include "lib/log.h"
#include "lib/stats.h"

struct view_port {
	char name[NAME_SIZE];
	char device[DEVICE_SIZE];
	char *member;	     // "": none
	char *description;   // "": none
	uint32_t asn;	     // 0: none
	uint32_t ifindex;    // 0: none yet
	char lag[NAME_SIZE]; // of a link, its LAG; "": it is none
	bool is_lag;
	bool has_lacp;	    // of a link: its LAG speaks it
	uint16_t n_links;   // of a LAG
	uint16_t min_links; // likewise
	bool admin_up;
	bool drained;
	bool quarantined;
	bool is_sampled; // "sflow" is set
	struct sflow_port sflow;
	bool known; // the dataplane has it: what follows is set
	uint16_t slot;
	enum port_state state;
	struct port_info info;
	struct port_counters counters;
};

// A port's membership.
struct view_member {
	size_t port;
	size_t lan;
	uint16_t vlan; // 0: untagged
};

// A LAN of the dataplane: quarantines too.
struct view_lan {
	char name[NAME_SIZE];
	uint32_t fdb_size;
	uint32_t learned;
	uint32_t statics;
	uint32_t held;
	uint32_t addresses[2]; // that are assigned: of IPv4, of IPv6
	bool learns_hosts;
	uint64_t bindings; // addresses whose owners were learned
	bool has_sponge;
	struct machine_count sponge;
};

struct view_incident {
	char port[NAME_SIZE];
	char reason[NAME_SIZE];
	enum log_level level;
};

// One of sFlow's.
struct view_collector {
	char name[NAME_SIZE];
	uint64_t datagrams;
	uint64_t errors;
};

struct view {
	bool attached; // a dataplane is there; without one there are no counters
	bool in_force; // and it has the policy that the configuration wants
	bool failed;   // the file is wrong, or the dataplane refuses it or some ports
	char release[NAME_SIZE];
	uint64_t bad_replies;
	uint64_t generation;
	double applied;	    // seconds since 1970; 0: nothing was
	double deadline;    // likewise, until when it is to be confirmed; 0: it is for good
	uint64_t overrides; // ports for which operators have set something by hand
	struct sponges_count sponges;
	struct {
		double started; // seconds since 1970
		uint64_t generation;
		uint64_t bad_commands;
		uint64_t tsc_hz;
		uint64_t memory_octets;
		bool hugepages;
		uint64_t mbufs;
		uint64_t mbufs_free;
	} dataplane;

	struct view_port *ports;
	size_t n_ports;
	struct view_member *members;
	size_t n_members;
	struct view_lan *lans;
	size_t n_lans;
	struct worker_stats *workers;
	size_t n_workers;
	struct view_incident *incidents;
	size_t n_incidents;
	struct view_collector *collectors;
	size_t n_collectors;

	// The matrix: what went from port number "from" to each of the n_ports; NULL if that is
	// nothing, or no longer known. It holds until the next call.
	const struct pair_counters *(*pairs)(void *argument, const struct view *view, size_t from);
	void *argument; // freed with the view
};

// Free what it holds, and itself.
void view_free(struct view *view);
