#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# A member dies and others go on asking for it: it is asked at its own port alone, then the sponge
# answers in its place, and nobody else hears the questions any more. When it is back, exactly those
# who were told otherwise are told where it is. Control may be killed meanwhile.
source "$(dirname "$0")/support.sh"

sponge=02:00:00:00:00:fa
sponge4=192.0.2.250
sponge6=2001:db8:2::250
dead4=$(host_ip4 3)
dead6=$(host_ip6 3)

exchange() {
	config_exchange 1 2 3 4 | sed "/^    mtu:/a\    sponge: {mode: fast, mac: \"$sponge\", \
addresses: [$sponge4, \"$sponge6\"], queue-depth: 2, pending: 1, learning: 0, \
flood-protection: none, sweep: {period: never}}"
}

# hear HOST…: write down all that arrives there, from now on.
hear() {
	local i
	for i; do
		[[ ! -e $dir/hear$i.pid ]] || daemon_stop "$dir/hear$i.pid"
		rm -f "$dir/heard$i.log"
		daemon_start "$dir/hear$i.pid" "$dir/heard$i.log" ip netns exec "$(host_ns "$i")" \
			tcpdump -nel -Q in -Z root --immediate-mode -i eth0
		wait_for 5 grep -q listening "$dir/heard$i.log"
	done
}

# settle FROM HOST: whatever was on its way to HOST has arrived there.
settle() {
	marks=$((${marks:-500} + 1))
	send "$1" "$2" type=0x88b6 "length=$marks"
	wait_for 5 grep -q "ethertype Unknown (0x88b6), length $marks:" "$dir/heard$2.log"
}

count() {
	grep -cE -- "$2" "$dir/heard$1.log" || true
}

die() {
	on 3 ip address flush dev eth0
}

rise() {
	on 3 ip address add "$dead4/24" dev eth0
	on 3 ip address add "$dead6/64" dev eth0 # which asks first whether it is in use
}

may_use() {
	on 3 ip -j -6 address show dev eth0 | jq -e --arg ip "$dead6" '.[].addr_info[] |
		select(.local == $ip) | .tentative or .dadfailed | not' >/dev/null
}

forget() {
	local i
	for i; do
		on "$i" ip neighbour flush all
	done
}

# finds HOST ADDRESS MAC: that is what it knows.
finds() {
	on "$1" ip -j neighbour show "$2" | jq -e --arg mac "$3" \
		'any(.[]; .lladdr == $mac)' >/dev/null
}

# asks HOST: its kernel asks for both addresses of the dead, and never mind what it gets.
asks() {
	on "$1" ping -nqc 1 -W 0.2 "$dead4" >/dev/null || true
	on "$1" ping -nqc 1 -W 0.2 "$dead6" >/dev/null || true
}

# gets HOST MAC: both addresses of the dead are resolved to it, by asking.
gets() {
	forget "$1"
	asks "$1"
	finds "$1" "$dead4" "$2" && finds "$1" "$dead6" "$2"
}

sponged() {
	query ".events | map(select(.reason == \"sponged\" and .port == \"p3\" and .open)) |
		any(.count >= $1)" events >/dev/null
}

not_sponged() {
	query '.events | any(.reason == "sponged" and .port == "p3" and .open) | not' \
		events >/dev/null
}

# Until it is found that it is down.
dies() {
	forget 1
	asks 1
	sponged 2
}

hosts 1 2 3 4
for host in 1 3; do
	on "$host" sysctl -qw net.ipv6.conf.eth0.accept_dad=1 net.ipv6.conf.eth0.dad_transmits=1
done
exchange | fabric_start
wait_for 5 pings 1 3
wait_for 5 pings 2 3

# It is asked by our own address, at its port and nowhere else.
hear 2 3 4
die
wait_for 20 dies
for host in 2 4; do
	settle 1 "$host"
	expect "our questions to host $host" "$(count "$host" "$sponge > ")" 0
done
for asked in "Request who-has $dead4 tell $sponge4" "$sponge6 > .*who has $dead6"; do
	[[ $(count 3 "$sponge > .*$asked") -ge 1 ]]
done

# Two are answered by the sponge, and the others hear nothing of it.
hear 2 3 4
wait_for 5 gets 1 "$sponge"
settle 1 2
expect "questions to host 2" "$(count 2 "(who-has|who has) ($dead4|$dead6)")" 0
wait_for 5 gets 2 "$sponge"
for host in 3 4; do
	settle 1 "$host"
	settle 2 "$host"
	expect "questions to host $host" "$(count "$host" "(who-has|who has) ($dead4|$dead6)")" 0
done

# What they send there ends there.
wait_for 5 dropped_beyond 0 sponged p1

# Control is killed: it is answered as before.
daemon_stop "$dir/control.pid" KILL
wait_for 5 gets 1 "$sponge"
settle 1 4
expect "questions without control" "$(count 4 "(who-has|who has) ($dead4|$dead6)")" 0

# The next control finds out again that it is down, and goes on.
control_start
wait_for 20 ports_up
wait_for 20 dies
wait_for 5 gets 2 "$sponge"

# Who wants the address may have it: its probes are not answered.
on 1 arping -D -q -c 2 -w 3 -I eth0 "$dead4"
wait_for 20 dies

# It comes back, and says a word to host 4. Those who knew the sponge are told once, by a frame of
# their own; host 4 never asked.
wait_for 5 gets 1 "$sponge"
wait_for 5 gets 2 "$sponge"
hear 1 2 4
rise
wait_for 5 may_use
on 3 ping -nqc 1 -W 3 "$(host_ip4 4)" >/dev/null
on 3 ping -nqc 1 -W 3 "$(host_ip6 4)" >/dev/null
for host in 1 2; do
	wait_for 5 finds "$host" "$dead4" "$(host_mac 3)"
	wait_for 5 finds "$host" "$dead6" "$(host_mac 3)"
done
wait_for 5 not_sponged
for host in 1 2; do
	from_to="$(host_mac 3) > $(host_mac "$host")"
	update4="$from_to.*Request who-has $(host_ip4 "$host").* tell $dead4,"
	update6="$from_to.*$dead6 > $(host_ip6 "$host"): .*solicitation"
	expect "IPv4 updates for host $host" "$(count "$host" "$update4")" 1
	[[ $(count "$host" "$update6") -ge 1 ]]
done
settle 1 4
expect "updates for host 4" "$(count 4 "$(host_mac 3) > $(host_mac 4).*Request who-has")" 0
wait_for 5 pings 1 3
wait_for 5 pings 2 3
