// SPDX-License-Identifier: BSD-3-Clause
#include "control/config/schema_sflow.h"

#include <stdio.h>

#include "control/alloc.h"

#define FIELD(type, field) .offset = offsetof(type, field), .size = sizeof(((type *)0)->field)
#define PLACE(type, field) .place = offsetof(type, field)

enum {
	COLLECTORS_MAX = 8,
	COLLECTOR_PORT = 6343, // as IANA has it
	POLLING_MAX = 3600,
};

static void *add_collector(void *object, const char *name, struct config_place place, size_t lan)
{
	struct config_sflow *sflow = object;

	(void)lan;
	sflow->collectors =
		alloc_array(sflow->collectors, sflow->n_collectors + 1, sizeof(*sflow->collectors));
	struct config_collector *new = &sflow->collectors[sflow->n_collectors++];
	*new = (struct config_collector){.place = place};
	snprintf(new->name, sizeof(new->name), "%s", name);
	return new;
}

static const struct schema collector_rows[] = {
	{"address", SCHEMA_IP, .required = true, FIELD(struct config_collector, address),
	 PLACE(struct config_collector, address_place)},
	{"port", SCHEMA_NUMBER, FIELD(struct config_collector, port), .min = 1, .max = UINT16_MAX,
	 .absent = COLLECTOR_PORT},
	{},
};

const struct schema schema_sflow[] = {
	{"agent", SCHEMA_IP, .required = true, FIELD(struct config_sflow, agent),
	 PLACE(struct config_sflow, agent_place)},
	{"sampling", SCHEMA_NUMBER, FIELD(struct config_sflow, sampling), .min = 1,
	 .max = SFLOW_SAMPLING_MAX, .absent = 8192, .zero = "off"},
	{"polling", SCHEMA_NUMBER, FIELD(struct config_sflow, polling), .min = 1,
	 .max = POLLING_MAX, .absent = 30, .zero = "off"},
	{"collectors", SCHEMA_NAMES, .required = true, .rows = collector_rows, .add = add_collector,
	 .min = 1, .max = COLLECTORS_MAX},
	{},
};

void schema_inherit_sampling(const struct config *config, void *object)
{
	struct config_port *port = object;

	port->sampling = config->sflow.sampling;
}
