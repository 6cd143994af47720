#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Two LANs tagged on one port, untagged on others: tags are put on, taken off and changed, and no
# frame gets from one LAN into the other.
source "$(dirname "$0")/support.sh"

hosts 1 2 3 4
quiet 1 2 3 4
fabric_start <<END
version: 1
fabric: {name: test-ix}
lans:
  red: {profile: open, vlan: 10, mtu: 1500}
  blue: {profile: open, vlan: 20, mtu: 1500}
ports:
  p1:
    device: iface:p1
    lans: {red: {tagged: true}, blue: {tagged: true}}
  p2: {device: "iface:p2", lans: {red: {}}}
  p3: {device: "iface:p3", lans: {blue: {}}}
  p4: {device: "iface:p4", lans: {red: {tagged: true, vlan: 110}}}
END
listen 1 2 3 4

# Who is where: all of them speak once.
send 2 ff:ff:ff:ff:ff:ff id=1
wait_for 5 heard 1 1 'vlan=10 type=0x88b6 length=64 '
wait_for 5 heard 4 1 'vlan=110 type=0x88b6 length=64 '
send 3 ff:ff:ff:ff:ff:ff id=2
wait_for 5 heard 1 2 vlan=20
fails heard 2 2
fails heard 4 2

# From the trunk: each tag to its own LAN, without the tag.
send 1 ff:ff:ff:ff:ff:ff vlan=10 id=3 length=64
wait_for 5 heard 2 3 '^[^v]*length=60 '
wait_for 5 heard 4 3 vlan=110
send 1 ff:ff:ff:ff:ff:ff vlan=20 id=4
wait_for 5 heard 3 4
fails heard 2 4
fails heard 3 3

# A full-sized frame with its tag, both ways.
send 2 1 id=5 length=1514
wait_for 5 heard 1 5 'vlan=10 .*length=1518 '
send 1 2 vlan=10 id=6 length=1518
wait_for 5 heard 2 6 length=1514

# Tags that the port does not have, and no tag where one must be.
send 1 2 vlan=30 id=7
wait_for 5 dropped ingress_vlan_filter p1 1
send 4 2 vlan=10 id=8
wait_for 5 dropped ingress_vlan_filter p4 1
before=$(drops vlan_tag_missing p1) # hosts say something of their own now and then
send 1 2 id=9
wait_for 5 dropped_beyond "$before" vlan_tag_missing p1
send 1 2 vlan=10 id=10
wait_for 5 heard 2 10
for id in 7 8 9; do
	fails heard 2 "$id"
done
