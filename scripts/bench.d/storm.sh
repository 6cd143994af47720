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
	local p limit="0.01 %"

	cat <<-EOF2
	version: 1
	fabric:
	  name: bench
	lans:
	  bench:
	    profile: open
	    storm-control:
	      {broadcast: $limit, multicast: $limit, unknown-unicast: $limit, flooded: 0.1 %}
	ports:
	EOF2
	for p in 0 1 2 3; do
		echo "  p$p:"
		echo "    device: \"memif:$dir/port$p.sock,role=server,$MEMIF\""
		echo "    lans: {bench: {}}"
	done
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

measure_storm() { # CASE ROUND: one line of JSON
	generator_args=()
	[ "$1" = unicast ] || generator_args=(--storm 2)
	measure_distance >"$dir/away"
	reserve_hugepages $((MEMORY + GENERATOR_MEMORY + MARGIN))
	rm -f "$dir"/*.sock
	: >"$dir/show"
	storm_config >"$dir/ixfab.yaml"
	start_programs
	chrt --fifo --pid 1 "$background" # control
	wait_for "the fabric" sockets_exist
	generate_somehow 4
	storm_ask -j show drops >"$dir/drops"
	stop_processes
	measure_distance >>"$dir/away"
	jq -c --arg case "$1" --argjson round "$2" --slurpfile away "$dir/away" \
		--slurpfile show "$dir/show" --slurpfile drops "$dir/drops" \
		--argjson worker "$(worker_share "$dir/before" "$dir/after")" '
	def dropped($ports; $reason): [$drops[0].drops[] | select(.reason == $reason and
		(.port as $p | $ports | index($p))) | .frames] | add // 0;
	{case: $case, round: $round} + . + {worker: $worker, away: ($away | max),
	known: ((.port_rx[0] + .port_rx[1]) / .seconds / 1e6),
	offered: (.port_tx[2] / .seconds / 1e6),
	lost: dropped(["p0", "p1"]; "no_buffer_space"),
	refused: dropped(["p2"]; "storm_broadcast"), show: $show}' "$dir/generator.out"
}

measure_storm_quietly() { # CASE ROUND
	local result

	for _ in 1 2 3; do
		measure_storm "$@" >"$dir/run"
		result=$(<"$dir/run")
		is_disturbed "$result" || break
	done
	echo "$result"
	jq -r '"\(.case): \(.known) Mpps of known unicast, worker \(.worker * 100 | round) %"' \
		<<<"$result" >&2
}

alternate_storm() {
	local round
	local -a cases=(unicast storm)

	for ((round = 1; round <= rounds; round++)); do
		measure_storm_quietly "${cases[0]}" "$round"
		measure_storm_quietly "${cases[1]}" "$round"
		cases=("${cases[1]}" "${cases[0]}")
	done
}

summarize_storm() {
	jq -s --arg cpu "$(cpu_model)" --arg kernel "$(uname -r)" "$MEDIAN $DISTURBED"'
	(map(.away) | min) as $nearest | map(. + {disturbed: disturbed($nearest)}) |
	. as $runs |
	[.[] | select(.case == "storm") | . as $run | $runs[] |
		select(.case == "unicast" and .round == $run.round) |
		{ratio: ($run.known / .known), disturbed: (.disturbed or $run.disturbed)}] |
	. as $pairs |
	($pairs | map(select(.disturbed | not))) as $good | {
	machine: {cpu: $cpu, kernel: $kernel}, size: $runs[0].size, runs: $runs,
	ratio: ((if $good == [] then $pairs else $good end) | map(.ratio) | median),
	pairs: ($good | length), rounds: ($pairs | length),
	summary: [$runs | group_by(.case)[] | {case: .[0].case, known: (map(.known) | median),
		least: (map(.known) | min), most: (map(.known) | max),
		offered: (map(.offered) | median), refused: (map(.refused) | add),
		lost: (map(.lost) | add), show: (map(.show[]) | median),
		show_most: (map(.show[]) | max), calls: (map(.show | length) | add),
		worker: (map(.worker) | min), stolen: (map(.stolen) | max)}] | reverse}'
}

print_storm() { # SUMMARY
	jq -r '"\(.machine.cpu), Linux \(.machine.kernel); four memif ports, " +
		"\(.size) octets\n"' "$1"
	jq -r 'def fixed: . * 100 | round / 100;
	"p2 sends|known Mpps|least|most|p2 Mpps|refused|lost|show ports|at most|calls|" +
		"worker|stolen",
	(.summary[] | [.case, (.known | fixed), (.least | fixed), (.most | fixed),
		(.offered | fixed), .refused, .lost, "\(.show) ms", "\(.show_most) ms", .calls,
		"\(.worker * 100 | round) %", "\(.stolen * 100 | round) %"] |
		map(tostring) | join("|"))' "$1" |
		column -t -s '|' -R 2,3,4,5,6,7,8,9,10,11,12
	jq -r '"\nstorm / unicast: \(.ratio * 1000 | round / 1000), " +
		"of \(.pairs) undisturbed pairs in \(.rounds)"' "$1"
}

bench_storm() {
	dir=$(mktemp -d /tmp/ixfab-bench.XXXXXX)
	n_ports=4
	while_running=time_show_ports
	alternate_storm >"$dir/runs"
	summarize_storm <"$dir/runs" >"$dir/summary"
	if [ "$json" = yes ]; then
		cat "$dir/summary"
	else
		print_storm "$dir/summary"
	fi
}
