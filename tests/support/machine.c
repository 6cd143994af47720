// SPDX-License-Identifier: BSD-3-Clause
#include "tests/support/machine.h"

#include <criterion/criterion.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct {
	const char *path;
	const char *text;
} files[] = {
	{"/etc/os-release", "ID=debian\n"},
	{"/proc/cpuinfo",
	 "processor\t: 0\nflags\t\t: fpu constant_tsc nonstop_tsc sse4_2 avx avx2\n"},
	{"/proc/mounts", "hugetlbfs /dev/hugepages hugetlbfs rw,relatime 0 0\n"},
	{"/proc/net/protocols", "protocol  size\nXDP       960\nTCP      2400\n"},
	{"/proc/sys/kernel/osrelease", "6.1.0-18-amd64\n"},
	{"/proc/sys/net/core/bpf_jit_enable", "1\n"},
	{"/proc/1/comm", "systemd\n"},
	{"/proc/300/comm", "ixfab-control\n"},
	{"/proc/400/comm", "ixfab-dataplane\n"},
	{"/proc/400/status", "Name:\tixfab-dataplane\nHugetlbPages:\t  196608 kB\nCapEff:\t"
			     "0000000000004000\n"},
	{"/proc/400/limits", "Max locked memory         8388608              8388608     bytes\n"},
	{"/proc/self/status", "Name:\tixfab\nCapEff:\t0000000000000000\n"},
	{"/sys/devices/system/cpu/online", "0-3\n"},
	{"/sys/devices/system/cpu/isolated", "2-3\n"},
	{"/sys/devices/system/cpu/nohz_full", "2-3\n"},
	{"/sys/devices/system/cpu/cpu2/topology/thread_siblings_list", "2\n"},
	{"/sys/devices/system/cpu/cpu3/topology/thread_siblings_list", "3\n"},
	{"/sys/devices/system/cpu/cpu2/cpufreq/scaling_governor", "performance\n"},
	{"/sys/devices/system/cpu/cpu3/cpufreq/scaling_governor", "performance\n"},
	{"/sys/devices/system/node/node0/cpulist", "0-1\n"},
	{"/sys/devices/system/node/node1/cpulist", "2-3\n"},
	{"/sys/devices/system/node/node0/hugepages/hugepages-2048kB/nr_hugepages", "0\n"},
	{"/sys/devices/system/node/node0/hugepages/hugepages-2048kB/free_hugepages", "0\n"},
	{"/sys/devices/system/node/node1/hugepages/hugepages-2048kB/nr_hugepages", "512\n"},
	{"/sys/devices/system/node/node1/hugepages/hugepages-2048kB/free_hugepages", "416\n"},
	{"/sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages", "512\n"},
	{"/sys/kernel/mm/hugepages/hugepages-2048kB/free_hugepages", "416\n"},
	{"/sys/kernel/btf/vmlinux", "btf"},
	{"/sys/kernel/iommu_groups/7/type", "DMA\n"},
	{"/sys/bus/pci/devices/0000:00:1c.0/class", "0x060400\n"},
	{"/sys/bus/pci/devices/0000:01:00.0/class", "0x020000\n"},
	{"/sys/bus/pci/devices/0000:01:00.0/numa_node", "1\n"},
	{"/sys/bus/pci/devices/0000:01:00.1/class", "0x020000\n"},
	{"/sys/bus/pci/devices/0000:01:00.1/net/enp1s0f1/mtu", "1500\n"},
	{"/sys/kernel/iommu_groups/7/devices/0000:00:1c.0/class", "0x060400\n"},
	{"/sys/kernel/iommu_groups/7/devices/0000:01:00.0/class", "0x020000\n"},
	{"/sys/class/net/enp1s0/device/numa_node", "1\n"},
	{"/usr/lib/locale/C.utf8", ""},
	{"/usr/lib/x86_64-linux-gnu/librte_eal.so.23", ""},
	{"/usr/lib/x86_64-linux-gnu/dpdk/pmds-23.0/librte_net_af_packet.so.23", ""},
	{"/usr/lib/x86_64-linux-gnu/dpdk/pmds-23.0/librte_net_af_xdp.so.23", ""},
	{"/usr/lib/x86_64-linux-gnu/dpdk/pmds-23.0/librte_net_tap.so.23", ""},
	{"/var/lib/ixfab/state.sqlite", ""},
};

static const struct {
	const char *path;
	const char *target;
} links[] = {
	{"/proc/self/ns/net", "net:[4026531840]"},
	{"/proc/400/ns/net", "net:[4026531840]"},
	{"/sys/bus/pci/devices/0000:00:1c.0/driver", "../../../bus/pci/drivers/pcieport"},
	{"/sys/bus/pci/devices/0000:01:00.0/driver", "../../../bus/pci/drivers/vfio-pci"},
	{"/sys/bus/pci/devices/0000:01:00.1/driver", "../../../bus/pci/drivers/ixgbe"},
	{"/sys/bus/pci/devices/0000:01:00.0/iommu_group", "../../../../kernel/iommu_groups/7"},
};

static void path_of(const struct machine *machine, const char *path, char whole[PATH_MAX])
{
	snprintf(whole, PATH_MAX, "%s%s", machine->root, path);
}

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *at)
{
	(void)status, (void)type, (void)at;
	return remove(path);
}

static void remove_all(const char *path)
{
	nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static void make_directories(char *path)
{
	for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		mkdir(path, 0755);
		*slash = '/';
	}
}

void machine_file(const struct machine *machine, const char *path, const char *text)
{
	char whole[PATH_MAX];

	path_of(machine, path, whole);
	remove_all(whole);
	if (!text)
		return;
	make_directories(whole);
	FILE *file = fopen(whole, "w");
	cr_assert_not_null(file, "%s", whole);
	fputs(text, file);
	fclose(file);
}

void machine_link(const struct machine *machine, const char *path, const char *target)
{
	char whole[PATH_MAX];

	path_of(machine, path, whole);
	remove_all(whole);
	make_directories(whole);
	cr_assert_eq(symlink(target, whole), 0, "%s", whole);
}

void machine_make(struct machine *machine)
{
	snprintf(machine->root, sizeof(machine->root), "/tmp/ixfab-machine.XXXXXX");
	cr_assert_not_null(mkdtemp(machine->root));
	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++)
		machine_file(machine, files[i].path, files[i].text);
	for (size_t i = 0; i < sizeof(links) / sizeof(*links); i++)
		machine_link(machine, links[i].path, links[i].target);
}

void machine_remove(struct machine *machine)
{
	remove_all(machine->root);
}
