// SPDX-License-Identifier: BSD-3-Clause
#include "control/import/compare.h"

#include <stdlib.h>
#include <string.h>

#include "control/alloc.h"
#include "control/config/complaints.h"
#include "control/config/tree.h"

// Every value of a port, as "path value", sorted.
struct leaves {
	char **list;
	size_t n;
};

static int compare_strings(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void add(char ***list, size_t *n, char *text)
{
	if ((*n & (*n - 1)) == 0) // full: every power of two is a new size
		*list = alloc_array(*list, *n ? *n * 2 : 1, sizeof(**list));
	(*list)[(*n)++] = text;
}

static void collect(struct leaves *leaves, const struct node *node, const char *path)
{
	if (node->kind == NODE_TEXT)
		add(&leaves->list, &leaves->n, alloc_format("%s %s", path, node->text));
	for (const struct node *item = node->kind == NODE_LIST ? node->first : NULL; item;
	     item = item->next)
		collect(leaves, item, path);
	for (const struct node *key = node->kind == NODE_MAP ? node->first : NULL; key;
	     key = key->next->next) {
		char *inner = alloc_format("%s%s%s", path, *path ? "." : "",
					   key->kind == NODE_TEXT ? key->text : "?");

		collect(leaves, key->next, inner);
		free(inner);
	}
}

static struct leaves leaves_of(const struct node *port)
{
	struct leaves leaves = {0};

	collect(&leaves, port, "");
	if (leaves.n)
		qsort(leaves.list, leaves.n, sizeof(*leaves.list), compare_strings);
	return leaves;
}

static void leaves_fini(struct leaves *leaves)
{
	for (size_t i = 0; i < leaves->n; i++)
		free(leaves->list[i]);
	free(leaves->list);
}

// Move what only one of the two has into the change.
static void compare_leaves(struct import_change *change, struct leaves *old, struct leaves *new)
{
	size_t i = 0, j = 0;

	while (i < old->n || j < new->n) {
		int order = i == old->n ? 1 : j == new->n ? -1 : strcmp(old->list[i], new->list[j]);

		if (order == 0) {
			i++, j++;
		} else if (order < 0) {
			add(&change->removed, &change->n_removed, old->list[i]);
			old->list[i++] = NULL;
		} else {
			add(&change->added, &change->n_added, new->list[j]);
			new->list[j++] = NULL;
		}
	}
}

// The ports of a text, as pairs of name and value, sorted by name.
struct ports {
	struct node *root;
	const struct node **names;
	size_t n;
};

static int compare_names(const void *a, const void *b)
{
	return strverscmp((*(const struct node *const *)a)->text,
			  (*(const struct node *const *)b)->text);
}

static const struct node *find_key(const struct node *map, const char *key)
{
	for (const struct node *k = map && map->kind == NODE_MAP ? map->first : NULL; k;
	     k = k->next->next) {
		if (k->kind == NODE_TEXT && strcmp(k->text, key) == 0)
			return k->next;
	}
	return NULL;
}

static struct ports read_ports(const char *text, struct complaints *complaints)
{
	struct ports ports = {.root = tree_read(1, text, strlen(text), complaints)};
	const struct node *map = find_key(ports.root, "ports");
	size_t n = 0;

	for (const struct node *k = map && map->kind == NODE_MAP ? map->first : NULL; k;
	     k = k->next->next)
		n++;
	ports.names = alloc_array(NULL, n + 1, sizeof(*ports.names));
	for (const struct node *k = n ? map->first : NULL; k; k = k->next->next) {
		if (k->kind == NODE_TEXT)
			ports.names[ports.n++] = k;
	}
	if (ports.n)
		qsort(ports.names, ports.n, sizeof(*ports.names), compare_names);
	return ports;
}

static void ports_fini(struct ports *ports)
{
	tree_free(ports->root);
	free(ports->names);
}

static bool has_values(const struct node *port, const char *list)
{
	const struct node *lans = find_key(port, "lans");

	for (const struct node *k = lans && lans->kind == NODE_MAP ? lans->first : NULL; k;
	     k = k->next->next) {
		const struct node *values = list ? find_key(k->next, list) : k;

		if (values && (!list || values->first))
			return true;
	}
	return false;
}

// Whether the port had what it has no longer.
static bool loses(const struct node *old, const struct node *new)
{
	return !new || (has_values(old, NULL) && !has_values(new, NULL)) ||
	       (has_values(old, "macs") && !has_values(new, "macs"));
}

// One port; NULL for a side that does not have it.
static void compare_port(struct import_changes *changes, const struct node *old,
			 const struct node *new)
{
	struct leaves before = {0}, after = {0};
	struct import_change change = {.kind = !old   ? IMPORT_ADDED
					       : !new ? IMPORT_REMOVED
						      : IMPORT_CHANGED};

	if (old)
		before = leaves_of(old->next);
	if (new)
		after = leaves_of(new->next);
	compare_leaves(&change, &before, &after);
	leaves_fini(&before);
	leaves_fini(&after);
	change.lost = old && loses(old->next, new ? new->next : NULL);
	changes->n_lost += change.lost;
	if (old && new && !change.n_added && !change.n_removed && !change.lost)
		return;
	change.port = alloc_format("%s", (old ?: new)->text);
	changes->list = alloc_array(changes->list, changes->n + 1, sizeof(*changes->list));
	changes->list[changes->n++] = change;
}

void import_compare(struct import_changes *changes, const char *old, const char *new,
		    struct complaints *complaints)
{
	struct ports before = read_ports(old, complaints);
	struct ports after = read_ports(new, complaints);

	*changes = (struct import_changes){.n_old = before.n, .n_new = after.n};
	for (size_t i = 0, j = 0; i < before.n || j < after.n;) {
		int order = i == before.n  ? 1
			    : j == after.n ? -1
					   : compare_names(&before.names[i], &after.names[j]);

		compare_port(changes, order <= 0 ? before.names[i] : NULL,
			     order >= 0 ? after.names[j] : NULL);
		i += order <= 0;
		j += order >= 0;
	}
	ports_fini(&before);
	ports_fini(&after);
}

void import_changes_fini(struct import_changes *changes)
{
	for (size_t i = 0; i < changes->n; i++) {
		struct import_change *change = &changes->list[i];

		for (size_t k = 0; k < change->n_added; k++)
			free(change->added[k]);
		for (size_t k = 0; k < change->n_removed; k++)
			free(change->removed[k]);
		free(change->added);
		free(change->removed);
		free(change->port);
	}
	free(changes->list);
	*changes = (struct import_changes){0};
}

bool import_removes_many(const struct import_changes *changes)
{
	if (changes->n_lost == 0)
		return false;
	return changes->n_lost == changes->n_old ||
	       (changes->n_lost > 2 && changes->n_lost * 10 > changes->n_old);
}
