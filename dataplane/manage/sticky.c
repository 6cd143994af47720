// SPDX-License-Identifier: BSD-3-Clause
#include "dataplane/manage/sticky.h"

#include <errno.h>
#include <stdlib.h>

#include "dataplane/manage/manager.h"
#include "lib/clock.h"
#include "lib/log.h"

struct pending {
	const struct fdb *fdb; // says which LAN, whatever number it has
	mac_t mac;
	uint16_t port;
	bool told;
};

struct sticky {
	struct pending *macs;
	uint32_t n;
	uint64_t last_ns;
	// How many more may be learned; UINT32_MAX: addresses are not learned for good there.
	uint32_t room[MAX_PORTS][MAX_LANS];
};

int sticky_init(struct manager *manager)
{
	manager->sticky = calloc(1, sizeof(*manager->sticky));
	return manager->sticky ? 0 : -ENOMEM;
}

void sticky_fini(struct manager *manager)
{
	if (!manager->sticky)
		return;
	free(manager->sticky->macs);
	free(manager->sticky);
	manager->sticky = NULL;
}

// ---- Those that control has to hear of

static uint16_t lan_of(const struct lan_table *lans, const struct fdb *fdb)
{
	for (uint16_t l = 0; l < MAX_LANS; l++) {
		if (lans[l].fdb == fdb)
			return l;
	}
	return FDB_ANY;
}

static void tell(struct manager *manager, struct pending *mac)
{
	struct message event;

	message_init(&event, EVENT_MAC_STICKY, 0);
	event.mac = (struct event_mac){.mac = mac->mac,
				       .lan = lan_of(manager->lans, mac->fdb),
				       .port = mac->port,
				       .old_port = FDB_ANY};
	mac->told = manager_event(manager, &event);
}

static bool remember(struct manager *manager, const struct fdb *fdb, uint16_t port, mac_t mac)
{
	struct sticky *s = manager->sticky;

	if (s->n == DRAFT_MACS_MAX)
		return false;
	if ((s->n & (s->n - 1)) == 0) {
		size_t n = s->n ? 2 * (size_t)s->n : 1;
		struct pending *macs = realloc(s->macs, n * sizeof(*macs));

		if (!macs)
			return false;
		s->macs = macs;
	}
	s->macs[s->n++] = (struct pending){.fdb = fdb, .mac = mac, .port = port};
	tell(manager, &s->macs[s->n - 1]);
	return true;
}

bool sticky_is_pending(const struct manager *manager, uint16_t lan, mac_t mac)
{
	const struct sticky *s = manager->sticky;

	for (uint32_t i = 0; i < s->n; i++) {
		if (s->macs[i].mac == mac && s->macs[i].fdb == manager->lans[lan].fdb)
			return true;
	}
	return false;
}

void sticky_attach(struct manager *manager)
{
	for (uint32_t i = 0; i < manager->sticky->n; i++)
		tell(manager, &manager->sticky->macs[i]);
}

// ---- Learning for good

static bool learns(const struct manager *manager, uint16_t port, uint16_t lan)
{
	const struct policy_port *p = &manager->policy->ports[port];

	return p->used && p->lans[lan].vid != VID_NOT_MEMBER &&
	       p->lans[lan].security == SECURITY_LEARN;
}

static void keep(struct manager *manager, uint16_t port, uint16_t lan, mac_t mac)
{
	struct fdb *fdb = manager->lans[lan].fdb;
	uint32_t *room = &manager->sticky->room[port][lan];

	// A limit that was lowered: what is above it goes.
	if (*room == 0) {
		fdb_flush(fdb, port, mac);
		return;
	}
	fdb_set_port_limit(fdb, port, *room - 1);
	if (fdb_add_static(fdb, mac, port, MAC_STICKY)) {
		fdb_set_port_limit(fdb, port, *room);
		return;
	}
	--*room;
	if (!remember(manager, fdb, port, mac))
		log_warn("port %s: no memory to tell control of a sticky address",
			 manager->ports[port].name);
}

void sticky_notice(struct manager *manager, const struct message *notice, uint64_t now_ns)
{
	const struct event_mac *mac = &notice->mac;
	struct fdb_entry entry;

	(void)now_ns;
	// What was learned may have moved on, or been forgotten; what is found late by
	// sticky_tick() is static already.
	if (learns(manager, mac->port, mac->lan) &&
	    fdb_find(manager->lans[mac->lan].fdb, mac->mac, &entry) && !entry.is_static &&
	    entry.port == mac->port)
		keep(manager, mac->port, mac->lan, mac->mac);
}

static void keep_all(struct manager *manager, uint16_t port, uint16_t lan)
{
	enum { CHUNK = 256 };
	struct fdb_entry entries[CHUNK];
	uint32_t cursor = 0;

	do {
		uint32_t n = fdb_dump(manager->lans[lan].fdb, port, &cursor, entries, CHUNK);

		for (uint32_t i = 0; i < n; i++) {
			if (!entries[i].is_static)
				keep(manager, port, lan, entries[i].mac);
		}
	} while (cursor);
}

void sticky_tick(struct manager *manager, uint64_t now_ns)
{
	struct sticky *s = manager->sticky;

	if (!manager->policy || now_ns - s->last_ns < CLOCK_SECOND)
		return;
	s->last_ns = now_ns;
	for (uint16_t p = 0; p < MAX_PORTS; p++) {
		for (uint16_t l = 0; l < MAX_LANS && manager->policy->ports[p].used; l++) {
			if (learns(manager, p, l) && fdb_count_port(manager->lans[l].fdb, p))
				keep_all(manager, p, l);
		}
	}
	for (uint32_t i = 0; i < s->n && manager->session.control_fd >= 0; i++) {
		if (!s->macs[i].told)
			tell(manager, &s->macs[i]);
	}
}

// ---- Another policy

// Forget those that the draft contains or that it has no place for.
static void forget_settled(struct manager *manager, const struct lan_table *lans)
{
	struct sticky *s = manager->sticky;

	for (uint32_t i = s->n; i-- > 0;) {
		const struct pending *mac = &s->macs[i];
		uint16_t lan = lan_of(lans, mac->fdb);

		if (lan == FDB_ANY || s->room[mac->port][lan] == UINT32_MAX ||
		    draft_find_mac(&manager->draft, lan, mac->mac))
			s->macs[i] = s->macs[--s->n];
	}
}

static void take(struct sticky *s, uint16_t port, uint16_t lan)
{
	uint32_t *room = &s->room[port][lan];

	if (*room != UINT32_MAX && *room)
		--*room;
}

void sticky_prepare(struct manager *manager, const struct lan_table *lans)
{
	const struct draft *draft = &manager->draft;
	struct sticky *s = manager->sticky;

	for (uint32_t p = 0; p < MAX_PORTS; p++) {
		for (uint32_t l = 0; l < MAX_LANS; l++)
			s->room[p][l] = UINT32_MAX;
	}
	for (uint32_t i = 0; i < draft->n_members; i++) {
		const struct policy_member_conf *m = &draft->members[i];

		if (m->security == SECURITY_LEARN)
			s->room[m->port][m->lan] = m->mac_limit;
	}
	for (uint32_t i = 0; i < draft->n_macs; i++) {
		if (draft->macs[i].kind != MAC_RESERVED)
			take(s, draft->macs[i].port, draft->macs[i].lan);
	}
	forget_settled(manager, lans);
	for (uint32_t i = 0; i < s->n; i++)
		take(s, s->macs[i].port, lan_of(lans, s->macs[i].fdb));
	for (uint32_t i = 0; i < draft->n_members; i++) {
		const struct policy_member_conf *m = &draft->members[i];

		if (m->security == SECURITY_LEARN)
			fdb_set_port_limit(lans[m->lan].fdb, m->port, s->room[m->port][m->lan]);
	}
}

void sticky_commit(struct manager *manager)
{
	for (uint16_t p = 0; p < MAX_PORTS; p++) {
		for (uint16_t l = 0; l < MAX_LANS; l++) {
			if (manager->lans[l].fdb && manager->sticky->room[p][l] == UINT32_MAX)
				fdb_set_port_limit(manager->lans[l].fdb, p, UINT32_MAX);
		}
	}
}
