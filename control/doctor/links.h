// SPDX-License-Identifier: BSD-3-Clause
// Network interfaces as the kernel has them: all that netlink, ethtool and bpf tell, read at once.
#pragma once

#include <net/if.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// As dataplane/ports/xdp.h has them: our program now, and that of earlier versions.
#define XDP_PROGRAM_NAME	 "ixfab_guard"
#define XDP_PROGRAM_NAME_EARLIER "ixfab_port"

struct link_facts {
	char name[IFNAMSIZ];
	unsigned int flags; // IFF_UP, …
	unsigned int mtu;
	unsigned int mtu_max; // 0: the kernel does not tell
	bool ethernet;
	char master[IFNAMSIZ]; // the bridge, bond, … it belongs to; "": none
	char address[64];      // of the host, link-local ones not counted; "": none
	unsigned int rx;       // channels on which frames arrive
	unsigned int most;     // of them there could be; 0: their number is fixed
	bool pairs;	       // they have transmit channels of their own
	bool gro, lro, rx_vlan;
	uint32_t xdp;	   // id of its XDP program; 0: none
	char xdp_name[17]; // "": we may not know
};

// Read all of this network namespace. Returns 0 or -errno; free "links".
int links_read(struct link_facts **links, size_t *n);

const struct link_facts *links_find(const struct link_facts *links, size_t n, const char *name);
