#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# What a member in quarantine sends is on record: it passes when it answers for its addresses and
# sends nothing else, it fails for every thing that has no place on a peering LAN, and nothing of
# what it did before counts when it is put there again.
source "$(dirname "$0")/support.sh"

hosts 1 2 3
fabric_start <<END
version: 1
fabric: {name: test-ix}
lans:
  peering:
    prefixes: [192.0.2.0/24, 2001:db8:2::/64]
ports:
  p1:
    device: iface:p1
    member: {asn: 64501, name: Member 1}
    quarantine: yes
    lans: {peering: {macs: ["$(host_mac 1)"], ips: [$(host_ip4 1), "$(host_ip6 1)"]}}
  p2: {device: "iface:p2", lans: {peering: {macs: ["$(host_mac 2)"]}}}
  p3: {device: "iface:p3", lans: {peering: {monitor: yes, macs: ["$(host_mac 3)"]}}}
END

report() { # FILTER
	ixfab -j port p1 quarantine report | jq -er "$1"
}
verdict_is() {
	[[ $(report .verdict) == "$1" ]]
}
finding_has() { # FINDING FRAMES
	[[ $(report ".findings[] | select(.finding == \"$1\") | .frames" 2>/dev/null) == "$2" ]]
}
faults() {
	report '[.findings[] | select(.fault) | .finding] | join(" ")'
}
raw() { # COUNT DESTINATION HEX, from the member's own MAC
	frames raw "$(host_ns 1):eth0" "$1" "$2$(host_mac 1 | tr -d :)$3"
}

fails ixfab port p2 quarantine report 2>/dev/null

# It answers the monitor by both protocols, and says nothing else that it must not.
wait_for 10 pings 3 1
wait_for 5 verdict_is pass
expect faults "$(faults)" ""
expect "its addresses" "$(report '.addresses | all(.answered)')" true
expect "its MACs" "$(report '[.macs[] | select(.registered) | .mac] | join(" ")')" "$(host_mac 1)"
expect "reasons" "$(report '.reasons | length')" 0

# A router that nobody has cleaned up.
quiet 1
raw 2 0180c200000e 88cc0207040200000000010404050165310602007800000000
raw 3 01000ccccccc 0016aaaa0300000c200002b4000000010006783100000000
raw 1 0180c2000000 0026424203000002023c80000200000000010000000080000200000000018001
ra=86dd6000000000103afffe800000000000000000000000000001ff0200000000000000000000000000018600000040
raw 4 333300000001 "${ra}0007080000000000000000"
raw 5 ffffffffffff 08060001080006040002020000000001c0000209020000000003c0000203
raw 1 01005e000005 080045c000400001000001590000c0000201e00000050201002cc0000201
send 1 ff:ff:ff:ff:ff:ff src=02:00:00:00:00:77 count=2 type=0x9000
wait_for 10 finding_has loopback 2
expect faults "$(faults)" "stp cdp lldp loopback router_advertisement ospf proxy_arp \
mac_not_registered several_macs"
for pair in "lldp 2" "cdp 3" "stp 1" "router_advertisement 4" "proxy_arp 5" "ospf 1" \
	"mac_not_registered 2" "several_macs 2"; do
	# shellcheck disable=SC2086 # two words
	finding_has $pair
done
expect verdict "$(report .verdict)" fail
expect missed "$(report .missed)" 0
expect reasons "$(report '.reasons | length')" 9
ixfab port p1 quarantine report >"$dir/report"
grep -q '^Verdict: fail$' "$dir/report"
grep -q 'no cdp enable' "$dir/report"
grep -q 'sysctl net.ipv4.conf.IF.proxy_arp=0' "$dir/report"

# Promoted, it keeps its report; put back, it begins anew.
ixfab port p1 promote
expect "in quarantine" "$(ixfab -j port p1 quarantine report | jq .quarantine)" false
expect verdict "$(report .verdict)" fail
ixfab port p1 quarantine
expect verdict "$(report .verdict)" "nothing seen yet"
expect frames "$(report .frames)" 0
