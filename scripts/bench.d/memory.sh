# shellcheck shell=bash disable=SC2034,SC2154
# SPDX-License-Identifier: BSD-3-Clause
# scripts/bench memory: switches between memory ports, without a generator: it shows what the
# switch itself costs, and little else. To be sourced by scripts/bench.
#
# The frames of a port come from a file (see ports.sh): each of its stations is the source, in
# random order, and the destination is a random station of the other port. Before the
# figure is taken, each station was seen. Frames are counted by the switch, when it has sent them;
# "cycles" are the worker's, per frame.

# So much hugepage memory that the frames of all stations fit, which the driver keeps there.
readonly MEMORY_OF_MEMORY_PORTS=1024

write_frames() {
	generator --pcap "$dir"
}

frames_flow() {
	local n

	n=$(frames 2>/dev/null) && [ -n "$n" ] && [ "$n" -gt $((4 * n_stations)) ]
}

# "microseconds frames", of one moment: the middle of the question.
count_frames() {
	local before=${EPOCHREALTIME/./} n

	n=$(frames)
	echo "$(((before + ${EPOCHREALTIME/./}) / 2)) $n"
}

run_memory() { # SWITCH ROUND
	local from to

	load_switch "$1"
	begin_run
	write_frames
	start
	wait_for "forwarding" frames_flow
	sleep "$(warmup_seconds)"
	thread_times >"$dir/before"
	from=$(count_frames)
	sleep "$seconds"
	to=$(count_frames)
	thread_times >"$dir/after"
	jq -n --arg from "$from" --arg to "$to" --argjson hz "$(tsc_hz)" \
		--argjson ports "$n_ports" --arg pattern "$pattern" --arg size "$size" \
		--argjson stations "$n_stations" '
	($from | split(" ") | map(tonumber)) as $a | ($to | split(" ") | map(tonumber)) as $b |
	(($b[0] - $a[0]) / 1e6) as $seconds | (($b[1] - $a[1]) / $seconds) as $fps |
	{ports: $ports, stations: $stations, pattern: $pattern,
		size: ($size | tonumber? // $size),
		seconds: $seconds, tx: ($b[1] - $a[1]), mpps: ($fps / 1e6 * 1e4 | round / 1e4),
		hz: $hz, fps: $fps}' >"$dir/counted"
	end_run "$dir/counted" --arg switch "$1" --argjson round "$2"
	# The clock of the worker stands while somebody else has its CPU.
	jq -c '. + {cycles: (.hz * .worker / .fps)} | del(.hz, .fps)' "$dir/run" >"$dir/run.new"
	mv "$dir/run.new" "$dir/run"
}

print_memory() { # SUMMARY
	print_table "$1" 4 '"ports|size|stations|switch|Mpps|least|most|cycles|ratio|pairs|" +
		"worker|away",
	(.summary[] | [.ports, .size, .stations, .switch, (.mpps | fixed(2)),
		(.least | fixed(2)), (.most | fixed(2)), (.cycles | fixed(1)),
		(.ratio | fixed(3)), "\(.pairs)/\(.runs)", (.worker | percent),
		"\(.away | round) ns"] | rows)'
}

bench_memory() {
	transport=memory memory=$MEMORY_OF_MEMORY_PORTS
	: "${ports:=2}" "${patterns:=pair}" "${sizes:=64}" "${stations:=2,2000,100000}"
	alternate run_memory >"$dir/runs"
	summarize "$LOAD_SUMMARY" <"$dir/runs" >"$dir/summary"
	report memory "$dir/summary" print_memory
}
