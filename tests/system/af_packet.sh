#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# A port over AF_PACKET beside one over AF_XDP: frames, tags, port add and remove.
source "$(dirname "$0")/support.sh"

hosts 1 2
fabric_start <<END
version: 1
fabric: {name: test-bridge}
lans:
  red: {profile: open, mtu: 1500}
  blue: {profile: open, vlan: 20, mtu: 1500}
ports:
  p1:
    device: iface:p1,mode=packet
    lans: {red: {}, blue: {tagged: true}}
  p2:
    device: iface:p2
    lans: {red: {}, blue: {tagged: true}}
END
expect driver "$(query '.ports[] | select(.name == "p1") | .driver' ports)" net_af_packet
wait_for 5 pings 1 2
on 1 ping -nqc 1 -W 2 -s 1472 -M 'do' "$(host_ip4 2)" >/dev/null

listen 1 2
send 1 2 id=1 vlan=20 length=64
wait_for 5 heard 2 1 'vlan=20 .*length=64 '
send 2 1 id=2 vlan=20 length=1518
wait_for 5 heard 1 2 'vlan=20 .*length=1518 '
send 1 2 id=3 length=1514
wait_for 5 heard 2 3 '^[^v]*length=1514 '

flow_start 1 2
wait_for 5 pings 2 1
expect_no_loss "$(flow_end)"
