// SPDX-License-Identifier: BSD-3-Clause
// Carrying out a plan: its messages are sent to the dataplane, and the answer to the commit tells
// whether the policy is in force.
#pragma once

#include <stdint.h>

#include "lib/message.h"

struct fabric;
struct plan;

// "err" is 0, -EPROTO if the dataplane refused ("refusal" says why), or as with fabric_reply_fn: it
// then is unknown whether the policy is in force, and the next attachment will tell by its digest.
typedef void program_done_fn(void *argument, int err, const struct reply_error *refusal);

// Send "plan". "done" is called once, later. Returns 0, -ENOTCONN or -ENOMEM; "done" is not called
// then.
int program_send(struct fabric *fabric, const struct plan *plan, program_done_fn *done,
		 void *argument);
