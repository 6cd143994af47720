// SPDX-License-Identifier: BSD-3-Clause
// Registered, sticky and reserved MACs: static entries of the FDB, made to be those of the draft.
// What is already right is not touched.
#pragma once

struct lan_table;
struct manager;

// Before workers see the new policy, whose tables are "lans": add what is new, so that a port that
// takes registered addresses only has them from the first frame on.
void apply_macs_prepare(struct manager *manager, const struct lan_table *lans);

// After workers have seen it: remove what the draft does not have, and move what it has on another
// port. Sticky addresses that control has not had time to hear of stay, and those that are held
// stay until their time.
void apply_macs(struct manager *manager);
