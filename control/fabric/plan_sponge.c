// SPDX-License-Identifier: BSD-3-Clause
#include "control/fabric/plan_sponge.h"

#include "control/config/config.h"
#include "lib/message.h"

static uint64_t count_assigned(const struct config *config, uint16_t lan)
{
	uint64_t n = 0;

	for (size_t i = 0; i < config->n_ports; i++) {
		const struct config_port *port = &config->ports[i];

		for (size_t m = 0; m < port->n_members; m++) {
			if (port->members[m].lan == lan)
				n += port->members[m].n_ips;
		}
	}
	return n;
}

static uint64_t count_ipv4(const struct config_lan *lan)
{
	enum { SHORTEST = 16, BITS = 32 };
	uint64_t n = 0;

	for (size_t i = 0; i < lan->n_prefixes; i++) {
		if (lan->prefixes[i].ip.family == 4 && lan->prefixes[i].length >= SHORTEST)
			n += UINT64_C(1) << (BITS - lan->prefixes[i].length);
	}
	return n;
}

// Room for all that control may set. A table of another size is a new one, in which nothing is
// known: so sizes are few, and the next member does not make another.
static uint32_t count_hosts(const struct config *config, uint16_t number)
{
	enum { LEAST = 1024, OWN = 2 };
	const struct config_lan *lan = &config->lans[number];
	uint64_t n = 0, size = LEAST;

	if (lan->sponge.mode != SPONGE_OFF)
		n += count_assigned(config, number) + count_ipv4(lan) + lan->sponge.targets + OWN;
	if (lan->bindings.learned)
		n += lan->bindings.limit;
	if (!n)
		return 0;
	while (size < n && size < MAX_HOSTS)
		size *= 2;
	return (uint32_t)size;
}

void plan_sponge(const struct config *config, uint16_t number, struct policy_lan_conf *conf)
{
	const struct config_lan *lan = &config->lans[number];
	bool on = lan->sponge.mode != SPONGE_OFF;

	conf->flags |=
		(uint16_t)((on ? LAN_SPONGE : 0) | (on && lan->sponge.dummy ? LAN_DUMMY : 0) |
			   (lan->bindings.learned ? LAN_LEARN_HOSTS : 0));
	conf->hosts = count_hosts(config, number);
	conf->sponge_mac = config_sponge_mac(lan);
}
