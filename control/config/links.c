// SPDX-License-Identifier: BSD-3-Clause
#include "control/config/links.h"

#include <string.h>

#include "lib/device_string.h"

bool config_is_lag(const struct config_port *port)
{
	return strcmp(port->device, device_kind_name(DEVICE_LAG)) == 0;
}

const struct config_port *config_lag_of(const struct config *config, const struct config_port *port)
{
	return *port->lag ? config_find_port(config, port->lag) : NULL;
}

size_t config_count_links(const struct config *config, const struct config_port *lag)
{
	size_t n = 0;

	for (size_t i = 0; i < config->n_ports; i++)
		n += strcmp(config->ports[i].lag, lag->name) == 0;
	return n;
}

static void settle_link(const struct config *config, struct config_port *link)
{
	const struct config_port *lag = config_lag_of(config, link);

	link->mtu = lag ? lag->mtu : 0;
	link->learning = false;
	link->flood_unknown_unicast = false;
	link->flood_multicast = false;
	link->drop_runts = false;
	link->sampling = 0;
	link->reactions = (struct config_reactions){0};
}

// As of a port with a device: where there is a wire, whoever sends pads.
static void settle_runts(const struct config *config, struct config_port *lag)
{
	size_t n_wires = 0;

	for (size_t i = 0; i < config->n_ports; i++)
		n_wires +=
			strcmp(config->ports[i].lag, lag->name) == 0 && config->ports[i].drop_runts;
	lag->drop_runts = n_wires && n_wires == config_count_links(config, lag);
}

void config_settle_links(struct config *config)
{
	for (size_t i = 0; i < config->n_ports; i++) {
		if (config_is_lag(&config->ports[i]) && !config->ports[i].runts_place.line)
			settle_runts(config, &config->ports[i]);
	}
	for (size_t i = 0; i < config->n_ports; i++) {
		if (config_is_link(&config->ports[i]))
			settle_link(config, &config->ports[i]);
	}
}
