// SPDX-License-Identifier: BSD-3-Clause
// A tree on its way into struct config: where the reading is, so that a complaint can say it, and
// single values. For read.c and read_list.c.
#pragma once

#include <stddef.h>

#include "control/config/complaints.h"

struct node;
struct schema;

struct reading {
	struct config *config;
	struct complaints *complaints;
	char path[512];		       // of what is being read: "ports.swp1.mtu"
	size_t length;		       // of the path
	struct config_place map_place; // of what holds the keys that are being read
};

#define wrong(r, node, ...) complain((r)->complaints, (node)->place, (r)->path, __VA_ARGS__)

// Enter a key or an item of a list; leave it with r->length as it was before.
void reading_enter(struct reading *r, const char *key);
void reading_enter_index(struct reading *r, size_t index);
void reading_leave(struct reading *r, size_t length);

// Complain of what stands at the place of a value, if it cannot be one of "wanted".
void complain_kind(struct reading *r, const struct node *node, const char *wanted);

// Read a single value into "field".
void read_single(struct reading *r, const struct schema *row, const struct node *node, void *field);
