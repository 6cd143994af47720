// SPDX-License-Identifier: BSD-3-Clause
// What can be seen of a machine.
#include <stdlib.h>
#include <string.h>

#include "control/alloc.h"
#include "control/sponge/address.h"

void address_describe(const struct address *address, struct machine_info *info)
{
	*info = (struct machine_info){
		.ip = address_ip(address),
		.state = address->state,
		.why = address->why,
		.assigned = address_is(address, ADDRESS_ASSIGNED),
		.protected = address_is(address, ADDRESS_PROTECTED),
		.pending = address->pending,
		.queued = address->queue ? address->queue->n : 0,
		.rate = queue_rate(address->queue),
		.questions = address->questions,
		.queries = address->queries,
		.since_ms = address->since_ms,
		.asked_ms = address->asked_ms,
		.queried_ms = address->queried_ms,
		.alive_ms = address->alive_ms,
		.mac = address->mac,
		.port = address->port,
		.warned = address->warned,
	};
}

bool machine_find(const struct machine *machine, const struct ip *ip, struct machine_info *info)
{
	const struct address *address = address_find(machine, ip);

	if (address)
		address_describe(address, info);
	return address;
}

static bool is_as_at_start(const struct address *address)
{
	return (address->why == MACHINE_INIT || address->why == MACHINE_ASSIGNED) &&
	       !address->questions && !address->queries && !address->alive_ms;
}

static int compare(const void *a, const void *b)
{
	const struct address *const *one = a, *const *other = b;

	if ((*one)->family != (*other)->family)
		return (*one)->family < (*other)->family ? -1 : 1;
	return memcmp((*one)->octets, (*other)->octets, sizeof((*one)->octets));
}

void machine_each(const struct machine *machine,
		  void (*each)(void *argument, const struct machine_info *info), void *argument)
{
	const struct address **sorted;
	struct machine_info info;
	size_t n = 0;

	sorted = alloc_zero((machine->n_addresses + 1) * sizeof(*sorted));
	for (uint32_t i = 0; i < machine->n_addresses; i++) {
		const struct address *address = &machine->addresses[i];

		if (address->family && !is_as_at_start(address))
			sorted[n++] = address;
	}
	qsort(sorted, n, sizeof(*sorted), compare);
	for (size_t i = 0; i < n; i++) {
		address_describe(sorted[i], &info);
		each(argument, &info);
	}
	free(sorted);
}

void machine_count(const struct machine *machine, struct machine_count *count)
{
	*count = machine->count;
	count->tracked = machine->tracked;
	count->learning = machine->learning;
	count->octets = sizeof(*machine) + machine->room * sizeof(*machine->addresses) +
			machine->n_buckets * sizeof(*machine->buckets) + machine->queues.octets;
}

static const char *const names[MACHINE_STATES] = {
	[MACHINE_NONE] = "none", [MACHINE_ALIVE] = "alive",   [MACHINE_PENDING] = "pending",
	[MACHINE_DEAD] = "dead", [MACHINE_STATIC] = "static",
};

const char *machine_state_name(enum machine_state state)
{
	return names[state];
}

int machine_state_parse(const char *name)
{
	for (int i = 0; i < MACHINE_STATES; i++) {
		if (strcmp(names[i], name) == 0)
			return i;
	}
	return -1;
}
