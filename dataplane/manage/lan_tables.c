// SPDX-License-Identifier: BSD-3-Clause
#include "dataplane/manage/lan_tables.h"

#include <errno.h>
#include <string.h>

#include "dataplane/manage/manager.h"

// ---- Before the swap

// The tables that the LAN of the same name has.
static const struct lan_table *find_tables(const struct manager *manager, const char *name)
{
	for (uint32_t l = 0; l < MAX_LANS; l++) {
		const struct lan_table *table = &manager->lans[l];

		if (table->fdb && strncmp(table->name, name, NAME_SIZE) == 0)
			return table;
	}
	return NULL;
}

static int prepare_fdb(struct manager *manager, const struct policy_lan_conf *wish,
		       const struct lan_table *old, struct lan_table *table)
{
	if (old && old->size == wish->fdb_size)
		table->fdb = old->fdb;
	else
		table->fdb = fdb_create(wish->fdb_size, wish->fdb_limit, &manager->quota);
	if (!table->fdb)
		return draft_complain(&manager->draft, errno, FDB_ANY, wish->lan,
				      "LAN %s: no memory for an FDB of %u entries", wish->name,
				      wish->fdb_size);
	table->size = wish->fdb_size;
	return 0;
}

static int prepare_hosts(struct manager *manager, const struct policy_lan_conf *wish,
			 const struct lan_table *old, struct lan_table *table)
{
	table->n_hosts = wish->hosts;
	if (wish->hosts == 0)
		return 0;
	if (old && old->n_hosts == wish->hosts)
		table->hosts = old->hosts;
	else
		table->hosts = hosts_create(wish->hosts, manager->fabric->quiescent);
	if (!table->hosts)
		return draft_complain(&manager->draft, errno, FDB_ANY, wish->lan,
				      "LAN %s: no memory for %u hosts", wish->name, wish->hosts);
	return 0;
}

int lan_tables_prepare(struct manager *manager, struct lan_table *lans)
{
	int err = 0;

	for (uint16_t l = 0; l < MAX_LANS && !err; l++) {
		const struct policy_lan_conf *wish = &manager->draft.lans[l];
		const struct lan_table *old;

		if (!manager->draft.lan_used[l])
			continue;
		old = find_tables(manager, wish->name);
		memcpy(lans[l].name, wish->name, sizeof(lans[l].name));
		err = prepare_fdb(manager, wish, old, &lans[l]);
		if (!err)
			err = prepare_hosts(manager, wish, old, &lans[l]);
	}
	return err;
}

// ---- After it

static bool has_fdb(const struct lan_table *lans, const struct fdb *fdb)
{
	for (uint32_t l = 0; lans && l < MAX_LANS; l++) {
		if (lans[l].fdb == fdb)
			return true;
	}
	return false;
}

static bool has_hosts(const struct lan_table *lans, const struct hosts *hosts)
{
	for (uint32_t l = 0; lans && l < MAX_LANS; l++) {
		if (lans[l].hosts == hosts)
			return true;
	}
	return false;
}

void lan_tables_drop(const struct lan_table *lans, const struct lan_table *kept)
{
	for (uint32_t l = 0; l < MAX_LANS; l++) {
		if (lans[l].fdb && !has_fdb(kept, lans[l].fdb))
			fdb_destroy(lans[l].fdb);
		if (lans[l].hosts && !has_hosts(kept, lans[l].hosts))
			hosts_destroy(lans[l].hosts);
	}
}

void lan_tables_retire(struct manager *manager, const struct lan_table *lans)
{
	lan_tables_drop(manager->lans, lans);
	memcpy(manager->lans, lans, sizeof(manager->lans));
}

void lan_tables_set_limits(struct manager *manager)
{
	const struct draft *draft = &manager->draft;

	atomic_store(&manager->quota.limit, draft->begin.fdb_limit);
	for (uint32_t p = 0; p < MAX_PORTS; p++)
		atomic_store(&manager->quota.port_limit[p],
			     draft->port_used[p] ? draft->ports[p].learn_limit : 0);
	for (uint32_t l = 0; l < MAX_LANS; l++) {
		if (!draft->lan_used[l])
			continue;
		fdb_set_ageing(manager->lans[l].fdb, draft->lans[l].ageing);
		fdb_set_limit(manager->lans[l].fdb, draft->lans[l].fdb_limit);
		manager->lans[l].moves = draft->lans[l].moves;
		manager->lans[l].move_window = draft->lans[l].move_window;
		manager->lans[l].move_hold = draft->lans[l].move_hold;
	}
}

// Whether what a port has learned in a LAN so far counts no more: the port is gone, shut, or not in
// the LAN any longer; or it learns in another way now, or not at all.
static bool has_left(const struct manager *manager, const struct policy *old, uint16_t p,
		     uint16_t l)
{
	const struct policy_port *port = &manager->policy->ports[p];

	if (port->lans[l].vid == VID_NOT_MEMBER || !port->admin_up)
		return true;
	return port->lans[l].security != SECURITY_OPEN &&
	       (old->lans[l].fdb != manager->lans[l].fdb ||
		old->ports[p].lans[l].security != port->lans[l].security);
}

// The LAN had the same table under whatever number; FDB_ANY: it is new.
static uint16_t old_number(const struct policy *old, const struct hosts *hosts)
{
	for (uint16_t l = 0; l < MAX_LANS; l++) {
		if (old->lans[l].hosts == hosts)
			return l;
	}
	return FDB_ANY;
}

// Whoever was told by the sponge believes it even while his port is down or shut, so that counts
// for nothing here: only who is not in the LAN any longer is forgotten.
static void forget_left(const struct manager *manager, const struct policy *old, uint16_t l)
{
	uint16_t before = old_number(old, manager->lans[l].hosts);
	uint64_t left[HOST_TOLD_WORDS] = {0};
	bool any = false;

	for (uint16_t p = 0; before != FDB_ANY && p < MAX_PORTS; p++) {
		if (old->ports[p].lans[before].vid == VID_NOT_MEMBER ||
		    manager->policy->ports[p].lans[l].vid != VID_NOT_MEMBER)
			continue;
		left[p / 64] |= UINT64_C(1) << p % 64;
		any = true;
	}
	if (any)
		hosts_forget_ports(manager->lans[l].hosts, left);
}

void lan_tables_flush_left(struct manager *manager, const struct policy *old)
{
	for (uint16_t p = 0; old && p < MAX_PORTS; p++) {
		for (uint16_t l = 0; old->ports[p].used && l < MAX_LANS; l++) {
			if (manager->lans[l].fdb && fdb_count_port(manager->lans[l].fdb, p) &&
			    has_left(manager, old, p, l))
				fdb_flush(manager->lans[l].fdb, p, 0);
		}
	}
	for (uint16_t l = 0; old && l < MAX_LANS; l++) {
		if (manager->lans[l].hosts)
			forget_left(manager, old, l);
	}
}
