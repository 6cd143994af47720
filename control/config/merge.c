// SPDX-License-Identifier: BSD-3-Clause
#include "control/config/merge.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "control/alloc.h"
#include "control/config/tree.h"

// The keys of a map, to be found in less than all comparisons: a file can hold very many.
struct index {
	struct node **keys; // sorted by text; of the same text, in their order
	size_t n;
};

static int compare_text(const struct node *a, const struct node *b)
{
	size_t least = a->length < b->length ? a->length : b->length;
	int order = memcmp(a->text, b->text, least);

	return order ? order : (a->length > b->length) - (a->length < b->length);
}

static int compare(const void *left, const void *right)
{
	const struct node *a = *(struct node *const *)left, *b = *(struct node *const *)right;
	int order = compare_text(a, b);

	if (order)
		return order;
	if (a->place.line != b->place.line)
		return a->place.line < b->place.line ? -1 : 1;
	return a->place.column < b->place.column ? -1 : a->place.column > b->place.column;
}

static size_t count_keys(const struct node *map)
{
	size_t n = 0;

	for (const struct node *key = map->first; key; key = key->next->next)
		n++;
	return n;
}

static void index_init(struct index *index, const struct node *map)
{
	index->keys = alloc_array(NULL, count_keys(map) + 1, sizeof(*index->keys));
	index->n = 0;
	for (struct node *key = map->first; key; key = key->next->next) {
		if (key->kind == NODE_TEXT)
			index->keys[index->n++] = key;
	}
	if (index->n)
		qsort(index->keys, index->n, sizeof(*index->keys), compare);
}

// Where the first key of that text is, or would be.
static size_t index_find(const struct index *index, const struct node *key)
{
	size_t low = 0, high = index->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (compare_text(index->keys[middle], key) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static struct node *index_first(const struct index *index, const struct node *key)
{
	size_t at = index_find(index, key);

	return at < index->n && compare_text(index->keys[at], key) == 0 ? index->keys[at] : NULL;
}

static bool is_nothing(const struct node *node)
{
	return node->kind == NODE_TEXT && !node->length;
}

// The map that a key's map is to be merged into; NULL if it is to stand beside it. Nothing at all
// is an empty map where the other file has a map.
static struct node *find_target(const struct index *into, const struct index *from,
				const struct node *key)
{
	const struct node *value = key->next;

	if (key->kind != NODE_TEXT || index_first(from, key) != key) // twice in its own file
		return NULL;
	struct node *other = index_first(into, key);
	struct node *target = other ? other->next : NULL;

	if (!target)
		return NULL;
	if (target->kind == NODE_MAP && (value->kind == NODE_MAP || is_nothing(value)))
		return target;
	if (!is_nothing(target) || value->kind != NODE_MAP)
		return NULL;
	target->kind = NODE_MAP;
	return target;
}

// All targets, before the first pair moves.
static struct node **find_targets(const struct node *into, const struct node *from)
{
	struct node **targets = alloc_array(NULL, count_keys(from) + 1, sizeof(*targets));
	struct index into_index, from_index;
	size_t n = 0;

	index_init(&into_index, into);
	index_init(&from_index, from);
	for (const struct node *key = from->first; key; key = key->next->next)
		targets[n++] = find_target(&into_index, &from_index, key);
	free(into_index.keys);
	free(from_index.keys);
	return targets;
}

// Merge the value of a pair that stands alone, and free its key.
static void merge_pair(struct node *target, struct node *pair)
{
	struct node *value = pair->next;

	pair->next = value->next = NULL;
	tree_free(pair);
	tree_merge(target, value);
}

void tree_merge(struct node *into, struct node *from)
{
	struct node **targets = find_targets(into, from);
	struct node **tail = &into->first, *pair = from->first, *rest;

	while (*tail)
		tail = &(*tail)->next;
	for (size_t i = 0; pair; pair = rest, i++) {
		rest = pair->next->next;
		if (targets[i]) {
			merge_pair(targets[i], pair);
			continue;
		}
		*tail = pair;
		tail = &pair->next->next;
		*tail = NULL;
	}
	free(targets);
	from->first = NULL;
	tree_free(from);
}
