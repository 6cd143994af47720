# shellcheck shell=bash disable=SC2034,SC2154
# SPDX-License-Identifier: BSD-3-Clause
# scripts/bench path: what each stage of a frame's path costs, and the whole, in process and without
# devices. How it measures is told in tests/bench/bench_path.c. To be sourced by scripts/bench.
#
# Instructions per frame, which do not depend on what else runs, are a test: meson test --suite
# bench (tests/bench/instructions).

print_path() { # SUMMARY
	local caches

	for caches in warm cold; do
		say "TSC cycles per frame, $caches caches"
		jq --arg caches $caches '.summary |= map(select(.caches == $caches))' "$1" \
			>"$dir/part"
		print_table "$dir/part" 3 '
		(["stations", "burst", "rules"] + (.summary[0].stages | keys_unsorted) +
			["sum", "whole"] | rows),
		(.summary[] | [.stations, .burst, .rules] +
			([.stages[], .sum, .whole] | map(fixed(1))) | rows)'
		say
	done
	say "TSC cycles per frame, bursts that come by all ports in turn"
	print_table "$1" 2 '"ports|pattern|burst|per frame",
	(.summary[] | select(.pattern) | [.ports, .pattern, .burst, (.whole | fixed(1))] | rows)'
	say
	say "TSC cycles of a broadcast, freeing it included"
	print_table "$1" "" '"ports|burst|per frame|per port",
	(.summary[] | select(.flood) | [.flood, .burst, (.whole | fixed(1)),
		(.whole / .flood | fixed(1))] | rows)'
}

bench_path() {
	: "${stations:=2,1000,100000,1000000}"
	taskset -c "$switch_cpu" "$tree/tests/bench/bench_path" "$stations" >"$dir/path"
	jq -s --arg cpu "$(cpu_model)" --arg kernel "$(uname -r)" '{
		machine: {cpu: $cpu, kernel: $kernel},
		settings: {search: .[0].search},
		summary: .[1:]}' "$dir/path" >"$dir/summary"
	report path "$dir/summary" print_path
}
