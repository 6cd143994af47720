// SPDX-License-Identifier: BSD-3-Clause
// Whose the address is for which somebody else spoke.
#pragma once

#include <stddef.h>

#include "control/events/incident.h"

struct config;

// Put it into words: which address that a frame of ARP or neighbour discovery by "port" speaks for
// is assigned to another port of the configuration's LAN number "lan", and to which. Returns
// "detail", or NULL if the octets do not tell.
const char *spoof_describe(const struct config *config, size_t lan, const char *port,
			   const struct event_frame *frame, char detail[INCIDENT_DETAIL_SIZE]);
