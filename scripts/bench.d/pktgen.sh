# shellcheck shell=bash disable=SC2034,SC2154
# SPDX-License-Identifier: BSD-3-Clause
# scripts/bench pktgen: the same runs with Pktgen-DPDK as the generator. To be sourced by
# scripts/bench.
#
# It is not in Debian, and what is newer than this commit (24.10.0 but for its last change) wants
# DPDK 24.11. With Debian's 22.11, which has four names of before, it is built like this, and with
# -P builddir/app/pktgen it was run over memif and vhost-user. NICs were not tried.
#
#   apt-get install libdpdk-dev liblua5.4-dev libbsd-dev libnuma-dev libpcap-dev meson
#   git clone https://github.com/pktgen/Pktgen-DPDK && cd Pktgen-DPDK && git checkout dea335e
#   meson setup builddir -Denable_lua=true -Dc_args="
#       -Drte_eth_bond_members_get=rte_eth_bond_slaves_get
#       -Drte_eth_bond_active_members_get=rte_eth_bond_active_slaves_get
#       -Drte_eth_bond_8023ad_member_info=rte_eth_bond_8023ad_slave_info
#       -Drte_thread_set_name=rte_thread_setname" && ninja -C builddir
#
# Pktgen sends the frames that our own generator would, from files. It has a thread of its own and
# one for each port, all of which poll. -G names CPUs for those of the ports, beside the one for the
# rest (-g). Where they have to share CPUs, as on a machine of two, they take turns by what is
# preloaded (tests/bench/turns.c). Without that, a port loses rings of frames while it waits for the
# CPU: of 2.5 million frames a second, 2 % came back. Still it is a slower generator than ours.
#
# -n ADDRESS,… are PCI addresses of NICs, bound to vfio-pci: then nothing is started but Pktgen, and
# the switch at the other end of the cables is yours; "worker" is of Pktgen's busiest thread.
#
# pktgen.lua is what Pktgen does: the forwarding rate when it sends as fast as it can, and from
# there downwards the throughput at 0.001 % loss by binary search (RFC 2544, 26.1), over the time
# between two bursts of a port and not per cent of a link's speed: memif and vhost-user have none.
# Between such ports Pktgen waits where the ring to the switch is full, and what is lost is lost
# where the ring back is full, because the port's thread is behind. Where threads share a CPU, the
# throughput therefore tells more of Pktgen than of the switch.
#
# memif is without zero-copy, because a driver that gives its memory away works for one port alone
# unless somebody puts right what it closes (see tests/bench/ports.c).

readonly PKTGEN_MEMORY=256 # MiB for each port

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

# Pktgen binds its own thread to the CPU that its lcore is named after: that of port N is named
# after none.
pktgen_lcore() { # PORT
	echo $((generator_cpu + 1 + $1))
}

pktgen_lcores() {
	local n list="$generator_cpu@$generator_cpu"
	local -a cpus

	IFS=, read -r -a cpus <<<"${pktgen_cpus:-$generator_cpu}"
	for ((n = 0; n < n_ports; n++)); do
		list+=",$(pktgen_lcore "$n")@${cpus[n % ${#cpus[@]}]}"
	done
	echo "$list"
}

pktgen_shares_cpus() {
	local all=$generator_cpu${pktgen_cpus:+,$pktgen_cpus}

	[ "$(tr , '\n' <<<"$all" | sort -u | wc -l)" -le "$n_ports" ]
}

# In a terminal of its own, without which it does not start; as a program whose number we know; and
# not for longer than what started it, which may be killed.
pktgen_start() {
	local n
	local -a devices command dies=(setpriv --pdeathsig KILL)

	mapfile -t devices < <(pktgen_devices)
	command=(taskset -c "$generator_cpu${pktgen_cpus:+,$pktgen_cpus}")
	! pktgen_shares_cpus || command+=(env LD_PRELOAD="$tree/tests/bench/turns.so")
	command+=("$pktgen" --in-memory --single-file-segments --lcores "$(pktgen_lcores)"
		-m $((PKTGEN_MEMORY * n_ports)) "${devices[@]}"
		-- -c -f "$dir/pktgen-run.lua")
	[ -z "$nics" ] || command+=(-P) # for stations that are not the NIC
	for ((n = 0; n < n_ports; n++)); do
		command+=(-m "$(pktgen_lcore "$n").$n" -s "$n:$dir/port$n.pcap")
	done
	background pktgen env SHELL=/bin/sh timeout --kill-after=5 "$patience" \
		"${dies[@]}" script --quiet \
		--command "echo \$\$ >$dir/pktgen.pid; exec ${dies[*]} ${command[*]@Q}" /dev/null \
		<"$dir/stdin" {keep_open}>&-
	wait_for Pktgen test -s "$dir/pktgen.pid"
	processes+=("$(<"$dir/pktgen.pid")")
}

pktgen_generate() {
	{
		echo "n_ports, seconds, warmup = $n_ports, $seconds, $(warmup_seconds)"
		echo "result = '$dir/pktgen.json'"
		cat "$root/scripts/bench.d/pktgen.lua"
	} >"$dir/pktgen-run.lua"
	rm -f "$dir/pktgen.json" "$dir/pktgen.pid"
	pktgen_start
	[ -z "$nics" ] || switch=$(<"$dir/pktgen.pid")
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
	reserve_hugepages $((memory + PKTGEN_MEMORY * n_ports + MARGIN))
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
	be_patient 30
	alternate run_pktgen >"$dir/runs"
	summarize "$LOAD_SUMMARY"' + {offered: (map(.offered) | median),
		tx: (map(.tx) | add), throughput: (map(.throughput) | median)}' <"$dir/runs" \
		>"$dir/summary"
	report pktgen "$dir/summary" print_pktgen
}

print_pktgen() { # SUMMARY
	print_table "$1" 2,5 '"ports|pattern|size|stations|switch|offered|Mpps|ratio|pairs|lost|" +
		"0.001 %|worker",
	(.summary[] | [.ports, .pattern, .size, .stations, .switch, (.offered | fixed(2)),
		(.mpps | fixed(2)), (.ratio | fixed(3)), "\(.pairs)/\(.runs)",
		(.lost / .tx * 100 | fixed(3)) + " %", (.throughput | fixed(2)),
		(.worker | percent)] | rows)'
}
