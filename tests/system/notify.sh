#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# What the daemons tell a service manager: when they serve, how things are, and that every worker
# moves. The service manager is a socket that writes down what comes.
source "$(dirname "$0")/support.sh"

manager_start() { # NAME
	daemon_start "$dir/manager-$1.pid" "$dir/manager-$1.log" \
		socat -u "UNIX-RECV:$dir/$1.notify" "OPEN:$dir/$1.told,creat,append"
	wait_for 5 test -S "$dir/$1.notify"
}

# told NAME PATTERN: since the last "forget".
told() {
	grep -qaE "$2" "$dir/$1.told" 2>/dev/null
}

forget() {
	: >"$dir/$1.told"
}

signs() {
	{ grep -ao WATCHDOG=1 "$dir/dataplane.told" || true; } | wc -l
}

signs_come() { # MANY
	(($(signs) >= $1))
}

# The thread of worker 0.
worker_thread() {
	grep -lx 'rte-worker-1' "/proc/$(daemon_pid "$dir/dataplane.pid")/task"/*/comm |
		sed -E 's|.*/([0-9]+)/comm|\1|'
}

manager_start dataplane
manager_start control
hosts 1 2
config_exchange 1 2 >"$config"
NOTIFY_SOCKET=$dir/dataplane.notify WATCHDOG_USEC=1000000 dataplane_start
wait_for 30 told dataplane READY=1
told dataplane 'STATUS=empty: waiting for control'
NOTIFY_SOCKET=$dir/control.notify WATCHDOG_USEC=1000000 control_start
wait_for 30 told control READY=1
wait_for 10 told control 'STATUS=attached, generation 1, 2 of 2 ports up'
wait_for 10 told dataplane 'STATUS=control is attached, policy 1, 2 of 2 ports up'
wait_for 10 told control WATCHDOG=1

# A link that fails is in the line.
ip -n "$(host_ns 2)" link set eth0 down
wait_for 10 told control 'generation 1, 1 of 2 ports up'
wait_for 10 told dataplane 'policy 1, 1 of 2 ports up'
ip -n "$(host_ns 2)" link set eth0 up
wait_for 10 pings 1 2

# A reload has a begin and an end; a wrong file is said.
forget control
say 'nonsense: yes' >>"$config"
kill -HUP "$(daemon_pid "$dir/control.pid")"
wait_for 10 told control 'MONOTONIC_USEC=[0-9]+READY=1'
wait_for 10 told control 'STATUS=the configuration file is not in force; attached, generation 1'

# An idle fabric, whose worker sleeps, gives signs of life.
forget dataplane
wait_for 10 signs_come 4

# A worker that hangs ends them, though the manager lives; one that goes on brings them back.
daemon_start "$dir/freeze.pid" "$dir/freeze.log" "$builddir/tests/support/freeze" \
	"$(worker_thread)"
wait_for 5 grep -q frozen "$dir/freeze.log"
wait_for 10 grep -q 'worker 0 .*stands still' "$dir/dataplane.log"
forget dataplane
wait_for 10 told dataplane 'STATUS=worker 0 .* has stood still for [4-9] s; control is attached'
expect 'signs of life' "$(signs)" 0
fails pings 1 2
daemon_stop "$dir/freeze.pid"
wait_for 10 signs_come 2
wait_for 10 grep -q 'worker 0 .*moves again' "$dir/dataplane.log"
wait_for 10 pings 1 2

# Both say that they end.
check_conserved
daemon_stop "$dir/dataplane.pid"
told dataplane STOPPING=1
wait_for 10 told control 'not attached: the dataplane .* is gone|not attached: no dataplane'
daemon_stop "$dir/control.pid"
told control STOPPING=1
dataplane_start
config_exchange 1 2 >"$config"
control_start
wait_for 30 ports_up
