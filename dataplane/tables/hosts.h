// SPDX-License-Identifier: BSD-3-Clause
// What is known of a LAN's addresses beside whom the policy assigns them to (neigh.h): whether the
// sponge has taken an address over because nobody answers for it, and who was seen to own one that
// is not assigned.
//
// Control decides; the manager writes what it says (COMMAND_HOST_SET); workers read, for each
// question. What a worker needs is one word, so that it is always of one moment:
//
//   48 bits  MAC of the owner; 0: any of its port is
//   10 bits  port of the owner; HOST_NO_PORT: none is known
//    2 bits  enum host_verdict
//    1 bit   control waits for a sign of life
//
// A sponge answers in the place of somebody else, so it has to be known whom it told: when the host
// comes back, those and no others are to be told where it really is. Each host has a set of ports
// for that. A worker adds the port before it answers, and then looks at the verdict again; the
// manager changes the verdict before it takes the set. So whoever was told is in the set, and the
// set outlives control.
//
// Hosts are kept in chains by hash. The manager links and unlinks; a worker that is on its way
// through a chain is not disturbed, because what was unlinked is used again only after every worker
// has passed between two bursts.
//
// The table outlives policies, like an FDB, as long as the LAN keeps its name and "hosts".
//
// Threads: hosts_find(), hosts_watched(), host_*() by any worker; everything else by the manager.
#pragma once

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "dataplane/tables/neigh.h"
#include "lib/limits.h"
#include "lib/mac.h"
#include "lib/message.h"

struct rte_rcu_qsbr;

enum { HOST_NO_PORT = 0x3ff, HOST_TOLD_WORDS = (MAX_PORTS + 63) / 64 };

enum { HOST_PORT_SHIFT = 48, HOST_VERDICT_SHIFT = 58, HOST_WATCHED_SHIFT = 60 };

struct host {
	struct neigh_key key;
	_Atomic uint64_t word;
	_Atomic uint32_t next;	   // in its chain: index + 1; 0: none
	_Atomic uint32_t answered; // questions, by all workers
	_Atomic uint64_t told[HOST_TOLD_WORDS];
};

struct hosts;

// ---- Life

// Make a table for "n" hosts (1 to MAX_HOSTS). "workers" tells when all have passed between two
// bursts; NULL: there are none. Memory is used as hosts are set. Returns NULL with errno.
struct hosts *hosts_create(uint32_t n, struct rte_rcu_qsbr *workers);
void hosts_destroy(struct hosts *hosts); // no worker knows it; NULL: nothing happens

// ---- Any worker. What hosts_find() returned is good until the worker is between two bursts.

// What is known of an address; NULL if nothing is. "hosts" may be NULL.
struct host *hosts_find(struct hosts *hosts, struct neigh_key key);

// Whether control waits for a sign of life of a host that may be behind "port". "hosts" may be
// NULL.
bool hosts_watched(const struct hosts *hosts, uint16_t port);

// The owner, the verdict and whether it is watched, out of a word. HOST_FORGET: it was forgotten
// since it was found.
static inline uint64_t host_word(const struct host *host)
{
	return atomic_load_explicit(&host->word, memory_order_acquire);
}

static inline uint16_t host_port(uint64_t word) // HOST_NO_PORT: none is known
{
	return word >> HOST_PORT_SHIFT & HOST_NO_PORT;
}

static inline mac_t host_mac(uint64_t word)
{
	return word & MAC_MASK;
}

static inline enum host_verdict host_verdict(uint64_t word)
{
	return word >> HOST_VERDICT_SHIFT & 3;
}

static inline bool host_watched(uint64_t word)
{
	return word >> HOST_WATCHED_SHIFT & 1;
}

// Whether the owner may be "mac" behind "port", as far as it is known.
static inline bool host_is_owner(uint64_t word, uint16_t port, mac_t mac)
{
	return (host_port(word) == port || host_port(word) == HOST_NO_PORT) &&
	       (host_mac(word) == mac || host_mac(word) == 0);
}

// A frame with the host's address as source came from "mac" by "port". Returns whether control is
// to be told: it waits for that, and the frame is by its owner. Only one of all workers is told so.
bool host_lives(struct hosts *hosts, struct host *host, uint16_t port, mac_t mac);

// Control could not be told: wait for the next one.
void host_rewatch(struct hosts *hosts, struct host *host);

// "port" is about to be told that the sponge has the address: it is counted as an answer. Returns
// false if the sponge has it no longer.
bool host_tell(struct host *host, uint16_t port);

// ---- Manager

// Set what is known, as COMMAND_HOST_SET says; of its flags only HOST_WATCHED counts here. With
// "told" it also takes out who was told so far, for an address that is there or not: "told" has a
// bit for each port. Otherwise they stay, except of a host that is forgotten. Returns 0, -ENOSPC,
// or -EINVAL (no such verdict, family or port, or no address of a station).
int hosts_set(struct hosts *hosts, const struct host_set *set, uint64_t told[HOST_TOLD_WORDS]);

// Ports are gone for good, a bit for each: nobody is behind them who was told something, and nobody
// owns an address there. No worker takes frames from them any more.
void hosts_forget_ports(struct hosts *hosts, const uint64_t ports[HOST_TOLD_WORDS]);

uint32_t hosts_count(const struct hosts *hosts);

// Describe up to "n" hosts from "*cursor" on, 0 at first; it becomes 0 at the end. With "ports"
// only those whose owner is behind one of them, a bit for each. What is there all the time is
// described once, whatever comes and goes meanwhile. Returns how many.
uint32_t hosts_dump(const struct hosts *hosts, const uint64_t ports[HOST_TOLD_WORDS],
		    uint32_t *cursor, struct host_info *infos, uint32_t n);
