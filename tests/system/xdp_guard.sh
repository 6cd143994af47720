#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# The XDP guard: what must not enter dies in the driver, under the same names as in a worker.
#
#   hosts 1, 2 ── p1, p2: AF_XDP, guarded      host 3 ── p3: AF_PACKET, no guard
source "$(dirname "$0")/support.sh"

readonly count=500

# An exchange in which p3 runs over AF_PACKET: exchange [MAC of p1 besides its own]
exchange() {
	config_exchange 1 2 3 | sed -e 's/device: iface:p3/&,mode=packet/' \
		${1:+-e "/$(host_mac 1)/s/\]/, \"$1\"]/"}
}

guard_of() {
	query ".ports[] | select(.name == \"$1\") | .guard // \"none\"" ports
}

# What the guard of an interface has counted, on all CPUs.
guard_drops() {
	local program map
	program=$(ip -n "$fabric_ns" -j link show dev "$1" | jq '.[0].xdp.prog.id')
	for map in $(bpftool -j prog show id "$program" | jq '.map_ids[]'); do
		if [[ $(bpftool -j map show id "$map" | jq -r .name) == guard_counts ]]; then
			bpftool -j map dump id "$map" |
				jq '[.[].formatted.values[].value.drops[]] | add'
		fi
	done
}

hosts 1 2 3
quiet 1 2 3
exchange | fabric_start
expect p1 "$(guard_of p1)" native
expect p3 "$(guard_of p3)" none
wait_for 5 on 1 ping -nqc 1 -W 1 "$(host_ip4 2)" >/dev/null

# Bad frames, by a port with a guard and by one without: the same names, the same counts.
misbehave() {
	send "$1" 2 "count=$count" type=0x88cc
	send "$1" 2 "count=$count" vlan=5
	send "$1" 2 "count=$count" type=0x0806
	send "$1" 2 "count=$count" type=0x0800
	send "$1" 2 "count=$count" type=0x86dd
	send "$1" "$1" "count=$count" type=0x0800
	send "$1" 01:80:c2:00:00:00 "count=$count" type=0x0800
	send "$1" 01:00:5e:00:00:05 "count=$count" type=0x0800
	send "$1" ff:ff:ff:ff:ff:ff "count=$count" type=0x0800
}
readonly reasons=(ethertype_not_allowed vlan_tag_mismatch arp_malformed ipv4_header_corrupted
	ipv6_header_corrupted src_mac_is_dst dmac_is_reserved ipv4_multicast broadcast_not_arp)

before=$(guard_drops p1)
for port in 1 3; do
	misbehave "$port"
	for reason in "${reasons[@]}"; do
		wait_for 5 dropped "$reason" "p$port" "$count"
	done
done
wait_for 5 is_balanced

# Nearly all of it died in the driver: a worker saw the first of each kind, for the events.
died=$(($(guard_drops p1) - before))
all=$((count * ${#reasons[@]}))
say "of $all bad frames, $died died in the guard"
[[ $died -gt $((all * 9 / 10)) && $died -lt $all ]]

# pings_as MAC: host 1 sends from another address.
pings_as() {
	on 1 ip link set dev eth0 address "$1"
	on 2 ip neigh flush dev eth0
	on 1 ip neigh flush dev eth0
	on 1 ping -nqc 1 -W 1 "$(host_ip4 2)" >/dev/null
}

# An address is a source from the moment on in which apply has ended, and no more in the same way.
readonly new=02:00:00:00:01:01
fails pings_as "$(host_mac 2)"
wait_for 5 dropped_beyond 0 mac_hijack p1
fails pings_as "$new"
wait_for 5 dropped_beyond 0 mac_not_registered p1
for _ in 1 2; do
	exchange "$new" | reconfigure
	pings_as "$new"
	exchange | reconfigure
	fails pings_as "$new"
	pings_as "$(host_mac 1)"
done
wait_for 5 is_balanced

# A killed dataplane leaves its program behind. The next one replaces it.
daemon_stop "$dir/dataplane.pid" KILL
ip -n "$fabric_ns" link show dev p1 | grep -q 'xdp'
dataplane_start
wait_for 20 grep -q 'p1 had an XDP program that a killed dataplane left: detached' \
	"$dir/dataplane.log"
wait_for 20 ports_up
wait_for 10 pings_as "$(host_mac 1)"
misbehave 1
wait_for 5 dropped ethertype_not_allowed p1 "$count"

# Another program is somebody's, and stays.
hosts 4
clang -O2 -target bpf -c -o "$dir/somebody.o" -x c - <<END
__attribute__((section("xdp"), used)) int somebody(void *context) { return 2; }
END
ip -n "$fabric_ns" link set dev p4 xdp obj "$dir/somebody.o" sec xdp
with_p4() {
	exchange
	config_exchange 4 | sed -n '/^  p4:/,$p'
}
with_p4 >"$config"
refusal=$(fails ixfab apply "$config" 2>&1)
[[ $refusal == *"p4 has an XDP program that is not ours (somebody, "* ]]
ip -n "$fabric_ns" -d link show dev p4 | grep -q 'name somebody'
ip -n "$fabric_ns" link set dev p4 xdp off
with_p4 | reconfigure
expect p4 "$(guard_of p4)" native
