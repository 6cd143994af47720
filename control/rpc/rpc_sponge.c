// SPDX-License-Identifier: BSD-3-Clause
// show.sponge: which addresses are down. What control knows is put together with what the dataplane
// has counted, if there is one.
#include <stdlib.h>
#include <string.h>

#include "control/alloc.h"
#include "control/config/config.h"
#include "control/control.h"
#include "control/fabric/dump.h"
#include "control/fabric/fabric.h"
#include "control/rpc/rpc.h"
#include "control/rpc/sponge_pick.h"
#include "control/sponge/sponge.h"
#include "lib/message.h"

enum { ADDRESSES_MAX = 100000 }; // in one answer

struct show {
	struct rpc_call *call;
	struct sponge_picks picks;
	struct host_info *hosts; // [picks.n]; family 0: the dataplane knows nothing of it
	size_t unchanged;	 // that are not shown because they are as at the start
	size_t only_lan;	 // SIZE_MAX: all
	bool summary;
	bool truncated;
};

static int compare(size_t lan, uint8_t family, const uint8_t *octets,
		   const struct sponge_pick *pick)
{
	if (lan != pick->lan)
		return lan < pick->lan ? -1 : 1;
	if (family != pick->info.ip.family)
		return family < pick->info.ip.family ? -1 : 1;
	return memcmp(octets, pick->info.ip.octets, sizeof(pick->info.ip.octets));
}

static void take_host(void *argument, uint16_t lan, const struct host_info *host)
{
	struct show *show = argument;
	size_t low = 0, high = show->picks.n;

	while (low < high) {
		size_t middle = (low + high) / 2;
		int order = compare(lan, host->set.family, host->set.address,
				    &show->picks.list[middle]);

		if (order == 0) {
			show->hosts[middle] = *host;
			return;
		}
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
}

static json_t *describe_states(const struct machine_count *count)
{
	json_t *states = json_object();

	for (int i = 0; i < MACHINE_STATES; i++)
		json_object_set_new(states, machine_state_name((enum machine_state)i),
				    json_integer(count->states[i]));
	return states;
}

static json_t *describe_lan(struct show *show, size_t lan, const struct machine *machine)
{
	static const char *const modes[] = {
		[SPONGE_OFF] = "off", [SPONGE_FAST] = "fast", [SPONGE_ARPSPONGE] = "arpsponge"};
	const struct config_lan *config = &show->call->control->running.config->lans[lan];
	const struct config_sponge *sponge = &config->sponge;
	struct machine_count count;

	machine_count(machine, &count);
	return json_pack("{s:s, s:s, s:o, s:b, s:b, s:b, s:b, s:o, s:I, s:I, s:I, s:I}", "lan",
			 config->name, "mode", modes[sponge->mode], "mac", rpc_mac(sponge->mac),
			 "learning", (int)count.learning, "dummy", (int)sponge->dummy, "passive",
			 (int)sponge->passive, "static", (int)sponge->is_static, "states",
			 describe_states(&count), "tracked", (json_int_t)count.tracked, "forgotten",
			 (json_int_t)count.forgotten, "queries", (json_int_t)count.queries,
			 "octets", (json_int_t)count.octets);
}

static json_t *describe_counts(struct show *show)
{
	struct sponges_count count = {0};

	sponges_count(show->call->control->sponges, &count);
	return json_pack("{s:I, s:I, s:I, s:I, s:I, s:I}", "questions", (json_int_t)count.questions,
			 "missed", (json_int_t)count.missed, "queries", (json_int_t)count.queries,
			 "updates", (json_int_t)count.updates, "signs", (json_int_t)count.signs,
			 "lost", (json_int_t)count.lost);
}

static json_t *time_of(uint64_t ms)
{
	return rpc_time(sponges_time(ms));
}

// Whose the address is by the configuration, or else behind which port it was seen.
static const struct config_port *port_of(const struct running *running,
					 const struct sponge_pick *pick)
{
	const struct machine_info *info = &pick->info;

	if (info->assigned)
		return rpc_owner(running->config, (uint16_t)pick->lan, &info->ip);
	return info->port == MACHINE_NO_PORT ? NULL : running_port_at(running, info->port);
}

static json_t *describe_address(const struct show *show, size_t i)
{
	const struct running *running = &show->call->control->running;
	const struct sponge_pick *pick = &show->picks.list[i];
	const struct machine_info *info = &pick->info;
	const struct config_port *port = port_of(running, pick);
	bool counted = show->hosts && show->hosts[i].set.family;

	json_t *address =
		json_pack("{s:o, s:s, s:s, s:o, s:b, s:b, s:I, s:o, s:o, s:o, s:o}", "address",
			  rpc_ip(&info->ip), "lan", running->config->lans[pick->lan].name, "state",
			  machine_state_name(info->state), "since", time_of(info->since_ms),
			  "assigned", (int)info->assigned, "protected", (int)info->protected,
			  "pending", (json_int_t)info->pending, "ifname",
			  rpc_string(port ? port->name : NULL), "asn",
			  rpc_known(port ? port->asn : 0), "member",
			  rpc_string(port ? port->member_name : NULL), "mac",
			  info->mac ? rpc_mac(info->mac) : json_null());
	json_object_update_new(
		address,
		json_pack("{s:I, s:o, s:I, s:I, s:o, s:o, s:o, s:I, s:o, s:o}", "queued",
			  (json_int_t)info->queued, "rate",
			  info->rate > 0 ? json_real(info->rate) : json_null(), "questions",
			  (json_int_t)info->questions, "queries", (json_int_t)info->queries,
			  "asked", time_of(info->asked_ms), "queried", time_of(info->queried_ms),
			  "alive", time_of(info->alive_ms), "warned", (json_int_t)info->warned,
			  "answered", counted ? json_integer(show->hosts[i].answered) : json_null(),
			  "told", counted ? json_integer(show->hosts[i].told) : json_null()));
	return address;
}

static json_t *describe_lans(struct show *show)
{
	const struct config *config = show->call->control->running.config;
	json_t *lans = json_array();

	for (size_t i = 0; i < config->n_lans; i++) {
		struct machine *machine = sponges_machine(show->call->control->sponges, i);

		if (machine && (show->only_lan == SIZE_MAX || show->only_lan == i))
			json_array_append_new(lans, describe_lan(show, i, machine));
	}
	return lans;
}

static void answer(struct show *show)
{
	json_t *result = json_pack("{s:o, s:o}", "lans", describe_lans(show), "counts",
				   describe_counts(show));
	json_t *addresses = json_array();

	for (size_t i = 0; i < show->picks.n; i++)
		json_array_append_new(addresses, describe_address(show, i));
	if (!show->summary)
		json_object_update_new(result, json_pack("{s:O, s:I, s:b}", "addresses", addresses,
							 "unchanged", (json_int_t)show->unchanged,
							 "truncated", (int)show->truncated));
	json_decref(addresses);
	rpc_result(show->call, result);
}

static void end(void *argument, int code, const char *text)
{
	struct show *show = argument;

	if (code == RPC_REFUSED)
		rpc_error(show->call, code, NULL, "%s", text);
	else
		answer(show); // without a dataplane its counters are missing, and nothing else
	free(show->picks.list);
	free(show->hosts);
	free(show);
}

// How many addresses that nobody asked for by a range are left out.
static size_t count_unchanged(const struct show *show, const struct sponge_wish *wish)
{
	const struct config *config = show->call->control->running.config;
	size_t n = 0, wanted = wish->state ? (size_t)machine_state_parse(wish->state) : 0;

	if (wish->range && strcmp(wish->range, "all") != 0)
		return 0;
	for (size_t lan = 0; lan < config->n_lans; lan++) {
		struct machine *machine = sponges_machine(show->call->control->sponges, lan);
		struct machine_count count = {0};

		if (!machine || (show->only_lan != SIZE_MAX && show->only_lan != lan))
			continue;
		machine_count(machine, &count);
		for (size_t i = 0; i < MACHINE_STATES; i++)
			n += wish->state && i != wanted ? 0 : count.states[i];
	}
	return n > show->picks.n ? n - show->picks.n : 0;
}

static void start(struct show *show)
{
	static const struct dump_listener listener = {.host = take_host, .done = end};
	struct control *control = show->call->control;
	struct dump_wish wish = {.port = FDB_ANY,
				 .n_lans = (uint16_t)control->running.config->n_lans};

	show->hosts = alloc_zero((show->picks.n + 1) * sizeof(*show->hosts));
	if (show->only_lan != SIZE_MAX) {
		wish.first_lan = (uint16_t)show->only_lan;
		wish.n_lans = 1;
	}
	if (show->summary || !show->picks.n || fabric_problem(control->fabric) ||
	    dump_start(control, &wish, &listener, show))
		end(show, 0, NULL);
}

void rpc_show_sponge(struct rpc_call *call)
{
	struct sponge_wish wish = {.only_known = true, .looks = true};
	struct sponge_picks picks;
	int summary = false;

	if (!rpc_params(call, "{s?s, s?s, s?s, s?b}", "lan", &wish.lan, "range", &wish.range,
			"state", &wish.state, "summary", &summary) ||
	    !sponge_pick(call, &wish, &picks))
		return;
	struct show *show = alloc_zero(sizeof(*show));
	*show = (struct show){.call = call, .picks = picks, .only_lan = SIZE_MAX};
	show->summary = summary;
	for (size_t i = 0; wish.lan && i < call->control->running.config->n_lans; i++) {
		if (strcmp(call->control->running.config->lans[i].name, wish.lan) == 0)
			show->only_lan = i;
	}
	show->unchanged = count_unchanged(show, &wish);
	show->truncated = picks.n > ADDRESSES_MAX;
	if (show->truncated)
		show->picks.n = ADDRESSES_MAX;
	start(show);
}
