// SPDX-License-Identifier: BSD-3-Clause
#include "dataplane/path/tcp.h"

#include "dataplane/path/admit.h"

enum { PROTOCOL_TCP = 6 };

static struct octets nothing(struct octets p)
{
	return (struct octets){p.end, p.end};
}

static struct octets find_in_ipv4(struct octets p)
{
	enum { OFFSET_MASK = 0x1fff };

	if (p.end - p.at < ADMIT_IPV4_MIN || p.at[9] != PROTOCOL_TCP ||
	    load_be16(p.at + 6) & OFFSET_MASK)
		return nothing(p);
	int header = (p.at[0] & 15) * 4;
	return header <= p.end - p.at ? (struct octets){p.at + header, p.end} : nothing(p);
}

static struct octets find_in_ipv6(struct octets p)
{
	enum { FRAGMENT = 44, FRAGMENT_SIZE = 8, OFFSET_MASK = 0xfff8 };

	if (p.end - p.at < ADMIT_IPV6_MIN)
		return nothing(p);
	struct octets header = {p.at + ADMIT_IPV6_MIN, p.end};
	uint8_t next = p.at[6];

	for (int n = 0; n < ADMIT_HEADERS && header.at + FRAGMENT_SIZE <= header.end; n++) {
		if (next == PROTOCOL_TCP)
			return header;
		if (next == FRAGMENT ? load_be16(header.at + 2) & OFFSET_MASK
				     : !admit_is_extension(next))
			break;
		uint32_t size =
			next == FRAGMENT ? FRAGMENT_SIZE : admit_extension_size(next, header.at[1]);
		next = header.at[0];
		header.at += size;
	}
	return nothing(p);
}

struct octets tcp_find(const struct batch *b, unsigned int i)
{
	struct octets p = octets_behind(b, i, header_length(b, i));

	if (b->kind[i] == PAIR_IPV4)
		return find_in_ipv4(p);
	return b->kind[i] == PAIR_IPV6 ? find_in_ipv6(p) : nothing(p);
}
