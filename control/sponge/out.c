// SPDX-License-Identifier: BSD-3-Clause
#include "control/sponge/out.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "control/alloc.h"
#include "control/control.h"
#include "control/fabric/fabric.h"
#include "control/loop.h"
#include "lib/message.h"
#include "lib/stats.h"

struct out {
	struct control *control;
	struct event *timer;
	size_t first;
	size_t n;
	size_t at; // of the first one's ports
	struct out_frame frames[OUT_WAITING];
};

static bool is_up(const struct stats *stats, uint16_t port)
{
	struct port_info info;

	return stats_port_info(stats, port, &info) && info.admin_up && info.link == LINK_UP &&
	       info.disabled == DISABLE_NONE;
}

// Returns whether it went.
static bool let_out(struct out *out, const struct out_frame *frame, uint16_t port)
{
	const struct stats *stats = fabric_stats(out->control->fabric);
	struct message command;

	if (!stats || port >= MAX_PORTS || !is_up(stats, port))
		return false;
	message_init(&command, COMMAND_INJECT, 0);
	command.inject.port = port;
	command.inject.lan = frame->lan;
	command.inject.length = frame->length;
	memcpy(command.inject.octets, frame->octets, frame->length);
	if (fabric_post(out->control->fabric, &command))
		return false;
	*frame->count += 1;
	return true;
}

// The next port of the first frame, which is done with after its last.
static bool let_one_out(struct out *out)
{
	const struct out_frame *frame = &out->frames[out->first];
	size_t n = frame->ports ? frame->n_ports : 1;
	bool went = false;

	if (out->at < n) {
		uint16_t port = frame->ports ? frame->ports[out->at] : frame->port;

		went = (!frame->ports || port != frame->except) && let_out(out, frame, port);
		out->at++;
	}
	if (out->at >= n) {
		out->first = (out->first + 1) % OUT_WAITING;
		out->n--;
		out->at = 0;
	}
	return went;
}

static void on_timer(evutil_socket_t fd, short what, void *argument)
{
	struct out *out = argument;
	uint32_t went = 0;

	(void)fd, (void)what;
	while (out->n && went < OUT_AT_ONCE)
		went += let_one_out(out);
	if (went)
		loop_timer_set(out->timer, OUT_EVERY_MS);
}

int out_put(struct out *out, const struct out_frame *frame)
{
	if (out->n == OUT_WAITING)
		return -EAGAIN;
	out->frames[(out->first + out->n++) % OUT_WAITING] = *frame;
	if (!event_pending(out->timer, EV_TIMEOUT, NULL))
		loop_timer_set(out->timer, 0);
	return 0;
}

void out_stop(struct out *out)
{
	out->n = 0;
	out->at = 0;
}

struct out *out_create(struct control *control)
{
	struct out *out = alloc_zero(sizeof(*out));

	out->control = control;
	out->timer = loop_timer(control->base, on_timer, out);
	if (out->timer)
		return out;
	free(out);
	errno = ENOMEM;
	return NULL;
}

void out_destroy(struct out *out)
{
	if (!out)
		return;
	loop_forget(&out->timer);
	free(out);
}
