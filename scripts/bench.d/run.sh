# shellcheck shell=bash disable=SC2034,SC2154
# SPDX-License-Identifier: BSD-3-Clause
# One run of a switch, and the order of many. To be sourced by scripts/bench.
#
# The switch under test has its worker alone on one CPU; everything else is on the other one: the
# generator (tests/bench/generator.c), which never sleeps, and the switch's manager and control
# process, which sleep while frames flow. The switches take turns, every round in the opposite
# order, each started afresh; a round gives one ratio for each switch, and the table has medians.

# What a run is about, beside $n_ports; what to do, for a short time, while the generator runs.
n_stations=2 pattern=pair size=64 while_running="sleep 0.02"

be_patient() { # TRIALS that a run has at most
	local whole=${seconds%.*}

	patience=$(((${whole:-0} + 1) * $1 + 240))
}

warmup_seconds() { # with what the switch needs to settle
	awk "BEGIN { print $warmup + $settle }"
}

generator() { # OPTION…
	local n
	local -a command=("${switch_prefix[@]}" "$tree/tests/bench/ixfab-generator"
		--cpu "$generator_cpu" --memory "$(generator_memory)" --queues "$queues"
		--stations "$n_stations" --pattern "$pattern" --size "$size")

	for ((n = 0; n < n_ports; n++)); do
		command+=(--port "$(generator_device "$n")")
	done
	"${generator_prefix[@]}" "${command[@]}" "$@"
}
generator_prefix=()

generate() { # OPTION…: runs the generator, leaves its line in $dir/generator.out
	local -a generator_prefix=(background generator timeout --kill-after=5 "$patience"
		taskset -c "$generator_cpu")

	generator "$@"
	thread_times >"$dir/before"
	while kill -0 "$background" 2>/dev/null && [ ! -s "$dir/generator.out" ]; do
		$while_running
	done
	thread_times >"$dir/after"
	wait "$background"
}

generate_somehow() { # OPTION…: when the switch's ports were not ready yet, once more
	local attempt

	for attempt in 1 2 3; do
		# The switch may have taken more than it was told to.
		reserve_hugepages "$(generator_memory)"
		if generate "$@"; then
			kill -0 "$switch" 2>/dev/null || say "the switch died at the end" >&2
			return
		fi
		say "attempt $attempt to run the generator failed" >&2
	done
	show_logs
	die "the generator failed"
}

begin_run() {
	measure_distance >"$dir/away"
	reserve_memory
	rm -f "$dir"/*.sock
}

# From FILE, the line of JSON that tells what the run measured, to $dir/run.
end_run() { # FILE JQ-OPTION…
	local file=$1

	shift
	stop_processes
	measure_distance >>"$dir/away"
	jq -c --arg transport "$transport" --slurpfile away "$dir/away" \
		--argjson worker "$(worker_share "$dir/before" "$dir/after")" \
		"$@" '$ARGS.named + . | .away |= max' "$file" >"$dir/run"
}

# One run of a switch: a line of JSON in $dir/run.
run_switch() { # SWITCH ROUND GENERATOR-OPTION…
	local name=$1 round=$2

	shift 2
	load_switch "$name"
	begin_run
	start
	wait_for "$name" sockets_exist
	generate_somehow --warmup "$(warmup_seconds)" --seconds "$seconds" "$@"
	end_run "$dir/generator.out" --arg switch "$name" --argjson round "$round"
}

each_cell() { # COMMAND…: for each number of ports, pattern, frame size and number of stations
	local stations_wanted

	for n_ports in ${ports//,/ }; do
		for pattern in ${patterns//,/ }; do
			for size in ${sizes//,/ }; do
				for stations_wanted in ${stations//,/ }; do
					n_stations=$((stations_wanted > n_ports ?
						stations_wanted : n_ports))
					"$@"
				done
			done
		done
	done
}

# COMMAND… SWITCH ROUND, for all: each line of JSON that it leaves in $dir/run.
alternate() {
	local round
	local -a names

	IFS=, read -r -a names <<<"$switches"
	for ((round = 1; round <= rounds; round++)); do
		each_cell take_turns "$@"
		mapfile -t names < <(printf '%s\n' "${names[@]}" | tac)
	done
}

take_turns() { # COMMAND…
	local name

	for name in "${names[@]}"; do
		quietly "$@" "$name" "$round"
		tell_progress >&2
	done
}

tell_progress() {
	jq -r '"\(.switch), \(.ports) ports, \(.size) octets, \(.stations) stations: " +
		(if .mpps then "\(.mpps) Mpps, " else "" end) +
		"worker \(.worker * 100 | round) %"' "$dir/run"
}
