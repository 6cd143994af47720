// SPDX-License-Identifier: BSD-3-Clause
// Several documents as one tree.
#pragma once

struct node;

// Move the keys of "from" into "into", both maps of different files. Keys that hold keys in both
// are merged in the same way; any other key of both stands there twice then, for the reader to
// complain. "from" is freed.
void tree_merge(struct node *into, struct node *from);
