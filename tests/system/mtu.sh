#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# The longest frame of the LAN passes; one octet more does not, and neither does a frame that is too
# long for the port by which it would leave.
source "$(dirname "$0")/support.sh"

hosts 1 2 3
config_exchange 1 2 3 | sed '/^  p3:/a\    mtu: 1400' | fabric_start
listen 1 2 3
wait_for 5 pings 1 2
on 1 ping -nqc 1 -W 2 -s 1472 -M 'do' "$(host_ip4 2)" >/dev/null

send 1 2 id=1 length=1514
wait_for 5 heard 2 1 length=1514
# The cable carries four octets more than its MTU, where a tag would be.
send_long() {
	ip -n "$(host_ns 1)" link set eth0 mtu 1504
	send 1 2 id=2 length=1515
}
send_long
wait_for 5 dropped pkt_too_big p1 1
send 1 3 id=3 length=1414
wait_for 5 heard 3 3 length=1414
send 1 3 id=4 length=1415
wait_for 5 dropped egress_mtu p3 1
send 1 ff:ff:ff:ff:ff:ff id=5 length=1500
wait_for 5 heard 2 5
wait_for 5 dropped egress_mtu p3 2
not_heard 1 2 3 4
fails heard 3 5
fails heard 2 2
