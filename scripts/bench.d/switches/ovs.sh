# shellcheck shell=bash disable=SC2034,SC2154
# SPDX-License-Identifier: BSD-3-Clause
# Open vSwitch with DPDK: its datapath in user space, with the one rule that it has by default,
# action NORMAL, which makes it a learning switch.

queues=2 # its main thread has the first queue of each port for itself

ovs() {
	ovs-vsctl --timeout="$START_SECONDS" --db="unix:$dir/ovsdb.sock" "$@"
}

cpu_mask() { # CPU
	printf '0x%x' $((1 << $1))
}

# Each source and destination is a flow to it. It begins with room for 10,000 of them, and makes
# room for 1000 more twice a second; for what has no room yet, each frame takes the slow way.
settle_time() {
	local flows=$((n_stations > 4096 * n_ports ? n_stations : 4096 * n_ports))

	[ "$transport" != memory ] || flows=$n_stations
	echo $((flows > 10000 ? (flows - 10000) / 2000 + 5 : 0))
}

start() {
	local n

	rm -f "$dir"/ovs.db* "$dir"/.ovs.db*
	ovsdb-tool create "$dir/ovs.db" /usr/share/openvswitch/vswitch.ovsschema
	export OVS_RUNDIR=$dir OVS_LOGDIR=$dir OVS_SYSCONFDIR=$dir
	background ovsdb taskset -c "$generator_cpu" ovsdb-server "$dir/ovs.db" \
		--unixctl="$dir/ovsdb.ctl" --remote="punix:$dir/ovsdb.sock"
	wait_for ovsdb-server test -S "$dir/ovsdb.sock"
	ovs --no-wait init -- set Open_vSwitch . other-config:dpdk-init=true \
		other-config:dpdk-extra="--in-memory --no-pci" \
		other-config:dpdk-socket-mem="$memory" other-config:dpdk-socket-limit="$memory" \
		other-config:dpdk-lcore-mask="$(cpu_mask "$generator_cpu")" \
		other-config:pmd-cpu-mask="$(cpu_mask "$switch_cpu")"
	launch ovs taskset -c "$generator_cpu" \
		/usr/lib/openvswitch-switch-dpdk/ovs-vswitchd-dpdk \
		--unixctl="$dir/ovs.ctl" "unix:$dir/ovsdb.sock"
	ovs add-br bench -- set Bridge bench datapath_type=netdev \
		other-config:mac-table-size=$((n_stations > 2048 ? n_stations : 2048))
	for ((n = 0; n < n_ports; n++)); do
		ovs add-port bench "p$n" -- set Interface "p$n" type=dpdk \
			options:dpdk-devargs="$(devargs "$n")"
	done
	settle=$(settle_time)
}

frames() {
	ovs-appctl --target="$dir/ovs.ctl" dpctl/show --statistics |
		sed -n 's/.*TX packets:\([0-9]*\).*/\1/p' | awk '{ sum += $1 } END { print sum }'
}
