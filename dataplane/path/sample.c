// SPDX-License-Identifier: BSD-3-Clause
// Which one of many do collectors hear of: sFlow version 5, section 3.1.
//
// Of the frames that a port is let send on, each is taken with the same probability, whatever came
// before it: how many are left out until the next is drawn from the geometric distribution. Every
// Nth would see all or nothing of traffic that repeats itself.
//
// Questions that are answered are not frames that somebody gets, and are not sampled; nor is what
// died. What dies from here on, on its way out, was let in all the same.
#include <math.h>
#include <string.h>

#include <rte_branch_prediction.h>
#include <rte_mbuf.h>
#include <rte_random.h>

#include "dataplane/path/pipeline.h"
#include "dataplane/path/tell.h"
#include "dataplane/worker.h"

enum { SAMPLE_BUDGET = 10000 }; // samples a second, of all ports by one worker

// How many frames are left out, if one of "rate" is taken.
static uint32_t draw(uint32_t rate)
{
	double chance = (double)((rte_rand() >> 11) + 1) * 0x1p-53; // above 0, at most 1
	double skip = log(chance) / log1p(-1.0 / rate);

	return skip < UINT32_MAX ? (uint32_t)skip : UINT32_MAX;
}

static bool tell(struct worker *w, const struct batch *b, unsigned int i, const struct sampling *s)
{
	const struct rte_mbuf *frame = b->frames[i];
	bool has_one_receiver = b->known >> i & 1;
	struct message event;

	if (!tell_may(w, &w->sampled, SAMPLE_BUDGET) || !worker_has_room(w))
		return false;
	message_init(&event, EVENT_SAMPLE, 0);
	event.sample = (struct event_sample){
		.pool = s->pool,
		.lost = s->lost,
		.sampling = s->rate,
		.port = b->port,
		.lan = b->lan[i],
		.out = has_one_receiver ? b->out[i] : FDB_ANY,
		.copies = has_one_receiver ? 0 : flood_count(w, b, i),
		.length = b->length[i],
		.n_octets = RTE_MIN(frame->data_len, (uint16_t)SAMPLE_OCTETS),
	};
	memcpy(event.sample.octets, rte_pktmbuf_mtod(frame, void *), event.sample.n_octets);
	return worker_event(w, &event);
}

static void take(struct worker *w, const struct batch *b, uint64_t let_in, struct sampling *s)
{
	batch_foreach (i, let_in) {
		s->pool++;
		if (s->skip) {
			s->skip--;
			continue;
		}
		s->skip = draw(s->rate);
		bool told = tell(w, b, (unsigned int)i, s);
		tell_count(&w->sampled, told);
		s->lost += !told;
	}
}

void sample(struct worker *w, struct batch *b)
{
	struct sampling *s = &w->sampling[b->port];
	uint64_t let_in = b->live & ~b->answered;
	uint32_t n = (uint32_t)__builtin_popcountll(let_in);
	uint32_t rate = w->policy->ports[b->port].sampling;

	if (unlikely(s->rate != rate)) {
		s->rate = rate;
		s->skip = draw(rate);
	}
	if (likely(n <= s->skip)) {
		s->skip -= n;
		s->pool += n;
	} else {
		take(w, b, let_in, s);
	}
}
