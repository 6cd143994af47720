// SPDX-License-Identifier: BSD-3-Clause
// Ranges of addresses, as operators write them: 192.0.2.7, 192.0.2.7-192.0.2.9, 192.0.2.0/28.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "lib/ip.h"

struct ip_range {
	struct ip first; // both of the same family
	struct ip last;	 // not before "first"
};

// Of a prefix, bits behind its length do not matter. Returns 0 or -EINVAL.
int ip_range_parse(const char *text, struct ip_range *range);

bool ip_range_contains(const struct ip_range *range, const struct ip *ip);

// How many addresses it has; UINT64_MAX if they are more than fit.
uint64_t ip_range_count(const struct ip_range *range);

// The address behind this one; behind the last of all comes the first.
void ip_next(struct ip *ip);
