// SPDX-License-Identifier: BSD-3-Clause
// Random frames of which a good part is nearly right: as members send them, then spoiled a little.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "lib/mac.h"

enum { OFFER_MAX = 2048, OFFER_MACS = 12, OFFER_VIDS = 4 };

// What frames are made of.
struct offer {
	mac_t macs[OFFER_MACS]; // registered somewhere, or nowhere
	uint16_t vids[OFFER_VIDS];
	uint32_t network; // of the LANs' IPv4 prefix, a /24, host order
};

// A number below "limit" that follows from those drawn before. The seed is the same in every run.
uint32_t offer_draw(uint32_t limit);

// Write a frame; returns its length, 14 to OFFER_MAX.
size_t offer_frame(const struct offer *offer, uint8_t *octets);
