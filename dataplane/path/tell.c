// SPDX-License-Identifier: BSD-3-Clause
#include "dataplane/path/tell.h"

#include <string.h>

#include <rte_mbuf.h>

#include "dataplane/worker.h"

static enum drop_reason fate_of(const struct batch *b, unsigned int i)
{
	return b->dead >> i & 1 ? b->reason[i] : DROP_NONE;
}

// Frames that die for what stands before the length (lib/drops.def) have no LAN yet.
uint16_t tell_lan(const struct batch *b, unsigned int i)
{
	enum drop_reason fate = fate_of(b, i);

	return fate != DROP_NONE && fate < DROP_PKT_TOO_BIG ? FDB_ANY : b->lan[i];
}

bool tell_frame(struct worker *w, const struct batch *b, unsigned int i, enum message_type type,
		uint32_t missed)
{
	const struct rte_mbuf *frame = b->frames[i];
	struct message event;

	message_init(&event, type, 0);
	event.frame = (struct event_frame){
		.port = b->port,
		.lan = tell_lan(b, i),
		.reason = (uint16_t)fate_of(b, i),
		.length = b->length[i],
		.n_octets = RTE_MIN(frame->data_len, (uint16_t)EVENT_OCTETS),
		.missed = missed,
	};
	memcpy(event.frame.octets, rte_pktmbuf_mtod(frame, void *), event.frame.n_octets);
	return worker_event(w, &event);
}

struct message tell_about(const struct batch *b, unsigned int i, enum message_type type,
			  struct neigh_key key)
{
	struct message event;

	message_init(&event, type, 0);
	event.event_address =
		(struct event_address){.mac = b->src[i], .lan = b->lan[i], .port = b->port};
	event.event_address.family = neigh_address(key, event.event_address.address);
	return event;
}

bool tell_may(const struct worker *w, struct budget *budget, uint32_t most)
{
	uint32_t second = tell_second(w);

	if (budget->second != second) {
		budget->second = second;
		budget->left = most;
	}
	return budget->left > 0;
}

void tell_count(struct budget *budget, bool told)
{
	if (told) {
		budget->left--;
		budget->missed = 0;
	} else {
		budget->missed++;
	}
}

uint32_t tell_second(const struct worker *w)
{
	return (uint32_t)(worker_cycles() / w->hz) + 1;
}
