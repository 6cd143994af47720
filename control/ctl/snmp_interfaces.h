// SPDX-License-Identifier: BSD-3-Clause
// IF-MIB (RFC 2863): ifTable and ifXTable, and of IEEE8023-LAG-MIB which interface is a link of
// which, from the result of show.interfaces. Pure.
#pragma once

#include <jansson.h>

struct snmp_rows;

#define SNMP_IF_TABLE	".1.3.6.1.2.1.2.2"
#define SNMP_IF_X_TABLE ".1.3.6.1.2.1.31.1.1"
#define SNMP_AGG_PORT	".1.2.840.10006.300.43.1.2.1.1" // dot3adAggPortEntry

// Add all ports; not yet sorted. "agent_started" is when sysUpTime was 0, in seconds since 1970; 0:
// nobody knows, and ifLastChange is absent.
void snmp_add_interfaces(struct snmp_rows *rows, const json_t *result, double agent_started);
