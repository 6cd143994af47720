// SPDX-License-Identifier: BSD-3-Clause
#include "dataplane/manage/lag.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "dataplane/manage/inject.h"
#include "dataplane/manage/lacp.h"
#include "dataplane/manage/manager.h"
#include "dataplane/manage/port_info.h"
#include "dataplane/manage/spread.h"
#include "dataplane/manage/watch.h"
#include "lib/clock.h"
#include "lib/log.h"

_Static_assert((int)LACP_LINKS == (int)MAX_LAG_LINKS, "LACP knows all links of a LAG");

enum { SYSTEM_PRIORITY = 32768, ANSWERS = 10 };

struct lag {
	bool used;
	bool has_lacp;
	uint16_t min_links;
	uint16_t links[MAX_LAG_LINKS]; // slots; FDB_ANY: none
	bool agreed[MAX_LAG_LINKS]; // with the partner, at the last look, that frames leave by it
	bool in_use[MAX_LAG_LINKS];
	mac_t system; // in LACP: the address of the first link that it ever had; 0: it had none
	struct lacp lacp;
	uint64_t second; // in which "n_answers" Markers were answered
	uint32_t n_answers;
};

struct lags {
	struct lag of[MAX_PORTS]; // by slot
};

int lag_init(struct manager *manager)
{
	manager->lags = calloc(1, sizeof(*manager->lags)); // what is not used costs no memory
	return manager->lags ? 0 : -ENOMEM;
}

void lag_fini(struct manager *manager)
{
	free(manager->lags);
	manager->lags = NULL;
}

// ---- What LACP and carriers say becomes what workers do

// MAX_LAG_LINKS: it is none of the LAG's.
static unsigned int link_index(const struct lag *lag, uint16_t link)
{
	unsigned int i = 0;

	while (i < MAX_LAG_LINKS && lag->links[i] != link)
		i++;
	return i;
}

static struct port_info *info_of(const struct manager *manager, uint16_t port)
{
	return &manager->fabric->stats.ports[port];
}

static bool is_up(const struct manager *manager, uint16_t port)
{
	return info_of(manager, port)->admin_up && info_of(manager, port)->link == LINK_UP;
}

// Frames are taken from the moment on at which the partner may read that we are in sync: one that
// collects and distributes in one step sends at once, and we may look a tenth of a second later.
static bool collects(const struct lag *lag, unsigned int i)
{
	const struct lacp_link *link = &lag->lacp.links[i];

	return lag->has_lacp ? link->mux >= LACP_MUX_ATTACHED : link->up;
}

// Frames leave one look after they may: there are partners that say from the first that they
// collect, and drop what comes until they have read that we are in sync.
static bool distributes(const struct lag *lag, unsigned int i)
{
	if (!lag->has_lacp)
		return lag->lacp.links[i].up;
	return lag->agreed[i] && lacp_is_distributing(&lag->lacp, i);
}

static uint8_t reason_of(const struct lag *lag, unsigned int i)
{
	if (lag->has_lacp)
		return (uint8_t)lacp_reason(&lag->lacp, i);
	return lag->lacp.links[i].up ? LACP_CARRIES : LACP_DOWN;
}

static struct link_info describe(const struct lag *lag, unsigned int i)
{
	const struct lacp_link *link = &lag->lacp.links[i];
	struct link_info info = {.reason = reason_of(lag, i)};

	if (!lag->has_lacp)
		return info;
	info.actor_state = lacp_state(&lag->lacp, i);
	info.partner_state = link->partner.state;
	info.partner_system = link->partner.system;
	info.partner_priority = link->partner.system_priority;
	info.partner_key = link->partner.key;
	info.partner_port = link->partner.port;
	info.received = (uint32_t)link->received;
	info.sent = (uint32_t)link->sent;
	info.malformed = (uint32_t)link->malformed;
	return info;
}

static void tell_link(struct manager *manager, const struct lag *lag, unsigned int i)
{
	struct port_info *info = info_of(manager, lag->links[i]);
	struct link_info now = describe(lag, i);

	if (info->n_active == lag->in_use[i] && memcmp(&info->lacp, &now, sizeof(now)) == 0)
		return;
	stats_port_info_begin(info);
	info->n_active = lag->in_use[i];
	info->lacp = now;
	stats_port_info_end(info);
}

static void tell_lag(struct manager *manager, uint16_t p, uint8_t n_links, uint8_t n_in_use)
{
	struct port_info *info = info_of(manager, p);

	if (info->n_links == n_links && info->n_active == n_in_use)
		return;
	stats_port_info_begin(info);
	info->n_links = n_links;
	info->n_active = n_in_use;
	stats_port_info_end(info);
}

static void log_change(const struct manager *manager, uint16_t p, const struct lag *lag,
		       unsigned int i)
{
	const char *name = info_of(manager, p)->name, *link = info_of(manager, lag->links[i])->name;

	if (lag->in_use[i])
		log_notice("LAG %s: its link %s carries frames", name, link);
	else
		log_notice("LAG %s: its link %s carries none: %s", name, link,
			   lacp_reasons[reason_of(lag, i)]);
}

static void set_collecting(struct manager *manager, uint16_t port, bool collecting)
{
	_Atomic bool *flag = &manager->fabric->collecting[port];

	if (atomic_load(flag) == collecting)
		return;
	atomic_store(flag, collecting);
	manager->guards.is_stale = true;
}

// Let workers know which links take frames, and by which frames leave.
static void settle(struct manager *manager, uint16_t p, uint64_t now_ns)
{
	struct lag *lag = &manager->lags->of[p];
	uint16_t links[MAX_LAG_LINKS], in_use[MAX_LAG_LINKS];
	uint8_t n_links = 0, n_in_use = 0;
	bool collecting = false;
	uint32_t speed = 0;

	for (unsigned int i = 0; i < MAX_LAG_LINKS; i++) {
		uint16_t link = lag->links[i];
		bool was_in_use = lag->in_use[i];

		if (link == FDB_ANY)
			continue;
		links[n_links++] = link;
		lag->in_use[i] = distributes(lag, i);
		if (lag->in_use[i]) {
			in_use[n_in_use++] = link;
			speed += info_of(manager, link)->speed;
		}
		set_collecting(manager, link, collects(lag, i));
		collecting |= collects(lag, i);
		if (lag->in_use[i] != was_in_use)
			log_change(manager, p, lag, i);
		tell_link(manager, lag, i);
	}
	atomic_store(&manager->fabric->collecting[p], collecting);
	// Where none is in use none is chosen, but by a worker that still thinks so.
	spread_over(&manager->fabric->spreads[p], n_in_use ? in_use : links,
		    n_in_use ? n_in_use : n_links);
	tell_lag(manager, p, n_links, n_in_use);
	watch_link(manager, p, n_in_use && n_in_use >= lag->min_links, speed, now_ns);
}

// ---- Frames of LACP

// Whoever sends many Markers is answered ten times a second (IEEE 802.3-2018 section 57A.3).
static bool may_answer(struct lag *lag, uint64_t now_ns)
{
	uint64_t second = now_ns / CLOCK_SECOND;

	if (lag->second != second) {
		lag->second = second;
		lag->n_answers = 0;
	}
	return lag->n_answers++ < ANSWERS;
}

void lag_notice(struct manager *manager, const struct message *notice, uint64_t now_ns)
{
	const struct notice_lacp *came = &notice->lacp;
	uint16_t p = manager->policy->ports[came->link].owner;
	struct lag *lag = &manager->lags->of[p];
	unsigned int i = lag->used ? link_index(lag, came->link) : MAX_LAG_LINKS;
	uint8_t answer[LACP_FRAME];

	if (i == MAX_LAG_LINKS || !lag->has_lacp)
		return; // it was one when this was written
	if (!marker_answer(came->octets, came->length, info_of(manager, came->link)->mac, answer))
		lacp_receive(&lag->lacp, i, came->octets, came->length, now_ns);
	else if (may_answer(lag, now_ns))
		inject_frame(manager, came->link, FDB_ANY, answer, LACP_FRAME);
}

static void send(struct manager *manager, struct lag *lag, uint64_t now_ns)
{
	uint8_t frame[LACP_FRAME];

	for (unsigned int i = 0; i < MAX_LAG_LINKS; i++) {
		if (lag->links[i] != FDB_ANY && lacp_transmit(&lag->lacp, i, frame, now_ns))
			inject_frame(manager, lag->links[i], FDB_ANY, frame, LACP_FRAME);
		lag->agreed[i] = lacp_is_distributing(&lag->lacp, i);
	}
}

// ---- Time

static void run(struct manager *manager, uint16_t p, uint64_t now_ns)
{
	struct lag *lag = &manager->lags->of[p];

	for (unsigned int i = 0; i < MAX_LAG_LINKS; i++) {
		if (lag->links[i] != FDB_ANY)
			lacp_link_set_up(&lag->lacp, i,
					 is_up(manager, lag->links[i]) &&
						 info_of(manager, p)->admin_up);
	}
	if (lag->has_lacp)
		lacp_run(&lag->lacp, now_ns);
	settle(manager, p, now_ns);
	if (lag->has_lacp)
		send(manager, lag, now_ns); // what it says is true by now
}

void lag_tick(struct manager *manager, uint64_t now_ns)
{
	for (uint16_t p = 0; manager->policy && p < MAX_PORTS; p++) {
		if (manager->policy->ports[p].is_lag)
			run(manager, p, now_ns);
	}
}

// ---- Commits

static void forget_link(struct manager *manager, struct lag *lag, unsigned int i)
{
	lacp_link_remove(&lag->lacp, i);
	atomic_store(&manager->fabric->collecting[lag->links[i]], false);
	lag->links[i] = FDB_ANY;
	lag->agreed[i] = lag->in_use[i] = false;
}

// Links that "next" does not have, or has elsewhere; all, if it has not this LAG.
static void forget_leaving(struct manager *manager, uint16_t p, const struct policy *next)
{
	struct lag *lag = &manager->lags->of[p];

	for (unsigned int i = 0; i < MAX_LAG_LINKS; i++) {
		uint16_t link = lag->links[i];

		if (link != FDB_ANY && (!next->ports[link].used || next->ports[link].owner != p))
			forget_link(manager, lag, i);
	}
}

static void start(struct lag *lag)
{
	const struct lacp_conf conf = {0};

	*lag = (struct lag){.used = true};
	memset(lag->links, UINT8_MAX, sizeof(lag->links));
	lacp_init(&lag->lacp, &conf);
}

void lag_prepare(struct manager *manager, const struct policy *next, uint64_t now_ns)
{
	for (uint16_t p = 0; p < MAX_PORTS; p++) {
		struct lag *lag = &manager->lags->of[p];

		if (next->ports[p].is_lag && !lag->used)
			start(lag);
		if (lag->used)
			forget_leaving(manager, p, next);
		if (next->ports[p].is_lag)
			settle(manager, p, now_ns);
	}
}

static void configure(struct lag *lag, uint16_t p, const struct policy_lag_conf *wish)
{
	const struct lacp_conf conf = {
		.active = wish->flags & LAG_ACTIVE,
		.fast = wish->flags & LAG_FAST,
		.system = lag->system,
		.system_priority = SYSTEM_PRIORITY,
		.key = p + 1,
	};

	lag->has_lacp = wish->flags & LAG_LACP;
	lag->min_links = wish->min_links;
	lacp_set_conf(&lag->lacp, &conf);
}

static void add_link(struct manager *manager, uint16_t link)
{
	struct lag *lag = &manager->lags->of[manager->policy->ports[link].owner];
	unsigned int i = link_index(lag, FDB_ANY);

	if (link_index(lag, link) < MAX_LAG_LINKS)
		return;
	lag->links[i] = link;
	if (!lag->system)
		lag->system = info_of(manager, link)->mac;
	lacp_link_add(&lag->lacp, i, link + 1, info_of(manager, link)->mac);
}

void lag_commit(struct manager *manager, uint64_t now_ns)
{
	for (uint16_t p = 0; p < MAX_PORTS; p++) {
		const struct policy_port *port = &manager->policy->ports[p];

		if (port->used && port->owner != p)
			add_link(manager, p);
	}
	for (uint16_t p = 0; p < MAX_PORTS; p++) {
		struct lag *lag = &manager->lags->of[p];

		if (manager->policy->ports[p].is_lag) {
			configure(lag, p, &manager->draft.lags[p]);
			run(manager, p, now_ns);
		} else {
			lag->used = false;
		}
	}
}
