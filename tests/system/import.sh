#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Members from a feed: imported, checked, applied, forwarding; and gone again with the feed.
source "$(dirname "$0")/support.sh"

data=$root/tests/data/import
members=$dir/conf.d/members.yaml

# import KIND ARGUMENT…: into members.yaml; what it tells goes to a file.
import() {
	ixfab import "$@" --config "$config" -o "$members" >"$dir/summary" 2>&1
}

# provisioned N…: IXP Manager's document for these hosts.
provisioned() {
	local i
	for i; do
		jq -n --arg n "p$i" --arg mac "$(host_mac "$i")" --arg ip4 "$(host_ip4 "$i")" \
			--arg ip6 "$(host_ip6 "$i")" '{
				type: "edge", description: "Member \($n)", name: $n, dot1q: false,
				status: "connected", shutdown: false,
				vlans: [{number: 10, macaddresses: [$mac],
					ipaddresses: {ipv4: $ip4, ipv6: $ip6}}]}'
	done | jq -s '{layer2interfaces: .}'
}

hosts 1 2 3
mkdir "$dir/conf.d"
fabric_start <<END
version: 1
lans:
  peering: {vlan: 10, prefixes: [192.0.2.0/24, "2001:db8:2::/64"]}
ports:
  p1: {device: iface:p1}
  p2: {device: iface:p2}
  p3: {device: iface:p3}
END
fails pings 1 2

# IXP Manager. The import alone changes nothing.
provisioned 1 2 | import ixp-manager -
expect generation "$(query .generation config)" 1
ixfab check "$config"
ixfab apply "$config"
wait_for 5 pings 1 2
fails pings 1 3
expect member "$(query '.ports[] | select(.name == "p1").member' ports)" 'Member p1'

# A feed that breaks takes nothing away, and leaves the file as it was.
cp "$members" "$dir/before"
provisioned | fails import ixp-manager -
provisioned 1 2 | head -c 300 | fails import ixp-manager -
cmp "$members" "$dir/before"
ixfab apply "$config" | grep -qx 'No changes.'
pings 1 2

# The same hosts by IX-F: now one more, and that one is down.
printf '64501: p1\n64502: p2\n64503: p3\n' >"$dir/portmap.yaml"
fails import ixf --portmap "$dir/portmap.yaml" "$data/ixf.json"
grep -q 'choose one with --ixp-id: 1 "EXAMPLE-A", 7 "EXAMPLE-B"' "$dir/summary"
cmp "$members" "$dir/before"
import ixf --portmap "$dir/portmap.yaml" --ixp-id 1 "$data/ixf.json"
grep -qx '+ port p3' "$dir/summary"
ixfab apply "$config"
wait_for 5 pings 1 2
expect admin "$(query '[.ports[].admin] | join(" ")' ports)" 'up up down'
expect asn "$(query '.ports[] | select(.name == "p2").asn' ports)" 64502

# What is exported is what was imported.
ixfab export ixf | import ixf --portmap "$dir/portmap.yaml" -
grep -qx 'No changes.' "$dir/summary"
expect ethers "$(ixfab export ethers | tr '\n' ' ')" \
	"$(host_mac 1) as64501-p1 $(host_mac 2) as64502-p2 $(host_mac 3) as64503-p3 "
ixfab export arouteserver-clients | grep -q 'ip: \["192.0.2.1", "2001:db8:2::1"\]'

# Back to IXP Manager's, with the third one up.
provisioned 1 2 3 | import ixp-manager -
ixfab apply "$config"
wait_for 5 pings 1 3
