// SPDX-License-Identifier: BSD-3-Clause
// Where does the destination live. Splits the burst: known frames have one receiver; the rest, to
// groups and to addresses nobody knows, is for flood. Nothing is forwarded to addresses of the
// exchange's own. Of those, the sponge's has what is sent to hosts that are down: that is added up
// by who sent it and to whom; and ARP and neighbour discovery, which stage "answer" ends.
#include <rte_branch_prediction.h>
#include <rte_prefetch.h>

#include "dataplane/path/pipeline.h"
#include "dataplane/tables/fdb.h"
#include "dataplane/worker.h"

// A burst often goes to one station: then it is looked up once.
static void find_ports(struct batch *b, const struct fdb *fdb, uint64_t frames)
{
	uint64_t repeats = batch_repeats(b->dst, frames);
	uint64_t others = frames & ~repeats;

	fdb_lookup_burst(fdb, b->dst, others, b->out);
	// Unless frames of another LAN have their ports already.
	if (repeats && !(others & (others - 1)) && !b->known) {
		batch_fill16(b->out, b->out[__builtin_ctzll(others)]);
		return;
	}
	batch_foreach (i, repeats)
		b->out[i] = b->out[i - 1];
}

// Returns those that are not the sponge's.
static uint64_t sink(struct worker *w, struct batch *b, const struct policy_lan *lan,
		     uint64_t reserved)
{
	uint64_t mine = 0;

	batch_foreach (i, reserved)
		mine |= (uint64_t)(b->dst[i] == lan->sponge_mac) << i;
	b->sponge |= mine & b->claims;
	batch_drop_all(b, mine & ~b->claims, DROP_SPONGED);
	if (!w->dry)
		sunk_add(w, b, mine & ~b->claims);
	return reserved & ~mine;
}

static void look_up(struct worker *w, struct batch *b, const struct policy_lan *lan,
		    uint64_t frames)
{
	find_ports(b, lan->fdb, frames);

	uint64_t back = frames & batch_where16(b->out, b->port);
	uint64_t missed = frames & batch_where16(b->out, FDB_MISS);
	uint64_t reserved = 0;

	if (unlikely(lan->reserves))
		reserved = frames & batch_where16(b->out, PORT_FABRIC);
	b->known |= frames & ~(back | missed | reserved);
	if (unlikely(reserved && lan->flags & LAN_SPONGE))
		reserved = sink(w, b, lan, reserved);
	batch_drop_all(b, reserved, DROP_BLACKHOLE);
	batch_drop_all(b, back, DROP_PORT_LOOPBACK_FILTER);
	if (!(lan->flags & LAN_FLOOD_UNKNOWN))
		batch_drop_all(b, missed, DROP_UNKNOWN_UNICAST);
}

// What egress asks of a port. Bursts often leave by one port.
static void fetch_out(const struct worker *w, uint16_t port)
{
	rte_prefetch0(&w->policy->ports[port]);
	rte_prefetch0(&w->waiting[port]);
}

void lookup(struct worker *w, struct batch *b)
{
	uint64_t left = b->live & ~b->group, frames;
	uint8_t lan;

	while ((frames = batch_take_lan(b, &left, &lan)))
		look_up(w, b, &w->policy->lans[lan], frames);
	if (b->known)
		fetch_out(w, b->out[__builtin_ctzll(b->known)]);
}
