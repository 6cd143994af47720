// SPDX-License-Identifier: BSD-3-Clause
// BRIDGE-MIB (RFC 4188) and Q-BRIDGE-MIB (RFC 4363): which address is at which port, from the
// results of show.interfaces, show.lans and show.macs. Pure.
//
// The number of a bridge port is the ifIndex. An FDB has the number of its VLAN; that of a LAN
// without one is 4096 and its place among the LANs, which no VLAN has.
#pragma once

#include <jansson.h>

struct snmp_rows;

#define SNMP_BRIDGE ".1.3.6.1.2.1.17"

// Add all; not yet sorted.
void snmp_add_bridge(struct snmp_rows *rows, const json_t *interfaces, const json_t *lans,
		     const json_t *macs);
