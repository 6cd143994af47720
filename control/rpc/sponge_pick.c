// SPDX-License-Identifier: BSD-3-Clause
#include "control/rpc/sponge_pick.h"

#include <stdlib.h>
#include <string.h>

#include "control/alloc.h"
#include "control/config/config.h"
#include "control/control.h"
#include "control/rpc/rpc.h"
#include "control/sponge/sponge.h"
#include "lib/ip_range.h"

struct picking {
	struct rpc_call *call;
	const struct sponge_wish *wish;
	struct sponge_picks *picks;
	bool has_range;
	struct ip_range range;
	int state; // -1: any
	size_t lan;
};

static const struct config_lan *lan_of(const struct picking *p)
{
	return &p->call->control->running.config->lans[p->lan];
}

static void add(void *argument, const struct machine_info *info)
{
	struct picking *p = argument;
	struct sponge_picks *picks = p->picks;

	if ((p->state >= 0 && (int)info->state != p->state) ||
	    (p->has_range && !ip_range_contains(&p->range, &info->ip)))
		return;
	if ((picks->n & (picks->n - 1)) == 0)
		picks->list =
			alloc_array(picks->list, picks->n ? 2 * picks->n : 1, sizeof(*picks->list));
	picks->list[picks->n++] = (struct sponge_pick){.lan = p->lan, .info = *info};
}

static bool is_own(const struct config_lan *lan, const struct ip *ip)
{
	return ip_equal(ip, &lan->sponge.address4) || ip_equal(ip, &lan->sponge.address6);
}

static const struct ip_prefix *prefix_of(const struct config_lan *lan, const struct ip *ip)
{
	for (size_t i = 0; i < lan->n_prefixes; i++) {
		if (ip_prefix_contains(&lan->prefixes[i], ip))
			return &lan->prefixes[i];
	}
	return NULL;
}

// Whether a range means the address: nobody can have the first and the last of a prefix.
static bool is_meant(const struct picking *p, const struct ip *ip)
{
	const struct config_lan *lan = lan_of(p);
	const struct ip_prefix *prefix = prefix_of(lan, ip);

	if (!prefix)
		return false;
	if (ip_range_count(&p->range) == 1)
		return true;
	return !ip_is_network(prefix, ip) && !ip_is_broadcast(prefix, ip) &&
	       (p->wish->looks || !is_own(lan, ip));
}

static void pick_each(struct picking *p)
{
	struct machine *machine = sponges_machine(p->call->control->sponges, p->lan);
	uint64_t n = ip_range_count(&p->range);
	struct ip ip = p->range.first;

	for (uint64_t i = 0; i < n; i++, ip_next(&ip)) {
		struct machine_info info = {.ip = ip, .port = MACHINE_NO_PORT};

		if (!is_meant(p, &ip))
			continue;
		machine_find(machine, &ip, &info);
		add(p, &info);
	}
}

static bool refuse(struct rpc_call *call, const char *range, const char *why)
{
	rpc_error(call, RPC_NOT_FOUND, NULL, "%.100s %s", range, why);
	return false;
}

// The LAN of a range: the one that was named, or the one that its first address is in.
static bool find_lan(struct picking *p)
{
	struct control *control = p->call->control;
	const char *range = p->wish->range;
	char text[IP_TEXT_SIZE];

	if (!p->wish->lan)
		p->lan = sponges_lan_of(control->sponges, &p->range.first);
	if (p->lan == SIZE_MAX)
		return refuse(p->call, ip_format(&p->range.first, text),
			      "is in no LAN that has a sponge");
	if (!prefix_of(lan_of(p), &p->range.first) || !prefix_of(lan_of(p), &p->range.last)) {
		rpc_error(p->call, RPC_NOT_FOUND, NULL, "%.100s is not all in LAN %s", range,
			  lan_of(p)->name);
		return false;
	}
	return true;
}

static bool pick_range(struct picking *p)
{
	const char *range = p->wish->range;
	uint64_t n = ip_range_count(&p->range);

	if (!find_lan(p))
		return false;
	if (n == 1 && !p->wish->looks && is_own(lan_of(p), &p->range.first)) {
		rpc_error(p->call, RPC_REFUSED, NULL,
			  "%.100s is the sponge's own address, for which it always answers", range);
		return false;
	}
	if (n <= PICK_MAX) {
		pick_each(p);
	} else if (p->wish->only_known) {
		machine_each(sponges_machine(p->call->control->sponges, p->lan), add, p);
	} else {
		rpc_error(p->call, RPC_BAD_PARAMS, NULL,
			  "%.100s has more than %d addresses: write a shorter range", range,
			  PICK_MAX);
		return false;
	}
	return true;
}

static void pick_all(struct picking *p)
{
	const struct config *config = p->call->control->running.config;
	size_t first = p->wish->lan ? p->lan : 0, end = p->wish->lan ? p->lan + 1 : config->n_lans;

	for (p->lan = first; p->lan < end; p->lan++) {
		struct machine *machine = sponges_machine(p->call->control->sponges, p->lan);

		if (machine)
			machine_each(machine, add, p);
	}
}

// The number of the LAN that was named.
static bool read_lan(struct picking *p)
{
	struct rpc_call *call = p->call;
	uint16_t number;

	if (!p->wish->lan)
		return true;
	if (!rpc_needs_lan(call, p->wish->lan, &number))
		return false;
	p->lan = number;
	if (number < call->control->running.config->n_lans &&
	    sponges_machine(call->control->sponges, number))
		return true;
	rpc_error(call, RPC_NOT_FOUND, NULL,
		  "LAN \"%.64s\" has no sponge: its configuration says sponge: {mode: off}",
		  p->wish->lan);
	return false;
}

static bool read_range(struct picking *p)
{
	const char *range = p->wish->range;

	p->has_range = range && strcmp(range, "all") != 0;
	if (!p->has_range || ip_range_parse(range, &p->range) == 0)
		return true;
	rpc_error(p->call, RPC_BAD_PARAMS, NULL,
		  "\"%.100s\" is no range: write 192.0.2.7, 192.0.2.7-192.0.2.9, 192.0.2.0/28 or "
		  "all",
		  range);
	return false;
}

static bool read_state(struct picking *p)
{
	const char *state = p->wish->state;

	p->state = state ? machine_state_parse(state) : -1;
	if (!state || p->state >= 0)
		return true;
	rpc_error(p->call, RPC_BAD_PARAMS, NULL,
		  "\"%.32s\" is no state: write none, alive, pending, dead or static", state);
	return false;
}

static bool has_sponge(struct rpc_call *call)
{
	const struct config *config = call->control->running.config;

	for (size_t i = 0; config && i < config->n_lans; i++) {
		if (sponges_machine(call->control->sponges, i))
			return true;
	}
	rpc_error(call, RPC_NOT_FOUND, NULL,
		  "no LAN has a sponge: write sponge: {mode: fast} in the configuration of one");
	return false;
}

bool sponge_pick(struct rpc_call *call, const struct sponge_wish *wish, struct sponge_picks *picks)
{
	struct picking p = {.call = call, .wish = wish, .picks = picks, .lan = SIZE_MAX};

	*picks = (struct sponge_picks){0};
	if (!has_sponge(call) || !read_lan(&p) || !read_range(&p) || !read_state(&p))
		return false;
	if (p.has_range)
		return pick_range(&p);
	pick_all(&p);
	return true;
}
