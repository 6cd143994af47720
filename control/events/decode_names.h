// SPDX-License-Identifier: BSD-3-Clause
// Numbers of protocols in words. For decode.c and the quarantine report. NULL if nobody here knows.
#pragma once

#include <stdint.h>

#include "lib/mac.h"

const char *decode_group_name(mac_t mac); // NULL also for a single station
const char *decode_type_name(uint16_t type);
const char *decode_protocol_name(uint8_t protocol);
const char *decode_icmp_name(uint8_t type);
const char *decode_icmpv6_name(uint8_t type);
const char *decode_dhcp_name(uint8_t message);
const char *decode_dhcpv6_name(uint8_t message);
const char *decode_ospf_name(uint8_t type); // never NULL
