#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# What operators say to the sponge is done, and what they ask of it is true.
source "$(dirname "$0")/support.sh"

readonly sponge=02:69:78:73:70:6f gone=192.0.2.77

# Member 3 has an address that no router of it uses.
exchange() {
	local own
	own="addresses: [192.0.2.250, 2001:db8:2::250], protected: [$(host_ip4 2)]"
	config_exchange 1 2 3 | sed "s/ips: \[$(host_ip4 3)/&, $gone/
		/^    mtu:/a\    sponge: {mode: fast, learning: 0, $own}"
}

# state ADDRESS: what the sponge thinks of it.
state() {
	query ".addresses[] | select(.address == \"$1\").state" sponge "$1"
}

is() {
	[[ $(state "$1") == "$2" ]]
}

# finds HOST ADDRESS MAC: that is what it has for it.
finds() {
	on "$1" ip -j neighbour show "$2" | jq -e --arg mac "$3" \
		'any(.[]; .lladdr == $mac)' >/dev/null
}

# says TEXT COMMAND…: it fails, and says so.
says() {
	fails ixfab "${@:2}" 2>"$dir/said"
	grep -qF -- "$1" "$dir/said" || {
		cat "$dir/said"
		return 1
	}
}

hosts 1 2 3
exchange | fabric_start
[[ $(ixfab -j show sponge --summary | jq -r '.lans[] | "\(.lan) \(.mode) \(.mac)"') == \
	"peering fast $sponge" ]]
wait_for 10 is "$gone" alive

# What cannot be is named.
says '192.0.3.7 is in no LAN that has a sponge' sponge 192.0.3.7
says '192.0.2.200-192.0.3.7 is not all in LAN peering' unsponge 192.0.2.200-192.0.3.7
says "192.0.2.250 is the sponge's own address" sponge 192.0.2.250
says '2001:db8:2::/64 has more than 65536 addresses' sponge 2001:db8:2::/64
says 'there is no LAN "moon"' show sponge --lan moon

# Who is sponged is answered for, and nobody else hears of it.
ixfab sponge "$gone" | grep -qF '1 address is now dead.'
is "$gone" dead
fails on 1 ping -nqc 1 -W 1 "$gone" >"$dir/ping"
finds 1 "$gone" "$sponge"
query ".addresses[] | select(.address == \"$gone\") | .answered >= 1 and .told == 1 and
	.ifname == \"p3\" and .asn == 64503" sponge --state dead >/dev/null
query '.counters[] | select(.port == "p1").sponged >= 1' counters >/dev/null

# Who opens BGP with it is named.
fails on 1 timeout 1 bash -c ": <'/dev/tcp/$gone/179'" 2>/dev/null
tried() {
	query ".dead_peers | length == 1 and (.[0] | .ifname == \"p1\" and .target == \"$gone\" and
		.target_ifname == \"p3\" and .syns >= 1 and .frames >= .syns and .asn == 64501)" \
		dead-peers --port p1 >/dev/null
}
wait_for 10 tried
query '.dead_peers == []' dead-peers --port p2 >/dev/null
ixfab clear dead-peers >/dev/null
query '.dead_peers == []' dead-peers >/dev/null

# States go to a file and back: what was dead is found out again, what is static stays.
ixfab sponge --static 192.0.2.80-192.0.2.89 | grep -qF '10 addresses are now static.'
ixfab dump "$dir/dump" >/dev/null
[[ $(jq -r ".lans.peering.\"$gone\".state" "$dir/dump") == DEAD ]]
ixfab unsponge "$gone" >/dev/null
is "$gone" alive
ixfab clear sponge all --state static | grep -qF '10 addresses forgotten.'
query '[.addresses[] | select(.state == "static")] == []' sponge --state static >/dev/null
ixfab load "$dir/dump" >/dev/null
query '[.addresses[] | select(.state == "static")] | length == 10' sponge 192.0.2.80/28 >/dev/null
jq '.saved -= 100000' "$dir/dump" >"$dir/old"
says force load "$dir/old"
ixfab load --force "$dir/old" >/dev/null

# A member that is there answers when it is asked; one that is told believes it.
asked_and_answered() {
	query ".addresses[] | .state == \"alive\" and .queries >= 1 and .alive != null and
		.mac == \"$(host_mac 2)\" and .protected" sponge "$(host_ip4 2)" >/dev/null
}
ixfab probe "$(host_ip4 2)" | grep -qF 'Asking for 1 address.'
wait_for 10 asked_and_answered
on 1 ip neighbour replace "$(host_ip4 2)" lladdr "$sponge" nud stale dev eth0
ixfab inform "$(host_ip4 1)" about "$(host_ip4 2)" >/dev/null
wait_for 10 finds 1 "$(host_ip4 2)" "$(host_mac 2)"
query ".neighbours[] | select(.address == \"$(host_ip4 2)\") | .state == \"alive\" and
	.source == \"assigned\"" neighbours >/dev/null
