#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Control is killed: no frame is lost. The next one attaches, and changes nothing that is right.
source "$(dirname "$0")/support.sh"

hosts 1 2 3
config_exchange 1 2 3 | fabric_start
wait_for 5 pings 1 2
flow_start 1 2

for _ in 1 2 3; do
	changes=$(query '[.ports[].link_changes] | add' ports)
	dataplane=$(query .dataplane.instance version)
	daemon_stop "$dir/control.pid" KILL
	fails ixfab show ports 2>/dev/null
	pings 2 3
	control_start
	wait_for 20 ports_up
	expect instance "$(query .dataplane.instance version)" "$dataplane"
	expect "link changes" "$(query '[.ports[].link_changes] | add' ports)" "$changes"
done

result=$(flow_end)
expect_no_loss "$result"
# It still takes commands.
ixfab port p3 down
fails pings 1 3
ixfab port p3 up
wait_for 10 pings 1 3
