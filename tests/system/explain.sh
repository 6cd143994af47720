#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# "explain" says what becomes of a frame, by the same pipeline; it sends and counts nothing.
source "$(dirname "$0")/support.sh"

hosts 1 2 3
quiet 1 2 3
config_exchange 1 2 3 | fabric_start
listen 1 2 3
before=$(ixfab -j show counters)

explain() {
	ixfab -j explain --port "$@"
}
leaves_by() {
	jq -r '[.egress[] | select(.reason == null) | .port] | sort | join(" ")'
}
payload=(ipv4 192.0.2.1 192.0.2.2 icmp)

expect known "$(explain p1 from "$(host_mac 1)" to "$(host_mac 2)" "${payload[@]}" | leaves_by)" p2
expect broadcast "$(explain p1 from "$(host_mac 1)" arp who-has 192.0.2.2 tell 192.0.2.1 |
	leaves_by)" "p2 p3"
expect unknown "$(explain p1 from "$(host_mac 1)" to "$(host_mac 9)" "${payload[@]}" |
	jq -r .reason)" unknown_unicast
expect hijack "$(explain p1 from "$(host_mac 3)" to "$(host_mac 2)" "${payload[@]}" |
	jq -r .reason)" mac_hijack
expect tagged "$(explain p1 from "$(host_mac 1)" to "$(host_mac 2)" vlan 10 "${payload[@]}" |
	jq -r .reason)" vlan_tag_mismatch
expect long "$(explain p1 from "$(host_mac 1)" to "$(host_mac 2)" "${payload[@]}" length 1515 |
	jq -r .reason)" pkt_too_big
ixfab explain --port p1 from "$(host_mac 1)" to "$(host_mac 2)" "${payload[@]}"
fails ixfab explain --port p9 from "$(host_mac 1)" to "$(host_mac 2)" "${payload[@]}"

expect counters "$(ixfab -j show counters)" "$before"
send 1 2 id=1
wait_for 5 heard 2 1
expect "frames heard" "$(grep -c type "$dir/heard2")" 1
