// SPDX-License-Identifier: BSD-3-Clause
#include <stdlib.h>
#include <string.h>

#include "control/alloc.h"
#include "control/change_type.h"
#include "control/fabric/fabric.h"
#include "control/rpc/code.h"
#include "lib/log.h"
#include "lib/stats.h"

void change_wish(struct change *change, const struct config *config, const struct manual *manual)
{
	free(change->macs);
	change->macs = manual_plan_macs(manual);
	change->wish = (struct plan_wish){.config = config,
					  .overrides = manual->overrides,
					  .n_overrides = manual->n_overrides,
					  .macs = change->macs,
					  .n_macs = manual->n_macs};
}

void change_save_manual(struct control *control)
{
	if (state_save_manual(control->state, &control->running.manual))
		log_warn("%s", state_problem(control->state));
}

void change_save_aside(struct control *control)
{
	if (state_save_aside(control->state, &control->running.aside))
		log_warn("%s", state_problem(control->state));
}

bool change_was_left_out(const struct change *change, size_t port)
{
	const struct running *running = &change->control->running;
	const struct config_port *wanted = &change->wish.config->ports[port];

	for (size_t i = 0; running->config && i < running->config->n_ports; i++) {
		const struct config_port *old = &running->config->ports[i];

		if (strcmp(old->name, wanted->name) == 0)
			return strcmp(old->device, wanted->device) == 0 &&
			       running_port_problem(running, i);
	}
	return false;
}

bool change_may_stay_out(struct change *change, size_t port)
{
	return change_was_left_out(change, port);
}

// Reconcile

static int prepare_reconcile(struct change *change)
{
	const struct running *running = &change->control->running;

	change_wish(change, running->config, &running->manual);
	if (!running->config)
		log_notice("there is no configuration yet: waiting for \"ixfab apply\"");
	return 0;
}

static void log_problems(const struct change *change)
{
	const struct config *config = change->wish.config;

	for (size_t i = 0; i < config->n_ports; i++) {
		if (change->left_out[i] && !change_was_left_out(change, i))
			log_err("left out of the fabric: %s", change->problems[i]);
		if (!change->left_out[i] && change_was_left_out(change, i))
			log_notice("port %s is in again", config->ports[i].name);
	}
}

static bool is_first(const struct change *change)
{
	return !change->control->running.slots;
}

static void succeed_reconcile(struct change *change)
{
	const struct config *config = change->wish.config;

	log_problems(change);
	if (is_first(change))
		log_notice("generation %lu is in force: %zu port%s in %zu LAN%s",
			   (unsigned long)change->control->running.applied.generation,
			   config->n_ports, config->n_ports == 1 ? "" : "s", config->n_lans,
			   config->n_lans == 1 ? "" : "s");
}

void change_fail_reconcile(struct change *change, int code)
{
	running_set_failure(&change->control->running, change->text);
	if (code != RPC_NOT_ATTACHED)
		log_err("the configuration cannot be put in force: %s", change->text);
}

bool change_may_leave_out(struct change *change, size_t port)
{
	(void)change, (void)port;
	return true;
}

const struct change_type change_type_reconcile = {
	.prepare = prepare_reconcile,
	.succeed = succeed_reconcile,
	.fail = change_fail_reconcile,
	.may_leave_out = change_may_leave_out,
	.tries_again = true,
};
