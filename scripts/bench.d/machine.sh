# shellcheck shell=bash disable=SC2034,SC2154
# SPDX-License-Identifier: BSD-3-Clause
# What the machine did to a run. To be sourced by scripts/bench.
#
# "worker" is the share of the time in which the worker's thread was really running, "stolen" the
# share that was taken from the generator, and "away" how long a cache line takes between the two
# CPUs and back: the longer of just before and just after the run. A virtual machine's CPUs are
# moved about, and all figures change threefold with that. A run that was disturbed (see bench.jq)
# is done again, twice at most; and a ratio is of two runs that were not disturbed, as long as
# there is one such pair ("pairs").

cpu_model() {
	sed -n 's/^model name[[:space:]]*: //p' /proc/cpuinfo | head -n 1
}

tsc_hz() {
	"$tree/tests/bench/ixfab-crosscore"
}

measure_distance() { # between the CPUs: nanoseconds
	setsid sh -c "$PREFER" sh "$tree/tests/bench/ixfab-crosscore" "$generator_cpu" "$switch_cpu"
}

thread_times() { # of the switch: a line "ID nanoseconds-run nanoseconds-waited" for each thread
	local thread

	for thread in /proc/"$switch"/task/*; do
		echo "${thread##*/} $(cat "$thread/schedstat" 2>/dev/null)"
	done
}

worker_share() { # BEFORE AFTER: of the thread that ran most in between, how much it could run
	awk 'NR == FNR { ran[$1] = $2; waited[$1] = $3; next }
	$1 in ran && $2 - ran[$1] > most {
		most = $2 - ran[$1]
		share = most / (most + $3 - waited[$1])
	}
	END { print share + 0 }' "$1" "$2"
}

is_disturbed() { # RUN
	jq -r .away <<<"$1" >>"$dir/distances"
	jq -L "$root/scripts/bench.d" -e --slurpfile distances "$dir/distances" \
		'include "bench"; disturbed($distances | min)' <<<"$1" >/dev/null
}

# quietly COMMAND…, which leaves its line of JSON in $dir/run: again when the machine was busy with
# something else.
quietly() {
	local attempt

	for attempt in 1 2 3; do
		"$@" # not in a subshell: it has things to remember
		is_disturbed "$(<"$dir/run")" || break
	done
	jq -c --argjson attempts "$attempt" '. + {attempts: $attempts}' "$dir/run"
}
