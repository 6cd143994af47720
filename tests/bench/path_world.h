// SPDX-License-Identifier: BSD-3-Clause
// A fabric for benchmarks of the path of a frame, in process and without devices: two ports, random
// known stations behind each, and frames between them, with the rules of a peering LAN or without.
#pragma once

#include "tests/frames/harness.h"

enum {
	PATH_WINDOW = 1024, // frames in flight
	PATH_FROM = 0,
	PATH_TO = 1,
	PATH_STATIONS_MAX = 1 << 20,
	PATH_PAIRS_MAX = 2, // of ports
};

enum path_rules {
	PATH_BARE,  // a plain bridge: stations are learned
	PATH_RULES, // all rules of a peering LAN for a frame's form; stations are registered
	PATH_KINDS,
};
extern const char *const path_rules_names[PATH_KINDS];

void path_world_init(void);
void path_world_fini(void);

// Let "n" stations be known, 2 to PATH_STATIONS_MAX, half of them behind each port, in tables that
// are made for so many.
void path_place_stations(uint32_t n);

// Write other random stations into all frames. The octets of a frame were then written a thousand
// frames before it is looked at, so they are in the second-level cache.
void path_write_window(uint32_t round);

// The batch with "n" frames of the window, from "first" on, as a device hands it over.
struct batch *path_take_burst(enum path_rules rules, uint32_t first, uint16_t n);

// Instead of all that: "n" pairs of ports, each for a worker of its own, in one LAN with all rules,
// with so many registered stations in all, and for each pair a window of frames between random
// ones. A worker takes bursts of its pair only.
void path_place_pairs(uint32_t n, uint32_t stations);
struct batch *path_take_pair_burst(struct worker *w, uint32_t pair, uint32_t first, uint16_t n);

// Instead of all that: so many ports, stations of each, and bursts that come by one port after the
// other. Their frames go to the port beside it, or ("mesh") to random ones.
void path_place_ports(uint16_t n_ports, uint32_t stations);
struct batch *path_take_next_burst(bool mesh, uint16_t n);

// From now on, n_ports ports get each frame of a burst of "n" broadcasts: its batch. The device at
// the end frees them.
void path_flood_to(uint16_t n_ports);
struct batch *path_take_broadcasts(uint16_t n);
