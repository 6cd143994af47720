#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# A thousand addresses that nobody has are asked for by several members. As soon as the sponge has
# them, everybody is answered and nobody else hears a question; and a sweep over a /64 leaves little
# behind.
source "$(dirname "$0")/support.sh"

sponge=02:00:00:00:99:01
targets=1000
first4=198.18.0.1 # of a /22 (RFC 2544)
first6=2001:db8:2::1:1
swept=20000

# exchange UNKNOWN-QUESTIONS
exchange() {
	cat >"$dir/sponge" <<-END
		    neighbours: proxy
		    sponge:
		      mode: fast
		      mac: "$sponge"
		      addresses: [192.0.2.250, "2001:db8:2::250"]
		      queue-depth: 2
		      probe-rate: 5000
		      learning: 0
		      targets: 4096
		    storm-control:
		      broadcast: none
		      multicast: none
		      flooded: none
		      questions: none
		      unknown-questions: $1
	END
	config_exchange 1 2 3 4 |
		sed -e 's|prefixes: \[|&198.18.0.0/22, |' -e "/^    mtu:/r $dir/sponge"
}

# hear HOST…: count the questions for absent addresses that arrive there from now on.
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

questions_heard() { # HOST
	grep -cE "who-has 198\.18\.|who has 2001:db8:2::1:" "$dir/heard$1.log" || true
}

# never_asked FROM HOST: no question that FROM sent is on its way there, or was there. A frame that
# it sends afterwards has arrived without any.
never_asked() {
	marks=$((${marks:-500} + 1))
	send "$1" "$2" type=0x88b6 "length=$marks"
	wait_for 5 grep -q "ethertype Unknown (0x88b6), length $marks:" "$dir/heard$2.log"
	expect "questions that host $2 heard of host $1" "$(questions_heard "$2")" 0
}

# ask HOST FIRST COUNT [KEY=VALUE…]
ask() {
	local from
	from=$(host_ip4 "$1")
	[[ $2 != *:* ]] || from=$(host_ip6 "$1")
	"$builddir/tests/support/ask" "$(host_ns "$1"):eth0" "src=$(host_mac "$1")" "from=$from" \
		"first=$2" "count=$3" "${@:4}"
}

# all_ask FIRST: hosts 1 to 3 at once, until the sponge has answered each for each target.
all_ask() {
	local i
	for i in 1 2 3; do
		rm -f "$dir/asked$i"
		daemon_start "$dir/ask$i.pid" "$dir/asked$i" "$builddir/tests/support/ask" \
			"$(host_ns "$i"):eth0" "src=$(host_mac "$i")" \
			"from=$(if [[ $1 == *:* ]]; then host_ip6 "$i"; else host_ip4 "$i"; fi)" \
			"first=$1" "count=$targets" "by=$sponge" "seconds=$((20 * patience))"
	done
	for i in 1 2 3; do
		wait_for 20 grep -q "answered $targets others 0" "$dir/asked$i"
	done
}

# Octets that a program has in memory.
resident() {
	local pid
	read -r pid _ <"$dir/$1.pid"
	awk '$1 == "VmRSS:" { print $2 * 1024 }' "/proc/$pid/status"
}

hosts 1 2 3 4
exchange none | fabric_start
wait_for 5 pings 1 2
declare -A before
for program in dataplane control; do
	before[$program]=$(resident "$program")
done

for first in "$first4" "$first6"; do
	all_ask "$first"
	hear 1 2 3 4
	for asker in 1 2 3; do
		said=$(ask "$asker" "$first" "$targets" "by=$sponge")
		expect "host $asker asks again" "$said" "asked $targets answered $targets others 0"
		for other in 1 2 3 4; do
			[[ $other == "$asker" ]] || never_asked "$asker" "$other"
		done
	done
	deaf 1 2 3 4
done

# Who is there is not in the sponge.
wait_for 5 pings 1 2
wait_for 5 pings 3 4

# A sweep over the /64: the limit lets little of it through, and little is remembered of it.
exchange "100 frames/s" | reconfigure
hear 4
ask 1 2001:db8:2::1:0:0 "$swept" step=0x9e3779b97f4a7c15
wait_for 10 dropped_beyond $((swept / 2)) question_unknown_budget p1
wait_for 5 pings 2 3
deaf 4
for program in dataplane control; do
	grown=$(($(resident "$program") - ${before[$program]}))
	say "$program: $((grown / 1024)) KiB more"
	[[ $grown -lt $((16 << 20)) ]]
done
