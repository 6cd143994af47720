// SPDX-License-Identifier: BSD-3-Clause
// A change while it is made. For change*.c only.
#pragma once

#include <sys/queue.h>

#include "control/change.h"
#include "control/control.h"
#include "control/fabric/plan.h"
#include "control/manual/edit.h"

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
extern const struct change_type change_type_confirm;
extern const struct change_type change_type_edit;
extern const struct change_type change_type_reconcile;
extern const struct change_type change_type_sticky;
extern const struct change_type change_type_timeout;
extern const struct change_type change_type_undo;

struct change {
	STAILQ_ENTRY(change) link;
	const struct change_type *type;
	struct control *control;
	change_done_fn *done;
	void *argument;
	struct plan_wish wish;
	struct plan_mac *macs; // of the wish
	struct plan *plan;
	bool *left_out;	 // [wish.config->n_ports], of this attempt
	char **problems; // why
	bool recorded;
	char text[512]; // why it failed

	// Of an apply, and of one that goes back
	struct config *config;
	struct state_config applied;
	struct manual lost; // what stands above the configuration, and has no place in the new one

	// Of an apply
	bool force;
	double confirm; // seconds; 0: for good

	// Of an apply, an edit, and of one that goes back
	struct manual manual; // what stands above the configuration then

	// Of a confirm
	char *by;

	// Of one that goes back; it is the caller's
	struct change_return *back;

	// Of an edit; it is the caller's
	struct edit *edit;

	// Of sticky
	struct manual_mac *learned;
	size_t n_learned;
};

// Set the text of a failure. Returns "code".
__attribute__((format(printf, 3, 4))) int change_complain(struct change *change, int code,
							  const char *format, ...);

// Wish for "config", and what stands above it.
void change_wish(struct change *change, const struct config *config, const struct manual *manual);

// Write what is in force above the configuration. Logs what goes wrong; the next time writes all.
void change_save_manual(struct control *control);

// Write what is put aside, as change_save_manual() does.
void change_save_aside(struct control *control);

// What stood above the configuration that was confirmed last, fitted to change->config: what is
// left and what is lost.
void change_fit_manual(struct change *change);

// What waits stands from now on. Returns 0, or an enum rpc_code with the text set.
int change_accept(struct change *change, const char *by);

// What several types do.
bool change_may_stay_out(struct change *change, size_t port);  // a port that is left out already
bool change_may_leave_out(struct change *change, size_t port); // any
void change_fail_reconcile(struct change *change, int code);

// Whether the port with that name and device is left out of the fabric now.
bool change_was_left_out(const struct change *change, size_t port);
