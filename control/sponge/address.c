// SPDX-License-Identifier: BSD-3-Clause
#include "control/sponge/address.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "control/alloc.h"

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
	// Whoever chooses what to ask for must not choose the bucket, too.
	if (getrandom(&machine->hash_key, sizeof(machine->hash_key), GRND_NONBLOCK) < 0)
		machine->hash_key = (uintptr_t)machine;
	queues_init(&machine->queues);
}

void addresses_fini(struct machine *machine)
{
	for (uint32_t i = 0; i < machine->n_addresses; i++)
		queue_destroy(&machine->queues, machine->addresses[i].queue);
	free(machine->addresses);
	free(machine->buckets);
}

static uint32_t *bucket(const struct machine *machine, const uint8_t *octets)
{
	uint64_t words[2], hash = machine->hash_key;

	memcpy(words, octets, sizeof(words));
	for (int i = 0; i < 2; i++) {
		hash = (hash ^ words[i]) * UINT64_C(0x9e3779b97f4a7c15);
		hash ^= hash >> 29;
		hash *= machine->hash_key | 1;
		hash ^= hash >> 32;
	}
	return &machine->buckets[hash & (machine->n_buckets - 1)];
}

// The octets as they are kept: of IPv4 the rest is zero.
static void copy_octets(const struct ip *ip, uint8_t *octets)
{
	memset(octets, 0, 16);
	memcpy(octets, ip->octets, octets_of(ip->family));
}

struct address *address_find(const struct machine *machine, const struct ip *ip)
{
	uint8_t octets[16];

	if (!machine->n_buckets)
		return NULL;
	copy_octets(ip, octets);
	for (uint32_t i = *bucket(machine, octets); i != NO_ADDRESS;
	     i = machine->addresses[i].next) {
		struct address *address = &machine->addresses[i];

		if (address->family == ip->family &&
		    memcmp(address->octets, octets, sizeof(octets)) == 0)
			return address;
	}
	return NULL;
}

static void rehash(struct machine *machine, uint32_t n)
{
	machine->buckets = alloc_array(machine->buckets, n, sizeof(*machine->buckets));
	machine->n_buckets = n;
	memset(machine->buckets, 0xff, n * sizeof(*machine->buckets));
	for (uint32_t i = 0; i < machine->n_addresses; i++) {
		struct address *address = &machine->addresses[i];

		if (!address->family)
			continue;
		uint32_t *first = bucket(machine, address->octets);
		address->next = *first;
		*first = i;
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
	copy_octets(ip, address->octets);
	// This one is in its bucket then, too.
	if (machine->n_addresses > machine->n_buckets) {
		rehash(machine, machine->n_buckets ? 2 * machine->n_buckets : FIRST_BUCKETS);
	} else {
		uint32_t *first = bucket(machine, address->octets);
		address->next = *first;
		*first = address_index(machine, address);
	}
	machine->tracked++;
	machine->count.states[MACHINE_NONE]++;
	return address;
}

static void unlink_from_bucket(struct machine *machine, const struct address *address)
{
	uint32_t index = address_index(machine, address);
	uint32_t *at = bucket(machine, address->octets);

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
	bool known = address->flags & (ADDRESS_SHOWN_SPONGED | ADDRESS_SHOWN_WATCHED);

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
	if (known)
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
