// SPDX-License-Identifier: BSD-3-Clause
// Gives every frame of an interface to the AF_XDP socket of its receive queue. A frame for which
// there is no socket is dropped, never passed: peering traffic must not reach the host's own stack.
//
// DPDK's AF_XDP driver loads this object, attaches its first program and fills the map, which it
// finds by its name. dataplane/ports/xdp.c knows the program by its name when a killed dataplane
// left it on an interface.
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_XSKMAP);
	__uint(max_entries, 64);
	__type(key, __u32);
	__type(value, __u32);
} xsks_map SEC(".maps");

SEC("xdp")
int ixfab_port(struct xdp_md *ctx)
{
	return (int)bpf_redirect_map(&xsks_map, ctx->rx_queue_index, XDP_DROP);
}

const char program_license[] SEC("license") = "Dual BSD/GPL";
