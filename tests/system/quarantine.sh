#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# A member in quarantine reaches the monitor and nobody else, and nobody else sees its frames; who
# is promoted is in the LAN. The members of the LAN notice nothing of it.
source "$(dirname "$0")/support.sh"

hosts 1 2 3 4 5
fabric_start <<END
version: 1
fabric: {name: test-ix}
lans:
  peering:
    prefixes: [192.0.2.0/24, 2001:db8:2::/64]
    admission: {ethertypes: [ipv4, arp, ipv6, 0x88b6], broadcast: any}
ports:
  p1: {device: "iface:p1", lans: {peering: {macs: ["$(host_mac 1)"]}}}
  p2: {device: "iface:p2", lans: {peering: {macs: ["$(host_mac 2)"]}}}
  p3: {device: "iface:p3", quarantine: yes, lans: {peering: {macs: ["$(host_mac 3)"]}}}
  p4: {device: "iface:p4", quarantine: yes, lans: {peering: {macs: ["$(host_mac 4)"]}}}
  p5: {device: "iface:p5", lans: {peering: {monitor: yes, macs: ["$(host_mac 5)"]}}}
END

# shout FROM ID: to everybody.
shout() {
	send "$1" ff:ff:ff:ff:ff:ff "id=$2" type=0x88b6
}

# silent HOST WITNESS ID: the frame, which somebody else has heard already, never got to HOST: a
# frame that a witness sends there now arrives without it.
silent() {
	marks=$((${marks:-900000} + 1))
	send "$2" "$1" "id=$marks" type=0x88b6
	wait_for 5 heard "$1" "$marks"
	fails heard "$1" "$3"
}

ports_of() {
	query ".lans[] | select(.name == \"$1\") | .ports | sort | join(\" \")" lans
}

wait_for 5 pings 1 2
wait_for 5 pings 3 5
wait_for 5 pings 4 5
fails pings 3 1
fails pings 3 4
fails pings 1 5
expect "the LAN" "$(ports_of peering)" "p1 p2"
expect "its quarantine" "$(ports_of peering.quarantine)" "p3 p4 p5"
expect "the address of p3" "$(query '.macs[] | select(.ifname == "p3") | .lan' macs)" \
	peering.quarantine

quiet 1 2 3 4 5
listen 1 2 3 4 5
shout 3 1
wait_for 5 heard 5 1
silent 1 2 1
silent 2 1 1
silent 4 5 1
shout 1 2
wait_for 5 heard 2 2
silent 3 5 2
silent 4 5 2
silent 5 3 2

# To a member's address, too.
unknown=$(drops unknown_unicast p3)
send 3 1 id=3 type=0x88b6
wait_for 5 dropped_beyond "$unknown" unknown_unicast p3
silent 1 2 3
silent 5 4 3

flow_start 1 2 type=0x88b6
ixfab port p3 promote
wait_for 5 query '.lans[] | select(.name == "peering") | .ports | index("p3")' lans >/dev/null
shout 3 4
wait_for 5 heard 1 4
silent 5 4 4
silent 4 5 4
shout 4 5
wait_for 5 heard 5 5
silent 1 2 5
silent 3 1 5

# It stays promoted when control starts anew, until somebody puts it back.
daemon_stop "$dir/control.pid"
control_start
wait_for 30 ports_up
expect "promoted" "$(ports_of peering)" "p1 p2 p3"
ixfab port p3 quarantine
wait_for 5 expect "back again" "$(ports_of peering.quarantine)" "p3 p4 p5"
shout 3 6
wait_for 5 heard 5 6
silent 1 2 6
expect_no_loss "$(flow_end)"
