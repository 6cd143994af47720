// SPDX-License-Identifier: BSD-3-Clause
#include "control/sponge/address.h"

#include <stdlib.h>
#include <string.h>

#include "control/alloc.h"
#include "control/sponge/ip_hash.h"

enum { ROOM_STEP = 2048, FIRST_BUCKETS = 256 };

static size_t octets_of(uint64_t family)
{
	return family == 4 ? 4 : 16;
}

struct ip address_ip(const struct address *address)
{
	struct ip ip = {.family = address->family};

	memcpy(ip.octets, address->octets, sizeof(ip.octets));
	return ip;
}

uint32_t address_index(const struct machine *machine, const struct address *address)
{
	return (uint32_t)(address - machine->addresses);
}

// ---- Lists

static struct link *link_of(struct machine *machine, enum address_list list, uint32_t index)
{
	return index == NO_ADDRESS ? &machine->lists[list] : &machine->addresses[index].links[list];
}

// Between "previous" and what comes behind it.
static void list_insert(struct machine *machine, enum address_list list, struct address *address,
			uint32_t previous)
{
	struct link *before = link_of(machine, list, previous);
	uint32_t index = address_index(machine, address);

	address->links[list] = (struct link){previous, before->next};
	link_of(machine, list, before->next)->previous = index;
	before->next = index;
}

void list_append(struct machine *machine, enum address_list list, struct address *address)
{
	list_insert(machine, list, address, machine->lists[list].previous);
}

void list_prepend(struct machine *machine, enum address_list list, struct address *address)
{
	list_insert(machine, list, address, NO_ADDRESS);
}

void list_remove(struct machine *machine, enum address_list list, struct address *address)
{
	struct link link = address->links[list];

	link_of(machine, list, link.previous)->next = link.next;
	link_of(machine, list, link.next)->previous = link.previous;
}

void address_place(struct machine *machine, struct address *address)
{
	bool may_go = !address_is(address, ADDRESS_TOLD) && address->state != MACHINE_STATIC;

	if (may_go == address_is(address, ADDRESS_TRACKED))
		return;
	if (may_go)
		list_append(machine, LIST_TRACKED, address);
	else
		list_remove(machine, LIST_TRACKED, address);
	address_mark(address, ADDRESS_TRACKED, may_go);
}

// ---- The table

void addresses_init(struct machine *machine)
{
	for (int list = 0; list < LISTS; list++)
		machine->lists[list] = (struct link){NO_ADDRESS, NO_ADDRESS};
	machine->free = NO_ADDRESS;
	machine->hash_seed = ip_hash_seed();
	queues_init(&machine->queues);
}

void addresses_fini(struct machine *machine)
{
	for (uint32_t i = 0; i < machine->n_addresses; i++)
		queue_destroy(&machine->queues, machine->addresses[i].queue);
	free(machine->addresses);
	free(machine->buckets);
}

static uint32_t *bucket(const struct machine *machine, const struct ip *ip)
{
	return &machine->buckets[ip_hash(ip, machine->hash_seed) & (machine->n_buckets - 1)];
}

struct address *address_find(const struct machine *machine, const struct ip *ip)
{
	if (!machine->n_buckets)
		return NULL;
	for (uint32_t i = *bucket(machine, ip); i != NO_ADDRESS; i = machine->addresses[i].next) {
		struct address *address = &machine->addresses[i];

		if (address->family == ip->family &&
		    memcmp(address->octets, ip->octets, octets_of(ip->family)) == 0)
			return address;
	}
	return NULL;
}

static void add_to_bucket(struct machine *machine, uint32_t index)
{
	const struct ip ip = address_ip(&machine->addresses[index]);
	uint32_t *first = bucket(machine, &ip);

	machine->addresses[index].next = *first;
	*first = index;
}

static void rehash(struct machine *machine, uint32_t n)
{
	machine->buckets = alloc_array(machine->buckets, n, sizeof(*machine->buckets));
	machine->n_buckets = n;
	memset(machine->buckets, 0xff, n * sizeof(*machine->buckets));
	for (uint32_t i = 0; i < machine->n_addresses; i++) {
		if (machine->addresses[i].family)
			add_to_bucket(machine, i);
	}
}

static struct address *take_free(struct machine *machine)
{
	uint32_t index = machine->free;

	if (index != NO_ADDRESS) {
		machine->free = machine->addresses[index].next;
		return &machine->addresses[index];
	}
	if (machine->n_addresses == machine->room) {
		machine->room += ROOM_STEP;
		machine->addresses =
			alloc_array(machine->addresses, machine->room, sizeof(*machine->addresses));
	}
	return &machine->addresses[machine->n_addresses++];
}

struct address *address_create(struct machine *machine, const struct ip *ip)
{
	struct address *address = take_free(machine);

	*address = (struct address){.family = ip->family, .port = MACHINE_NO_PORT};
	memcpy(address->octets, ip->octets, octets_of(ip->family));
	// A new array of buckets has this one in its place, too.
	if (machine->n_addresses > machine->n_buckets)
		rehash(machine, machine->n_buckets ? 2 * machine->n_buckets : FIRST_BUCKETS);
	else
		add_to_bucket(machine, address_index(machine, address));
	machine->tracked++;
	machine->count.states[MACHINE_NONE]++;
	return address;
}

static void unlink_from_bucket(struct machine *machine, const struct address *address)
{
	const struct ip ip = address_ip(address);
	uint32_t index = address_index(machine, address), *at = bucket(machine, &ip);

	while (*at != index)
		at = &machine->addresses[*at].next;
	*at = address->next;
}

void address_forget_queue(struct machine *machine, struct address *address)
{
	queue_destroy(&machine->queues, address->queue);
	address->queue = NULL;
}

void address_destroy(struct machine *machine, struct address *address)
{
	const struct ip ip = address_ip(address);
	bool shown = address_is(address, ADDRESS_SHOWN);

	if (address_is(address, ADDRESS_ASKED))
		list_remove(machine, LIST_ASKED, address);
	if (address_is(address, ADDRESS_TRACKED))
		list_remove(machine, LIST_TRACKED, address);
	if (!address_is(address, ADDRESS_TOLD))
		machine->tracked--;
	address_forget_queue(machine, address);
	machine->count.states[address->state]--;
	unlink_from_bucket(machine, address);
	*address = (struct address){.next = machine->free};
	machine->free = address_index(machine, address);
	if (shown)
		machine->listener.verdict(machine->listener.argument, &ip, false, false, false);
}

static bool make_room(struct machine *machine)
{
	uint32_t oldest = machine->lists[LIST_TRACKED].next;

	if (oldest == NO_ADDRESS)
		return false;
	address_destroy(machine, &machine->addresses[oldest]);
	machine->count.forgotten++;
	return true;
}

void addresses_trim(struct machine *machine)
{
	while (machine->tracked > machine->settings.targets && make_room(machine))
		continue;
}

struct address *address_track(struct machine *machine, const struct ip *ip)
{
	struct address *address = address_find(machine, ip);

	if (address || (ip->family != 4 && ip->family != 6))
		return address;
	if (machine->tracked >= machine->settings.targets &&
	    (!machine->settings.targets || !make_room(machine)))
		return NULL;
	address = address_create(machine, ip);
	address_begin(machine, address);
	return address;
}
