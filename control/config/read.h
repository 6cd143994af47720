// SPDX-License-Identifier: BSD-3-Clause
// From the tree of a YAML document to struct config, along the schema.
#pragma once

struct complaints;
struct config;
struct node;

void config_read_tree(struct config *config, const struct node *root,
		      struct complaints *complaints);
