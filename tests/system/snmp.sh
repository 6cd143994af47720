#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# SNMP, as a poller sees it: Debian's snmpd with the example of its configuration, asked by
# net-snmp's own tools. Ports are found by name, their counters are those of operators and nobody
# puts them back, states follow links, addresses are at their bridge ports, what is removed is gone,
# nothing is there while control is not, and nothing can be set.
source "$(dirname "$0")/support.sh"

readonly agent=udp:127.0.0.1:1161 lan=10
readonly if_entry=.1.3.6.1.2.1.2.2.1 if_x_entry=.1.3.6.1.2.1.31.1.1.1 bridge=.1.3.6.1.2.1.17
export MIBS='' SNMP_PERSISTENT_DIR=$dir/snmp

# As the example has it, but for where it listens and where ixfab is; and somebody may try to write.
# It runs as Debian's does, as a user who is nobody to control.
snmpd_start() {
	chmod 755 "$dir"
	install -m 755 "$builddir/control/ctl/ixfab" "$dir/ixfab"
	sed -e "s,^agentaddress .*,agentaddress $agent," \
		-e "s,/usr/bin/ixfab,$dir/ixfab --socket $dir/control.sock," \
		"$root/examples/snmpd.conf" >"$dir/snmpd.conf"
	echo 'rwcommunity writer localhost' >>"$dir/snmpd.conf"
	in_netns "$fabric_ns" ip link set lo up
	install -d -o Debian-snmp "$SNMP_PERSISTENT_DIR"
	daemon_start "$dir/snmpd.pid" "$dir/snmpd.log" ip netns exec "$fabric_ns" \
		snmpd -f -Lo -C -c "$dir/snmpd.conf" -u Debian-snmp -g Debian-snmp \
		-I -smux,mteTrigger,mteTriggerConf
	wait_for 10 snmpd_answers
}

# A question that comes too early is lost.
snmpd_answers() {
	in_netns "$fabric_ns" snmpget -v2c -c change-me -t 1 -r 0 "$agent" .1.3.6.1.2.1.1.3.0
}

snmp() { # TOOL OID…
	in_netns "$fabric_ns" "snmp$1" -v2c -c change-me -t 5 -Onq -Ot "$agent" "${@:2}"
}

# walk OID: the objects below it, "index value" each; nothing if there are none.
walk() {
	snmp walk "$1" | sed -n "s/^$1\.//p" | grep -v 'No Such\|No more' || true
}

# value OID: fails if there is no such object.
value() {
	local line
	line=$(snmp get "$1") || return
	line=${line#* }
	[[ $line != No\ * ]] || return
	line=${line%\"}
	echo "${line#\"}"
}

has() { # OID
	value "$1" >/dev/null
}

is() { # OID VALUE
	[[ $(value "$1") == "$2" ]]
}

index_of() { # PORT
	query .ports[0].ifindex port "$1"
}

# agrees PORT: what SNMP has counted is what operators see, and the FCS of each frame.
agrees() {
	local i column got='' wanted
	i=$(index_of "$1")
	for column in 6 7 8 9 10 11 12 13; do
		got+=$(value $if_x_entry.$column."$i")' '
	done
	wanted=$(ixfab -j show counters "$1" | jq -r '.counters[0] |
		def side($s): .[$s + "_octets"] + 4 * .[$s + "_frames"],
			.[$s + "_frames"] - .[$s + "_multicast"] - .[$s + "_broadcast"],
			.[$s + "_multicast"], .[$s + "_broadcast"];
		[side("rx", "tx")] | join(" ")')
	[[ ${got% } == "$wanted" ]]
}

hosts 1 2 3
quiet 1 2 3
config_exchange 1 2 3 | sed "/^    mtu: 1500/a \\    vlan: $lan" | fabric_start
snmpd_start

# Ports have one name everywhere, and the number that operators see; those of the kernel are hidden.
wanted=$(query '.ports | map("\(.ifindex) \"\(.name)\"") | sort[]' ports)
expect "ifDescr" "$(walk $if_entry.2)" "$wanted"
expect "ifName" "$(walk $if_x_entry.1)" "$wanted"
expect "ifAlias of p2" "$(value $if_x_entry.18."$(index_of p2)")" 'Cust: Member 2'
expect "ifType" "$(walk $if_entry.3 | cut -d ' ' -f 2 | sort -u)" 6
expect "ifMtu of p1" "$(value $if_entry.4."$(index_of p1)")" 1500
expect "ifPhysAddress of p1" "$(value $if_entry.6."$(index_of p1)" | tr -d ' ')" \
	"$(query .ports[0].mac port p1 | tr -d : | tr a-f A-F)"
for column in 1 2 3 4 5 6 7 8 9 10 11 13 14 16 17 19 20; do
	expect "rows of ifTable, column $column" "$(walk $if_entry.$column | wc -l)" 3
done
for column in {1..13} {15..18}; do
	expect "rows of ifXTable, column $column" "$(walk $if_x_entry."$column" | wc -l)" 3
done
expect "behind ifTable" "$(snmp getnext $if_entry.20.999999 | grep -c "^$if_entry" || true)" 0
expect "names with the whole walked" "$(snmp walk .1.3.6.1.2.1 | grep -c "^$if_x_entry\.1\.")" 3

# Frames count, those that die as well. Each table is read again when it is some seconds old.
send 1 2 count=10 type=0x88b6 length=1000
send 1 3 count=7 type=0x88b6
send 2 ff:ff:ff:ff:ff:ff count=3 type=0x0806
send 1 2 src=02:aa:00:00:00:01 count=20 type=0x88b6
wait_for 5 dropped mac_not_registered p1 20
wait_for 10 agrees p1
wait_for 10 agrees p2
wait_for 10 is $if_entry.13."$(index_of p1)" 20
expect "ifInErrors" "$(value $if_entry.14."$(index_of p1)")" 0
same_octets() {
	is $if_entry.10."$(index_of p1)" "$(value $if_x_entry.6."$(index_of p1)")"
}
wait_for 10 same_octets

# Operators begin to count anew; pollers must not.
before=$(value $if_x_entry.6."$(index_of p1)")
ixfab clear counters
send 1 2 type=0x88b6 length=100
one_more() {
	is $if_x_entry.6."$(index_of p1)" $((before + 104))
}
wait_for 10 one_more
counted_since() {
	is $if_entry.10."$(index_of p1)" $((before + 104))
}
wait_for 10 counted_since
expect "discards" "$(value $if_entry.13."$(index_of p1)")" 20

# Each member's address is at its port, in the FDB of the LAN's VLAN.
fdb=$(value $bridge.7.1.4.2.1.3.0.$lan)
for i in 1 2 3; do
	port=$(value "$bridge.7.1.2.2.1.2.$fdb.2.0.0.0.0.$i")
	expect "port of host $i" "$(value "$bridge.4.3.1.2.2.0.0.0.0.$i")" "$port"
	expect "interface of host $i" "$(value "$bridge.1.4.1.2.$port")" "$(index_of "p$i")"
done
expect "addresses" "$(walk $bridge.7.1.2.2.1.2 | wc -l)" 3

# A link goes down, and that was just now by the agent's own time.
p3=$(index_of p3)
expect "state of p3" "$(value $if_entry.8."$p3")" 1
earlier=$(value .1.3.6.1.2.1.1.3.0)
on 3 ip link set eth0 down
wait_for 10 is $if_entry.8."$p3" 2
expect "wanted state of p3" "$(value $if_entry.7."$p3")" 1
changed=$(value $if_entry.9."$p3")
say "p3 went down at $changed, between $earlier and $(value .1.3.6.1.2.1.1.3.0)"
[[ $changed -gt $((earlier - 100)) && $changed -le $(($(value .1.3.6.1.2.1.1.3.0) + 100)) ]]
on 3 ip link set eth0 up
wait_for 10 is $if_entry.8."$p3" 1
ixfab port p3 down
wait_for 10 is $if_entry.7."$p3" 2
ixfab port p3 up

# Nothing can be set, and the agent goes on.
set_value() { # OID TYPE VALUE
	in_netns "$fabric_ns" snmpset -v2c -c writer -t 5 "$agent" "$@" 2>/dev/null
}
fails set_value $if_x_entry.18."$p3" s mine
fails set_value $if_entry.7."$p3" i 2
expect "ifAlias of p3" "$(value $if_x_entry.18."$p3")" 'Cust: Member 3'

# What is removed is gone, and its number is not another's.
config_exchange 1 2 | reconfigure
gone() {
	! has $if_entry.1."$p3" && ! has $if_x_entry.1."$p3"
}
wait_for 10 gone
expect "what is left" "$(walk $if_entry.2 | wc -l)" 2

# Without a dataplane ports are not present, and nothing is counted.
p1=$(index_of p1)
daemon_stop "$dir/dataplane.pid" KILL
wait_for 10 is $if_entry.8."$p1" 6
nothing_counted() {
	! has $if_x_entry.6."$p1"
}
wait_for 10 nothing_counted
dataplane_start
wait_for 30 is $if_entry.8."$p1" 1

# Without control there is nothing; with the next one it is there again.
daemon_stop "$dir/control.pid" KILL
nothing() {
	[[ -z $(walk $if_entry) && -z $(walk $if_x_entry) ]]
}
wait_for 10 nothing
is .1.3.6.1.2.1.1.1.0 'ixfab, an Ethernet switch fabric for Internet exchanges'
control_start
wait_for 30 ports_up
wait_for 10 is $if_x_entry.1."$p1" p1
daemon_stop "$dir/snmpd.pid"
