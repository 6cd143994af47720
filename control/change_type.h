// SPDX-License-Identifier: BSD-3-Clause
// A change while it is made. For change.c and change_types.c only.
#pragma once

#include <sys/queue.h>

#include "control/change.h"
#include "control/control.h"
#include "control/fabric/plan.h"

struct change;

// What the types of changes do differently. Functions may be NULL. Those that return int return 0,
// or an enum rpc_code with change->text set.
struct change_type {
	int (*prepare)(struct change *change); // set the wish
	int (*record)(struct change *change);  // write to the state; again for each attempt
	void (*undo)(struct change *change);   // take back what was recorded
	void (*succeed)(struct change *change);
	void (*fail)(struct change *change, int code); // after undo
	bool (*may_leave_out)(struct change *change, size_t port);
	bool tries_again; // after a failure
};

extern const struct change_type change_type_apply;
extern const struct change_type change_type_override;
extern const struct change_type change_type_reconcile;

struct change {
	STAILQ_ENTRY(change) link;
	const struct change_type *type;
	struct control *control;
	change_done_fn *done;
	void *argument;
	struct plan_wish wish;
	struct plan *plan;
	bool *left_out;	 // [wish.config->n_ports], of this attempt
	char **problems; // why
	bool recorded;
	char text[512]; // why it failed

	// Of an apply
	struct config *config;
	struct state_config applied;
	bool force;

	// Of an override
	char port[NAME_SIZE];
	bool admin_up;
	struct plan_override *overrides; // all that are wanted
};

// Set the text of a failure. Returns "code".
__attribute__((format(printf, 3, 4))) int change_complain(struct change *change, int code,
							  const char *format, ...);

// Whether the port with that name and device is left out of the fabric now.
bool change_was_left_out(const struct change *change, size_t port);
