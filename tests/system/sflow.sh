#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# sFlow, as a collector sees it: tshark's own decoder reads what arrives. One port is sampled frame
# by frame, one by chance, one not at all, one by another tag; counters are those of operators; what
# is not let in is never told; rates change under a running flow without a frame lost; a control
# that was killed has a successor. A collector where nobody listens is in nobody's way.
source "$(dirname "$0")/support.sh"

readonly lan=10 by_chance=4

# As support.sh has it, in the namespace of the fabric, whose loopback is for the collectors.
control_start() {
	daemon_start "$dir/control.pid" "$dir/control.log" ip netns exec "$fabric_ns" \
		"$builddir/control/ixfab-control" --dataplane "$dir/dataplane.sock" \
		--socket "$dir/control.sock" --state "$dir/state" --config "$config"
}

# Collectors that take everything, and a record of what they get.
collectors_start() {
	in_netns "$fabric_ns" sysctl -qw net.ipv6.conf.lo.disable_ipv6=0
	in_netns "$fabric_ns" ip link set lo up
	daemon_start "$dir/collector4.pid" "$dir/collector.log" ip netns exec "$fabric_ns" \
		socat -u UDP4-RECV:6343,bind=127.0.0.1 /dev/null
	daemon_start "$dir/collector6.pid" "$dir/collector.log" ip netns exec "$fabric_ns" \
		socat -u 'UDP6-RECV:6344,bind=[::1]' /dev/null
	daemon_start "$dir/record.pid" "$dir/record.log" ip netns exec "$fabric_ns" \
		tcpdump -n -Z root --immediate-mode -s 2048 -B 16384 -U -i lo \
		-w "$dir/sflow.pcap" udp
	wait_for 5 grep -q listening "$dir/record.log"
}

# config_sflow SAMPLING: that of p2.
config_sflow() {
	config_exchange 1 2 3 4 | sed \
		-e '/^lans:/i sflow:' \
		-e '/^lans:/i \  agent: 192.0.2.250' \
		-e "/^lans:/i \\  sampling: $by_chance" \
		-e '/^lans:/i \  polling: 1' \
		-e '/^lans:/i \  collectors:' \
		-e '/^lans:/i \    one: {address: 127.0.0.1}' \
		-e '/^lans:/i \    two: {address: "::1", port: 6344}' \
		-e '/^lans:/i \    nobody: {address: 127.0.0.1, port: 6345}' \
		-e "/^    mtu: 1500/a \\    vlan: $lan" \
		-e '/^  p1:/a \    sampling: 1' \
		-e "/^  p2:/a \\    sampling: $1" \
		-e '/^  p4:/,$ s/^      peering:/&\n        tagged: yes\n        vlan: 30/' \
		-e '/^  p4:/a \    sampling: 1'
}

# datagrams FILTER [ARGUMENT…]: those of sFlow until now, as tshark has them.
datagrams() {
	tshark -n -r "$dir/sflow.pcap" -Y "sflow && ($1)" -d udp.port==6343,sflow \
		-d udp.port==6344,sflow "${@:2}" 2>/dev/null || true
}

# Look what has arrived. From then on "sampled" has every frame that was told of, in the order of
# arrival and in words that one can read, and "polled" the counters.
look() {
	datagrams 'udp.dstport == 6343' -T json --no-duplicate-keys >"$dir/arrived"
	jq -c --argjson ports "$ports" '[.. | objects |
		select(has("sflow.flow_sample.sampling_rate")) |
		."sflow.flow_sample.output_interface_tree" as $to |
		."Raw packet header" as $raw | $raw."sflow_245.header_tree" as $frame |
		."Extended switch data" as $switch |
		($to."sflow.flow_sample.output_interface_value") as $out | {
			sequence: ."sflow.flow_sample.sequence_number" | tonumber,
			source: $ports[."sflow.flow_sample.index"],
			in: $ports[."sflow.flow_sample.input_interface"],
			out: {"0": $ports[$out], "2": "\($out) ports"}[
				$to."sflow.flow_sample.output_interface_format"],
			rate: ."sflow.flow_sample.sampling_rate" | tonumber,
			pool: ."sflow.flow_sample.sample_pool" | tonumber,
			lost: ."sflow.flow_sample.dropped_packets" | tonumber,
			vlans: [$switch."sflow_245.vlan.in", $switch."sflow_245.vlan.out"],
			length: $raw."sflow_245.header.frame_length" | tonumber,
			stripped: $raw."sflow_245.header.payload_stripped" | tonumber,
			octets: $raw."sflow_245.header.sampled_header_length" | tonumber,
			src: $frame.eth."eth.src", dst: $frame.eth."eth.dst",
			type: $frame.eth."eth.type",
			ping: $frame.icmp."icmp.type", number: $frame.icmp."icmp.seq"}]' \
		"$dir/arrived" >"$dir/samples"
	jq -c --argjson ports "$ports" '[.. | objects | select(has("sflow_245.ifindex")) |
		{key: $ports[."sflow_245.ifindex"], value: .}] | from_entries' \
		"$dir/arrived" >"$dir/polls"
}

# sampled FILTER: what jq makes of all samples.
sampled() {
	jq -cr "$1" "$dir/samples"
}

# counted PORT FIELD: of what operators see.
counted() {
	ixfab -j show counters "$1" | jq ".counters[0].$2"
}

# How many frames a port has let in so far, by operators' counters.
let_in() {
	ixfab -j show counters "$1" | jq '.counters[0] | .rx_frames - .drops_in'
}

# pool_is PORT FRAMES: the last sample of a port says that so many were let in.
pool_is() {
	look
	[[ $(sampled "[.[] | select(.in == \"$1\").pool] | last") == "$2" ]]
}

# All that was sampled until now has arrived: there is one worker, and what it tells stays in order.
all_arrived() {
	local before
	before=$(let_in p1)
	send 1 2 type=0x88b6
	wait_for 10 pool_is p1 $((before + 1))
}

# polled PORT FILTER: what jq makes of the last counters of a port.
polled() {
	jq -c ".$1 | $2" "$dir/polls"
}

# polled_is PORT: the last poll says what operators see, and of each frame the FCS, too.
polled_is() {
	local wanted got
	wanted=$(ixfab -j show counters "$1" | jq -c 'def side($s):
		.[$s + "_octets"] + 4 * .[$s + "_frames"],
		.[$s + "_frames"] - .[$s + "_multicast"] - .[$s + "_broadcast"],
		.[$s + "_multicast"], .[$s + "_broadcast"];
		.counters[0] | [side("rx"), side("tx")]')
	got=$(polled "$1" '[.["sflow_245.ifinoct", "sflow_245.ifinpkt",
		"sflow_245.ifinmcast", "sflow_245.ifinbcast", "sflow_245.ifoutoct",
		"sflow_245.ifoutpkt", "sflow_245.ifoutmcast", "sflow_245.ifoutbcast"] | tonumber]')
	[[ $got == "$wanted" ]]
}

# between NAME FRAMES RATE GOT: GOT of FRAMES were taken, one of RATE by chance: within six standard
# deviations, which is missed once in 500 million runs.
between() {
	awk -v name="$1" -v n="$2" -v rate="$3" -v got="$4" 'BEGIN {
		p = 1 / rate; wanted = n * p; room = 6 * sqrt(n * p * (1 - p))
		printf "%s: %d of %d, %d expected, give or take %d\n", name, got, n, wanted, room
		exit got < wanted - room || got > wanted + room
	}'
}

hosts 1 2 3 4
quiet 1 2 3 4
collectors_start
config_sflow off | fabric_start
ports=$(query '.ports | map({key: "\(.ifindex)", value: .name}) | from_entries' ports)

# Each ping of 1, where it came by and went to, in the VLAN that no frame here carries; and none of
# the answers. Questions went to the three others.
on 1 ping -nqc 20 -i 0.05 "$(host_ip4 2)" >/dev/null
all_told() {
	pool_is p1 "$(let_in p1)"
}
wait_for 10 all_told
expect "pings" "$(sampled '[.[] | select(.ping == "8").number] | unique | length')" 20
expect "what is said of them" "$(sampled '[.[] | select(.ping == "8") |
	[.source, .in, .out, .rate, .lost, .vlans[], .length, .stripped, .octets, .src, .dst,
	.type]] | unique[] | join(" ")')" \
	"p1 p1 p2 1 0 $lan $lan 102 4 98 $(host_mac 1) $(host_mac 2) 0x0800"
expect "questions" "$(sampled '[.[] | select(.type == "0x0806" and .dst == "ff:ff:ff:ff:ff:ff") |
	[.in, .out]] | unique')" '[["p1","3 ports"]]'
expect "numbers of samples" "$(sampled '[.[] | select(.in == "p1").sequence] |
	. == [range(.[0]; .[0] + length)]')" true
expect "pools" "$(sampled '[.[] | select(.in == "p1").pool] | . == [range(1; length + 1)]')" true
expect "answers" "$(sampled 'map(select(.in == "p2" or .ping == "0")) | length')" 0

# From here on each frame is one that this test sends: kernels have nobody to look after.
for i in 1 2; do
	on $i ip address flush dev eth0
	on $i ip neigh flush dev eth0
done

# A long frame is told by its beginning; one with a tag of its port's own as in the LAN's VLAN.
send 1 2 type=0x88b6 length=1514
send 4 1 type=0x88b6 vlan=30 length=100
wait_for 10 pool_is p4 1
expect "long frame" "$(sampled '.[] | select(.length == 1518) | [.octets, .stripped]')" '[128,4]'
expect "frame with a tag" "$(sampled '.[] | select(.in == "p4") | [.out, .vlans[], .length] |
	join(" ")')" "p1 $lan $lan 104"

# What is not let in is not told of, and does not count.
all_arrived
before=$(sampled 'length')
send 1 2 src=02:aa:00:00:00:01 count=20 type=0x88b6
send 1 2 count=5 type=0x88cc
wait_for 5 dropped mac_not_registered p1 20
wait_for 5 dropped ethertype_not_allowed p1 5
all_arrived
expect "samples since" "$(sampled 'length')" $((before + 1))
expect "violators" "$(sampled 'map(select(.src == "02:aa:00:00:00:01" or .type == "0x88cc")) |
	length')" 0

# Counters are those of operators, under the port's name; of all ports, also those not sampled.
all_polled() {
	look
	polled_is p1 && polled_is p2 && polled_is p3 && polled_is p4
}
wait_for 10 all_polled
expect "state of p1" "$(polled p1 '[.["sflow_245.iftype", "sflow_245.ifadmin_status",
	"sflow_245.ifoper_status"]]')" '["6","1","1"]'
[[ -n $(datagrams 'frame contains 00:00:03:ed:00:00:00:08:00:00:00:02:70:31:00:00') ]]

# By chance: about so many of many, not every fourth, and the pool has all up to the last of them.
readonly many=2000
for _ in {1..10}; do
	send 3 1 count=$((many / 10)) type=0x88b6
done
p3_sent() {
	[[ $(let_in p3) == "$many" ]]
}
wait_for 10 p3_sent
all_arrived
between "samples" "$many" "$by_chance" "$(sampled '[.[] | select(.in == "p3")] |
	length + last.lost')"
expect "rates" "$(sampled '[.[] | select(.in == "p3") | .rate] | unique')" "[$by_chance]"
[[ $(sampled '[.[] | select(.in == "p3") | .pool] | [.[1:], .[:-1]] | transpose |
	map(.[0] - .[1]) | unique | length') -gt 3 ]]
[[ $(sampled '[.[] | select(.in == "p3")] | last.pool') -gt $((many - 100 * by_chance)) ]]
[[ $(sampled '[.[] | select(.in == "p3")] | last.pool') -le $many ]]

# A rate is set and unset while frames flow: it counts from then on, and nothing is lost.
flow_start 2 1
all_arrived
expect "of the flow" "$(sampled 'map(select(.in == "p2")) | length')" 0
config_sflow 1000 >"$dir/new.yaml"
ixfab diff "$dir/new.yaml" >"$dir/diff"
grep -q 'p2.*sampling off -> 1000' "$dir/diff"
ixfab apply "$dir/new.yaml"
flow_is_sampled() {
	look
	[[ $(sampled 'map(select(.in == "p2" and .out == "p1" and .rate == 1000)) |
		length') -gt 2 ]]
}
wait_for 20 flow_is_sampled
config_sflow off | reconfigure
all_arrived
before=$(sampled 'map(select(.in == "p2")) | length')
frames_before=$(counted p2 rx_frames)
flow_goes_on() {
	[[ $(counted p2 rx_frames) -gt $((frames_before + 20000)) ]]
}
wait_for 20 flow_goes_on
all_arrived
expect "of the flow afterwards" "$(sampled 'map(select(.in == "p2")) | length')" "$before"

# Both collectors got the same.
same_datagrams() {
	datagrams udp -T fields -e udp.dstport | sort | uniq -c | awk '
		{ n[$2] = $1 } END { exit n[6343] == 0 || n[6343] != n[6344] }'
}
wait_for 5 same_datagrams

# Operators see who got them and who did not.
expect "collectors" "$(ixfab -j show sflow | jq -c '[.collectors[] | select(.errors > 0).name]')" \
	'["nobody"]'

# Control is killed: the next one goes on, in datagrams that begin anew, and the flow never knew.
daemon_stop "$dir/control.pid" KILL
control_start
wait_for 30 ports_up
look
before=$(sampled 'length')
goes_on() {
	send 1 2 type=0x88b6
	look
	[[ $(sampled 'length') -gt $before ]]
}
wait_for 10 goes_on
expect_no_loss "$(flow_end)"

# What went to one of them, all in all: two controls began, and tshark found nothing to complain of.
expect "began" "$(datagrams 'udp.dstport == 6343 && sflow_245.sequence_number == 1' | wc -l)" 2
expect "what tshark finds wrong" "$(datagrams '_ws.malformed || _ws.expert.severity == error' |
	wc -l)" 0
expect "agents" "$(datagrams udp -T fields -e sflow_245.agent | sort -u)" 192.0.2.250
