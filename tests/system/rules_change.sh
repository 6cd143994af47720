#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Rules are changed by apply while members talk: what is refused changes at once, for the port that
# is meant and for no other, and the flow of two members loses no frame.
source "$(dirname "$0")/support.sh"

# rules LAN-KEYS P3-KEYS: the exchange, with these keys of the LAN and of the membership of p3.
rules() {
	cat <<-END
		version: 1
		fabric: {name: test-ix}
		lans:
		  peering:
		    prefixes: [192.0.2.0/24, 2001:db8:2::/64]
		    loop-detection: {interval: never}
		    $1
		ports:
		  p1: {device: "iface:p1", lans: {peering: {macs: ["$(host_mac 1)"]}}}
		  p2: {device: "iface:p2", lans: {peering: {macs: ["$(host_mac 2)"]}}}
		  p3: {device: "iface:p3", lans: {peering: {macs: ["$(host_mac 3)"], $2}}}
		  p4: {device: "iface:p4", lans: {peering: {macs: ["$(host_mac 4)"]}}}
	END
}

hosts 1 2 3 4
rules "" "admission: {}" | fabric_start
wait_for 5 pings 1 2
wait_for 5 pings 3 4
quiet 1 2 3 4
listen 4
flow_start 1 2 type=0x88b6 # of which nothing passes yet
wait_for 5 dropped_beyond 0 ethertype_not_allowed p1
flow_end >/dev/null

rules "admission: {ethertypes: [ipv4, arp, ipv6, 0x88b6]}" "admission: {}" | reconfigure
flow_start 1 2 type=0x88b6

send 3 4 id=1 type=0x88b6
wait_for 5 heard 4 1
refused=$(drops ethertype_not_allowed p3)
rules "admission: {ethertypes: [ipv4, arp, ipv6, 0x88b6]}" \
	"admission: {ethertypes: [ipv4, arp, ipv6]}" | reconfigure
send 3 4 id=2 type=0x88b6
wait_for 5 dropped_beyond "$refused" ethertype_not_allowed p3
expect "the rules of p3" "$(query '.ports[0].lans[0].admission.ethertypes | join(" ")' port p3)" \
	"ipv4 arp ipv6"

rules "admission: {ethertypes: any}" "admission: {ethertypes: any, broadcast: any}" | reconfigure
send 3 ff:ff:ff:ff:ff:ff id=3 type=0x88b7
wait_for 5 heard 4 3
fails heard 4 2

# Its address: another one, then the one that comes first, then any.
rules "admission: {ethertypes: any}" "port-security: {limit: 1}" |
	sed "s/$(host_mac 3)/02:00:00:00:00:99/" | reconfigure
send 3 4 id=4 type=0x88b6
wait_for 5 dropped_beyond 0 mac_not_registered p3
rules "admission: {ethertypes: any}" "macs: [], port-security: {mode: learn}" |
	sed 's/macs: \["[^]]*"\], macs/macs/' | reconfigure
send 3 4 id=5 type=0x88b6
wait_for 5 heard 4 5
send 3 4 id=6 type=0x88b6 src=02:00:00:00:00:77
wait_for 5 dropped_beyond 0 mac_limit p3
rules "admission: {ethertypes: any}" "macs: [], port-security: {mode: open}" |
	sed 's/macs: \["[^]]*"\], macs/macs/' | reconfigure
send 3 4 id=7 type=0x88b6 src=02:00:00:00:00:77
wait_for 5 heard 4 7

# Limits and reactions, of the LAN and so of everybody.
for rate in '1 frames/s' '5 kb/s' '0.5 %' none; do
	rules "storm-control: {broadcast: $rate, flooded: $rate}
    admission: {ethertypes: any}
    violation: {action: disable, after: 5}
    duplicate-macs: {moves: 3}
    reserved-macs: [\"02:00:00:00:ff:01\"]" "port-security: {limit: 7}" | reconfigure
done
fails heard 4 4
fails heard 4 6
expect_no_loss "$(flow_end)"
