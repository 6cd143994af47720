// SPDX-License-Identifier: BSD-3-Clause
// The answer of ARP or neighbour discovery to a question, as the owner of the address would give it
// (RFC 826, RFC 4861 section 7.2.4, RFC 9161 section 3.3), or the sponge in its place: the frame
// and nothing else.
#pragma once

#include <stdint.h>

#include "dataplane/path/claim.h"
#include "lib/limits.h"
#include "lib/mac.h"

// A tag, a header of IPv6, an advertisement and its option.
enum { REPLY_MAX = FRAME_OVERHEAD + TAG_SIZE + 40 + 24 + 8 };

// In whose name. An advertisement of the sponge overrides nothing: if the owner speaks as well, it
// is the owner who is believed (RFC 4861 section 7.2.4).
enum reply_speaker { REPLY_OWNER, REPLY_SPONGE };

// Write the answer to "question", a CLAIM_ARP_REQUEST or CLAIM_NS, which came from the station
// "asker". It says that "mac" has the address, and has it as its source too, so that switches
// behind the asker learn where that one lives. "tag" is a whole 802.1Q tag, or 0 for none. Returns
// the octets written, without FCS; ARP is padded to the shortest frame.
uint16_t reply_encode(const struct claim *question, mac_t asker, enum reply_speaker speaker,
		      mac_t mac, uint32_t tag, uint8_t octets[REPLY_MAX]);
