// SPDX-License-Identifier: BSD-3-Clause
#include "dataplane/path/secure.h"

#include <rte_branch_prediction.h>

#include "dataplane/tables/fdb.h"
#include "dataplane/worker.h"

static enum drop_reason judge_foreign(const struct policy_lan *lan, enum security_mode mode,
				      enum mac_kind kind)
{
	switch (kind) {
	case MAC_RESERVED:
		return DROP_SRC_MAC_IS_RESERVED;
	case MAC_HELD:
		return DROP_MAC_DUPLICATE;
	default:
		return mode != SECURITY_OPEN || lan->flags & LAN_DROP_HIJACK ? DROP_MAC_HIJACK
									     : DROP_NONE;
	}
}

// Why the source of frame "i" may not be one on this port, or DROP_NONE.
static enum drop_reason judge(const struct worker *w, const struct batch *b, unsigned int i)
{
	const struct policy_port *port = &w->policy->ports[b->port];
	const struct policy_lan *lan = &w->policy->lans[b->lan[i]];
	enum security_mode mode = (enum security_mode)port->lans[b->lan[i]].security;
	struct fdb_entry entry;
	bool is_static = fdb_find(lan->fdb, b->src[i], &entry) && entry.is_static;

	if (is_static && entry.port != b->port)
		return judge_foreign(lan, mode, (enum mac_kind)entry.kind);
	if (mode != SECURITY_REGISTERED || (is_static && entry.kind != MAC_HELD))
		return DROP_NONE;
	return port->lans[b->lan[i]].has_mac ? DROP_MAC_NOT_REGISTERED : DROP_NO_MAC_REGISTERED;
}

void secure_drop(struct worker *w, struct batch *b, uint64_t suspects, uint64_t repeats)
{
	batch_foreach (i, repeats)
		suspects |= (suspects >> (i - 1) & 1) << i;
	batch_foreach (i, suspects) {
		enum drop_reason reason = DROP_NONE;

		if (!(repeats >> i & 1))
			reason = judge(w, b, i);
		else if (b->dead >> (i - 1) & 1)
			reason = b->reason[i - 1];
		if (reason != DROP_NONE)
			batch_drop(b, i, reason);
	}
}

void secure_registered(struct worker *w, struct batch *b, uint64_t frames)
{
	const struct policy_lan *lan = &w->policy->lans[b->lan[__builtin_ctzll(frames)]];
	uint64_t repeats = batch_repeats(b->src, frames);
	uint64_t strangers = fdb_find_strangers(lan->fdb, b->src, frames & ~repeats, b->port);

	if (unlikely(strangers))
		secure_drop(w, b, strangers, repeats);
}

void secure_disable(struct worker *w, struct batch *b, uint64_t entered, uint64_t violations)
{
	unsigned int first = (unsigned int)__builtin_ctzll(violations);
	enum drop_reason reason = b->reason[first];
	uint8_t none = DISABLE_NONE;
	struct message notice;

	batch_drop_all(b, entered & ~batch_mask(first + 1), DROP_PORT_DISABLED);
	if (!atomic_compare_exchange_strong(&w->fabric->disabled[b->port], &none, DISABLE_SECURITY))
		return; // by another worker
	message_init(&notice, NOTICE_VIOLATION, 0);
	notice.mac = (struct event_mac){.mac = b->src[first],
					.lan = b->lan[first],
					.port = b->port,
					.old_port = FDB_ANY,
					.reason = (uint16_t)reason};
	worker_notice(w, &notice);
}
