// SPDX-License-Identifier: BSD-3-Clause
// What both sides say of a link of a LAG, by LACP (IEEE 802.1AX-2014).
#pragma once

// Bits of the state octet that each end sends of itself (6.4.2.3).
enum lacp_state {
	LACP_ACTIVE = 0x01,	  // sends unasked, else only to a partner that does
	LACP_SHORT = 0x02,	  // wants to hear of the other every second, else every 30
	LACP_AGGREGATION = 0x04,  // takes the link into a LAG, else it stands alone
	LACP_SYNC = 0x08,	  // has the link in the right LAG
	LACP_COLLECTING = 0x10,	  // takes what comes by it
	LACP_DISTRIBUTING = 0x20, // sends by it
	LACP_DEFAULTED = 0x40,	  // has never heard of the other, or too long ago
	LACP_EXPIRED = 0x80,	  // is about to give it up
};

// Why a link carries no frames, or LACP_CARRIES: the first of these that is true.
enum lacp_reason {
	LACP_CARRIES,
	LACP_DOWN,
	LACP_SILENT,	     // nothing came
	LACP_STOPPED,	     // no more came
	LACP_OWN_SYSTEM,     // a cable between two links of ours, or back into the same
	LACP_INDIVIDUAL,     // the partner would have it alone
	LACP_OTHER_SYSTEM,   // not that of the links that are in
	LACP_OTHER_KEY,	     // that system, another LAG of its
	LACP_WAITING,	     // soon
	LACP_UNHEARD,	     // the partner does not know our end
	LACP_NOT_IN_SYNC,    // the partner does not want it, or not yet
	LACP_NOT_COLLECTING, // the partner does not take what we would send
	LACP_REASONS,
};

// In words, to be read behind "not in the LAG: ". Indexed by enum lacp_reason.
extern const char *const lacp_reasons[LACP_REASONS];
