# shellcheck shell=bash disable=SC2154
# SPDX-License-Identifier: BSD-3-Clause
# The two daemons.

break_process() {
	local pid
	if [[ $2 == undo ]]; then
		mend_process "$1"
		return
	fi
	pid=$(daemon_pid "$dir/$1.pid") || die "ixfab-$1 does not run"
	daemon_stop "$dir/$1.pid" KILL
	say "ixfab-$1 (process $pid) is killed."
	if [[ $1 == control ]]; then
		say "The dataplane goes on with what it knows."
		look_at "exec as64501 ping $(station_ip4 2)" "not a frame is lost" \
			"status" "all sessions; and nobody whom the tool could ask"
	else
		say "Nothing is forwarded. Control waits for another, and programs it by itself."
		look_at "ixfab show version" "the dataplane is not attached" \
			"status" "sessions end, when their hold timers have run out" \
			"exec fabric ixfab doctor $dir/ixfab.yaml" \
			"the XDP programs that it left, which keep ports closed"
	fi
	say "When you have seen enough: scripts/lab break $1 undo"
}

mend_process() {
	! daemon_runs "$dir/$1.pid" || die "ixfab-$1 runs already"
	"${1}_start"
	wait_until 20 fabric_ready || die "the ports did not come up again; see $dir/$1.log"
	say "ixfab-$1 runs again, and all ports are up."
}
