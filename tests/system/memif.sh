#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# A port over memif. On its other side testpmd carries every frame on, to and from a host.
#
#   host 1 ── p1, AF_XDP ── fabric ── m2, memif ── testpmd ── AF_PACKET ── host 2
source "$(dirname "$0")/support.sh"

hosts 1 2
cat >"$config" <<END
version: 1
fabric: {name: test-ix}
lans:
  peering: {profile: exchange, mtu: 1500, prefixes: [192.0.2.0/24, 2001:db8:2::/64]}
ports:
  p1: {device: "iface:p1", lans: {peering: {macs: ["$(host_mac 1)"]}}}
  m2: {device: "memif:$dir/memif.sock,role=server", lans: {peering: {macs: ["$(host_mac 2)"]}}}
END

# Its standard input stays open: testpmd ends when that does.
testpmd_start() {
	# shellcheck disable=SC2016 # expanded by the inner shell
	daemon_start "$dir/testpmd.pid" "$dir/testpmd.log" ip netns exec "$fabric_ns" \
		sh -c 'sleep 600 | exec dpdk-testpmd "$@"' sh \
		--no-huge --in-memory --no-pci -m 256 -l "$(usable_cpus | head -n 1),$(usable_cpus |
			tail -n 1)" --no-telemetry \
		--vdev "net_memif0,role=client,socket=$dir/memif.sock,socket-abstract=no" \
		--vdev net_af_packet0,iface=p2 -- --forward-mode=io --auto-start \
		--total-num-mbufs=4096 --no-lsc-interrupt
}

dataplane_start
control_start
testpmd_start
wait_for 30 ports_up
wait_for 10 pings 1 2
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
