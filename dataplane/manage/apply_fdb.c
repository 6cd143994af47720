// SPDX-License-Identifier: BSD-3-Clause
#include "dataplane/manage/apply_fdb.h"

#include "dataplane/manage/duplicates.h"
#include "dataplane/manage/manager.h"
#include "dataplane/manage/refuse.h"

enum { DUMP_REPLIES = 64 }; // of one command; the cursor tells where to go on

void apply_fdb_dump(struct manager *manager, const struct message *command)
{
	const struct fdb_dump *dump = &command->fdb_dump;
	uint32_t cursor = dump->cursor;
	struct message reply;

	if (dump->lan >= MAX_LANS || !manager->lans[dump->lan].fdb) {
		refuse_lan(manager, command, dump->lan);
		return;
	}
	for (int i = 0; i < DUMP_REPLIES; i++) {
		message_init(&reply, REPLY_FDB, command->header.sequence);
		reply.header.flags = MESSAGE_MORE;
		reply.fdb.lan = dump->lan;
		reply.fdb.n = (uint16_t)fdb_dump(manager->lans[dump->lan].fdb, dump->port, &cursor,
						 reply.fdb.entries, REPLY_FDB_ENTRIES);
		if (reply.fdb.n)
			manager_reply(manager, &reply);
		if (cursor == 0)
			break;
	}
	message_init(&reply, REPLY_DONE, command->header.sequence);
	reply.done.cursor = cursor;
	manager_reply(manager, &reply);
}

void apply_fdb_flush(struct manager *manager, const struct message *command)
{
	const struct fdb_flush *flush = &command->fdb_flush;
	struct message reply;

	if (flush->lan != FDB_ANY && (flush->lan >= MAX_LANS || !manager->lans[flush->lan].fdb)) {
		refuse_lan(manager, command, flush->lan);
		return;
	}
	message_init(&reply, REPLY_DONE, command->header.sequence);
	for (uint32_t l = 0; l < MAX_LANS; l++) {
		if (manager->lans[l].fdb && (flush->lan == FDB_ANY || flush->lan == l))
			reply.done.value +=
				fdb_flush(manager->lans[l].fdb, flush->port, flush->mac & MAC_MASK);
	}
	reply.done.value +=
		duplicates_clear(manager, flush->lan, flush->port, flush->mac & MAC_MASK);
	manager_reply(manager, &reply);
}
