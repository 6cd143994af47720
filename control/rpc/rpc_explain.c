// SPDX-License-Identifier: BSD-3-Clause
// explain: what the pipeline would do with a frame.
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "control/alloc.h"
#include "control/config/config.h"
#include "control/control.h"
#include "control/fabric/fabric.h"
#include "control/rpc/rpc.h"
#include "lib/message.h"

enum { LENGTH_MIN = 14, LENGTH_MAX = 65535 };

struct explaining {
	struct rpc_call *call;
	json_t *stages;
	json_t *egress;
	uint16_t reason; // why the whole frame died
};

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)tolower((unsigned char)c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

// Decode all of "text"; only the first EXPLAIN_OCTETS are kept. Returns how many octets it has, or
// -1 if it is no hex.
static long decode_hex(const char *text, uint8_t *octets)
{
	long n = 0;

	for (; *text; text += 2, n++) {
		int high = hex_digit(text[0]);
		int low = high < 0 ? -1 : hex_digit(text[1]);

		if (low < 0)
			return -1;
		if (n < EXPLAIN_OCTETS)
			octets[n] = (uint8_t)(high << 4 | low);
	}
	return n;
}

static void add_stage(struct explaining *e, const struct reply_stage *stage)
{
	if (stage->reason)
		e->reason = stage->reason;
	json_array_append_new(e->stages,
			      json_pack("{s:o, s:o, s:o}", "stage", rpc_string(stage->stage),
					"verdict", rpc_string(stage->text), "reason",
					rpc_reason(stage->reason)));
}

static void add_egress(struct explaining *e, const struct reply_egress *egress)
{
	const struct config_port *port = running_port_at(&e->call->control->running, egress->port);

	json_array_append_new(e->egress,
			      json_pack("{s:o, s:o, s:i, s:o}", "port",
					rpc_string(port ? port->name : NULL), "vid",
					rpc_known(egress->vid), "length", (int)egress->length,
					"reason", rpc_reason(egress->reason)));
}

static void finish(struct explaining *e, const struct message *reply)
{
	if (!reply) {
		rpc_error(e->call, RPC_NOT_ATTACHED, NULL, "the dataplane went away");
	} else if (reply->header.type == REPLY_ERROR) {
		rpc_error(e->call, RPC_REFUSED, NULL, "%s", reply->error.text);
	} else {
		rpc_result(e->call, json_pack("{s:O, s:O, s:o}", "stages", e->stages, "egress",
					      e->egress, "reason", rpc_reason(e->reason)));
	}
	json_decref(e->stages);
	json_decref(e->egress);
	free(e);
}

static void on_reply(void *argument, const struct message *reply, int err)
{
	struct explaining *e = argument;

	if (err || fabric_is_last(reply))
		finish(e, reply);
	else if (reply->header.type == REPLY_STAGE)
		add_stage(e, &reply->stage);
	else if (reply->header.type == REPLY_EGRESS)
		add_egress(e, &reply->egress);
}

void rpc_explain(struct rpc_call *call)
{
	struct message command;
	const char *port;
	const char *frame;
	int length = 0;

	message_init(&command, COMMAND_EXPLAIN, 0);
	if (!rpc_params(call, "{s:s, s:s, s?i}", "port", &port, "frame", &frame, "length",
			&length) ||
	    !rpc_needs_dataplane(call) || !rpc_needs_slot(call, port, &command.explain.port))
		return;
	long given = decode_hex(frame, command.explain.octets);
	if (!length)
		length = (int)given;
	if (given < 0 || length < given || length < LENGTH_MIN || length > LENGTH_MAX) {
		rpc_error(call, RPC_BAD_PARAMS, NULL,
			  "frame is in hex digits, two for each octet; length is %d to %d, and at "
			  "least that of the frame",
			  LENGTH_MIN, LENGTH_MAX);
		return;
	}
	command.explain.length = (uint16_t)length;
	command.explain.n_given = (uint16_t)(given < EXPLAIN_OCTETS ? given : EXPLAIN_OCTETS);

	struct explaining *e = alloc_zero(sizeof(*e));
	*e = (struct explaining){.call = call, .stages = json_array(), .egress = json_array()};
	if (fabric_send(call->control->fabric, &command, on_reply, e))
		finish(e, NULL);
}
