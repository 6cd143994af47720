# shellcheck shell=bash disable=SC2154
# SPDX-License-Identifier: BSD-3-Clause
# scripts/bench fdb: the forwarding table beside rte_hash, in process. To be sourced by
# scripts/bench.

bench_fdb() {
	taskset -c "$switch_cpu" "$tree/tests/bench/bench_fdb"
}
