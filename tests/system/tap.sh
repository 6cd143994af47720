#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# A tap port, whose other side is the kernel's, and a port of a raw DPDK device string.
source "$(dirname "$0")/support.sh"

hosts 1
fabric_start <<END
version: 1
fabric: {name: test-bridge}
lans:
  office: {profile: open, mtu: 1500}
ports:
  p1: {device: "iface:p1", lans: {office: {}}}
  t1: {device: "tap:ixtap1", lans: {office: {}}}
  n1: {device: "devargs:net_null0,no-rx=1", lans: {office: {}}}
END
ip -n "$fabric_ns" address add "$(host_ip4 7)/24" dev ixtap1
ip -n "$fabric_ns" link set ixtap1 up
pings_tap() {
	on 1 ping -nqc 1 -W 1 "$(host_ip4 7)" >/dev/null
}
wait_for 10 pings_tap
config_open 1 >"$config"
ixfab apply --force "$config"
fails ip -n "$fabric_ns" link show ixtap1 2>/dev/null
