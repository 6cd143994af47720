// SPDX-License-Identifier: BSD-3-Clause
// Flows of a LAG, spread over its links.
#include <criterion/criterion.h>

#include "dataplane/manage/spread.h"

static struct spread spread;

static unsigned int places_of(uint16_t link)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < SPREAD; i++)
		n += atomic_load(&spread.links[i]) == link;
	return n;
}

static struct spread copy(void)
{
	struct spread now;

	for (unsigned int i = 0; i < SPREAD; i++)
		atomic_store(&now.links[i], atomic_load(&spread.links[i]));
	return now;
}

// How many places have changed.
static unsigned int moved(const struct spread *before)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < SPREAD; i++)
		n += atomic_load(&spread.links[i]) != atomic_load(&before->links[i]);
	return n;
}

static void expect_even(const uint16_t *links, unsigned int n)
{
	unsigned int all = 0;

	for (unsigned int i = 0; i < n; i++) {
		unsigned int places = places_of(links[i]);

		cr_expect(places == SPREAD / n || places == SPREAD / n + 1,
			  "link %u of %u has %u places", links[i], n, places);
		all += places;
	}
	cr_expect_eq(all, SPREAD, "%u places belong to no link", SPREAD - all);
}

Test(spread, is_even_over_any_number_of_links)
{
	const uint16_t links[MAX_LAG_LINKS] = {7, 0, 3, 900, 12, 5, 1022, 1};

	for (unsigned int n = 1; n <= MAX_LAG_LINKS; n++) {
		spread_over(&spread, links, n);
		expect_even(links, n);
	}
	for (unsigned int n = MAX_LAG_LINKS; n > 0; n--) {
		spread_over(&spread, links, n);
		expect_even(links, n);
	}
}

Test(spread, only_places_of_a_link_that_leaves_move)
{
	const uint16_t all[] = {4, 5, 6, 7}, rest[] = {4, 6, 7};

	spread_over(&spread, all, 4);
	struct spread before = copy();
	unsigned int left = places_of(5);

	spread_over(&spread, rest, 3);
	expect_even(rest, 3);
	cr_expect_eq(moved(&before), left);
}

Test(spread, a_link_that_joins_gets_its_part_and_no_more_moves)
{
	const uint16_t few[] = {4, 5}, more[] = {4, 5, 6};

	spread_over(&spread, few, 2);
	struct spread before = copy();

	spread_over(&spread, more, 3);
	expect_even(more, 3);
	cr_expect_eq(moved(&before), places_of(6));
}

Test(spread, nothing_moves_where_nothing_changed)
{
	const uint16_t links[] = {9, 8, 7}, other_order[] = {7, 9, 8};

	spread_over(&spread, links, 3);
	struct spread before = copy();

	spread_over(&spread, other_order, 3);
	spread_over(&spread, links, 0);
	cr_expect_eq(moved(&before), 0);
}
