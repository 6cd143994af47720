# shellcheck shell=bash disable=SC2034,SC2154
# SPDX-License-Identifier: BSD-3-Clause
# scripts/bench commit: does a commit lose frames? To be sourced by scripts/bench.
#
# As many memif ports as DPDK takes (-p, 32 unless said), pairs of them, each pair as fast as the
# switch takes frames from it; and meanwhile one `ixfab apply` after the other: of two files in turn
# (ageing 300 and 301 seconds), which is a new policy each time, and an old one that is freed
# ("commit"); or of the file that is in force already ("nothing"), which takes the CPUs alike and
# changes nothing. "lost" is what was sent and did not come out. The tool and the control process go
# before the generator, which never sleeps: it reads nothing meanwhile, and what finds its rings
# full is "unread" (no_buffer_space, since the start), with commits as without; "dropped" is the
# rest of what was lost. "median" and "at most" are what `ixfab apply` takes, reading the file and
# waiting for the answer included.
#
# Beside it, in process (tests/bench/bench_commit.c): what the manager does for a policy with 1000
# ports and 4000 registered addresses, many more than there are devices.

commit_config() { # AGEING
	ixfab_config <<-EOF
	    profile: open
	    ageing: $1
	EOF
}

apply_once() {
	[ "$kind" = nothing ] || n_commits=$((n_commits + 1))
	# shellcheck disable=SC2016
	chrt --fifo 1 taskset -c "$generator_cpu" bash -c "$TIME_IT" bash \
		"$tree/control/ctl/ixfab" --socket "$dir/control.sock" apply \
		"$dir/ageing$((300 + n_commits % 2)).yaml" >>"$dir/commits" || true
	sleep 0.1
}

run_commit() { # commit | nothing, ROUND: one line of JSON in $dir/run
	local kind=$1 round=$2 n_commits=0

	begin_run
	: >"$dir/commits"
	commit_config 300 >"$dir/ixfab.yaml"
	commit_config 300 >"$dir/ageing300.yaml"
	commit_config 301 >"$dir/ageing301.yaml"
	ixfab_start
	chrt --fifo --pid 1 "$background" # control
	wait_for "the fabric" sockets_exist
	generate_somehow --warmup "$warmup" --seconds "$seconds"
	storm_ask -j show drops >"$dir/drops"
	end_run "$dir/generator.out" --arg kind "$kind" --argjson round "$round"
	jq -c --slurpfile commits "$dir/commits" --slurpfile drops "$dir/drops" '
	. + {commits: $commits, unread: ([$drops[0].drops[] |
		select(.reason == "no_buffer_space") | .frames] | add // 0)} |
	. + {dropped: (.lost - .unread)}' "$dir/run" >"$dir/run.new"
	mv "$dir/run.new" "$dir/run"
}

alternate_commit() {
	local round kind

	for ((round = 1; round <= rounds; round++)); do
		for kind in commit nothing; do
			run_commit "$kind" "$round"
			cat "$dir/run"
			jq -r '"\(.kind): \(.commits | length) times, \(.mpps) Mpps, " +
				"\(.dropped) dropped"' "$dir/run" >&2
		done
	done
}

summarize_commit() {
	jq -L "$root/scripts/bench.d" -s --arg cpu "$(cpu_model)" --arg kernel "$(uname -r)" \
		'include "bench"; {machine: {cpu: $cpu, kernel: $kernel}, runs: .,
	summary: (group_by(.kind) | map({kind: .[0].kind, ports: .[0].ports,
		mpps: (map(.mpps) | median), commits: (map(.commits | length) | add),
		commit: (map(.commits[]) | median), commit_most: (map(.commits[]) | max),
		tx: (map(.tx) | add), lost: (map(.lost) | add), unread: (map(.unread) | add),
		dropped: (map(.dropped) | add)}))}'
}

print_commit() { # SUMMARY
	print_table "$1" 1 '"applied|ports|Mpps|times|median|at most|frames|lost|unread|dropped",
	(.summary[] | [.kind, .ports, (.mpps | fixed(2)), .commits, "\(.commit) ms",
		"\(.commit_most) ms", .tx, .lost, .unread, .dropped] | rows)'
	jq -r '.large | "\n\(.ports) ports, \(.macs) addresses: \(.draft_ms) ms to take the " +
		"messages, \(.build_ms) to build the policy, \(.register_ms) to register " +
		"all addresses"' "$1"
}

bench_commit() {
	transport=memif n_ports=${ports:-32} n_stations=${ports:-32}
	while_running=apply_once
	be_patient 1
	alternate_commit >"$dir/runs"
	taskset -c "$switch_cpu" "$tree/tests/bench/bench_commit" >"$dir/large"
	summarize_commit <"$dir/runs" | jq --slurpfile large "$dir/large" '. + {large: $large[0]}' \
		>"$dir/summary"
	report commit "$dir/summary" print_commit
}
