// SPDX-License-Identifier: BSD-3-Clause
#include "dataplane/manage/inject.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "dataplane/manage/manager.h"

int inject_init(struct manager *manager)
{
	size_t size = ring_memory_size(INJECTS);
	struct ring_memory *memory = aligned_alloc(alignof(struct ring_memory), size);

	if (!memory)
		return -ENOMEM;
	memset(memory, 0, size);
	ring_init(&manager->injects, memory, INJECTS);
	ring_init(&manager->workers[0]->injects, memory, INJECTS);
	return 0;
}

void inject_fini(struct manager *manager)
{
	free(manager->injects.memory);
	manager->injects = (struct ring){0};
	manager->workers[0]->injects = (struct ring){0};
}

int inject_frame(struct manager *manager, uint16_t port, uint16_t lan, const uint8_t *octets,
		 uint16_t length)
{
	struct message message;

	if (length < FRAME_OVERHEAD || length > INJECT_OCTETS ||
	    (lan >= MAX_LANS && lan != FDB_ANY))
		return -EINVAL;
	if (port >= MAX_PORTS || !manager->policy || !manager->policy->ports[port].used)
		return -ENODEV;
	message_init(&message, COMMAND_INJECT, 0);
	message.inject.port = port;
	message.inject.lan = lan;
	message.inject.length = length;
	memcpy(message.inject.octets, octets, length);
	return ring_push(&manager->injects, &message) ? 0 : -EAGAIN;
}

void inject_run(struct manager *manager, const struct message *command)
{
	const struct inject *in = &command->inject;

	// A port may have gone while the command was on its way; all else is control's mistake.
	if (inject_frame(manager, in->port, in->lan, in->octets, in->length) == -EINVAL)
		atomic_fetch_add(&manager->fabric->stats.header->bad_commands, 1);
}
