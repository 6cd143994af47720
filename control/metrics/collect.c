// SPDX-License-Identifier: BSD-3-Clause
#include "control/metrics/collect.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/alloc.h"
#include "control/config/links.h"
#include "control/control.h"
#include "control/events/events.h"
#include "control/events/incident.h"
#include "control/fabric/fabric.h"
#include "control/fabric/plan_lans.h"
#include "control/metrics/view.h"
#include "control/sflow/collector.h"
#include "control/sflow/sflow.h"
#include "lib/channel.h"

// ---- Ports

static char *copy_text(const char *text)
{
	return alloc_format("%s", text ? text : "");
}

static void read_lag(const struct config *all, const struct config_port *config,
		     struct view_port *port)
{
	const struct config_port *lag = config_lag_of(all, config);

	memcpy(port->lag, config->lag, sizeof(port->lag));
	port->has_lacp = lag && lag->lacp.mode != LAG_MODE_OFF;
	port->is_lag = config_is_lag(config);
	if (!port->is_lag)
		return;
	port->n_links = (uint16_t)config_count_links(all, config);
	port->min_links = config->lacp.min_links;
}

static void read_port(const struct control *control, const struct plan_wish *wish, size_t i,
		      struct view_port *port)
{
	const struct config_port *config = &wish->config->ports[i];
	const struct stats *stats = fabric_stats(control->fabric);

	memcpy(port->name, config->name, sizeof(port->name));
	memcpy(port->device, config->device, sizeof(port->device));
	port->member = copy_text(config->member_name);
	port->description = copy_text(config->description);
	port->asn = config->asn;
	read_lag(wish->config, config, port);
	port->admin_up = plan_admin_up(wish, i);
	port->drained = plan_is_drained(wish, i);
	port->quarantined = plan_is_quarantined(wish, i);
	port->is_sampled =
		config->sampling && sflow_port(control->sflow, i, config->name, &port->sflow);
	port->slot = running_slot(&control->running, i);
	port->known = stats && port->slot != PLAN_NO_SLOT &&
		      stats_port_info(stats, port->slot, &port->info);
	if (port->known)
		stats_sum_port(stats, port->slot, &port->counters);
	port->state = port_state_of(wish, i, port->known ? &port->info : NULL);
}

// Counters stand on cache lines of their own.
static void *aligned_zero(size_t n, size_t size)
{
	size_t octets = ((n + 1) * size + 63) / 64 * 64;
	void *memory = aligned_alloc(64, octets);

	if (!memory)
		abort();
	return memset(memory, 0, octets);
}

static void read_ports(const struct control *control, const struct plan_wish *wish,
		       const uint32_t *ifindexes, struct view *view)
{
	view->n_ports = wish->config->n_ports;
	view->ports = aligned_zero(view->n_ports, sizeof(*view->ports));
	for (size_t i = 0; i < view->n_ports; i++) {
		view->ports[i].ifindex = ifindexes[i];
		read_port(control, wish, i, &view->ports[i]);
	}
}

// ---- LANs

static size_t count_members(const struct config *config)
{
	size_t n = 0;

	for (size_t i = 0; i < config->n_ports; i++)
		n += config->ports[i].n_members;
	return n;
}

static void read_member(const struct plan_wish *wish, size_t port,
			const struct config_member *member, struct view *view)
{
	uint16_t lan = plan_member_lan(wish, port, member);

	if (lan >= view->n_lans)
		return;
	view->members[view->n_members++] =
		(struct view_member){.port = port,
				     .lan = lan,
				     .vlan = member->tagged ? member->vid : 0};
	for (size_t i = 0; i < member->n_ips; i++)
		view->lans[lan].addresses[member->ips[i].family == 6]++;
}

static void read_sponge(const struct control *control, size_t i, struct view_lan *lan)
{
	const struct machine *machine = sponges_machine(control->sponges, i);
	const struct bindings *bindings = sponges_bindings(control->sponges, i);

	lan->has_sponge = machine;
	if (machine)
		machine_count(machine, &lan->sponge);
	lan->learns_hosts = bindings;
	lan->bindings = bindings ? bindings_count(bindings) : 0;
}

static void read_lans(const struct control *control, const struct plan_wish *wish,
		      struct view *view)
{
	const struct config *config = wish->config;
	const struct stats *stats = fabric_stats(control->fabric);

	view->n_lans = plan_count_lans(config);
	view->lans = alloc_zero((view->n_lans + 1) * sizeof(*view->lans));
	view->members = alloc_zero((count_members(config) + 1) * sizeof(*view->members));
	for (uint16_t i = 0; i < view->n_lans && i < MAX_LANS; i++) {
		struct view_lan *lan = &view->lans[i];

		plan_lan_name(config, i, lan->name);
		lan->fdb_size = config->lans[plan_lan_of(config, i, NULL)].fdb_size;
		if (i < config->n_lans)
			read_sponge(control, i, lan);
		if (!stats)
			continue;
		lan->learned = atomic_load(&stats->header->lans[i].learned);
		lan->statics = atomic_load(&stats->header->lans[i].statics);
		lan->held = atomic_load(&stats->header->lans[i].held);
	}
	for (size_t i = 0; i < config->n_ports; i++) {
		for (size_t m = 0; m < config->ports[i].n_members; m++)
			read_member(wish, i, &config->ports[i].members[m], view);
	}
}

// ---- The dataplane

static double seconds_of(uint64_t ns)
{
	return (double)(ns / 1000) / 1e6;
}

static void read_dataplane(const struct control *control, struct view *view)
{
	const struct channel_welcome *peer = fabric_peer(control->fabric);
	const struct stats *stats = fabric_stats(control->fabric);

	view->bad_replies = fabric_bad_replies(control->fabric);
	view->attached = stats && peer;
	if (!view->attached)
		return;
	const struct stats_header *header = stats->header;
	snprintf(view->release, sizeof(view->release), "%.*s", NAME_SIZE - 1, peer->release);
	view->in_force = control->running.slots && atomic_load(&header->digest) != 0;
	view->dataplane.started = seconds_of(header->started_ns);
	view->dataplane.generation = atomic_load(&header->generation);
	view->dataplane.bad_commands = atomic_load(&header->bad_commands);
	view->dataplane.tsc_hz = header->tsc_hz;
	view->dataplane.memory_octets = header->memory_octets;
	view->dataplane.hugepages = header->hugepages != 0;
	view->dataplane.mbufs = header->mbufs;
	view->dataplane.mbufs_free = atomic_load(&header->mbufs_free);
	view->n_workers = stats->n_workers;
	view->workers = aligned_zero(view->n_workers, sizeof(*view->workers));
	memcpy(view->workers, stats->workers, view->n_workers * sizeof(*view->workers));
}

static void add_incident(void *argument, const struct incident *incident)
{
	struct view *view = argument;
	const size_t n = view->n_incidents;

	if ((n & (n - 1)) == 0)
		view->incidents =
			alloc_array(view->incidents, n ? 2 * n : 1, sizeof(*view->incidents));
	struct view_incident *to = &view->incidents[view->n_incidents++];
	memcpy(to->port, incident->port, sizeof(to->port));
	memcpy(to->reason, incident->reason, sizeof(to->reason));
	to->level = incident->level;
}

static void read_collectors(const struct control *control, struct view *view)
{
	const struct collector *collectors = sflow_collectors(control->sflow, &view->n_collectors);

	view->collectors = alloc_zero((view->n_collectors + 1) * sizeof(*view->collectors));
	for (size_t i = 0; i < view->n_collectors; i++) {
		struct view_collector *to = &view->collectors[i];

		memcpy(to->name, collectors[i].name, sizeof(to->name));
		to->datagrams = collectors[i].datagrams;
		to->errors = collectors[i].errors;
	}
}

// ---- The matrix

struct matrix {
	const struct fabric *fabric;
	uint64_t instance;
	struct pair_counters *row;
};

// Whether it is the port that the view is about which lives there now, and has sent anything: what
// was never written is not touched, for it would cost memory in the shared file.
static bool has_row(const struct stats *stats, const struct view_port *port)
{
	return port->known && port->counters.rx_frames &&
	       __atomic_load_n(&stats->ports[port->slot].incarnation, __ATOMIC_RELAXED) ==
		       port->info.incarnation;
}

static const struct pair_counters *read_row(void *argument, const struct view *view, size_t from)
{
	struct matrix *matrix = argument;
	const struct stats *stats = fabric_stats(matrix->fabric);

	if (!stats || stats->header->instance != matrix->instance ||
	    !has_row(stats, &view->ports[from]))
		return NULL;
	for (size_t to = 0; to < view->n_ports; to++) {
		matrix->row[to] = (struct pair_counters){0};
		if (view->ports[to].known)
			stats_sum_pair(stats, view->ports[from].slot, view->ports[to].slot,
				       &matrix->row[to]);
	}
	return matrix->row;
}

static void prepare_matrix(const struct control *control, struct view *view)
{
	const size_t room = (sizeof(struct matrix) + 63) / 64 * 64;
	struct matrix *matrix = aligned_zero(view->n_ports * sizeof(*matrix->row) + room, 1);

	matrix->fabric = control->fabric;
	matrix->instance = fabric_peer(control->fabric)->instance;
	matrix->row = (struct pair_counters *)((char *)matrix + room);
	view->argument = matrix;
	view->pairs = read_row;
}

struct view *collect(const struct control *control, const uint32_t *ifindexes)
{
	const struct running *running = &control->running;
	const struct plan_wish wish = running_wish(running);
	struct view *view = alloc_zero(sizeof(*view));

	view->generation = running->applied.generation;
	view->applied = running->applied.applied;
	view->deadline = running->applied.wait.deadline;
	view->failed = running->problem || running->failure || running->problems;
	view->overrides = running->manual.n_overrides;
	sponges_count(control->sponges, &view->sponges);
	read_dataplane(control, view);
	read_collectors(control, view);
	if (control->events)
		incidents_each(events_incidents(control->events), add_incident, view);
	if (wish.config) {
		read_ports(control, &wish, ifindexes, view);
		read_lans(control, &wish, view);
	}
	if (view->attached)
		prepare_matrix(control, view);
	return view;
}
