// SPDX-License-Identifier: BSD-3-Clause
#include "control/running.h"

#include <stdlib.h>

#include "control/alloc.h"
#include "control/config/config.h"

static size_t count_ports(const struct running *running)
{
	return running->config ? running->config->n_ports : 0;
}

void running_free_problems(char **problems, size_t n)
{
	for (size_t i = 0; problems && i < n; i++)
		free(problems[i]);
	free(problems);
}

void running_set_slots(struct running *running, uint16_t *slots, char **problems)
{
	running_free_problems(running->problems, count_ports(running));
	free(running->slots);
	running->slots = slots;
	running->problems = problems;
}

void running_install(struct running *running, struct config *config, struct state_config *applied)
{
	running_set_slots(running, NULL, NULL);
	config_free(running->config);
	state_config_fini(&running->applied);
	running->config = config;
	running->applied = *applied;
	*applied = (struct state_config){0};
	free(running->applied.text);
	running->applied.text = NULL;
}

void running_fini(struct running *running)
{
	running_set_slots(running, NULL, NULL);
	manual_fini(&running->manual);
	manual_fini(&running->aside);
	free(running->problem);
	free(running->failure);
	config_free(running->config);
	state_config_fini(&running->applied);
}

void running_set_manual(struct running *running, struct manual *manual)
{
	manual_fini(&running->manual);
	running->manual = *manual;
	*manual = (struct manual){0};
}

struct plan_wish running_wish(const struct running *running)
{
	return (struct plan_wish){.config = running->config,
				  .overrides = running->manual.overrides,
				  .n_overrides = running->manual.n_overrides};
}

static void set_text(char **to, const char *text)
{
	char *copy = text ? alloc_format("%s", text) : NULL;

	free(*to);
	*to = copy;
}

void running_set_problem(struct running *running, const char *text)
{
	set_text(&running->problem, text);
}

void running_set_failure(struct running *running, const char *text)
{
	set_text(&running->failure, text);
}

uint16_t running_slot(const struct running *running, size_t port)
{
	return running->slots ? running->slots[port] : PLAN_NO_SLOT;
}

const char *running_port_problem(const struct running *running, size_t port)
{
	return running->problems ? running->problems[port] : NULL;
}

size_t running_count_problems(const struct running *running)
{
	size_t n = 0;

	for (size_t i = 0; i < count_ports(running); i++)
		n += running_port_problem(running, i) != NULL;
	return n;
}

const struct config_port *running_port_at(const struct running *running, uint16_t slot)
{
	for (size_t i = 0; slot != PLAN_NO_SLOT && i < count_ports(running); i++) {
		if (running_slot(running, i) == slot)
			return &running->config->ports[i];
	}
	return NULL;
}
