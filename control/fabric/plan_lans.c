// SPDX-License-Identifier: BSD-3-Clause
#include "control/fabric/plan_lans.h"

#include <stdio.h>
#include <string.h>

#include "control/config/config.h"

size_t plan_count_lans(const struct config *config)
{
	size_t n = config->n_lans;

	for (size_t i = 0; i < config->n_lans; i++)
		n += config->lans[i].has_monitor;
	return n;
}

uint16_t plan_quarantine_of(const struct config *config, size_t lan)
{
	size_t number = config->n_lans;

	if (lan >= config->n_lans || !config->lans[lan].has_monitor)
		return PLAN_NO_LAN;
	for (size_t i = 0; i < lan; i++)
		number += config->lans[i].has_monitor;
	return (uint16_t)number;
}

size_t plan_lan_of(const struct config *config, uint16_t number, bool *is_quarantine)
{
	bool behind = number >= config->n_lans;

	if (is_quarantine)
		*is_quarantine = behind;
	if (!behind)
		return number;
	for (size_t i = 0; number != PLAN_NO_LAN && i < config->n_lans; i++) {
		if (plan_quarantine_of(config, i) == number)
			return i;
	}
	return SIZE_MAX;
}

char *plan_lan_name(const struct config *config, uint16_t number, char *name)
{
	bool is_quarantine;
	size_t lan = plan_lan_of(config, number, &is_quarantine);

	if (lan == SIZE_MAX)
		return NULL;
	if (is_quarantine)
		snprintf(name, NAME_SIZE, "%.*s" CONFIG_QUARANTINE, CONFIG_QUARANTINED_NAME_MAX,
			 config->lans[lan].name);
	else
		memcpy(name, config->lans[lan].name, NAME_SIZE);
	return name;
}

uint16_t plan_lan_number(const struct config *config, const char *name)
{
	char other[NAME_SIZE];

	for (uint16_t i = 0; i < MAX_LANS && plan_lan_name(config, i, other); i++) {
		if (strcmp(other, name) == 0)
			return i;
	}
	return PLAN_NO_LAN;
}
