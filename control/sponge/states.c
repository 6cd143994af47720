// SPDX-License-Identifier: BSD-3-Clause
// States of addresses that outlive control, and that operators carry from one to another.
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/alloc.h"
#include "control/change.h"
#include "control/control.h"
#include "control/sponge/keep.h"
#include "control/sponge/sponge_lan.h"
#include "lib/log.h"

enum { KEEP_EVERY_MS = 3000, DUMP_VERSION = 1 };

// As arpsponge names them.
static const char *const names[MACHINE_STATES] = {
	[MACHINE_NONE] = "NONE", [MACHINE_ALIVE] = "ALIVE",   [MACHINE_PENDING] = "PENDING",
	[MACHINE_DEAD] = "DEAD", [MACHINE_STATIC] = "STATIC",
};

static uint16_t find_slot(const struct running *running, const char *name)
{
	for (size_t i = 0; running->config && *name && i < running->config->n_ports; i++) {
		if (strcmp(running->config->ports[i].name, name) == 0)
			return running_slot(running, i);
	}
	return PLAN_NO_SLOT;
}

// ---- Kept

void states_changed(struct sponge_lan *lan, const struct ip *ip)
{
	if (has_mark(lan, ip, MARK_DIRTY))
		return;
	add_mark(lan, ip, MARK_DIRTY);
	ip_list_put(&lan->dirty, ip);
}

// What the configuration gives is not worth it.
static bool is_worth_it(const struct machine_info *info)
{
	return info->state != MACHINE_STATIC ||
	       (info->why != MACHINE_INIT && info->why != MACHINE_ASSIGNED);
}

static void describe(const struct sponge_lan *lan, const struct ip *ip, struct keep_row *row)
{
	const struct config_port *port;
	struct machine_info info;

	*row = (struct keep_row){.ip = *ip};
	if (!lan->machine || !machine_find(lan->machine, ip, &info) || !is_worth_it(&info))
		return;
	row->state = info.state;
	row->mac = info.mac;
	port = running_port_at(&lan->sponges->control->running, info.port);
	snprintf(row->port, sizeof(row->port), "%s", port ? port->name : "");
}

static void keep_lan(struct sponge_lan *lan)
{
	struct keep_row row;

	for (size_t i = 0; i < lan->dirty.n; i++) {
		const struct ip *ip = &lan->dirty.ips[lan->dirty.first + i];

		describe(lan, ip, &row);
		keep_put(lan->sponges->keep, lan->name, &row);
	}
}

static void settle(struct sponge_lan *lan)
{
	struct ip ip;

	while (ip_list_take(&lan->dirty, &ip))
		remove_mark(lan, &ip, MARK_DIRTY);
}

void states_keep(struct sponges *sponges, bool all)
{
	uint64_t now_ms = sponges_now_ms();
	bool any = false;

	if (!all && now_ms - sponges->kept_ms < KEEP_EVERY_MS)
		return;
	for (size_t i = 0; i < MAX_LANS; i++)
		any |= sponges->lans[i] && sponges->lans[i]->machine;
	if (!any)
		return;
	sponges->kept_ms = now_ms;
	keep_begin(sponges->keep);
	for (size_t i = 0; i < MAX_LANS; i++) {
		if (sponges->lans[i])
			keep_lan(sponges->lans[i]);
	}
	if (!keep_end(sponges->keep, change_now()))
		return; // next time
	for (size_t i = 0; i < MAX_LANS; i++) {
		if (sponges->lans[i])
			settle(sponges->lans[i]);
	}
}

// ---- Taken up

// Seconds; below 0: nothing is kept of which that is known.
static double age(const struct sponge_lan *lan)
{
	double time = keep_time(lan->sponges->keep);
	double old = change_now() - time;

	if (time <= 0 || old < -1) // the clock was set back: nobody knows
		return -1;
	return old > 0 ? old : 0;
}

bool states_are_kept(const struct sponge_lan *lan)
{
	double old = age(lan);

	return old >= 0 && old <= lan->config->sponge.restore_age;
}

struct taking {
	struct sponge_lan *lan;
	size_t n;
};

static void take(struct taking *taking, const struct keep_row *row)
{
	struct sponge_lan *lan = taking->lan;
	uint16_t slot = find_slot(&lan->sponges->control->running, row->port);

	if (!lan_has(lan, &row->ip) ||
	    machine_restore(lan->machine, &row->ip, row->state, row->mac, slot, sponges_now_ms()))
		return;
	taking->n += row->state == MACHINE_ALIVE || row->state == MACHINE_DEAD ||
		     row->state == MACHINE_STATIC;
}

static void on_kept(void *argument, const struct keep_row *row)
{
	take(argument, row);
}

void states_restore(struct sponge_lan *lan)
{
	struct taking taking = {.lan = lan};
	struct keep *keep = lan->sponges->keep;
	double old = age(lan);

	if (states_are_kept(lan)) {
		keep_load(keep, lan->name, on_kept, &taking);
		if (taking.n)
			log_notice("LAN %s: states of %zu addresses are as they were %.0f s ago; "
				   "those that were down are asked for again",
				   lan->name, taking.n, old);
		return;
	}
	if (old > 0)
		log_notice("LAN %s: the states of addresses that are kept are %.0f s old, and "
			   "count for nothing after %u s",
			   lan->name, old, lan->config->sponge.restore_age);
	keep_begin(keep);
	keep_forget(keep, lan->name);
	keep_end(keep, change_now());
}

// ---- Dump

struct dumping {
	const struct sponge_lan *lan;
	json_t *states;
};

static void dump_one(void *argument, const struct machine_info *info)
{
	const struct dumping *dumping = argument;
	const struct running *running = &dumping->lan->sponges->control->running;
	const struct config_port *port = running_port_at(running, info->port);
	char ip[IP_TEXT_SIZE], mac[MAC_TEXT_SIZE];

	if (!is_worth_it(info))
		return;
	json_t *state = json_pack("{s:s, s:f, s:s?, s:s?}", "state", names[info->state], "since",
				  sponges_time(info->since_ms), "mac",
				  info->mac ? mac_format(info->mac, mac) : NULL, "port",
				  port ? port->name : NULL);
	json_object_set_new(dumping->states, ip_format(&info->ip, ip), state);
}

json_t *sponges_dump(struct sponges *sponges, size_t lan)
{
	json_t *lans = json_object();

	for (size_t i = 0; i < MAX_LANS; i++) {
		const struct dumping dumping = {.lan = sponge_lan_at(sponges, i),
						.states = json_object()};

		if (dumping.lan && dumping.lan->machine && (lan == SIZE_MAX || lan == i)) {
			machine_each(dumping.lan->machine, dump_one, (void *)&dumping);
			json_object_set(lans, dumping.lan->name, dumping.states);
		}
		json_decref(dumping.states);
	}
	return json_pack("{s:i, s:f, s:o}", "version", DUMP_VERSION, "saved", change_now(), "lans",
			 lans);
}

// ---- Load

static struct sponge_lan *find_lan(const struct sponges *sponges, const char *name)
{
	for (size_t i = 0; i < MAX_LANS; i++) {
		if (sponges->lans[i] && sponges->lans[i]->machine &&
		    strcmp(sponges->lans[i]->name, name) == 0)
			return sponges->lans[i];
	}
	return NULL;
}

static int parse_state(const char *name)
{
	for (int i = 0; name && i < MACHINE_STATES; i++) {
		if (strcmp(names[i], name) == 0)
			return i;
	}
	return -1;
}

// Read a text that may be null, or not there. Returns whether it is neither anything else.
static bool read_text(const json_t *object, const char *key, const char **text)
{
	const json_t *value = json_object_get(object, key);

	*text = json_string_value(value);
	return !value || json_is_null(value) || *text;
}

// Returns false if that is no state of an address.
static bool parse_row(const char *key, const json_t *value, struct keep_row *row)
{
	const char *state, *mac, *port;

	*row = (struct keep_row){0};
	if (ip_parse(key, &row->ip) || !read_text(value, "state", &state) ||
	    !read_text(value, "mac", &mac) || !read_text(value, "port", &port) ||
	    parse_state(state) < 0 || (mac && mac_parse(mac, &row->mac)))
		return false;
	row->state = (enum machine_state)parse_state(state);
	snprintf(row->port, sizeof(row->port), "%s", port ? port : "");
	return true;
}

static int complain(char *problem, int err, const char *what, const char *name)
{
	snprintf(problem, SPONGE_PROBLEM_SIZE, "%s: %.100s", what, name);
	return err;
}

static int check_lan(const struct sponge_lan *lan, json_t *states, double old, bool force,
		     char *problem)
{
	struct keep_row row;
	const char *key;
	json_t *value;

	json_object_foreach (states, key, value) {
		if (!parse_row(key, value, &row))
			return complain(problem, -EINVAL, "this is no state of an address", key);
	}
	if (!lan || force || old <= lan->config->sponge.restore_age)
		return 0;
	snprintf(problem, SPONGE_PROBLEM_SIZE,
		 "the dump is %.0f s old, and LAN %s takes none older than %u s: if it is still "
		 "true, use --force",
		 old, lan->name, lan->config->sponge.restore_age);
	return -ESTALE;
}

static int check_dump(const struct sponges *sponges, json_t *lans, double old, bool force,
		      char *problem)
{
	const char *name;
	json_t *states;
	int err;

	json_object_foreach (lans, name, states) {
		if (!json_is_object(states))
			return complain(problem, -EINVAL, "these are no states", name);
		err = check_lan(find_lan(sponges, name), states, old, force, problem);
		if (err)
			return err;
	}
	return 0;
}

static void load_lan(struct taking *taking, json_t *states)
{
	struct keep_row row;
	const char *key;
	json_t *value;

	json_object_foreach (states, key, value) {
		if (parse_row(key, value, &row))
			take(taking, &row);
	}
}

int sponges_load(struct sponges *sponges, const json_t *dump, bool force, size_t *taken,
		 char *problem)
{
	struct taking taking = {0};
	const char *name;
	json_t *lans, *states;
	double saved;
	int version;

	*taken = 0;
	if (!sponges ||
	    json_unpack((json_t *)dump, "{s:i, s:F, s:o}", "version", &version, "saved", &saved,
			"lans", &lans) ||
	    !json_is_object(lans) || version != DUMP_VERSION)
		return complain(problem, -EINVAL, "this is no dump of states",
				"\"version\", \"saved\" and \"lans\" belong to one");
	int err = check_dump(sponges, lans, change_now() - saved, force, problem);
	if (err)
		return err;
	json_object_foreach (lans, name, states) {
		taking.lan = find_lan(sponges, name);
		if (taking.lan)
			load_lan(&taking, states);
	}
	*taken = taking.n;
	return 0;
}
