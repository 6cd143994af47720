// SPDX-License-Identifier: BSD-3-Clause
#include "lib/capture.h"

#include <errno.h>

static struct capture_record *slot(const struct ring *ring)
{
	struct capture_record *slots = (struct capture_record *)ring->memory->slots;

	return &slots[ring->own & ring->mask];
}

bool capture_push(struct ring *ring, const struct capture_header *header, const uint8_t *octets)
{
	if (!ring_may_push(ring))
		return false;
	slot(ring)->header = *header;
	memcpy(slot(ring)->octets, octets, header->n_octets);
	ring_pushed(ring);
	return true;
}

bool capture_pop(struct ring *ring, struct capture_record *record)
{
	if (!ring_may_pop(ring))
		return false;
	// How many octets there are is taken from our copy: in the ring it may change.
	record->header = slot(ring)->header;
	if (record->header.n_octets <= CAPTURE_OCTETS)
		memcpy(record->octets, slot(ring)->octets, record->header.n_octets);
	ring_popped(ring);
	return true;
}

static bool is_port(uint16_t port)
{
	return port < MAX_PORTS;
}

static bool is_reason(uint16_t reason)
{
	return reason > DROP_NONE && reason < DROP_COUNT;
}

static bool is_verdict(const struct capture_header *h)
{
	switch (h->verdict) {
	case CAPTURE_FORWARDED:
		return is_port(h->out);
	case CAPTURE_FLOODED:
		return h->copies <= MAX_PORTS;
	case CAPTURE_ANSWERED:
	case CAPTURE_CONSUMED:
		return true;
	case CAPTURE_DROPPED:
		return is_reason(h->reason) && (is_port(h->out) || h->out == FDB_ANY);
	case CAPTURE_LOST:
		return is_reason(h->reason) && is_port(h->out);
	default:
		return false;
	}
}

int capture_check(const struct capture_header *h)
{
	bool is_good = h->n_octets <= CAPTURE_OCTETS && h->n_octets <= h->length &&
		       is_port(h->port) && (h->lan < MAX_LANS || h->lan == FDB_ANY) &&
		       is_verdict(h);

	return is_good ? 0 : -EBADMSG;
}
