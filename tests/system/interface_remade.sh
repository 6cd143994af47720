#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# A port's interface is removed and made again, as when a container restarts: the port goes down,
# and comes back by itself. Nobody else loses a frame.
source "$(dirname "$0")/support.sh"

link_of() {
	query ".ports[] | select(.name == \"$1\") | .link" port "$1"
}

is_down() {
	[[ $(link_of "$1") == down ]]
}

hosts 1 2 3
config_exchange 1 2 3 | fabric_start
wait_for 5 pings 1 3
flow_start 1 2

for _ in 1 2; do
	ip netns del "$(host_ns 3)"
	wait_for 5 is_down p3
	hosts 3
	wait_for 15 pings 1 3
	expect device "$(query '.ports[] | select(.name == "p3") | .driver' port p3)" net_af_xdp
done
expect ports "$(query '.ports | length' ports)" 3

expect_no_loss "$(flow_end)"
