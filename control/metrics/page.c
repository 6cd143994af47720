// SPDX-License-Identifier: BSD-3-Clause
#include "control/metrics/page.h"

#include <stdlib.h>

#include "control/alloc.h"
#include "control/metrics/families.h"
#include "control/metrics/view.h"

static const struct family *const subjects[] = {
	families_fabric,  families_ports,  families_traffic, families_lags,   families_lans,
	families_workers, families_sponge, families_sflow,   families_matrix,
};

enum { SUBJECTS = sizeof(subjects) / sizeof(*subjects) };

struct page {
	struct view *view;
	bool matrix;
	struct metrics_text text;
	// Where to go on.
	size_t subject;
	size_t family;
	size_t row;
};

struct page *page_create(struct view *view, enum metrics_dialect dialect, bool matrix)
{
	struct page *page = alloc_zero(sizeof(*page));

	page->view = view;
	page->matrix = matrix;
	page->text.dialect = dialect;
	return page;
}

void page_destroy(struct page *page)
{
	if (!page)
		return;
	view_free(page->view);
	free(page->text.octets);
	free(page);
}

// The family whose turn it is; NULL at the end.
static const struct family *current(struct page *page)
{
	while (page->subject < SUBJECTS && !subjects[page->subject][page->family].name) {
		page->subject++;
		page->family = 0;
	}
	return page->subject < SUBJECTS ? &subjects[page->subject][page->family] : NULL;
}

static size_t count_rows(const struct page *page, const struct family *family)
{
	if (family->rows == FAMILY_PAIRS && !page->matrix)
		return 0;
	return family_count_rows(family->rows, page->view);
}

static void write_row(struct page *page, const struct family *family)
{
	if (page->row == 0)
		metrics_text_family(&page->text, family->name, family->type, family->help);
	family->write(&page->text, family, page->view, page->row++);
}

// The rows of the current family are written: go on with the next.
static void next_family(struct page *page)
{
	page->row = 0;
	page->family++;
	if (!current(page))
		metrics_text_end(&page->text);
}

bool page_next(struct page *page, const struct metrics_text **slice)
{
	const struct family *family = current(page);
	size_t pairs = 0;

	*slice = &page->text;
	page->text.n = 0;
	if (!family)
		return false;
	while (page->text.n < PAGE_SLICE && pairs < PAGE_PAIRS && (family = current(page))) {
		pairs += family->rows == FAMILY_PAIRS;
		if (page->row < count_rows(page, family))
			write_row(page, family);
		else
			next_family(page);
	}
	return true;
}
