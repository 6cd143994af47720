// SPDX-License-Identifier: BSD-3-Clause
// Registered MACs: static entries of the FDB, made to be exactly those of the draft.
#pragma once

struct manager;

// Bring the static entries of every LAN in line with manager->draft. What is already right is not
// touched.
void apply_macs(struct manager *manager);
