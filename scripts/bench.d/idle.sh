# shellcheck shell=bash disable=SC2034,SC2154
# SPDX-License-Identifier: BSD-3-Clause
# scripts/bench idle: what a worker costs when nothing comes, and what the first frame waits for
# that. To be sourced by scripts/bench.
#
# Cases are how workers idle (--power: poll, adaptive) over the kind of ports: memif, and kernel
# interfaces (ends of veth pairs in a namespace of their own, the worker on AF_XDP, the generator on
# AF_PACKET). They take turns. First there is silence for -t seconds: "worker" is how much of a core
# the worker's thread ran meanwhile. Then port 0 sends one frame every 4 ms, long after the worker
# fell asleep, for as long again: the time until it comes out of port 1 holds the wake-up and both
# ways through the ports; what "poll" takes is the part of the ports alone. The case "eventfd" is no
# switch: it is what a thread takes to wake up another one on this machine (tests/bench/wakeup.c).
# On virtual machines, where the host has to start a CPU again, that is most of it.

readonly IDLE_CASES="eventfd memif/poll memif/adaptive iface/poll iface/adaptive"

idle_namespace=""

# ns and peers: port N of the switch is sN, the generator's end of its cable is gN.
idle_cables() {
	local n

	idle_namespace=ixfab-bench-$$
	ip netns add "$idle_namespace"
	ip netns exec "$idle_namespace" sysctl -qw net.ipv6.conf.default.disable_ipv6=1
	for ((n = 0; n < n_ports; n++)); do
		ip -n "$idle_namespace" link add "s$n" type veth peer name "g$n"
		ip -n "$idle_namespace" link set "s$n" up
		ip -n "$idle_namespace" link set "g$n" up
	done
}

idle_remove_cables() {
	[ -z "$idle_namespace" ] || ip netns del "$idle_namespace" 2>/dev/null || true
	idle_namespace=""
}

# While the generator runs: wait until it is silent, and see how long the worker ran.
idle_watch() {
	if [ -s "$dir/silent" ]; then
		sleep "$seconds" # whatever we start now may be what the worker has to wait for
		return
	elif ! grep -q silence "$dir/generator.err" 2>/dev/null; then
		sleep 0.02
		return
	fi
	sleep 0.5
	thread_times >"$dir/silent.before"
	sleep "$(awk "BEGIN { print $seconds - 1 }")"
	thread_times >"$dir/silent.after"
	idle_cost "$dir/silent.before" "$dir/silent.after" >"$dir/silent"
}

# Of a core, the thread that ran most: polling workers aside, nobody else has anything to do.
idle_cost() { # BEFORE AFTER
	awk -v seconds="$(awk "BEGIN { print $seconds - 1 }")" '
	NR == FNR { ran[$1] = $2; next }
	$1 in ran && $2 - ran[$1] > most { most = $2 - ran[$1] }
	END { print most / 1e9 / seconds }' "$1" "$2"
}

run_eventfd() { # CASE ROUND: one line of JSON in $dir/run
	"$tree/tests/bench/ixfab-wakeup" "$generator_cpu" "$switch_cpu" "$seconds" >"$dir/wakeup"
	jq -c --arg case "$1" --argjson round "$2" '{case: $case, round: $round, frames, lost: 0,
		wake: .}' "$dir/wakeup" >"$dir/run"
}

run_idle() { # CASE ROUND: one line of JSON in $dir/run
	local transport=${1%/*} power=${1#*/}
	local -a switch_prefix=()

	begin_run
	rm -f "$dir/silent"
	if [ "$transport" = iface ]; then
		idle_cables
		switch_prefix=(ip netns exec "$idle_namespace")
	fi
	ixfab_config >"$dir/ixfab.yaml" <<-EOF
	    profile: open
	EOF
	ixfab_start
	[ "$transport" = iface ] || wait_for "the fabric" sockets_exist
	generate_somehow --test wake --warmup "$seconds" --seconds "$seconds"
	end_run "$dir/generator.out" --arg case "$1" --argjson round "$2" \
		--argjson cost "$(<"$dir/silent")"
	idle_remove_cables
}

alternate_idle() {
	local round case

	for ((round = 1; round <= rounds; round++)); do
		for case in $IDLE_CASES; do
			if [ "$case" = eventfd ]; then
				run_eventfd "$case" "$round"
			else
				run_idle "$case" "$round"
			fi
			cat "$dir/run"
			jq -r '"\(.case): p50 \(.wake.p50) us, p99 \(.wake.p99) us"' "$dir/run" >&2
		done
	done
}

summarize_idle() {
	jq -L "$root/scripts/bench.d" -s --arg cpu "$(cpu_model)" --arg kernel "$(uname -r)" \
		'include "bench"; {machine: {cpu: $cpu, kernel: $kernel}, runs: .,
	summary: [group_by(.case)[] | {case: .[0].case, cost: (map(.cost) | median),
		cost_most: (map(.cost) | max), frames: (map(.frames) | add),
		lost: (map(.lost) | add), wake: (map(.wake) | medians),
		p99_most: (map(.wake.p99) | max)}]}'
}

print_idle() { # SUMMARY
	print_table "$1" 1 'def share: if . then (. * 100 | fixed(2)) + " %" else "-" end;
	"ports/power|of a core|at most|frames|lost|p50 us|p99 us|p99 at most|max us",
	(.summary[] | [.case, (.cost | share), (.cost_most | share),
		.frames, .lost, (.wake.p50 | fixed(1)), (.wake.p99 | fixed(1)),
		(.p99_most | fixed(1)), (.wake.max | fixed(1))] | rows)'
}

bench_idle() {
	seconds=$(awk "BEGIN { print $seconds < 2 ? 2 : $seconds }")
	n_ports=2 n_stations=2 while_running=idle_watch
	be_patient 3
	alternate_idle >"$dir/runs"
	summarize_idle <"$dir/runs" >"$dir/summary"
	report idle "$dir/summary" print_idle
}
