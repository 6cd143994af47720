# shellcheck shell=bash disable=SC2034,SC2154
# SPDX-License-Identifier: BSD-3-Clause
# scripts/bench storm: what a broadcast storm costs those who have nothing to do with it. To be
# sourced by scripts/bench.
#
# Four memif ports, known unicast between p0 and p1, as fast as it goes. p2 offers as much as the
# fabric takes from it, and p3 talks to p2. In the case "unicast", p2's frames are known unicast to
# p3; in the case "storm" all of them are broadcasts, of which storm control lets 0.01 % of the
# link's speed pass. All else is the same, and cases take turns. Compared is what p0 and p1 get.
# What the fabric took from p0 and p1 and could not give them is "lost"; there is none as long as
# the generator empties its rings.
#
# Meanwhile `ixfab show ports` is called again and again: on the generator's CPU, because the other
# one is the worker's. The generator never sleeps, and an exchange has none; so the tool and the
# control process go before it, at real-time priority.

storm_config() {
	local limit="0.01 %"

	ixfab_config <<-EOF
	    profile: open
	    storm-control:
	      {broadcast: $limit, multicast: $limit, unknown-unicast: $limit, flooded: 0.1 %}
	EOF
}

storm_ask() {
	chrt --fifo 1 taskset -c "$generator_cpu" "$tree/control/ctl/ixfab" \
		--socket "$dir/control.sock" "$@"
}

# Whoever looks at the clock must not wait for the generator either.
# shellcheck disable=SC2016
readonly TIME_IT='start=${EPOCHREALTIME/./}; "$@" >/dev/null 2>&1 &&
	echo $(((${EPOCHREALTIME/./} - start) / 1000))'

# One call, and how long it took in milliseconds.
time_show_ports() {
	chrt --fifo 1 taskset -c "$generator_cpu" bash -c "$TIME_IT" bash \
		"$tree/control/ctl/ixfab" --socket "$dir/control.sock" show ports \
		>>"$dir/show" || true
	sleep 0.1
}

run_storm() { # CASE ROUND: one line of JSON in $dir/run
	local -a storm=()

	[ "$1" = unicast ] || storm=(--storm 2)
	begin_run
	: >"$dir/show"
	storm_config >"$dir/ixfab.yaml"
	ixfab_start
	chrt --fifo --pid 1 "$background" # control
	wait_for "the fabric" sockets_exist
	generate_somehow --warmup "$warmup" --seconds "$seconds" "${storm[@]}"
	storm_ask -j show drops >"$dir/drops"
	end_run "$dir/generator.out" --arg case "$1" --argjson round "$2"
	jq -c --slurpfile show "$dir/show" --slurpfile drops "$dir/drops" '
	def dropped($ports; $reason): [$drops[0].drops[] | select(.reason == $reason and
		(.port as $p | $ports | index($p))) | .frames] | add // 0;
	. + {known: ((.port_rx[0] + .port_rx[1]) / .seconds / 1e6),
	offered: (.port_tx[2] / .seconds / 1e6),
	lost: dropped(["p0", "p1"]; "no_buffer_space"),
	refused: dropped(["p2"]; "storm_broadcast"), show: $show}' "$dir/run" >"$dir/run.new"
	mv "$dir/run.new" "$dir/run"
}

alternate_storm() {
	local round case
	local -a cases=(unicast storm)

	for ((round = 1; round <= rounds; round++)); do
		for case in "${cases[@]}"; do
			quietly run_storm "$case" "$round"
			jq -r '"\(.case): \(.known) Mpps of known unicast, " +
				"worker \(.worker * 100 | round) %"' "$dir/run" >&2
		done
		cases=("${cases[1]}" "${cases[0]}")
	done
}

summarize_storm() {
	jq -L "$root/scripts/bench.d" -s --arg cpu "$(cpu_model)" --arg kernel "$(uname -r)" \
		'include "bench"; mark_disturbed as $runs | $runs |
	compare_cases("storm"; "unicast"; .known) + {
	machine: {cpu: $cpu, kernel: $kernel}, size: $runs[0].size, runs: $runs,
	summary: [$runs | group_by(.case)[] | {case: .[0].case, known: (map(.known) | median),
		least: (map(.known) | min), most: (map(.known) | max),
		offered: (map(.offered) | median), refused: (map(.refused) | add),
		lost: (map(.lost) | add), show: (map(.show[]) | median),
		show_most: (map(.show[]) | max), calls: (map(.show | length) | add),
		worker: (map(.worker) | min), stolen: (map(.stolen) | max)}] | reverse}'
}

print_storm() { # SUMMARY
	print_table "$1" 1 '"p2 sends|known Mpps|least|most|p2 Mpps|refused|lost|show ports|" +
		"at most|calls|worker|stolen",
	(.summary[] | [.case, (.known | fixed(2)), (.least | fixed(2)), (.most | fixed(2)),
		(.offered | fixed(2)), .refused, .lost, "\(.show) ms", "\(.show_most) ms", .calls,
		(.worker | percent), (.stolen | percent)] | rows)'
	jq -r '"\nstorm / unicast: \(.ratio * 1000 | round / 1000), " +
		"of \(.pairs) undisturbed pairs in \(.rounds)"' "$1"
}

bench_storm() {
	transport=memif n_ports=4 n_stations=4
	size=${sizes:-64}
	while_running=time_show_ports
	be_patient 1
	alternate_storm >"$dir/runs"
	summarize_storm <"$dir/runs" >"$dir/summary"
	report storm "$dir/summary" print_storm
}
