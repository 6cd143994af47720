// SPDX-License-Identifier: BSD-3-Clause
// An IX-F member export while it is read. For ixf*.c only.
#pragma once

#include "control/import/feed.h"
#include "lib/ip.h"

enum { IXF_VLANS_MAX = 64, IXF_ENTRIES_MAX = 64 };

struct ixf_vlan { // of the exchange that is imported
	uint64_t id;
	struct ip_prefix prefixes[2]; // IPv4 and IPv6; family 0: not known
};

struct ixf {
	struct feed *feed;
	json_t *choices; // the exchanges of the feed: what they are called, by ixp_id
	char ixp[24];	 // the ixp_id that is imported; "": any
	struct ixf_vlan vlans[IXF_VLANS_MAX];
	size_t n_vlans;
	json_t *owners; // AS numbers, by address
	json_t *seen;	// connections
};

// Find out which exchange of the feed is meant, and its VLANs. Returns false, with a complaint, if
// that is not clear.
bool ixf_choose(struct ixf *ixf, const json_t *document);
const struct ixf_vlan *ixf_find_vlan(const struct ixf *ixf, uint64_t id);

// Whether a connection is one to the exchange.
bool ixf_is_ours(struct ixf *ixf, const json_t *connection, const char *where);

// Read one connection of a member.
void ixf_read_connection(struct ixf *ixf, const json_t *connection, const char *where, uint32_t asn,
			 const char *name);
