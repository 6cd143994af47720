// SPDX-License-Identifier: BSD-3-Clause
// What the configuration, operators and states of before a restart say about addresses.
#include <errno.h>

#include "control/sponge/address.h"

void machine_configure(struct machine *machine, const struct config_sponge *settings,
		       uint64_t now_ms)
{
	uint32_t old_period = machine->settings.sweep_period;

	machine->settings = *settings;
	// Who is protected comes with machine_add().
	machine->settings.protected = NULL;
	machine->settings.n_protected = 0;
	if (!settings->queue_depth)
		machine->settings.queue_depth = 1;
	for (uint32_t i = 0; i < machine->n_addresses; i++) {
		struct address *address = &machine->addresses[i];

		if (address->queue)
			address->queue = queue_shorten(&machine->queues, address->queue,
						       machine->settings.queue_depth);
	}
	addresses_trim(machine);
	sweep_schedule(machine, old_period, now_ms);
	if (settings->passive)
		asked_drop(machine, now_ms);
}

// ---- Which addresses are whose

void machine_begin(struct machine *machine)
{
	machine->mark = !machine->mark;
}

static void make_told(struct machine *machine, struct address *address)
{
	machine->tracked--;
	address_mark(address, ADDRESS_TOLD, true);
	address_place(machine, address);
	// It is among those of addresses that were not told.
	address_forget_queue(machine, address);
}

// An address is still there, but not whose it was.
static void reassign(struct machine *machine, struct address *address, bool was_unused,
		     bool was_protected, uint64_t now_ms)
{
	bool unused = address_is_unused(address);
	bool protected = address_is(address, ADDRESS_PROTECTED) && !was_protected;
	bool by_itself = address->why != MACHINE_OPERATOR && address->why != MACHINE_RESTORED;

	if (unused != was_unused) {
		// Whoever was seen there is not the owner.
		address->mac = 0;
		address->port = MACHINE_NO_PORT;
		address_enter(machine, address, address_first_state(machine, address),
			      MACHINE_ASSIGNED, now_ms);
	} else if (protected && by_itself && address->state != MACHINE_ALIVE) {
		address_enter(machine, address, MACHINE_ALIVE, MACHINE_ASSIGNED, now_ms);
	} else {
		address_show(machine, address);
	}
}

void machine_add(struct machine *machine, const struct ip *ip, bool assigned, bool protected,
		 uint64_t now_ms)
{
	struct address *address = address_find(machine, ip);
	bool is_new = !address;

	if (ip->family != 4 && ip->family != 6)
		return;
	if (is_new)
		address = address_create(machine, ip);
	bool was_unused = address_is_unused(address);
	bool was_protected = address_is(address, ADDRESS_PROTECTED);
	if (!address_is(address, ADDRESS_TOLD))
		make_told(machine, address);
	address_mark(address, ADDRESS_ASSIGNED, assigned);
	address_mark(address, ADDRESS_PROTECTED, protected);
	address_mark(address, ADDRESS_MARK, machine->mark);
	if (is_new)
		address_begin(machine, address);
	else
		reassign(machine, address, was_unused, was_protected, now_ms);
}

void machine_end(struct machine *machine)
{
	for (uint32_t i = 0; i < machine->n_addresses; i++) {
		struct address *address = &machine->addresses[i];

		if (address_is(address, ADDRESS_TOLD) &&
		    address_is(address, ADDRESS_MARK) != machine->mark)
			address_destroy(machine, address);
	}
}

// ---- Operators

int machine_set(struct machine *machine, const struct ip *ip, enum machine_state state,
		uint64_t now_ms)
{
	if ((unsigned int)state >= MACHINE_STATES)
		return -EINVAL;
	if (state == MACHINE_NONE)
		return machine_clear(machine, ip, now_ms);
	struct address *address = address_track(machine, ip);

	if (!address)
		return -ENOSPC;
	if (state == MACHINE_ALIVE)
		address_forget_queue(machine, address);
	address_enter(machine, address, state, MACHINE_OPERATOR, now_ms);
	return 0;
}

int machine_clear(struct machine *machine, const struct ip *ip, uint64_t now_ms)
{
	struct address *address = address_find(machine, ip);

	if (!address)
		return -ENOENT;
	address_forget_queue(machine, address);
	address->mac = 0;
	address->port = MACHINE_NO_PORT;
	address->asked_ms = address->queried_ms = address->alive_ms = address->warned_ms = 0;
	address->questions = address->queries = address->warned = 0;
	address->unreported = 0;
	if (address_is_unused(address))
		address_enter(machine, address, MACHINE_STATIC, MACHINE_INIT, now_ms);
	else if (address_is(address, ADDRESS_PROTECTED))
		address_enter(machine, address, MACHINE_ALIVE, MACHINE_INIT, now_ms);
	else
		address_enter(machine, address, MACHINE_NONE, MACHINE_OPERATOR, now_ms);
	return 0;
}

// ---- Restarts

int machine_restore(struct machine *machine, const struct ip *ip, enum machine_state state,
		    mac_t mac, uint16_t port, uint64_t now_ms)
{
	if (state != MACHINE_ALIVE && state != MACHINE_DEAD && state != MACHINE_STATIC)
		return 0;
	struct address *address = address_track(machine, ip);

	if (!address)
		return -ENOSPC;
	if (address_is_unused(address))
		return 0;
	if (state == MACHINE_ALIVE) {
		address->mac = mac;
		address->port = port;
		address_forget_queue(machine, address);
	} else if (state == MACHINE_DEAD) {
		if (address_is(address, ADDRESS_PROTECTED))
			return 0;
		address_mark(address, ADDRESS_DECEIVED, true);
		if (!machine->settings.is_static)
			state = MACHINE_NONE;
	}
	address_enter(machine, address, state, MACHINE_RESTORED, now_ms);
	return 0;
}

void machine_tell_all(struct machine *machine)
{
	for (uint32_t i = 0; i < machine->n_addresses; i++) {
		struct address *address = &machine->addresses[i];

		if (!address->family)
			continue;
		address_mark(address, ADDRESS_SHOWN, false);
		address_mark(address, ADDRESS_SHOWN_SPONGED, false);
		address_mark(address, ADDRESS_SHOWN_WATCHED, false);
		address_show(machine, address);
	}
}
