// SPDX-License-Identifier: BSD-3-Clause
// Frames in files, for ports that take them from there.
#pragma once

#include "tests/bench/traffic.h"

// Write frames of each port to portN.pcap in "directory": at least one of each of its stations.
// Returns 0 or -errno.
int pcap_write(const struct traffic *traffic, const char *directory);
