// SPDX-License-Identifier: BSD-3-Clause
// Is it a loop probe of our own. One that is ends here, and the manager hears of it; one that only
// poses as one dies.
//
// Before any rule of the LAN, and before learning: a probe has an ethertype and a source address
// that no member may use.
#include "dataplane/path/probe.h"

#include <rte_branch_prediction.h>
#include <rte_mbuf.h>

#include "dataplane/path/pipeline.h"
#include "dataplane/worker.h"

// Whether it is one of those that we sent lately.
static bool is_genuine(const struct worker *w, const struct batch *b, unsigned int i,
		       struct probe *probe)
{
	const struct probes *probes = &w->fabric->probes;
	unsigned int at = FRAME_OVERHEAD + (b->tagged >> i & 1 ? TAG_SIZE : 0);
	const uint8_t *octets = rte_pktmbuf_mtod(b->frames[i], const uint8_t *);

	if (b->src[i] != PROBE_SRC ||
	    !probe_decode(probe, probes->key, octets + at, b->frames[i]->data_len - at) ||
	    probe->instance != w->fabric->stats.header->instance || probe->sender >= MAX_PORTS)
		return false;
	uint64_t last =
		atomic_load_explicit(&probes->sequences[probe->sender], memory_order_relaxed);
	return last - probe->sequence < PROBE_RECENT;
}

// One notice a second for each port is enough.
static void tell(struct worker *w, uint16_t port, const struct probe *probe)
{
	uint64_t now = worker_cycles(), *last = &w->probe_told[port];
	struct message notice;

	if (w->dry || (*last && now - *last < w->hz))
		return;
	message_init(&notice, NOTICE_PROBE, 0);
	notice.probe = (struct notice_probe){.port = port,
					     .sender = probe->sender,
					     .lan = probe->lan,
					     .sequence = probe->sequence};
	if (worker_notice(w, &notice))
		*last = now;
}

static void take(struct worker *w, struct batch *b, unsigned int i)
{
	struct probe probe;

	if (is_genuine(w, b, i, &probe)) {
		batch_consume(b, i);
		tell(w, b->port, &probe);
	} else {
		batch_drop(b, i, DROP_LOOP_PROBE_FORGED);
	}
}

void probe(struct worker *w, struct batch *b)
{
	uint64_t group = b->live & b->group & ~b->broadcast;

	if (likely(!group))
		return;
	batch_foreach (i, group) {
		if (unlikely(b->dst[i] == PROBE_DST) && b->type[i] == PROBE_TYPE)
			take(w, b, i);
	}
}
