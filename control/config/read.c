// SPDX-License-Identifier: BSD-3-Clause
#include "control/config/read.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "control/alloc.h"
#include "control/config/complaints.h"
#include "control/config/schema.h"
#include "control/config/tree.h"
#include "control/config/value.h"

struct reading {
	struct config *config;
	struct complaints *complaints;
	char path[512];		       // of what is being read: "ports.swp1.mtu"
	size_t length;		       // of the path
	struct config_place map_place; // of what holds the keys that are being read
};

#define wrong(r, node, ...) complain((r)->complaints, (node)->place, (r)->path, __VA_ARGS__)

// Enter a key; leave it with r->length as it was before.
static void enter_key(struct reading *r, const char *key)
{
	enum { KEY_SHOWN = 40 };
	size_t end = r->length;

	if (end)
		r->path[end++] = '.';
	for (size_t n = 0; n < KEY_SHOWN && key[n] && end < sizeof(r->path) - 1; n++)
		r->path[end++] = iscntrl((unsigned char)key[n]) ? '?' : key[n];
	r->path[end] = 0;
	r->length = end;
}

static void enter_index(struct reading *r, size_t index)
{
	int n = snprintf(r->path + r->length, sizeof(r->path) - r->length, "[%zu]", index);

	r->length += (size_t)n;
}

static void leave(struct reading *r, size_t length)
{
	r->length = length;
	r->path[length] = 0;
}

static bool is_key(const struct node *node, const char *key)
{
	return node->kind == NODE_TEXT && strcmp(node->text, key) == 0;
}

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

// What stands at the place of a value, if it cannot be one of "wanted".
static void complain_kind(struct reading *r, const struct node *node, const char *wanted)
{
	static const char *const kinds[] = {
		[NODE_LIST] = "a list", [NODE_MAP] = "keys", [NODE_TEXT] = "a single value"};

	if (node->kind != NODE_UNREADABLE)
		wrong(r, node, "%s, not %s", wanted, kinds[node->kind]);
}

static bool is_nothing(const struct node *node)
{
	return node->kind == NODE_TEXT && !node->length;
}

// Whether keys can be read of it. Nothing at all counts as no keys, and as an empty list.
static bool is_map(struct reading *r, const struct node *node)
{
	if (node->kind == NODE_MAP || is_nothing(node))
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

static void read_single(struct reading *r, const struct schema *row, const struct node *node,
			void *field)
{
	char error[VALUE_ERROR_SIZE], form[128];

	if (node->kind == NODE_TEXT) {
		if (!config_value_read(row, node, field, error))
			wrong(r, node, "%s", error);
		return;
	}
	snprintf(error, sizeof(error), "must be %s", config_value_form(row, form, sizeof(form)));
	complain_kind(r, node, error);
}

static size_t item_size(const struct schema *row)
{
	switch (row->type) {
	case SCHEMA_MACS:
		return sizeof(mac_t);
	case SCHEMA_IPS:
		return sizeof(struct ip);
	default:
		return sizeof(struct ip_prefix);
	}
}

// Append a zero to a list of the object. Returns its place in memory.
static void *append(const struct schema *row, char *object, struct config_place place)
{
	size_t *n = (size_t *)(object + row->count);
	struct config_place **places = (struct config_place **)(object + row->place);
	char *items;

	memcpy(&items, object + row->offset, sizeof(items));
	items = alloc_array(items, *n + 1, item_size(row));
	memcpy(object + row->offset, &items, sizeof(items));
	*places = alloc_array(*places, *n + 1, sizeof(**places));
	(*places)[*n] = place;
	void *item = items + *n * item_size(row);
	memset(item, 0, item_size(row));
	(*n)++;
	return item;
}

static void read_list(struct reading *r, const struct schema *row, const struct node *node,
		      char *object)
{
	size_t length = r->length, n = 0;

	if (node->kind != NODE_LIST && !is_nothing(node)) {
		append(row, object, node->place); // a hole
		if (node->kind == NODE_TEXT)
			wrong(r, node, "must be a list; write [%s]", quoted(node->text).text);
		else
			complain_kind(r, node, "must be a list, as in [a, b]");
		return;
	}
	for (const struct node *item = node->first; item; item = item->next) {
		if (n == row->max) {
			wrong(r, item, "too many; at most %u", row->max);
			return;
		}
		enter_index(r, n++);
		read_single(r, row, item, append(row, object, item->place));
		leave(r, length);
	}
	if (n < row->min)
		wrong(r, node, "an empty list; leave the key out or write %u or more", row->min);
}

static void read_type(struct reading *r, const struct schema *row, const struct node *item,
		      struct config_types *types)
{
	uint16_t *type = &types->list[types->n++];

	read_single(r, row, item, type);
	for (const uint16_t *other = types->list; *type && other < type; other++) {
		if (*other == *type)
			wrong(r, item, "%s is given twice", quoted(item->text).text);
	}
}

// Ethertypes have an array of their own size, which what is written replaces.
static void read_types(struct reading *r, const struct schema *row, const struct node *node,
		       struct config_types *types)
{
	size_t length = r->length;

	*types = (struct config_types){.any = is_key(node, "any")};
	if (types->any)
		return;
	if (node->kind != NODE_LIST) {
		complain_kind(r, node, "must be any, or a list, as in [ipv4, arp, ipv6]");
		return;
	}
	for (const struct node *item = node->first; item; item = item->next) {
		if (types->n == row->max) {
			wrong(r, item, "too many; at most %u", row->max);
			return;
		}
		enter_index(r, types->n);
		read_type(r, row, item, types);
		leave(r, length);
	}
	if (types->n < row->min)
		wrong(r, node,
		      "an empty list, so nothing would pass; write what is to pass, or any");
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
		if (is_key(k, key->text))
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
		wrong(r, key, "given twice; first on line %u", first->place.line);
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
		enter_key(r, key->text);
		read_name(r, row, map, key, object);
		leave(r, length);
	}
}

static void read_value(struct reading *r, const struct schema *row, const struct node *node,
		       void *object)
{
	char *field = (char *)object + row->offset;

	switch (row->type) {
	case SCHEMA_MAP:
		if (row->derive)
			row->derive(r->config, object);
		if (is_map(r, node))
			read_rows(r, row->rows, node, field);
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
	if (row->rows)
		complain(r->complaints, r->map_place, r->path,
			 "missing; write %s: and what belongs below it, or %s: {}", row->key,
			 row->key);
	else
		complain(r->complaints, r->map_place, r->path, "missing; %s: takes %s", row->key,
			 config_value_form(row, form, sizeof(form)));
}

// Read the value of one row wherever it stands in the map.
static void read_row(struct reading *r, const struct schema *row, const struct node *map,
		     void *object)
{
	const struct node *first = NULL;
	size_t length = r->length;

	enter_key(r, row->key);
	for (const struct node *key = map->first; key; key = key->next->next) {
		if (!is_key(key, row->key))
			continue;
		if (first)
			wrong(r, key, "given twice; first on line %u", first->place.line);
		else
			first = key;
	}
	if (first)
		read_value(r, row, first->next, object);
	else
		read_absent(r, row, object);
	leave(r, length);
}

static void read_rows(struct reading *r, const struct schema *rows, const struct node *map,
		      void *object)
{
	size_t length = r->length;

	for (const struct node *key = map->first; key; key = key->next->next) {
		if (!is_key_text(r, key) || find_row(rows, key->text))
			continue;
		enter_key(r, key->text);
		complain_unknown(r, rows, key);
		leave(r, length);
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
