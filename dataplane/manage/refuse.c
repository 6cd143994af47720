// SPDX-License-Identifier: BSD-3-Clause
#include "dataplane/manage/refuse.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

#include "dataplane/manage/manager.h"

void refuse(struct manager *manager, const struct message *command, int error, uint16_t port,
	    uint16_t lan, const char *format, ...)
{
	struct message reply;
	va_list args;

	message_init(&reply, REPLY_ERROR, command->header.sequence);
	reply.error = (struct reply_error){.error = error, .port = port, .lan = lan};
	va_start(args, format);
	vsnprintf(reply.error.text, sizeof(reply.error.text), format, args);
	va_end(args);
	manager_reply(manager, &reply);
}

void refuse_lan(struct manager *manager, const struct message *command, uint16_t lan)
{
	refuse(manager, command, ENOENT, FDB_ANY, lan, "there is no LAN number %u", lan);
}
