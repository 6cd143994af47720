// SPDX-License-Identifier: BSD-3-Clause
// Network interfaces as the kernel has them: all that netlink, ethtool and bpf tell, read at once.
#pragma once

#include <net/if.h>
#include <stdbool.h>
#include <stddef.h>

#include "lib/kernel_link.h"

struct link_facts {
	struct kernel_link kernel;
	struct kernel_channels channels;
	char master[IFNAMSIZ]; // the bridge, bond, … it belongs to; "": none
	char address[64];      // of the host, link-local ones not counted; "": none
	bool gro, lro, rx_vlan;
	char xdp_name[17]; // of its XDP program; "": it has none, or we may not know
};

// Read all of this network namespace. Returns 0 or -errno; free "links".
int links_read(struct link_facts **links, size_t *n);

const struct link_facts *links_find(const struct link_facts *links, size_t n, const char *name);
