// SPDX-License-Identifier: BSD-3-Clause
// Who was told that the sponge has an address learns where it really is, once it is alive again.
//
// The dataplane knows who that is, and keeps it until it is asked. So addresses wait here, and the
// neighbours of one of them at a time are asked for and told, no faster than "probe_rate": however
// many addresses come back at once, that takes no more memory. One that is down again when its turn
// comes is left out, for what those neighbours know is true again.
#include <stdlib.h>
#include <string.h>

#include "control/alloc.h"
#include "control/control.h"
#include "control/fabric/fabric.h"
#include "control/loop.h"
#include "control/sponge/sponge_lan.h"
#include "lib/log.h"

enum { STEP_MS = 10 };

struct told {
	struct sponges *sponges;
	struct event *timer;
	size_t turn;		// the LAN whose turn is next
	bool asking;		// the dataplane, who it is
	struct sponge_lan *lan; // NULL: of none, or it went
	struct frames_host owner;
	enum sponge_update forms[FORMS_MAX];
	size_t n_forms;
	struct neigh_info *neighbours;
	size_t n;
	size_t at;
	size_t form;	  // the next one for neighbours[at]
	double room;	  // frames that may go now
	uint64_t last_ms; // when that was so
};

static void turn(struct told *told);

static void on_timer(evutil_socket_t fd, short what, void *argument)
{
	(void)fd, (void)what;
	turn(argument);
}

struct told *told_create(struct sponges *sponges)
{
	struct told *told = alloc_zero(sizeof(*told));

	told->sponges = sponges;
	told->timer = loop_timer(sponges->control->base, on_timer, told);
	if (told->timer)
		return told;
	free(told);
	return NULL;
}

void told_destroy(struct told *told)
{
	if (!told)
		return;
	loop_forget(&told->timer);
	free(told->neighbours);
	free(told);
}

static void wake(struct told *told)
{
	if (!told->asking && !event_pending(told->timer, EV_TIMEOUT, NULL))
		loop_timer_set(told->timer, 0);
}

void told_revive(struct sponge_lan *lan, const struct ip *ip)
{
	if (has_mark(lan, ip, MARK_REVIVED))
		return;
	add_mark(lan, ip, MARK_OWED | MARK_REVIVED);
	ip_list_put(&lan->revived, ip);
	wake(lan->sponges->told);
}

static void drop_neighbours(struct told *told)
{
	free(told->neighbours);
	told->neighbours = NULL;
	told->n = told->at = told->form = 0;
}

void told_forget(struct told *told, const struct sponge_lan *lan)
{
	if (told->lan != lan)
		return;
	told->lan = NULL;
	drop_neighbours(told);
}

void told_stop(struct told *told)
{
	loop_timer_stop(told->timer);
	told->lan = NULL;
	told->asking = false;
	drop_neighbours(told);
}

// ---- Telling

size_t told_forms(const struct sponge_lan *lan, uint8_t family, enum sponge_update *forms)
{
	uint32_t wanted = lan->config->sponge.updates;
	size_t n = 0;

	if (wanted & SPONGE_UPDATE_REPLY)
		forms[n++] = SPONGE_UPDATE_REPLY;
	if (wanted & SPONGE_UPDATE_REQUEST)
		forms[n++] = SPONGE_UPDATE_REQUEST;
	if (wanted & SPONGE_UPDATE_GRATUITOUS && (family == 4 || !(wanted & SPONGE_UPDATE_REPLY)))
		forms[n++] = SPONGE_UPDATE_GRATUITOUS;
	return n;
}

static struct frames_host host_of(const struct neigh_info *info)
{
	struct frames_host host = {.ip.family = info->family, .mac = info->mac & MAC_MASK};

	memcpy(host.ip.octets, info->address, info->family == 4 ? 4 : 16);
	return host;
}

// Returns whether a frame went.
static bool tell_one(struct told *told)
{
	const struct neigh_info *info = &told->neighbours[told->at];
	const struct frames_host neighbour = host_of(info);
	struct out_frame frame = {.lan = told->lan->number,
				  .port = info->port,
				  .except = FDB_ANY,
				  .count = &told->sponges->count.updates};

	frame.length =
		frames_update(told->forms[told->form], &told->owner, &neighbour, frame.octets);
	if (out_put(told->sponges->out, &frame))
		return false; // there is room in a moment
	told->form++;
	// Who is told by an announcement is told by one.
	if (told->form == told->n_forms || !neighbour.mac) {
		told->form = 0;
		told->at++;
	}
	return true;
}

// What is not used within a step is lost, but for the one frame that may always go.
static void make_room(struct told *told)
{
	double rate = told->lan->config->sponge.probe_rate;
	double most = rate * STEP_MS / 1000;
	uint64_t now_ms = sponges_now_ms();

	told->room += (double)(now_ms - told->last_ms) * rate / 1000;
	told->last_ms = now_ms;
	if (told->room > most && told->room > 1)
		told->room = most > 1 ? most : 1;
}

// ---- Asking who

static void take_neighbours(struct told *told, const struct reply_neigh *reply)
{
	for (uint16_t i = 0; i < reply->n && i < REPLY_NEIGH_ENTRIES; i++) {
		if ((told->n & (told->n - 1)) == 0) // full: every power of two is a new size
			told->neighbours = alloc_array(told->neighbours, told->n ? told->n * 2 : 1,
						       sizeof(*told->neighbours));
		told->neighbours[told->n++] = reply->entries[i];
	}
}

// The dataplane has forgotten them: from now on they are known here only.
static void start_telling(struct told *told)
{
	struct sponge_lan *lan = told->lan;

	remove_mark(lan, &told->owner.ip, MARK_OWED);
	if (!has_mark(lan, &told->owner.ip, MARK_SPONGED))
		verdict_tell(lan, &told->owner.ip); // perhaps nothing of it is to be known any more
	told->n_forms = told_forms(lan, told->owner.ip.family, told->forms);
	if (told->n && told->n_forms && !lan->config->sponge.dummy)
		report_told(lan, &told->owner.ip, told->n);
	else
		drop_neighbours(told);
}

static void on_reply(void *argument, const struct message *reply, int err)
{
	struct told *told = argument;

	if (err) {
		told_stop(told);
		return;
	}
	if (reply->header.type == REPLY_TOLD && told->lan)
		take_neighbours(told, &reply->neigh);
	if (!fabric_is_last(reply))
		return;
	told->asking = false;
	if (reply->header.type == REPLY_ERROR)
		log_warn("who was told that the sponge has an address is not known: %s",
			 reply->error.text);
	if (told->lan)
		start_telling(told);
	wake(told);
}

// The next address that still is alive, and of which it is known where. Returns false if there is
// none in this LAN.
static bool take_next(struct sponge_lan *lan, struct frames_host *owner)
{
	uint16_t port;

	while (ip_list_take(&lan->revived, &owner->ip)) {
		remove_mark(lan, &owner->ip, MARK_REVIVED);
		if (has_mark(lan, &owner->ip, MARK_OWED) &&
		    !has_mark(lan, &owner->ip, MARK_SPONGED) &&
		    lan_owner(lan, &owner->ip, &port, &owner->mac) && owner->mac)
			return true;
	}
	return false;
}

static void ask_next(struct told *told)
{
	struct frames_host owner;
	struct message command;

	for (size_t i = 0; i < MAX_LANS; i++) {
		struct sponge_lan *lan = told->sponges->lans[told->turn];

		told->turn = (told->turn + 1) % MAX_LANS;
		if (!lan || !take_next(lan, &owner))
			continue;
		message_init(&command, COMMAND_HOST_SET, 0);
		verdict_fill(lan, &owner.ip, &command.host);
		command.host.flags |= HOST_ANSWER;
		if (fabric_send(told->sponges->control->fabric, &command, on_reply, told))
			return; // without a dataplane there is nobody to tell
		told->lan = lan;
		told->owner = owner;
		told->asking = true;
		return;
	}
}

static void turn(struct told *told)
{
	if (told->asking)
		return;
	if (told->at < told->n) {
		make_room(told);
		while (told->at < told->n && told->room >= 1 && tell_one(told))
			told->room--;
		loop_timer_set(told->timer, STEP_MS);
		return;
	}
	drop_neighbours(told);
	told->lan = NULL;
	ask_next(told);
}
