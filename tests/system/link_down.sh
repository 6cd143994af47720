#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# A cable is pulled and put back; a port is closed and opened by command. The others notice nothing.
source "$(dirname "$0")/support.sh"

hosts 1 2 3
config_exchange 1 2 3 | fabric_start
wait_for 5 pings 1 2
wait_for 5 pings 1 3
flow_start 2 3

link_is() {
	[[ $(query ".ports[] | select(.name == \"p1\") | .link" ports) == "$1" ]]
}
some_dropped() {
	(($(drops "$1" p1) > 0))
}

ip -n "$(host_ns 1)" link set eth0 down
wait_for 10 link_is down
send 2 1 id=1 count=10
wait_for 5 some_dropped egress_port_down
ip -n "$(host_ns 1)" link set eth0 up
wait_for 10 link_is up
wait_for 10 pings 1 2

ixfab port p1 down
fails pings 2 1
ixfab port p1 up
wait_for 10 pings 2 1

expect_no_loss "$(flow_end)"
