# shellcheck shell=bash disable=SC2034,SC2154
# SPDX-License-Identifier: BSD-3-Clause
# scripts/bench pktgen: the same runs with Pktgen-DPDK as the generator. To be sourced by
# scripts/bench.
#
# It is not in Debian: build it from https://github.com/pktgen/Pktgen-DPDK and name the program with
# -P. THIS HAS NOT BEEN RUN: where it was written there was no Pktgen-DPDK. Its command line and Lua
# functions are those of release 26.02, read in its source.
#
# Pktgen sends the frames that our own generator would, from files. It wants a CPU for each port,
# beside one for itself (-g): -G names them. On two CPUs, all of it shares one, and it measures
# little but that.
#
# -n ADDRESS,… are PCI addresses of NICs, bound to vfio-pci: then nothing is started but Pktgen, and
# the switch at the other end of the cables is yours.
#
# pktgen.lua is what Pktgen does: forwarding rate at the highest rate it can send at, and the
# throughput at 0.001 % loss by binary search over per cent of the link's speed (RFC 2544, 26.1).
# memif and vhost-user have no such speed; there, frames that find no room wait, and none is lost.
# memif is without zero-copy, because a driver that gives its memory away works for one port alone
# unless somebody puts right what it closes (see tests/bench/ports.c).

pktgen="" pktgen_cpus="" nics=""

pktgen_devices() { # the options of its DPDK, a line each
	local n device
	local -a addresses

	if [ -n "$nics" ]; then
		IFS=, read -r -a addresses <<<"$nics"
		printf -- '-a\n%s\n' "${addresses[@]}"
		return
	fi
	echo --no-pci
	for ((n = 0; n < n_ports; n++)); do
		device=$(generator_device "$n")
		case $transport in
		memif) printf -- '--vdev\nnet_memif%s,%s\n' "$n" "${device#*:}" ;;
		vhost) printf -- '--vdev\nnet_virtio_user%s,%s\n' "$n" "${device#*:}" ;;
		esac
	done
}

pktgen_lcores() { # lcore 0 is Pktgen's own, lcore N + 1 has port N
	local n list="0@$generator_cpu"
	local -a cpus

	IFS=, read -r -a cpus <<<"${pktgen_cpus:-$generator_cpu}"
	for ((n = 0; n < n_ports; n++)); do
		list+=",$((n + 1))@${cpus[n % ${#cpus[@]}]}"
	done
	echo "$list"
}

pktgen_generate() {
	local n
	local -a devices files=() matrix=()

	mapfile -t devices < <(pktgen_devices)
	for ((n = 0; n < n_ports; n++)); do
		files+=(-s "$n:$dir/port$n.pcap")
		matrix+=(-m "$((n + 1)).$n")
	done
	{
		echo "n_ports, seconds, warmup = $n_ports, $seconds, $(warmup_seconds)"
		echo "result = '$dir/pktgen.json'"
		cat "$root/scripts/bench.d/pktgen.lua"
	} >"$dir/pktgen-run.lua"
	rm -f "$dir/pktgen.json"
	background pktgen timeout --kill-after=5 "$patience" "$pktgen" --in-memory \
		--single-file-segments --lcores "$(pktgen_lcores)" -m $((512 * n_ports)) \
		"${devices[@]}" -- "${matrix[@]}" "${files[@]}" -f "$dir/pktgen-run.lua" \
		<"$dir/stdin" {keep_open}>&-
	[ -z "$nics" ] || switch=$background
	thread_times >"$dir/before"
	while kill -0 "$background" 2>/dev/null && [ ! -s "$dir/pktgen.json" ]; do
		sleep 0.1
	done
	thread_times >"$dir/after"
	[ -s "$dir/pktgen.json" ] || { show_logs && die "Pktgen measured nothing"; }
}

run_pktgen() { # SWITCH ROUND
	load_switch "$1"
	begin_run
	reserve_hugepages $((memory + 512 * n_ports + MARGIN))
	generator --pcap "$dir"
	if [ -z "$nics" ]; then
		start
		wait_for "$1" sockets_exist
	fi
	pktgen_generate
	jq -c --argjson ports "$n_ports" --argjson stations "$n_stations" --arg size "$size" \
		--arg pattern "$pattern" '{test: "pktgen", ports: $ports, stations: $stations,
		pattern: $pattern, size: ($size | tonumber? // $size)} + . + {cycles: null}' \
		"$dir/pktgen.json" >"$dir/pktgen.line"
	end_run "$dir/pktgen.line" --arg switch "$1" --argjson round "$2"
}

bench_pktgen() {
	local -a addresses

	[ -x "$pktgen" ] || die "-P names the program pktgen, which is not in Debian"
	if [ -n "$nics" ]; then
		IFS=, read -r -a addresses <<<"$nics"
		ports=${#addresses[@]} transport=nic
	fi
	zero_copy=no
	: "${ports:=2}" "${patterns:=pair}" "${sizes:=64}" "${stations:=2,1000}"
	be_patient 20
	alternate run_pktgen >"$dir/runs"
	summarize "$LOAD_SUMMARY"' + {throughput: (map(.throughput) | median)}' <"$dir/runs" \
		>"$dir/summary"
	report pktgen "$dir/summary" print_pktgen
}

print_pktgen() { # SUMMARY
	print_table "$1" 2,5 '"ports|pattern|size|stations|switch|Mpps|ratio|pairs|0.001 %|worker",
	(.summary[] | [.ports, .pattern, .size, .stations, .switch, (.mpps | fixed(2)),
		(.ratio | fixed(3)), "\(.pairs)/\(.runs)", (.throughput | fixed(2)),
		(.worker | percent)] | rows)'
}
