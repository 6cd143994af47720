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

struct host {
	struct neigh_key key;
	_Atomic uint64_t word;
	_Atomic uint32_t next;
	_Atomic uint32_t answered; // questions, by all workers
	_Atomic uint64_t told[HOST_TOLD_WORDS];
};

struct hosts;

// ---- Life

// Make a table for "n" hosts (1 to MAX_HOSTS). "workers" tells when all have passed between two
// bursts; NULL: there are none. Memory is used as hosts are set. Returns NULL if there is none.
struct hosts *hosts_create(uint32_t n, struct rte_rcu_qsbr *workers);
void hosts_destroy(struct hosts *hosts); // no worker knows it

// ---- Any worker

// What is known of an address; NULL if nothing is. "hosts" may be NULL.
struct host *hosts_find(struct hosts *hosts, struct neigh_key key);

// Whether control waits for a sign of life of a host that may be behind "port".
bool hosts_watched(const struct hosts *hosts, uint16_t port);

// The owner, the verdict and whether it is watched, out of a word.
static inline uint64_t host_word(const struct host *host)
{
	return atomic_load_explicit(&host->word, memory_order_acquire);
}

uint16_t host_port(uint64_t word); // HOST_NO_PORT: none is known
mac_t host_mac(uint64_t word);
enum host_verdict host_verdict(uint64_t word);

// A frame with the host's address as source came from "mac" by "port". Returns whether control is
// to be told: it waits for that, and the frame is by its owner. Only one of all workers is told so.
bool host_lives(struct hosts *hosts, struct host *host, uint16_t port, mac_t mac);

// Control could not be told: wait for the next one.
void host_rewatch(struct hosts *hosts, struct host *host);

// "port" is about to be told that the sponge has the address. Returns false if that is no longer
// so.
bool host_tell(struct host *host, uint16_t port);

// ---- Manager

// Set what is known, as COMMAND_HOST_SET says. Returns 0, -ENOSPC, or -EINVAL (no such verdict,
// family or port).
int hosts_set(struct hosts *hosts, const struct host_set *set);

// Take out who was told, for an address that is there or not. "told" has a bit for each port.
void hosts_take_told(struct hosts *hosts, struct neigh_key key, uint64_t told[HOST_TOLD_WORDS]);

// A port is gone: nobody is behind it who was told something, and nobody owns an address there.
void hosts_forget_port(struct hosts *hosts, uint16_t port);

uint32_t hosts_count(const struct hosts *hosts);

// Describe up to "n" hosts from "*cursor" on, 0 at first; it becomes 0 at the end. Returns how
// many.
uint32_t hosts_dump(const struct hosts *hosts, uint32_t *cursor, struct host_info *infos,
		    uint32_t n);
