# shellcheck shell=bash disable=SC2154
# SPDX-License-Identifier: BSD-3-Clause
# ixfab as a plain bridge, which learns.

start() {
	ixfab_config >"$dir/ixfab.yaml" <<-EOF
	    profile: open
	EOF
	ixfab_start
}

frames() {
	ixfab_frames
}
