// SPDX-License-Identifier: BSD-3-Clause
// What changes in what collectors are told. For diff.c. No member notices any of it.
#pragma once

#include "control/config/diff_note.h"

void diff_sflow(struct diff *d);

// What a port has from "sflow" is noted once, there.
void diff_port_sampling(struct diff *d, const struct config_port *old,
			const struct config_port *new);
