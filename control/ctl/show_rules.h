// SPDX-License-Identifier: BSD-3-Clause
// The rules and limits of a port for people.
#pragma once

#include <jansson.h>

struct out;

// Print those of a port of "show.ports" as a table; nothing if it tells none.
void show_rules(struct out *out, const json_t *port);

// One group of keys in a line: "ethertypes ipv4 arp ipv6, broadcast arp, check-headers". What is
// off is left out. Free the result.
char *show_rules_text(const json_t *group);
