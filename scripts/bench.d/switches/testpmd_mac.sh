# shellcheck shell=bash
# SPDX-License-Identifier: BSD-3-Clause
# dpdk-testpmd, forward mode mac: writes both addresses anew, and does not look at them.

start() {
	testpmd mac
}

frames() {
	testpmd_frames
}
