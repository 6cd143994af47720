// SPDX-License-Identifier: BSD-3-Clause
// How control attaches to the dataplane.
//
// The dataplane listens on a UNIX socket (SOCK_SEQPACKET). Control connects and sends one
// channel_hello with its version; the dataplane answers with one channel_welcome that carries four
// descriptors (SCM_RIGHTS): the channel's memory, the stats file, and two eventfds. After that the
// socket carries nothing: its hang-up is how each side learns that the other is gone. Each
// attachment gets a channel of its own, so nothing that a dead control left in a ring is ever read.
//
// The channel's memory holds, in this order, one ring of commands (control produces), one of
// replies (the manager produces), one of events for each worker (that worker produces), one of the
// manager's own events, and one of captured frames for each worker. A ring that is never used costs
// no memory.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "lib/limits.h"
#include "lib/ring.h"

#define CHANNEL_MAGIC	       UINT64_C(0x6978666162636f6e) // "ixfabcon"
#define CHANNEL_DEFAULT_SOCKET "/run/ixfab/dataplane.sock"

enum {
	CHANNEL_VERSION = 6, // of everything shared: messages, stats, channel
	CHANNEL_COMMANDS = 1024,
	CHANNEL_REPLIES = 2048,
	CHANNEL_EVENTS = 4096,
	CHANNEL_CAPTURED = 2048,
};

enum channel_status {
	CHANNEL_OK,
	CHANNEL_BAD_VERSION, // the two programs are of different releases
	CHANNEL_BUSY,	     // another control is attached; "pid" says which
	CHANNEL_DENIED,	     // the peer is neither root nor the dataplane's user or group
};

struct channel_hello {
	uint64_t magic;
	uint32_t version;
	uint32_t pid;
	char release[NAME_SIZE]; // IXFAB_VERSION
};

struct channel_welcome {
	uint64_t magic;
	uint32_t version;
	uint32_t status; // enum channel_status; descriptors come only with CHANNEL_OK
	uint32_t pid;	 // of the dataplane, or with CHANNEL_BUSY of the other control
	uint32_t n_workers;
	uint64_t instance; // stats_header.instance
	char release[NAME_SIZE];
};

enum channel_fds {
	CHANNEL_FD_MEMORY,
	CHANNEL_FD_STATS,
	CHANNEL_FD_COMMAND,
	CHANNEL_FD_REPLY,
	CHANNEL_FDS
};

struct channel {
	void *base;
	size_t size;
	uint32_t n_workers;
	struct ring commands;
	struct ring replies;
	struct ring events[MAX_WORKERS + 1]; // [n_workers] is the manager's
	struct ring captured[MAX_WORKERS];   // of struct capture_record
};

// Create the memory for "n_workers", sealed in size, and map it; "fd" receives the descriptor to
// hand over. Dataplane only. Returns 0 or -errno.
int channel_create(struct channel *channel, uint32_t n_workers, int *fd);

// Map the memory behind "fd". Returns 0 or -errno (-EPROTO: not of the size that "n_workers" needs,
// or not sealed).
int channel_attach(struct channel *channel, uint32_t n_workers, int fd);

void channel_detach(struct channel *channel);

// Send "length" octets and "n" descriptors as one packet. Returns 0 or -errno.
int channel_send(int socket, const void *packet, size_t length, const int *fds, size_t n);

// Receive one packet of exactly "length" octets and at most "n" descriptors; "n" is set to how many
// came. Returns 0, -ECONNRESET at the end, -EBADMSG for a packet of another length (its descriptors
// are closed), or -errno.
int channel_receive(int socket, void *packet, size_t length, int *fds, size_t *n);
