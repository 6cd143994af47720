// SPDX-License-Identifier: BSD-3-Clause
// A YAML document as a tree of texts, lists and maps that know where they stand.
//
// Texts stay texts: what "no", "012" or "10:20:30:40:50:51" means is the schema's business, never
// YAML's. Of YAML's features anchors, aliases, tags and further documents are refused.
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "control/config/config.h"

struct complaints;

enum node_kind {
	NODE_TEXT,
	NODE_LIST,
	NODE_MAP,
	NODE_UNREADABLE, // somebody has complained about it
};

struct node {
	enum node_kind kind;
	struct config_place place;
	char *text;	    // of NODE_TEXT
	size_t length;	    // more than strlen(text) if there is a zero octet in it
	struct node *first; // of NODE_LIST; of NODE_MAP: key, value, key, value, …
	struct node *next;
};

// Returns NULL, with complaints, if "text" is not a document. "file" is the number of its file; one
// that is not the first may be empty, and is an empty map then.
struct node *tree_read(uint32_t file, const char *text, size_t length,
		       struct complaints *complaints);

void tree_free(struct node *root);

// Whether there is nothing at all where a value could be: "key:" alone.
bool node_is_nothing(const struct node *node);

// Whether it is the single word "text".
bool node_is(const struct node *node, const char *text);
