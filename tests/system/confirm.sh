#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# A configuration that nobody confirms goes by itself, whoever dies meanwhile; one that is confirmed
# stays. Members notice nothing of either, where the change is one that nobody notices.
source "$(dirname "$0")/support.sh"

new=$dir/new.yaml

in_force() {
	query ".generation == $1 and (.confirm != null) == ${2:-false}" config >/dev/null
}

# ended GENERATION HOW
ended() {
	[[ $(ixfab -j history | jq -r ".history[] | select(.generation == $1) | .ending") == "$2" ]]
}

hosts 1 2 3
config_exchange 1 2 3 | fabric_start
wait_for 5 pings 1 2
wait_for 5 pings 2 3
# Without member 3, and with another one's name.
config_exchange 1 2 | sed 's/Member 1/Example Net/' >"$new"
flow_start 1 2

# In force at once, and gone by itself.
ixfab apply --confirm=8 -m 'without 3' "$new" | grep -q '^What is in force waits for'
in_force 2 true
ixfab diff "$new" | grep -q '^What is in force waits for'
ixfab show version | grep -q '^What is in force waits for'
fails pings 2 3
wait_for 10 in_force 1
ended 2 'not confirmed'
told() { # GENERATION
	ixfab -j show events --reason config_not_confirmed | jq -e "any(.events[]; .port == null and
		.level == \"warning\" and (.detail | contains(\"Generation $1 \")))" >/dev/null
}
told 2
ixfab show events | grep -q 'warning *config_not_confirmed'
wait_for 10 pings 2 3

# Control is killed, the deadline passes, and the file is the one that nobody confirmed.
cp "$config" "$dir/old.yaml"
cp "$new" "$config"
ixfab apply --confirm=5 "$config"
runs_out=$(query '.confirm.until | ceil' config)
daemon_stop "$dir/control.pid" KILL
is_over() {
	[[ $(date +%s) -gt $runs_out ]]
}
wait_for 5 is_over
fails pings 2 3
control_start
wait_for 20 in_force 1
wait_for 20 pings 2 3
ended 3 'not confirmed'
told 3
ixfab -j show version | jq -r .config.problem | grep -q 'generation 3, which was undone'
cp "$dir/old.yaml" "$config"

# Control is killed and back in time, and confirms. Then nothing goes any more.
ixfab apply --confirm=60 "$new"
daemon_stop "$dir/control.pid" KILL
control_start
wait_for 20 in_force 4 true
ixfab confirm | grep -qx 'Generation 4 is confirmed.'
in_force 4
fails ixfab confirm 2>"$dir/complaint"
grep -q 'nothing waits' "$dir/complaint"
daemon_stop "$dir/control.pid" KILL
cp "$new" "$config"
control_start
wait_for 20 in_force 4
fails pings 2 3

# Levels of undoing.
sed 's/Example Net/Example Net 2/' "$new" | reconfigure
ixfab undo 2 | grep -q 'generation 1 is in force again'
wait_for 10 pings 2 3
fails ixfab undo 2>"$dir/complaint"
grep -q 'nothing to undo' "$dir/complaint"
ixfab show config --gen 4 --no-header | diff - "$new"
ixfab history

result=$(flow_end)
expect_no_loss "$result"

# The dataplane is killed while one waits, and the deadline passes: the next gets the one before.
ixfab apply --confirm=2 "$new"
daemon_stop "$dir/dataplane.pid" KILL
wait_for 10 in_force 1
dataplane_start
wait_for 30 ports_up
wait_for 10 pings 2 3

# What was set by hand is told, goes with the port, and comes back with it.
ixfab port p3 drain --for 1h
ixfab port p1 down --for 1h
expect overrides "$(query '[.overrides[] | .port + " " + .what] | sort | join(", ")' overrides)" \
	'p1 admin, p3 drain'
ixfab diff "$new" | grep -q '^! port p3: drained .* goes with this configuration$'
ixfab diff "$new" | grep -q '^! port p1: administratively down .* stands above this'
ixfab apply --confirm=5 "$new"
expect "put aside" "$(query '.aside[].port' overrides)" p3
wait_for 10 in_force 1
expect overrides "$(query '.overrides | length' overrides)" 2
ixfab port p1 up
ixfab port p3 undrain

# Who did all that.
user=$(id -un)
SUDO_USER=carol ixfab clear counters
ixfab show audit >"$dir/audit"
grep -q "  $user (claims carol): clear counters$" "$dir/audit"
grep -q "  $user: apply --confirm=8 -m \"without 3\" $new => generation 2$" "$dir/audit"
grep -q '  timeout: undo => generation 1$' "$dir/audit"
grep -q "  $user: port p1 up$" "$dir/audit"
wait_for 10 pings 1 2
