// SPDX-License-Identifier: BSD-3-Clause
// Can we answer the question ourselves, or give it to the one whom it concerns. On a large exchange
// most of what is flooded asks for addresses, and everybody but one gets it in vain.
//
// A question is an ARP request or a neighbour solicitation to a group. Those to one station check
// whether it is still there; only it can tell. In LANs with "neighbours: proxy" a question for an
// address whose owner is known is answered in the owner's name (RFC 9161), in the buffer it came
// in. It goes to the owner's port and no other if the LAN has "neighbours: unicast", if the owner's
// MAC is not known yet, or if it has options that only the owner can understand: the guard discards
// those, as exchanges should (RFC 9161 section 5.5), so they come only where there is none. A port
// that is down gets none, and nobody gets it in its place.
//
// Who asks whether an address is in use, to take it, is answered like all: that is how he learns of
// the conflict. What a port says or asks about an address of its own is no question to the fabric:
// announcements and probes are flooded, since others have to know; the rest ends here.
//
// With "assignments: complete", nobody is asked for an address that nobody has. Link-local ones
// belong to no port and are always flooded.
//
// What is answered here, or given to one port, is not flooded and no part of a storm. An answer
// counts as injected, its question as consumed.
#include <rte_branch_prediction.h>
#include <rte_mbuf.h>

#include "dataplane/path/claim.h"
#include "dataplane/path/egress.h"
#include "dataplane/path/pipeline.h"
#include "dataplane/path/reply.h"
#include "dataplane/worker.h"

static bool is_announcement(const struct claim *claim)
{
	return claim->kind == CLAIM_ARP_REQUEST &&
	       memcmp(&claim->sender, &claim->target, sizeof(claim->target)) == 0;
}

// Those that are not valid are for hosts to ignore.
static bool is_question(const struct claim *claim)
{
	return claim->kind == CLAIM_ARP_REQUEST || (claim->kind == CLAIM_NS && claim->valid);
}

// Whether frame "i" may be written to. Control is told of a watched port's frames as they came, and
// so is who wants them explained.
static bool is_ours(const struct worker *w, const struct batch *b, unsigned int i)
{
	const struct rte_mbuf *frame = b->frames[i];

	return rte_mbuf_refcnt_read(frame) == 1 && frame->nb_segs == 1 && !w->dry &&
	       !w->policy->ports[b->port].watched;
}

// ---- In the owner's name

// A buffer for the answer to frame "i": its own if that will do.
static struct rte_mbuf *find_buffer(const struct worker *w, const struct batch *b, unsigned int i,
				    uint16_t length)
{
	struct rte_mbuf *frame = b->frames[i];

	if (is_ours(w, b, i) && frame->data_off + length <= frame->buf_len)
		return frame;
	return rte_pktmbuf_alloc(w->fabric->pool);
}

// The question ends. If its buffer has become the answer, it is not to be freed.
static void consume(struct worker *w, struct batch *b, unsigned int i, bool reused)
{
	b->settled |= UINT64_C(1) << i;
	if (!reused) {
		batch_consume(b, i);
		return;
	}
	b->live &= ~(UINT64_C(1) << i);
	w->counters[b->port].consumed++;
}

static void reply(struct worker *w, struct batch *b, unsigned int i, const struct claim *question,
		  mac_t owner)
{
	uint32_t tag = b->tagged >> i & 1 ? (uint32_t)ADMIT_TYPE_VLAN << 16 | b->tci[i] : 0;
	uint8_t octets[REPLY_MAX];
	uint16_t length = reply_encode(question, b->src[i], owner, tag, octets);
	struct rte_mbuf *frame = find_buffer(w, b, i, length);
	uint32_t meta = length | (uint32_t)PORT_FABRIC << META_PORT_SHIFT |
			(uint32_t)b->kind[i] << META_KIND_SHIFT;

	if (unlikely(!frame)) {
		batch_drop(b, i, DROP_NO_BUFFER);
		return;
	}
	memcpy(rte_pktmbuf_mtod(frame, void *), octets, length);
	frame->data_len = length;
	frame->pkt_len = length;
	consume(w, b, i, frame == b->frames[i]);
	w->counters[b->port].injected++;
	if (mac_is_group(mac_load(octets)))
		meta |= META_MULTICAST;
	tx_put(tx_room(w, b->port, 1), frame, meta);
}

// ---- To the owner alone

static bool make_ours(const struct worker *w, struct batch *b, unsigned int i)
{
	if (is_ours(w, b, i))
		return true;
	if (w->dry || w->policy->ports[b->port].watched)
		return false;
	struct rte_mbuf *copy = rte_pktmbuf_copy(b->frames[i], w->fabric->pool, 0, UINT32_MAX);
	if (!copy)
		return false;
	rte_pktmbuf_free(b->frames[i]);
	b->frames[i] = copy;
	return true;
}

// Give the question to the owner's port only, and to the owner's address if it is known. Without a
// buffer it goes to all stations of that port.
static void turn(const struct worker *w, struct batch *b, unsigned int i, uint16_t port,
		 mac_t owner)
{
	uint64_t bit = UINT64_C(1) << i;

	b->settled |= bit;
	b->known |= bit;
	b->out[i] = port;
	if (!owner || !make_ours(w, b, i))
		return;
	mac_store(owner, rte_pktmbuf_mtod(b->frames[i], uint8_t *));
	b->dst[i] = owner;
	b->group &= ~bit;
	b->broadcast &= ~bit;
}

// ----

static void ask(struct worker *w, struct batch *b, unsigned int i, uint16_t flags,
		const struct claim *question, const struct neigh_entry *entry)
{
	uint16_t port = neigh_port(entry);
	mac_t owner = neigh_mac(entry);
	bool answers = flags & LAN_PROXY && owner && !question->unknown_options;

	if (port == b->port) {
		if (!question->probe)
			batch_drop(b, i, DROP_QUESTION_OWN);
	} else if (answers && egress_check(w, b, b->lan[i], port) == DROP_NONE) {
		reply(w, b, i, question, owner);
	} else {
		turn(w, b, i, port, owner);
	}
}

static void settle(struct worker *w, struct batch *b, unsigned int i, const struct policy_lan *lan)
{
	const struct claim *claim = &w->claims[i];

	if (!is_question(claim))
		return;
	const struct neigh_entry *entry = neigh_find(lan->neigh, claim->target);
	if (!entry) {
		if (lan->flags & LAN_ASSIGNED && !claim_is_link_local(claim->target))
			batch_drop(b, i, DROP_QUESTION_UNASSIGNED);
	} else if (lan->flags & (LAN_PROXY | LAN_UNICAST) && !is_announcement(claim)) {
		ask(w, b, i, lan->flags, claim, entry);
	}
}

void answer(struct worker *w, struct batch *b)
{
	uint64_t claims = b->live & b->group & b->claims;

	if (likely(!claims))
		return;
	batch_foreach (i, claims) {
		const struct policy_lan *lan = &w->policy->lans[b->lan[i]];

		if (lan->flags & (LAN_PROXY | LAN_UNICAST | LAN_ASSIGNED))
			settle(w, b, i, lan);
	}
}
