// SPDX-License-Identifier: BSD-3-Clause
#include "dataplane/manage/apply_macs.h"

#include <stdlib.h>

#include "dataplane/manage/manager.h"
#include "lib/log.h"

enum { CHUNK = 256 };

// The draft's MACs are sorted by LAN and MAC: draft_check() has done it.
static const struct policy_mac_conf *find_mac(const struct draft *draft, uint16_t lan, mac_t mac)
{
	uint32_t low = 0;
	uint32_t high = draft->n_macs;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		const struct policy_mac_conf *m = &draft->macs[middle];

		if (m->lan == lan && m->mac == mac)
			return m;
		if (m->lan < lan || (m->lan == lan && m->mac < mac))
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

// Remove static entries that the draft does not have, or has on another port.
static void remove_stale(struct manager *manager, uint16_t lan)
{
	struct fdb *fdb = manager->lans[lan].fdb;
	struct fdb_entry entries[CHUNK];
	uint32_t cursor = 0;

	do {
		uint32_t n = fdb_dump(fdb, FDB_ANY, &cursor, entries, CHUNK);

		for (uint32_t i = 0; i < n; i++) {
			const struct policy_mac_conf *m =
				find_mac(&manager->draft, lan, entries[i].mac);

			if (entries[i].is_static && (!m || m->port != entries[i].port))
				fdb_del_static(fdb, entries[i].mac);
		}
	} while (cursor);
}

static void add_one(struct fdb *fdb, const struct policy_mac_conf *m)
{
	char text[MAC_TEXT_SIZE];
	int err = fdb_add_static(fdb, m->mac, m->port, m->kind);

	if (err)
		log_err("cannot register %s: the FDB has no place for it",
			mac_format(m->mac, text));
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
