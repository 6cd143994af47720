// SPDX-License-Identifier: BSD-3-Clause
#include "control/fabric/dump.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "control/alloc.h"
#include "control/control.h"
#include "control/fabric/fabric.h"
#include "control/rpc/code.h"

struct dump {
	struct control *control;
	struct dump_wish wish;
	const struct dump_listener *listener;
	void *argument;
	const struct config *config; // that was in force at the start
};

static void finish(struct dump *dump, int code, const char *text)
{
	dump->listener->done(dump->argument, code, text);
	free(dump);
}

static int ask(struct dump *dump, uint32_t cursor);

static void take_entries(struct dump *dump, const struct reply_fdb *fdb)
{
	for (uint16_t i = 0; i < fdb->n && i < REPLY_FDB_ENTRIES; i++)
		dump->listener->entry(dump->argument, fdb->lan, &fdb->entries[i]);
}

static void take_neighbours(struct dump *dump, const struct reply_neigh *neigh)
{
	for (uint16_t i = 0; i < neigh->n && i < REPLY_NEIGH_ENTRIES; i++)
		dump->listener->neighbour(dump->argument, neigh->lan, &neigh->entries[i]);
}

static void take_hosts(struct dump *dump, const struct reply_host *hosts)
{
	for (uint16_t i = 0; i < hosts->n && i < REPLY_HOST_ENTRIES; i++)
		dump->listener->host(dump->argument, hosts->lan, &hosts->entries[i]);
}

// A page is complete: go on with the next one, of this LAN or of the next.
static void next_page(struct dump *dump, uint32_t cursor)
{
	if (cursor == 0) {
		dump->wish.first_lan++;
		dump->wish.n_lans--;
	}
	if (dump->wish.n_lans == 0)
		finish(dump, 0, NULL);
	else if (ask(dump, cursor))
		finish(dump, RPC_NOT_ATTACHED, "the dataplane went away");
}

static void on_reply(void *argument, const struct message *reply, int err)
{
	struct dump *dump = argument;
	bool changed = dump->control->running.config != dump->config;

	if (err)
		finish(dump, RPC_NOT_ATTACHED, "the dataplane went away");
	else if (reply->header.type == REPLY_ERROR)
		finish(dump, RPC_REFUSED, reply->error.text);
	else if (reply->header.type == REPLY_FDB && dump->listener->entry && !changed)
		take_entries(dump, &reply->fdb);
	else if (reply->header.type == REPLY_NEIGH && dump->listener->neighbour && !changed)
		take_neighbours(dump, &reply->neigh);
	else if (reply->header.type == REPLY_HOST && dump->listener->host && !changed)
		take_hosts(dump, &reply->hosts);
	else if (fabric_is_last(reply) && changed)
		finish(dump, RPC_REFUSED,
		       "another configuration came into force meanwhile: ask again");
	else if (fabric_is_last(reply))
		next_page(dump, reply->done.cursor);
}

static enum message_type type_of(const struct dump_listener *listener)
{
	if (listener->host)
		return COMMAND_HOST_DUMP;
	return listener->neighbour ? COMMAND_NEIGH_DUMP : COMMAND_FDB_DUMP;
}

static int ask(struct dump *dump, uint32_t cursor)
{
	struct message command;

	message_init(&command, type_of(dump->listener), 0);
	command.fdb_dump.lan = dump->wish.first_lan;
	command.fdb_dump.port = dump->wish.port;
	command.fdb_dump.cursor = cursor;
	return fabric_send(dump->control->fabric, &command, on_reply, dump);
}

int dump_start(struct control *control, const struct dump_wish *wish,
	       const struct dump_listener *listener, void *argument)
{
	struct dump *dump = alloc_zero(sizeof(*dump));

	*dump = (struct dump){.control = control,
			      .wish = *wish,
			      .listener = listener,
			      .argument = argument,
			      .config = control->running.config};
	int err = ask(dump, 0);
	if (err)
		free(dump);
	return err;
}
