// SPDX-License-Identifier: BSD-3-Clause
// Metrics in a file, for node_exporter's textfile collector: written anew every so often, in
// slices, under another name, and then renamed, so that nobody ever reads half of it. Without the
// matrix, for the textfile collector is not meant for as many.
//
// The file is removed when control ends in good order: figures that nobody renews would look like
// those of a fabric that stands still.
#pragma once

#include <stdint.h>

struct event_base;
struct page;
struct textfile;

typedef struct page *textfile_page_fn(void *argument);

// Write to "path", which outlives it, now and then every "period" seconds. What goes wrong is
// logged when it begins, and when it is over. Returns NULL with errno.
struct textfile *textfile_create(struct event_base *base, const char *path, uint32_t period,
				 textfile_page_fn *make_page, void *argument);
void textfile_destroy(struct textfile *textfile); // NULL is fine
