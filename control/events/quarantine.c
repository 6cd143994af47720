// SPDX-License-Identifier: BSD-3-Clause
#include "control/events/quarantine.h"

#include <stdlib.h>
#include <string.h>

#include "control/alloc.h"
#include "control/config/config.h"
#include "control/control.h"
#include "control/fabric/plan.h"

struct quarantine {
	struct quarantine *next;
	char port[NAME_SIZE];
	bool inside; // it was when it was looked at last
	struct record record;
};

struct quarantines {
	struct control *control;
	struct quarantine *first;
};

struct quarantines *quarantines_create(struct control *control)
{
	struct quarantines *quarantines = alloc_zero(sizeof(*quarantines));

	quarantines->control = control;
	return quarantines;
}

void quarantines_destroy(struct quarantines *quarantines)
{
	struct quarantine *next;

	for (struct quarantine *q = quarantines ? quarantines->first : NULL; q; q = next) {
		next = q->next;
		free(q);
	}
	free(quarantines);
}

static struct quarantine *find(const struct quarantines *quarantines, const char *port)
{
	struct quarantine *q = quarantines->first;

	while (q && strcmp(q->port, port) != 0)
		q = q->next;
	return q;
}

bool quarantine_holds(const struct control *control, size_t port)
{
	const struct plan_wish wish = running_wish(&control->running);

	return plan_is_quarantined(&wish, port);
}

// Begin the record of a port that has entered, end that of one that has left.
static struct quarantine *look(struct quarantines *quarantines, size_t port, double now)
{
	const char *name = quarantines->control->running.config->ports[port].name;
	bool inside = quarantine_holds(quarantines->control, port);
	struct quarantine *q = find(quarantines, name);

	if (!q && inside) {
		q = alloc_zero(sizeof(*q));
		strcpy(q->port, name);
		q->next = quarantines->first;
		quarantines->first = q;
	}
	if (q && inside && !q->inside)
		record_clear(&q->record, now);
	if (q)
		q->inside = inside;
	return q;
}

static void forget_gone(struct quarantines *quarantines, const struct config *config)
{
	struct quarantine **at = &quarantines->first;

	while (*at) {
		struct quarantine *q = *at;

		if (config && config_find_port(config, q->port)) {
			at = &q->next;
		} else {
			*at = q->next;
			free(q);
		}
	}
}

void quarantines_tick(struct quarantines *quarantines, double now)
{
	const struct config *config = quarantines->control->running.config;

	forget_gone(quarantines, config);
	for (size_t i = 0; config && i < config->n_ports; i++)
		look(quarantines, i, now);
}

void quarantines_take(struct quarantines *quarantines, const struct event_frame *frame, double now)
{
	const struct running *running = &quarantines->control->running;
	const struct config_port *port = running_port_at(running, frame->port);
	struct quarantine_rules rules;

	if (!port)
		return;
	size_t i = (size_t)(port - running->config->ports);
	struct quarantine *q = look(quarantines, i, now);
	if (!q || !q->inside)
		return;
	quarantine_rules(quarantines->control, i, &rules);
	record_take(&q->record, &rules.rules, frame, now);
}

const struct record *quarantines_find(const struct quarantines *quarantines, size_t port)
{
	const struct config *config = quarantines->control->running.config;
	const struct quarantine *q = find(quarantines, config->ports[port].name);

	return q ? &q->record : NULL;
}

static void add_mac(struct quarantine_rules *rules, mac_t mac)
{
	if (rules->rules.n_macs < QUARANTINE_MACS)
		rules->macs[rules->rules.n_macs++] = mac;
}

static void add_member(struct quarantine_rules *rules, const struct config *config,
		       const struct config_member *member)
{
	const struct config_lan *lan = &config->lans[member->lan];
	struct record_rules *r = &rules->rules;

	for (size_t i = 0; i < member->n_macs; i++)
		add_mac(rules, member->macs[i]);
	for (size_t i = 0; i < member->n_ips && r->n_ips < RECORD_IPS; i++)
		rules->ips[r->n_ips++] = member->ips[i];
	for (size_t i = 0; i < lan->n_prefixes && r->n_prefixes < QUARANTINE_PREFIXES; i++)
		rules->prefixes[r->n_prefixes++] = lan->prefixes[i];
	if (member->tagged && r->n_vids < QUARANTINE_VIDS)
		rules->vids[r->n_vids++] = member->vid;
}

void quarantine_rules(const struct control *control, size_t port, struct quarantine_rules *rules)
{
	const struct config *config = control->running.config;
	const struct config_port *p = &config->ports[port];
	const struct manual *manual = &control->running.manual;

	rules->rules = (struct record_rules){.macs = rules->macs,
					     .ips = rules->ips,
					     .prefixes = rules->prefixes,
					     .vids = rules->vids};
	for (size_t i = 0; i < p->n_members; i++)
		add_member(rules, config, &p->members[i]);
	for (size_t i = 0; i < manual->n_macs; i++) {
		if (strcmp(manual->macs[i].port, p->name) == 0)
			add_mac(rules, manual->macs[i].mac);
	}
}
