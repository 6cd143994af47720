#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# A member swaps routers: the address of the second one is heard while an operator has added it,
# over a restart of control, and not when its time is over.
source "$(dirname "$0")/support.sh"

second=02:00:00:00:00:99

# The "macs" of a port that are added for a time, as "MAC …".
added() {
	ixfab -j port "$1" mac list |
		jq -r '[.macs[] | select(.type == "temporary") | .mac] | join(" ")'
}

has_added() {
	[[ $(added "$1") == "$2" ]]
}

# From the second router, by the port of host 1.
send_second() {
	frames send "$(host_ns 1):eth0" "src=$second" "dst=$(host_mac 2)" "$@"
}

hosts 1 2 3
quiet 1 2 3
config_exchange 1 2 3 | fabric_start
listen 1 2 3

send_second id=1
wait_for 5 dropped mac_not_registered p1 1
not_heard 1 3 2 1

ixfab port p1 mac add "$second" --until 1h
expect added "$(added p1)" "$second"
send_second id=2
wait_for 5 heard 2 2
send 2 "$second" id=3
wait_for 5 heard 1 3
expect state "$(query ".macs[] | select(.mac == \"$second\") | .state" macs)" temporary

# One more than the limit, and one of another port.
fails ixfab port p1 mac add 02:00:00:00:00:98 2>"$dir/refused"
grep -q 'limit there is 2' "$dir/refused"
fails ixfab port p2 mac add "$second" 2>"$dir/refused"
grep -q 'is on port p1' "$dir/refused"

# Control that is killed finds it again.
daemon_stop "$dir/control.pid" KILL
control_start
wait_for 20 ports_up
expect added "$(added p1)" "$second"
send_second id=4
wait_for 5 heard 2 4

# Another end, and that comes by itself.
ixfab port p1 mac add "$second" --until 1s
wait_for 10 has_added p1 ""
expect removed "$(query "[.macs[] | select(.mac == \"$second\")] | length == 0" macs)" true
send_second id=5
wait_for 5 dropped mac_not_registered p1 2
not_heard 1 3 2 5

ixfab port p1 mac add "$second"
ixfab port p1 mac del "$second"
expect added "$(added p1)" ""
