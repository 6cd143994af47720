# shellcheck shell=bash disable=SC2034,SC2154
# SPDX-License-Identifier: BSD-3-Clause
# The ports between switch and generator, the same for all switches. To be sourced by scripts/bench.
#
# memif:
# - The switch is the server, the generator the client: the client owns the memory, and only a
#   client can have zero-copy.
# - zero-copy=yes in the generator (-z no turns it off): it lends its mbufs instead of copying, so
#   that it is clearly faster than any switch ("blocked" is the share of its attempts that found the
#   switch's ring full), and frames lie in hugepages, as they would with a NIC. The switch, being a
#   server, copies each frame once in and once out: that is memif's price, and all switches pay it.
# - Rings of 1024 (rsize=10) and, without zero-copy, buffers of 2048 octets: the driver's defaults,
#   which is what a user gets.
#
# vhost: the switch is the vhost-user server, as it is towards a virtual machine; the generator's
# end is virtio-user, which lends its memory. The switch copies here, too.
#
# memory: no generator. Each port gives the frames of a file again and again, out of memory
# (net_pcap with infinite_rx), and throws away what it is told to send: there is no cheaper I/O.
#
# iface: kernel interfaces, the ends of cables that whoever uses them has laid (idle.sh).
#
# One receive and one transmit queue per port, except where a switch needs more; as much hugepage
# memory for each switch.

readonly MEMIF="socket-abstract=no,id=0,rsize=10,bsize=2048"
readonly TRANSPORTS="memif vhost memory"
readonly MARGIN=32 # MiB of hugepages that neither side was told of

n_ports=2 queues=1 memory=256 settle=0

devargs() { # NUMBER: of the switch's port, for its DPDK
	case $transport in
	memif) echo "net_memif$1,socket=$dir/port$1.sock,role=server,$MEMIF" ;;
	vhost) echo "net_vhost$1,iface=$dir/port$1.sock,queues=$queues" ;;
	memory) echo "net_pcap$1,rx_pcap=$dir/port$1.pcap,infinite_rx=1" ;;
	iface) echo "s$1" ;;
	esac
}

generator_device() { # NUMBER
	case $transport in
	memif) echo "memif:socket=$dir/port$1.sock,role=client,$MEMIF,zero-copy=$zero_copy" ;;
	vhost) echo "virtio:path=$dir/port$1.sock,queues=$queues,mrg_rxbuf=0,in_order=1" ;;
	memory) echo "memif:" ;; # only to write the files
	iface) echo "packet:iface=g$1" ;;
	esac
}

generator_memory() { # MIB
	echo $((64 + n_ports * (queues + 1) * 24))
}

sockets_exist() {
	local n

	for ((n = 0; n < n_ports; n++)); do
		[ -S "$dir/port$n.sock" ] || return 1
	done
}

reserve_memory() { # for both at once: while one starts, nobody can tell what it will leave of them
	reserve_hugepages $((memory + $(generator_memory) + MARGIN))
}
