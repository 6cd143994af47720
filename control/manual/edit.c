// SPDX-License-Identifier: BSD-3-Clause
#include "control/manual/edit.h"

#include <stdio.h>
#include <string.h>

#include "control/config/links.h"
#include "control/rpc/code.h"
#include "control/when.h"
#include "lib/log.h"

// What an edit works on.
struct work {
	struct edit *edit;
	struct manual *manual;
	const struct config *config;
	const struct config_port *port;
	char *text;
};

#define refuse(w, code, ...) (snprintf((w)->text, EDIT_TEXT_SIZE, __VA_ARGS__), (code))

// An override that says what the configuration says is none.
static int set_admin(struct work *w)
{
	struct plan_override *override = manual_override(w->manual, w->port->name);

	if (w->port->admin_up == w->edit->admin_up) {
		manual_clear_admin(override);
		w->edit->until = 0;
		return 0;
	}
	if (!override->has_admin)
		override->admin_since = w->edit->now;
	override->has_admin = true;
	override->admin_up = w->edit->admin_up;
	override->admin_until = w->edit->until;
	memcpy(override->admin_by, w->edit->by, sizeof(override->admin_by));
	return 0;
}

// Draining a port that is drained changes only for how long.
static int drain(struct work *w)
{
	struct plan_override *override = manual_override(w->manual, w->port->name);

	if (!override->drained) {
		override->drained_since = w->edit->now;
		override->drained_rate = w->edit->rate;
	}
	override->drained = true;
	override->drained_until = w->edit->until;
	memcpy(override->drained_by, w->edit->by, sizeof(override->drained_by));
	return 0;
}

static int undrain(struct work *w)
{
	struct plan_override *override = manual_override(w->manual, w->port->name);

	if (!override->drained)
		return refuse(w, RPC_REFUSED, "port %s is not being drained", w->port->name);
	manual_clear_drain(override);
	return 0;
}

static int promote(struct work *w)
{
	struct plan_override *override = manual_override(w->manual, w->port->name);

	if (!w->port->quarantine || override->promoted)
		return refuse(w, RPC_REFUSED, "port %s is not in quarantine", w->port->name);
	override->promoted = true;
	override->promoted_since = w->edit->now;
	memcpy(override->promoted_by, w->edit->by, sizeof(override->promoted_by));
	return 0;
}

static int quarantine(struct work *w)
{
	struct plan_override *override = manual_override(w->manual, w->port->name);

	if (!w->port->quarantine)
		return refuse(w, RPC_REFUSED,
			      "port %s has no \"quarantine: yes\" in the configuration",
			      w->port->name);
	if (!override->promoted)
		return refuse(w, RPC_REFUSED, "port %s is in quarantine already", w->port->name);
	manual_clear_promotion(override);
	return 0;
}

static int check_lan(struct work *w)
{
	if (!*w->edit->lan || manual_member(w->config, w->port, w->edit->lan))
		return 0;
	return refuse(w, RPC_NOT_FOUND, "port %s is not in a LAN \"%.32s\"", w->port->name,
		      w->edit->lan);
}

// The LAN of a port that is only in one need not be named.
static int choose_lan(struct work *w)
{
	if (*w->edit->lan)
		return check_lan(w);
	if (w->port->n_members != 1)
		return refuse(w, RPC_BAD_PARAMS, "port %s is in %zu LANs: say in which with --lan",
			      w->port->name, w->port->n_members);
	memcpy(w->edit->lan, w->config->lans[w->port->members[0].lan].name, NAME_SIZE);
	return 0;
}

static int check_limit(struct work *w)
{
	const struct config_member *member = manual_member(w->config, w->port, w->edit->lan);
	uint32_t limit = config_security_limit(&member->security);
	size_t n = member->n_macs + manual_count_macs(w->manual, w->port->name, w->edit->lan);

	if (limit == 0 || n < limit)
		return 0;
	return refuse(w, RPC_REFUSED,
		      "port %s has %zu address%s in %s, and its limit there is %u: remove one, or "
		      "raise port-security: {limit: %u} in the configuration",
		      w->port->name, n, n == 1 ? "" : "es", w->edit->lan, limit, limit);
}

static int check_registered(struct work *w, const char *mac)
{
	const struct config_port *port =
		manual_registered_at(w->config, w->edit->lan, w->edit->mac);

	if (manual_is_reserved(w->config, w->edit->lan, w->edit->mac))
		return refuse(w, RPC_REFUSED, "%s is one of the exchange's own in %s", mac,
			      w->edit->lan);
	if (!port)
		return 0;
	if (port == w->port)
		return refuse(w, RPC_REFUSED, "%s is registered for port %s in the configuration",
			      mac, port->name);
	return refuse(w, RPC_REFUSED, "%s is registered for port %s: one address is on one port",
		      mac, port->name);
}

static int check_address(struct work *w, const char *mac)
{
	if (w->edit->mac == 0 || mac_is_group(w->edit->mac))
		return refuse(w, RPC_BAD_PARAMS, "%s is no address of a station", mac);
	return 0;
}

// An address that is there for a time gets another end.
static int prolong(struct work *w, struct manual_mac *entry, const char *mac)
{
	if (strcmp(entry->port, w->port->name) != 0)
		return refuse(w, RPC_REFUSED, "%s is on port %s: one address is on one port", mac,
			      entry->port);
	if (entry->sticky)
		return refuse(w, RPC_REFUSED, "port %s has learned %s for good already",
			      w->port->name, mac);
	entry->until = w->edit->until;
	return 0;
}

static int add_mac(struct work *w)
{
	struct manual_mac entry = {.mac = w->edit->mac,
				   .since = w->edit->now,
				   .until = w->edit->until};
	char mac[MAC_TEXT_SIZE];
	int code = check_address(w, mac_format(w->edit->mac, mac));

	if (!code)
		code = choose_lan(w);
	if (!code)
		code = check_registered(w, mac);
	if (code)
		return code;
	w->edit->n_macs = 1;
	struct manual_mac *old = manual_find_mac(w->manual, w->edit->lan, w->edit->mac);
	if (old)
		return prolong(w, old, mac);
	code = check_limit(w);
	if (code)
		return code;
	memcpy(entry.port, w->port->name, sizeof(entry.port));
	memcpy(entry.lan, w->edit->lan, sizeof(entry.lan));
	memcpy(entry.by, w->edit->by, sizeof(entry.by));
	manual_add_mac(w->manual, &entry);
	return 0;
}

// Remove the entries of the port that fit: of one address, or all sticky ones if there is none.
static void remove_macs(struct work *w)
{
	const struct edit *edit = w->edit;

	for (size_t i = 0; i < w->manual->n_macs;) {
		struct manual_mac *mac = &w->manual->macs[i];
		bool fits = edit->mac ? mac->mac == edit->mac : mac->sticky;

		if (!fits || strcmp(mac->port, w->port->name) != 0 ||
		    (*edit->lan && strcmp(mac->lan, edit->lan) != 0)) {
			i++;
			continue;
		}
		manual_del_mac(w->manual, mac);
		w->edit->n_macs++;
	}
}

static bool is_registered_here(const struct work *w)
{
	for (size_t i = 0; i < w->port->n_members; i++) {
		const char *lan = w->config->lans[w->port->members[i].lan].name;

		if (manual_registered_at(w->config, lan, w->edit->mac) == w->port)
			return true;
	}
	return false;
}

static int del_mac(struct work *w)
{
	char mac[MAC_TEXT_SIZE];
	int code = check_address(w, mac_format(w->edit->mac, mac));

	if (!code)
		code = check_lan(w);
	if (code)
		return code;
	remove_macs(w);
	if (w->edit->n_macs)
		return 0;
	if (is_registered_here(w))
		return refuse(w, RPC_REFUSED,
			      "%s is registered for port %s in the configuration: remove it there",
			      mac, w->port->name);
	return refuse(w, RPC_NOT_FOUND, "port %s has no address %s", w->port->name, mac);
}

static int clear_macs(struct work *w)
{
	int code = check_lan(w);

	w->edit->mac = 0;
	if (!code)
		remove_macs(w);
	return code;
}

// A link can be up or down, and nothing else: all the rest is its LAG's.
static int check_link(struct work *w)
{
	if (!config_is_link(w->port) || w->edit->kind == EDIT_ADMIN)
		return 0;
	return refuse(w, RPC_REFUSED, CONFIG_SAY_LAG, w->port->name, w->port->lag, w->port->lag);
}

static int (*const edits[])(struct work *w) = {
	[EDIT_ADMIN] = set_admin, [EDIT_DRAIN] = drain,		  [EDIT_UNDRAIN] = undrain,
	[EDIT_PROMOTE] = promote, [EDIT_QUARANTINE] = quarantine, [EDIT_MAC_ADD] = add_mac,
	[EDIT_MAC_DEL] = del_mac, [EDIT_MAC_CLEAR] = clear_macs,
};

int edit_make(struct edit *edit, struct manual *manual, const struct config *config,
	      char text[EDIT_TEXT_SIZE])
{
	struct work work = {.edit = edit, .manual = manual, .config = config, .text = text};

	work.port = config ? config_find_port(config, edit->port) : NULL;
	edit->n_macs = 0;
	if (!work.port)
		return refuse(&work, RPC_NOT_FOUND, "there is no port %s", edit->port);
	int code = check_link(&work);
	if (!code)
		code = edits[edit->kind](&work);
	manual_tidy(manual);
	return code;
}

void edit_log(const struct edit *edit)
{
	char mac[MAC_TEXT_SIZE];
	char until[WHEN_TEXT_SIZE];

	mac_format(edit->mac, mac);
	when_format(edit->until, until);
	switch (edit->kind) {
	case EDIT_ADMIN:
		log_notice("port %s is set %s by %s, %s", edit->port,
			   edit->admin_up ? "up" : "down", edit->by, until);
		break;
	case EDIT_DRAIN:
		log_notice("port %s is drained by %s, %s", edit->port, edit->by, until);
		break;
	case EDIT_UNDRAIN:
		log_notice("port %s is no longer drained, by %s", edit->port, edit->by);
		break;
	case EDIT_PROMOTE:
		log_notice("port %s leaves quarantine, by %s", edit->port, edit->by);
		break;
	case EDIT_QUARANTINE:
		log_notice("port %s is back in quarantine, by %s", edit->port, edit->by);
		break;
	case EDIT_MAC_ADD:
		log_notice("port %s may use %s in %s, by %s, %s", edit->port, mac, edit->lan,
			   edit->by, until);
		break;
	case EDIT_MAC_DEL:
		log_notice("port %s may use %s no longer, by %s", edit->port, mac, edit->by);
		break;
	case EDIT_MAC_CLEAR:
		log_notice("port %s: %zu address%s learned for good forgotten, by %s", edit->port,
			   edit->n_macs, edit->n_macs == 1 ? " is" : "es are", edit->by);
		break;
	}
}
