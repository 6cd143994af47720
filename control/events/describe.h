// SPDX-License-Identifier: BSD-3-Clause
// Incidents in words, for the log.
#pragma once

#include <stdbool.h>

#include "control/events/incident.h"

enum { DESCRIBE_SIZE = 640 };

// One line about an incident that has opened, or has closed. Returns false if nothing is to be
// said: good news is told once.
bool describe_incident(const struct incident *incident, char line[DESCRIBE_SIZE]);

// Why a port was disabled, and for how long. "other" is the loop's other port, or NULL.
void describe_disabled(const struct event_port *event, const char *other,
		       char detail[INCIDENT_DETAIL_SIZE]);
