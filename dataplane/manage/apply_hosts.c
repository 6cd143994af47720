// SPDX-License-Identifier: BSD-3-Clause
// The sponge has answered to ports; who is to hear that the host is back are neighbours. Those that
// are assigned to a port, and whose MAC is known, are behind it; of a port without any, the hosts
// that were seen there.
#include "dataplane/manage/apply_hosts.h"

#include <errno.h>
#include <string.h>

#include "dataplane/manage/manager.h"
#include "dataplane/manage/refuse.h"
#include "dataplane/tables/neigh.h"
#include "lib/log.h"

enum { DUMP_REPLIES = 64, CHUNK = 64 }; // of one command; the cursor tells where to go on

// The neighbours behind ports that were told, while they are looked for.
struct audience {
	uint64_t told[HOST_TOLD_WORDS];
	uint8_t family;
	uint16_t n[MAX_PORTS]; // neighbours
	struct message reply;  // being filled
};

// ---- Neighbours of ports

typedef void each_function(struct manager *manager, struct audience *audience,
			   const struct neigh_info *info);

static void each_assigned(struct manager *manager, const struct neigh *neigh,
			  struct audience *audience, each_function *each)
{
	for (uint32_t place = 0; place <= neigh->mask; place++) {
		const struct neigh_entry *entry = &neigh->entries[place];
		struct neigh_info info = {.mac = neigh_mac(entry), .port = neigh_port(entry)};

		if (!entry->used || !info.mac)
			continue;
		info.family = neigh_address(entry->key, info.address);
		each(manager, audience, &info);
	}
}

static void each_seen(struct manager *manager, const struct hosts *hosts,
		      const uint64_t ports[HOST_TOLD_WORDS], struct audience *audience,
		      each_function *each)
{
	struct host_info infos[CHUNK];
	uint32_t cursor = 0;

	do {
		uint32_t n = hosts_dump(hosts, ports, &cursor, infos, CHUNK);

		for (uint32_t i = 0; i < n; i++) {
			const struct host_set *set = &infos[i].set;
			struct neigh_info info = {.mac = set->mac,
						  .port = set->port,
						  .family = set->family};

			memcpy(info.address, set->address, sizeof(info.address));
			if (set->verdict == HOST_LIVE && set->mac)
				each(manager, audience, &info);
		}
	} while (cursor);
}

// ---- Telling of them

static void flush(struct manager *manager, struct audience *audience)
{
	if (audience->reply.neigh.n)
		manager_reply(manager, &audience->reply);
	audience->reply.neigh.n = 0;
}

static void tell(struct manager *manager, struct audience *audience, const struct neigh_info *info)
{
	struct reply_neigh *neigh = &audience->reply.neigh;

	neigh->entries[neigh->n++] = *info;
	if (neigh->n == REPLY_NEIGH_ENTRIES)
		flush(manager, audience);
}

static bool is_told(const struct audience *audience, uint16_t port)
{
	return port < MAX_PORTS && audience->told[port / 64] >> port % 64 & 1;
}

static void count(struct manager *manager, struct audience *audience, const struct neigh_info *info)
{
	(void)manager;
	if (info->family == audience->family && is_told(audience, info->port) &&
	    audience->n[info->port] <= REPLY_NEIGH_ENTRIES)
		audience->n[info->port]++;
}

static void tell_if_told(struct manager *manager, struct audience *audience,
			 const struct neigh_info *info)
{
	if (info->family == audience->family && is_told(audience, info->port) &&
	    audience->n[info->port] <= REPLY_NEIGH_ENTRIES)
		tell(manager, audience, info);
}

// The ports without a neighbour so far.
static bool find_lonely(const struct audience *audience, uint64_t lonely[HOST_TOLD_WORDS])
{
	bool any = false;

	memset(lonely, 0, HOST_TOLD_WORDS * sizeof(*lonely));
	for (uint16_t p = 0; p < MAX_PORTS; p++) {
		if (!is_told(audience, p) || audience->n[p])
			continue;
		lonely[p / 64] |= UINT64_C(1) << p % 64;
		any = true;
	}
	return any;
}

// Whoever is behind a port, by one entry with neither address nor MAC.
static void tell_ports(struct manager *manager, struct audience *audience)
{
	for (uint16_t p = 0; p < MAX_PORTS; p++) {
		struct neigh_info info = {.port = p, .family = audience->family};

		if (is_told(audience, p) &&
		    (audience->n[p] == 0 || audience->n[p] > REPLY_NEIGH_ENTRIES))
			tell(manager, audience, &info);
	}
}

static void tell_all(struct manager *manager, uint16_t lan, struct audience *audience)
{
	const struct neigh *neigh = manager->policy->lans[lan].neigh;
	const struct hosts *hosts = manager->lans[lan].hosts;
	uint64_t lonely[HOST_TOLD_WORDS];

	each_assigned(manager, neigh, audience, count);
	each_assigned(manager, neigh, audience, tell_if_told);
	if (find_lonely(audience, lonely)) {
		each_seen(manager, hosts, lonely, audience, count);
		each_seen(manager, hosts, lonely, audience, tell_if_told);
	}
	tell_ports(manager, audience);
	flush(manager, audience);
}

static void answer(struct manager *manager, const struct message *command,
		   struct audience *audience)
{
	struct message reply;

	audience->family = command->host.family;
	message_init(&audience->reply, REPLY_TOLD, command->header.sequence);
	audience->reply.header.flags = MESSAGE_MORE;
	audience->reply.neigh.lan = command->host.lan;
	tell_all(manager, command->host.lan, audience);
	message_init(&reply, REPLY_DONE, command->header.sequence);
	manager_reply(manager, &reply);
}

// ---- Commands

static struct hosts *hosts_of(const struct manager *manager, uint16_t lan)
{
	return lan < MAX_LANS ? manager->lans[lan].hosts : NULL;
}

static const char *why(int error)
{
	switch (error) {
	case ENOENT:
		return "nothing is kept of hosts there";
	case ENOSPC:
		return "there is no room for more";
	default:
		return "no such verdict, family, port or MAC";
	}
}

// Who does not wait for an answer finds it in the log, once until the next commit.
static void refuse_host(struct manager *manager, const struct message *command, int error)
{
	uint16_t lan = command->host.lan;

	if (command->host.flags & HOST_ANSWER) {
		refuse(manager, command, error, command->host.port, lan,
		       "a host in LAN number %u: %s", lan, why(error));
	} else if (error == ENOSPC && !manager->lans[lan].was_full) {
		log_warn("LAN %s: there is no room for more than %u hosts", manager->lans[lan].name,
			 manager->lans[lan].n_hosts);
		manager->lans[lan].was_full = true;
	}
}

void apply_hosts_set(struct manager *manager, const struct message *command)
{
	struct hosts *hosts = hosts_of(manager, command->host.lan);
	bool wants_answer = command->host.flags & HOST_ANSWER;
	struct audience audience = {0};

	int err = hosts ? hosts_set(hosts, &command->host, wants_answer ? audience.told : NULL)
			: -ENOENT;
	if (err)
		refuse_host(manager, command, -err);
	else if (wants_answer)
		answer(manager, command, &audience);
}

static uint16_t fill(const struct manager *manager, const struct fdb_dump *dump, uint32_t *cursor,
		     struct host_info *infos)
{
	uint64_t ports[HOST_TOLD_WORDS] = {0};
	uint16_t n;

	if (dump->port < MAX_PORTS)
		ports[dump->port / 64] = UINT64_C(1) << dump->port % 64;
	n = (uint16_t)hosts_dump(manager->lans[dump->lan].hosts,
				 dump->port == FDB_ANY ? NULL : ports, cursor, infos,
				 REPLY_HOST_ENTRIES);
	for (uint16_t i = 0; i < n; i++)
		infos[i].set.lan = dump->lan;
	return n;
}

void apply_hosts_dump(struct manager *manager, const struct message *command)
{
	const struct fdb_dump *dump = &command->fdb_dump;
	uint32_t cursor = dump->cursor;
	struct message reply;

	if (!hosts_of(manager, dump->lan)) {
		refuse(manager, command, ENOENT, FDB_ANY, dump->lan,
		       "nothing is kept of hosts in LAN number %u", dump->lan);
		return;
	}
	for (int i = 0; i < DUMP_REPLIES; i++) {
		message_init(&reply, REPLY_HOST, command->header.sequence);
		reply.header.flags = MESSAGE_MORE;
		reply.hosts.lan = dump->lan;
		reply.hosts.n = fill(manager, dump, &cursor, reply.hosts.entries);
		if (reply.hosts.n)
			manager_reply(manager, &reply);
		if (cursor == 0)
			break;
	}
	message_init(&reply, REPLY_DONE, command->header.sequence);
	reply.done.cursor = cursor;
	manager_reply(manager, &reply);
}
