// SPDX-License-Identifier: BSD-3-Clause
#include "dataplane/path/sunk.h"

#include <string.h>

#include "dataplane/path/egress.h"
#include "dataplane/path/tcp.h"
#include "dataplane/path/tell.h"
#include "dataplane/tables/neigh.h"
#include "dataplane/worker.h"

// ---- What it is

static bool opens_bgp(const struct batch *b, unsigned int i)
{
	enum { TO_PORT = 2, FLAGS = 13, SYN = 0x02, ACK = 0x10 };
	struct octets tcp = tcp_find(b, i);

	return tcp.at + FLAGS < tcp.end && load_be16(tcp.at + TO_PORT) == TCP_BGP &&
	       (tcp.at[FLAGS] & (SYN | ACK)) == SYN;
}

// One frame, as if nothing else had come.
static struct event_sunk describe(const struct worker *w, const struct batch *b, unsigned int i)
{
	struct octets p = octets_behind(b, i, header_length(b, i));
	struct event_sunk frame = {.octets = b->length[i],
				   .frames = 1,
				   .lan = b->lan[i],
				   .port = b->port};
	uint8_t family = b->kind[i] == PAIR_IPV4 ? 4 : 6;
	unsigned int destination = family == 4 ? 16 : 24, size = family == 4 ? 4 : 16;

	if (b->kind[i] == PAIR_OTHER || is_foreign(w, b, i) || p.end - p.at < destination + size)
		return frame;
	frame.family = family;
	memcpy(frame.address, p.at + destination, size);
	frame.syns = opens_bgp(b, i);
	return frame;
}

// ---- Where it stands

static bool is_same(const struct event_sunk *a, const struct event_sunk *b)
{
	return a->port == b->port && a->lan == b->lan && a->family == b->family &&
	       memcmp(a->address, b->address, sizeof(a->address)) == 0;
}

// Who chooses addresses of one hash loses only what is told of his own port, and of few others.
static struct event_sunk *places_of(struct sunk *sunk, const struct event_sunk *frame)
{
	uint64_t seed = frame->family | (uint64_t)frame->lan << 8 | (uint64_t)frame->port << 16;
	uint64_t hash = neigh_hash(neigh_key6(frame->address), seed);

	return &sunk->entries[hash % (SUNK_ENTRIES / SUNK_WAYS) * SUNK_WAYS];
}

// The entry of such frames, or a free one; NULL if there is neither.
static struct event_sunk *find(struct sunk *sunk, const struct event_sunk *frame)
{
	struct event_sunk *places = places_of(sunk, frame), *found = NULL;

	for (int k = 0; k < SUNK_WAYS; k++) {
		if (places[k].frames && is_same(&places[k], frame))
			return &places[k];
		if (!places[k].frames && !found)
			found = &places[k];
	}
	if (frame->family && sunk->of_port[frame->port] >= SUNK_PORT)
		return NULL;
	return found;
}

static uint32_t sum(uint32_t a, uint32_t b)
{
	return a + b < a ? UINT32_MAX : a + b;
}

// Returns false if there is no place.
static bool add(struct sunk *sunk, const struct event_sunk *frame)
{
	struct event_sunk *entry = find(sunk, frame);

	if (!entry)
		return false;
	if (entry->frames) {
		entry->frames = sum(entry->frames, frame->frames);
		entry->octets += frame->octets;
		entry->syns = sum(entry->syns, frame->syns);
	} else {
		*entry = *frame;
		sunk->n++;
		sunk->of_port[frame->port]++;
	}
	return true;
}

void sunk_add(struct worker *w, const struct batch *b, uint64_t frames)
{
	batch_foreach (i, frames) {
		struct event_sunk frame = describe(w, b, i);

		if (add(&w->sunk, &frame))
			continue;
		frame.family = 0;
		memset(frame.address, 0, sizeof(frame.address));
		add(&w->sunk, &frame);
	}
}

// ---- Telling

static bool tell(struct worker *w, const struct event_sunk *entry)
{
	struct message event;

	message_init(&event, EVENT_SUNK, 0);
	event.sunk = *entry;
	return worker_event(w, &event);
}

void sunk_flush(struct worker *w)
{
	struct sunk *sunk = &w->sunk;
	uint32_t second = tell_second(w);

	if (sunk->second == second)
		return;
	sunk->second = second;
	for (uint32_t i = 0; i < SUNK_ENTRIES && sunk->n; i++) {
		struct event_sunk *entry = &sunk->entries[i];

		if (!entry->frames)
			continue;
		if (!tell(w, entry))
			return;
		sunk->of_port[entry->port]--;
		sunk->n--;
		entry->frames = 0;
	}
}
