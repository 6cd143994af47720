// SPDX-License-Identifier: BSD-3-Clause
#include "lib/ip_range.h"

#include <errno.h>
#include <string.h>

static int octets_of(const struct ip *ip)
{
	return ip->family == 4 ? 4 : 16;
}

static int parse_prefix(const char *text, struct ip_range *range)
{
	struct ip_prefix prefix;
	int err = ip_prefix_parse(text, &prefix);

	if (err && err != -EDOM)
		return err;
	ip_prefix_mask(&prefix);
	range->first = prefix.ip;
	range->last = prefix.ip;
	for (int n = prefix.length; n < octets_of(&prefix.ip) * 8; n++)
		range->last.octets[n / 8] |= (uint8_t)(0x80 >> n % 8);
	return 0;
}

int ip_range_parse(const char *text, struct ip_range *range)
{
	const char *dash = strchr(text, '-');
	char first[IP_TEXT_SIZE];

	if (strchr(text, '/'))
		return parse_prefix(text, range);
	if (!dash) {
		int err = ip_parse(text, &range->first);
		range->last = range->first;
		return err;
	}
	if ((size_t)(dash - text) >= sizeof(first))
		return -EINVAL;
	memcpy(first, text, (size_t)(dash - text));
	first[dash - text] = 0;
	if (ip_parse(first, &range->first) || ip_parse(dash + 1, &range->last) ||
	    range->first.family != range->last.family ||
	    memcmp(range->first.octets, range->last.octets, sizeof(range->last.octets)) > 0)
		return -EINVAL;
	return 0;
}

bool ip_range_contains(const struct ip_range *range, const struct ip *ip)
{
	return ip->family == range->first.family &&
	       memcmp(ip->octets, range->first.octets, sizeof(ip->octets)) >= 0 &&
	       memcmp(ip->octets, range->last.octets, sizeof(ip->octets)) <= 0;
}

uint64_t ip_range_count(const struct ip_range *range)
{
	unsigned __int128 count = 0;

	for (int i = 0; i < octets_of(&range->first); i++)
		count = count * 256 + range->last.octets[i] - range->first.octets[i];
	return count >= UINT64_MAX ? UINT64_MAX : (uint64_t)count + 1;
}

void ip_next(struct ip *ip)
{
	for (int i = octets_of(ip) - 1; i >= 0 && ++ip->octets[i] == 0; i--)
		;
}
