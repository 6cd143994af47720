// SPDX-License-Identifier: BSD-3-Clause
#include "dataplane/manage/apply_capture.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "dataplane/manage/apply_guard.h"
#include "dataplane/manage/manager.h"
#include "dataplane/manage/refuse.h"
#include "dataplane/path/capture.h"
#include "dataplane/path/capture_filter.h"
#include "lib/clock.h"
#include "lib/log.h"

// A capture that runs, or that has stopped and was not yet ended.
struct run {
	uint64_t until_ns; // CLOCK_MONOTONIC; 0: it has stopped
	uint32_t number;   // 0: no capture
};

struct capturing {
	struct captures *in_force; // NULL: workers capture nothing
	struct run runs[CAPTURES]; // as in captures.of[]
	uint32_t last_number;
	uint32_t n_insns; // of the filter that was sent
	struct capture_insn insns[CAPTURE_INSNS];
};

int apply_capture_init(struct manager *manager)
{
	manager->capturing = calloc(1, sizeof(*manager->capturing));
	return manager->capturing ? 0 : -ENOMEM;
}

void apply_capture_fini(struct manager *manager)
{
	struct capturing *capturing = manager->capturing;

	for (uint32_t w = 0; w < manager->fabric->n_workers; w++) {
		free(manager->workers[w]->capturing);
		manager->workers[w]->capturing = NULL;
	}
	if (capturing)
		free(capturing->in_force);
	free(capturing);
	manager->capturing = NULL;
}

// ---- The snapshot

static void note_ports(struct captures *captures)
{
	memset(captures->whole, 0, sizeof(captures->whole));
	for (int i = 0; i < CAPTURES; i++) {
		const struct capture_begin *wish = &captures->of[i].wish;

		if (!captures->of[i].number || wish->flags & CAPTURE_DEAD)
			continue;
		if (wish->port == FDB_ANY)
			memset(captures->whole, 0xff, sizeof(captures->whole));
		else
			captures->whole[wish->port / 64] |= UINT64_C(1) << wish->port % 64;
	}
}

static bool is_empty(const struct captures *captures)
{
	for (int i = 0; i < CAPTURES; i++) {
		if (captures->of[i].number)
			return false;
	}
	return true;
}

// A copy of what is in force, to be changed.
static struct captures *copy(const struct capturing *capturing)
{
	struct captures *captures = calloc(1, sizeof(*captures));

	if (captures && capturing->in_force)
		*captures = *capturing->in_force;
	return captures;
}

// Put "next", which is taken over and may be NULL, in force. No worker uses the old one, or any
// ring without a capture, when this returns.
static void put_in_force(struct manager *manager, struct captures *next)
{
	struct capturing *capturing = manager->capturing;
	struct captures *old = capturing->in_force;

	if (next && is_empty(next)) {
		free(next);
		next = NULL;
	}
	if (next)
		note_ports(next);
	capturing->in_force = next;
	atomic_store_explicit(&manager->fabric->captures, next, memory_order_release);
	manager_wait_workers(manager);
	free(old);
}

bool apply_capture_has_port(const struct manager *manager, uint16_t port)
{
	const struct captures *captures = manager->capturing->in_force;

	for (int i = 0; captures && i < CAPTURES; i++) {
		const struct capture *c = &captures->of[i];

		if (c->number && (c->wish.port == FDB_ANY || c->wish.port == port))
			return true;
	}
	return false;
}

// ---- Begin

void apply_capture_filter(struct manager *manager, const struct message *command)
{
	const struct capture_filter *part = &command->capture_filter;
	struct capturing *capturing = manager->capturing;

	if (part->first == 0)
		capturing->n_insns = 0;
	if (part->first != capturing->n_insns || part->n > CAPTURE_PART ||
	    part->first + part->n > CAPTURE_INSNS) {
		atomic_fetch_add(&manager->fabric->stats.header->bad_commands, 1);
		capturing->n_insns = 0; // the capture that it is for will be refused
		return;
	}
	memcpy(&capturing->insns[part->first], part->insns, part->n * sizeof(*part->insns));
	capturing->n_insns += part->n;
}

// Why a wish cannot be fulfilled; NULL if it can.
static const char *find_fault(const struct manager *manager, const struct capture_begin *wish)
{
	const struct capturing *capturing = manager->capturing;

	if (wish->port != FDB_ANY && (wish->port >= MAX_PORTS || !manager->policy ||
				      !manager->policy->ports[wish->port].used))
		return "there is no such port";
	if (wish->flags & ~CAPTURE_DEAD || wish->reason >= DROP_COUNT)
		return "there is no such reason";
	if (wish->snap < 1 || wish->snap > CAPTURE_OCTETS)
		return "of each frame 1 to 2048 octets can be kept";
	if (wish->seconds < 1 || wish->seconds > CAPTURE_SECONDS)
		return "a capture lasts 1 second to 24 hours";
	if (wish->n_insns && (wish->n_insns != capturing->n_insns ||
			      capture_filter_check(capturing->insns, capturing->n_insns)))
		return "the filter is no program that can be trusted to end";
	return NULL;
}

// Have the kernel give the memory of a ring now: a worker that is the first to write to a page
// waits for it.
static void touch(const struct ring *ring)
{
	uint8_t *memory = (uint8_t *)ring->memory->slots;
	size_t size = capture_ring_size(CHANNEL_CAPTURED) - sizeof(struct ring_memory);

	for (size_t at = 0; at < size; at += 4096)
		*(volatile uint8_t *)&memory[at] = 0;
}

static int make_work(struct manager *manager)
{
	for (uint32_t w = 0; w < manager->fabric->n_workers; w++) {
		struct worker *worker = manager->workers[w];

		if (!worker->capturing)
			worker->capturing = calloc(1, sizeof(*worker->capturing));
		if (!worker->capturing)
			return -ENOMEM;
		if (worker->capturing->ring)
			continue;
		worker->capturing->ring = &manager->session.channel.captured[w];
		touch(worker->capturing->ring);
	}
	return 0;
}

static int find_free(const struct capturing *capturing)
{
	for (int i = 0; i < CAPTURES; i++) {
		if (!capturing->runs[i].number)
			return i;
	}
	return -EBUSY;
}

static void clear_counts(struct manager *manager, int slot)
{
	for (uint32_t w = 0; w < manager->fabric->n_workers; w++)
		manager->workers[w]->capturing->counts[slot] = (struct reply_capture){0};
}

static void begin(struct manager *manager, const struct capture_begin *wish, int slot,
		  struct captures *next)
{
	struct capturing *capturing = manager->capturing;
	struct capture *c = &next->of[slot];

	c->wish = *wish;
	c->number = ++capturing->last_number;
	memcpy(c->insns, capturing->insns, wish->n_insns * sizeof(*c->insns));
	capturing->runs[slot] =
		(struct run){clock_steady_ns() + wish->seconds * CLOCK_SECOND, c->number};
	clear_counts(manager, slot);
	put_in_force(manager, next);
	apply_guard(manager);
}

static void reply_done(struct manager *manager, const struct message *command, uint64_t value)
{
	struct message reply;

	message_init(&reply, REPLY_DONE, command->header.sequence);
	reply.done.value = value;
	manager_reply(manager, &reply);
}

void apply_capture_begin(struct manager *manager, const struct message *command)
{
	const struct capture_begin *wish = &command->capture_begin;
	const char *fault = find_fault(manager, wish);
	int slot = find_free(manager->capturing);

	if (fault) {
		refuse(manager, command, EINVAL, wish->port, FDB_ANY, "%s", fault);
		return;
	}
	if (slot < 0) {
		refuse(manager, command, EBUSY, FDB_ANY, FDB_ANY,
		       "%d captures run already: wait until one has ended", CAPTURES);
		return;
	}
	struct captures *next = copy(manager->capturing);
	if (!next || make_work(manager)) {
		free(next);
		refuse(manager, command, ENOMEM, FDB_ANY, FDB_ANY, "no memory to capture");
		return;
	}
	begin(manager, wish, slot, next);
	reply_done(manager, command, manager->capturing->last_number);
}

// ---- End

// Workers stop; the counts stay. Where there is no memory to leave out one, all of them stop.
static void stop(struct manager *manager, int slot)
{
	struct capturing *capturing = manager->capturing;
	struct captures *next = copy(capturing);

	capturing->runs[slot].until_ns = 0;
	if (next)
		next->of[slot].number = 0;
	put_in_force(manager, next);
	manager->guards.is_stale = true;
}

static void stop_and_tell(struct manager *manager, int slot, enum capture_why why)
{
	struct message event;

	stop(manager, slot);
	message_init(&event, EVENT_CAPTURE_ENDED, 0);
	event.capture_end.capture = manager->capturing->runs[slot].number;
	event.capture_end.why = why;
	if (!manager_event(manager, &event))
		log_warn("control does not hear that capture %u has ended",
			 event.capture_end.capture);
}

static void reply_counts(struct manager *manager, const struct message *command, int slot)
{
	struct message reply;

	message_init(&reply, REPLY_CAPTURE, command->header.sequence);
	reply.header.flags = MESSAGE_MORE;
	for (uint32_t w = 0; w < manager->fabric->n_workers; w++) {
		const struct reply_capture *counts = &manager->workers[w]->capturing->counts[slot];

		reply.capture.taken += counts->taken;
		reply.capture.missed += counts->missed;
		reply.capture.unseen += counts->unseen;
	}
	manager_reply(manager, &reply);
}

void apply_capture_end(struct manager *manager, const struct message *command)
{
	uint32_t number = command->capture_end.capture;

	for (int i = 0; i < CAPTURES; i++) {
		struct run *run = &manager->capturing->runs[i];

		if (!number || run->number != number)
			continue;
		if (run->until_ns)
			stop(manager, i);
		reply_counts(manager, command, i);
		*run = (struct run){0};
		reply_done(manager, command, number);
		return;
	}
	refuse(manager, command, ENOENT, FDB_ANY, FDB_ANY, "there is no capture %u", number);
}

void apply_capture_tick(struct manager *manager, uint64_t now_ns)
{
	for (int i = 0; i < CAPTURES; i++) {
		uint64_t until_ns = manager->capturing->runs[i].until_ns;

		if (until_ns && until_ns <= now_ns)
			stop_and_tell(manager, i, CAPTURE_TIME_OVER);
	}
}

// A slot that is given to another port is one whose port has gone.
static bool leaves(const struct manager *manager, const struct policy *next, uint16_t port)
{
	return port != FDB_ANY &&
	       (!next->ports[port].used ||
		strncmp(next->ports[port].name, manager->policy->ports[port].name, NAME_SIZE) != 0);
}

void apply_capture_leave(struct manager *manager, const struct policy *next)
{
	for (int i = 0; i < CAPTURES; i++) {
		const struct captures *captures = manager->capturing->in_force;

		if (captures && captures->of[i].number &&
		    leaves(manager, next, captures->of[i].wish.port))
			stop_and_tell(manager, i, CAPTURE_PORT_GONE);
	}
}

void apply_capture_end_all(struct manager *manager)
{
	struct capturing *capturing = manager->capturing;

	if (capturing->in_force)
		manager->guards.is_stale = true;
	memset(capturing->runs, 0, sizeof(capturing->runs));
	capturing->n_insns = 0;
	put_in_force(manager, NULL);
	for (uint32_t w = 0; w < manager->fabric->n_workers; w++) {
		if (manager->workers[w]->capturing)
			manager->workers[w]->capturing->ring = NULL;
	}
}
