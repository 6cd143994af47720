// SPDX-License-Identifier: BSD-3-Clause
// The protocol by which snmpd asks a program that it keeps (pass_persist in snmpd.conf(5)): lines
// on both sides. What snmpd sends is answered at once, what makes no sense never ends the program,
// and nothing can be set.
//
//   PING                        PONG
//   get, OID                    OID, type, value; or NONE
//   getnext, OID                likewise, of the first object behind OID
//   set, OID, type and value    not-writable
#pragma once

#include <stdbool.h>
#include <stdio.h>

struct oid;
struct snmp_row;

// Find an object, or with "next" the first behind it. Returns NULL if there is none.
typedef const struct snmp_row *snmp_lookup(void *argument, const struct oid *oid, bool next);

// Answer until "in" ends, or "out" takes no more.
void snmp_serve(FILE *in, FILE *out, snmp_lookup *lookup, void *argument);
