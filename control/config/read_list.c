// SPDX-License-Identifier: BSD-3-Clause
#include "control/config/read_list.h"

#include <string.h>

#include "control/alloc.h"
#include "control/config/config.h"
#include "control/config/reading.h"
#include "control/config/schema.h"
#include "control/config/tree.h"

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

void read_list(struct reading *r, const struct schema *row, const struct node *node, char *object)
{
	size_t length = r->length, n = 0;

	if (node->kind != NODE_LIST && !node_is_nothing(node)) {
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
		reading_enter_index(r, n++);
		read_single(r, row, item, append(row, object, item->place));
		reading_leave(r, length);
	}
	if (n < row->min)
		wrong(r, node, "an empty list; leave the key out or write %u or more", row->min);
}

// Something stands there, of whichever family.
static void note_hole(const struct schema *row, char *object, struct config_place place)
{
	struct config_place *places = (struct config_place *)(object + row->place);

	places[0] = places[1] = place;
}

static void read_half(struct reading *r, const struct schema *row, const struct node *item,
		      char *object)
{
	struct config_place *places = (struct config_place *)(object + row->place);
	struct ip *pair = (struct ip *)(object + row->offset);
	struct ip ip = {0};

	read_single(r, row, item, &ip);
	if (!ip.family) {
		note_hole(row, object, item->place);
		return;
	}
	int half = ip.family == 6;
	if (pair[half].family) {
		wrong(r, item, "an IPv%u address is given already; write one of each family",
		      ip.family);
		return;
	}
	pair[half] = ip;
	places[half] = item->place;
}

void read_pair(struct reading *r, const struct schema *row, const struct node *node, char *object)
{
	size_t length = r->length, n = 0;

	if (node->kind != NODE_LIST && !node_is_nothing(node)) {
		note_hole(row, object, node->place);
		if (node->kind == NODE_TEXT)
			wrong(r, node, "must be a list; write [%s]", quoted(node->text).text);
		else
			complain_kind(r, node, "must be a list, as in [a, b]");
		return;
	}
	for (const struct node *item = node->first; item; item = item->next) {
		reading_enter_index(r, n++);
		read_half(r, row, item, object);
		reading_leave(r, length);
	}
}

void read_set(struct reading *r, const struct schema *row, const struct node *node, uint32_t *bits)
{
	size_t length = r->length, n = 0;

	*bits = 0;
	if (node_is(node, "none") || node_is_nothing(node))
		return;
	for (size_t i = 0; row->words[i] && node_is(node, "all"); i++)
		*bits |= 1U << i;
	if (*bits)
		return;
	if (node->kind != NODE_LIST) {
		if (node->kind == NODE_TEXT)
			wrong(r, node, "must be none, all or a list; write [%s]",
			      quoted(node->text).text);
		else
			complain_kind(r, node, "must be none, all or a list, as in [a, b]");
		return;
	}
	for (const struct node *item = node->first; item; item = item->next) {
		reading_enter_index(r, n++);
		read_single(r, row, item, bits);
		reading_leave(r, length);
	}
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
void read_types(struct reading *r, const struct schema *row, const struct node *node,
		struct config_types *types)
{
	size_t length = r->length;

	*types = (struct config_types){.any = node_is(node, "any")};
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
		reading_enter_index(r, types->n);
		read_type(r, row, item, types);
		reading_leave(r, length);
	}
	if (types->n < row->min)
		wrong(r, node,
		      "an empty list, so nothing would pass; write what is to pass, or any");
}
