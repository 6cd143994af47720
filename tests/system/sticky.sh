#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# A port learns the first two addresses for good: nothing that is killed makes it forget, only an
# operator does.
source "$(dirname "$0")/support.sh"

a=02:00:00:00:00:a1
b=02:00:00:00:00:a2
c=02:00:00:00:00:a3

sticky() {
	ixfab -j port p1 mac list 2>/dev/null |
		jq -r '[.macs[] | select(.type == "sticky") | .mac] | sort | join(" ")'
}

is_sticky() {
	[[ $(sticky) == "$1" ]]
}

attached() {
	query .dataplane.attached version >/dev/null
}

# send_from MAC ID: by the port of host 1, to host 2.
send_from() {
	frames send "$(host_ns 1):eth0" "src=$1" "dst=$(host_mac 2)" "id=$2"
}

# Only the two are heard; FIRST is the id to begin with.
only_two() {
	local lost
	lost=$(drops mac_limit p1)
	send_from "$a" "$1"
	wait_for 5 heard 2 "$1"
	send_from "$b" "$(($1 + 1))"
	wait_for 5 heard 2 "$(($1 + 1))"
	send_from "$c" "$(($1 + 2))"
	wait_for 5 dropped mac_limit p1 "$((lost + 1))"
	fails heard 2 "$(($1 + 2))"
}

hosts 1 2
quiet 1 2
{
	config_exchange 2
	cat <<END
  p1:
    device: iface:p1
    lans: {peering: {port-security: {mode: learn, limit: 2}}}
END
} | fabric_start
listen 2

send_from "$a" 1
wait_for 5 heard 2 1
wait_for 5 is_sticky "$a"
send_from "$b" 2
wait_for 5 heard 2 2
wait_for 5 is_sticky "$a $b"
only_two 10

# Control is killed, then the dataplane, then both.
daemon_stop "$dir/control.pid" KILL
control_start
wait_for 20 ports_up
is_sticky "$a $b"
only_two 20

daemon_stop "$dir/dataplane.pid" KILL
dataplane_start
wait_for 20 attached
wait_for 20 ports_up
is_sticky "$a $b"
only_two 30

daemon_stop "$dir/control.pid" KILL
daemon_stop "$dir/dataplane.pid" KILL
dataplane_start
control_start
wait_for 20 ports_up
only_two 40
states=$(query '[.macs[] | select(.ifname == "p1") | .state] | unique | join(" ")' macs)
expect states "$states" sticky

# An operator makes it forget, and it learns others.
ixfab port p1 mac clear
is_sticky ""
send_from "$c" 50
wait_for 5 heard 2 50
wait_for 5 is_sticky "$c"
