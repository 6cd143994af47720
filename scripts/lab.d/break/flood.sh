# shellcheck shell=bash disable=SC2154
# SPDX-License-Identifier: BSD-3-Clause
# Frames without end.

# A bridge that sends back by the port it came from what it gets.
break_loop() {
	local ns port
	ns=$(station_ns "$1")
	port=$(station_port "$1")
	ip -n "$ns" link add reflector type bridge
	ip -n "$ns" link set eth0 master reflector
	in_netns "$ns" bridge link set dev eth0 hairpin on
	ip -n "$ns" link set reflector up
	say "What $2 gets, it sends back. The fabric's own probe comes back too."
	look_at "ixfab show ports" "within seconds $port is disabled, for the loop" \
		"ixfab show events" "loop, with the port; and when it was enabled again" \
		"status" "the others notice nothing"
	to_undo loop "$2"
}

undo_loop() {
	ip -n "$(station_ns "$1")" link del reflector
	say "The switch behind its port is gone. The port comes back by itself, or at once:"
	say "  scripts/lab ixfab port $(station_port "$1") enable"
}

# An announcement of its own address to all: what broadcast is for, if there is one of it.
announcement() {
	local mac ip
	local -a octets
	mac=$(station_mac "$1")
	mac=${mac//:/}
	IFS=. read -ra octets <<<"$(station_ip4 "$1")"
	ip=$(printf '%02x' "${octets[@]}")
	printf 'ffffffffffff%s08060001080006040001%s%s000000000000%s' "$mac" "$mac" "$ip" "$ip"
}

# shellcheck disable=SC2016 # expanded by the inner shell
break_storm() {
	local port
	only_members "$1"
	port=$(station_port "$1")
	daemon_start "$dir/storm-$2.pid" "$dir/storm-$2.log" ip netns exec "$(station_ns "$1")" \
		bash -c 'while "$0" raw eth0 500 "$1"; do sleep 0.05; done' \
		"$root/build/tests/support/frames" "$(announcement "$1")"
	say "$2 announces its address to all, thousands of times a second. Each broadcast would"
	say "go to all members, and each of their routers would have to look at it."
	look_at "ixfab show drops" "storm_broadcast at $port, thousands more each second" \
		"ixfab show events" "one line for all of it" \
		"ixfab show port $port" "the limit under storm-control, and what came" \
		"exec $(station_name "$(next_member "$1")") tcpdump -lni eth0 -c 20 arp" \
		"what a member still gets of it" \
		"status" "no session is lost"
	to_undo storm "$2"
}

undo_storm() {
	daemon_stop "$dir/storm-$2.pid"
	rm -f "$dir/storm-$2.log"
	say "$2 is quiet again."
}
