// SPDX-License-Identifier: BSD-3-Clause
#include "dataplane/manage/spread.h"

// The link that has most, or fewest, of a LAG's places.
static unsigned int extreme(const unsigned int *places, unsigned int n, bool most)
{
	unsigned int found = 0;

	for (unsigned int i = 1; i < n; i++) {
		if (most ? places[i] > places[found] : places[i] < places[found])
			found = i;
	}
	return found;
}

static unsigned int index_of(const uint16_t *links, unsigned int n, uint16_t link)
{
	unsigned int i = 0;

	while (i < n && links[i] != link)
		i++;
	return i;
}

static unsigned int place_of(const struct spread *spread, uint16_t link)
{
	unsigned int i = 0;

	while (atomic_load(&spread->links[i]) != link)
		i++;
	return i;
}

// Move places from the link that has most to the one that has fewest, until they differ by one.
static void even_out(struct spread *spread, const uint16_t *links, unsigned int n,
		     unsigned int *places)
{
	for (;;) {
		unsigned int most = extreme(places, n, true), fewest = extreme(places, n, false);

		if (places[most] - places[fewest] < 2)
			return;
		atomic_store(&spread->links[place_of(spread, links[most])], links[fewest]);
		places[most]--;
		places[fewest]++;
	}
}

void spread_over(struct spread *spread, const uint16_t *links, unsigned int n)
{
	unsigned int places[MAX_LAG_LINKS] = {0};

	if (n == 0)
		return;
	for (unsigned int i = 0; i < SPREAD; i++) {
		unsigned int at = index_of(links, n, atomic_load(&spread->links[i]));

		if (at < n)
			places[at]++;
	}
	for (unsigned int i = 0; i < SPREAD; i++) {
		unsigned int fewest = extreme(places, n, false);

		if (index_of(links, n, atomic_load(&spread->links[i])) < n)
			continue;
		atomic_store(&spread->links[i], links[fewest]);
		places[fewest]++;
	}
	even_out(spread, links, n, places);
}
