# shellcheck shell=bash disable=SC2154
# SPDX-License-Identifier: BSD-3-Clause
# scripts/bench fdb: the forwarding table beside rte_hash, in process. A table for people only. To
# be sourced by scripts/bench.

bench_fdb() {
	taskset -c "$switch_cpu" "$tree/tests/bench/bench_fdb" >"$dir/fdb"
	cat "$dir/fdb"
	[ -n "$output" ] || return 0
	mkdir -p "$output"
	cp "$dir/fdb" "$output/fdb.txt"
}
