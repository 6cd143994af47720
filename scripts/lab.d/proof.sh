# shellcheck shell=bash disable=SC2154
# SPDX-License-Identifier: BSD-3-Clause
# Proof on the screen that the exchange works. Every step waits for what it wants to see, up to a
# deadline.

# prove START: all of it; START is when "up" began.
prove() {
	local check
	failures=()
	for check in bgp routes ping iperf3 counters; do
		try "$check"
	done
	say
	ixfab show ports
	say
	show_beginning ixfab show matrix
	say
	((${#failures[@]} == 0)) ||
		die "${failures[*]}. The lab is left as it is, to be looked at; logs are in $dir"
	say "${green}The exchange works.$plain $(seconds_since "$1") s. Next:"
	say "  scripts/lab status"
	say "  scripts/lab exec as64501 birdc show route"
	say "  scripts/lab exec as64501 ping $(station_loopback 2 4)"
	say "  scripts/lab ixfab show macs"
	say "  scripts/lab break"
	say "  scripts/lab down"
	say "Its configuration is $dir/ixfab.yaml"
}

# A step that may fail: the others are of interest all the same.
try() {
	local start
	start=$(now_ms)
	printf '  %-10s' "$1"
	note=''
	if "prove_$1"; then
		step_done "$start"
	else
		step_failed
		failures+=("$1: $note")
	fi
}

# show_beginning COMMAND…: of what it prints, as much as fits below the rest.
show_beginning() {
	local text lines=24
	text=$("$@")
	head -n "$lines" <<<"$text"
	(($(wc -l <<<"$text") <= lines)) || say "…and more: scripts/lab $*"
}

# fail TEXT: the check did not see what it wanted.
fail() {
	note=$*
	return 1
}

# Sessions of members; each is with a route server.
count_sessions() {
	local i
	for i in $(members); do
		bird_sessions "$i"
	done | awk '{sum += $2} END {print sum + 0}'
}

all_established() {
	[[ $(count_sessions) -eq $((4 * n_members)) ]]
}

prove_bgp() {
	wait_until 30 all_established ||
		fail "$(count_sessions) of $((4 * n_members)) sessions established" || return
	note="$((4 * n_members)) of $((4 * n_members)) sessions established"
}

# routes_of STATION FAMILY: how many the kernel took from BIRD.
routes_of() {
	ip -n "$(station_ns "$1")" "-$2" route show proto bird | wc -l
}

all_routes() {
	local i
	for i in $(members); do
		[[ $(routes_of "$i" 4) -eq $((2 * (n_members - 1))) ]] || return 1
		[[ $(routes_of "$i" 6) -eq $((n_members - 1)) ]] || return 1
	done
}

prove_routes() {
	local i
	if ! wait_until 20 all_routes; then
		fail "missing; IPv4 and IPv6 are there: $(for i in $(members); do
			printf '%s %s %s  ' "$(station_name "$i")" "$(routes_of "$i" 4)" \
				"$(routes_of "$i" 6)"
		done)" || return
	fi
	note="each member has $((2 * (n_members - 1))) IPv4 and $((n_members - 1)) IPv6 routes"
	note+=" of the others"
}

# The pings of a member: "who source destination", a line each.
pings_of() {
	local to
	for to in $(members); do
		[[ $to -ne $1 ]] || continue
		say "$(station_name "$to") $(station_ip4 "$1") $(station_ip4 "$to")"
		say "$(station_name "$to") $(station_ip6 "$1") $(station_ip6 "$to")"
		say "$(station_name "$to") $(station_loopback "$1" 4) $(station_loopback "$to" 4)"
		say "$(station_name "$to") $(station_loopback "$1" 6) $(station_loopback "$to" 6)"
	done
}

# Run them; prints those that stay without an answer.
# shellcheck disable=SC2016 # expanded by the inner shell
ping_from() {
	pings_of "$1" | in_netns "$(station_ns "$1")" xargs -P 8 -L 1 sh -c '
		for attempt in 1 2 3; do
			! ping -nqc 1 -W 1 -I "$2" "$3" >/dev/null 2>&1 || exit 0
		done
		echo "'"$(station_name "$1")"' to $1 ($3)"' sh
}

prove_ping() {
	local i silent total=$((4 * n_members * (n_members - 1)))
	silent=$(for i in $(members); do ping_from "$i" & done; wait)
	[[ -z $silent ]] || fail "$(wc -l <<<"$silent") of $total without an answer, such as" \
		"$(head -n 1 <<<"$silent")" || return
	note="$total of $total answered: LAN and routed addresses, IPv4 and IPv6"
}

iperf3_listens() {
	[[ -n $(in_netns "$(station_ns 2)" ss -Hltn sport = :5201) ]]
}

prove_iperf3() {
	local result
	daemon_start "$dir/iperf3.pid" "$dir/iperf3.log" ip netns exec "$(station_ns 2)" \
		iperf3 --server --one-off
	wait_until 5 iperf3_listens || fail "its server does not start" || return
	if ! result=$(in_netns "$(station_ns 1)" timeout --foreground 20 iperf3 --json --time 2 \
		--client "$(station_ip4 2)"); then
		daemon_stop "$dir/iperf3.pid"
		fail "$(jq -r '.error // "no result"' <<<"$result")" || return
	fi
	daemon_stop "$dir/iperf3.pid"
	note="$(station_name 1) to $(station_name 2): $(jq -r '.end |
		"\(.sum_received.bits_per_second / 1e7 | round / 100) Gbit/s, " +
		"\(.sum_sent.retransmits) retransmissions"' <<<"$result")"
}

balance() {
	ixfab -j show counters | jq .total.balance
}

is_balanced() {
	[[ $(balance) == 0 ]]
}

prove_counters() {
	wait_until 5 is_balanced || fail "the balance is $(balance), not 0" || return
	note="each frame was sent, dropped for a known reason, or consumed"
}

show_sessions() {
	local i all up
	for i in $(stations); do
		read -r all up < <(bird_sessions "$i")
		printf '  %-10s%s of %s sessions established\n' "$(station_name "$i")" "$up" "$all"
	done
}
