// SPDX-License-Identifier: BSD-3-Clause
// Links of LAGs, for people.
#pragma once

#include <jansson.h>

struct out;

// In use, or why not. Of one of "links" in show.lags; free the result, here and below.
char *lag_link_state(const json_t *link);

// "system 02:00:00:00:65:03, key 7, port 1", or "-". Of a link, or what show.ports has as "lacp".
char *lag_link_partner(const json_t *link);

// The table of "links" of a LAG.
void show_lag_links(struct out *out, const json_t *links);
