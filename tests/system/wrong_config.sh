#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# A wrong configuration, or one that cannot be carried out, changes nothing.
source "$(dirname "$0")/support.sh"

hosts 1 2 3 4
config_exchange 1 2 3 | fabric_start
wait_for 5 pings 1 2
generation=$(query .generation config)
flow_start 1 2

# complains PATTERN < CONFIGURATION: refused, and PATTERN is in the complaint.
complains() {
	cat >"$config"
	fails ixfab apply "$config" >"$dir/complaint" 2>&1
	grep -qE "$1" "$dir/complaint" || {
		cat "$dir/complaint"
		return 1
	}
	expect generation "$(query .generation config)" "$generation"
	expect ports "$(query '[.ports[].name] | join(" ")' ports)" "p1 p2 p3"
}

config_exchange 1 2 3 4 | sed 's/profile: exchange/profil: exchange/' | complains 'ixfab.yaml:5:5: '
config_exchange 1 2 3 4 | sed 's/02:00:00:00:00:04/01:00:00:00:00:04/' | complains 'p4.*macs'
config_exchange 1 2 3 4 | sed 's/02:00:00:00:00:04/02:00:00:00:00:02/' | complains 'p4.*macs'
config_exchange 1 2 3 4 | sed 's/192.0.2.4/198.51.100.3/' | complains 'p4.*ips'
config_exchange 1 2 3 4 | sed 's/iface:p4/iface:none/' | complains none
config_exchange 1 2 3 4 | sed 's/iface:p4/iface:p2/' | complains p2
config_exchange 1 2 3 4 | sed '/^  p4:/a\    mtu: 65000' | complains p4
config_exchange | complains force
: | complains .

# Two mistakes are told at once.
config_exchange 1 2 3 4 | sed 's/profile: exchange/profile: strange/; s/192.0.2.4/x/' |
	complains strange
grep -q 'ips' "$dir/complaint"

# What removes most ports wants to be asked twice.
config_exchange 1 | complains force
expect_no_loss "$(flow_end)"
config_exchange 1 >"$config"
ixfab apply --force "$config"
expect ports "$(query '[.ports[].name] | join(" ")' ports)" p1
