#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Hosts that speak for addresses of others, as real stacks do when they are set up wrong: by ARP, by
# neighbour discovery, and as a proxy. Their neighbours go on to know the right addresses, and the
# fabric names the port. What honest hosts do goes through, and questions whether an address is in
# use are answered.
source "$(dirname "$0")/support.sh"

hosts 1 2 3 4
fabric_start < <(config_exchange 1 2 3 4)

# knows HOST ADDRESS OWNER: what HOST takes for its MAC is the one of OWNER.
knows() {
	on "$1" ip neigh show "$2" dev eth0 | grep -q "lladdr $(host_mac "$3")"
}

forget() {
	on "$1" ip neigh flush dev eth0
}

# right HOST OWNER: asked anew, HOST finds OWNER at its addresses.
right() {
	forget "$1"
	wait_for 5 pings "$1" "$2"
	knows "$1" "$(host_ip4 "$2")" "$2"
	knows "$1" "$(host_ip6 "$2")" "$2"
}

# told REASON PORT: an event says so.
told() {
	ixfab -j show events | jq -e --arg reason "$1" --arg port "$2" \
		'.events | any(.reason == $reason and .port == $port)' >/dev/null
}

# caught REASON PORT: frames were dropped, and it is told.
caught() {
	wait_for 5 dropped_beyond 0 "$1" "$2"
	wait_for 5 told "$1" "$2"
}

for i in 1 2 3 4; do
	right "$i" $((i % 4 + 1))
done
for reason in arp_sender_mac arp_outside_lan arp_spoofed nd_invalid nd_sender_mac \
	nd_outside_lan nd_spoofed; do
	expect "$reason of honest hosts" "$(drops $reason)" 0
done

# Is it in use? The owner says so.
fails on 3 arping -qD -c 2 -w 5 -I eth0 "$(host_ip4 1)"
on 3 arping -qD -c 1 -w 1 -I eth0 192.0.2.77

# Host 2 takes the addresses of host 1, and answers for them.
on 2 ip address add "$(host_ip4 1)/32" dev eth0
on 2 ip address add "$(host_ip6 1)/128" dev eth0 nodad
right 3 1
caught arp_spoofed p2
caught nd_spoofed p2
right 4 1

# It says so to everybody.
before=$(drops arp_spoofed p2)
on 2 arping -qU -c 1 -w 1 -s "$(host_ip4 1)" -I eth0 "$(host_ip4 1)" || true
wait_for 5 dropped_beyond "$before" arp_spoofed p2
knows 3 "$(host_ip4 1)" 1
on 2 ip address del "$(host_ip4 1)/32" dev eth0
on 2 ip address del "$(host_ip6 1)/128" dev eth0

# Host 4 answers for all that it has a route for.
on 4 ip link add elsewhere type veth peer name beyond
on 4 ip link set elsewhere up
on 4 ip link set beyond up
on 4 ip route add "$(host_ip4 2)/32" dev elsewhere
on 4 sysctl -qw net.ipv4.conf.eth0.proxy_arp=1 net.ipv4.ip_forward=1 \
	net.ipv4.neigh.eth0.proxy_delay=0
forget 3
wait_for 5 on 3 ping -nqc 1 -W 1 "$(host_ip4 2)" >/dev/null
knows 3 "$(host_ip4 2)" 2
caught arp_spoofed p4
on 4 ip link del elsewhere
on 4 sysctl -qw net.ipv4.conf.eth0.proxy_arp=0

# An address that nobody has may be used, until all are said to be told.
on 4 ip address add 192.0.2.77/24 dev eth0
wait_for 5 on 3 ping -nqc 1 -W 1 192.0.2.77 >/dev/null
expect "unassigned" "$(drops arp_unassigned)" 0
reconfigure < <(config_exchange 1 2 3 4 | sed '/profile: exchange/a\    assignments: complete')
on 4 arping -qU -c 1 -w 1 -s 192.0.2.77 -I eth0 192.0.2.77 || true
caught arp_unassigned p4
right 3 1

# An old netmask, or another one's: ARP for what is not in the LAN.
on 4 ip route add 198.51.100.0/24 dev eth0
on 4 ping -nqc 1 -W 1 198.51.100.1 >/dev/null || true
caught arp_outside_lan p4
