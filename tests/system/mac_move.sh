#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# A registered MAC never moves: who sends with another member's address is not heard, and the member
# notices nothing.
source "$(dirname "$0")/support.sh"

hosts 1 2 3
config_exchange 1 2 3 | fabric_start
wait_for 5 pings 1 2
listen 1 2 3

flow_start 3 1
frames send "$(host_ns 2):eth0" "src=$(host_mac 1)" "dst=$(host_mac 3)" id=1 count=50
wait_for 5 dropped mac_hijack p2 50
send 3 1 id=2
wait_for 5 heard 1 2
not_heard 2 1 3 1
not_heard 3 1 2 2
expect_no_loss "$(flow_end)"
expect owner "$(query ".macs[] | select(.mac == \"$(host_mac 1)\") | .ifname" macs)" p1
