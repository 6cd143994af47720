// SPDX-License-Identifier: BSD-3-Clause
#include "dataplane/manage/apply_macs.h"

#include <errno.h>
#include <stdlib.h>

#include "dataplane/manage/manager.h"
#include "dataplane/manage/sticky.h"
#include "lib/log.h"

enum { CHUNK = 256 };

static bool is_stale(const struct manager *manager, uint16_t lan, const struct fdb_entry *entry)
{
	return entry->is_static && entry->kind != MAC_HELD &&
	       !draft_find_mac(&manager->draft, lan, entry->mac) &&
	       !(entry->kind == MAC_STICKY && sticky_is_pending(manager, lan, entry->mac));
}

static void remove_stale(struct manager *manager, uint16_t lan)
{
	struct fdb *fdb = manager->lans[lan].fdb;
	struct fdb_entry entries[CHUNK];
	uint32_t cursor = 0;

	do {
		uint32_t n = fdb_dump(fdb, FDB_ANY, &cursor, entries, CHUNK);

		for (uint32_t i = 0; i < n; i++) {
			if (is_stale(manager, lan, &entries[i]))
				fdb_del_static(fdb, entries[i].mac);
		}
	} while (cursor);
}

static void add_one(struct fdb *fdb, const struct policy_mac_conf *m)
{
	char text[MAC_TEXT_SIZE];
	int err = fdb_add_static(fdb, m->mac, m->port, (enum mac_kind)m->kind);

	if (err == -EEXIST) {
		fdb_del_static(fdb, m->mac);
		err = fdb_add_static(fdb, m->mac, m->port, (enum mac_kind)m->kind);
	}
	if (err)
		log_err("cannot register %s: the FDB has no place for it",
			mac_format(m->mac, text));
}

void apply_macs_prepare(struct manager *manager, const struct lan_table *lans)
{
	const struct draft *draft = &manager->draft;
	struct fdb_entry entry;

	for (uint32_t i = 0; i < draft->n_macs; i++) {
		const struct policy_mac_conf *m = &draft->macs[i];
		struct fdb *fdb = lans[m->lan].fdb;

		if (!fdb_find(fdb, m->mac, &entry) || !entry.is_static)
			fdb_add_static(fdb, m->mac, m->port, (enum mac_kind)m->kind);
	}
}

void apply_macs(struct manager *manager)
{
	const struct draft *draft = &manager->draft;

	for (uint16_t l = 0; l < MAX_LANS; l++) {
		if (manager->lans[l].fdb && fdb_count_static(manager->lans[l].fdb))
			remove_stale(manager, l);
	}
	for (uint32_t i = 0; i < draft->n_macs; i++)
		add_one(manager->lans[draft->macs[i].lan].fdb, &draft->macs[i]);
}
