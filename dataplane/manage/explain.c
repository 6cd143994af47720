// SPDX-License-Identifier: BSD-3-Clause
#include "dataplane/manage/explain.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rte_mbuf.h>

#include "dataplane/manage/manager.h"
#include "dataplane/manage/refuse.h"
#include "dataplane/path/pipeline.h"
#include "dataplane/path/trace.h"

int explain_init(struct manager *manager)
{
	struct worker *dry = aligned_alloc(64, (sizeof(*dry) + 63) / 64 * 64);

	if (!dry)
		return -ENOMEM;
	memset(dry, 0, sizeof(*dry));
	manager->dry = dry;
	tx_init(dry);
	dry->dry = true;
	dry->fabric = manager->fabric;
	dry->counters = calloc(MAX_PORTS, sizeof(*dry->counters));
	dry->stats = calloc(1, sizeof(*dry->stats));
	dry->trace = calloc(1, sizeof(*dry->trace));
	return dry->counters && dry->stats && dry->trace ? 0 : -ENOMEM;
}

void explain_fini(struct manager *manager)
{
	struct worker *dry = manager->dry;

	if (!dry)
		return;
	free(dry->counters);
	free(dry->stats);
	free(dry->trace);
	free(dry);
	manager->dry = NULL;
}

static struct rte_mbuf *make_frame(const struct manager *manager, const struct explain *explain)
{
	struct rte_mbuf *frame = rte_pktmbuf_alloc(manager->fabric->pool);
	char *octets;

	if (!frame)
		return NULL;
	// No stage looks behind the headers, so a frame longer than a buffer is told, not made.
	uint16_t made = RTE_MIN(explain->length, rte_pktmbuf_tailroom(frame));
	octets = rte_pktmbuf_append(frame, made);
	memset(octets, 0, made);
	memcpy(octets, explain->octets, RTE_MIN(explain->n_given, made));
	frame->pkt_len = explain->length;
	return frame;
}

static void reply_stages(struct manager *manager, uint32_t sequence, const struct trace *trace)
{
	struct message reply;

	for (uint32_t i = 0; i < trace->n_steps; i++) {
		const struct trace_step *step = &trace->steps[i];

		message_init(&reply, REPLY_STAGE, sequence);
		reply.header.flags = MESSAGE_MORE;
		reply.stage.reason = (uint16_t)step->reason;
		snprintf(reply.stage.stage, sizeof(reply.stage.stage), "%s", step->stage);
		snprintf(reply.stage.text, sizeof(reply.stage.text), "%s", step->text);
		manager_reply(manager, &reply);
	}
}

static void reply_egress(struct manager *manager, uint32_t sequence, const struct trace *trace)
{
	struct message reply;

	for (uint32_t i = 0; i < trace->n_outs; i++) {
		const struct trace_out *out = &trace->outs[i];

		message_init(&reply, REPLY_EGRESS, sequence);
		reply.header.flags = MESSAGE_MORE;
		reply.egress = (struct reply_egress){.port = out->port,
						     .vid = out->vid,
						     .length = out->length,
						     .reason = (uint16_t)out->reason};
		manager_reply(manager, &reply);
	}
	message_init(&reply, REPLY_DONE, sequence);
	manager_reply(manager, &reply);
}

void explain_run(struct manager *manager, const struct message *command)
{
	const struct explain *explain = &command->explain;
	struct worker *dry = manager->dry;

	if (explain->port >= MAX_PORTS || !manager->policy ||
	    !manager->policy->ports[explain->port].used) {
		refuse(manager, command, ENOENT, explain->port, FDB_ANY, "there is no such port");
		return;
	}
	if (explain->n_given > EXPLAIN_OCTETS || explain->length < explain->n_given) {
		refuse(manager, command, EINVAL, explain->port, FDB_ANY,
		       "a frame is at least as long as the octets given, and those are at "
		       "most 192");
		return;
	}
	dry->batch.frames[0] = make_frame(manager, explain);
	if (!dry->batch.frames[0]) {
		refuse(manager, command, ENOMEM, explain->port, FDB_ANY, "no frame buffer is free");
		return;
	}
	dry->policy = manager->policy;
	dry->batch.n = 1;
	dry->batch.port = manager->policy->ports[explain->port].owner;
	dry->batch.link = explain->port;
	dry->trace->n_steps = 0;
	dry->trace->n_outs = 0;
	pipeline_run(dry, &dry->batch);
	tx_flush(dry, 1);
	reply_stages(manager, command->header.sequence, dry->trace);
	reply_egress(manager, command->header.sequence, dry->trace);
}
