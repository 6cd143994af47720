#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Members send by addresses that are not theirs: each mode of port security, each reaction to it,
# what outlives the programs, and two that claim one address. Others lose nothing meanwhile.
source "$(dirname "$0")/support.sh"

stranger=02:00:00:01:00:00
hosts 1 2 3 4 5 6
quiet 1 2 3 4 5 6

config_security() {
	cat <<END
version: 1
fabric: {name: test-ix}
lans:
  peering:
    profile: exchange
    prefixes: [192.0.2.0/24, 2001:db8:2::/64]
    admission: {ethertypes: [ipv4, arp, ipv6, 0x88b6]}
ports:
  p1: {device: "iface:p1", lans: {peering: {port-security: {mode: learn, limit: 1}}}}
  p2:
    device: iface:p2
    violation: {action: disable, after: 5, within: 60, recovery: 2}
    lans: {peering: {macs: ["$(host_mac 2)"]}}
  p3: {device: "iface:p3", lans: {peering: {macs: ["$(host_mac 3)"]}}}
  p4:
    device: iface:p4
    violation: {action: disable, after: 1, recovery: never}
    lans: {peering: {macs: ["$(host_mac 4)"]}}
  p5: {device: "iface:p5", lans: {peering: {macs: ["$(host_mac 5)"]}}}
  p6: {device: "iface:p6", lans: {peering: {macs: ["$(host_mac 6)"]}}}
END
}

# strange FROM KEY=VALUE…: from a host, by addresses that are not its own.
strange() {
	local from=$1
	shift
	frames send "$(host_ns "$from"):eth0" "src=$stranger" "dst=$(host_mac 3)" "$@"
}
port_is() { # port_is PORT FILTER
	query ".ports[] | select(.name == \"$1\") | $2" ports >/dev/null
}
mac_is() { # mac_is MAC STATE PORT
	query ".macs[] | select(.mac == \"$1\") | .state == \"$2\" and .ifname == \"$3\"" \
		macs >/dev/null
}
total_of() { # what a port has lost to this and to being disabled
	echo $(($(drops "$1" "$2") + $(drops port_disabled "$2")))
}
total_is() {
	[[ $(total_of "$1" "$2") == "$3" ]]
}

config_security | fabric_start
listen 1 2 3 5
flow_start 3 5

# A flood of sources, and somebody else's.
strange 6 id=1 sources=1000 count=5000
wait_for 10 dropped mac_not_registered p6 5000
frames send "$(host_ns 6):eth0" "src=$(host_mac 2)" "dst=$(host_mac 5)" id=2
wait_for 5 dropped mac_hijack p6 1
mac_is "$(host_mac 2)" static p2
send 6 2 id=3
wait_for 5 heard 2 3
port_is p6 '.disabled == null'

# So many within so long.
strange 2 id=4 count=4
wait_for 5 dropped mac_not_registered p2 4
send 2 3 id=5
wait_for 5 heard 3 5
port_is p2 '.disabled == null'
strange 2 id=6
wait_for 10 port_is p2 '.disabled.why == "security"'
wait_for 10 port_is p2 '.disabled == null'
send 2 3 id=7
wait_for 5 heard 3 7

# One is enough, until an operator says otherwise.
strange 4 id=8 count=10
wait_for 10 port_is p4 '.disabled.why == "security"'
wait_for 5 total_is mac_not_registered p4 10
send 4 3 id=9
wait_for 5 total_is mac_not_registered p4 11
fails heard 3 9
ixfab port p4 enable
wait_for 5 port_is p4 '.disabled == null'
send 4 3 id=10
wait_for 5 heard 3 10
port_is p4 '.disables == 1'

# The first one is learned for good: over another control, and another dataplane.
second_is_refused() { # second_is_refused REFUSED_SO_FAR
	strange 1 "id=$((20 + $1))"
	wait_for 5 dropped mac_limit p1 $(($1 + 1))
	fails heard 3 $((20 + $1))
}
send 1 3 id=11
wait_for 5 heard 3 11
wait_for 5 mac_is "$(host_mac 1)" sticky p1
second_is_refused 0
expect_no_loss "$(flow_end)"

daemon_stop "$dir/control.pid" KILL
second_is_refused_meanwhile() {
	strange 1 id=30
	send 1 3 id=31
	wait_for 5 heard 3 31
	fails heard 3 30
}
second_is_refused_meanwhile
control_start
wait_for 20 ports_up
mac_is "$(host_mac 1)" sticky p1
second_is_refused 2

daemon_stop "$dir/dataplane.pid" KILL
dataplane_start
wait_for 30 mac_is "$(host_mac 1)" sticky p1
wait_for 20 ports_up
second_is_refused 0
send 1 3 id=12
wait_for 5 heard 3 12

# Two members claim one address.
reconfigure <<END
version: 1
fabric: {name: test-ix}
lans:
  peering: {profile: open, duplicate-macs: {moves: 5, within: 60, hold: never}}
ports:
  p1: {device: "iface:p1", lans: {peering: {}}}
  p2: {device: "iface:p2", lans: {peering: {}}}
  p3: {device: "iface:p3", lans: {peering: {macs: ["$(host_mac 3)"]}}}
END
claim() { # claim HOST ID
	strange "$1" "id=$2"
	wait_for 5 heard 3 "$2"
}
for i in 1 2 3; do
	claim 1 $((40 + 2 * i))
	claim 2 $((41 + 2 * i))
done
wait_for 5 mac_is "$stranger" held p1
strange 2 id=50
wait_for 5 dropped mac_duplicate p2 1
fails heard 3 50
claim 1 51
ixfab clear macs "$stranger"
claim 2 52
mac_is "$stranger" learned p2
