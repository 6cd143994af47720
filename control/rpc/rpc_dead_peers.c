// SPDX-License-Identifier: BSD-3-Clause
// show.dead_peers and clear.dead_peers: who still sends to addresses that are down.
#include <stdlib.h>

#include "control/config/config.h"
#include "control/control.h"
#include "control/fabric/plan_lans.h"
#include "control/rpc/rpc.h"
#include "control/sponge/sponge.h"

static json_t *describe_peer(const struct running *running, const struct dead_peer *peer)
{
	const struct config_port *port = running_port_at(running, peer->port);
	const struct config_port *owner =
		rpc_owner(running->config, (uint16_t)peer->lan, &peer->target);
	char lan[NAME_SIZE];

	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:I, s:I, s:I, s:o, s:o, s:o}", "ifname",
			 rpc_string(port ? port->name : NULL), "asn",
			 rpc_known(port ? port->asn : 0), "member",
			 rpc_string(port ? port->member_name : NULL), "lan",
			 rpc_string(plan_lan_name(running->config, (uint16_t)peer->lan, lan)),
			 "target", peer->target.family ? rpc_ip(&peer->target) : json_null(),
			 "target_ifname", rpc_string(owner ? owner->name : NULL), "frames",
			 (json_int_t)peer->frames, "octets", (json_int_t)peer->octets, "syns",
			 (json_int_t)peer->syns, "first", rpc_time(peer->first), "last",
			 rpc_time(peer->last), "last_syn", rpc_time(peer->last_syn));
}

void rpc_show_dead_peers(struct rpc_call *call)
{
	const struct running *running = &call->control->running;
	const char *lan = NULL, *port = NULL;
	uint16_t number = PLAN_NO_LAN;
	size_t n = 0;

	if (!rpc_params(call, "{s?s, s?s}", "lan", &lan, "port", &port) ||
	    (lan && !rpc_needs_lan(call, lan, &number)) || !rpc_needs_port(call, port) ||
	    !rpc_needs_no_link(call, port))
		return;
	const struct config_port *only = port ? config_find_port(running->config, port) : NULL;
	struct dead_peer *peers = sponges_dead_peers(call->control->sponges, &n);
	json_t *list = json_array();
	for (size_t i = 0; i < n; i++) {
		if ((lan && peers[i].lan != number) ||
		    (only && running_port_at(running, peers[i].port) != only))
			continue;
		json_array_append_new(list, describe_peer(running, &peers[i]));
	}
	free(peers);
	rpc_result(call, json_pack("{s:o}", "dead_peers", list));
}

void rpc_clear_dead_peers(struct rpc_call *call)
{
	const char *lan = NULL;
	uint16_t number;

	if (!rpc_params(call, "{s?s}", "lan", &lan) || (lan && !rpc_needs_lan(call, lan, &number)))
		return;
	sponges_clear_dead_peers(call->control->sponges, lan ? number : SIZE_MAX);
	rpc_result(call, json_object());
}
