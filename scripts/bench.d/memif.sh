# shellcheck shell=bash disable=SC2034,SC2154
# SPDX-License-Identifier: BSD-3-Clause
# scripts/bench memif, vhost: switches side by side, a generator on the other CPU sends as fast as
# they take frames (RFC 2889's forwarding rate at maximum offered load). To be sourced by
# scripts/bench.

# shellcheck disable=SC2016
readonly LOAD_SUMMARY='{
	transport: .[0].transport, ports: .[0].ports, pattern: .[0].pattern, size: .[0].size,
	stations: .[0].stations, switch: .[0].switch, runs: length,
	mpps: (map(.mpps) | median), least: (map(.mpps) | min), most: (map(.mpps) | max),
	cycles: (map(.cycles) | median)} + compare($runs; $reference; .mpps) + {
	lost: (map(.lost // 0) | add), misdelivered: (map(.misdelivered // 0) | add),
	blocked: (map(.blocked // 0) | min), worker: (map(.worker) | min),
	stolen: (map(.stolen // 0) | max), away: (map(.away) | median)}'

print_load() { # SUMMARY
	print_table "$1" 2,5 '"ports|pattern|size|stations|switch|Mpps|least|most|cycles|ratio|" +
		"pairs|lost|wrong port|blocked|worker|away",
	(.summary[] | [.ports, .pattern, .size, .stations, .switch, (.mpps | fixed(2)),
		(.least | fixed(2)), (.most | fixed(2)), (.cycles | fixed(1)),
		(.ratio | fixed(3)), "\(.pairs)/\(.runs)", .lost, .misdelivered,
		(.blocked | percent), (.worker | percent), "\(.away | round) ns"] | rows)'
}

bench_memif() {
	bench_load memif
}

bench_vhost() {
	bench_load vhost
}

bench_load() { # TRANSPORT
	transport=$1
	: "${ports:=2}" "${patterns:=pair}" "${sizes:=64}" "${stations:=2,10000}"
	be_patient 1
	alternate run_switch >"$dir/runs"
	summarize "$LOAD_SUMMARY" <"$dir/runs" >"$dir/summary"
	report "$1" "$dir/summary" print_load
}
