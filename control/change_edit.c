// SPDX-License-Identifier: BSD-3-Clause
// Changes to what stands above the configuration: by operators, and by ports that learned an
// address for good.
#include <stdlib.h>
#include <string.h>

#include "control/change_type.h"
#include "control/config/config.h"
#include "control/fabric/fabric.h"
#include "control/rpc/code.h"
#include "lib/log.h"
#include "lib/message.h"

static int prepare_edit(struct change *change)
{
	const struct running *running = &change->control->running;
	char text[EDIT_TEXT_SIZE];

	manual_copy(&change->manual, &running->manual);
	int code = edit_make(change->edit, &change->manual, running->config, text);
	if (code)
		return change_complain(change, code, "%s", text);
	change_wish(change, running->config, &change->manual);
	return 0;
}

static int record_edit(struct change *change)
{
	struct state *state = change->control->state;

	if (state_save_manual(state, &change->manual))
		return change_complain(change, RPC_STATE, "%s", state_problem(state));
	change->recorded = true;
	return 0;
}

static void undo_edit(struct change *change)
{
	change_save_manual(change->control);
}

static void succeed_edit(struct change *change)
{
	edit_log(change->edit);
	running_set_manual(&change->control->running, &change->manual);
}

const struct change_type change_type_edit = {
	.prepare = prepare_edit,
	.record = record_edit,
	.undo = undo_edit,
	.succeed = succeed_edit,
	.may_leave_out = change_may_stay_out,
};

// Sticky: the dataplane has learned them already, so nothing is taken back.

static bool is_wanted(const struct running *running, const struct manual_mac *mac)
{
	const struct config_port *port = config_find_port(running->config, mac->port);
	const struct config_member *member =
		port ? manual_member(running->config, port, mac->lan) : NULL;

	return member && member->security.mode == SECURITY_LEARN &&
	       !manual_registered_at(running->config, mac->lan, mac->mac) &&
	       !manual_is_reserved(running->config, mac->lan, mac->mac) &&
	       !manual_find_mac(&running->manual, mac->lan, mac->mac);
}

static void add_sticky(struct running *running, const struct manual_mac *mac)
{
	char text[MAC_TEXT_SIZE];

	manual_add_mac(&running->manual, mac);
	log_notice("port %s has learned %s in %s for good", mac->port, mac_format(mac->mac, text),
		   mac->lan);
}

static int prepare_sticky(struct change *change)
{
	struct control *control = change->control;
	struct running *running = &control->running;
	size_t n = 0;

	for (size_t i = 0; running->config && i < change->n_learned; i++) {
		if (!is_wanted(running, &change->learned[i]))
			continue;
		add_sticky(running, &change->learned[i]);
		n++;
	}
	if (n == 0)
		return 0;
	change_save_manual(control);
	// The next dataplane gets them with the rest.
	if (fabric_is_attached(control->fabric))
		change_wish(change, running->config, &running->manual);
	return 0;
}

const struct change_type change_type_sticky = {
	.prepare = prepare_sticky,
	.fail = change_fail_reconcile,
	.may_leave_out = change_may_leave_out,
	.tries_again = true,
};
