// SPDX-License-Identifier: BSD-3-Clause
#include "dataplane/tables/policy.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "dataplane/tables/draft.h"
#include "dataplane/tables/policy_neigh.h"

enum { VIDS = 4096 };

static bool limits_questions(const struct policy_limits_conf *limits)
{
	return limits->meters[METER_QUESTION].unit != RATE_NONE ||
	       limits->meters[METER_QUESTION_UNKNOWN].unit != RATE_NONE;
}

static void build_ports(struct policy *policy, const struct draft *draft,
			const struct policy_device *devices)
{
	for (uint32_t p = 0; p < MAX_PORTS; p++) {
		const struct policy_port_conf *conf = &draft->ports[p];
		struct policy_port *port = &policy->ports[p];

		port->lan_untagged = LAN_NONE;
		policy_port_in_no_lan(port);
		if (!draft->port_used[p])
			continue;
		port->used = true;
		port->admin_up = conf->flags & PORT_ADMIN_UP;
		port->learn = conf->flags & PORT_LEARN;
		port->drop_runts = conf->flags & PORT_DROP_RUNTS;
		port->watched = conf->flags & PORT_WATCHED;
		port->sampling = conf->sampling;
		port->drained = conf->flags & PORT_DRAINED;
		port->quiet = conf->flags & PORT_QUIET;
		port->disable_at_once = draft->limits[p].violations == 1;
		port->asks_limited = limits_questions(&draft->limits[p]);
		policy->n_drained += port->drained;
		port->is_lag = draft_is_lag(draft, p);
		port->owner = draft_owner(draft, (uint16_t)p);
		port->frame_max = (uint16_t)((port->is_lag ? conf->mtu : devices[p].mtu) +
					     FRAME_OVERHEAD + TAG_SIZE);
		memcpy(port->name, conf->name, sizeof(port->name));
	}
}

static uint8_t plain_of(const struct admit_rules *rules)
{
	bool any = rules->flags & RULE_ANY_TYPE;

	return (any || admit_type(rules, ADMIT_TYPE_IPV4) ? PLAIN_IPV4 : 0) |
	       (any || admit_type(rules, ADMIT_TYPE_IPV6) ? PLAIN_IPV6 : 0);
}

// The rules of the draft; number 0 are those of a plain bridge.
static int build_rules(struct policy *policy, const struct draft *draft)
{
	policy->rules = calloc(MAX_RULES, sizeof(*policy->rules));
	if (!policy->rules)
		return -ENOMEM;
	policy->rules[RULES_NONE].flags = RULE_ALL;
	for (uint32_t r = 1; r < MAX_RULES; r++) {
		const struct policy_rules_conf *conf = &draft->rules[r];

		if (!draft->rules_used[r])
			continue;
		policy->rules[r].flags = conf->flags;
		policy->rules[r].n_types = conf->n_types;
		memcpy(policy->rules[r].types, conf->types, sizeof(conf->types));
		policy->plain[r] = plain_of(&policy->rules[r]);
	}
	return 0;
}

static int build_members(struct policy *policy, const struct draft *draft)
{
	for (uint32_t i = 0; i < draft->n_members; i++) {
		const struct policy_member_conf *m = &draft->members[i];
		struct policy_port *port = &policy->ports[m->port];

		port->lans[m->lan].vid = m->vid;
		policy->lans[m->lan].drained |= port->drained;
		port->lans[m->lan].rules = m->rules;
		port->lans[m->lan].security = (uint8_t)m->security;
		if (m->vid == VID_UNTAGGED) {
			port->lan_untagged = (uint8_t)m->lan;
			continue;
		}
		if (!port->vid_lan) {
			uint8_t *vids = malloc(VIDS);

			if (!vids)
				return -ENOMEM;
			memset(vids, LAN_NONE, VIDS);
			port->vid_lan = vids;
		}
		((uint8_t *)port->vid_lan)[m->vid] = (uint8_t)m->lan;
	}
	return 0;
}

static void build_macs(struct policy *policy, const struct draft *draft)
{
	for (uint32_t i = 0; i < draft->n_macs; i++) {
		const struct policy_mac_conf *m = &draft->macs[i];

		if (m->port == PORT_FABRIC)
			policy->lans[m->lan].reserves = true;
		else
			policy->ports[m->port].lans[m->lan].has_mac = true;
	}
}

// Number the isolation groups that the draft uses from 1. Returns how many there are, 0 included.
static uint16_t build_groups(struct policy *policy, const struct draft *draft)
{
	uint16_t names[MAX_PORTS + 1] = {0};
	uint16_t n = 1;

	for (uint32_t p = 0; p < MAX_PORTS; p++) {
		uint16_t name = draft->port_used[p] ? draft->ports[p].isolation : 0;
		uint16_t group = 0;

		while (group < n && names[group] != name)
			group++;
		if (group == n)
			names[n++] = name;
		policy->ports[p].group = group;
	}
	return n;
}

static bool receives(const struct policy_port_conf *conf, enum flood_class class)
{
	switch (class) {
	case FLOOD_UNKNOWN:
		return conf->flags & PORT_FLOOD_UNKNOWN;
	case FLOOD_MULTICAST:
		return conf->flags & PORT_FLOOD_MULTICAST;
	default:
		return true;
	}
}

static struct reach *build_reach(const struct policy *policy, const struct draft *draft,
				 uint16_t lan, enum flood_class class, uint16_t group)
{
	struct reach *reach = malloc(sizeof(*reach) + MAX_PORTS * sizeof(*reach->ports));

	if (!reach)
		return NULL;
	reach->n = 0;
	for (uint16_t p = 0; p < MAX_PORTS; p++) {
		const struct policy_port *port = &policy->ports[p];

		if (!port->used || port->lans[lan].vid == VID_NOT_MEMBER)
			continue;
		if (group && port->group == group)
			continue;
		if (receives(&draft->ports[p], class))
			reach->ports[reach->n++] = p;
	}
	struct reach *fitted = realloc(reach, sizeof(*reach) + reach->n * sizeof(*reach->ports));
	return fitted ? fitted : reach;
}

static void add_nets(struct policy_lan *lan, const struct policy_prefix_conf *prefix)
{
	struct admit_nets *nets = &lan->nets;
	enum { HAS_NEITHER = 31 }; // RFC 3021

	if (prefix->family != 4 || prefix->length >= HAS_NEITHER || nets->n + 2 > ADMIT_NETS)
		return;
	uint32_t hosts = UINT32_MAX >> prefix->length;
	uint32_t network = admit_be32(prefix->address) & ~hosts;
	nets->addresses[nets->n++] = network;
	nets->addresses[nets->n++] = network | hosts;
	lan->edge_mask &= (uint8_t)hosts;
}

static int build_prefixes(struct policy *policy, const struct draft *draft, uint16_t l)
{
	struct policy_lan *lan = &policy->lans[l];

	lan->prefixes = calloc(draft->n_prefixes + 1, sizeof(*lan->prefixes));
	if (!lan->prefixes)
		return -ENOMEM;
	for (uint32_t i = 0; i < draft->n_prefixes; i++) {
		if (draft->prefixes[i].lan != l)
			continue;
		lan->prefixes[lan->n_prefixes++] = draft->prefixes[i];
		add_nets(lan, &draft->prefixes[i]);
	}
	return 0;
}

static int build_lan(struct policy *policy, const struct draft *draft, uint16_t l,
		     uint16_t n_groups, const struct policy *old)
{
	const struct policy_lan_conf *conf = &draft->lans[l];
	struct policy_lan *lan = &policy->lans[l];

	lan->flags = conf->flags;
	lan->sponge_mac = conf->sponge_mac;
	lan->frame_max = (uint16_t)(conf->mtu + FRAME_OVERHEAD);
	lan->n_groups = n_groups;
	lan->edge_mask = UINT8_MAX & ~1;
	memcpy(lan->name, conf->name, sizeof(lan->name));
	lan->reach = calloc((size_t)FLOOD_CLASSES * n_groups, sizeof(struct reach *));
	if (!lan->reach || build_prefixes(policy, draft, l))
		return -ENOMEM;
	lan->neigh = policy_neigh(draft, l, old);
	if (!lan->neigh)
		return -ENOMEM;
	for (uint16_t class = 0; class < FLOOD_CLASSES; class ++) {
		for (uint16_t group = 0; group < n_groups; group++) {
			struct reach *reach = build_reach(policy, draft, l, class, group);

			if (!reach)
				return -ENOMEM;
			lan->reach[class * n_groups + group] = reach;
		}
	}
	return 0;
}

int policy_queue_worker(const struct policy *policy, uint16_t ethdev, uint16_t queue)
{
	for (uint32_t w = 0; w < policy->n_workers; w++) {
		const struct policy_worker *worker = &policy->workers[w];

		for (uint32_t q = 0; q < worker->n_queues; q++) {
			if (worker->queues[q].ethdev == ethdev && worker->queues[q].queue == queue)
				return (int)w;
		}
	}
	return -1;
}

static uint32_t least_loaded(const struct policy *policy)
{
	uint32_t least = 0;

	for (uint32_t w = 1; w < policy->n_workers; w++) {
		if (policy->workers[w].n_queues < policy->workers[least].n_queues)
			least = w;
	}
	return least;
}

static void give_queue(struct policy *policy, uint32_t w, uint16_t port,
		       const struct policy_device *device, uint16_t queue)
{
	struct policy_worker *worker = &policy->workers[w];

	worker->queues[worker->n_queues++] = (struct policy_queue){
		.port = policy->ports[port].owner,
		.link = port,
		.ethdev = device->ethdev,
		.queue = queue,
		.wait_fd = device->wait_fd,
		.is_memif = device->is_memif,
	};
}

// Two passes: what "old" has stays where it is, then the rest evens the load out.
static void build_queues(struct policy *policy, const struct policy_device *devices,
			 const struct policy *old)
{
	for (int pass = 0; pass < 2; pass++) {
		for (uint16_t p = 0; p < MAX_PORTS; p++) {
			const struct policy_device *d = &devices[p];

			for (uint16_t q = 0; policy->ports[p].used && q < d->n_rx; q++) {
				int w = old ? policy_queue_worker(old, d->ethdev, q) : -1;

				if (pass == 0 && w >= 0)
					give_queue(policy, (uint32_t)w, p, d, q);
				else if (pass == 1 && w < 0)
					give_queue(policy, least_loaded(policy), p, d, q);
			}
		}
	}
}

static void build_tx(struct policy *policy, const struct policy_device *devices)
{
	for (uint32_t w = 0; w < policy->n_workers; w++) {
		for (uint32_t p = 0; p < MAX_PORTS; p++) {
			const struct policy_device *d = &devices[p];

			if (!policy->ports[p].used || d->n_tx == 0)
				continue;
			uint16_t queue = (uint16_t)(w % d->n_tx);
			policy->workers[w].tx[p] = (struct policy_tx){
				.ethdev = d->ethdev,
				.queue = queue,
				.lock = d->n_tx < policy->n_workers ? &d->tx_locks[queue] : NULL,
			};
		}
	}
}

static int build_workers(struct policy *policy, const struct policy_device *devices,
			 uint32_t n_workers, const struct policy *old)
{
	size_t n_queues = 0;

	for (uint32_t p = 0; p < MAX_PORTS; p++)
		n_queues += policy->ports[p].used ? devices[p].n_rx : 0;
	policy->workers = calloc(n_workers, sizeof(*policy->workers));
	if (!policy->workers)
		return -ENOMEM;
	policy->n_workers = n_workers;
	for (uint32_t w = 0; w < n_workers; w++) {
		policy->workers[w].queues = calloc(n_queues + 1, sizeof(struct policy_queue));
		if (!policy->workers[w].queues)
			return -ENOMEM;
	}
	build_queues(policy, devices, old);
	build_tx(policy, devices);
	return 0;
}

struct policy *policy_build(const struct draft *draft, struct fdb *const *fdbs,
			    struct hosts *const *hosts, const struct policy_device *devices,
			    uint32_t n_workers, const struct policy *old)
{
	struct policy *policy = aligned_alloc(64, (sizeof(*policy) + 63) / 64 * 64);

	if (!policy)
		return NULL;
	memset(policy, 0, sizeof(*policy));
	policy->digest = draft->begin.digest;
	policy->generation = old ? old->generation + 1 : 1;
	build_ports(policy, draft, devices);
	int err = build_rules(policy, draft);
	if (!err)
		err = build_members(policy, draft);
	build_macs(policy, draft);
	uint16_t n_groups = build_groups(policy, draft);
	for (uint16_t l = 0; l < MAX_LANS && !err; l++) {
		if (!draft->lan_used[l])
			continue;
		policy->lans[l].fdb = fdbs[l];
		policy->lans[l].hosts = hosts[l];
		policy->has_hosts |= hosts[l] != NULL;
		err = build_lan(policy, draft, l, n_groups, old);
	}
	if (!err)
		err = build_workers(policy, devices, n_workers, old);
	if (err) {
		policy_free(policy);
		errno = -err;
		return NULL;
	}
	return policy;
}

static void free_lan(struct policy_lan *lan)
{
	for (int i = 0; lan->reach && i < FLOOD_CLASSES * lan->n_groups; i++)
		free((void *)lan->reach[i]);
	free(lan->reach);
	free(lan->prefixes);
	neigh_free(lan->neigh);
}

void policy_free(struct policy *policy)
{
	if (!policy)
		return;
	for (uint32_t l = 0; l < MAX_LANS; l++)
		free_lan(&policy->lans[l]);
	for (uint32_t p = 0; p < MAX_PORTS; p++)
		free((void *)policy->ports[p].vid_lan);
	for (uint32_t w = 0; w < policy->n_workers; w++)
		free(policy->workers[w].queues);
	free(policy->workers);
	free(policy->rules);
	free(policy);
}
