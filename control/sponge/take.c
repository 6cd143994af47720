// SPDX-License-Identifier: BSD-3-Clause
#include <string.h>

#include "control/sponge/sponge_lan.h"

static bool read_ip(uint8_t family, const uint8_t *octets, struct ip *ip)
{
	*ip = (struct ip){.family = family};
	if (family != 4 && family != 6)
		return false;
	memcpy(ip->octets, octets, family == 4 ? 4 : 16);
	return true;
}

// Whether that is who has the address, as far as it is known.
static bool is_owner(const struct sponge_lan *lan, const struct ip *ip,
		     const struct event_address *event)
{
	const struct assignment *address = assignments_find(&lan->assignments, ip);
	const struct binding *binding;

	if (address && address->owner)
		return address->port == event->port &&
		       (!address->mac || address->mac == event->mac);
	binding = lan->bindings ? bindings_find(lan->bindings, ip) : NULL;
	return binding && binding->port == event->port && binding->mac == event->mac;
}

// Who asks for its own address lives there.
static void take_question(struct sponge_lan *lan, const struct ip *ip,
			  const struct event_address *event)
{
	static const uint8_t nobody[16];
	struct machine_question question = {.target = *ip,
					    .answered = event->flags & ADDRESS_ANSWERED};
	uint64_t now_ms = sponges_now_ms();

	lan->sponges->count.questions++;
	lan->sponges->count.missed += event->missed;
	if (!lan->machine)
		return;
	if (is_owner(lan, ip, event)) {
		machine_life(lan->machine, ip, event->mac, event->port, now_ms);
	} else if (event->flags & ADDRESS_PROBE) {
		machine_probe(lan->machine, ip, now_ms);
	} else {
		if (memcmp(event->asker, nobody, sizeof(nobody)) != 0)
			read_ip(event->family, event->asker, &question.asker);
		machine_question(lan->machine, &question, now_ms);
	}
}

// The dataplane tells it once, and then waits for no other.
static void take_life(struct sponge_lan *lan, const struct ip *ip,
		      const struct event_address *event)
{
	const struct binding *binding = lan->bindings ? bindings_find(lan->bindings, ip) : NULL;
	uint64_t now_ms = sponges_now_ms();
	struct machine_info info;

	lan->sponges->count.signs++;
	remove_mark(lan, ip, MARK_WATCHED | MARK_REFRESH);
	if (binding && is_owner(lan, ip, event))
		bindings_claim(lan->bindings, ip, event->mac, event->port, true, binding->router,
			       now_ms);
	if (!lan->machine)
		return;
	machine_life(lan->machine, ip, event->mac, event->port, now_ms);
	// It may have been alive all the time, and only now be known where.
	if (has_mark(lan, ip, MARK_OWED) && machine_find(lan->machine, ip, &info) &&
	    info.state == MACHINE_ALIVE)
		told_revive(lan, ip);
	states_changed(lan, ip);
}

static void take_claim(struct sponge_lan *lan, const struct ip *ip,
		       const struct event_address *event)
{
	const struct assignment *address = assignments_find(&lan->assignments, ip);

	if (lan->bindings && !(address && (address->owner || address->sponges_own)))
		bindings_claim(lan->bindings, ip, event->mac, event->port,
			       event->family == 4 || event->flags & ADDRESS_OVERRIDE,
			       event->family == 4 || event->flags & ADDRESS_ROUTER,
			       sponges_now_ms());
}

static void take_address(struct sponges *sponges, uint16_t type, const struct event_address *event)
{
	struct sponge_lan *lan = sponge_lan_at(sponges, event->lan);
	struct ip ip;

	if (!lan || !read_ip(event->family, event->address, &ip) || !lan_has(lan, &ip))
		return;
	if (type == EVENT_QUESTION)
		take_question(lan, &ip, event);
	else if (type == EVENT_LIFE)
		take_life(lan, &ip, event);
	else
		take_claim(lan, &ip, event);
}

void sponges_take(struct sponges *sponges, const struct message *event)
{
	if (!sponges)
		return;
	switch (event->header.type) {
	case EVENT_QUESTION:
	case EVENT_LIFE:
	case EVENT_CLAIM:
		take_address(sponges, event->header.type, &event->event_address);
		break;
	case EVENT_SUNK:
		peers_take(sponges, &event->sunk);
		break;
	default:
		break;
	}
}
