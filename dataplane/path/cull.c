// SPDX-License-Identifier: BSD-3-Clause
// Is it BGP that has to end before a port is worked on (RFC 8327): TCP to or from port 179, both
// addresses of the LAN, and it comes or leaves by a port that is being drained. Nothing else is
// touched, so that traffic goes on until the sessions' neighbours have found other ways.
//
// A frame of which nobody knows where it leaves may leave by any port of its LAN.
#include <rte_branch_prediction.h>

#include "dataplane/path/pipeline.h"
#include "dataplane/path/prefix.h"
#include "dataplane/path/tcp.h"
#include "dataplane/worker.h"

static bool is_bgp(struct octets tcp)
{
	return tcp.at + 4 <= tcp.end &&
	       (load_be16(tcp.at) == TCP_BGP || load_be16(tcp.at + 2) == TCP_BGP);
}

static bool is_session(const struct batch *b, unsigned int i, const struct policy_lan *lan)
{
	const uint8_t *packet = octets_behind(b, i, header_length(b, i)).at;

	if (!is_bgp(tcp_find(b, i)))
		return false;
	if (b->kind[i] == PAIR_IPV4)
		return prefix_of_lan(lan, 4, packet + 12) && prefix_of_lan(lan, 4, packet + 16);
	return prefix_of_lan(lan, 6, packet + 8) && prefix_of_lan(lan, 6, packet + 24);
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
