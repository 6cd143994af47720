#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Ports of one isolation group never reach each other, and reach all the others.
source "$(dirname "$0")/support.sh"

hosts 1 2 3
fabric_start <<END
version: 1
fabric: {name: test-bridge}
lans:
  office: {profile: open, mtu: 1500}
ports:
  p1: {device: "iface:p1", isolation: guests, lans: {office: {}}}
  p2: {device: "iface:p2", isolation: guests, lans: {office: {}}}
  p3: {device: "iface:p3", lans: {office: {}}}
END
wait_for 5 pings 1 3
wait_for 5 pings 2 3
listen 1 2 3

send 1 ff:ff:ff:ff:ff:ff id=1
wait_for 5 heard 3 1
not_heard 1 3 2 1
send 1 2 id=2
wait_for 5 dropped split_horizon p2 1
not_heard 1 3 2 2
send 3 ff:ff:ff:ff:ff:ff id=3
wait_for 5 heard 1 3
wait_for 5 heard 2 3
fails pings 1 2
