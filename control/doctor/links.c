// SPDX-License-Identifier: BSD-3-Clause
#include "control/doctor/links.h"

#include <linux/bpf.h>
#include <linux/ethtool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "control/alloc.h"

struct reading {
	struct link_facts *links;
	size_t n;
};

static int bpf(int command, union bpf_attr *attr)
{
	return (int)syscall(SYS_bpf, command, attr, sizeof(*attr));
}

static void read_program_name(struct link_facts *link)
{
	union bpf_attr attr = {.prog_id = link->kernel.xdp};
	struct bpf_prog_info info = {0};
	int fd = link->kernel.xdp ? bpf(BPF_PROG_GET_FD_BY_ID, &attr) : -1;

	if (fd < 0)
		return;
	memset(&attr, 0, sizeof(attr));
	attr.info.bpf_fd = (uint32_t)fd;
	attr.info.info_len = sizeof(info);
	attr.info.info = (uintptr_t)&info;
	if (bpf(BPF_OBJ_GET_INFO_BY_FD, &attr) == 0)
		snprintf(link->xdp_name, sizeof(link->xdp_name), "%s", info.name);
	close(fd);
}

static void read_master(struct link_facts *link)
{
	int master = link->kernel.master;

	if (master && !if_indextoname((unsigned int)master, link->master))
		snprintf(link->master, sizeof(link->master), "%d", master);
}

// What an interface does not know it does not have.
static void read_settings(struct link_facts *link)
{
	struct ethtool_value gro = {.cmd = ETHTOOL_GGRO}, flags = {.cmd = ETHTOOL_GFLAGS};
	const char *name = link->kernel.name;

	(void)kernel_link_channels(name, &link->channels);
	link->gro = kernel_link_ethtool(name, &gro) == 0 && gro.data;
	if (kernel_link_ethtool(name, &flags) == 0) {
		link->lro = flags.data & ETH_FLAG_LRO;
		link->rx_vlan = flags.data & ETH_FLAG_RXVLAN;
	}
}

static void take_link(void *argument, const struct kernel_link *kernel)
{
	struct reading *reading = argument;

	reading->links = alloc_array(reading->links, reading->n + 1, sizeof(*reading->links));
	reading->links[reading->n++] = (struct link_facts){.kernel = *kernel};
}

static void take_address(void *argument, const char *name, const char *text)
{
	const struct reading *reading = argument;
	struct link_facts *link = (struct link_facts *)links_find(reading->links, reading->n, name);

	if (link && !link->address[0])
		snprintf(link->address, sizeof(link->address), "%s", text);
}

int links_read(struct link_facts **links, size_t *n)
{
	struct reading reading = {0};
	int err = kernel_link_each(take_link, &reading);

	if (err) {
		free(reading.links);
		return err;
	}
	for (size_t i = 0; i < reading.n; i++) {
		read_master(&reading.links[i]);
		read_settings(&reading.links[i]);
		read_program_name(&reading.links[i]);
	}
	(void)kernel_address_each(take_address, &reading);
	*links = reading.links;
	*n = reading.n;
	return 0;
}

const struct link_facts *links_find(const struct link_facts *links, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++) {
		if (strcmp(links[i].kernel.name, name) == 0)
			return &links[i];
	}
	return NULL;
}
