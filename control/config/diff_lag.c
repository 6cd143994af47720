// SPDX-License-Identifier: BSD-3-Clause
#include "control/config/diff_lag.h"

#include <stdio.h>

#include "control/config/links.h"
#include "control/config/schema_lag.h"

struct diff_link_words diff_link_removed(const struct diff *d, const struct config_port *port)
{
	struct diff_link_words words = {""};

	if (config_is_link(port) && config_find_port(d->new, port->lag))
		snprintf(words.text, sizeof(words.text), "link of %s: its flows move to the others",
			 port->lag);
	return words;
}

static void diff_lacp(struct diff *d, const struct config_lacp *old, const struct config_lacp *new)
{
	bool is_first = old->mode == LAG_MODE_OFF && new->mode != LAG_MODE_OFF;

	// No link is used any more until the partner agrees.
	diff_text(d, "lacp mode", config_lag_mode_name(old->mode), config_lag_mode_name(new->mode),
		  is_first ? IMPACT_PORT : IMPACT_NONE);
	diff_text(d, "lacp rate", old->fast ? "fast" : "slow", new->fast ? "fast" : "slow",
		  IMPACT_NONE);
	// There may be fewer links in use now.
	diff_number(d, "lacp min-links", old->min_links, new->min_links, NULL,
		    new->min_links > old->min_links ? IMPACT_PORT : IMPACT_NONE);
}

void diff_lag(struct diff *d, const struct config_port *old, const struct config_port *new)
{
	diff_text(d, "lag", old->lag, new->lag, IMPACT_PORT);
	if (config_is_lag(old) && config_is_lag(new))
		diff_lacp(d, &old->lacp, &new->lacp);
}
