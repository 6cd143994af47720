// SPDX-License-Identifier: BSD-3-Clause
// Is it BGP that has to end before a port is worked on (RFC 8327): TCP to or from port 179, both
// addresses of the LAN, and it comes or leaves by a port that is being drained. Nothing else is
// touched, so that traffic goes on until the sessions' neighbours have found other ways.
//
// A frame of which nobody knows where it leaves may leave by any port of its LAN.
#include <rte_branch_prediction.h>

#include "dataplane/path/admit.h"
#include "dataplane/path/octets.h"
#include "dataplane/path/pipeline.h"
#include "dataplane/worker.h"

enum { PROTOCOL_TCP = 6, PORT_BGP = 179 };

static bool is_in_prefix(const struct policy_prefix_conf *prefix, const uint8_t *address)
{
	unsigned int octets = prefix->length / 8, bits = prefix->length % 8;

	if (memcmp(prefix->address, address, octets) != 0)
		return false;
	return bits == 0 || (prefix->address[octets] ^ address[octets]) >> (8 - bits) == 0;
}

static bool is_in_lan(const struct policy_lan *lan, uint8_t family, const uint8_t *address)
{
	for (uint16_t i = 0; i < lan->n_prefixes; i++) {
		if (lan->prefixes[i].family == family && is_in_prefix(&lan->prefixes[i], address))
			return true;
	}
	return false;
}

static bool is_bgp(struct octets tcp)
{
	return tcp.at + 4 <= tcp.end &&
	       (load_be16(tcp.at) == PORT_BGP || load_be16(tcp.at + 2) == PORT_BGP);
}

static bool is_session_ipv4(const struct policy_lan *lan, struct octets p)
{
	enum { OFFSET_MASK = 0x1fff };

	if (p.end - p.at < ADMIT_IPV4_MIN || p.at[9] != PROTOCOL_TCP ||
	    load_be16(p.at + 6) & OFFSET_MASK)
		return false;
	return is_bgp((struct octets){p.at + (p.at[0] & 15U) * 4, p.end}) &&
	       is_in_lan(lan, 4, p.at + 12) && is_in_lan(lan, 4, p.at + 16);
}

// What stands behind all extension headers, if that is TCP; else nothing.
static struct octets find_tcp(struct octets p)
{
	enum { FRAGMENT = 44, FRAGMENT_SIZE = 8, OFFSET_MASK = 0xfff8 };
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
	return (struct octets){p.end, p.end};
}

static bool is_session_ipv6(const struct policy_lan *lan, struct octets p)
{
	return p.end - p.at >= ADMIT_IPV6_MIN && is_bgp(find_tcp(p)) &&
	       is_in_lan(lan, 6, p.at + 8) && is_in_lan(lan, 6, p.at + 24);
}

static bool is_session(const struct batch *b, unsigned int i, const struct policy_lan *lan)
{
	struct octets p = octets_behind(b, i, header_length(b, i));

	if (b->kind[i] == PAIR_IPV4)
		return is_session_ipv4(lan, p);
	return b->kind[i] == PAIR_IPV6 && is_session_ipv6(lan, p);
}

static bool is_drained(const struct policy *policy, const struct batch *b, unsigned int i)
{
	if (policy->ports[b->port].drained)
		return true;
	return b->known >> i & 1 ? policy->ports[b->out[i]].drained
				 : policy->lans[b->lan[i]].drained;
}

void cull(struct worker *w, struct batch *b)
{
	if (likely(w->policy->n_drained == 0))
		return;
	batch_foreach (i, b->live) {
		if (is_drained(w->policy, b, i) && is_session(b, i, &w->policy->lans[b->lan[i]]))
			batch_drop(b, i, DROP_SESSION_CULLED);
	}
}
