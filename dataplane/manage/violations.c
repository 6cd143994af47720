// SPDX-License-Identifier: BSD-3-Clause
#include "dataplane/manage/violations.h"

#include "dataplane/manage/disable.h"
#include "dataplane/manage/manager.h"
#include "dataplane/manage/port_info.h"

static void disable(struct manager *manager, uint16_t port, enum port_disable why, uint16_t reason,
		    uint32_t count, uint64_t now_ns)
{
	struct event_port event = {
		.port = port, .why = why, .other = FDB_ANY, .reason = reason, .count = count};

	disable_port(manager, &event, now_ns);
}

static uint64_t sum_drops(const struct manager *manager, uint16_t port, int reason)
{
	const struct stats *stats = &manager->fabric->stats;
	uint64_t sum = 0;

	for (uint32_t w = 0; w <= stats->n_workers; w++)
		sum += __atomic_load_n(&stats_port(stats, w, port)->drops[reason],
				       __ATOMIC_RELAXED);
	return sum;
}

// Bring what the port's conduct knows up to date. Returns how many violations are new.
static uint64_t count_new(struct manager *manager, uint16_t port)
{
	struct conduct *conduct = &manager->conduct[port];
	uint64_t n = 0;
	int last = DROP_NONE;

	for (int reason = 1; reason < DROP_COUNT; reason++) {
		if (!drop_is_violation(reason))
			continue;
		uint64_t sum = sum_drops(manager, port, reason);

		if (sum != conduct->drops[reason])
			last = reason;
		n += sum - conduct->drops[reason];
		conduct->drops[reason] = sum;
	}
	if (last != DROP_NONE)
		port_info_violation(manager, port, (uint16_t)last);
	return n;
}

static void look(struct manager *manager, uint16_t port, uint64_t now_ns)
{
	const struct policy_limits_conf *limits = &manager->limits[port];
	const struct port_info *info = &manager->fabric->stats.ports[port];
	uint64_t n = count_new(manager, port);

	if (n && limits->violations && !info->disabled) {
		uint32_t count = window_add(&manager->conduct[port].violating,
					    n < UINT32_MAX ? (uint32_t)n : UINT32_MAX,
					    limits->violation_window, now_ns);

		if (count >= limits->violations)
			disable(manager, port, DISABLE_SECURITY, info->last_reason, count, now_ns);
	}
	// A worker did it, and there was no room for its notice.
	if (!info->disabled && atomic_load(&manager->fabric->disabled[port]) != DISABLE_NONE)
		disable(manager, port, DISABLE_SECURITY, info->last_reason, 1, now_ns);
}

void violations_tick(struct manager *manager, uint64_t now_ns)
{
	for (uint16_t p = 0; p < MAX_PORTS; p++) {
		if (manager->fabric->stats.ports[p].used)
			look(manager, p, now_ns);
	}
}

void violations_notice(struct manager *manager, const struct message *notice, uint64_t now_ns)
{
	uint16_t port = notice->mac.port;

	// An operator may have enabled it meanwhile.
	if (atomic_load(&manager->fabric->disabled[port]) == DISABLE_NONE)
		return;
	disable(manager, port, DISABLE_SECURITY, notice->mac.reason, 1, now_ns);
	if (notice->mac.reason != DROP_NONE)
		port_info_violation(manager, port, notice->mac.reason);
}

void violations_link(struct manager *manager, uint16_t port, uint32_t n, uint64_t now_ns)
{
	const struct policy_limits_conf *limits = &manager->limits[port];

	if (!n || !limits->flaps || manager->fabric->stats.ports[port].disabled)
		return;
	uint32_t count =
		window_add(&manager->conduct[port].flapping, n, limits->flap_window, now_ns);
	if (count > limits->flaps)
		disable(manager, port, DISABLE_FLAP, DROP_NONE, count, now_ns);
}

void violations_forget(struct manager *manager, uint16_t port)
{
	manager->conduct[port] = (struct conduct){0};
}
