#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Hosts find each other by ARP and neighbour discovery while nobody else hears their questions: the
# fabric answers, or asks the owner alone. Who wants an address that is in use learns of it.
source "$(dirname "$0")/support.sh"

swapped=02:00:00:00:00:44

# exchange NEIGHBOURS ASSIGNMENTS. The router behind p4 is being replaced.
exchange() {
	config_exchange 1 2 3 4 | sed "s/\"$(host_mac 4)\"/&, \"$swapped\"/
		/^    mtu:/a\    neighbours: $1
		/^    mtu:/a\    assignments: $2"
}

# hear HOST…: write down all that arrives there.
hear() {
	local i
	for i; do
		daemon_start "$dir/hear$i.pid" "$dir/heard$i.log" ip netns exec "$(host_ns "$i")" \
			tcpdump -nel -Q in -Z root --immediate-mode -i eth0
		wait_for 5 grep -q listening "$dir/heard$i.log"
	done
}

deaf() {
	local i
	for i; do
		daemon_stop "$dir/hear$i.pid"
	done
}

# is_asked HOST ADDRESS: a question for it arrived.
is_asked() {
	grep -qE "(who-has|who has) $2[, ]" "$dir/heard$1.log"
}

# never_asked HOST ADDRESS: nor is one on its way. A frame that host 1, who asks, sends to HOST
# afterwards has arrived without it.
never_asked() {
	marks=$((${marks:-500} + 1))
	send 1 "$1" type=0x88b6 "length=$marks"
	wait_for 5 grep -q "ethertype Unknown (0x88b6), length $marks:" "$dir/heard$1.log"
	fails is_asked "$1" "$2"
}

forget() {
	on "$1" ip neighbour flush all
}

# finds HOST ADDRESS MAC: that is what it got for an answer.
finds() {
	on "$1" ip -j neighbour show "$2" | jq -e --arg mac "$3" \
		'any(.[]; .lladdr == $mac)' >/dev/null
}

in_use() {
	on 1 ip -6 address show dev eth0 to "$1" | grep -q dadfailed
}

hosts 1 2 3 4
on 1 sysctl -qw net.ipv6.conf.eth0.accept_dad=1 net.ipv6.conf.eth0.dad_transmits=1
exchange proxy partial | fabric_start

# Each address is asked for by all means there are.
ask_for() {
	local host=$1 address
	forget 1
	wait_for 5 pings 1 "$host"
	finds 1 "$(host_ip4 "$host")" "$(host_mac "$host")"
	finds 1 "$(host_ip6 "$host")" "$(host_mac "$host")"
	address=$(host_ip6 "$host")
	expect ndisc6 "$(on 1 ndisc6 -1q "$address" eth0 | tr A-F a-f)" "$(host_mac "$host")"
	fails on 1 arping -D -q -c 1 -w 3 -I eth0 "$(host_ip4 "$host")"
	on 1 ip address add "$address/128" dev eth0
	wait_for 5 in_use "$address"
	on 1 ip address del "$address/128" dev eth0
}

hear 2 3
ask_for 2
for heard in 2 3; do
	never_asked "$heard" "$(host_ip4 2)"
	never_asked "$heard" "$(host_ip6 2)"
done

# What is flooded is heard: announcements, and questions for what nobody has.
on 1 arping -U -q -c 1 -I eth0 "$(host_ip4 1)"
wait_for 5 is_asked 3 "$(host_ip4 1)"
on 1 arping -D -q -c 1 -w 1 -I eth0 192.0.2.99
wait_for 5 is_asked 3 192.0.2.99

# A router is replaced: as soon as the new one speaks, the answer is its address. (Who knows the old
# one has to ask again.)
owner_of() {
	query ".neighbours[] | select(.address == \"$(host_ip4 "$1")\") |
		\"\(.ifname) \(.mac)\"" neighbours --lan peering
}
speaks_anew() {
	forget 1
	pings 4 1
}
wait_for 5 pings 4 1
forget 1
wait_for 5 pings 1 4
finds 1 "$(host_ip4 4)" "$(host_mac 4)"
on 4 ip link set eth0 down
on 4 ip link set eth0 address "$swapped" up
wait_for 5 ports_up
expect "the owner before" "$(owner_of 4)" "p4 $(host_mac 4)"
wait_for 5 speaks_anew
expect "the owner after" "$(owner_of 4)" "p4 $swapped"
hear 4
forget 1
on 1 ndisc6 -1q "$(host_ip6 4)" eth0 >"$dir/answer"
expect "IPv6 after the swap" "$(<"$dir/answer")" "$swapped"
expect "IPv4 after the swap" "$(on 1 arping -b -c 1 -w 3 -I eth0 "$(host_ip4 4)" |
	sed -n 's/.*\[\(.*\)\].*/\L\1/p')" "$swapped"
fails is_asked 4 "$(host_ip4 4)"
fails is_asked 4 "$(host_ip6 4)"
deaf 2 3 4

# The owner alone is asked, by its address.
exchange unicast partial | reconfigure
hear 2 3
ask_for 2
never_asked 3 "$(host_ip4 2)"
never_asked 3 "$(host_ip6 2)"
for asked in "who-has $(host_ip4 2)" "who has $(host_ip6 2)"; do
	questions=$(grep "$asked" "$dir/heard2.log")
	fails grep -v "> $(host_mac 2)," <<<"$questions"
done
deaf 2 3

# A sweep over addresses that nobody has reaches nobody.
exchange proxy complete | reconfigure
hear 2 3
for n in {100..131}; do
	on 1 ping -nqc 1 -w 1 "192.0.2.$n" >/dev/null || true &
	on 1 ping -nqc 1 -w 1 "2001:db8:2::$n" >/dev/null || true &
done
wait_for 5 dropped_beyond 63 question_unassigned p1
for heard in 2 3; do
	never_asked "$heard" '(192\.0\.2\.1..|2001:db8:2::1..)'
done
wait_for 5 pings 1 2
