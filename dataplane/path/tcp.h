// SPDX-License-Identifier: BSD-3-Clause
// Where TCP begins in a frame of IP.
#pragma once

#include "dataplane/path/octets.h"

enum { TCP_BGP = 179 };

// The TCP segment of frame "i", behind all headers; nothing if it has none, or is a later fragment.
struct octets tcp_find(const struct batch *b, unsigned int i);
