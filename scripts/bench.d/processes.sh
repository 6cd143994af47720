# shellcheck shell=bash disable=SC2034,SC2154
# SPDX-License-Identifier: BSD-3-Clause
# The processes of a run, and the directory for their files. To be sourced by scripts/bench.

readonly START_SECONDS=20 # to get a switch going

# The switch under test, and what was started last.
dir="" processes=() switch="" background=""

# Before whatever else this machine may be doing. A session is a group of its own to the scheduler,
# and a nice value alone counts only within it.
# shellcheck disable=SC2016
readonly PREFER='echo -20 2>/dev/null >/proc/self/autogroup; exec nice -n -20 "$@"'

make_directory() {
	[ -z "$dir" ] || return 0
	dir=$(mktemp -d /tmp/ixfab-bench.XXXXXX)
	# testpmd ends when its input does: a pipe that we hold open, and that dies with us.
	mkfifo "$dir/stdin"
	exec {keep_open}<>"$dir/stdin"
}

background() { # NAME COMMAND…: a process that cannot outlive us, in $background
	local log=$dir/$1

	shift
	setsid setpriv --pdeathsig KILL sh -c "$PREFER" sh "$@" <&0 >"$log.out" 2>"$log.err" &
	background=$!
	processes+=("$background")
}

launch() { # NAME COMMAND…: the switch under test, in $switch
	background "$@"
	switch=$background
}

wait_for() { # WHAT COMMAND…: until the command succeeds
	local what=$1 deadline=$((SECONDS + START_SECONDS))

	shift
	until "$@"; do
		if ! kill -0 "$background" 2>/dev/null || [ $SECONDS -ge $deadline ]; then
			show_logs
			die "$what did not start"
		fi
		sleep 0.05
	done
}

show_logs() {
	tail -n 20 "$dir"/*.out "$dir"/*.err >&2
}

stop_processes() {
	local pid deadline=$((SECONDS + 10))

	for pid in "${processes[@]}"; do
		kill "$pid" 2>/dev/null || true
	done
	for pid in "${processes[@]}"; do
		while kill -0 "$pid" 2>/dev/null && [ $SECONDS -lt $deadline ]; do
			sleep 0.05
		done
		kill -KILL "$pid" 2>/dev/null || true
		wait "$pid" 2>/dev/null || true
	done
	processes=()
}

cleanup() {
	stop_processes
	restore_hugepages
	[ -z "$dir" ] || rm -rf "$dir"
}
