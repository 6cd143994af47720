// SPDX-License-Identifier: BSD-3-Clause
#include "control/config/validate_lag.h"

#include <stdlib.h>
#include <string.h>

#include "control/alloc.h"
#include "control/config/complaints.h"
#include "control/config/links.h"
#include "control/config/path.h"
#include "lib/limits.h"

static void complain_missing(const struct config *config, const struct config_port *link,
			     struct complaints *c)
{
	const char **names = alloc_array(NULL, config->n_ports + 1, sizeof(*names));
	struct path where = path("ports.%s.lag", link->name);
	size_t n = 0;

	for (size_t i = 0; i < config->n_ports; i++) {
		if (config_is_lag(&config->ports[i]))
			names[n++] = config->ports[i].name;
	}
	names[n] = NULL;
	const char *nearest = nearest_word(link->lag, names);
	if (nearest)
		complain(c, link->lag_place, where.text,
			 "there is no such port; did you mean \"%s\"?", nearest);
	else
		complain(c, link->lag_place, where.text,
			 "there is no port \"%s\"; add it under ports:, with device: lag",
			 link->lag);
	free(names);
}

// How many links of the same LAG stand before this one.
static size_t count_before(const struct config *config, const struct config_port *link)
{
	size_t n = 0;

	for (const struct config_port *port = config->ports; port != link; port++)
		n += strcmp(port->lag, link->lag) == 0;
	return n;
}

static void check_link(const struct config *config, const struct config_port *link,
		       struct complaints *c)
{
	const struct config_port *lag = config_lag_of(config, link);
	struct path where = path("ports.%s.lag", link->name);

	if (config_is_lag(link))
		complain(c, link->lag_place, where.text,
			 "a LAG is no link of a LAG; drop this, or give the port a device of its "
			 "own");
	else if (!lag)
		complain_missing(config, link, c);
	else if (!config_is_lag(lag) && *lag->device)
		complain(c, link->lag_place, where.text,
			 "port \"%s\" is no LAG; name a port with device: lag", lag->name);
	else if (count_before(config, link) == MAX_LAG_LINKS)
		complain(c, link->lag_place, where.text,
			 "LAG \"%s\" has %d links already, and takes no more", lag->name,
			 MAX_LAG_LINKS);
}

static void check_lag(const struct config *config, const struct config_port *lag,
		      struct complaints *c)
{
	size_t n_links = config_count_links(config, lag);

	if (lag->queues_place.line)
		complain(c, lag->queues_place, path("ports.%s.queues", lag->name).text,
			 "a LAG has no queues; write it at its links");
	if (lag->lacp.mode == LAG_MODE_OFF && lag->lacp.rate_place.line)
		complain_warning(c, lag->lacp.rate_place,
				 path("ports.%s.lacp.rate", lag->name).text,
				 "without LACP nobody is asked to send; drop it, or write mode: "
				 "active");
	if (!n_links)
		complain_warning(c, lag->place, path("ports.%s", lag->name).text,
				 "a LAG without links, so it forwards nothing; write lag: %s at "
				 "the ports that are to be its links",
				 lag->name);
	else if (lag->lacp.min_links > n_links)
		complain(c, lag->lacp.min_links_place,
			 path("ports.%s.lacp.min-links", lag->name).text,
			 "it has %zu link%s, so it would never be up; write at most %zu", n_links,
			 n_links == 1 ? "" : "s", n_links);
}

void config_check_lags(const struct config *config, struct complaints *complaints)
{
	for (size_t i = 0; i < config->n_ports; i++) {
		const struct config_port *port = &config->ports[i];

		if (*port->lag)
			check_link(config, port, complaints);
		else if (config_is_lag(port))
			check_lag(config, port, complaints);
		else if (port->lacp_place.line && *port->device)
			complain(complaints, port->lacp_place,
				 path("ports.%s.lacp", port->name).text,
				 "the port is no LAG; write device: lag, or drop it");
	}
}
