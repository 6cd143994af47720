// SPDX-License-Identifier: BSD-3-Clause
#include "lib/message.h"

#include <errno.h>
#include <string.h>

struct message_shape {
	const char *name;
	size_t length;
};

#define SHAPE(type, body) [type] = {#type, sizeof(struct body)}
#define EMPTY(type)	  [type] = {#type, 0}

static const struct message_shape message_shapes[MESSAGE_TYPES] = {
	SHAPE(COMMAND_POLICY_BEGIN, policy_begin),
	SHAPE(COMMAND_POLICY_LAN, policy_lan_conf),
	SHAPE(COMMAND_POLICY_PORT, policy_port_conf),
	SHAPE(COMMAND_POLICY_LAG, policy_lag_conf),
	SHAPE(COMMAND_POLICY_LINK, policy_link_conf),
	SHAPE(COMMAND_POLICY_MEMBER, policy_member_conf),
	SHAPE(COMMAND_POLICY_LIMITS, policy_limits_conf),
	SHAPE(COMMAND_POLICY_RULES, policy_rules_conf),
	SHAPE(COMMAND_POLICY_PREFIX, policy_prefix_conf),
	SHAPE(COMMAND_POLICY_MAC, policy_mac_conf),
	SHAPE(COMMAND_POLICY_ADDRESS, policy_address_conf),
	EMPTY(COMMAND_POLICY_COMMIT),
	EMPTY(COMMAND_POLICY_ABORT),
	SHAPE(COMMAND_FDB_DUMP, fdb_dump),
	SHAPE(COMMAND_FDB_FLUSH, fdb_flush),
	SHAPE(COMMAND_NEIGH_DUMP, fdb_dump),
	SHAPE(COMMAND_HOST_SET, host_set),
	SHAPE(COMMAND_HOST_DUMP, fdb_dump),
	SHAPE(COMMAND_EXPLAIN, explain),
	SHAPE(COMMAND_PORT_ENABLE, port_enable),
	SHAPE(COMMAND_INJECT, inject),
	SHAPE(COMMAND_CAPTURE_FILTER, capture_filter),
	SHAPE(COMMAND_CAPTURE_BEGIN, capture_begin),
	SHAPE(COMMAND_CAPTURE_END, capture_end),
	SHAPE(REPLY_DONE, reply_done),
	SHAPE(REPLY_ERROR, reply_error),
	SHAPE(REPLY_FDB, reply_fdb),
	SHAPE(REPLY_NEIGH, reply_neigh),
	SHAPE(REPLY_TOLD, reply_neigh),
	SHAPE(REPLY_HOST, reply_host),
	SHAPE(REPLY_STAGE, reply_stage),
	SHAPE(REPLY_EGRESS, reply_egress),
	SHAPE(REPLY_CAPTURE, reply_capture),
	SHAPE(EVENT_MAC_LEARNED, event_mac),
	SHAPE(EVENT_MAC_MOVED, event_mac),
	SHAPE(EVENT_VIOLATION, event_frame),
	SHAPE(EVENT_WATCHED, event_frame),
	SHAPE(EVENT_QUESTION, event_address),
	SHAPE(EVENT_LIFE, event_address),
	SHAPE(EVENT_CLAIM, event_address),
	SHAPE(EVENT_SUNK, event_sunk),
	SHAPE(EVENT_SAMPLE, event_sample),
	SHAPE(EVENT_MAC_STICKY, event_mac),
	SHAPE(EVENT_MAC_DUPLICATE, event_mac),
	SHAPE(EVENT_MAC_RELEASED, event_mac),
	SHAPE(EVENT_PORT_DISABLED, event_port),
	SHAPE(EVENT_PORT_ENABLED, event_port),
	SHAPE(EVENT_CAPTURE_ENDED, capture_end),
	SHAPE(NOTICE_VIOLATION, event_mac),
	SHAPE(NOTICE_STICKY, event_mac),
	SHAPE(NOTICE_MOVED, event_mac),
	SHAPE(NOTICE_PROBE, notice_probe),
	SHAPE(NOTICE_LACP, notice_lacp),
};

void message_init(struct message *message, enum message_type type, uint32_t sequence)
{
	memset(message, 0, sizeof(*message));
	message->header.version = MESSAGE_VERSION;
	message->header.type = (uint16_t)type;
	message->header.length = (uint16_t)message_shapes[type].length;
	message->header.sequence = sequence;
}

static bool ends(const char *text, size_t size)
{
	return memchr(text, 0, size) != NULL;
}

static bool strings_end(const struct message *m)
{
	switch (m->header.type) {
	case COMMAND_POLICY_LAN:
		return ends(m->lan.name, sizeof(m->lan.name));
	case COMMAND_POLICY_PORT:
		return ends(m->port.name, sizeof(m->port.name)) &&
		       ends(m->port.device, sizeof(m->port.device));
	case REPLY_ERROR:
		return ends(m->error.text, sizeof(m->error.text));
	case REPLY_STAGE:
		return ends(m->stage.stage, sizeof(m->stage.stage)) &&
		       ends(m->stage.text, sizeof(m->stage.text));
	default:
		return true;
	}
}

int message_check(const struct message *message)
{
	const struct message_header *h = &message->header;

	if (h->version != MESSAGE_VERSION)
		return -EPROTONOSUPPORT;
	if (h->type == MESSAGE_NONE || h->type >= MESSAGE_TYPES)
		return -EBADMSG;
	if (h->length != message_shapes[h->type].length)
		return -EBADMSG;
	return strings_end(message) ? 0 : -EINVAL;
}

const char *message_type_name(uint16_t type)
{
	return type < MESSAGE_TYPES && message_shapes[type].name ? message_shapes[type].name
								 : "unknown";
}

const char *port_disable_name(uint16_t why)
{
	static const char *const names[DISABLES] = {
		[DISABLE_NONE] = "none", [DISABLE_SECURITY] = "security", [DISABLE_STORM] = "storm",
		[DISABLE_LOOP] = "loop", [DISABLE_FLAP] = "flap",
	};

	return names[why < DISABLES ? why : DISABLE_NONE];
}
