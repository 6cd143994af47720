#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# The exercises of the lab: what each says is to be seen is there, and "undo" makes all of it good:
# sessions, reachability, configuration, and nothing is left behind.
# shellcheck source=tests/support/lab.sh
source "$(dirname "$0")/../support/lab.sh"

lab_failed() {
	lab status || true
	lab ixfab show drops || true
	lab ixfab show events || true
}

query() { # FILTER SHOW…
	lab ixfab -j show "${@:2}" | jq -er "$1"
}

drops() { # REASON PORT
	query "[.drops[] | select(.reason == \"$1\" and .port == \"$2\") | .frames] | add // 0" \
		drops
}
dropped_beyond() { # FRAMES REASON PORT
	[[ $(drops "$2" "$3") -gt $1 ]]
}

# told REASON PORT: an event tells of it.
told() {
	query "any(.events[]; .reason == \"$1\" and .port == \"$2\")" events >/dev/null
}

sessions() { # STATION "ALL UP"
	[[ $(lab status | awk -v who="$1" '$1 == who {print $4, $2}') == "$2" ]]
}
no_session_lost() {
	sessions as64502 "4 4"
}
all_sessions() {
	local who
	for who in as64501 as64502 as64503; do
		sessions "$who" "4 4" || return 1
	done
}

# do_break WHAT MEMBER, undo WHAT MEMBER: it says what it does, and does it only once.
do_break() {
	lab break "$@" >"$out"
	grep -q 'Look at:' "$out"
	grep -q "scripts/lab break $* undo" "$out"
	! lab break "$@" >"$out" 2>&1 || false
	grep -q 'that is so already' "$out"
	lab status >"$out"
	grep -q "broken: $*" "$out"
}
undo() {
	lab break "$@" undo >"$out"
	! lab break "$@" undo >"$out" 2>&1 || false
	grep -q 'is not broken so' "$out"
}

# What there is of the lab: files, namespaces, interfaces, processes.
traces() {
	local ns
	find "$run" -type f ! -path '*/state/*' | sort
	for ns in $(netns_list "$IXFAB_LAB" | sort); do
		say "$ns: $(ip -n "$ns" -br link | awk '{print $1, $3}' | sort | tr '\n' ' ')" \
			"$(ip netns pids "$ns" | wc -l) processes"
	done
}

lab up 3 >"$out" 2>&1
grep -q 'The exchange works' "$out"
before=$(traces)
as64501=192.0.2.11 as64502=192.0.2.12 as64503=192.0.2.13

# Of whom was forgotten: that is said, in one line, and nothing is done.
! lab break loop undo >"$out" 2>&1 || false
grep -q "there is no 'undo' in this lab" "$out"
[[ $(wc -l <"$out") == 1 ]]

# Its sessions end by and by: what becomes of them is looked at when the others are done.
do_break maintenance as64503

do_break second-mac as64501
wait_until 20 dropped_beyond 0 mac_not_registered swp1
wait_until 10 told mac_not_registered swp1
query 'any(.events[]; .reason == "mac_not_registered" and .port == "swp1" and
	any(.macs[]; endswith(":77")))' events >"$out"
pings as64501 $as64502
undo second-mac as64501

do_break proxy-arp as64501
wait_until 10 dropped_beyond 0 arp_spoofed swp1
wait_until 10 told arp_spoofed swp1
knows_better() {
	lab exec as64503 ping -nqc 1 -W 1 $as64502 >"$out" || true
	lab exec as64503 ip -j neighbour show $as64502 |
		jq -e 'any(.[]; .lladdr == "02:00:06:45:02:01")' >"$out"
}
wait_until 20 knows_better
undo proxy-arp as64501

do_break ra as64501
wait_until 15 told ipv6_router_advertisement swp1
undo ra as64501

do_break storm as64501
wait_until 20 dropped_beyond 5000 storm_broadcast swp1
wait_until 10 told storm_broadcast swp1
pings as64502 $as64503
no_session_lost
undo storm as64501

do_break new-router as64502
wait_until 20 dropped_beyond 0 mac_not_registered swp2
lab ixfab port swp2 mac add 02:00:06:45:02:99 --until 2h >"$out"
# A router that is new asks before it sends, and by that others learn of it.
wait_until 20 pings as64502 $as64501
wait_until 20 pings as64501 $as64502
undo new-router as64502
wait_until 20 pings as64502 $as64501
wait_until 20 pings as64501 $as64502

do_break loop as64502
is_looped() {
	query '.ports[] | select(.name == "swp2") | .disabled.why == "loop"' ports >"$out"
}
wait_until 30 is_looped
wait_until 10 told loop swp2
pings as64501 $as64503
undo loop as64502
lab ixfab port swp2 enable >"$out"
wait_until 20 pings as64501 $as64502

do_break quarantine as64501
wait_until 10 silent as64502 $as64501
fails() {
	[[ $(lab ixfab -j port swp1 quarantine report | jq -r .verdict) == fail ]]
}
wait_until 20 fails
query 'any(.ports[]; .name == "watch" and .link == "up")' ports >"$out"
undo quarantine as64501
wait_until 20 pings as64502 $as64501

# The hold time of the lab's routers is 30 s.
are_culled() {
	sessions as64503 "4 0"
}
wait_until 60 are_culled
(($(drops session_culled swp3) > 0))
pings as64501 $as64503
undo maintenance as64503

# A dataplane that was killed leaves its program on the interfaces, and doctor finds it.
lab break dataplane >"$out" 2>&1
! lab exec fabric ixfab -j doctor "$run/ixfab.yaml" >"$out" || false
jq -e '[.findings[] | select(.check == "xdp-program" and .level == "problem") | .subject] |
	sort == ["rs1", "rs2", "swp1", "swp2", "swp3"]' "$out" >/dev/null
lab break dataplane undo >"$out" 2>&1
lab exec fabric ixfab -j doctor "$run/ixfab.yaml" >"$out"
jq -e '.problems == 0 and any(.findings[]; .check == "interface" and .subject == "swp1" and
	.level == "ok") and any(.findings[]; .check == "dataplane" and .level == "ok")' "$out" \
	>/dev/null
# From elsewhere it says where to look.
lab ixfab -j doctor "$run/ixfab.yaml" >"$out" || true
jq -e 'any(.findings[]; .check == "dataplane" and (.command | startswith("nsenter --net=")))' \
	"$out" >/dev/null

wait_until 60 all_sessions
for to in $as64501 $as64502 $as64503; do
	wait_until 10 pings rs1 "$to"
done
lab ixfab diff --exit-code "$run/ixfab.yaml" >"$out"
[[ $(query '[.ports[] | select(.link == "up")] | length' ports) == 5 ]]
after=$(traces)
[[ $after == "$before" ]] || {
	diff <(say "$before") <(say "$after") || true
	false
}
