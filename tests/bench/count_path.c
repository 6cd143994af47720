// SPDX-License-Identifier: BSD-3-Clause
// usage: count_path off|on BURST
//
// Take frames between a thousand stations through the whole path, without or with rules, on the
// code that needs no special instructions of the CPU. For tests/bench/instructions, which counts
// the instructions of count_frames(): the same every time.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dataplane/path/pipeline.h"
#include "tests/bench/path_world.h"

enum { STATIONS = 1000 };

static void __attribute__((noinline)) count_frames(enum path_rules rules, uint16_t burst)
{
	for (uint32_t i = 0; i < PATH_WINDOW; i += burst) {
		path_take_burst(rules, i, burst);
		pipeline_run(world.worker, &world.worker->batch);
		tx_flush(world.worker, 1);
	}
}

int main(int argc, char **argv)
{
	uint16_t burst = argc == 3 ? (uint16_t)atoi(argv[2]) : 0;

	if (burst < 1 || burst > BATCH_MAX || PATH_WINDOW % burst) {
		fputs("usage: count_path off|on BURST\n", stderr);
		return 2;
	}
	path_world_init();
	fdb_select(FDB_SCALAR);
	path_place_stations(STATIONS);
	path_write_window(0);
	count_frames(strcmp(argv[1], "on") == 0 ? PATH_RULES : PATH_BARE, burst);
	printf("%d frames\n", PATH_WINDOW);
	path_world_fini();
	return 0;
}
