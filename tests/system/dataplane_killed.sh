#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# The dataplane is killed. Control waits for another one and programs it, without an operator.
source "$(dirname "$0")/support.sh"

hosts 1 2
config_exchange 1 2 | fabric_start
wait_for 5 pings 1 2

attached() {
	[[ $(ixfab -j show version 2>/dev/null | jq .dataplane.attached) == "$1" ]]
}

for _ in 1 2 3; do
	flow_start 1 2
	daemon_stop "$dir/dataplane.pid" KILL
	wait_for 10 attached false
	fails pings 1 2
	daemon_runs "$dir/control.pid"
	start=$(now_ms)
	dataplane_start
	wait_for 20 attached true
	wait_for 20 ports_up
	wait_for 10 pings 1 2
	say "forwards again after $(seconds_since "$start") s"
	say "flow: $(flow_end)"
done
config_exchange 1 2 | reconfigure
