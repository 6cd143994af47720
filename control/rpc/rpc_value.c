// SPDX-License-Identifier: BSD-3-Clause
// Values of answers, and the checks that many methods begin with.
#include <pwd.h>
#include <stdlib.h>
#include <string.h>

#include "control/alloc.h"
#include "control/config/links.h"
#include "control/control.h"
#include "control/fabric/fabric.h"
#include "control/fabric/plan_lans.h"
#include "control/rpc/rpc.h"
#include "control/rpc/server.h"
#include "lib/drops.h"
#include "lib/mac.h"

// Everything that is not ASCII becomes "?".
static json_t *cleaned(const char *text)
{
	char *copy = alloc_format("%s", text);

	for (char *c = copy; *c; c++) {
		if (*c & 0x80)
			*c = '?';
	}
	json_t *string = json_string(copy);
	free(copy);
	return string;
}

json_t *rpc_string(const char *text)
{
	json_t *string = text ? json_string(text) : json_null();

	return string ? string : cleaned(text);
}

json_t *rpc_known(uint64_t number)
{
	return number ? json_integer((json_int_t)number) : json_null();
}

json_t *rpc_time(double seconds)
{
	return seconds > 0 ? json_real(seconds) : json_null();
}

json_t *rpc_time_ns(uint64_t nanoseconds)
{
	return rpc_time((double)(nanoseconds / 1000) / 1e6);
}

json_t *rpc_left(double until, double now)
{
	json_int_t whole = until > now ? (json_int_t)(until - now) : 0;

	if (until <= 0)
		return json_null();
	return json_integer(whole + (until > now + (double)whole)); // rounded up
}

json_t *rpc_ip(const struct ip *ip)
{
	char text[IP_TEXT_SIZE];

	return json_string(ip_format(ip, text));
}

json_t *rpc_mac(uint64_t mac)
{
	char text[MAC_TEXT_SIZE];

	return json_string(mac_format(mac & MAC_MASK, text));
}

static bool has_ip(const struct config_member *member, const struct ip *ip)
{
	for (size_t i = 0; i < member->n_ips; i++) {
		if (ip_equal(&member->ips[i], ip))
			return true;
	}
	return false;
}

const struct config_port *rpc_owner(const struct config *config, uint16_t lan, const struct ip *ip)
{
	for (size_t i = 0; i < config->n_ports; i++) {
		const struct config_port *port = &config->ports[i];

		for (size_t m = 0; m < port->n_members; m++) {
			if (port->members[m].lan == lan && has_ip(&port->members[m], ip))
				return port;
		}
	}
	return NULL;
}

json_t *rpc_octets(const uint8_t *octets, size_t n)
{
	static const char digits[] = "0123456789abcdef";
	char *text = alloc_zero(2 * n + 1);

	for (size_t i = 0; i < n; i++) {
		text[2 * i] = digits[octets[i] >> 4];
		text[2 * i + 1] = digits[octets[i] & 15];
	}
	json_t *value = n ? json_string(text) : json_null();
	free(text);
	return value;
}

json_t *rpc_reason(uint16_t reason)
{
	return reason == DROP_NONE || reason >= DROP_COUNT ? json_null()
							   : json_string(drop_infos[reason].name);
}

char *rpc_user(const struct rpc_call *call)
{
	uid_t uid = server_peer(call->connection)->uid;
	const struct passwd *user = getpwuid(uid);

	return user ? alloc_format("%s", user->pw_name) : alloc_format("uid %u", uid);
}

char *rpc_peer(const struct rpc_call *call)
{
	char *user = rpc_user(call);

	if (!*call->claim)
		return user;
	char *peer = alloc_format("%.24s (claims %s)", user, call->claim);
	free(user);
	return peer;
}

bool rpc_needs_dataplane(struct rpc_call *call)
{
	const char *problem = fabric_problem(call->control->fabric);

	if (problem)
		rpc_error(call, RPC_NOT_ATTACHED, NULL, "the dataplane is not attached: %s",
			  problem);
	return !problem;
}

static void complain_port(struct rpc_call *call, const char *port)
{
	rpc_error(call, RPC_NOT_FOUND, NULL, "there is no port \"%.64s\"", port);
}

bool rpc_needs_port(struct rpc_call *call, const char *port)
{
	const struct config *config = call->control->running.config;

	if (!port || (config && config_find_port(config, port)))
		return true;
	complain_port(call, port);
	return false;
}

bool rpc_needs_slot(struct rpc_call *call, const char *port, uint16_t *slot)
{
	const struct running *running = &call->control->running;

	if (!rpc_needs_port(call, port))
		return false;
	size_t i = (size_t)(config_find_port(running->config, port) - running->config->ports);
	*slot = running_slot(running, i);
	if (*slot != PLAN_NO_SLOT)
		return true;
	const char *problem = running_port_problem(running, i);
	rpc_error(call, RPC_REFUSED, NULL, "port %s is not in the fabric: %s", port,
		  problem ? problem : "the dataplane does not have the configuration yet");
	return false;
}

bool rpc_needs_no_link(struct rpc_call *call, const char *name)
{
	const struct config *config = call->control->running.config;
	const struct config_port *port = name && config ? config_find_port(config, name) : NULL;

	if (!port || !config_is_link(port))
		return true;
	rpc_error(call, RPC_REFUSED, NULL, CONFIG_SAY_LAG, name, port->lag, port->lag);
	return false;
}

bool rpc_needs_lan(struct rpc_call *call, const char *lan, uint16_t *number)
{
	const struct config *config = call->control->running.config;

	*number = config ? plan_lan_number(config, lan) : PLAN_NO_LAN;
	if (*number != PLAN_NO_LAN)
		return true;
	rpc_error(call, RPC_NOT_FOUND, NULL, "there is no LAN \"%.64s\"", lan);
	return false;
}
