// SPDX-License-Identifier: BSD-3-Clause
#include "control/config/diff_sflow.h"

#include <stdio.h>
#include <string.h>

static const struct config_collector *find_collector(const struct config_sflow *sflow,
						     const char *name)
{
	for (size_t i = 0; i < sflow->n_collectors; i++) {
		if (strcmp(sflow->collectors[i].name, name) == 0)
			return &sflow->collectors[i];
	}
	return NULL;
}

enum { STATION_SIZE = IP_TEXT_SIZE + sizeof(" port 65535") };

static const char *station(const struct config_collector *collector, char *text)
{
	char address[IP_TEXT_SIZE];

	snprintf(text, STATION_SIZE, "%s port %u", ip_format(&collector->address, address),
		 collector->port);
	return text;
}

static void diff_collectors(struct diff *d, const struct config_sflow *old,
			    const struct config_sflow *new)
{
	char key[NAME_SIZE + 16], before[STATION_SIZE], after[STATION_SIZE];

	for (size_t i = 0; i < old->n_collectors; i++) {
		if (!find_collector(new, old->collectors[i].name))
			diff_note(d, CHANGE_CHANGE, IMPACT_NONE, "collector %s removed",
				  old->collectors[i].name);
	}
	for (size_t i = 0; i < new->n_collectors; i++) {
		const struct config_collector *now = &new->collectors[i];
		const struct config_collector *then = find_collector(old, now->name);

		if (!then) {
			diff_note(d, CHANGE_CHANGE, IMPACT_NONE, "collector %s added: %s",
				  now->name, station(now, after));
			continue;
		}
		snprintf(key, sizeof(key), "collector %s", now->name);
		diff_text(d, key, station(then, before), station(now, after), IMPACT_NONE);
	}
}

void diff_sflow(struct diff *d)
{
	static const struct config nothing;
	const struct config_sflow *old = d->old ? &d->old->sflow : &nothing.sflow;
	const struct config_sflow *new = &d->new->sflow;
	char before[IP_TEXT_SIZE], after[IP_TEXT_SIZE];

	d->noun = "sflow";
	d->name = "";
	if (!old->place.line && new->place.line) {
		diff_note(d, CHANGE_ADD, IMPACT_NONE, "agent %s", ip_format(&new->agent, after));
		diff_collectors(d, old, new);
	} else if (old->place.line && !new->place.line) {
		diff_note(d, CHANGE_REMOVE, IMPACT_NONE, "%s", "");
	} else if (new->place.line) {
		diff_text(d, "agent", ip_format(&old->agent, before), ip_format(&new->agent, after),
			  IMPACT_NONE);
		diff_number(d, "sampling", old->sampling, new->sampling, "off", IMPACT_NONE);
		diff_number(d, "polling", old->polling, new->polling, "off", IMPACT_NONE);
		diff_collectors(d, old, new);
	}
}

void diff_port_sampling(struct diff *d, const struct config_port *old,
			const struct config_port *new)
{
	if (old->sampling != d->old->sflow.sampling || new->sampling != d->new->sflow.sampling)
		diff_number(d, "sampling", old->sampling, new->sampling, "off", IMPACT_NONE);
}
