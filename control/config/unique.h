// SPDX-License-Identifier: BSD-3-Clause
// What only one port of a LAN may have: a MAC, an IP.
#pragma once

struct complaints;
struct config;

// Complain of MACs and IPs that occur twice in a LAN, and of LANs whose table is too small for the
// MACs that are registered in it.
void config_check_unique(const struct config *config, struct complaints *complaints);
