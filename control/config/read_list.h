// SPDX-License-Identifier: BSD-3-Clause
// Values that are lists. For read.c.
#pragma once

#include <stdint.h>

struct config_types;
struct node;
struct reading;
struct schema;

// Read a list of addresses or prefixes into the fields of "object" that the row names.
void read_list(struct reading *r, const struct schema *row, const struct node *node, char *object);

// Read at most one address of each family into the pair that the row names.
void read_pair(struct reading *r, const struct schema *row, const struct node *node, char *object);

// Read words, none or all, as bits.
void read_set(struct reading *r, const struct schema *row, const struct node *node, uint32_t *bits);

// Read ethertypes, or the word any.
void read_types(struct reading *r, const struct schema *row, const struct node *node,
		struct config_types *types);
