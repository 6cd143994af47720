#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Garbage on the sockets of both programs: it is refused, and the fabric goes on.
source "$(dirname "$0")/support.sh"

hosts 1 2
config_exchange 1 2 | fabric_start
wait_for 5 pings 1 2
flow_start 1 2

# pour SOCKET: standard input into it. What comes back is not of interest, nor is a hang-up.
pour() {
	timeout 5 socat -u - "UNIX-CONNECT:$1" 2>/dev/null || true
}
set +o pipefail # those who pour may be cut short
for socket in control dataplane; do
	head -c 100000 /dev/urandom | pour "$dir/$socket.sock"
	printf '{"jsonrpc": "2.0", "id": 1, "method": "show.nothing"}\n{"jsonrpc":' |
		pour "$dir/$socket.sock"
	head -c 20000000 /dev/zero | tr '\0' '[' | pour "$dir/$socket.sock"
done
daemon_runs "$dir/control.pid"
daemon_runs "$dir/dataplane.pid"
wait_for 10 ports_up
wait_for 5 pings 2 1
expect_no_loss "$(flow_end)"
