# shellcheck shell=bash
# SPDX-License-Identifier: BSD-3-Clause
# Namespaces and cables, for the lab and the system tests. To be sourced after lib.sh.

# in_netns NAMESPACE COMMAND…
in_netns() {
	ip netns exec "$@"
}

# A namespace for the fabric: its kernel says nothing on any cable.
netns_add_fabric() {
	ip netns add "$1"
	in_netns "$1" sysctl -qw net.ipv6.conf.{all,default}.disable_ipv6=1
}

# A namespace for a router, set up as a peering LAN wants it: ARP answers only for the address of
# the interface that was asked, no router advertisements sent or taken, no redirects.
netns_add_router() {
	local what
	local -a settings=(
		net.ipv4.ip_forward=1
		net.ipv6.conf.all.forwarding=1
	)
	for what in all default; do
		settings+=(
			"net.ipv4.conf.$what.arp_ignore=1"
			"net.ipv4.conf.$what.arp_announce=1"
			"net.ipv4.conf.$what.rp_filter=0"
			"net.ipv4.conf.$what.send_redirects=0"
			"net.ipv4.conf.$what.accept_redirects=0"
			"net.ipv6.conf.$what.accept_ra=0"
			"net.ipv6.conf.$what.autoconf=0"
			"net.ipv6.conf.$what.accept_redirects=0"
			"net.ipv6.conf.$what.accept_dad=0"
			"net.ipv6.conf.$what.keep_addr_on_down=1"
		)
	done
	ip netns add "$1"
	in_netns "$1" sysctl -qw "${settings[@]}"
	ip -n "$1" link set lo up
}

# cable FABRIC PORT NAMESPACE MAC [NAME]: from PORT in the namespace FABRIC to NAME, or eth0, in
# NAMESPACE. Checksums are computed by the sender, because frames that a switch takes out of a cable
# must be complete.
cable() {
	local fabric=$1 port=$2 ns=$3 mac=$4 name=${5:-eth0}
	ip -n "$fabric" link add "$port" type veth peer name "$name" address "$mac" netns "$ns"
	in_netns "$fabric" ethtool -K "$port" tx off gro off >/dev/null
	in_netns "$ns" ethtool -K "$name" tx off tso off gso off gro off >/dev/null
	ip -n "$fabric" link set "$port" up
	ip -n "$ns" link set "$name" up
}

# The namespaces whose names start with PREFIX, one a line.
netns_list() {
	command -v ip >/dev/null || return 0 # before the first scripts/deps there can be none
	ip netns list | awk -v prefix="$1" 'index($1, prefix) == 1 {print $1}'
}

# Remove namespaces by the start of their names, with whatever still runs inside.
netns_del_all() {
	local ns pid
	for ns in $(netns_list "$1"); do
		for pid in $(ip netns pids "$ns"); do
			kill -KILL "$pid" 2>/dev/null || true
		done
		ip netns del "$ns"
	done
}
