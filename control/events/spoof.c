// SPDX-License-Identifier: BSD-3-Clause
#include "control/events/spoof.h"

#include <stdio.h>
#include <string.h>

#include "control/config/config.h"
#include "control/events/dissect.h"

enum { ADVERTISEMENT = 136 };

static bool has(const struct config_port *port, size_t lan, const struct ip *ip)
{
	for (size_t m = 0; m < port->n_members; m++) {
		const struct config_member *member = &port->members[m];

		for (size_t i = 0; member->lan == lan && i < member->n_ips; i++) {
			if (ip_equal(&member->ips[i], ip))
				return true;
		}
	}
	return false;
}

static const struct config_port *find_owner(const struct config *config, size_t lan,
					    const struct ip *ip)
{
	for (size_t i = 0; ip->family && i < config->n_ports; i++) {
		if (has(&config->ports[i], lan, ip))
			return &config->ports[i];
	}
	return NULL;
}

static const char *put(const struct config_port *owner, const struct ip *ip, char *detail)
{
	char text[IP_TEXT_SIZE], asn[16] = "";

	if (owner->asn)
		snprintf(asn, sizeof(asn), " (AS%u)", owner->asn);
	snprintf(detail, INCIDENT_DETAIL_SIZE,
		 "It answers or asks as %s, which is assigned to port %s%s.", ip_format(ip, text),
		 owner->name, asn);
	return detail;
}

const char *spoof_describe(const struct config *config, size_t lan, const char *port,
			   const struct event_frame *frame, char detail[INCIDENT_DETAIL_SIZE])
{
	size_t n = frame->n_octets < EVENT_OCTETS ? frame->n_octets : EVENT_OCTETS;
	struct dissection d;

	dissect(frame->octets, n, &d);
	bool about = d.has_subject && d.icmp_type == ADVERTISEMENT;
	const struct ip *spoken[] = {&d.source, about ? &d.subject : &d.source};
	for (size_t i = 0; i < sizeof(spoken) / sizeof(*spoken); i++) {
		const struct config_port *owner = find_owner(config, lan, spoken[i]);

		if (owner && strcmp(owner->name, port) != 0)
			return put(owner, spoken[i], detail);
	}
	return NULL;
}
