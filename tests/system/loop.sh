#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# A member joins two of its ports with a bridge. The one that came up later is disabled, for a time,
# and again as long as the loop is there; others notice nothing.
source "$(dirname "$0")/support.sh"

detection="loop-detection: {interval: 1, recovery: 2}"

# A second port for host 1.
hosts 1 2 3
ip -n "$fabric_ns" link add p4 type veth peer name eth1 netns "$(host_ns 1)"
ip -n "$fabric_ns" link set p4 up
ip -n "$(host_ns 1)" link set eth1 up
{
	config_exchange 1 2 3 | sed "s/profile: exchange/&\\n    $detection/"
	say '  p4: {device: "iface:p4", lans: {peering: {}}}'
} | fabric_start

port_has() { # PORT FILTER
	query ".ports[] | select(.name == \"$1\") | $2" ports >/dev/null
}
is_disabled() {
	port_has "$1" ".disabled.why == \"loop\" and .disabled.other == \"$2\""
}
disables() {
	query ".ports[] | select(.name == \"$1\") | .disables" ports
}
disabled_beyond() {
	[[ $(disables "$2") -gt $1 ]]
}
counter() {
	query ".counters[] | select(.port == \"$1\") | .$2" counters
}
counter_beyond() {
	[[ $(counter "$2" "$3") -gt $1 ]]
}

# Probes leave by every port, and nobody minds as long as none comes back.
for port in p1 p2 p3 p4; do
	wait_for 5 counter_beyond 1 "$port" injected
done
expect "consumed so far" "$(query .total.consumed counters)" 0

for to in 2 3; do
	wait_for 5 pings 1 "$to"
done
flow_start 2 3
ip -n "$(host_ns 1)" link add br0 type bridge
ip -n "$(host_ns 1)" link set eth1 down
wait_for 5 port_has p4 '.link == "down"'
ip -n "$(host_ns 1)" link set eth0 master br0
ip -n "$(host_ns 1)" link set eth1 master br0
ip -n "$(host_ns 1)" link set br0 up
ip -n "$(host_ns 1)" link set eth1 up
wait_for 10 is_disabled p4 p1
expect "p1 was disabled" "$(disables p1)" 0

# Its time is over, and the loop is still there.
wait_for 20 disabled_beyond 2 p4
ip -n "$(host_ns 1)" link set eth1 nomaster
wait_for 10 port_has p4 '.disabled == null'
before=$(disables p4)
wait_for 10 counter_beyond "$(($(counter p4 injected) + 3))" p4 injected
expect "disabled without a loop" "$(disables p4)" "$before"
expect_no_loss "$(flow_end)"
expect "p1 was disabled" "$(disables p1)" 0
expect "forged probes" "$(drops loop_probe_forged)" 0
