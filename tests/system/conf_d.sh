#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# A configuration in several files: applied as one, kept as one, complained about by file.
source "$(dirname "$0")/support.sh"

# members N…: what an import owns.
members() {
	local i
	echo 'ports:'
	for i; do
		cat <<END_MEMBER
  p$i:
    member: {asn: $((64500 + i)), name: Member $i}
    lans: {peering: {macs: ["$(host_mac "$i")"], ips: [$(host_ip4 "$i"), "$(host_ip6 "$i")"]}}
END_MEMBER
	done
}

# people N…: what people own.
people() {
	local i
	config_exchange
	for i; do
		echo "  p$i: {device: iface:p$i}"
	done
}

hosts 1 2 3
mkdir "$dir/conf.d"
members 1 2 >"$dir/conf.d/members.yaml"
people 1 2 3 | fabric_start
wait_for 5 pings 1 2
expect generation "$(query .generation config)" 1
ixfab show config | grep -q '^#%file conf.d/members.yaml$'

# One more member in the import's file; the other file stays as it is.
ixfab apply "$config" | grep -qx 'No changes.'
members 1 2 3 >"$dir/conf.d/members.yaml"
ixfab diff "$config" | grep -q '^~ port p3'
kill -HUP "$(daemon_pid "$dir/control.pid")"
wait_for 5 query '.generation == 2' config
wait_for 5 pings 1 3

# A mistake is found in its own file, by check, apply and the daemon alike.
mv "$dir/conf.d/members.yaml" "$dir/members.yaml"
sed 's/lans: {peering/lans: {peer/' "$dir/members.yaml" >"$dir/conf.d/members.yaml"
for verb in check apply; do
	fails ixfab "$verb" "$config" >"$dir/complaint" 2>&1
	grep -q "^$dir/conf.d/members.yaml:4:12: ports.p1.lans.peer: there is no such LAN" \
		"$dir/complaint"
done
expect generation "$(query .generation config)" 2

# Control starts again without the files: it goes on with all that was applied.
rm -r "$dir/conf.d"
mv "$config" "$dir/elsewhere.yaml"
daemon_stop "$dir/control.pid"
control_start
wait_for 10 query '.generation == 2' config
ixfab show config | grep -q '^#%file conf.d/members.yaml$'
pings 1 3

# What was applied can be written into one file, and is the same.
ixfab show config >"$config"
ixfab apply "$config" | grep -qx 'No changes.'
