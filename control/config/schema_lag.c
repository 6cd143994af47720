// SPDX-License-Identifier: BSD-3-Clause
#include "control/config/schema_lag.h"

#define FIELD(type, field) .offset = offsetof(type, field), .size = sizeof(((type *)0)->field)
#define PLACE(type, field) .place = offsetof(type, field)

static const char *const modes[] = {
	[LAG_MODE_ACTIVE] = "active", [LAG_MODE_PASSIVE] = "passive", [LAG_MODE_OFF] = "off", NULL};
static const char *const rates[] = {"slow", "fast", NULL};

const struct schema schema_lacp[] = {
	{"mode", SCHEMA_WORD, .inherited = true, FIELD(struct config_lacp, mode), .words = modes},
	{"rate", SCHEMA_WORD, .inherited = true, FIELD(struct config_lacp, fast),
	 PLACE(struct config_lacp, rate_place), .words = rates},
	{"min-links", SCHEMA_NUMBER, .inherited = true, FIELD(struct config_lacp, min_links),
	 PLACE(struct config_lacp, min_links_place), .min = 1, .max = MAX_LAG_LINKS},
	{},
};

const struct schema_unless schema_link = {
	"lag", "belongs to the LAG as a whole, not to a link of it; write it there"};

void schema_default_lacp(const struct config *config, void *object)
{
	struct config_port *port = object;

	(void)config;
	port->lacp = (struct config_lacp){.mode = LAG_MODE_ACTIVE, .min_links = 1};
}

const char *config_lag_mode_name(enum lag_mode mode)
{
	return modes[mode];
}
