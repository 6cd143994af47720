// SPDX-License-Identifier: BSD-3-Clause
#include "control/import/export_port.h"

#include <string.h>

#include "control/alloc.h"
#include "control/config/config.h"
#include "control/import/export.h"

struct export_port *export_ports(const struct config *config)
{
	struct export_port *ports = alloc_zero((config->n_ports + 1) * sizeof(*ports));

	for (size_t i = 0; i < config->n_ports; i++) {
		ports[i].quarantine = config->ports[i].quarantine;
		ports[i].down = !config->ports[i].admin_up;
	}
	return ports;
}

bool export_has_lan(const struct export_source *source, size_t lan)
{
	return !source->lan || strcmp(source->config->lans[lan].name, source->lan) == 0;
}

bool export_is_member(const struct export_source *source, size_t index)
{
	const struct config_port *port = &source->config->ports[index];

	if (!port->asn || source->ports[index].quarantine)
		return false;
	for (size_t i = 0; i < port->n_members; i++) {
		if (!port->members[i].monitor && export_has_lan(source, port->members[i].lan))
			return true;
	}
	return false;
}
