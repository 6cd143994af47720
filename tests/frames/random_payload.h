// SPDX-License-Identifier: BSD-3-Clause
// Payloads that are nearly right: ARP, IPv4 and IPv6 by chance, of the kind that rules are about.
#pragma once

#include <stdint.h>

// Write over the random octets from "at", of which there are "n", what makes them a packet of
// "type". "below" gives a random number below its argument.
void random_payload(uint16_t type, uint8_t *at, uint16_t n, uint32_t (*below)(uint32_t n));
