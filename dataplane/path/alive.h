// SPDX-License-Identifier: BSD-3-Clause
// Which hosts a frame is a sign of life of, for those who want to tell why.
#pragma once

#include <stdint.h>

#include "dataplane/tables/neigh.h"

struct batch;
struct worker;

enum { ALIVE_SOURCES = 2 };

// The addresses of the LAN that frame "i" comes from, as it says. Returns how many.
uint32_t alive_sources(const struct worker *w, const struct batch *b, unsigned int i,
		       struct neigh_key keys[ALIVE_SOURCES]);
