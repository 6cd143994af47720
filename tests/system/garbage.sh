#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Garbage on the sockets of both programs: it is refused, and the fabric goes on.
source "$(dirname "$0")/support.sh"

hosts 1 2
config_exchange 1 2 | fabric_start
wait_for 5 pings 1 2
flow_start 1 2

# What comes back is not of interest, nor is a hang-up.
pour() {
	timeout 5 socat -u - "UNIX-CONNECT:$dir/control.sock" 2>/dev/null || true
}
set +o pipefail # those who pour may be cut short
head -c 100000 /dev/urandom | pour
printf '{"jsonrpc": "2.0", "id": 1, "method": "show.nothing"}\n{"jsonrpc":' | pour
head -c 20000000 /dev/zero | tr '\0' '[' | pour
set -o pipefail

# While control is attached nobody else is let in; without it, its place is taken by one who writes
# garbage as hello, another version, random messages, filters that never end, and positions that a
# ring cannot have.
rogue() {
	"$builddir/tests/support/rogue_control" "$dir/dataplane.sock" "$1"
}
rogue hello
rogue version
fails rogue messages
daemon_stop "$dir/control.pid" TERM
for what in hello version messages filters positions; do
	rogue "$what"
done
control_start
wait_for 10 ports_up
[[ $(query .dataplane.bad_commands version) -gt 0 ]]

daemon_runs "$dir/control.pid"
daemon_runs "$dir/dataplane.pid"
wait_for 10 ports_up
wait_for 5 pings 2 1
expect_no_loss "$(flow_end)"
