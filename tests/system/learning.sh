#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# A plain learning bridge: unknown destinations are flooded, then learned; a station that moves is
# followed with its very next frame; entries go with the link.
source "$(dirname "$0")/support.sh"

hosts 1 2 3
config_open 1 2 3 | fabric_start
wait_for 5 pings 1 2
listen 1 2 3

station=02:00:00:00:00:aa
says_from() {
	frames send "$(host_ns "$1"):eth0" "src=$station" "dst=$(host_mac 3)" "id=$2"
}
known_on() {
	[[ $(query ".macs[] | select(.mac == \"$station\") | .ifname" macs) == "$1" ]]
}
unknown() {
	! query ".macs[] | select(.mac == \"$station\")" macs >/dev/null
}

send 3 "$station" id=1
wait_for 5 heard 1 1
wait_for 5 heard 2 1

says_from 1 2
wait_for 5 heard 3 2
wait_for 5 known_on p1
send 3 "$station" id=3
wait_for 5 heard 1 3
not_heard 3 1 2 3

# It moves. The very next frame follows it.
says_from 2 4
send 3 "$station" id=5
wait_for 5 heard 2 5
not_heard 3 2 1 5
wait_for 5 known_on p2

# It goes with its cable, and by command.
ip -n "$(host_ns 2)" link set eth0 down
wait_for 10 unknown
ip -n "$(host_ns 2)" link set eth0 up
wait_for 10 ports_up
says_from 1 6
wait_for 5 known_on p1
ixfab clear macs
wait_for 5 unknown
