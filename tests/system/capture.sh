#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Capture: each frame that came by a port, with what became of it, in a file that tshark reads; only
# what a filter takes, only what died; it ends when it should, whoever is killed or does not read;
# and other ports never notice.
source "$(dirname "$0")/support.sh"

captures() {
	query '.captures | length' captures
}
captures_are() {
	[[ $(captures) == "$1" ]]
}
# capture_start NAME ARGUMENT…: in the background; it has begun when this returns. What it prints
# is in $dir/NAME.log.
capture_start() {
	local before
	before=$(captures)
	: >"$dir/$1.log"
	daemon_start "$dir/$1.pid" "$dir/$1.log" "$builddir/control/ctl/ixfab" \
		--socket "$dir/control.sock" capture "${@:2}"
	wait_for 5 captures_are $((before + 1))
}
# capture_signal NAME SIGNAL
capture_signal() {
	local pid
	read -r pid _ <"$dir/$1.pid"
	kill "-$2" "$pid"
}
# As an operator ends it.
capture_end() {
	capture_signal "$1" INT
	wait_for 10 daemon_ended "$dir/$1.pid"
}
# The frames of a file, as "interface|length|comment": frames_of NAME [ARGUMENT…]
frames_of() {
	tshark -r "$dir/$1.pcapng" -T fields -E separator='|' -e frame.interface_name \
		-e frame.len -e frame.comment "${@:2}" 2>/dev/null
}
# accounts_for NAME N: so many were captured, or said to be missed. (On a machine that is not idle a
# worker that had to wait has no time for captures.)
accounts_for() {
	expect "frames of $1" "$(awk '/^[0-9]+ (captured|frames?)/ { n += $1 }
		END { print n + 0 }' "$dir/$1.log")" "$2"
}

hosts 1 2 3 4
quiet 1 2 3 4
config_exchange 1 2 3 4 | fabric_start
wait_for 5 on 1 ping -nqc 1 -W 1 "$(host_ip4 2)" >/dev/null
wait_for 5 on 3 ping -nqc 1 -W 1 "$(host_ip4 2)" >/dev/null

# Without a filter: questions and answers of p1, and nothing of p3; in order.
capture_start all --port p1 -w "$dir/all.pcapng"
on 1 ip neigh flush dev eth0
on 1 ping -nqc 3 -i 0.2 "$(host_ip4 2)" >/dev/null
on 3 ping -nqc 1 "$(host_ip4 2)" >/dev/null
capture_end all
frames_of all >"$dir/all.txt"
grep -q '^p1|98|port p1, LAN peering: to p2$' "$dir/all.txt"
expect "pings of p1" "$(frames_of all -Y 'icmp.type == 8' | wc -l)" 3
expect "other ports" "$(grep -vc '^p1|' "$dir/all.txt" || true)" 0
expect "asked for its end" "$(grep -c ' captured$' "$dir/all.log")" 1
[[ $(stat -c %a "$dir/all.pcapng") == 600 ]]

# Words for people, JSON for programs, pipes for tcpdump; so many frames and no more.
ixfab capture --port p1 -c 2 icmp >"$dir/words" 2>"$dir/words.err" &
words=$!
wait_for 5 captures_are 1
on 1 ping -nqc 4 -i 0.2 "$(host_ip4 2)" >/dev/null
wait "$words"
expect "lines" "$(grep -cE '^[0-9:.]+  p1  peering  to p2  98 octets  .*ICMP' "$dir/words")" 2
expect "all lines" "$(wc -l <"$dir/words")" 2
ixfab capture --port p1 -c 1 -w - icmp 2>/dev/null | tcpdump -nr - >"$dir/dumped" 2>/dev/null &
dumped=$!
wait_for 5 captures_are 1
on 1 ping -nqc 2 -i 0.2 "$(host_ip4 2)" >/dev/null
wait "$dumped"
grep -q "IP $(host_ip4 1) > $(host_ip4 2): ICMP echo request" "$dir/dumped"
ixfab -j capture --port p1 -c 1 -s 20 icmp >"$dir/json" &
json=$!
wait_for 5 captures_are 1
on 1 ping -nqc 2 -i 0.2 "$(host_ip4 2)" >/dev/null
wait "$json"
jq -se '.[0].verdict == "forwarded" and .[0].out == "p2" and .[0].length == 98 and
	(.[0].frame | length) == 40 and .[1].ended == "count"' "$dir/json" >/dev/null

# What died, for one reason, although the XDP guard would have dropped nearly all of it.
capture_start dead --port p1 --drops mac_not_registered -w "$dir/dead.pcapng"
send 1 2 src=02:aa:00:00:00:01 count=50 type=0x88b6
send 1 2 count=5 type=0x88cc
wait_for 5 dropped mac_not_registered p1 50
wait_for 5 dropped ethertype_not_allowed p1 5
capture_end dead
accounts_for dead 50
text="Its source address is not registered for this port."
expect "dead frames" "$(frames_of dead | sort -u)" \
	"p1|60|port p1, LAN peering: dropped: mac_not_registered. $text"
[[ $(frames_of dead | wc -l) -ge 10 ]] # the guard would have left one

# Which die on their way out: of p1's, because p3 is down. (Host 2 knows host 3, and might ask
# whether it is still there.)
on 2 ip neigh flush dev eth0
ixfab port p3 down
capture_start out --port p3 --drops any -w "$dir/out.pcapng"
send 1 3 count=3 type=0x88b6
wait_for 5 dropped egress_port_down p3 3
capture_end out
accounts_for out 3
text="The port it should leave by is down."
expect "on their way to p3" "$(frames_of out | cut -d '|' -f 3 | sort -u)" \
	"port p1, LAN peering: dropped on its way to p3: egress_port_down. $text"
ixfab port p3 up
wait_for 10 ports_up

# Filters: questions, and nothing else; what is no filter is refused before anybody is asked.
capture_start arp -w "$dir/arp.pcapng" arp
on 1 ip neigh flush dev eth0
on 1 ping -nqc 2 -i 0.2 "$(host_ip4 2)" >/dev/null
capture_end arp
expect "nothing but ARP" "$(tshark -r "$dir/arp.pcapng" -Y 'not arp' 2>/dev/null | wc -l)" 0
frames_of arp | grep -qE '^p1\|[0-9]+\|port p1, LAN peering: (flooded to 3 ports|to p2)$'
fails ixfab capture --port p1 no such filter 2>"$dir/wrong"
grep -q 'wrong filter "no such filter": ' "$dir/wrong"
fails ixfab capture --port p1 ip6 protochain 58 2>"$dir/wrong"
grep -q 'it loops' "$dir/wrong"
fails ixfab capture --port p9 2>"$dir/wrong"
grep -q 'there is no port "p9"' "$dir/wrong"
fails ixfab capture --drops nothing 2>"$dir/wrong"
grep -q 'frames do not die for "nothing"' "$dir/wrong"

# It ends with its time, and with whoever asked for it.
ixfab capture --port p1 --for 1s icmp 2>"$dir/time"
grep -q '^0 captured$' "$dir/time"
capture_start killed --port p1 -w "$dir/killed.pcapng"
capture_signal killed KILL
wait_for 5 captures_are 0

# Four at a time.
for i in 1 2 3 4; do
	capture_start "many$i" --port p1 --for 60s icmp
done
fails ixfab capture --port p1 2>"$dir/wrong"
grep -q '4 captures run already' "$dir/wrong"
for i in 1 2 3 4; do
	capture_signal "many$i" KILL
done
wait_for 5 captures_are 0

# Somebody captures a flood and does not read: others' traffic and other operators do not notice.
flow_start 3 2
capture_start slow --port p1 -w "$dir/slow.pcapng"
capture_signal slow STOP
send 1 4 count=200000 type=0x88b6
timeout 5 "$builddir/control/ctl/ixfab" --socket "$dir/control.sock" show ports >/dev/null
capture_signal slow CONT
capture_end slow
grep -qE '^[0-9]+ frames (missed|not looked at)' "$dir/slow.log"

# Control is killed in the middle of one: it ends, the flow goes on, the next control can capture.
capture_start orphan --port p1
daemon_stop "$dir/control.pid" KILL
wait_for 5 daemon_ended "$dir/orphan.pid"
grep -q 'ixfab-control hung up' "$dir/orphan.log"
control_start
wait_for 30 ports_up
wait_for 5 captures_are 0
ixfab capture --port p1 --for 1s icmp 2>/dev/null
expect_no_loss "$(flow_end)"
