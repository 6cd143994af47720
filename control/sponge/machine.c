// SPDX-License-Identifier: BSD-3-Clause
#include "control/sponge/machine.h"

#include <stdlib.h>

#include "control/alloc.h"
#include "control/sponge/address.h"

enum { WARNING_INTERVAL_MS = 15000, MINUTE_MS = 60000 };

struct machine *machine_create(const struct config_sponge *settings,
			       const struct machine_listener *listener, uint64_t now_ms)
{
	struct machine *machine = alloc_zero(sizeof(*machine));

	addresses_init(machine);
	machine->listener = *listener;
	machine->learning = settings->learning;
	machine->next_sweep_ms = UINT64_MAX;
	machine->swept = NO_ADDRESS;
	machine_configure(machine, settings, now_ms);
	if (settings->sweep_at_start)
		machine->next_sweep_ms = now_ms;
	return machine;
}

void machine_destroy(struct machine *machine)
{
	if (!machine)
		return;
	addresses_fini(machine);
	free(machine);
}

// ---- What the listener is told

// Whether a sign of life would change anything. Of an address that nobody has it would not, and
// workers would have to look into every frame of every port for one.
static bool is_watched(const struct address *address)
{
	if (address_is(address, ADDRESS_UNWATCHED) ||
	    (address->state == MACHINE_STATIC && address_is_unused(address)))
		return false;
	return address->state != MACHINE_ALIVE || !address->mac || address->queue ||
	       address->queried_ms > address->alive_ms || address_is(address, ADDRESS_DECEIVED);
}

static void show(struct machine *machine, struct address *address, bool revived)
{
	const struct ip ip = address_ip(address);
	bool sponged = state_is_sponging(address->state) && !machine->learning;
	bool watched = is_watched(address), shown = sponged || watched;

	if (sponged == address_is(address, ADDRESS_SHOWN_SPONGED) &&
	    watched == address_is(address, ADDRESS_SHOWN_WATCHED) &&
	    shown == address_is(address, ADDRESS_SHOWN) && !revived)
		return;
	address_mark(address, ADDRESS_SHOWN, shown);
	address_mark(address, ADDRESS_SHOWN_SPONGED, sponged);
	address_mark(address, ADDRESS_SHOWN_WATCHED, watched);
	if (sponged && !machine->settings.dummy)
		address_mark(address, ADDRESS_DECEIVED, true);
	machine->listener.verdict(machine->listener.argument, &ip, sponged, watched, revived);
}

void address_show(struct machine *machine, struct address *address)
{
	show(machine, address, false);
}

static void announce(const struct machine *machine, const struct address *address)
{
	const struct ip ip = address_ip(address);

	if (machine->settings.gratuitous && !machine->settings.dummy && !machine->learning)
		machine->listener.announce(machine->listener.argument, &ip);
}

static void tell_change(const struct machine *machine, const struct address *address,
			enum machine_state from)
{
	struct machine_info info;

	address_describe(address, &info);
	machine->listener.changed(machine->listener.argument, &info, from, info.why);
}

// ---- States

// The state, and the lists and counts that follow from it.
static void set_state(struct machine *machine, struct address *address, enum machine_state state,
		      enum machine_why why)
{
	bool is_asked = address_is(address, ADDRESS_ASKED), pending = state == MACHINE_PENDING;

	machine->count.states[address->state]--;
	machine->count.states[state]++;
	address->state = state;
	address->why = why;
	address->pending = 0;
	if (pending && !is_asked)
		list_append(machine, LIST_ASKED, address);
	else if (!pending && is_asked)
		list_remove(machine, LIST_ASKED, address);
	address_mark(address, ADDRESS_ASKED, pending);
	if (!pending)
		address_mark(address, ADDRESS_DUE, false);
	address_mark(address, ADDRESS_UNWATCHED, false);
	address_place(machine, address);
}

static void enter(struct machine *machine, struct address *address, enum machine_state state,
		  enum machine_why why, uint64_t now_ms, bool revived)
{
	enum machine_state from = address->state;

	set_state(machine, address, state, why);
	address->since_ms = now_ms;
	show(machine, address, revived);
	if (state_is_sponging(state))
		announce(machine, address);
	if (from != state) {
		machine->count.changes[state]++;
		tell_change(machine, address, from);
	}
	// Not before: the rate was worth telling.
	if (state_is_sponging(state))
		address_forget_queue(machine, address);
}

void address_enter(struct machine *machine, struct address *address, enum machine_state state,
		   enum machine_why why, uint64_t now_ms)
{
	enter(machine, address, state, why, now_ms, false);
}

enum machine_state address_first_state(const struct machine *machine, const struct address *address)
{
	static const enum machine_state states[] = {
		[SPONGE_INIT_ALIVE] = MACHINE_ALIVE,
		[SPONGE_INIT_DEAD] = MACHINE_DEAD,
		[SPONGE_INIT_PENDING] = MACHINE_PENDING,
		[SPONGE_INIT_NONE] = MACHINE_NONE,
	};

	if (address_is_unused(address))
		return MACHINE_STATIC;
	if (address_is(address, ADDRESS_PROTECTED))
		return MACHINE_ALIVE;
	return states[machine->settings.init];
}

void address_begin(struct machine *machine, struct address *address)
{
	set_state(machine, address, address_first_state(machine, address), MACHINE_INIT);
	address_show(machine, address);
}

// ---- Questions

static void make_room_for_queue(struct machine *machine, const struct address *address,
				uint64_t now_ms)
{
	const struct config_sponge *settings = &machine->settings;
	uint32_t depth = settings->queue_depth;
	// Questions that are older are never part of a queue that is full and above the rate.
	uint64_t window = settings->rate ? (uint64_t)depth * MINUTE_MS / settings->rate : now_ms;
	uint64_t stale = now_ms > window ? now_ms - window : 0;

	while (!queue_has_room(&machine->queues, address->queue, depth)) {
		uint32_t victim = queues_victim(&machine->queues, address->queue,
						address_is(address, ADDRESS_TOLD), stale);

		if (victim == QUEUE_NO_OWNER)
			return;
		address_forget_queue(machine, &machine->addresses[victim]);
		address_show(machine, &machine->addresses[victim]);
	}
}

static void enqueue(struct machine *machine, struct address *address, const struct ip *asker,
		    uint64_t now_ms)
{
	uint32_t depth = machine->settings.queue_depth;

	make_room_for_queue(machine, address, now_ms);
	if (!address->queue)
		address->queue = queue_create(&machine->queues, address_index(machine, address),
					      address_is(address, ADDRESS_TOLD), depth);
	if (address->queue)
		address->queue = queue_add(&machine->queues, address->queue, depth,
					   queue_asker(asker), now_ms);
}

// Whether so many questions came so fast, and by so many, that the address may be down.
static bool is_in_doubt(const struct machine *machine, const struct address *address)
{
	const struct config_sponge *settings = &machine->settings;

	if (!address->queue || address->queue->n < settings->queue_depth ||
	    !queue_is_above(address->queue, settings->rate))
		return false;
	// Any that are left out make the queue shorter: it has to fill again.
	return settings->flood_protection <= 0 ||
	       !queue_reduce(address->queue, settings->flood_protection);
}

// Whether the owner, in whose name a question was answered, was silent for so long that it had
// better be asked itself.
static bool is_distrusted(const struct machine *machine, const struct address *address,
			  uint64_t now_ms)
{
	return !machine->settings.passive &&
	       (!address->alive_ms || now_ms - address->alive_ms >= MACHINE_TRUST_MS);
}

static void doubt(struct machine *machine, struct address *address, bool answered, uint64_t now_ms)
{
	if (machine->settings.is_static || address_is(address, ADDRESS_PROTECTED))
		return;
	if (address->state == MACHINE_NONE ||
	    (address->state == MACHINE_ALIVE &&
	     (is_in_doubt(machine, address) ||
	      (answered && is_distrusted(machine, address, now_ms)))))
		address_enter(machine, address, MACHINE_PENDING, MACHINE_QUESTIONS, now_ms);
}

void machine_question(struct machine *machine, const struct machine_question *question,
		      uint64_t now_ms)
{
	// Not even its target is kept in mind while learning.
	struct address *address = machine->learning ? address_find(machine, &question->target)
						    : address_track(machine, &question->target);

	if (!address || ip_equal(&question->asker, &question->target))
		return;
	address->questions += address->questions < UINT32_MAX;
	address->asked_ms = now_ms;
	if (address_is(address, ADDRESS_TRACKED)) {
		list_remove(machine, LIST_TRACKED, address);
		list_append(machine, LIST_TRACKED, address);
	}
	if (machine->learning || state_is_sponging(address->state))
		return;
	enqueue(machine, address, &question->asker, now_ms);
	doubt(machine, address, question->answered, now_ms);
	address_show(machine, address);
}

void machine_probe(struct machine *machine, const struct ip *ip, uint64_t now_ms)
{
	struct address *address = address_find(machine, ip);

	if (!address || machine->settings.is_static || address->state == MACHINE_NONE ||
	    address->state == MACHINE_ALIVE)
		return;
	if (address->state == MACHINE_STATIC &&
	    (machine->settings.mode != SPONGE_ARPSPONGE || address_is_unused(address)))
		return;
	address_enter(machine, address, MACHINE_PENDING, MACHINE_PROBED, now_ms);
}

// ---- Signs of life

// A host lives whose address the sponge has all the same.
static void contradict(struct machine *machine, struct address *address, uint64_t now_ms)
{
	struct machine_info info;

	// Watched again with the next tick only: it may send as much as it can.
	address_mark(address, ADDRESS_UNWATCHED, true);
	machine->unwatched = true;
	address->warned += address->warned < UINT32_MAX;
	address->unreported += address->unreported < UINT16_MAX;
	if (address->warned_ms && now_ms - address->warned_ms < WARNING_INTERVAL_MS)
		return;
	address_describe(address, &info);
	machine->listener.contradicted(machine->listener.argument, &info, address->unreported);
	address->warned_ms = now_ms;
	address->unreported = 0;
}

static bool is_contradicted(const struct machine *machine, const struct address *address)
{
	return address->state == MACHINE_STATIC ||
	       (address->state == MACHINE_DEAD && machine->settings.is_static);
}

void machine_life(struct machine *machine, const struct ip *ip, mac_t mac, uint16_t port,
		  uint64_t now_ms)
{
	struct address *address = address_find(machine, ip);

	if (!address)
		return;
	address->mac = mac;
	address->port = port;
	address->alive_ms = now_ms;
	// The dataplane tells of one sign only, and goes on to know of the host.
	address_mark(address, ADDRESS_SHOWN_WATCHED, false);
	if (is_contradicted(machine, address)) {
		contradict(machine, address, now_ms);
		return;
	}
	bool revived = address_is(address, ADDRESS_DECEIVED) && !machine->settings.dummy;
	address_mark(address, ADDRESS_DECEIVED, false);
	address_forget_queue(machine, address);
	if (address->state == MACHINE_ALIVE)
		show(machine, address, revived);
	else
		enter(machine, address, MACHINE_ALIVE, MACHINE_LIFE, now_ms, revived);
}
