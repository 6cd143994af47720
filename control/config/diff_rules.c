// SPDX-License-Identifier: BSD-3-Clause
#include "control/config/diff_rules.h"

#include <stdio.h>
#include <string.h>

#include "control/config/schema_rules.h"
#include "control/config/schema_sponge.h"
#include "control/config/value.h"

// A group of keys as it was and as it is, and what it has its values from, if that is not the
// profile.
struct group {
	const char *lan; // of a membership; NULL: none
	const char *key;
	const struct schema *rows;
	const void *old, *new;
	const void *old_base, *new_base; // both NULL: none
	enum change_impact stricter;	 // what it is if a rule gets stricter
};

static bool lacks_types(const struct config_types *new, const struct config_types *old)
{
	if (new->any || old->any)
		return !new->any;
	for (uint16_t i = 0; i < old->n; i++) {
		bool found = false;

		for (uint16_t j = 0; j < new->n; j++)
			found |= new->list[j] == old->list[i];
		if (!found)
			return true;
	}
	return false;
}

// Whether the new value refuses what the old one let pass.
static bool is_stricter(const struct schema *rows, const struct schema *row, const void *old,
			const void *new)
{
	if (rows == schema_security)
		return row->offset == offsetof(struct config_security, mode) &&
		       *(const enum security_mode *)new > *(const enum security_mode *)old;
	// It answers for everybody until they are heard of.
	if (rows == schema_sponge)
		return row->offset == offsetof(struct config_sponge, init) &&
		       *(const enum sponge_init *)new == SPONGE_INIT_DEAD;
	if (rows != schema_admission)
		return false;
	if (row->type == SCHEMA_TYPES)
		return lacks_types(new, old);
	return *(const bool *)new ==
	       (row->offset == offsetof(struct config_admission, check_headers));
}

static void text_of(const struct schema *row, const void *object, char *text)
{
	config_value_text(row, (const char *)object + row->offset, text);
}

static bool same_texts(const char *a, const char *b, const char *c, const char *d)
{
	return strcmp(a, c) == 0 && strcmp(b, d) == 0;
}

// Where any address may be used there is no limit.
static bool is_of_meaning(const struct group *group, const struct schema *row)
{
	const struct config_security *old = group->old, *new = group->new;

	return group->rows != schema_security ||
	       row->offset != offsetof(struct config_security, limit) || (old->limit && new->limit);
}

static void diff_row(struct diff *d, const struct group *group, const struct schema *row)
{
	char old[VALUE_TEXT_SIZE], new[VALUE_TEXT_SIZE];
	char old_base[VALUE_TEXT_SIZE], new_base[VALUE_TEXT_SIZE];

	text_of(row, group->old, old);
	text_of(row, group->new, new);
	if (strcmp(old, new) == 0 || !is_of_meaning(group, row))
		return;
	if (group->old_base && group->new_base) {
		text_of(row, group->old_base, old_base);
		text_of(row, group->new_base, new_base);
		if (same_texts(old, new, old_base, new_base))
			return;
	}
	bool stricter = is_stricter(group->rows, row, (const char *)group->old + row->offset,
				    (const char *)group->new + row->offset);
	diff_note(d, CHANGE_CHANGE, stricter ? group->stricter : IMPACT_NONE,
		  "%s%s%s%s %s %s -> %s", group->lan ? "lan " : "", group->lan ? group->lan : "",
		  group->lan ? ": " : "", group->key, row->key, old, new);
}

static void diff_group(struct diff *d, const struct group *group)
{
	for (const struct schema *row = group->rows; row->key; row++) {
		if (row->type != SCHEMA_MAP && row->type != SCHEMA_IPS)
			diff_row(d, group, row);
	}
}

// The limit in force, whether it is written or not.
static struct config_security resolve(const struct config_security *security)
{
	return (struct config_security){security->mode, config_security_limit(security)};
}

static bool has_reserved(const struct config_lan *lan, mac_t mac)
{
	for (size_t i = 0; i < lan->n_reserved; i++) {
		if (lan->reserved[i] == mac)
			return true;
	}
	return false;
}

// The reserved addresses of "a" that "b" does not have.
static void diff_reserved(struct diff *d, const struct config_lan *a, const struct config_lan *b,
			  const char *verb)
{
	char text[MAC_TEXT_SIZE];

	for (size_t i = 0; i < a->n_reserved; i++) {
		if (!has_reserved(b, a->reserved[i]))
			diff_note(d, CHANGE_CHANGE, IMPACT_NONE, "reserved mac %s %s",
				  mac_format(a->reserved[i], text), verb);
	}
}

static bool is_protected(const struct config_lan *lan, const struct ip *ip)
{
	for (size_t i = 0; i < lan->sponge.n_protected; i++) {
		if (ip_equal(&lan->sponge.protected[i], ip))
			return true;
	}
	return false;
}

static void diff_protected(struct diff *d, const struct config_lan *a, const struct config_lan *b,
			   const char *verb)
{
	char text[IP_TEXT_SIZE];

	for (size_t i = 0; i < a->sponge.n_protected; i++) {
		if (!is_protected(b, &a->sponge.protected[i]))
			diff_note(d, CHANGE_CHANGE, IMPACT_NONE, "sponge protected %s %s",
				  ip_format(&a->sponge.protected[i], text), verb);
	}
}

static void diff_sponge(struct diff *d, const struct config_lan *old, const struct config_lan *new)
{
	const struct group groups[] = {
		{.key = "sponge",
		 .rows = schema_sponge,
		 .old = &old->sponge,
		 .new = &new->sponge,
		 .stricter = IMPACT_LAN},
		{.key = "sponge sweep",
		 .rows = schema_sponge_sweep,
		 .old = &old->sponge,
		 .new = &new->sponge},
		{.key = "bindings",
		 .rows = schema_bindings,
		 .old = &old->bindings,
		 .new = &new->bindings},
	};

	for (size_t i = 0; i < sizeof(groups) / sizeof(*groups); i++)
		diff_group(d, &groups[i]);
	diff_protected(d, old, new, "removed");
	diff_protected(d, new, old, "added");
}

static void diff_reactions(struct diff *d, const struct config_reactions *old,
			   const struct config_reactions *new,
			   const struct config_reactions *old_base,
			   const struct config_reactions *new_base)
{
#define GROUP(name, table, field)                                                       \
	{                                                                               \
		.key = (name), .rows = (table), .old = &old->field, .new = &new->field, \
		.old_base = old_base ? &old_base->field : NULL,                         \
		.new_base = new_base ? &new_base->field : NULL                          \
	}
	const struct group groups[] = {
		GROUP("violation", schema_violation, violation),
		GROUP("storm-control", schema_storm, storm),
		GROUP("loop-detection", schema_loop, loop),
		GROUP("link-flaps", schema_flaps, flaps),
	};
#undef GROUP

	for (size_t i = 0; i < sizeof(groups) / sizeof(*groups); i++)
		diff_group(d, &groups[i]);
}

void diff_lan_rules(struct diff *d, const struct config_lan *old, const struct config_lan *new)
{
	const struct config_security before = resolve(&old->security);
	const struct config_security after = resolve(&new->security);
	const struct group admission = {.key = "admission",
					.rows = schema_admission,
					.old = &old->admission,
					.new = &new->admission,
					.stricter = IMPACT_LAN};
	const struct group security = {.key = "port-security",
				       .rows = schema_security,
				       .old = &before,
				       .new = &after,
				       .stricter = IMPACT_LAN};
	const struct group duplicates = {.key = "duplicate-macs",
					 .rows = schema_duplicates,
					 .old = &old->duplicates,
					 .new = &new->duplicates};

	diff_group(d, &admission);
	diff_group(d, &security);
	diff_reactions(d, &old->reactions, &new->reactions, NULL, NULL);
	diff_group(d, &duplicates);
	diff_sponge(d, old, new);
	diff_reserved(d, old, new, "removed");
	diff_reserved(d, new, old, "added");
}

void diff_member_rules(struct diff *d, const struct config_member *old,
		       const struct config_member *new)
{
	const struct config_lan *old_lan = &d->old->lans[old->lan];
	const struct config_lan *new_lan = &d->new->lans[new->lan];
	const struct config_security before = resolve(&old->security);
	const struct config_security after = resolve(&new->security);
	const struct config_security before_base = resolve(&old_lan->security);
	const struct config_security after_base = resolve(&new_lan->security);
	const struct group admission = {.lan = new_lan->name,
					.key = "admission",
					.rows = schema_admission,
					.old = &old->admission,
					.new = &new->admission,
					.old_base = &old_lan->admission,
					.new_base = &new_lan->admission,
					.stricter = IMPACT_PORT};
	const struct group security = {.lan = new_lan->name,
				       .key = "port-security",
				       .rows = schema_security,
				       .old = &before,
				       .new = &after,
				       .old_base = &before_base,
				       .new_base = &after_base,
				       .stricter = IMPACT_PORT};

	diff_group(d, &admission);
	diff_group(d, &security);
	if (old->monitor != new->monitor)
		diff_note(d, CHANGE_CHANGE, IMPACT_PORT, "lan %s: %s", new_lan->name,
			  new->monitor ? "becomes the monitor of its quarantine"
				       : "is no longer the monitor of its quarantine");
}

static const struct config_reactions *base_of(const struct config *config,
					      const struct config_port *port)
{
	return port->n_members ? &config->lans[port->members[0].lan].reactions : NULL;
}

void diff_port_rules(struct diff *d, const struct config_port *old, const struct config_port *new)
{
	diff_reactions(d, &old->reactions, &new->reactions, base_of(d->old, old),
		       base_of(d->new, new));
	// Who is moved loses sight of everybody whom it saw.
	if (old->quarantine != new->quarantine)
		diff_note(d, CHANGE_CHANGE, IMPACT_PORT, "%s",
			  new->quarantine ? "goes into quarantine" : "leaves quarantine");
	diff_text(d, "runts", old->drop_runts ? "drop" : "pass", new->drop_runts ? "drop" : "pass",
		  new->drop_runts ? IMPACT_PORT : IMPACT_NONE);
}
