// SPDX-License-Identifier: BSD-3-Clause
#include "control/config/read.h"

#include <stdio.h>
#include <string.h>

#include "control/config/complaints.h"
#include "control/config/read_list.h"
#include "control/config/reading.h"
#include "control/config/schema.h"
#include "control/config/tree.h"
#include "control/config/value.h"

static const struct schema *find_row(const struct schema *rows, const char *key)
{
	for (; rows->key; rows++) {
		if (strcmp(rows->key, key) == 0)
			return rows;
	}
	return NULL;
}

static void complain_unknown(struct reading *r, const struct schema *rows, const struct node *key)
{
	const char *words[SCHEMA_ROWS_MAX + 1];
	char known[512] = "";
	size_t n = 0, used = 0;

	for (; rows->key && used < sizeof(known); rows++) {
		words[n++] = rows->key;
		used += (size_t)snprintf(known + used, sizeof(known) - used, "%s%s",
					 used ? ", " : "", rows->key);
	}
	words[n] = NULL;

	const char *nearest = nearest_word(key->text, words);
	if (nearest)
		wrong(r, key, "unknown key; did you mean \"%s\"?", nearest);
	else
		wrong(r, key, "unknown key; known here: %s", known);
}

// Whether keys can be read of it. Nothing at all counts as no keys, and as an empty list.
static bool is_map(struct reading *r, const struct node *node)
{
	if (node->kind == NODE_MAP || node_is_nothing(node))
		return true;
	complain_kind(r, node, "must hold keys");
	return false;
}

static bool is_key_text(struct reading *r, const struct node *key)
{
	if (key->kind == NODE_TEXT && strlen(key->text) == key->length)
		return true;
	if (key->kind != NODE_UNREADABLE)
		wrong(r, key, "a key must be plain text");
	return false;
}

static void read_rows(struct reading *r, const struct schema *rows, const struct node *map,
		      void *object);

// The LAN of that name, or SIZE_MAX with a complaint.
static size_t find_lan(struct reading *r, const struct node *key)
{
	const char *words[MAX_LANS + 1];
	size_t n;

	for (n = 0; n < r->config->n_lans; n++) {
		words[n] = r->config->lans[n].name;
		if (strcmp(words[n], key->text) == 0)
			return n;
	}
	words[n] = NULL;

	const char *nearest = nearest_word(key->text, words);
	if (nearest)
		wrong(r, key, "there is no such LAN; did you mean \"%s\"?", nearest);
	else
		wrong(r, key, "there is no such LAN; add it under lans:");
	return SIZE_MAX;
}

// The first key of the map that is the same, or "key" itself.
static const struct node *first_such_key(const struct node *map, const struct node *key)
{
	for (const struct node *k = map->first; k != key; k = k->next->next) {
		if (node_is(k, key->text))
			return k;
	}
	return key;
}

static void read_name(struct reading *r, const struct schema *row, const struct node *map,
		      const struct node *key, void *object)
{
	const struct node *first = first_such_key(map, key);
	size_t lan = SIZE_MAX;

	if (first != key) {
		wrong(r, key, "given twice; first on %s",
		      place_words(r->complaints, key->place, first->place).text);
		return;
	}
	if (row->type == SCHEMA_LANS)
		lan = find_lan(r, key);
	else if (!config_name_check(key->text, key->length))
		wrong(r, key,
		      "not a name; use letters, digits, '.', '_' and '-', at most %d of them",
		      NAME_SIZE - 1);

	struct config_place outer = r->map_place;
	void *new = row->add(object, key->text, key->place, lan);
	r->map_place = key->place;
	if (is_map(r, key->next))
		read_rows(r, row->rows, key->next, new);
	r->map_place = outer;
}

static void read_names(struct reading *r, const struct schema *row, const struct node *map,
		       void *object)
{
	size_t length = r->length, n = 0;

	for (const struct node *key = map->first; key; key = key->next->next) {
		if (n++ == row->max) {
			wrong(r, key, "too many; at most %u", row->max);
			return;
		}
		if (!is_key_text(r, key))
			continue;
		reading_enter(r, key->text);
		read_name(r, row, map, key, object);
		reading_leave(r, length);
	}
	if (n < row->min)
		wrong(r, map, "nothing is named; write %u or more", row->min);
}

static void read_map(struct reading *r, const struct schema *row, const struct node *node,
		     void *object)
{
	struct config_place outer = r->map_place;

	if (row->derive)
		row->derive(r->config, object);
	if (row->place)
		memcpy((char *)object + row->place, &node->place, sizeof(node->place));
	r->map_place = node->place;
	if (is_map(r, node))
		read_rows(r, row->rows, node, (char *)object + row->offset);
	r->map_place = outer;
}

static void read_value(struct reading *r, const struct schema *row, const struct node *node,
		       void *object)
{
	char *field = (char *)object + row->offset;

	switch (row->type) {
	case SCHEMA_MAP:
		read_map(r, row, node, object);
		break;
	case SCHEMA_NAMES:
	case SCHEMA_LANS:
		if (is_map(r, node))
			read_names(r, row, node, object);
		break;
	case SCHEMA_MACS:
	case SCHEMA_IPS:
	case SCHEMA_PREFIXES:
		read_list(r, row, node, object);
		break;
	case SCHEMA_TYPES:
		read_types(r, row, node, (struct config_types *)field);
		break;
	case SCHEMA_PAIR:
		read_pair(r, row, node, object);
		break;
	case SCHEMA_SET:
		read_set(r, row, node, (uint32_t *)field);
		break;
	default:
		if (row->place)
			memcpy((char *)object + row->place, &node->place, sizeof(node->place));
		read_single(r, row, node, field);
	}
}

static void read_absent(struct reading *r, const struct schema *row, void *object)
{
	char form[128];

	if (row->derive)
		row->derive(r->config, object);
	else if (!row->inherited)
		config_value_absent(row, (char *)object + row->offset);
	if (!row->required)
		return;
	if (row->rows && row->min)
		complain(r->complaints, r->map_place, r->path,
			 "missing; write %s: and what belongs below it", row->key);
	else if (row->rows)
		complain(r->complaints, r->map_place, r->path,
			 "missing; write %s: and what belongs below it, or %s: {}", row->key,
			 row->key);
	else
		complain(r->complaints, r->map_place, r->path, "missing; %s: takes %s", row->key,
			 config_value_form(row, form, sizeof(form)));
}

// Whether another key forbids this one.
static bool is_out_of_place(struct reading *r, const struct schema *row, const struct node *map,
			    const struct node *found)
{
	for (const struct node *key = map->first; key && row->unless; key = key->next->next) {
		if (!node_is(key, row->unless->key))
			continue;
		wrong(r, found, "%s", row->unless->why);
		return true;
	}
	return false;
}

// Read the value of one row wherever it stands in the map.
static void read_row(struct reading *r, const struct schema *row, const struct node *map,
		     void *object)
{
	const struct node *first = NULL;
	size_t length = r->length;

	reading_enter(r, row->key);
	for (const struct node *key = map->first; key; key = key->next->next) {
		if (!node_is(key, row->key))
			continue;
		if (first)
			wrong(r, key, "given twice; first on %s",
			      place_words(r->complaints, key->place, first->place).text);
		else
			first = key;
	}
	if (first && !is_out_of_place(r, row, map, first))
		read_value(r, row, first->next, object);
	else
		read_absent(r, row, object);
	reading_leave(r, length);
}

static void read_rows(struct reading *r, const struct schema *rows, const struct node *map,
		      void *object)
{
	size_t length = r->length;

	for (const struct node *key = map->first; key; key = key->next->next) {
		if (!is_key_text(r, key) || find_row(rows, key->text))
			continue;
		reading_enter(r, key->text);
		complain_unknown(r, rows, key);
		reading_leave(r, length);
	}
	for (const struct schema *row = rows; row->key; row++)
		read_row(r, row, map, object);
}

void config_read_tree(struct config *config, const struct node *root, struct complaints *complaints)
{
	struct reading reading = {.config = config,
				  .complaints = complaints,
				  .map_place = root->place};

	if (is_map(&reading, root))
		read_rows(&reading, config_schema, root, config);
}
