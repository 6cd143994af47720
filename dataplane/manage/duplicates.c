// SPDX-License-Identifier: BSD-3-Clause
#include "dataplane/manage/duplicates.h"

#include <errno.h>
#include <stdlib.h>

#include "dataplane/manage/manager.h"
#include "dataplane/manage/moves.h"
#include "lib/clock.h"
#include "lib/log.h"

struct held_mac {
	mac_t mac;
	uint16_t lan;
	uint16_t port;
	uint64_t until_ns; // 0: until it is cleared
};

struct duplicates {
	struct moves *moves;
	uint32_t n;
	struct held_mac held[HELD_MAX];
};

int duplicates_init(struct manager *manager)
{
	manager->duplicates = calloc(1, sizeof(*manager->duplicates));
	if (!manager->duplicates)
		return -ENOMEM;
	manager->duplicates->moves = moves_create();
	return manager->duplicates->moves ? 0 : -ENOMEM;
}

void duplicates_fini(struct manager *manager)
{
	if (!manager->duplicates)
		return;
	moves_destroy(manager->duplicates->moves);
	free(manager->duplicates);
	manager->duplicates = NULL;
}

static void tell(struct manager *manager, enum message_type type, const struct held_mac *held,
		 uint16_t other)
{
	struct message event;

	message_init(&event, type, 0);
	event.mac = (struct event_mac){.mac = held->mac,
				       .lan = held->lan,
				       .port = held->port,
				       .old_port = other};
	manager_event(manager, &event);
}

// ---- Holding

static bool may_hold(const struct manager *manager, const struct event_mac *move, uint16_t port)
{
	const struct policy_port *home = &manager->policy->ports[port];
	struct fdb_entry entry;

	return manager->duplicates->n < HELD_MAX && home->used &&
	       home->lans[move->lan].vid != VID_NOT_MEMBER &&
	       !(fdb_find(manager->lans[move->lan].fdb, move->mac, &entry) && entry.is_static);
}

static void hold(struct manager *manager, const struct event_mac *move, uint16_t port,
		 uint64_t now_ns)
{
	const struct lan_table *lan = &manager->lans[move->lan];
	struct duplicates *d = manager->duplicates;
	uint16_t other = move->port != port ? move->port : move->old_port;
	struct held_mac held = {.mac = move->mac, .lan = move->lan, .port = port};
	char text[MAC_TEXT_SIZE];

	if (!may_hold(manager, move, port) || fdb_add_static(lan->fdb, move->mac, port, MAC_HELD))
		return;
	if (lan->move_hold)
		held.until_ns = now_ns + lan->move_hold * CLOCK_SECOND;
	d->held[d->n++] = held;
	moves_forget(d->moves, move->lan, move->mac);
	tell(manager, EVENT_MAC_DUPLICATE, &held, other);
	log_notice("LAN %s: %s moves between ports %s and %s: held on %s", lan->name,
		   mac_format(move->mac, text), manager->ports[port].name,
		   manager->ports[other].name, manager->ports[port].name);
}

void duplicates_notice(struct manager *manager, const struct message *notice, uint64_t now_ns)
{
	const struct event_mac *move = &notice->mac;
	const struct lan_table *lan = &manager->lans[move->lan];
	uint16_t home;
	uint32_t count =
		moves_add(manager->duplicates->moves, move, lan->move_window, now_ns, &home);

	if (lan->fdb && lan->moves && count >= lan->moves)
		hold(manager, move, home, now_ns);
}

// ---- Releasing

static void release(struct manager *manager, uint32_t i)
{
	struct duplicates *d = manager->duplicates;
	struct held_mac held = d->held[i];
	struct fdb *fdb = manager->lans[held.lan].fdb;
	struct fdb_entry entry;

	d->held[i] = d->held[--d->n];
	if (fdb && fdb_find(fdb, held.mac, &entry) && entry.is_static && entry.kind == MAC_HELD)
		fdb_del_static(fdb, held.mac);
	tell(manager, EVENT_MAC_RELEASED, &held, FDB_ANY);
}

void duplicates_tick(struct manager *manager, uint64_t now_ns)
{
	struct duplicates *d = manager->duplicates;

	for (uint32_t i = d->n; i-- > 0;) {
		if (d->held[i].until_ns && now_ns >= d->held[i].until_ns)
			release(manager, i);
	}
}

uint32_t duplicates_clear(struct manager *manager, uint16_t lan, uint16_t port, mac_t mac)
{
	struct duplicates *d = manager->duplicates;
	uint32_t n = d->n;

	for (uint32_t i = d->n; i-- > 0;) {
		const struct held_mac *held = &d->held[i];

		if ((lan == FDB_ANY || held->lan == lan) &&
		    (port == FDB_ANY || held->port == port) && (!mac || held->mac == mac))
			release(manager, i);
	}
	return n - d->n;
}

static bool stays(const struct manager *manager, const struct held_mac *held)
{
	const struct policy_port *port = &manager->policy->ports[held->port];

	return port->used && port->lans[held->lan].vid != VID_NOT_MEMBER &&
	       port->lans[held->lan].security != SECURITY_REGISTERED &&
	       !draft_find_mac(&manager->draft, held->lan, held->mac);
}

// The number of the LAN that has the table of number "lan" before the commit, or FDB_ANY.
static uint16_t number_now(const struct manager *manager, struct fdb *const *old, uint16_t lan)
{
	for (uint16_t l = 0; l < MAX_LANS; l++) {
		if (old[lan] && manager->lans[l].fdb == old[lan])
			return l;
	}
	return FDB_ANY;
}

void duplicates_commit(struct manager *manager, struct fdb *const *old)
{
	struct duplicates *d = manager->duplicates;

	for (uint16_t l = 0; l < MAX_LANS; l++) {
		if (old[l] != manager->lans[l].fdb)
			moves_forget_lan(d->moves, l);
	}
	for (uint32_t i = d->n; i-- > 0;) {
		struct held_mac *held = &d->held[i];

		held->lan = number_now(manager, old, held->lan);
		if (held->lan == FDB_ANY)
			*held = d->held[--d->n]; // its table is gone
		else if (!stays(manager, held))
			release(manager, i);
	}
}

uint32_t moves_between(struct manager *manager, uint16_t a, uint16_t b, uint64_t now_ns)
{
	return moves_count(manager->duplicates->moves, a, b, now_ns);
}
