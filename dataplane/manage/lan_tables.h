// SPDX-License-Identifier: BSD-3-Clause
// The tables of LANs, through commits: they are found again, made, limited, and retired.
#pragma once

struct lan_table;
struct manager;
struct policy;

// The tables [MAX_LANS] that the draft wants: those of LANs that stay, and new ones. Returns 0, or
// -errno with the draft's complaint.
int lan_tables_prepare(struct manager *manager, struct lan_table *lans);

// Free the tables of "lans" that "kept" does not have (NULL: all). No worker knows them.
void lan_tables_drop(const struct lan_table *lans, const struct lan_table *kept);

// These are in force now; no worker knows the others any more.
void lan_tables_retire(struct manager *manager, const struct lan_table *lans);

void lan_tables_set_limits(struct manager *manager);

// Forget what counts no more of ports that were in a LAN with "old" (or NULL).
void lan_tables_flush_left(struct manager *manager, const struct policy *old);
