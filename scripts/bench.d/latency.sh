# shellcheck shell=bash disable=SC2016,SC2034,SC2154
# SPDX-License-Identifier: BSD-3-Clause
# scripts/bench latency: what a frame takes through a switch. To be sourced by scripts/bench.
#
# At 10 000, 100 000 and 500 000 frames a second in all, evenly spaced, each of which carries the
# time: rates that any switch forwards. At half of its own throughput (rfc2544.sh) each switch has
# another load, and on a machine that takes cores away now and then, another one in each run.

print_latency() { # SUMMARY
	print_table "$1" 2,5 'def us: if . then fixed(1) else "-" end;
	"ports|pattern|size|stations|switch|p50|p99|p50|p99|p50|p99|away",
	"||||||10k||100k||500k|"[1:],
	(.summary[] | [.ports, .pattern, .size, .stations, .switch,
		(.low, .middle, .high | (.p50 | us), (.p99 | us)), "\(.away | round) ns"] | rows)'
}

run_latency() { # SWITCH ROUND
	run_switch "$1" "$2" --test latency
}

bench_latency() {
	: "${ports:=2}" "${patterns:=pair}" "${sizes:=64}" "${stations:=2,1000}"
	be_patient 5
	alternate run_latency >"$dir/runs"
	summarize 'medians + {runs: length}' <"$dir/runs" >"$dir/summary"
	report latency "$dir/summary" print_latency
}
