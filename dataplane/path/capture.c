// SPDX-License-Identifier: BSD-3-Clause
#include "dataplane/path/capture.h"

#include <string.h>

#include <rte_mbuf.h>

#include "dataplane/path/capture_filter.h"
#include "dataplane/path/egress.h"
#include "dataplane/path/pipeline.h"
#include "dataplane/path/tell.h"
#include "dataplane/worker.h"

#define foreach_capture(c, captures)                                                       \
	for (const struct capture *c = (captures)->of; c < &(captures)->of[CAPTURES]; c++) \
		if (c->number)

// ---- Time

static bool has_time(const struct worker *w, uint64_t now)
{
	return now >= w->capturing->due;
}

// Account for the time since "start". What was not used for longer than five milliseconds is lost.
static void spend(struct worker *w, uint64_t start)
{
	uint64_t now = worker_cycles(), slack = w->hz / 200, *due = &w->capturing->due;

	if (*due + slack < now)
		*due = now - slack;
	*due += (now - start) * CAPTURE_SHARE;
}

// ---- Which frames

static bool is_of(const struct capture *c, uint16_t port)
{
	return c->wish.port == FDB_ANY || c->wish.port == port;
}

static bool takes(const struct capture *c, const struct rte_mbuf *frame)
{
	return !c->wish.n_insns ||
	       capture_filter_takes(c->insns, rte_pktmbuf_mtod(frame, const uint8_t *),
				    frame->data_len, frame->pkt_len);
}

static bool takes_reason(const struct capture *c, enum drop_reason reason)
{
	return !(c->wish.flags & CAPTURE_DEAD) || c->wish.reason == DROP_NONE ||
	       c->wish.reason == reason;
}

static struct reply_capture *counts_of(const struct worker *w, const struct capture *c)
{
	return &w->capturing->counts[c - w->captures->of];
}

// ---- Telling

static void push(struct worker *w, const struct capture *c, struct capture_header *header,
		 const uint8_t *octets, uint32_t n_octets)
{
	struct reply_capture *counts = counts_of(w, c);

	header->capture = c->number;
	header->n_octets = (uint16_t)RTE_MIN(n_octets, (uint32_t)c->wish.snap);
	if (capture_push(w->capturing->ring, header, octets))
		counts->taken++;
	else
		counts->missed++;
}

// Tell of a frame that is still there. It may be in several pieces.
static void push_frame(struct worker *w, const struct capture *c, struct capture_header *header,
		       const struct rte_mbuf *frame)
{
	uint8_t whole[CAPTURE_OCTETS];
	uint32_t n = RTE_MIN(frame->pkt_len, (uint32_t)CAPTURE_OCTETS);

	header->length = (uint16_t)RTE_MIN(frame->pkt_len, (uint32_t)UINT16_MAX);
	push(w, c, header, rte_pktmbuf_read(frame, 0, n, whole), n);
}

// ---- The living, and the dead among them

static void count_unseen(struct worker *w, const struct batch *b)
{
	foreach_capture(c, w->captures)
	{
		if (!(c->wish.flags & CAPTURE_DEAD) && is_of(c, b->port))
			counts_of(w, c)->unseen += b->n;
	}
}

static void keep(struct capture_work *work, const struct rte_mbuf *frame, unsigned int i)
{
	uint32_t n = RTE_MIN(frame->pkt_len, (uint32_t)CAPTURE_OCTETS);
	const void *octets = rte_pktmbuf_read(frame, 0, n, work->kept[i]);

	if (octets != work->kept[i])
		memcpy(work->kept[i], octets, n);
	work->n_kept[i] = (uint16_t)n;
}

static uint64_t find_wanted(const struct batch *b, const struct capture *c)
{
	uint64_t wanted = 0;

	if (c->wish.flags & CAPTURE_DEAD || !is_of(c, b->port))
		return 0;
	for (unsigned int i = 0; i < b->n; i++)
		wanted |= (uint64_t)takes(c, b->frames[i]) << i;
	return wanted;
}

// Before the stages. Where there is no room to tell of any, none is kept. Returns those that are.
static uint64_t keep_wanted(struct worker *w, const struct batch *b)
{
	struct capture_work *work = w->capturing;
	bool has_room = ring_may_push(work->ring);
	uint64_t all = 0;

	foreach_capture(c, w->captures)
	{
		uint64_t wanted = find_wanted(b, c), *kept = &work->wanted[c - w->captures->of];

		*kept = has_room ? wanted : 0;
		all |= *kept;
		if (!has_room)
			counts_of(w, c)->missed += (unsigned int)__builtin_popcountll(wanted);
	}
	batch_foreach (i, all)
		keep(work, b->frames[i], i);
	return all;
}

static void describe_dead(const struct batch *b, unsigned int i, struct capture_header *header)
{
	header->verdict = CAPTURE_DROPPED;
	header->reason = b->reason[i];
	header->out = FDB_ANY;
	if (drop_infos[b->reason[i]].side == DROP_SIDE_OUT)
		header->out = b->blame[i];
}

static void describe(const struct worker *w, const struct batch *b, unsigned int i,
		     struct capture_header *header)
{
	uint64_t bit = UINT64_C(1) << i;

	header->lan = tell_lan(b, i);
	header->length = b->length[i];
	if (b->dead & bit) {
		describe_dead(b, i, header);
	} else if (b->known & bit) {
		header->verdict = CAPTURE_FORWARDED;
		header->out = b->out[i];
	} else if (b->answered & bit) {
		header->verdict = CAPTURE_ANSWERED;
	} else if (b->consumed & bit) {
		header->verdict = CAPTURE_CONSUMED;
	} else {
		header->verdict = CAPTURE_FLOODED;
		header->copies = flood_count(w, b, i);
	}
}

// After the stages: only what was kept is still there, and the facts of the batch.
static void tell_kept(struct worker *w, const struct batch *b, uint64_t kept)
{
	struct capture_work *work = w->capturing;
	uint64_t time_ns = worker_wall_ns();

	batch_foreach (i, kept) {
		struct capture_header header = {.time_ns = time_ns,
						.port = b->port,
						.out = FDB_ANY};

		describe(w, b, (unsigned int)i, &header);
		foreach_capture(c, w->captures)
		{
			if (work->wanted[c - w->captures->of] >> i & 1)
				push(w, c, &header, work->kept[i], work->n_kept[i]);
		}
	}
}

void capture_run(struct worker *w, struct batch *b)
{
	uint64_t start, kept;

	if (!(w->captures->whole[b->port / 64] >> b->port % 64 & 1)) {
		pipeline_run(w, b);
		return;
	}
	start = worker_cycles();
	if (!has_time(w, start)) {
		count_unseen(w, b);
		pipeline_run(w, b);
		return;
	}
	kept = keep_wanted(w, b);
	spend(w, start);
	pipeline_run(w, b);
	start = worker_cycles();
	if (kept)
		tell_kept(w, b, kept);
	spend(w, start);
}

// ---- The dead alone

// Whether a capture has a frame that died from here and from nowhere else.
static bool has_dead(const struct capture *c, const struct batch *b, unsigned int i)
{
	bool on_its_way_out =
		drop_infos[b->reason[i]].side == DROP_SIDE_OUT && is_of(c, b->blame[i]);

	if (c->wish.flags & CAPTURE_DEAD)
		return takes_reason(c, b->reason[i]) && (on_its_way_out || is_of(c, b->port));
	return on_its_way_out && !is_of(c, b->port);
}

static void tell_dead(struct worker *w, const struct batch *b, const struct capture *c,
		      uint64_t time_ns)
{
	batch_foreach (i, b->dead) {
		struct capture_header header = {.time_ns = time_ns, .port = b->port};

		if (!has_dead(c, b, (unsigned int)i) || !takes(c, b->frames[i]))
			continue;
		describe_dead(b, (unsigned int)i, &header);
		header.lan = tell_lan(b, (unsigned int)i);
		push_frame(w, c, &header, b->frames[i]);
	}
}

static void count_unseen_dead(struct worker *w, const struct batch *b)
{
	foreach_capture(c, w->captures)
	{
		batch_foreach (i, b->dead)
			counts_of(w, c)->unseen += has_dead(c, b, (unsigned int)i);
	}
}

void capture_dead(struct worker *w, const struct batch *b)
{
	uint64_t start = worker_cycles();

	if (!has_time(w, start)) {
		count_unseen_dead(w, b);
		return;
	}
	uint64_t time_ns = worker_wall_ns();
	foreach_capture(c, w->captures) tell_dead(w, b, c, time_ns);
	spend(w, start);
}

// ---- Those that were to leave

static bool has_lost(const struct capture *c, uint16_t came_by, uint16_t out,
		     enum drop_reason reason)
{
	return (is_of(c, came_by) || is_of(c, out)) && takes_reason(c, reason);
}

void capture_lost(struct worker *w, const struct rte_mbuf *frame, uint16_t came_by, uint16_t lan,
		  uint16_t out, enum drop_reason reason)
{
	uint64_t start = worker_cycles();
	bool in_time = has_time(w, start);
	struct capture_header header = {.port = came_by,
					.lan = lan,
					.out = out,
					.reason = (uint16_t)reason,
					.verdict = CAPTURE_LOST};

	foreach_capture(c, w->captures)
	{
		if (!has_lost(c, came_by, out, reason))
			continue;
		if (!in_time) {
			counts_of(w, c)->unseen++;
		} else if (takes(c, frame)) {
			header.time_ns = worker_wall_ns();
			push_frame(w, c, &header, frame);
		}
	}
	if (in_time)
		spend(w, start);
}
