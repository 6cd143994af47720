// SPDX-License-Identifier: BSD-3-Clause
#include "control/sponge/bindings.h"

#include <errno.h>
#include <stdlib.h>

#include "control/alloc.h"
#include "control/sponge/bindings_table.h"

enum { SECOND_MS = 1000 };

struct bindings *bindings_create(const struct config_bindings *settings,
				 const struct bindings_listener *listener)
{
	struct bindings *bindings = alloc_zero(sizeof(*bindings));

	bindings_table_init(bindings);
	bindings->settings = *settings;
	bindings->listener = *listener;
	return bindings;
}

void bindings_destroy(struct bindings *bindings)
{
	if (!bindings)
		return;
	bindings_table_fini(bindings);
	free(bindings);
}

// Whether "seconds" have passed since; 0 seconds never pass.
static bool has_passed(uint64_t since_ms, uint32_t seconds, uint64_t now_ms)
{
	return seconds && now_ms - since_ms >= (uint64_t)seconds * SECOND_MS;
}

// ---- What the listener is told

static void tell(const struct bindings *bindings, const struct entry *entry)
{
	bindings->listener.bound(bindings->listener.argument, &entry->binding, false);
}

static void forget(struct bindings *bindings, struct entry *entry)
{
	const struct binding binding = entry->binding;
	void *argument = bindings->listener.argument;

	entry_destroy(bindings, entry);
	bindings->listener.bound(argument, &binding, true);
	if (binding.duplicate)
		bindings->listener.released(argument, &binding);
}

// ---- Claims

// Returns false if all places are taken by duplicates.
static bool make_room(struct bindings *bindings, uint32_t limit)
{
	while (bindings->n > limit) {
		struct entry *oldest = TAILQ_FIRST(&bindings->heard);

		if (!oldest)
			return false;
		forget(bindings, oldest);
	}
	return true;
}

static void learn(struct bindings *bindings, const struct binding *claim)
{
	if (!bindings->settings.limit || !make_room(bindings, bindings->settings.limit - 1))
		return;
	struct entry *entry = entry_create(bindings, &claim->ip);

	entry->binding = *claim;
	tell(bindings, entry);
}

// Nobody is answered for it any more.
static void freeze(struct bindings *bindings, struct entry *entry, uint64_t now_ms)
{
	const struct bindings_listener *listener = &bindings->listener;
	const struct binding *binding = &entry->binding;

	entry_doubt(bindings, entry, false);
	entry_freeze(bindings, entry);
	entry->binding.since_ms = now_ms;
	tell(bindings, entry);
	listener->duplicated(listener->argument, binding);
	if (bindings->settings.anti_spoofing)
		listener->announce(listener->argument, &binding->ip,
				   bindings->settings.anti_spoofing);
}

// The moves since the first of them, of which "within" seconds have not passed yet (RFC 7432
// section 15.1).
static bool moved_too_often(struct bindings *bindings, struct entry *entry, uint64_t now_ms)
{
	const struct config_bindings *settings = &bindings->settings;

	if (!entry->binding.moves || has_passed(entry->window_ms, settings->within, now_ms)) {
		entry->binding.moves = 0;
		entry->window_ms = now_ms;
	}
	entry->binding.moves++;
	return settings->moves && entry->binding.moves >= settings->moves;
}

static void move(struct bindings *bindings, struct entry *entry, const struct binding *claim)
{
	const struct bindings_listener *listener = &bindings->listener;
	struct binding *binding = &entry->binding;
	uint64_t now_ms = claim->heard_ms;

	binding->old_mac = binding->mac;
	binding->old_port = binding->port;
	binding->mac = claim->mac;
	binding->port = claim->port;
	binding->router = claim->router;
	binding->since_ms = now_ms;
	entry_touch(bindings, entry, now_ms);
	if (moved_too_often(bindings, entry, now_ms)) {
		freeze(bindings, entry, now_ms);
		return;
	}
	entry_doubt(bindings, entry, bindings->settings.confirm);
	tell(bindings, entry);
	listener->moved(listener->argument, binding);
	if (binding->doubted)
		listener->ask(listener->argument, &binding->ip, binding->old_mac,
			      binding->old_port);
}

static void confirm(struct bindings *bindings, struct entry *entry, const struct binding *claim)
{
	bool is_news = entry->binding.router != claim->router;

	entry_touch(bindings, entry, claim->heard_ms);
	entry->binding.router = claim->router;
	if (is_news)
		tell(bindings, entry);
}

void bindings_claim(struct bindings *bindings, const struct ip *ip, mac_t mac, uint16_t port,
		    bool override, bool router, uint64_t now_ms)
{
	const struct binding claim = {.ip = *ip,
				      .mac = mac,
				      .port = port,
				      .router = router,
				      .since_ms = now_ms,
				      .heard_ms = now_ms};
	struct entry *entry = entry_find(bindings, ip);

	if (!mac || mac_is_group(mac) || (ip->family != 4 && ip->family != 6))
		return;
	if (!entry)
		learn(bindings, &claim);
	else if (entry->binding.duplicate)
		return;
	else if (entry->binding.mac == mac && entry->binding.port == port)
		confirm(bindings, entry, &claim);
	else if (override)
		move(bindings, entry, &claim);
}

// ---- Time

static void release_duplicates(struct bindings *bindings, uint64_t now_ms)
{
	struct entry *entry;

	while ((entry = TAILQ_FIRST(&bindings->duplicates)) &&
	       has_passed(entry->binding.since_ms, bindings->settings.hold, now_ms))
		forget(bindings, entry);
}

// The former owner was asked, and has not answered: the new one it is.
static void settle_doubts(struct bindings *bindings, uint64_t now_ms)
{
	uint64_t time_to_confirm = (uint64_t)bindings->settings.confirm * SECOND_MS;
	struct entry *entry;

	while ((entry = TAILQ_FIRST(&bindings->doubted)) &&
	       now_ms - entry->binding.since_ms >= time_to_confirm)
		entry_doubt(bindings, entry, false);
}

static void age(struct bindings *bindings, uint64_t now_ms)
{
	struct entry *entry;

	while ((entry = TAILQ_FIRST(&bindings->heard)) &&
	       has_passed(entry->binding.heard_ms, bindings->settings.age, now_ms))
		forget(bindings, entry);
}

static void refresh(struct bindings *bindings, uint64_t now_ms)
{
	const struct bindings_listener *listener = &bindings->listener;
	uint32_t wait = bindings->settings.refresh, left = BINDINGS_REFRESHES;
	struct entry *entry;

	TAILQ_FOREACH(entry, &bindings->heard, link)
	{
		const struct binding *binding = &entry->binding;

		if (!left || !has_passed(binding->heard_ms, wait, now_ms))
			return;
		if (entry->asked_ms && !has_passed(entry->asked_ms, wait, now_ms))
			continue;
		entry->asked_ms = now_ms;
		left--;
		listener->ask(listener->argument, &binding->ip, binding->mac, binding->port);
	}
}

void bindings_tick(struct bindings *bindings, uint64_t now_ms)
{
	release_duplicates(bindings, now_ms);
	settle_doubts(bindings, now_ms);
	age(bindings, now_ms);
	refresh(bindings, now_ms);
}

// ---- What others say

void bindings_configure(struct bindings *bindings, const struct config_bindings *settings)
{
	bindings->settings = *settings;
	make_room(bindings, settings->limit);
}

static void forget_at(struct bindings *bindings, struct entries *entries, uint16_t port)
{
	struct entry *next;

	for (struct entry *entry = TAILQ_FIRST(entries); entry; entry = next) {
		next = TAILQ_NEXT(entry, link);
		if (entry->binding.port == port)
			forget(bindings, entry);
		else if (entry->binding.doubted && entry->binding.old_port == port)
			entry_doubt(bindings, entry, false);
	}
}

void bindings_forget_port(struct bindings *bindings, uint16_t port)
{
	forget_at(bindings, &bindings->heard, port);
	forget_at(bindings, &bindings->duplicates, port);
}

int bindings_forget(struct bindings *bindings, const struct ip *ip)
{
	struct entry *entry = entry_find(bindings, ip);

	if (!entry)
		return -ENOENT;
	forget(bindings, entry);
	return 0;
}

void bindings_each(const struct bindings *bindings,
		   void (*each)(void *argument, const struct binding *binding), void *argument)
{
	const struct entry *entry;

	TAILQ_FOREACH(entry, &bindings->heard, link)
	each(argument, &entry->binding);
	TAILQ_FOREACH(entry, &bindings->duplicates, link)
	each(argument, &entry->binding);
}

static void tell_one(void *argument, const struct binding *binding)
{
	const struct bindings *bindings = argument;

	bindings->listener.bound(bindings->listener.argument, binding, false);
}

void bindings_tell_all(struct bindings *bindings)
{
	bindings_each(bindings, tell_one, bindings);
}

const struct binding *bindings_find(const struct bindings *bindings, const struct ip *ip)
{
	const struct entry *entry = entry_find(bindings, ip);

	return entry ? &entry->binding : NULL;
}

size_t bindings_count(const struct bindings *bindings)
{
	return bindings->n;
}
