#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Before maintenance a port is drained (RFC 8327): TCP with port 179 between addresses of the LAN no
# longer passes it, in both directions, IPv4 and IPv6. Everything else does, and other ports notice
# nothing.
source "$(dirname "$0")/support.sh"

# A stand-in for BGP speakers: what it is told it says back.
listen_tcp() {
	daemon_start "$dir/tcp$1-$2.pid" "$dir/tcp$1-$2.log" ip netns exec "$(host_ns "$1")" \
		socat "TCP6-LISTEN:$2,ipv6-v6only=0,fork,reuseaddr" PIPE
}

# speaks FROM ADDRESS PORT
speaks() {
	local to="TCP:$2:$3,connect-timeout=${connect:-1}"
	[[ $(on "$1" socat -t 2 - "$to" <<<hello 2>/dev/null) == hello ]]
}

# all_speak FROM TO PORT, over both protocols.
all_speak() {
	speaks "$1" "$(host_ip4 "$2")" "$3" && speaks "$1" "[$(host_ip6 "$2")]" "$3"
}

none_speaks() {
	fails speaks "$1" "$(host_ip4 "$2")" "$3" && fails speaks "$1" "[$(host_ip6 "$2")]" "$3"
}

state() {
	query ".ports[0].state" port "$1"
}

# A session that was there before: lines that are written to fd 7 come back to $dir/session.
session_start() {
	mkfifo "$dir/said"
	exec 7<>"$dir/said"
	daemon_start "$dir/session.pid" "$dir/session" ip netns exec "$(host_ns 2)" \
		sh -c "exec socat - TCP:$(host_ip4 1):179 <'$dir/said'"
}

session_heard() {
	grep -qx "$1" "$dir/session"
}

hosts 1 2 3
config_exchange 1 2 3 | fabric_start
for host in 1 2 3; do
	listen_tcp "$host" 179
	listen_tcp "$host" 1179
done
for pair in "1 2" "2 1" "2 3"; do
	# shellcheck disable=SC2086 # two words
	wait_for 10 all_speak $pair 179
done
session_start
echo before >&7
wait_for 10 session_heard before

ixfab port p1 drain
expect state "$(state p1)" drained
query '.ports[0].drained | .since > 0 and .until == null' port p1
culled=$(drops session_culled)
connect=0.3
none_speaks 1 2 179
none_speaks 2 1 179
echo during >&7
wait_for 10 dropped_beyond "$culled" session_culled p2
connect=1
all_speak 1 2 1179
all_speak 2 1 1179
all_speak 2 3 179
pings 1 2
pings 2 1
fails session_heard during
[[ $(drops session_culled p3) == 0 ]]

# Control that is killed goes on with it.
daemon_stop "$dir/control.pid" KILL
control_start
wait_for 20 ports_up
expect state "$(state p1)" drained
connect=0.3 none_speaks 2 1 179

# The session goes on where it was.
ixfab port p1 undrain
expect state "$(state p1)" up
wait_for 10 all_speak 1 2 179
wait_for 10 all_speak 2 1 179
wait_for 10 session_heard during

# A drain with an end ends by itself.
ixfab port p1 drain --for 1s
is_up() {
	[[ $(state p1) == up ]]
}
wait_for 10 is_up
all_speak 1 2 179
exec 7>&-
