// SPDX-License-Identifier: BSD-3-Clause
#include "control/fabric/program.h"

#include <errno.h>
#include <stdlib.h>

#include "control/fabric/fabric.h"
#include "control/fabric/plan.h"

struct program {
	program_done_fn *done;
	void *argument;
};

static void on_commit(void *argument, const struct message *reply, int err)
{
	struct program *program = argument;
	const struct reply_error *refusal = NULL;

	if (!err && !fabric_is_last(reply))
		return;
	if (!err && reply->header.type == REPLY_ERROR) {
		refusal = &reply->error;
		err = -EPROTO;
	}
	program->done(program->argument, err, refusal);
	free(program);
}

int program_send(struct fabric *fabric, const struct plan *plan, program_done_fn *done,
		 void *argument)
{
	struct program *program = malloc(sizeof(*program));
	int err = 0;

	if (!program)
		return -ENOMEM;
	*program = (struct program){.done = done, .argument = argument};
	for (size_t i = 0; i + 1 < plan->n && !err; i++)
		err = fabric_post(fabric, &plan->messages[i]);
	// A policy that lacks its end is dropped by the next BEGIN.
	if (!err)
		err = fabric_send(fabric, &plan->messages[plan->n - 1], on_commit, program);
	if (err)
		free(program);
	return err;
}
