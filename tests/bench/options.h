// SPDX-License-Identifier: BSD-3-Clause
// What the generator was asked to do.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "tests/bench/addresses.h"
#include "tests/bench/run.h"
#include "tests/bench/traffic.h"

enum { NO_STORM = -1 };

struct options {
	const char *cpu;
	const char *memory;	       // MiB
	const char *device[RUN_PORTS]; // "memif:…", "virtio:…" or "packet:…"
	const char *test;
	const char *pcap; // directory to write the frames to, instead of sending them
	uint16_t n_ports;
	uint16_t n_queues; // to receive on
	uint32_t stations;
	enum pattern pattern;
	enum addresses addresses;
	int storm;	  // the port that storms
	uint16_t size;	  // of a frame with FCS; SIZE_IMIX
	uint64_t rate;	  // frames per second, of all ports; 0: no limit
	double questions; // a second, of one port: test of questions
	double link;	  // frames per second, of one port: tests of congestion
	double warmup;
	double seconds;
	double resolution; // of searches: a part of the whole
	bool no_huge;
	bool macs; // print them, and send nothing
};

// The DPDK driver of a device, or NULL.
const char *device_driver(const char *device);

// Read the command line. Ends the program if there is something wrong with it.
struct options options_read(int argc, char **argv);
