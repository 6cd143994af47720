// SPDX-License-Identifier: BSD-3-Clause
// Where in a configuration something stands, in words: "ports.swp1.lans.peering.macs[0]".
#pragma once

struct path {
	char text[192];
};

__attribute__((format(printf, 1, 2))) struct path path(const char *format, ...);
