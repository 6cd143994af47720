// SPDX-License-Identifier: BSD-3-Clause
// What becomes of what stands above a configuration when another one comes: the configuration wins.
#include <string.h>

#include "control/config/links.h"
#include "control/manual/manual.h"
#include "lib/log.h"

// Why an address has no place in the configuration; NULL if it has. "" is not worth a word.
static const char *misplaced(const struct config *config, const struct manual_mac *mac)
{
	const struct config_port *port = config_find_port(config, mac->port);
	const struct config_member *member = port ? manual_member(config, port, mac->lan) : NULL;
	const struct config_port *registered = manual_registered_at(config, mac->lan, mac->mac);

	if (!member)
		return "the port is no longer in that LAN";
	if (registered)
		return registered == port ? "" : "it is registered on another port";
	if (manual_is_reserved(config, mac->lan, mac->mac))
		return "it is one of the exchange's own";
	if (mac->sticky && member->security.mode != SECURITY_LEARN)
		return "nothing is learned there any more";
	return NULL;
}

static void lose_mac(struct manual *manual, struct manual_mac *mac, struct manual *lost)
{
	if (lost)
		manual_add_mac(lost, mac);
	manual_del_mac(manual, mac);
}

static size_t fit_macs(struct manual *manual, const struct config *config, struct manual *lost)
{
	size_t n = 0;

	for (size_t i = 0; i < manual->n_macs;) {
		struct manual_mac *mac = &manual->macs[i];

		if (!misplaced(config, mac)) {
			i++;
			continue;
		}
		lose_mac(manual, mac, lost);
		n++;
	}
	return n;
}

// More than the configuration lets the port have.
static bool is_above_limit(const struct manual *manual, const struct config *config,
			   const struct manual_mac *mac)
{
	const struct config_port *port = config_find_port(config, mac->port);
	const struct config_member *member = manual_member(config, port, mac->lan);
	uint32_t limit = config_security_limit(&member->security);
	size_t n = member->n_macs + manual_count_macs(manual, mac->port, mac->lan);

	return limit && n > limit;
}

// After fit_macs(), so every port and membership is there. The latest are last.
static size_t fit_limits(struct manual *manual, const struct config *config, struct manual *lost)
{
	size_t n = 0;

	for (size_t i = manual->n_macs; i-- > 0;) {
		struct manual_mac *mac = &manual->macs[i];

		if (!mac->sticky || !is_above_limit(manual, config, mac))
			continue;
		lose_mac(manual, mac, lost);
		n++;
	}
	return n;
}

static void lose_promotion(struct plan_override *override, struct manual *lost)
{
	if (lost) {
		struct plan_override *copy = manual_override(lost, override->port);

		copy->promoted = true;
		copy->promoted_since = override->promoted_since;
		memcpy(copy->promoted_by, override->promoted_by, sizeof(copy->promoted_by));
	}
	manual_clear_promotion(override);
}

static void lose_drain(struct plan_override *override, struct manual *lost)
{
	if (lost) {
		struct plan_override *copy = manual_override(lost, override->port);

		copy->drained = true;
		copy->drained_since = override->drained_since;
		copy->drained_until = override->drained_until;
		copy->drained_rate = override->drained_rate;
		memcpy(copy->drained_by, override->drained_by, sizeof(copy->drained_by));
	}
	manual_clear_drain(override);
}

static size_t fit_overrides(struct manual *manual, const struct config *config, struct manual *lost)
{
	size_t kept = 0, n = 0;

	for (size_t i = 0; i < manual->n_overrides; i++) {
		struct plan_override *override = &manual->overrides[i];
		const struct config_port *port = config_find_port(config, override->port);

		if (port && override->promoted && !port->quarantine) {
			lose_promotion(override, lost);
			n++;
		}
		if (port && override->drained && config_is_link(port)) {
			lose_drain(override, lost);
			n++;
		}
		if (port) {
			manual->overrides[kept++] = *override;
			continue;
		}
		if (lost)
			*manual_override(lost, override->port) = *override;
		n++;
	}
	manual->n_overrides = kept;
	manual_tidy(manual);
	return n;
}

size_t manual_fit(struct manual *manual, const struct config *config, struct manual *lost)
{
	size_t n = fit_overrides(manual, config, lost);

	n += fit_macs(manual, config, lost);
	return n + fit_limits(manual, config, lost);
}

void manual_log_lost(const struct manual *lost, const struct config *config)
{
	char text[MAC_TEXT_SIZE];

	for (size_t i = 0; i < lost->n_macs; i++) {
		const struct manual_mac *mac = &lost->macs[i];
		const char *why = misplaced(config, mac);

		if (!why)
			why = "it is above the port's limit";
		if (*why)
			log_notice("port %s: %s in %s is forgotten: %s", mac->port,
				   mac_format(mac->mac, text), mac->lan, why);
	}
}

static void merge_override(struct plan_override *to, const struct plan_override *from)
{
	if (from->has_admin && !to->has_admin) {
		to->has_admin = true;
		to->admin_up = from->admin_up;
		to->admin_since = from->admin_since;
		to->admin_until = from->admin_until;
		memcpy(to->admin_by, from->admin_by, sizeof(to->admin_by));
	}
	if (from->promoted && !to->promoted) {
		to->promoted = true;
		to->promoted_since = from->promoted_since;
		memcpy(to->promoted_by, from->promoted_by, sizeof(to->promoted_by));
	}
	if (from->drained && !to->drained) {
		to->drained = true;
		to->drained_since = from->drained_since;
		to->drained_until = from->drained_until;
		to->drained_rate = from->drained_rate;
		memcpy(to->drained_by, from->drained_by, sizeof(to->drained_by));
	}
}

void manual_merge(struct manual *manual, const struct manual *more)
{
	for (size_t i = 0; i < more->n_overrides; i++)
		merge_override(manual_override(manual, more->overrides[i].port),
			       &more->overrides[i]);
	for (size_t i = 0; i < more->n_macs; i++) {
		if (!manual_find_mac(manual, more->macs[i].lan, more->macs[i].mac))
			manual_add_mac(manual, &more->macs[i]);
	}
}
