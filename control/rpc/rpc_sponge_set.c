// SPDX-License-Identifier: BSD-3-Clause
// What operators say to the sponge: sponge.set, sponge.unset, sponge.clear, sponge.probe,
// sponge.inform, sponge.dump and sponge.load.
#include <errno.h>
#include <stdlib.h>

#include "control/config/config.h"
#include "control/control.h"
#include "control/rpc/rpc.h"
#include "control/rpc/sponge_pick.h"
#include "control/sponge/sponge.h"
#include "lib/log.h"

// Read "lan", "range" and "state", and pick.
static bool read_picks(struct rpc_call *call, bool only_known, struct sponge_picks *picks)
{
	struct sponge_wish wish = {.only_known = only_known};

	return rpc_params(call, "{s?s, s:s, s?s}", "lan", &wish.lan, "range", &wish.range, "state",
			  &wish.state) &&
	       sponge_pick(call, &wish, picks);
}

static void note(struct rpc_call *call, const char *done, size_t n)
{
	char *peer = rpc_peer(call);

	log_notice("%s %s %zu address%s", peer, done, n, n == 1 ? "" : "es");
	free(peer);
}

static void end_set(struct rpc_call *call, struct sponge_picks *picks, enum machine_state state)
{
	size_t n = 0;
	int err = 0;

	while (n < picks->n && !err) {
		const struct sponge_pick *pick = &picks->list[n];

		err = machine_set(sponges_machine(call->control->sponges, pick->lan),
				  &pick->info.ip, state, sponges_now_ms());
		n += !err;
	}
	free(picks->list);
	note(call, state == MACHINE_ALIVE ? "has unsponged" : "has sponged", n);
	if (err)
		rpc_error(call, RPC_REFUSED, NULL,
			  "there is room for no more addresses that nobody has: %zu were set, the "
			  "others were not; raise targets in the LAN's sponge",
			  n);
	else
		rpc_result(call, json_pack("{s:I, s:s}", "changed", (json_int_t)n, "state",
					   machine_state_name(state)));
}

void rpc_sponge_set(struct rpc_call *call)
{
	struct sponge_wish wish = {0};
	struct sponge_picks picks;
	int is_static = false;

	if (rpc_params(call, "{s?s, s:s, s?s, s?b}", "lan", &wish.lan, "range", &wish.range,
		       "state", &wish.state, "static", &is_static) &&
	    sponge_pick(call, &wish, &picks))
		end_set(call, &picks, is_static ? MACHINE_STATIC : MACHINE_DEAD);
}

void rpc_sponge_unset(struct rpc_call *call)
{
	struct sponge_picks picks;

	if (read_picks(call, true, &picks))
		end_set(call, &picks, MACHINE_ALIVE);
}

void rpc_sponge_clear(struct rpc_call *call)
{
	struct sponge_picks picks;
	size_t n = 0;

	if (!read_picks(call, true, &picks))
		return;
	for (size_t i = 0; i < picks.n; i++)
		n += machine_clear(sponges_machine(call->control->sponges, picks.list[i].lan),
				   &picks.list[i].info.ip, sponges_now_ms()) == 0;
	free(picks.list);
	note(call, "has cleared what the sponge knows of", n);
	rpc_result(call, json_pack("{s:I}", "changed", (json_int_t)n));
}

static bool needs_asking(struct rpc_call *call, const struct sponge_pick *pick)
{
	const struct config_lan *lan = &call->control->running.config->lans[pick->lan];

	if (!lan->sponge.passive)
		return true;
	rpc_error(call, RPC_REFUSED, NULL,
		  "the sponge of LAN %s asks nobody: its configuration says passive: yes",
		  lan->name);
	return false;
}

void rpc_sponge_probe(struct rpc_call *call)
{
	struct sponge_picks picks;
	size_t n = 0;

	if (!read_picks(call, true, &picks))
		return;
	if (picks.n && !needs_asking(call, &picks.list[0])) {
		free(picks.list);
		return;
	}
	for (size_t i = 0; i < picks.n; i++)
		n += machine_query(sponges_machine(call->control->sponges, picks.list[i].lan),
				   &picks.list[i].info.ip) == 0;
	free(picks.list);
	rpc_result(call, json_pack("{s:I}", "asked", (json_int_t)n));
}

static bool read_address(struct rpc_call *call, const char *text, struct ip *ip)
{
	if (ip_parse(text, ip) == 0)
		return true;
	rpc_error(call, RPC_BAD_PARAMS, NULL, "\"%.64s\" is no IP address", text);
	return false;
}

void rpc_sponge_inform(struct rpc_call *call)
{
	const char *whom_text, *about_text;
	char problem[SPONGE_PROBLEM_SIZE];
	struct ip whom, about;

	if (!rpc_params(call, "{s:s, s:s}", "whom", &whom_text, "about", &about_text) ||
	    !read_address(call, whom_text, &whom) || !read_address(call, about_text, &about) ||
	    !rpc_needs_dataplane(call))
		return;
	if (sponges_inform(call->control->sponges, &whom, &about, problem))
		rpc_error(call, RPC_REFUSED, NULL, "%s", problem);
	else
		rpc_result(call,
			   json_pack("{s:o, s:o}", "whom", rpc_ip(&whom), "about", rpc_ip(&about)));
}

void rpc_sponge_dump(struct rpc_call *call)
{
	const char *lan = NULL;
	uint16_t number;

	if (!rpc_params(call, "{s?s}", "lan", &lan) || (lan && !rpc_needs_lan(call, lan, &number)))
		return;
	json_t *dump = sponges_dump(call->control->sponges, lan ? number : SIZE_MAX);
	rpc_result(call, json_pack("{s:o}", "dump", dump));
}

void rpc_sponge_load(struct rpc_call *call)
{
	char problem[SPONGE_PROBLEM_SIZE];
	int force = false;
	json_t *dump;
	size_t taken;

	if (!rpc_params(call, "{s:o, s?b}", "dump", &dump, "force", &force))
		return;
	int err = sponges_load(call->control->sponges, dump, force, &taken, problem);
	if (err) {
		rpc_error(call, err == -ESTALE ? RPC_NEEDS_FORCE : RPC_BAD_PARAMS, NULL, "%s",
			  problem);
		return;
	}
	note(call, "has loaded states of", taken);
	rpc_result(call, json_pack("{s:I}", "taken", (json_int_t)taken));
}
