// SPDX-License-Identifier: BSD-3-Clause
// All metrics as one text, a slice at a time: control has other things to do, too. A thousand ports
// and their matrix are hundreds of megabytes, of which there is never more than a slice.
#pragma once

#include <stdbool.h>

#include "control/metrics/text.h"

struct view;
struct page;

// A slice ends after so many octets, or after so many rows of the matrix, a row being all that one
// port sent. A row is written whole.
enum { PAGE_SLICE = 64 << 10, PAGE_PAIRS = 8 };

// "view" is taken over.
struct page *page_create(struct view *view, enum metrics_dialect dialect, bool matrix);
void page_destroy(struct page *page);

// The next slice, which holds until the next call, and may be empty. Returns false at the end, and
// then there is none.
bool page_next(struct page *page, const struct metrics_text **slice);
