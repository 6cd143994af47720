#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# What breaks a rule is told: one event for each port and reason, with who, where, why and exactly
# how many frames; a flood is one line, who follows hears of it, the history outlives control. A
# quiet exchange has no events.
source "$(dirname "$0")/support.sh"

hosts 1 2 3
quiet 1 2 3
fabric_start <<END
version: 1
fabric: {name: test-ix}
lans:
  peering:
    prefixes: [192.0.2.0/24, 2001:db8:2::/64]
    admission: {ethertypes: [ipv4, arp, ipv6, 0x88b6]}
ports:
  p1:
    device: iface:p1
    member: {asn: 64501, name: Member 1}
    lans: {peering: {macs: ["$(host_mac 1)"]}}
  p2:
    device: iface:p2
    member: {asn: 64502, name: Member 2}
    violation: {action: disable, after: 3, within: 60, recovery: 2}
    lans: {peering: {macs: ["$(host_mac 2)"]}}
  p3: {device: "iface:p3", violation: {action: drop}, lans: {peering: {macs: ["$(host_mac 3)"]}}}
END

# Every event as "port AS member LAN reason level count", sorted.
events() {
	query '[.events[] | "\(.port) \(.asn) \(.member) \(.lan) \(.reason) \(.level) \(.count)"]
		| sort | .[]' events
}
# event REASON FILTER: of the one event with that reason.
event() {
	query ".events[] | select(.reason == \"$1\") | $2" events
}
counted() { # REASON PORT COUNT
	[[ $(event "$1" "select(.port == \"$2\") | .count" 2>/dev/null) == "$3" ]]
}
followed() { # FILTER: a line that was heard fits
	jq -se "any(.[]; $1)" "$dir/followed" >/dev/null 2>&1
}
pings4() {
	on "$1" ping -nqc 1 -W 1 "$(host_ip4 "$2")" >/dev/null
}

daemon_start "$dir/follow.pid" "$dir/followed" \
	"$builddir/control/ctl/ixfab" --socket "$dir/control.sock" -j events --follow

# A quiet exchange: nothing but neighbours who talk.
for pair in "1 2" "2 3" "3 1"; do
	# shellcheck disable=SC2086 # two words
	wait_for 5 pings4 $pair
done

# A router advertisement, and an ARP reply of a MAC that is registered on another port.
ra=333300000001$(host_mac 1 | tr -d :)86dd6000000000103afffe80000000000000000000000000000
ra+=1ff0200000000000000000000000000018600000040000708
ra+=0000000000000000
frames raw "$(host_ns 1):eth0" 3 "$ra"
wait_for 10 counted ipv6_router_advertisement p1 3
arp=$(host_mac 1 | tr -d :)$(host_mac 3 | tr -d :)08060001080006040002
arp+=$(host_mac 3 | tr -d :)c0000203$(host_mac 1 | tr -d :)c0000201
frames raw "$(host_ns 2):eth0" 1 "$arp"
wait_for 10 counted mac_hijack p2 1

# A flood from a thousand addresses that are not registered.
flood=100000
send 1 2 src=02:aa:00:00:00:00 sources=1000 "count=$flood" type=0x88b6
# What the cable had no room for never came.
lost=$(ip -n "$(host_ns 1)" -j -s link show eth0 | jq '.[0].stats64.tx.dropped')
flooded=$((flood - lost))
wait_for 20 dropped mac_not_registered p1 "$flooded"
wait_for 10 counted mac_not_registered p1 "$flooded"
say "a flood of $flooded frames is one event"

# A port whose violations are only counted.
send 3 1 src=02:bb:00:00:00:00 count=10 type=0x88b6
wait_for 5 dropped mac_not_registered p3 10

expected="p1 64501 Member 1 peering ipv6_router_advertisement notice 3
p1 64501 Member 1 peering mac_not_registered warning $flooded
p2 64502 Member 2 peering mac_hijack critical 1"
expect events "$(events)" "$expected"
expect "addresses of the flood" "$(event mac_not_registered '.macs | length <= 8 and all(.[];
	startswith("02:aa:"))')" true
expect "the advertisement" "$(event ipv6_router_advertisement .summary)" \
	"IPv6 fe80::1 to ff02::1: ICMPv6 router advertisement"
expect "its sender" "$(event ipv6_router_advertisement '.macs | join(" ")')" "$(host_mac 1)"
id=$(event mac_hijack .id)
ixfab show event "$id" | grep -q "ARP 192.0.2.3 is at $(host_mac 3), to 192.0.2.1"
expect "events of p2" "$(query '.events | length' events --port p2)" 1
expect "the last event" "$(query '.events[0].reason' events -n 1)" mac_not_registered

# Who follows has heard of each beginning once, and of the flood's count.
wait_for 10 followed '.reason == "mac_not_registered" and .count == '"$flooded"
expect "heard beginnings" "$(jq -rs '[.[] | select(.change == "opened") | .reason] | join(" ")' \
	"$dir/followed")" "ipv6_router_advertisement mac_hijack mac_not_registered"
# The log has one line about the flood, and it says how grave it is.
expect "lines of the log" "$(grep -c 'mac_not_registered' "$dir/control.log")" 1
grep -q 'warning: event .*port p1 (AS64501 Member 1), LAN peering: mac_not_registered' \
	"$dir/control.log"
grep -q 'critical: event .*port p2 .*mac_hijack' "$dir/control.log"

# Control is killed: the history stays, and frames go on to be told, each once.
daemon_stop "$dir/control.pid" KILL
control_start
wait_for 30 ports_up
expect "after control was killed" "$(events)" "$expected"
expect "open ones" "$(query '[.events[] | select(.open)] | length' events)" 0
frames raw "$(host_ns 1):eth0" 2 "$ra"
wait_for 10 query ".events | map(select(.open and .count == 2)) | length == 1" events >/dev/null
expect "all of p1" "$(query '[.events[] | select(.port == "p1") | .count] | add' events)" \
	"$((flooded + 5))"

# A port that is disabled for what it does is an event until it is enabled again.
frames raw "$(host_ns 2):eth0" 5 "$arp"
is_disabled() {
	[[ $(event port_disabled "select(.open == $1) | .port" 2>/dev/null) == p2 ]]
}
wait_for 10 is_disabled true
wait_for 10 is_disabled false
event port_disabled .detail | grep -q '^For violations, the last for mac_hijack ([0-9]*); until '
