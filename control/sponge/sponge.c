// SPDX-License-Identifier: BSD-3-Clause
#include "control/sponge/sponge.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "control/alloc.h"
#include "control/change.h"
#include "control/control.h"
#include "control/fabric/fabric.h"
#include "control/loop.h"
#include "control/sponge/keep.h"
#include "control/sponge/sponge_lan.h"
#include "lib/log.h"

enum { TICK_MS = 1000 };

uint64_t sponges_now_ms(void)
{
	return loop_now_ms();
}

double sponges_time(uint64_t ms)
{
	return ms ? change_now() - ((double)loop_now_ms() - (double)ms) / 1000 : 0;
}

// ---- Time

// Without a dataplane nobody is asked, so that nobody is found to be down.
static bool is_in_force(const struct sponges *sponges)
{
	const struct control *control = sponges->control;

	return fabric_is_attached(control->fabric) && control->running.slots;
}

static void pace(struct sponges *sponges)
{
	uint64_t now_ms = sponges_now_ms();
	uint32_t soonest = 0;

	for (size_t i = 0; i < MAX_LANS; i++) {
		struct sponge_lan *lan = sponges->lans[i];
		uint32_t wait = lan && lan->machine ? machine_pace(lan->machine, now_ms) : 0;

		if (wait && (!soonest || wait < soonest))
			soonest = wait;
	}
	if (soonest)
		loop_timer_set(sponges->pace, soonest);
	else
		loop_timer_stop(sponges->pace);
}

static void on_pace(evutil_socket_t fd, short what, void *argument)
{
	(void)fd, (void)what;
	if (is_in_force(argument))
		pace(argument);
}

void sponges_hurry(struct sponges *sponges)
{
	if (sponges)
		loop_timer_set(sponges->pace, 0);
}

static void tick_lan(struct sponge_lan *lan)
{
	uint64_t now_ms = sponges_now_ms();

	if (lan->machine)
		machine_tick(lan->machine, now_ms);
	if (lan->bindings)
		bindings_tick(lan->bindings, now_ms);
	report_second(lan);
}

static void schedule(struct sponges *sponges)
{
	uint64_t now_ms = sponges_now_ms();

	sponges->next_ms += sponges->tick_ms;
	if (sponges->next_ms <= now_ms) // late by more than a second: begin anew
		sponges->next_ms = now_ms + sponges->tick_ms;
	loop_timer_set(sponges->tick, (uint32_t)(sponges->next_ms - now_ms));
}

static void on_tick(evutil_socket_t fd, short what, void *argument)
{
	struct sponges *sponges = argument;

	(void)fd, (void)what;
	schedule(sponges);
	if (!is_in_force(sponges))
		return;
	for (size_t i = 0; i < MAX_LANS; i++) {
		if (sponges->lans[i])
			tick_lan(sponges->lans[i]);
	}
	pace(sponges);
	verdict_compare(sponges);
	states_keep(sponges, false);
}

// ---- Which LANs have one

static struct sponge_lan *take_out(struct sponge_lan **lans, const char *name, size_t *from)
{
	for (size_t i = 0; i < MAX_LANS; i++) {
		struct sponge_lan *lan = lans[i];

		if (!lan || strcmp(lan->name, name) != 0)
			continue;
		lans[i] = NULL;
		*from = i;
		return lan;
	}
	return NULL;
}

static void drop_lan(struct sponges *sponges, struct sponge_lan *lan)
{
	told_forget(sponges->told, lan);
	if (sponges->dumped == lan)
		sponges->dumped = NULL;
	keep_begin(sponges->keep);
	keep_forget(sponges->keep, lan->name);
	keep_end(sponges->keep, change_now());
	lan_destroy(lan);
}

// What the dataplane knew before is compared with once for each attachment, and for each new LAN.
static void configure_lan(struct sponges *sponges, struct sponge_lan *lan, uint16_t number)
{
	sponges->lans[number] = lan;
	lan->wants_dump |= sponges->anew;
	if (lan_configure(lan, number))
		log_err("LAN %s: there is no memory for its sponge", lan->name);
	if (sponges->other && !lan->wants_dump)
		verdict_tell_all(lan); // its table may be a new one
}

static void configure_lans(struct sponges *sponges)
{
	const struct config *config = sponges->control->running.config;
	struct sponge_lan *old[MAX_LANS];
	size_t to[MAX_LANS];

	memcpy(old, sponges->lans, sizeof(old));
	memset(sponges->lans, 0, sizeof(sponges->lans));
	for (size_t i = 0; i < MAX_LANS; i++)
		to[i] = SIZE_MAX;
	for (uint16_t i = 0; i < config->n_lans; i++) {
		size_t from = i;

		if (!lan_is_wanted(&config->lans[i]))
			continue;
		struct sponge_lan *lan = take_out(old, config->lans[i].name, &from);
		if (lan)
			to[from] = i;
		else
			lan = lan_create(sponges, config->lans[i].name);
		configure_lan(sponges, lan, i);
	}
	for (size_t i = 0; i < MAX_LANS; i++) {
		if (old[i])
			drop_lan(sponges, old[i]);
	}
	peers_configure(sponges->peers, &sponges->control->running, to);
}

void sponges_configure(struct sponges *sponges)
{
	if (!sponges || !is_in_force(sponges))
		return;
	const struct running *running = &sponges->control->running;

	sponges->other = sponges->config != running->config;
	sponges->config = running->config;
	out_stop(sponges->out);
	configure_lans(sponges);
	sponges->anew = sponges->other = false;
	report_configured(sponges);
	verdict_compare(sponges);
	sponges_hurry(sponges);
}

// Who is owed an update is forgotten there, or will be seen there.
void sponges_detached(struct sponges *sponges)
{
	if (!sponges)
		return;
	out_stop(sponges->out);
	told_stop(sponges->told);
	loop_timer_stop(sponges->pace);
	sponges->anew = true;
	for (size_t i = 0; i < MAX_LANS; i++) {
		struct sponge_lan *lan = sponges->lans[i];

		if (!lan)
			continue;
		ip_map_clear(&lan->marks, MARK_OWED | MARK_REVIVED | MARK_REFRESH);
		lan->failures = 0;
		ip_list_fini(&lan->revived);
	}
}

// ---- Life

struct sponges *sponges_create(struct control *control, const char *directory)
{
	struct sponges *sponges = alloc_zero(sizeof(*sponges));

	sponges->control = control;
	sponges->anew = true;
	sponges->tick_ms = TICK_MS;
	sponges->keep = keep_open(directory);
	sponges->peers = peers_create();
	sponges->out = out_create(control);
	sponges->told = told_create(sponges);
	sponges->tick = loop_timer(control->base, on_tick, sponges);
	sponges->pace = loop_timer(control->base, on_pace, sponges);
	if (sponges->out && sponges->told && sponges->tick && sponges->pace) {
		sponges->next_ms = sponges_now_ms();
		schedule(sponges);
		return sponges;
	}
	sponges_destroy(sponges);
	errno = ENOMEM;
	return NULL;
}

void sponges_destroy(struct sponges *sponges)
{
	if (!sponges)
		return;
	states_keep(sponges, true);
	for (size_t i = 0; i < MAX_LANS; i++) {
		if (sponges->lans[i])
			lan_destroy(sponges->lans[i]);
	}
	loop_forget(&sponges->tick);
	loop_forget(&sponges->pace);
	told_destroy(sponges->told);
	out_destroy(sponges->out);
	peers_destroy(sponges->peers);
	keep_close(sponges->keep);
	free(sponges);
}

// ---- Looking

struct machine *sponges_machine(struct sponges *sponges, size_t lan)
{
	struct sponge_lan *at = sponge_lan_at(sponges, lan);

	return at ? at->machine : NULL;
}

struct bindings *sponges_bindings(struct sponges *sponges, size_t lan)
{
	struct sponge_lan *at = sponge_lan_at(sponges, lan);

	return at ? at->bindings : NULL;
}

size_t sponges_lan_of(const struct sponges *sponges, const struct ip *ip)
{
	for (size_t i = 0; i < MAX_LANS; i++) {
		const struct sponge_lan *lan = sponge_lan_at(sponges, i);

		if (lan && lan->machine && lan_has(lan, ip))
			return i;
	}
	return SIZE_MAX;
}

void sponges_count(const struct sponges *sponges, struct sponges_count *count)
{
	*count = sponges ? sponges->count : (struct sponges_count){0};
}
