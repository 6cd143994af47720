// SPDX-License-Identifier: BSD-3-Clause
// A captured frame in words, out of what the daemon tells of it (control/rpc/PROTOCOL.md).
#pragma once

#include <jansson.h>

// What became of it: "to swp2", "dropped: mac_not_registered". Free the result.
char *capture_verdict(const json_t *frame);

// "port swp1, LAN peering: dropped: mac_not_registered. Its source address is not registered for
// this port." Free the result.
char *capture_comment(const json_t *frame);

// One line: when, where, what became of it, and its headers. Free the result.
char *capture_line(const json_t *frame);
