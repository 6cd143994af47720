// SPDX-License-Identifier: BSD-3-Clause
#include "control/fabric/plan_rules.h"

#include <stdlib.h>
#include <string.h>

#include "control/alloc.h"
#include "control/config/config.h"

static uint16_t rule_flags(const struct config_admission *admission)
{
	return (uint16_t)((admission->types.any ? RULE_ANY_TYPE : 0) |
			  (admission->any_broadcast ? RULE_ANY_BROADCAST : 0) |
			  (admission->any_multicast ? RULE_ANY_MULTICAST : 0) |
			  (admission->mld ? RULE_MLD : 0) |
			  (admission->routers ? RULE_ROUTERS : 0) |
			  (admission->redirects ? RULE_REDIRECTS : 0) |
			  (admission->directed ? RULE_DIRECTED : 0) |
			  (admission->check_headers ? 0 : RULE_ANY_HEADERS));
}

static int by_number(const void *a, const void *b)
{
	return *(const uint16_t *)a - *(const uint16_t *)b;
}

// Equal sets have equal octets: types are sorted, and what counts for nothing is zero.
static void fill(struct policy_rules_conf *conf, const struct config_admission *admission)
{
	*conf = (struct policy_rules_conf){.flags = rule_flags(admission)};
	if (admission->types.any)
		return;
	conf->n_types = admission->types.n;
	memcpy(conf->types, admission->types.list, conf->n_types * sizeof(*conf->types));
	qsort(conf->types, conf->n_types, sizeof(*conf->types), by_number);
}

int plan_rules_number(struct plan_rules *rules, const struct config_admission *admission)
{
	struct policy_rules_conf conf;

	fill(&conf, admission);
	if (conf.flags == RULE_ALL)
		return RULES_NONE;
	for (uint16_t i = 0; i < rules->n; i++) {
		conf.rules = i + 1;
		if (memcmp(&rules->list[i], &conf, sizeof(conf)) == 0)
			return conf.rules;
	}
	if (rules->n == MAX_RULES - 1)
		return -1;
	rules->list = alloc_array(rules->list, rules->n + 1U, sizeof(*rules->list));
	conf.rules = rules->n + 1;
	rules->list[rules->n++] = conf;
	return conf.rules;
}

void plan_rules_fini(struct plan_rules *rules)
{
	free(rules->list);
	*rules = (struct plan_rules){0};
}

void plan_limits(const struct config_port *port, struct policy_limits_conf *limits)
{
	const struct config_reactions *r = &port->reactions;

	limits->violations = r->violation.action == ACTION_DISABLE ? r->violation.after : 0;
	limits->violation_window = r->violation.within;
	limits->violation_recovery = r->violation.recovery;
	limits->storm_seconds = r->storm.disable ? r->storm.after : 0;
	limits->storm_recovery = r->storm.recovery;
	limits->loop_recovery = r->loop.recovery;
	limits->probe_interval = r->loop.interval;
	limits->flaps = r->flaps.changes;
	limits->flap_window = r->flaps.within;
	limits->flap_recovery = r->flaps.recovery;
	memcpy(limits->meters, r->storm.meters, sizeof(limits->meters));
}
