# shellcheck shell=bash
# SPDX-License-Identifier: BSD-3-Clause
# dpdk-testpmd, forward mode io: looks at nothing: the ceiling.

start() {
	testpmd io
}

frames() {
	testpmd_frames
}
