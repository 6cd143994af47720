# shellcheck shell=bash disable=SC2154
# SPDX-License-Identifier: BSD-3-Clause
# scripts/bench scale: what a second worker adds, in process, beside what a second CPU adds to work
# that has nothing in common. How it measures is told in tests/bench/bench_scale.c. To be sourced by
# scripts/bench.

print_scale() { # SUMMARY
	print_table "$1" 2 '"stations|million/s|one CPU|two|ratio",
	(.summary[] | [.stations, .what, (.one | fixed(1)), (.two | fixed(1)),
		(.ratio | fixed(3))] | rows)'
}

bench_scale() {
	local n

	: "${stations:=1000,100000}"
	for n in ${stations//,/ }; do
		"$tree/tests/bench/bench_scale" "$n" "$((rounds * 5))"
	done >"$dir/scale"
	jq -s --arg cpu "$(cpu_model)" --arg kernel "$(uname -r)" \
		'{machine: {cpu: $cpu, kernel: $kernel}, summary: .}' "$dir/scale" >"$dir/summary"
	report scale "$dir/summary" print_scale
}
