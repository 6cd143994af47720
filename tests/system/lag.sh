#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# A member with a LAG: Open vSwitch speaks LACP with us. Links come and go; frames come and go by
# those that are in use, in both directions, and by no other.
source "$(dirname "$0")/support.sh"

# --- the member, host 5: Open vSwitch's port br0 has its addresses, and bond0 its links ---

ovs() {
	ovs-vsctl --timeout=20 --db="unix:$dir/ovsdb.sock" "$@"
}

ovs_start() {
	export OVS_RUNDIR=$dir OVS_LOGDIR=$dir OVS_SYSCONFDIR=$dir
	ovsdb-tool create "$dir/ovs.db" /usr/share/openvswitch/vswitch.ovsschema
	daemon_start "$dir/ovsdb.pid" "$dir/ovsdb.log" ovsdb-server "$dir/ovs.db" \
		--unixctl="$dir/ovsdb.ctl" --remote="punix:$dir/ovsdb.sock"
	wait_for 5 test -S "$dir/ovsdb.sock"
	ovs --no-wait init
	daemon_start "$dir/ovs.pid" "$dir/ovs.log" ip netns exec "$(host_ns 5)" \
		/usr/lib/openvswitch-switch/ovs-vswitchd --unixctl="$dir/ovs.ctl" \
		"unix:$dir/ovsdb.sock"
	ovs add-br br0 -- set Bridge br0 datapath_type=netdev \
		other-config:hwaddr="\"$(host_mac 5)\""
}

# eth0 of host 5 is cabled to p50, eth1 to p51, and so on.
link_cable() {
	cable "$fabric_ns" "p5$1" "$(host_ns 5)" "02:00:00:00:05:0$1" "eth$1"
}

member_lag() { # LINK…
	netns_add_router "$(host_ns 5)"
	for i; do
		link_cable "$i"
	done
	ovs_start
	ovs add-bond br0 bond0 "${@/#/eth}" bond_mode=balance-tcp lacp=active \
		other_config:lacp-time=fast other_config:bond-rebalance-interval=0
	on 5 ip link set br0 up
	on 5 ip address add "$(host_ip4 5)/24" dev br0
	on 5 ip address add "$(host_ip6 5)/64" dev br0 nodad
}

# --- the exchange ---

config_lag() { # MIN_LINKS MODE LINK…
	local i
	config_exchange 1 2
	cat <<-END
		  bond5:
		    device: lag
		    lacp: {mode: $2, rate: fast, min-links: $1}
		    member: {asn: 64505, name: Member 5}
		    lans:
		      peering:
		        macs: ["$(host_mac 5)"]
		        ips: [$(host_ip4 5), "$(host_ip6 5)"]
	END
	for i in "${@:3}"; do
		say "  p5$i: {device: \"iface:p5$i\", lag: bond5}"
	done
}

# in_use LINK…: just these.
in_use() {
	[[ $(query '[.lags[].links[] | select(.in_use) | .link] | sort | join(" ")' lags) == \
		"$*" ]]
}

port_counter() { # PORT COUNTER
	query ".ports[] | select(.name == \"$1\").counters.$2" ports
}

# Of the pings in $dir/ping.
answered() {
	sed -n 's/.* transmitted, \([0-9]*\) received.*/\1/p' "$dir/ping"
}

member_pings() {
	pings 1 5 && on 5 ping -nqc 1 -W 1 "$(host_ip4 1)" >/dev/null
}
member_listens() {
	[[ -n $(on 5 ss -Hltn sport = :5201) ]]
}
member_is_silent() {
	! on 1 ping -nqc 1 -W 1 "$(host_ip4 5)" >/dev/null
}

hosts 1 2
member_lag 0 1
config_lag 1 active 0 1 | fabric_start
wait_for 10 in_use p50 p51
wait_for 5 member_pings

# Flows to the member share the links, and each link's counters say so. (Which links the member uses
# is Open vSwitch's choice: the first one until there is much to do.)
daemon_start "$dir/iperf3.pid" "$dir/iperf3.log" ip netns exec "$(host_ns 5)" \
	iperf3 --server --one-off
wait_for 5 member_listens
on 1 iperf3 --client "$(host_ip4 5)" --parallel 16 --time 1 --json >"$dir/iperf3.json"
[[ $(jq '.end.sum_received.bytes' "$dir/iperf3.json") -gt 1000000 ]]
for link in p50 p51; do
	[[ $(port_counter "$link" tx_frames) -gt 50 ]]
done
# shellcheck disable=SC2016 # jq's own
query '[.ports[] | select(.lag == "bond5").counters.tx_octets] as $links |
	.ports[] | select(.name == "bond5").counters.tx_octets == ($links | add)' ports >/dev/null
[[ $(port_counter p2 tx_octets) -lt 100000 ]] # nobody else gets any of it

# A carrier goes: the other link takes over, in both directions.
came=$(port_counter p51 rx_frames)
ip -n "$(host_ns 5)" link set eth0 down
wait_for 5 in_use p51
wait_for 5 member_pings
[[ $(port_counter p51 rx_frames) -gt $((came + 2)) ]]

# It comes back while there is no control: LACP goes on, for longer than the partner would wait for
# us. (Open vSwitch loses a frame now and then when it moves a flow to the other link.)
daemon_stop "$dir/control.pid" KILL
ip -n "$(host_ns 5)" link set eth0 up
on 1 ping -nqc 45 -i 0.1 "$(host_ip4 5)" >"$dir/ping"
[[ $(answered) -ge 43 ]]
control_start
wait_for 30 ports_up
wait_for 5 in_use p50 p51

# The other side stops to speak LACP: nothing passes, and it is said why.
ovs set Port bond0 lacp=off
wait_for 10 in_use
wait_for 5 member_is_silent
on 5 ping -nqc 2 -i 0.2 -W 1 "$(host_ip4 1)" >/dev/null || true
[[ $(drops lag_not_collecting bond5) -gt 0 ]]
ixfab show lags >"$dir/lags"
grep -q 'no more LACPDUs from the partner' "$dir/lags"
ovs set Port bond0 lacp=active
wait_for 10 in_use p50 p51
wait_for 5 member_pings

# A link is added while frames go by the others.
link_cable 2
on 1 ping -nqc 60 -i 0.05 "$(host_ip4 5)" >"$dir/ping" &
ping=$!
config_lag 1 active 0 1 2 | reconfigure >/dev/null
wait "$ping"
expect "pings answered meanwhile" "$(answered)" 60
ovs -- --id=@eth2 create Interface name=eth2 -- add Port bond0 interfaces @eth2
wait_for 10 in_use p50 p51 p52
wait_for 5 member_pings

# An operator takes a link away; with fewer than it must have, the LAG is down.
ixfab port p50 down
wait_for 5 in_use p51 p52
wait_for 5 member_pings
config_lag 3 active 0 1 2 | reconfigure >/dev/null
wait_for 5 member_is_silent
expect "state of the LAG" "$(query '.ports[] | select(.name == "bond5").state' ports)" down
ixfab port p50 up
wait_for 10 in_use p50 p51 p52
wait_for 5 member_pings

# Without LACP carriers decide.
config_lag 1 off 0 1 2 | reconfigure >/dev/null
ovs set Port bond0 lacp=off
wait_for 5 in_use p50 p51 p52
ip -n "$(host_ns 5)" link set eth0 down
wait_for 5 in_use p51 p52
