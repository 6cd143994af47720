// SPDX-License-Identifier: BSD-3-Clause
// The frames of the sponge's own: questions for an address, and what tells a neighbour where an
// address really is. ARP for IPv4, neighbour discovery for IPv6. Pure.
#pragma once

#include <stdint.h>

#include "control/config/rules.h"
#include "lib/ip.h"
#include "lib/mac.h"

enum { FRAMES_SIZE = 86 }; // octets of the longest

// Who speaks or is spoken to. What is not known is family 0, or MAC 0.
struct frames_host {
	struct ip ip;
	mac_t mac;
};

// All write a frame of up to FRAMES_SIZE octets without FCS, which may be shorter than FRAME_MIN,
// and return its length.

// Ask for "target": the host with that MAC alone, or all who may have the address if "mac" is 0. An
// asker without an address speaks as 0.0.0.0, or by the link-local address that follows from its
// MAC (RFC 4291, appendix A).
uint16_t frames_query(const struct frames_host *asker, const struct ip *target, mac_t mac,
		      uint8_t *octets);

// Tell "neighbour", and nobody else, where "owner" is. In IPv6 a request is a solicitation; the two
// other forms are one: an advertisement that nobody asked for. Who has no known address is told by
// the gratuitous form, and who has no known MAC by an announcement.
uint16_t frames_update(enum sponge_update form, const struct frames_host *owner,
		       const struct frames_host *neighbour, uint8_t *octets);

// Tell all where "owner" is.
uint16_t frames_announce(const struct frames_host *owner, uint8_t *octets);
