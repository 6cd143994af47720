// SPDX-License-Identifier: BSD-3-Clause
#include "control/manual/manual.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/alloc.h"
#include "control/config/config.h"
#include "lib/log.h"
#include "lib/message.h"

static void *copy_array(const void *from, size_t n, size_t size)
{
	void *to = alloc_array(NULL, n + 1, size);

	if (n)
		memcpy(to, from, n * size);
	return to;
}

void manual_copy(struct manual *to, const struct manual *from)
{
	*to = *from;
	to->overrides = copy_array(from->overrides, from->n_overrides, sizeof(*to->overrides));
	to->macs = copy_array(from->macs, from->n_macs, sizeof(*to->macs));
}

void manual_fini(struct manual *manual)
{
	free(manual->overrides);
	free(manual->macs);
	*manual = (struct manual){0};
}

const struct plan_override *manual_find(const struct manual *manual, const char *port)
{
	for (size_t i = 0; i < manual->n_overrides; i++) {
		if (strcmp(manual->overrides[i].port, port) == 0)
			return &manual->overrides[i];
	}
	return NULL;
}

struct plan_override *manual_override(struct manual *manual, const char *port)
{
	const struct plan_override *found = manual_find(manual, port);

	if (found)
		return &manual->overrides[found - manual->overrides];
	manual->overrides =
		alloc_array(manual->overrides, manual->n_overrides + 1, sizeof(*manual->overrides));
	struct plan_override *override = &manual->overrides[manual->n_overrides++];
	*override = (struct plan_override){0};
	snprintf(override->port, sizeof(override->port), "%s", port);
	return override;
}

void manual_clear_admin(struct plan_override *override)
{
	override->has_admin = override->admin_up = false;
	override->admin_since = override->admin_until = 0;
	*override->admin_by = 0;
}

void manual_clear_promotion(struct plan_override *override)
{
	override->promoted = false;
	override->promoted_since = 0;
	*override->promoted_by = 0;
}

void manual_clear_drain(struct plan_override *override)
{
	override->drained = false;
	override->drained_since = override->drained_until = 0;
	override->drained_rate = 0;
	*override->drained_by = 0;
}

void manual_tidy(struct manual *manual)
{
	size_t kept = 0;

	for (size_t i = 0; i < manual->n_overrides; i++) {
		const struct plan_override *override = &manual->overrides[i];

		if (override->has_admin || override->drained || override->promoted)
			manual->overrides[kept++] = *override;
	}
	manual->n_overrides = kept;
}

struct manual_mac *manual_find_mac(const struct manual *manual, const char *lan, mac_t mac)
{
	for (size_t i = 0; i < manual->n_macs; i++) {
		if (manual->macs[i].mac == mac && strcmp(manual->macs[i].lan, lan) == 0)
			return &manual->macs[i];
	}
	return NULL;
}

size_t manual_count_macs(const struct manual *manual, const char *port, const char *lan)
{
	size_t n = 0;

	for (size_t i = 0; i < manual->n_macs; i++) {
		const struct manual_mac *mac = &manual->macs[i];

		n += strcmp(mac->port, port) == 0 && strcmp(mac->lan, lan) == 0;
	}
	return n;
}

void manual_add_mac(struct manual *manual, const struct manual_mac *mac)
{
	manual->macs = alloc_array(manual->macs, manual->n_macs + 1, sizeof(*manual->macs));
	manual->macs[manual->n_macs++] = *mac;
}

void manual_del_mac(struct manual *manual, struct manual_mac *mac)
{
	size_t after = manual->n_macs - (size_t)(mac - manual->macs) - 1;

	memmove(mac, mac + 1, after * sizeof(*mac));
	manual->n_macs--;
}

static bool has_ended(double until, double now)
{
	return until > 0 && until <= now;
}

static size_t expire_override(struct plan_override *override, double now)
{
	size_t n = 0;

	if (override->has_admin && has_ended(override->admin_until, now)) {
		log_notice("port %s: the time for which it was set %s is over", override->port,
			   override->admin_up ? "up" : "down");
		manual_clear_admin(override);
		n++;
	}
	if (override->drained && has_ended(override->drained_until, now)) {
		log_notice("port %s: the time for which it was drained is over", override->port);
		manual_clear_drain(override);
		n++;
	}
	return n;
}

static size_t expire_overrides(struct manual *manual, double now)
{
	size_t n = 0;

	for (size_t i = 0; i < manual->n_overrides; i++)
		n += expire_override(&manual->overrides[i], now);
	manual_tidy(manual);
	return n;
}

static size_t expire_macs(struct manual *manual, double now)
{
	size_t n = 0;
	char text[MAC_TEXT_SIZE];

	for (size_t i = 0; i < manual->n_macs;) {
		struct manual_mac *mac = &manual->macs[i];

		if (!has_ended(mac->until, now)) {
			i++;
			continue;
		}
		log_notice("port %s: the time of %s in %s is over", mac->port,
			   mac_format(mac->mac, text), mac->lan);
		manual_del_mac(manual, mac);
		n++;
	}
	return n;
}

size_t manual_expire(struct manual *manual, double now)
{
	return expire_overrides(manual, now) + expire_macs(manual, now);
}

static double earlier(double a, double b)
{
	if (a <= 0 || b <= 0)
		return a > b ? a : b;
	return a < b ? a : b;
}

double manual_next_end(const struct manual *manual)
{
	double next = 0;

	for (size_t i = 0; i < manual->n_overrides; i++) {
		const struct plan_override *override = &manual->overrides[i];

		if (override->has_admin)
			next = earlier(next, override->admin_until);
		if (override->drained)
			next = earlier(next, override->drained_until);
	}
	for (size_t i = 0; i < manual->n_macs; i++)
		next = earlier(next, manual->macs[i].until);
	return next;
}

const struct config_member *manual_member(const struct config *config,
					  const struct config_port *port, const char *lan)
{
	for (size_t i = 0; i < port->n_members; i++) {
		if (strcmp(config->lans[port->members[i].lan].name, lan) == 0)
			return &port->members[i];
	}
	return NULL;
}

const struct config_port *manual_registered_at(const struct config *config, const char *lan,
					       mac_t mac)
{
	for (size_t i = 0; i < config->n_ports; i++) {
		const struct config_member *member = manual_member(config, &config->ports[i], lan);

		for (size_t m = 0; member && m < member->n_macs; m++) {
			if (member->macs[m] == mac)
				return &config->ports[i];
		}
	}
	return NULL;
}

bool manual_is_reserved(const struct config *config, const char *lan, mac_t mac)
{
	for (size_t i = 0; i < config->n_lans; i++) {
		for (size_t r = 0; r < config->lans[i].n_reserved; r++) {
			if (config->lans[i].reserved[r] == mac &&
			    strcmp(config->lans[i].name, lan) == 0)
				return true;
		}
	}
	return false;
}

struct plan_mac *manual_plan_macs(const struct manual *manual)
{
	struct plan_mac *macs = alloc_array(NULL, manual->n_macs + 1, sizeof(*macs));

	for (size_t i = 0; i < manual->n_macs; i++) {
		const struct manual_mac *from = &manual->macs[i];

		macs[i] = (struct plan_mac){
			.mac = from->mac,
			.kind = from->sticky ? MAC_STICKY : MAC_REGISTERED,
		};
		memcpy(macs[i].port, from->port, sizeof(macs[i].port));
		memcpy(macs[i].lan, from->lan, sizeof(macs[i].lan));
	}
	return macs;
}
