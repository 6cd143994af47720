// SPDX-License-Identifier: BSD-3-Clause
#include "dataplane/manage/apply_neigh.h"

#include <string.h>

#include "dataplane/manage/manager.h"
#include "dataplane/manage/refuse.h"
#include "dataplane/tables/neigh.h"

enum { DUMP_REPLIES = 64 }; // of one command; the cursor tells where to go on

static struct neigh_info describe(const struct neigh_entry *entry)
{
	struct neigh_info info = {.mac = neigh_mac(entry), .port = neigh_port(entry)};

	info.family = neigh_address(entry->key, info.address);
	return info;
}

// As many from place "*cursor" on as there is room for; it becomes 0 at the end.
static uint16_t fill(const struct neigh *neigh, uint16_t port, uint32_t *cursor,
		     struct neigh_info *entries)
{
	uint32_t place = *cursor;
	uint16_t n = 0;

	for (; place <= neigh->mask && n < REPLY_NEIGH_ENTRIES; place++) {
		const struct neigh_entry *entry = &neigh->entries[place];

		if (entry->used && (port == FDB_ANY || port == neigh_port(entry)))
			entries[n++] = describe(entry);
	}
	*cursor = place <= neigh->mask ? place : 0;
	return n;
}

void apply_neigh_dump(struct manager *manager, const struct message *command)
{
	const struct fdb_dump *dump = &command->fdb_dump;
	uint32_t cursor = dump->cursor;
	struct message reply;

	if (dump->lan >= MAX_LANS || !manager->policy || !manager->policy->lans[dump->lan].neigh) {
		refuse_lan(manager, command, dump->lan);
		return;
	}
	for (int i = 0; i < DUMP_REPLIES; i++) {
		message_init(&reply, REPLY_NEIGH, command->header.sequence);
		reply.header.flags = MESSAGE_MORE;
		reply.neigh.lan = dump->lan;
		reply.neigh.n = fill(manager->policy->lans[dump->lan].neigh, dump->port, &cursor,
				     reply.neigh.entries);
		if (reply.neigh.n)
			manager_reply(manager, &reply);
		if (cursor == 0)
			break;
	}
	message_init(&reply, REPLY_DONE, command->header.sequence);
	reply.done.cursor = cursor;
	manager_reply(manager, &reply);
}
