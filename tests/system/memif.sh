#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# A port over memif, with two queues for two workers. On its other side testpmd carries every frame
# on, to and from a host.
#
#   host 1 ── p1, AF_XDP ── fabric ── m2, memif ── testpmd ── AF_PACKET ── host 2
source "$(dirname "$0")/support.sh"

mapfile -t cpus < <(usable_cpus)
workers=${cpus[0]},${cpus[-1]}
hosts 1 2
cat >"$config" <<END
version: 1
fabric: {name: test-ix}
lans:
  peering:
    profile: exchange
    mtu: 1500
    prefixes: [192.0.2.0/24, 2001:db8:2::/64]
    admission: {ethertypes: [ipv4, arp, ipv6, 0x88b6]}
ports:
  p1: {device: "iface:p1", lans: {peering: {macs: ["$(host_mac 1)"]}}}
  m2:
    device: memif:$dir/memif.sock,role=server
    queues: 2
    lans: {peering: {macs: ["$(host_mac 2)"]}}
END

# (With statistics to print, testpmd does not end when its standard input does.)
testpmd_start() {
	daemon_start "$dir/testpmd.pid" "$dir/testpmd.log" ip netns exec "$fabric_ns" dpdk-testpmd \
		--no-huge --no-shconf --no-pci --no-telemetry -m 256 --file-prefix "$prefix" \
		-l "${cpus[0]},${cpus[-1]}" \
		--vdev "net_memif0,role=client,socket=$dir/memif.sock,socket-abstract=no" \
		--vdev net_af_packet0,iface=p2,qpairs=2 -- --forward-mode=io --auto-start \
		--rxq=2 --txq=2 --total-num-mbufs=8192 --no-lsc-interrupt --stats-period=60
}

dataplane_start
control_start
wait_for 20 test -S "$dir/memif.sock" # testpmd tries once
testpmd_start
wait_for 30 ports_up
wait_for 10 pings 1 2
expect "workers of m2" "$(query '.ports[] | select(.name == "m2") | .queue_workers | sort |
	map(tostring) | join(" ")' ports)" "0 1"
listen 1 2
send 1 2 id=1 length=1514
wait_for 5 heard 2 1 length=1514
send 2 1 id=2 length=60
wait_for 5 heard 1 2 length=60

# The peer goes, and comes back.
link_is() {
	[[ $(query '.ports[] | select(.name == "m2") | .link' ports) == "$1" ]]
}
daemon_stop "$dir/testpmd.pid" KILL
wait_for 10 link_is down
testpmd_start
wait_for 30 link_is up
wait_for 10 pings 1 2
