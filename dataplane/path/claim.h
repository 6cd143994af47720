// SPDX-License-Identifier: BSD-3-Clause
// What an ARP or neighbour discovery frame says: who speaks, for which address, about which, and
// with which MAC addresses.
//
// Only requests and replies of ARP, and neighbour solicitations (NS) and advertisements (NA), make
// claims about addresses; every other frame makes none. Whether a claim is true is not asked here,
// but whether an NS or NA keeps the rules of RFC 4861 sections 7.1.1 and 7.1.2 is, because it takes
// the whole message to know.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "dataplane/path/batch.h"
#include "dataplane/tables/neigh.h"
#include "lib/mac.h"

enum claim_kind { CLAIM_NONE, CLAIM_ARP_REQUEST, CLAIM_ARP_REPLY, CLAIM_NS, CLAIM_NA };

struct claim {
	enum claim_kind kind; // CLAIM_NONE: nothing else is set
	uint8_t family;	      // 4 or 6
	uint16_t offset;      // of the ARP or ICMPv6 message, from the first octet of the frame
	// ARP: the sender's protocol address. ND: the source of the packet.
	struct neigh_key sender;
	struct neigh_key target; // zero if the message ends before it
	mac_t sender_mac;	 // of ARP, or in the option of an NS; 0: not given
	mac_t target_mac;	 // of ARP, or in the option of an NA; 0: not given
	bool probe; // a request of ARP from 0.0.0.0, or an NS from ::: is the address in use?
	bool router, solicited, override; // flags of an NA

	// ND only.
	bool valid;	      // by RFC 4861
	bool unknown_options; // other than link-layer addresses and the nonce of RFC 3971
	bool macs_differ;     // options of one kind give different addresses, or zeros
};

// Read frame "i". Returns false, and CLAIM_NONE as kind, if it makes no claim: to find that out for
// IPv6 with TCP or UDP takes a look at the next header.
bool claim_read(const struct batch *b, unsigned int i, struct claim *claim);

// ---- Addresses

static inline bool claim_is_link_local(struct neigh_key key)
{
	const uint8_t *octets = (const uint8_t *)&key;

	return octets[0] == 0xfe && (octets[1] & 0xc0) == 0x80;
}

// Whether an address of a claim is 0.0.0.0 or ::
static inline bool claim_is_unspecified(const struct claim *claim, struct neigh_key key)
{
	static const uint8_t nobody[16];
	struct neigh_key none = claim->family == 4 ? neigh_key4(nobody) : neigh_key6(nobody);

	return key.words[0] == none.words[0] && key.words[1] == none.words[1];
}
