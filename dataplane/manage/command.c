// SPDX-License-Identifier: BSD-3-Clause
#include "dataplane/manage/command.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "dataplane/manage/apply_capture.h"
#include "dataplane/manage/apply_fdb.h"
#include "dataplane/manage/apply_hosts.h"
#include "dataplane/manage/apply_neigh.h"
#include "dataplane/manage/apply_policy.h"
#include "dataplane/manage/disable.h"
#include "dataplane/manage/explain.h"
#include "dataplane/manage/inject.h"
#include "dataplane/manage/manager.h"
#include "dataplane/manage/refuse.h"
#include "dataplane/manage/session.h"
#include "lib/log.h"

// The longest answer is explain's: one message for each port, and the stages.
enum { ANSWER_MAX = MAX_PORTS + 64 };
_Static_assert((int)ANSWER_MAX <= (int)CHANNEL_REPLIES, "an answer fits an empty reply ring");

static void run_begin(struct manager *manager, const struct message *command)
{
	draft_begin(&manager->draft, &command->policy_begin);
}

static void run_add(struct manager *manager, const struct message *command)
{
	if (manager->draft.open)
		draft_add(&manager->draft, command);
}

static void run_abort(struct manager *manager, const struct message *command)
{
	(void)command;
	draft_abort(&manager->draft);
}

typedef void command_handler(struct manager *manager, const struct message *command);

static command_handler *const handlers[MESSAGE_TYPES] = {
	[COMMAND_POLICY_BEGIN] = run_begin,
	[COMMAND_POLICY_LAN] = run_add,
	[COMMAND_POLICY_PORT] = run_add,
	[COMMAND_POLICY_LAG] = run_add,
	[COMMAND_POLICY_LINK] = run_add,
	[COMMAND_POLICY_MEMBER] = run_add,
	[COMMAND_POLICY_MAC] = run_add,
	[COMMAND_POLICY_ADDRESS] = run_add,
	[COMMAND_POLICY_LIMITS] = run_add,
	[COMMAND_POLICY_RULES] = run_add,
	[COMMAND_POLICY_PREFIX] = run_add,
	[COMMAND_POLICY_COMMIT] = apply_policy_commit,
	[COMMAND_POLICY_ABORT] = run_abort,
	[COMMAND_FDB_DUMP] = apply_fdb_dump,
	[COMMAND_FDB_FLUSH] = apply_fdb_flush,
	[COMMAND_EXPLAIN] = explain_run,
	[COMMAND_INJECT] = inject_run,
	[COMMAND_PORT_ENABLE] = disable_run_enable,
	[COMMAND_NEIGH_DUMP] = apply_neigh_dump,
	[COMMAND_HOST_SET] = apply_hosts_set,
	[COMMAND_HOST_DUMP] = apply_hosts_dump,
	[COMMAND_CAPTURE_FILTER] = apply_capture_filter,
	[COMMAND_CAPTURE_BEGIN] = apply_capture_begin,
	[COMMAND_CAPTURE_END] = apply_capture_end,
};

static void refuse_unknown(struct manager *manager, const struct message *command, int err)
{
	char text[sizeof((struct reply_error){0}.text)];

	atomic_fetch_add(&manager->fabric->stats.header->bad_commands, 1);
	snprintf(text, sizeof(text),
		 "the dataplane does not understand message type %u of %u octets: %s",
		 command->header.type, command->header.length, strerror(-err));
	refuse(manager, command, -err, FDB_ANY, FDB_ANY, "%s", text);
	// A policy that lacks a piece must not come into force.
	if (manager->draft.open)
		draft_complain(&manager->draft, -err, FDB_ANY, FDB_ANY, "%s", text);
}

static void run_one(struct manager *manager, const struct message *command)
{
	int err = message_check(command);

	if (!err && !handlers[command->header.type])
		err = -EBADMSG; // a reply or an event: not ours to receive
	if (err)
		refuse_unknown(manager, command, err);
	else
		handlers[command->header.type](manager, command);
}

static void wake(int fd)
{
	uint64_t one = 1;

	if (write(fd, &one, sizeof(one)) < 0 && errno != EAGAIN)
		log_warn("cannot signal an event descriptor: %s", strerror(errno));
}

void command_run(struct manager *manager)
{
	struct session *s = &manager->session;
	struct message command;
	uint32_t waiting = ring_waiting(&s->channel.commands);
	uint32_t done = 0;

	if (waiting > CHANNEL_COMMANDS) {
		log_warn("control (pid %u) has spoilt its command ring: ending its session",
			 s->control_pid);
		session_detach(manager);
		return;
	}
	while (done < waiting && ring_room(&s->channel.replies) >= ANSWER_MAX &&
	       ring_pop(&s->channel.commands, &command)) {
		run_one(manager, &command);
		done++;
	}
	if (done)
		wake(s->reply_fd); // there are replies, or room for more commands
	if (done && ring_waiting(&s->channel.commands))
		wake(s->command_fd); // go on after the others have had their turn
}
