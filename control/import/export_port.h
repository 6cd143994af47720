// SPDX-License-Identifier: BSD-3-Clause
// Which ports and LANs an export has. For export*.c only.
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct export_source;

bool export_has_lan(const struct export_source *source, size_t lan);

// Whether the port is a member's that others are to know of: it has an AS number, is in a LAN that
// is wanted, does not watch there, and is not in quarantine.
bool export_is_member(const struct export_source *source, size_t port);
