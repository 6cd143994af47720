// SPDX-License-Identifier: BSD-3-Clause
// Turning a draft into the policy in force: all of it, or nothing.
#pragma once

struct manager;
struct message;

// COMMAND_POLICY_COMMIT. Answers with the new generation, or with what stood in the way; the
// running fabric is then as it was.
void apply_policy_commit(struct manager *manager, const struct message *command);

// Close every port and free the policy and the tables. Workers have ended.
void apply_policy_fini(struct manager *manager);
