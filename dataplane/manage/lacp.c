// SPDX-License-Identifier: BSD-3-Clause
#include "dataplane/manage/lacp.h"

#include "lib/clock.h"

// 6.4.4
#define FAST_PERIODIC CLOCK_SECOND
#define SLOW_PERIODIC (30 * CLOCK_SECOND)
#define SHORT_TIMEOUT (3 * FAST_PERIODIC)
#define LONG_TIMEOUT  (3 * SLOW_PERIODIC)
#define WAIT	      (2 * CLOCK_SECOND)

// ---- What LACPDUs say

static struct lacp_info actor_of(const struct lacp *lacp, const struct lacp_link *link)
{
	const struct lacp_conf *conf = &lacp->conf;

	return (struct lacp_info){
		.system_priority = conf->system_priority,
		.system = conf->system,
		.key = conf->key,
		.port_priority = LACP_PORT_PRIORITY,
		.port = link->number,
		.state = (uint8_t)((conf->active ? LACP_ACTIVE : 0) |
				   (conf->fast ? LACP_SHORT : 0) | LACP_AGGREGATION |
				   (link->mux >= LACP_MUX_ATTACHED ? LACP_SYNC : 0) |
				   (link->mux >= LACP_MUX_COLLECTING ? LACP_COLLECTING : 0) |
				   (link->mux == LACP_MUX_DISTRIBUTING ? LACP_DISTRIBUTING : 0) |
				   (link->defaulted ? LACP_DEFAULTED : 0) |
				   (link->receive == LACP_RECEIVE_EXPIRED ? LACP_EXPIRED : 0)),
	};
}

static bool is_same_system(const struct lacp_info *a, const struct lacp_info *b)
{
	return a->system_priority == b->system_priority && a->system == b->system;
}

// Whether both are the same end of a link.
static bool is_same_end(const struct lacp_info *a, const struct lacp_info *b)
{
	return is_same_system(a, b) && a->key == b->key && a->port_priority == b->port_priority &&
	       a->port == b->port && !((a->state ^ b->state) & LACP_AGGREGATION);
}

// ---- Receive machine (6.4.12)

static void forget_partner(struct lacp_link *link)
{
	link->partner = (struct lacp_info){.state = LACP_SHORT};
	link->defaulted = true;
	link->heard = false;
	link->selected = false;
}

static void expire(struct lacp_link *link, uint64_t now_ns)
{
	link->receive = LACP_RECEIVE_EXPIRED;
	link->partner.state = (uint8_t)((link->partner.state & ~LACP_SYNC) | LACP_SHORT);
	link->current_until_ns = now_ns + SHORT_TIMEOUT;
}

static void run_receive(struct lacp_link *link, uint64_t now_ns)
{
	bool is_over = now_ns >= link->current_until_ns;

	if (link->receive == LACP_RECEIVE_DISABLED && link->up) {
		expire(link, now_ns);
	} else if (link->receive == LACP_RECEIVE_CURRENT && is_over) {
		expire(link, now_ns);
	} else if (link->receive == LACP_RECEIVE_EXPIRED && is_over) {
		link->receive = LACP_RECEIVE_DEFAULTED;
		forget_partner(link);
	}
}

// Whether the sender of a LACPDU has the link in its LAG, with this end in mind, and LACPDUs will
// go on to say so.
static bool is_in_sync(const struct lacp *lacp, const struct lacp_link *link,
		       const struct lacpdu *pdu)
{
	return link->heard && pdu->actor.state & LACP_SYNC &&
	       (pdu->actor.state & LACP_ACTIVE ||
		(lacp->conf.active && pdu->partner.state & LACP_ACTIVE));
}

static void take(const struct lacp *lacp, struct lacp_link *link, const struct lacpdu *pdu,
		 uint64_t now_ns)
{
	enum { TOLD = LACP_ACTIVE | LACP_SHORT | LACP_SYNC };
	const struct lacp_info actor = actor_of(lacp, link);

	if (!is_same_end(&pdu->actor, &link->partner))
		link->selected = false;
	link->heard = is_same_end(&pdu->partner, &actor);
	if (!link->heard || (pdu->partner.state ^ actor.state) & TOLD)
		link->transmit = true;
	link->partner = pdu->actor;
	link->defaulted = false;
	if (!is_in_sync(lacp, link, pdu))
		link->partner.state &= (uint8_t)~LACP_SYNC;
	link->receive = LACP_RECEIVE_CURRENT;
	link->received_ns = now_ns;
	link->current_until_ns = now_ns + (lacp->conf.fast ? SHORT_TIMEOUT : LONG_TIMEOUT);
}

bool lacp_receive(struct lacp *lacp, unsigned int link, const uint8_t *frame, size_t length,
		  uint64_t now_ns)
{
	struct lacp_link *l = &lacp->links[link];
	struct lacpdu pdu;

	if (!l->used)
		return false;
	if (!lacpdu_decode(&pdu, frame, length)) {
		l->malformed++;
		return false;
	}
	l->received++;
	if (l->up)
		take(lacp, l, &pdu, now_ns);
	return true;
}

// ---- Selection (6.4.14)

// The partner of all links that are selected, or NULL.
static const struct lacp_info *partner_of(const struct lacp *lacp)
{
	for (unsigned int i = 0; i < LACP_LINKS; i++) {
		if (lacp->links[i].selected)
			return &lacp->links[i].partner;
	}
	return NULL;
}

// What is wrong with a link's partner, or LACP_CARRIES.
static enum lacp_reason judge_partner(const struct lacp *lacp, const struct lacp_link *link)
{
	const struct lacp_info *others = partner_of(lacp);

	if (link->partner.system == lacp->conf.system)
		return LACP_OWN_SYSTEM;
	if (!(link->partner.state & LACP_AGGREGATION))
		return LACP_INDIVIDUAL;
	if (others && !is_same_system(others, &link->partner))
		return LACP_OTHER_SYSTEM;
	return others && others->key != link->partner.key ? LACP_OTHER_KEY : LACP_CARRIES;
}

// After the mux machines: those that left the LAG have to be out of it before they may come back.
static void run_selection(struct lacp *lacp)
{
	for (unsigned int i = 0; i < LACP_LINKS; i++) {
		struct lacp_link *link = &lacp->links[i];

		if (link->receive == LACP_RECEIVE_CURRENT &&
		    judge_partner(lacp, link) == LACP_CARRIES)
			link->selected = true;
	}
}

// ---- Mux machine, independent control (6.4.15)

// Whether no link is still waiting for others.
static bool is_ready(const struct lacp *lacp, uint64_t now_ns)
{
	for (unsigned int i = 0; i < LACP_LINKS; i++) {
		const struct lacp_link *link = &lacp->links[i];

		if (link->mux == LACP_MUX_WAITING && now_ns < link->wait_until_ns)
			return false;
	}
	return true;
}

static enum lacp_mux next_mux(const struct lacp *lacp, const struct lacp_link *link,
			      uint64_t now_ns)
{
	bool in_sync = link->selected && link->partner.state & LACP_SYNC;
	bool collects = in_sync && link->partner.state & LACP_COLLECTING;

	switch (link->mux) {
	case LACP_MUX_DETACHED:
		return link->selected ? LACP_MUX_WAITING : LACP_MUX_DETACHED;
	case LACP_MUX_WAITING:
		if (!link->selected)
			return LACP_MUX_DETACHED;
		return is_ready(lacp, now_ns) ? LACP_MUX_ATTACHED : LACP_MUX_WAITING;
	case LACP_MUX_ATTACHED:
		if (!link->selected)
			return LACP_MUX_DETACHED;
		return in_sync ? LACP_MUX_COLLECTING : LACP_MUX_ATTACHED;
	case LACP_MUX_COLLECTING:
		if (!in_sync)
			return LACP_MUX_ATTACHED;
		return collects ? LACP_MUX_DISTRIBUTING : LACP_MUX_COLLECTING;
	case LACP_MUX_DISTRIBUTING:
		return collects ? LACP_MUX_DISTRIBUTING : LACP_MUX_COLLECTING;
	}
	return LACP_MUX_DETACHED;
}

static void run_mux(const struct lacp *lacp, struct lacp_link *link, uint64_t now_ns)
{
	enum lacp_mux next;

	while ((next = next_mux(lacp, link, now_ns)) != link->mux) {
		link->mux = next;
		if (next == LACP_MUX_WAITING)
			link->wait_until_ns = now_ns + WAIT;
		else if (next != LACP_MUX_DISTRIBUTING)
			link->transmit = true;
	}
}

static void run_all_mux(struct lacp *lacp, uint64_t now_ns)
{
	for (unsigned int i = 0; i < LACP_LINKS; i++)
		run_mux(lacp, &lacp->links[i], now_ns);
}

// ---- Periodic transmission machine (6.4.13)

static uint64_t interval_of(const struct lacp *lacp, const struct lacp_link *link)
{
	if (!link->up || !(lacp->conf.active || link->partner.state & LACP_ACTIVE))
		return 0;
	return link->partner.state & LACP_SHORT ? FAST_PERIODIC : SLOW_PERIODIC;
}

static void run_periodic(const struct lacp *lacp, struct lacp_link *link, uint64_t now_ns)
{
	uint64_t interval_ns = interval_of(lacp, link);

	if (interval_ns != link->interval_ns) {
		// Sent more often, or at all: at once.
		if (!link->interval_ns || interval_ns < link->interval_ns)
			link->transmit = true;
		link->due_ns = now_ns + interval_ns;
	} else if (interval_ns && now_ns >= link->due_ns) {
		link->transmit = true;
		link->due_ns += interval_ns;
		if (link->due_ns <= now_ns)
			link->due_ns = now_ns + interval_ns;
	}
	link->interval_ns = interval_ns;
}

void lacp_run(struct lacp *lacp, uint64_t now_ns)
{
	for (unsigned int i = 0; i < LACP_LINKS; i++)
		run_receive(&lacp->links[i], now_ns);
	run_all_mux(lacp, now_ns);
	run_selection(lacp);
	run_all_mux(lacp, now_ns);
	for (unsigned int i = 0; i < LACP_LINKS; i++)
		run_periodic(lacp, &lacp->links[i], now_ns);
}

// ---- Transmit machine (6.4.16)

static bool may_transmit(const struct lacp_link *link, uint64_t now_ns)
{
	return link->sent < LACP_BURST ||
	       now_ns - link->sent_ns[link->sent % LACP_BURST] >= FAST_PERIODIC;
}

bool lacp_transmit(struct lacp *lacp, unsigned int link, uint8_t frame[LACP_FRAME], uint64_t now_ns)
{
	struct lacp_link *l = &lacp->links[link];

	if (!l->interval_ns)
		l->transmit = false;
	if (!l->transmit || !may_transmit(l, now_ns))
		return false;
	const struct lacpdu pdu = {actor_of(lacp, l), l->partner};
	lacpdu_encode(&pdu, l->mac, frame);
	l->transmit = false;
	l->sent_ns[l->sent++ % LACP_BURST] = now_ns;
	return true;
}

// ---- Configuration

void lacp_init(struct lacp *lacp, const struct lacp_conf *conf)
{
	*lacp = (struct lacp){.conf = *conf};
}

// What the partner has said was of a link in another LAG.
static void leave(struct lacp_link *link)
{
	link->selected = link->heard = false;
	link->partner.state &= (uint8_t)~LACP_SYNC;
}

void lacp_set_conf(struct lacp *lacp, const struct lacp_conf *conf)
{
	const struct lacp_conf old = lacp->conf;
	bool is_other = conf->system != old.system || conf->key != old.key ||
			conf->system_priority != old.system_priority;

	lacp->conf = *conf;
	for (unsigned int i = 0; i < LACP_LINKS; i++) {
		struct lacp_link *link = &lacp->links[i];

		link->transmit = true;
		if (is_other)
			leave(link);
		// The partner slows down as soon as it hears of it. The other way it has to hear of
		// it before it can be missed: its next LACPDU makes the time short.
		if (!conf->fast && link->receive == LACP_RECEIVE_CURRENT)
			link->current_until_ns = link->received_ns + LONG_TIMEOUT;
	}
}

void lacp_link_add(struct lacp *lacp, unsigned int link, uint16_t number, mac_t mac)
{
	struct lacp_link *l = &lacp->links[link];

	*l = (struct lacp_link){.used = true, .number = number, .mac = mac};
	forget_partner(l);
}

void lacp_link_remove(struct lacp *lacp, unsigned int link)
{
	lacp->links[link] = (struct lacp_link){0};
}

void lacp_link_set_up(struct lacp *lacp, unsigned int link, bool up)
{
	struct lacp_link *l = &lacp->links[link];

	l->up = l->used && up;
	if (l->up)
		return;
	l->receive = LACP_RECEIVE_DISABLED;
	l->mux = LACP_MUX_DETACHED;
	l->interval_ns = 0;
	leave(l);
}

// ---- What is to be seen

bool lacp_is_collecting(const struct lacp *lacp, unsigned int link)
{
	return lacp->links[link].mux >= LACP_MUX_COLLECTING;
}

bool lacp_is_distributing(const struct lacp *lacp, unsigned int link)
{
	return lacp->links[link].mux == LACP_MUX_DISTRIBUTING;
}

uint8_t lacp_state(const struct lacp *lacp, unsigned int link)
{
	return actor_of(lacp, &lacp->links[link]).state;
}

enum lacp_reason lacp_reason(const struct lacp *lacp, unsigned int link)
{
	const struct lacp_link *l = &lacp->links[link];
	enum lacp_reason partner = judge_partner(lacp, l);

	if (!l->up)
		return LACP_DOWN;
	if (l->receive != LACP_RECEIVE_CURRENT)
		return l->defaulted ? LACP_SILENT : LACP_STOPPED;
	if (partner != LACP_CARRIES)
		return partner;
	if (l->mux < LACP_MUX_ATTACHED)
		return LACP_WAITING;
	if (!l->heard)
		return LACP_UNHEARD;
	if (l->mux < LACP_MUX_COLLECTING)
		return LACP_NOT_IN_SYNC;
	return l->mux == LACP_MUX_DISTRIBUTING ? LACP_CARRIES : LACP_NOT_COLLECTING;
}
