// SPDX-License-Identifier: BSD-3-Clause
#include "dataplane/manage/loop.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "dataplane/manage/disable.h"
#include "dataplane/manage/duplicates.h"
#include "dataplane/manage/inject.h"
#include "dataplane/manage/manager.h"
#include "lib/clock.h"

struct loop {
	struct loop_port ports[MAX_PORTS];
	uint64_t sampled_ns;
};

uint16_t loop_choose(const struct loop_end *a, const struct loop_end *b)
{
	if (a->looks_for_loops != b->looks_for_loops)
		return a->looks_for_loops ? a->port : b->port;
	if (a->up_ns != b->up_ns)
		return a->up_ns > b->up_ns ? a->port : b->port;
	return a->port > b->port ? a->port : b->port;
}

void loop_sample(struct loop_port *port, uint64_t broadcasts)
{
	// Counters that went back are those of another port in the same slot.
	uint64_t rate = broadcasts > port->broadcasts ? broadcasts - port->broadcasts : 0;

	memmove(&port->rates[1], &port->rates[0], sizeof(port->rates) - sizeof(port->rates[0]));
	port->rates[0] = rate < UINT32_MAX ? (uint32_t)rate : UINT32_MAX;
	port->broadcasts = broadcasts;
}

bool loop_mirrored(const struct loop_port *a, const struct loop_port *b)
{
	for (int s = 0; s < LOOP_SECONDS; s++) {
		bool first = a->rates[s] > b->rates[s];
		uint64_t more = first ? a->rates[s] : b->rates[s];
		uint64_t less = first ? b->rates[s] : a->rates[s];

		if (less <= LOOP_BROADCASTS || (more - less) * 100 > more * LOOP_DIFFERENCE)
			return false;
	}
	return true;
}

int loop_init(struct manager *manager)
{
	uint8_t *key = manager->fabric->probes.key;

	manager->loop = calloc(1, sizeof(*manager->loop));
	if (!manager->loop)
		return -ENOMEM;
	return getrandom(key, PROBE_KEY_SIZE, 0) == PROBE_KEY_SIZE ? 0 : -EIO;
}

void loop_fini(struct manager *manager)
{
	free(manager->loop);
	manager->loop = NULL;
}

// ---- A loop was found

static bool is_working(const struct manager *manager, uint16_t port)
{
	const struct port_info *info = &manager->fabric->stats.ports[port];

	return info->used && info->admin_up && info->link == LINK_UP && !info->disabled;
}

static struct loop_end end_of(const struct manager *manager, uint16_t port)
{
	return (struct loop_end){
		.port = port,
		.looks_for_loops = manager->limits[port].probe_interval != 0,
		.up_ns = manager->fabric->stats.ports[port].changed_ns,
	};
}

static void break_loop(struct manager *manager, uint16_t a, uint16_t b, uint64_t now_ns)
{
	struct loop_end ends[] = {end_of(manager, a), end_of(manager, b)};
	uint16_t port = loop_choose(&ends[0], &ends[1]);
	struct event_port event = {.port = port,
				   .why = DISABLE_LOOP,
				   .other = a == b ? FDB_ANY : (uint16_t)(a + b - port),
				   .moves = moves_between(manager, a, b, now_ns)};

	disable_port(manager, &event, now_ns);
}

void loop_notice(struct manager *manager, const struct message *notice, uint64_t now_ns)
{
	uint16_t a = notice->probe.port, b = notice->probe.sender;

	// Another notice of the same loop may have come first.
	if (is_working(manager, a) && is_working(manager, b))
		break_loop(manager, a, b, now_ns);
}

// ---- Looking for one

// Returns false if there is no room for all of it: it is sent once more, then.
static bool send_probes(struct manager *manager, uint16_t port)
{
	const struct policy_port *p = &manager->policy->ports[port];
	struct fabric *fabric = manager->fabric;
	uint8_t octets[FRAME_MIN];
	struct probe probe = {
		.instance = fabric->stats.header->instance,
		.sender = port,
		.sequence = atomic_load(&fabric->probes.sequences[port]) + 1,
	};

	atomic_store(&fabric->probes.sequences[port], probe.sequence);
	for (uint16_t l = 0; l < MAX_LANS; l++) {
		if (p->lans[l].vid == VID_NOT_MEMBER)
			continue;
		probe.lan = l;
		probe_encode(&probe, fabric->probes.key, octets);
		if (inject_frame(manager, port, l, octets, FRAME_MIN) == -EAGAIN)
			return false;
	}
	return true;
}

static void probe_port(struct manager *manager, uint16_t port, uint64_t now_ns)
{
	uint64_t interval_ns = manager->limits[port].probe_interval * CLOCK_SECOND;
	uint64_t *due_ns = &manager->loop->ports[port].due_ns;

	if (!interval_ns || !is_working(manager, port)) {
		*due_ns = 0;
		return;
	}
	// A shorter interval is not to wait for the end of a longer one.
	if (now_ns < *due_ns && *due_ns - now_ns <= interval_ns)
		return;
	if (send_probes(manager, port))
		*due_ns = now_ns + interval_ns;
}

static void compare_rates(struct manager *manager, uint16_t a, uint64_t now_ns)
{
	const struct loop_port *ports = manager->loop->ports;

	for (uint16_t b = 0; b < a && is_working(manager, a); b++) {
		if (is_working(manager, b) && loop_mirrored(&ports[a], &ports[b]) &&
		    moves_between(manager, a, b, now_ns) >= LOOP_MOVES)
			break_loop(manager, a, b, now_ns);
	}
}

static void look_for_mirrors(struct manager *manager, uint64_t now_ns)
{
	struct loop *loop = manager->loop;
	struct port_counters sum;

	if (now_ns - loop->sampled_ns < CLOCK_SECOND)
		return;
	loop->sampled_ns = now_ns;
	for (uint16_t p = 0; p < MAX_PORTS; p++) {
		if (!manager->fabric->stats.ports[p].used)
			continue;
		stats_sum_port(&manager->fabric->stats, p, &sum);
		loop_sample(&loop->ports[p], sum.rx_broadcast);
	}
	for (uint16_t p = 0; p < MAX_PORTS; p++) {
		if (loop->ports[p].rates[0] > LOOP_BROADCASTS && manager->limits[p].probe_interval)
			compare_rates(manager, p, now_ns);
	}
}

void loop_tick(struct manager *manager, uint64_t now_ns)
{
	if (!manager->policy)
		return;
	for (uint16_t p = 0; p < MAX_PORTS; p++)
		probe_port(manager, p, now_ns);
	look_for_mirrors(manager, now_ns);
}
