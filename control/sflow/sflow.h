// SPDX-License-Identifier: BSD-3-Clause
// The sFlow agent: samples of frames that workers tell (EVENT_SAMPLE) and the counters of all ports
// go to collectors, as datagrams of sFlow version 5 (control/sflow/datagram.h). Peer-to-peer graphs
// of IXP Manager are drawn from them.
//
// What a sample says:
//   - The data source is the port it came by, by its ifIndex, which never changes; only frames that
//     were let in are sampled, and only where they came in, so each is counted once.
//   - The VLAN is that of the LAN, though ports are untagged: collectors tell LANs apart by it. A
//     quarantine has that of its LAN.
//   - The pool and the lost samples are sums over all workers (control/sflow/source.h).
//
// A datagram that was begun waits at most half a second for more. Each port's counters are reported
// once in each interval, evenly spread over it. They only grow, whatever operators clear.
//
// Without collectors, or an address to be known by, there is no agent: it tells and counts nothing.
//
// Threads: the loop.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct collector;
struct control;
struct event_sample;
struct sflow;

// Returns NULL with errno. For all that follow NULL is fine.
struct sflow *sflow_create(struct control *control);
void sflow_destroy(struct sflow *sflow);

// A policy has come into force, or a dataplane was attached that has it.
void sflow_configure(struct sflow *sflow);

// The dataplane went away.
void sflow_detached(struct sflow *sflow);

// Take an EVENT_SAMPLE. It comes from another process: what makes no sense is ignored and counted,
// and so is what is about a port that is not configured any more.
void sflow_take(struct sflow *sflow, uint32_t worker, const struct event_sample *sample);

// ---- For operators

struct sflow_count {
	uint64_t datagrams; // that were made; each goes to all collectors
	uint64_t ignored;   // samples
};
void sflow_count(const struct sflow *sflow, struct sflow_count *count);

struct sflow_port {
	uint32_t ifindex; // 0: none yet
	uint64_t samples; // of frames, that were told to collectors
	uint64_t lost;	  // that workers could not tell
	uint64_t pool;	  // frames that could have been sampled
};

// Of port number "port" of the configuration in force, named "name". Returns false if there is no
// agent.
bool sflow_port(const struct sflow *sflow, size_t port, const char *name, struct sflow_port *to);

// In the order of the configuration; they hold until it changes.
const struct collector *sflow_collectors(const struct sflow *sflow, size_t *n);
