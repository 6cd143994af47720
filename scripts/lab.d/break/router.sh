# shellcheck shell=bash disable=SC2154
# SPDX-License-Identifier: BSD-3-Clause
# Routers that are set up as they should not be, or dead.

set_proxy_arp() {
	in_netns "$(station_ns "$1")" sysctl -qw "net.ipv4.conf.eth0.proxy_arp=$2" \
		"net.ipv4.conf.eth0.proxy_arp_pvlan=$2" \
		net.ipv4.conf.{all,eth0}".arp_ignore=$((1 - $2))"
}

# Who asks is one that believes what is no longer so: that the victim's MAC is that of the proxy.
# It asks there, as neighbours do before they ask all, and the proxy answers.
ask_proxy() { # PROXY VICTIM ASKER
	ip -n "$(station_ns "$3")" neighbour replace "$(station_ip4 "$2")" \
		lladdr "$(station_mac "$1")" dev eth0 nud probe
}

break_proxy_arp() {
	local victim asker
	only_members "$1"
	victim=$(next_member "$1")
	asker=$(bystander "$1" "$victim")
	set_proxy_arp "$1" 1
	ask_proxy "$1" "$victim" "$asker"
	say "The router of $2 has proxy ARP on: whatever address it is asked for, it says \"that is"
	say "me\". $(station_name "$asker") has just asked it for $(station_ip4 "$victim"), the"
	say "address of $(station_name "$victim")."
	look_at "ixfab show drops" "arp_spoofed at $(station_port "$1"): its answer got nowhere" \
		"ixfab show events" "who lied, and about which address" \
		"exec $(station_name "$asker") ip neighbour show $(station_ip4 "$victim")" \
		"soon the right MAC, $(station_mac "$victim")" \
		"exec $(station_name "$asker") ip neighbour replace $(station_ip4 "$victim") \
lladdr $(station_mac "$1") dev eth0 nud probe" "asks it once more"
	say "Other questions it never hears: the fabric asks the owner alone (neighbours: unicast)."
	to_undo proxy-arp "$2"
}

undo_proxy_arp() {
	set_proxy_arp "$1" 0
	say "$2 answers for itself only."
}

# Its link stays up, and it hears everything, but says nothing any more.
break_dead_router() {
	local asker
	asker=$(next_member "$1")
	tc -n "$(station_ns "$1")" qdisc add dev eth0 root blackhole
	say "The router of $2 is dead: its link is up, and it says nothing any more."
	look_at "exec $(station_name "$asker") ping -c 15 $(station_ip4 "$1")" "no answer" \
		"ixfab show sponge" "$(station_ip4 "$1"): pending, and after a few seconds dead" \
		"ixfab show dead-peers" "who goes on sending to it" \
		"ixfab show events" "sponged: who asks is answered, and nobody else hears of it"
	to_undo dead-router "$2"
}

undo_dead_router() {
	tc -n "$(station_ns "$1")" qdisc del dev eth0 root
	say "$2 lives again. With its first word the sponge lets go, and tells those whom it had"
	say "answered."
}

ra_start() {
	cat >"$dir/ra-$2.conf" <<-END
		router id $(station_ip4 "$1");
		protocol device {}
		protocol radv {
			interface "eth0" {
				min ra interval 3;
				max ra interval 4;
				prefix 2001:db8:bad::/64 {};
			};
		}
	END
	daemon_start "$dir/ra-$2.pid" "$dir/ra-$2.log" ip netns exec "$(station_ns "$1")" \
		bird -f -c "$dir/ra-$2.conf" -s "$dir/ra-$2.ctl"
}

ra_stop() {
	daemon_stop "$dir/ra-$2.pid"
	rm -f "$dir/ra-$2."*
}

break_ra() {
	only_members "$1"
	ra_start "$1" "$2"
	say "$2 advertises itself as everybody's default router."
	look_at "ixfab show events" "ipv6_router_advertisement, within 4 seconds" \
		"ixfab show drops" "all of them died where they came in, at $(station_port "$1")" \
		"exec $(station_name "$(next_member "$1")") tcpdump -lni eth0 icmp6" "none arrives"
	to_undo ra "$2"
}

undo_ra() {
	ra_stop "$1" "$2"
	say "$2 advertises nothing any more."
}
