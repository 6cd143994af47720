// SPDX-License-Identifier: BSD-3-Clause
// Hosts by number, for the tests of dataplane/tables/hosts.h.
#pragma once

#include <string.h>

#include "dataplane/tables/hosts.h"

static inline struct host_set host_set_of(uint32_t id)
{
	return (struct host_set){.address = {10, id >> 16 & 0xff, id >> 8 & 0xff, id & 0xff},
				 .family = 4,
				 .port = FDB_ANY};
}

static inline uint32_t host_id(const struct host_set *set)
{
	return (uint32_t)set->address[1] << 16 | (uint32_t)set->address[2] << 8 | set->address[3];
}

static inline struct neigh_key host_key(uint32_t id)
{
	return neigh_key4(host_set_of(id).address);
}

static inline int set_host(struct hosts *hosts, uint32_t id, uint8_t verdict, uint16_t port,
			   mac_t mac, uint16_t flags)
{
	struct host_set set = host_set_of(id);

	set.verdict = verdict;
	set.port = port;
	set.mac = mac;
	set.flags = flags;
	return hosts_set(hosts, &set, NULL);
}

// Set a verdict and learn whom the sponge has told so far.
static inline int take_told(struct hosts *hosts, uint32_t id, uint8_t verdict,
			    uint64_t told[HOST_TOLD_WORDS])
{
	struct host_set set = host_set_of(id);

	set.verdict = verdict;
	memset(told, 0xff, HOST_TOLD_WORDS * sizeof(*told));
	return hosts_set(hosts, &set, told);
}
