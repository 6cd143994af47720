// SPDX-License-Identifier: BSD-3-Clause
// When the sponge itself asks for addresses.
//
// What is due stands first in the list of addresses to be asked for: a tick makes all that are
// PENDING due, each query moves the first to the end, and what an operator wants to know comes in
// front.
#include <errno.h>

#include "control/sponge/address.h"

enum { SECOND_MS = 1000, MS_US = 1000, SECOND_US = 1000000 };

// ---- Ticks

static void watch_again(struct machine *machine)
{
	for (uint32_t i = 0; machine->unwatched && i < machine->n_addresses; i++) {
		struct address *address = &machine->addresses[i];

		if (!address_is(address, ADDRESS_UNWATCHED))
			continue;
		address_mark(address, ADDRESS_UNWATCHED, false);
		address_show(machine, address);
	}
	machine->unwatched = false;
}

static void learn(struct machine *machine)
{
	if (--machine->learning)
		return;
	for (uint32_t i = 0; i < machine->n_addresses; i++) {
		if (machine->addresses[i].family)
			address_show(machine, &machine->addresses[i]);
	}
}

static void advance(struct machine *machine, struct address *address, uint64_t now_ms)
{
	uint64_t most = (uint64_t)machine->settings.pending + machine->settings.one_more;

	if (address->pending < most && address->pending < UINT16_MAX) {
		address->pending++;
		address_mark(address, ADDRESS_DUE, !machine->settings.passive);
		return;
	}
	address_enter(machine, address,
		      address_is(address, ADDRESS_PROTECTED) ? MACHINE_NONE : MACHINE_DEAD,
		      MACHINE_UNANSWERED, now_ms);
}

static void advance_all(struct machine *machine, uint64_t now_ms)
{
	uint32_t next;

	for (uint32_t i = machine->lists[LIST_ASKED].next; i != NO_ADDRESS; i = next) {
		struct address *address = &machine->addresses[i];

		next = address->links[LIST_ASKED].next;
		// Who still waits to be asked for was not silent.
		if (!address_is(address, ADDRESS_DUE))
			advance(machine, address, now_ms);
	}
}

// ---- The sweep

static uint64_t sweep_after(const struct machine *machine, uint64_t now_ms)
{
	uint32_t period = machine->settings.sweep_period;

	return period ? now_ms + (uint64_t)period * SECOND_MS : UINT64_MAX;
}

static void sweep_end(struct machine *machine, uint64_t now_ms)
{
	machine->swept = NO_ADDRESS;
	machine->next_sweep_ms = sweep_after(machine, now_ms);
}

void sweep_schedule(struct machine *machine, uint32_t old_period, uint64_t now_ms)
{
	if (machine->settings.sweep_period != old_period)
		sweep_end(machine, now_ms);
}

// When an address gave its last reason not to be asked for; 0: never.
static uint64_t heard_ms(const struct address *address)
{
	uint64_t ms = address->queried_ms;

	if (address->state != MACHINE_NONE && address->since_ms > ms)
		ms = address->since_ms;
	if (address->state == MACHINE_ALIVE && address->alive_ms > ms)
		ms = address->alive_ms;
	return ms;
}

static bool is_swept(const struct machine *machine, const struct address *address, uint64_t now_ms)
{
	const struct config_sponge *settings = &machine->settings;
	uint64_t heard = heard_ms(address);

	if (!address->family || address->state == MACHINE_PENDING || address_is_unused(address))
		return false;
	if (!address_is(address, ADDRESS_TOLD) && !state_is_sponging(address->state))
		return false;
	if (address->state == MACHINE_ALIVE && settings->sweep_skip_alive && address->mac)
		return false;
	return !heard || now_ms - heard >= (uint64_t)settings->sweep_age * SECOND_MS;
}

// The next one that the sweep wants to ask for; NULL: it is at its end, or not on.
static struct address *sweep_next(struct machine *machine, uint64_t now_ms)
{
	if (machine->swept == NO_ADDRESS)
		return NULL;
	for (; machine->swept < machine->n_addresses; machine->swept++) {
		struct address *address = &machine->addresses[machine->swept];

		if (is_swept(machine, address, now_ms))
			return address;
	}
	sweep_end(machine, now_ms);
	return NULL;
}

static void sweep_start(struct machine *machine, uint64_t now_ms)
{
	if (machine->swept != NO_ADDRESS || now_ms < machine->next_sweep_ms)
		return;
	if (machine->settings.passive)
		sweep_end(machine, now_ms);
	else
		machine->swept = 0;
}

void machine_tick(struct machine *machine, uint64_t now_ms)
{
	watch_again(machine);
	if (machine->learning) {
		learn(machine);
		return;
	}
	advance_all(machine, now_ms);
	sweep_start(machine, now_ms);
}

// ---- Queries

static struct address *first_due(struct machine *machine)
{
	uint32_t first = machine->lists[LIST_ASKED].next;

	if (first == NO_ADDRESS || !address_is(&machine->addresses[first], ADDRESS_DUE))
		return NULL;
	return &machine->addresses[first];
}

// A query was sent: not for another while.
static void settle(struct machine *machine, struct address *address)
{
	if (!address_is(address, ADDRESS_DUE)) {
		machine->swept++;
		return;
	}
	address_mark(address, ADDRESS_DUE, false);
	list_remove(machine, LIST_ASKED, address);
	if (address->state == MACHINE_PENDING)
		list_append(machine, LIST_ASKED, address);
	else
		address_mark(address, ADDRESS_ASKED, false);
}

static void query(struct machine *machine, struct address *address, uint64_t now_ms)
{
	const struct ip ip = address_ip(address);

	settle(machine, address);
	address->queried_ms = now_ms;
	address->queries += address->queries < UINT32_MAX;
	machine->count.queries++;
	address_show(machine, address);
	machine->listener.query(machine->listener.argument, &ip);
}

// Whether a query may be sent now; then the next one has to wait. Callers know milliseconds, so
// what is faster than one in each comes in bursts of a millisecond.
static bool take_turn(struct machine *machine, uint64_t now_ms)
{
	uint32_t rate = machine->settings.probe_rate ? machine->settings.probe_rate : 1;
	uint64_t interval = (SECOND_US + (uint64_t)rate - 1) / rate, now = now_ms * MS_US;
	uint64_t late = interval < MS_US && now >= MS_US ? MS_US - interval : 0;

	if (machine->next_query_us > now)
		return false;
	if (machine->next_query_us < now - late)
		machine->next_query_us = now - late;
	machine->next_query_us += interval;
	return true;
}

uint32_t machine_pace(struct machine *machine, uint64_t now_ms)
{
	if (machine->settings.passive)
		return 0;
	for (;;) {
		struct address *address = first_due(machine);

		if (!address)
			address = sweep_next(machine, now_ms);
		if (!address)
			return 0;
		if (!take_turn(machine, now_ms))
			break;
		query(machine, address, now_ms);
	}
	return (uint32_t)((machine->next_query_us - now_ms * MS_US + MS_US - 1) / MS_US);
}

int machine_query(struct machine *machine, const struct ip *ip)
{
	struct address *address;

	if (machine->settings.passive)
		return -EPERM;
	address = address_track(machine, ip);
	if (!address)
		return -ENOSPC;
	if (address_is(address, ADDRESS_DUE))
		return 0;
	if (address_is(address, ADDRESS_ASKED))
		list_remove(machine, LIST_ASKED, address);
	list_prepend(machine, LIST_ASKED, address);
	address_mark(address, ADDRESS_ASKED, true);
	address_mark(address, ADDRESS_DUE, true);
	return 0;
}

void asked_drop(struct machine *machine, uint64_t now_ms)
{
	struct address *address;

	if (machine->swept != NO_ADDRESS)
		sweep_end(machine, now_ms);
	while ((address = first_due(machine)))
		settle(machine, address);
}
