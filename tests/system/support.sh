# shellcheck shell=bash disable=SC2034,SC2154
# SPDX-License-Identifier: BSD-3-Clause
# A system test's world: a fabric in a namespace of its own, hosts around it, the real programs. To
# be sourced first by every test. A test fails when a command fails; at its end the books of the
# fabric must be balanced, and everything it made is removed.
#
#   hosts 1 2 3         host N: namespace, MAC 02:00:00:00:00:0N, 192.0.2.N, 2001:db8:2::N,
#                       eth0 cabled to the fabric's interface pN
#   fabric_start <<END  start dataplane and control with this configuration
#   reconfigure <<END   apply another one
#   ixfab ARGUMENT…     the operator's tool
#   wait_for SECONDS COMMAND…
set -euo pipefail
# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/../../scripts/lib.sh"
# shellcheck source=scripts/net.sh
source "$root/scripts/net.sh"

# Deadlines are what an idle machine needs with plenty to spare, times this, for machines that are
# not idle. A test that passes never waits for one.
readonly patience=4

builddir=${IXFAB_BUILD:-$root/build}
prefix=ixt$$
fabric_ns=$prefix-fabric
dir=$(mktemp -d "/tmp/$prefix.XXXXXX")
config=$dir/ixfab.yaml
mkdir "$dir/state"

# --- the world ---

world_end() {
	local status=$?
	trap '' INT TERM HUP PIPE # whoever reads what we say may be gone
	trap - EXIT
	set +e
	if [[ $status -eq 0 ]] && ! check_conserved; then
		status=1
	fi
	[[ $status -eq 0 ]] || world_tell
	world_remove
	exit "$status"
}

# What somebody wants to see who looks for the fault.
world_tell() {
	local log
	say "--- ports, drops"
	ixfab show ports || true
	ixfab show drops || true
	for log in "$dir"/*.log; do
		[[ -s $log ]] || continue
		say "--- ${log##*/}"
		tail -n 30 "$log"
	done
}

world_remove() {
	local pidfile
	for pidfile in "$dir"/*.pid; do
		[[ ! -e $pidfile ]] || daemon_stop "$pidfile"
	done
	netns_del_all "$prefix-"
	rm -rf "$dir"
}

world_failed() {
	say "failed: ${BASH_SOURCE[1]##*/}:$1: $2" >&2
}

trap world_end EXIT
trap 'exit 130' INT TERM HUP
trap 'world_failed "$LINENO" "$BASH_COMMAND"' ERR
set -E

netns_add_fabric "$fabric_ns"

# --- hosts ---

host_ns() {
	printf '%s-h%s' "$prefix" "$1"
}

host_mac() {
	printf '02:00:00:00:00:%02x' "$1"
}

host_ip4() {
	printf '192.0.2.%d' "$1"
}

host_ip6() {
	printf '2001:db8:2::%x' "$1"
}

hosts() {
	local i
	for i; do
		netns_add_router "$(host_ns "$i")"
		cable "$fabric_ns" "p$i" "$(host_ns "$i")" "$(host_mac "$i")"
		ip -n "$(host_ns "$i")" address add "$(host_ip4 "$i")/24" dev eth0
		ip -n "$(host_ns "$i")" address add "$(host_ip6 "$i")/64" dev eth0 nodad
	done
}

# quiet HOST…: its kernel says nothing by itself any more, where a test counts every frame.
quiet() {
	local i
	for i; do
		on "$i" sysctl -qw net.ipv6.conf.eth0.disable_ipv6=1
	done
}

# on HOST COMMAND…
on() {
	local ns
	ns=$(host_ns "$1")
	shift
	in_netns "$ns" "$@"
}

# --- the programs ---

# On the CPUs in "workers", or on the last one that there is.
dataplane_start() {
	daemon_start "$dir/dataplane.pid" "$dir/dataplane.log" ip netns exec "$fabric_ns" \
		"$builddir/dataplane/ixfab-dataplane" --memory 128 --socket "$dir/dataplane.sock" \
		--workers "${workers:-$(usable_cpus | tail -n 1)}"
}

control_start() {
	daemon_start "$dir/control.pid" "$dir/control.log" \
		"$builddir/control/ixfab-control" --dataplane "$dir/dataplane.sock" \
		--socket "$dir/control.sock" --state "$dir/state" --config "$config"
}

ixfab() {
	"$builddir/control/ctl/ixfab" --socket "$dir/control.sock" "$@"
}

# query FILTER SHOW…: the answer of "ixfab -j show SHOW…", through jq. Fails if it is null or false.
query() {
	local filter=$1
	shift
	ixfab -j show "$@" 2>/dev/null | jq -er "$filter"
}

ports_up() {
	query '[.ports[] | select(.admin == "up")] | length > 0 and all(.[]; .link == "up")' \
		ports >/dev/null
}

# fabric_start < CONFIGURATION
fabric_start() {
	cat >"$config"
	dataplane_start
	control_start
	wait_for 30 ports_up
}

reconfigure() {
	cat >"$config"
	ixfab apply "$config"
}

# The ports of an exchange LAN with a MAC registered for each host: config_exchange 1 2 3. Beside
# what a peering LAN takes it takes the ethertype of "send".
config_exchange() {
	local i
	cat <<END
version: 1
fabric: {name: test-ix}
lans:
  peering:
    profile: exchange
    mtu: 1500
    prefixes: [192.0.2.0/24, 2001:db8:2::/64]
    admission: {ethertypes: [ipv4, arp, ipv6, 0x88b6]}
ports:
END
	for i; do
		cat <<END
  p$i:
    device: iface:p$i
    member: {asn: $((64500 + i)), name: Member $i}
    lans:
      peering:
        macs: ["$(host_mac "$i")"]
        ips: [$(host_ip4 "$i"), "$(host_ip6 "$i")"]
END
	done
}

# The same for a plain learning bridge, where nothing is registered.
config_open() {
	local i
	cat <<END
version: 1
fabric: {name: test-bridge}
lans:
  office: {profile: open, mtu: 1500}
ports:
END
	for i; do
		say "  p$i: {device: \"iface:p$i\", lans: {office: {}}}"
	done
}

# --- waiting, and checks ---

wait_for() {
	wait_until "$(($1 * patience))" "${@:2}" || {
		say "waited $(($1 * patience)) s in vain for: ${*:2}"
		return 1
	}
}

# fails COMMAND…: it must not succeed.
fails() {
	if "$@"; then
		say "this should have failed: $*"
		return 1
	fi
}

# expect NAME GOT WANTED
expect() {
	[[ $2 == "$3" ]] || {
		say "$1: got '$2', wanted '$3'"
		return 1
	}
}

is_balanced() {
	[[ $(query .total.balance counters) == 0 ]]
}

# Every frame was sent, dropped for a reason, or consumed.
check_conserved() {
	wait_until 5 is_balanced || {
		say "the books are not balanced:"
		ixfab -j show counters || true
		return 1
	}
}

pings() {
	on "$1" ping -nqc 1 -W 1 "$(host_ip4 "$2")" >/dev/null &&
		on "$1" ping -nqc 1 -W 1 "$(host_ip6 "$2")" >/dev/null
}

# Frames dropped for a reason, on a port or on all: drops REASON [PORT]
drops() {
	ixfab -j show drops | jq --arg reason "$1" --arg port "${2:-}" '[.drops[] | select(
		.reason == $reason and ($port == "" or .port == $port)) | .frames] | add // 0'
}

dropped() {
	[[ $(drops "$1" "$2") == "$3" ]]
}

# dropped_beyond FRAMES REASON PORT: it has dropped more than so many.
dropped_beyond() {
	[[ $(drops "$2" "$3") -gt $1 ]]
}

# --- frames (tests/support/frames.c) ---

frames() {
	"$builddir/tests/support/frames" "$@"
}

# listen HOST…: write down what arrives there from now on.
listen() {
	local i
	for i; do
		: >"$dir/heard$i"
		daemon_start "$dir/listen$i.pid" "$dir/heard$i" \
			"$builddir/tests/support/frames" dump "$(host_ns "$i"):eth0"
		wait_for 5 grep -q ready "$dir/heard$i"
	done
}

# send FROM TO KEY=VALUE…: from a host to the MAC of another, or to TO if that is a MAC.
send() {
	local from=$1 to=$2
	shift 2
	[[ $to == *:* ]] || to=$(host_mac "$to")
	frames send "$(host_ns "$from"):eth0" "src=$(host_mac "$from")" "dst=$to" "$@"
}

# heard HOST ID [PATTERN]: did a frame with this id arrive, on a line with PATTERN?
heard() {
	grep -E " id=$2 .*intact\$" "$dir/heard$1" | grep -qE -- "${3:-}"
}

# not_heard FROM WITNESS HOST ID: the frame ID, sent before by FROM, never got to HOST. A second
# frame follows the first by FROM's port, and one from the witness follows both to HOST: had the
# first one been on its way, it would have arrived before.
not_heard() {
	local from=$1 witness=$2 host=$3 id=$4
	marks=$((${marks:-900000} + 2))
	send "$from" "$witness" "id=$marks" "${@:5}"
	wait_for 5 heard "$witness" "$marks"
	send "$witness" "$host" "id=$((marks + 1))" "${@:5}"
	wait_for 5 heard "$host" "$((marks + 1))"
	fails heard "$host" "$id"
}

# flow_start FROM TO [KEY=VALUE…]: send all the time, in the background, until flow_end.
flow_start() {
	local from=$1 to=$2
	shift 2
	rm -f "$dir/flow.result"
	daemon_start "$dir/flow.pid" "$dir/flow.result" "$builddir/tests/support/frames" flow \
		"$(host_ns "$from"):eth0" "$(host_ns "$to"):eth0" "src=$(host_mac "$from")" \
		"dst=$(host_mac "$to")" id=4711 seconds=120 "$@"
}

# Ends the flow, and prints "sent N lost N damaged N doubled N gap MS".
flow_end() {
	daemon_stop "$dir/flow.pid"
	cat "$dir/flow.result"
}

# The frames of a flow that were sent, and that none is missing.
expect_no_loss() {
	local result=$1
	say "flow: $result"
	[[ $result =~ ^sent\ [1-9][0-9]*\ lost\ 0\ damaged\ 0\ doubled\ 0\  ]]
}
