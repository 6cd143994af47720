# shellcheck shell=bash disable=SC2154
# SPDX-License-Identifier: BSD-3-Clause
# MAC addresses that are not the member's: port security.

set_mac() {
	ip -n "$(station_ns "$1")" link set eth0 address "$2"
}

# The other one behind a member's port is in a namespace of its own, and wants to reach the next.
second_ns() {
	printf '%s-second' "$(station_ns "$1")"
}

second_mac() {
	local mac
	mac=$(station_mac "$1")
	printf '%s:77' "${mac%:*}"
}

break_second_mac() {
	local ns port
	only_members "$1"
	ns=$(second_ns "$1")
	port=$(station_port "$1")
	netns_add_router "$ns"
	ip -n "$(station_ns "$1")" link add link eth0 name eth1 address "$(second_mac "$1")" \
		netns "$ns" type macvlan mode bridge
	ip -n "$ns" address add "192.0.2.$((200 + $1))/24" dev eth1
	ip -n "$ns" link set eth1 up
	daemon_start "$dir/second-$2.pid" "$dir/second-$2.log" ip netns exec "$ns" \
		ping -q "$(station_ip4 "$(next_member "$1")")"
	say "Behind the port of $2 is a switch now, and on it somebody with the MAC"
	say "$(second_mac "$1"), which nobody registered, who tries to reach a neighbour."
	look_at "ixfab show drops" "mac_not_registered at $port, and more each second" \
		"ixfab show events" "one line for all of it, with that MAC and its first frame" \
		"ixfab show macs --port $port" "only the router's" \
		"status" "the sessions of $2 stay: nobody is punished who does nothing wrong"
	say "Operators who want the port disabled for that write violation: {action: disable} into"
	say "$dir/ixfab.yaml, and apply it."
	to_undo second-mac "$2"
}

undo_second_mac() {
	daemon_stop "$dir/second-$2.pid"
	rm -f "$dir/second-$2.log"
	netns_del_all "$(second_ns "$1")"
	say "Only the router of $2 is behind its port again."
}

break_mac_move() {
	local victim
	only_members "$1"
	victim=$(station_name "$(next_member "$1")")
	set_mac "$1" "$(station_mac "$(next_member "$1")")"
	say "$2 sends with the MAC of $victim, which is registered on another port."
	look_at "ixfab show drops" "mac_hijack at $(station_port "$1"): its frames go nowhere" \
		"ixfab show events" "who does it, and with whose MAC" \
		"status" "$victim notices nothing, and $2 loses its sessions"
	to_undo mac-move "$2"
}

undo_mac_move() {
	set_mac "$1" "$(station_mac "$1")"
	say "$2 uses its own MAC again."
}

break_new_router() {
	local mac port
	mac=$(station_mac "$1")
	mac=${mac%:*}:99
	port=$(station_port "$1")
	set_mac "$1" "$mac"
	say "$2 has a router with another MAC, $mac. Nobody registered it, so nothing that it"
	say "sends goes anywhere, until somebody lets it."
	look_at "ixfab show drops" "mac_not_registered at $port" \
		"ixfab port $port mac add $mac --until 2h" "it may, for two hours" \
		"status" "then its sessions come back" \
		"ixfab port $port mac list" "which MACs it may use, and for how long"
	to_undo new-router "$2"
}

# The operator may have let the new one in, and did so for the new one only.
undo_new_router() {
	local mac
	mac=$(station_mac "$1")
	set_mac "$1" "$mac"
	ixfab port "$(station_port "$1")" mac del "${mac%:*}:99" >/dev/null 2>&1 || true
	say "$2 has its old router back."
}
