#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# The longest frame of a LAN passes; one octet more does not, even where the port could carry it for
# another LAN.
source "$(dirname "$0")/support.sh"

hosts 1 2 3
fabric_start <<END
version: 1
fabric: {name: test-ix}
lans:
  plain: {profile: open, mtu: 1500}
  baby: {profile: open, mtu: 1600, vlan: 10}
ports:
  p1: {device: "iface:p1", lans: {plain: {}, baby: {tagged: true}}}
  p2: {device: "iface:p2", lans: {plain: {}, baby: {tagged: true}}}
  p3: {device: "iface:p3", lans: {plain: {}}}
END
for i in 1 2; do
	ip -n "$fabric_ns" link set "p$i" mtu 1600
	ip -n "$(host_ns "$i")" link set eth0 mtu 1600
done
listen 1 2 3
wait_for 5 pings 1 2
wait_for 5 pings 1 3
on 1 ping -nqc 1 -W 2 -s 1472 -M 'do' "$(host_ip4 2)" >/dev/null

send 1 2 id=1 length=1514
wait_for 5 heard 2 1 length=1514
send 1 2 id=2 length=1515
wait_for 5 dropped pkt_too_big p1 1
send 1 2 id=3 vlan=10 length=1618
wait_for 5 heard 2 3 length=1618
send 1 ff:ff:ff:ff:ff:ff id=4 length=1514
wait_for 5 heard 2 4
wait_for 5 heard 3 4
send 1 ff:ff:ff:ff:ff:ff id=5 length=1515
wait_for 5 dropped pkt_too_big p1 2
not_heard 1 2 3 5
not_heard 1 3 2 2
