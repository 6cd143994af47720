# shellcheck shell=bash disable=SC2034,SC2154
# SPDX-License-Identifier: BSD-3-Clause
# The switches under test. To be sourced by scripts/bench.
#
# Each is a file scripts/bench.d/switches/NAME.sh; to compare with another switch, drop a file
# there, or give its path to -d. It defines
#
#   start     start the switch: it forwards between the ports 0 to $n_ports - 1, whose devargs for
#             DPDK "devargs N" prints. "launch NAME COMMAND…" starts the process with the worker,
#             "background NAME COMMAND…" others that it needs, "wait_for WHAT COMMAND…" waits until
#             a command succeeds. The worker's CPU is $switch_cpu; all else goes to $generator_cpu.
#             $memory is how many MiB it may have, $n_stations how many addresses there are. Files
#             go to $dir.
#   frames    print how many frames it has sent so far, on all ports: only for "memory"
#   queues=2  if it does not send on the first queue of a port alone
#   settle=SECONDS, set by start, if it is slower until then: it is warmed up for so much longer
#
# and that is all that differs between switches.

# What workers of ixfab do when there is nothing to do, and what ixfab is started with.
power=poll switch_prefix=()

readonly SWITCHES=$root/scripts/bench.d/switches

known_switches() {
	local file
	local -a names=()

	for file in "$SWITCHES"/*.sh; do
		file=${file##*/}
		names+=("${file%.sh}")
	done
	echo "${names[*]}"
}

load_switch() { # NAME or PATH
	local file=$SWITCHES/$1.sh

	[[ $1 != */* ]] || file=$1
	[ -f "$file" ] || die "there is no switch $1: the known ones are $(known_switches)"
	unset -f start frames
	queues=1 settle=0
	# shellcheck source=/dev/null
	source "$file"
	[ "$(type -t start)" = function ] || die "$file does not define the function start"
}

check_switches() {
	local name

	for name in ${switches//,/ }; do
		load_switch "$name"
	done
}

# --- what the start scripts of one kind share ---

# vdevs ARRAY: the options --vdev of a DPDK program.
vdevs() {
	local n
	local -n options=$1

	options=()
	for ((n = 0; n < n_ports; n++)); do
		options+=(--vdev "$(devargs "$n")")
	done
}

testpmd() { # FORWARD-MODE
	local -a ports

	vdevs ports
	launch testpmd stdbuf -oL dpdk-testpmd --lcores "0@$generator_cpu,1@$switch_cpu" \
		--in-memory --no-pci --no-telemetry -m "$memory" "${ports[@]}" \
		-- --interactive --forward-mode="$1" --auto-start --no-lsc-interrupt \
		--total-num-mbufs=$((memory * 256)) --disable-link-check \
		<"$dir/stdin" {keep_open}>&-
	wait_for testpmd testpmd_is_ready
}

testpmd_is_ready() {
	grep -q 'testpmd> ' "$dir/testpmd.out"
}

testpmd_frames() {
	local before deadline=$((SECONDS + 5))

	before=$(grep -c 'Tx-pps' "$dir/testpmd.out" || true)
	echo "show port stats all" >&"$keep_open"
	until [ "$(grep -c 'Tx-pps' "$dir/testpmd.out")" -ge $((before + n_ports)) ]; do
		[ $SECONDS -lt $deadline ] || return 1
		sleep 0.002
	done
	grep -o 'TX-packets: [0-9]*' "$dir/testpmd.out" | tail -n "$n_ports" |
		awk '{ sum += $2 } END { print sum }'
}

ixfab_device() { # NUMBER
	[ "$transport" != iface ] || { echo "iface:$(devargs "$1")" && return; }
	echo "devargs:$(devargs "$1")"
}

# A configuration with one LAN, whose other keys come from the standard input. What the LAN is for
# a port, the command prints.
ixfab_config() { # [COMMAND…]
	local n

	cat <<-EOF
	version: 1
	fabric:
	  name: bench
	lans:
	  bench:
	    fdb-size: $((n_stations > 16384 ? n_stations : 16384))
	EOF
	cat
	echo "ports:"
	for ((n = 0; n < n_ports; n++)); do
		echo "  p$n:"
		echo "    device: \"$(ixfab_device "$n")\""
		echo "    lans:"
		if [ $# -gt 0 ]; then "$@" "$n"; else echo "      bench: {}"; fi
	done
}

ixfab_start() { # with $dir/ixfab.yaml
	rm -rf "$dir/state"
	mkdir "$dir/state"
	launch ixfab "${switch_prefix[@]}" "$tree/dataplane/ixfab-dataplane" \
		--workers "$switch_cpu" --socket "$dir/dataplane.sock" --memory "$memory" \
		--power "$power"
	wait_for "ixfab-dataplane" test -S "$dir/dataplane.sock"
	! grep -q 'huge pages are free' "$dir/ixfab.err" ||
		die "somebody else took the huge pages that were for ixfab-dataplane"
	background control taskset -c "$generator_cpu" "$tree/control/ixfab-control" \
		--dataplane "$dir/dataplane.sock" --socket "$dir/control.sock" \
		--state "$dir/state" --config "$dir/ixfab.yaml"
	wait_for ixfab-control grep -q 'generation 1 is in force' "$dir/control.err"
}

ixfab_frames() {
	"$tree/control/ctl/ixfab" --socket "$dir/control.sock" -j show ports |
		jq '[.ports[].counters.tx_frames] | add'
}
