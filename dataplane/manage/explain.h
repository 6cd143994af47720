// SPDX-License-Identifier: BSD-3-Clause
// What would become of a frame: the described frame goes through the very pipeline that workers
// run, on a dry worker of the manager's own, which learns nothing, sends nothing, and counts where
// nobody looks.
#pragma once

struct manager;
struct message;

int explain_init(struct manager *manager); // 0 or -ENOMEM
void explain_fini(struct manager *manager);

// COMMAND_EXPLAIN. Answers with one REPLY_STAGE for each stage, one REPLY_EGRESS for each port that
// would have got the frame, and REPLY_DONE.
void explain_run(struct manager *manager, const struct message *command);
