#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Who may only look changes nothing, members of the socket's group may; and nothing listens on the
# network.
source "$(dirname "$0")/support.sh"

readonly group=daemon

control_start() {
	daemon_start "$dir/control.pid" "$dir/control.log" \
		"$builddir/control/ixfab-control" --dataplane "$dir/dataplane.sock" \
		--socket "$dir/control.sock" --state "$dir/state" --config "$config" \
		--group "$group"
}

# as GROUP COMMAND…: ixfab by somebody who is in that group and nothing else.
as() {
	local gid=$1
	shift
	setpriv --reuid nobody --regid "$gid" --clear-groups "$dir/ixfab" \
		--socket "$dir/control.sock" "$@"
}

# refused COMMAND…: not permitted, by its exit code.
refused() {
	local status=0
	as nogroup "$@" >"$dir/said" 2>&1 || status=$?
	expect "exit code of $*" "$status" 4
}

# Somebody else may not be able to reach the build.
cp "$builddir/control/ctl/ixfab" "$dir"
chmod 755 "$dir"
hosts 1 2
config_exchange 1 2 | fabric_start
chmod 644 "$config"
wait_for 5 pings 1 2

as nogroup show ports >/dev/null
as nogroup show audit >/dev/null
as nogroup history >/dev/null
as nogroup diff "$config" | grep -qx 'No changes.'
refused port p1 down
refused port p1 drain
refused apply "$config"
refused confirm
refused undo
refused clear counters
refused unsponge 192.0.2.1
refused probe all
pings 1 2
ixfab -j show audit | jq -e '[.audit[] | select(.uid != null)] == []' >/dev/null

as "$group" port p1 down
fails pings 1 2
as "$group" port p1 up
wait_for 10 pings 1 2
expect "who did it" "$(query '.audit[-1].by' audit)" nobody

# Without --metrics nobody listens on the network, neither control nor the dataplane.
for daemon in control dataplane; do
	pid=$(daemon_pid "$dir/$daemon.pid")
	expect "$daemon listens" "$(ss -Hlntup | grep -F "pid=$pid," || true)" ''
	expect "$daemon listens" \
		"$(in_netns "$fabric_ns" ss -Hlntup | grep -F "pid=$pid," || true)" ''
done
ss -Hlxp | grep -F "pid=$(daemon_pid "$dir/control.pid")," | grep -qF "$dir/control.sock"
