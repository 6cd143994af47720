// SPDX-License-Identifier: BSD-3-Clause
// A feed through its importer, for tests: a fabric of LANs "peering" (VLAN 10, 192.0.2.0/24 and
// 2001:db8:2::/64) and "services" (VLAN 20, 198.51.100.0/24), of ports
// swp1 to swp9, a LAG bond9, and one that watches "peering".
#pragma once

#include <stdbool.h>

#include "control/import/import.h"

struct fed {
	char *text;	  // what it makes; NULL: there was an error
	char *complaints; // a line each
};

// Import "feed". "map" is a port map and "lans" the operator's choice; both may be NULL.
void feed_text(struct fed *fed, importer *read, const char *feed, const char *map,
	       const char *lans);
void fed_free(struct fed *fed);

// What is between the head that every file has and its end.
const char *fed_body(const struct fed *fed);

// A row of a table of quirks: the feed makes a text with "made" in it (NULL: there is an error) and
// without "absent", and complaints with "complaint" in them ("": there are none).
struct feed_row {
	const char *name, *feed, *map, *lans;
	const char *made, *absent, *complaint;
};
void expect_feed(importer *read, const struct feed_row *row);
