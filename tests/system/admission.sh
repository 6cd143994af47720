#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# What has no place on a peering LAN gets nowhere, and the counters say what it was; neighbours
# still find each other, and talk. Rules change without losing a frame of anybody else.
source "$(dirname "$0")/support.sh"

# Frames of host 1 in hexadecimal: frame DST TYPE PAYLOAD, with at least 60 octets.
frame() {
	local octets=${1//:/}020000000001$2$3
	while [[ ${#octets} -lt 120 ]]; do
		octets+=00
	done
	printf '%s' "$octets"
}
# ipv4 PROTOCOL DST PAYLOAD, from 192.0.2.1
ipv4() {
	printf '4500%04x0000000040%02x0000c0000201%s%s' $((20 + ${#3} / 2)) "$1" "$2" "$3"
}
# ipv6 NEXT-HEADER DST PAYLOAD, from fe80::1
ipv6() {
	printf '60000000%04x%02xfffe80%s01%s%s' $((${#3} / 2)) "$1" "$(zeros 13)" "$2" "$3"
}
zeros() {
	printf '%0*d' $((2 * $1)) 0
}

# offends REASON NAME OCTETS: host 1 sends it, and it dies for that.
offends() {
	local before
	before=$(drops "$1" p1)
	frames raw "$(host_ns 1):eth0" 1 "$3"
	wait_for 5 dropped "$1" p1 $((before + 1)) || {
		say "$2 did not die for $1"
		return 1
	}
}

hosts 1 2 3
config_exchange 1 2 3 | fabric_start
wait_for 10 pings 1 2
wait_for 10 pings 3 1
quiet 1 2 3
wait_for 5 is_balanced
listen 2 3

all_nodes=ff02$(zeros 13)01
ra=$(frame 33:33:00:00:00:01 86dd "$(ipv6 58 "$all_nodes" "8600$(zeros 14)")")
two_headers=3c00$(zeros 6)3a00$(zeros 6)
hidden_ra=$(frame 33:33:00:00:00:01 86dd "$(ipv6 0 "$all_nodes" "${two_headers}8600$(zeros 14)")")
rs=$(frame 33:33:00:00:00:02 86dd "$(ipv6 58 "ff02$(zeros 13)02" "8500$(zeros 6)")")
mld=$(frame 33:33:00:00:00:16 86dd \
	"$(ipv6 0 "ff02$(zeros 13)16" "3a000502000001008f00$(zeros 26)")")
ns_fragment=$(frame 33:33:ff:00:00:02 86dd \
	"$(ipv6 44 "ff02$(zeros 9)01ff000002" "3a000001000000018700$(zeros 22)")")
ospf=$(frame 01:00:5e:00:00:05 0800 "$(ipv4 89 e0000005 "0201002c$(zeros 40)")")
dhcp=$(frame ff:ff:ff:ff:ff:ff 0800 "$(ipv4 17 ffffffff "00440043010400000101$(zeros 250)")")
directed=$(frame 02:00:00:00:00:02 0800 "$(ipv4 1 c00002ff "0800$(zeros 6)")")
redirect=$(frame 02:00:00:00:00:02 0800 "$(ipv4 1 c0000202 "0501$(zeros 34)")")

offends dmac_is_reserved 'spanning tree' "$(frame 01:80:c2:00:00:00 0027 424203)"
offends dmac_is_reserved LLDP "$(frame 01:80:c2:00:00:0e 88cc 0207)"
offends not_ethernet_ii CDP "$(frame 01:00:0c:cc:cc:cc 002e aaaa0300000c2000)"
offends ethertype_not_allowed 'LLDP to a station' "$(frame 02:00:00:00:00:02 88cc 0207)"
offends ethertype_not_allowed 'MikroTik loop detection' "$(frame ff:ff:ff:ff:ff:ff 9003 00)"
offends vlan_tag_mismatch 'a tag' "$(frame 02:00:00:00:00:02 81000064 08004500)"
offends arp_malformed 'broken ARP' "$(frame ff:ff:ff:ff:ff:ff 0806 000108000604)"
offends broadcast_not_arp 'DHCP discover' "$dhcp"
offends ipv4_multicast 'OSPF hello' "$ospf"
offends ipv4_header_corrupted 'a broken header' "$(frame 02:00:00:00:00:02 0800 4400)"
offends ipv4_dst_is_broadcast 'a ping to all' "$directed"
offends ipv4_redirect 'a redirect' "$redirect"
offends ipv6_router_advertisement 'a router advertisement' "$ra"
offends ipv6_router_advertisement 'one behind two headers' "$hidden_ra"
offends ipv6_router_solicitation 'a router solicitation' "$rs"
offends ipv6_mld 'a report of MLDv2' "$mld"
offends nd_fragmented "a fragment of a neighbour's question" "$ns_fragment"
offends src_mac_is_dst 'a frame to itself' "$(frame 02:00:00:00:00:01 0800 45)"

# heard_from_1 HOST: the frames of host 1 that got there, but for marked ones and its kernel's ARP.
heard_from_1() {
	grep " $(host_mac 1) " "$dir/heard$1" | grep -vcE ' id=| type=0x0806' || true
}
not_heard 1 2 3 1
expect 'offences heard by 2' "$(heard_from_1 2)" 0
expect 'offences heard by 3' "$(heard_from_1 3)" 0
on 1 ping -nqc 1 -W 2 "$(host_ip4 2)" >/dev/null

# ra_heard TIMES: by host 3.
ra_heard() {
	[[ $(grep -c '^33:33:00:00:00:01 .* type=0x86dd' "$dir/heard3") == "$1" ]]
}
flow_start 2 3
config_exchange 1 2 3 | sed 's/admission: {/&router-advertisements: yes, /' | reconfigure
frames raw "$(host_ns 1):eth0" 1 "$ra"
wait_for 5 ra_heard 1
config_exchange 1 2 3 | reconfigure
offends ipv6_router_advertisement 'a router advertisement' "$ra"
expect_no_loss "$(flow_end)"
ra_heard 1
