#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Programs that really run on members' routers, with the wrong configuration: LLDP and CDP, DHCP,
# OSPF, router advertisements. Each is named, and none of what they send gets anywhere.
source "$(dirname "$0")/support.sh"

hosts 1 2 3
config_exchange 1 2 3 | fabric_start
wait_for 10 pings 1 2
wait_for 10 pings 1 3

# What host 1 sends to the others, but for ARP, neighbour discovery, and pings.
daemon_start "$dir/hear.pid" "$dir/heard.log" ip netns exec "$(host_ns 2)" \
	tcpdump -nel -Q in -Z root --immediate-mode -i eth0 \
	"ether src $(host_mac 1) and not arp and not icmp and not (icmp6 and
		(ip6[40] == 135 or ip6[40] == 136 or ip6[40] == 128 or ip6[40] == 129))"
wait_for 5 grep -q listening "$dir/heard.log"

cat >"$dir/bird.conf" <<END
router id 192.0.2.1;
protocol device {}
protocol radv {
	interface "eth0" { min ra interval 3; max ra interval 4; prefix 2001:db8:bad::/64 {}; };
}
protocol ospf v2 { area 0 { interface "eth0" { hello 1; dead 4; }; }; }
END
daemon_start "$dir/bird.pid" "$dir/bird.log" ip netns exec "$(host_ns 1)" \
	bird -f -c "$dir/bird.conf" -s "$dir/bird.ctl"
chmod 755 "$dir" # lldpd speaks to its socket as another user
daemon_start "$dir/lldpd.pid" "$dir/lldpd.log" ip netns exec "$(host_ns 1)" \
	lldpd -d -c -I eth0 -u "$dir/lldpd.socket"
echo 'timeout 20; interface "eth0" { send dhcp-client-identifier "test"; }' >"$dir/dhclient.conf"
daemon_start "$dir/dhclient.pid" "$dir/dhclient.log" ip netns exec "$(host_ns 1)" \
	dhclient -d -cf "$dir/dhclient.conf" -lf "$dir/leases" -pf /dev/null -sf /bin/true eth0

wait_for 10 dropped_beyond 0 ipv6_router_advertisement p1
wait_for 10 dropped_beyond 0 ipv4_multicast p1
wait_for 10 dropped_beyond 0 broadcast_not_arp p1
lldp_is_dropped() {
	dropped_beyond 0 dmac_is_reserved p1
}
wait_for 15 lldp_is_dropped

# They can still talk, and a frame that host 1 sends after all this is the first to be heard.
wait_for 5 pings 1 2
send 1 2 id=1
wait_for 5 grep -q 0x88b6 "$dir/heard.log"
expect 'heard of host 1' "$(grep -c "$(host_mac 1) >" "$dir/heard.log")" 1
expect 'events of host 1' "$(ixfab -j show events | jq -c '[.events[] | select(.port == "p1") |
	.reason] | contains(["broadcast_not_arp", "dmac_is_reserved", "ipv4_multicast",
	"ipv6_router_advertisement"])')" true
expect 'events of others' "$(ixfab -j show events | jq '[.events[] | select(.port != "p1") |
	select(.reason != "ipv6_mld")] | length')" 0
