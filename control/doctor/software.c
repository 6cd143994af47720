// SPDX-License-Identifier: BSD-3-Clause
// The kernel, and Debian's DPDK.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/alloc.h"
#include "control/doctor/check.h"

enum { KERNEL_MAJOR = 5, KERNEL_MINOR = 4 }; // the first whose AF_XDP takes our frames' layout

// What ports go through when AF_XDP cannot be.
#define FALLBACK                                                                                \
	"ports on kernel interfaces go through AF_PACKET, which is slower and loses fragments " \
	"of IPv4 packets"

void check_kernel(struct doctor *doctor)
{
	char *release = facts_text(doctor->root, "/proc/sys/kernel/osrelease");
	int major = 0, minor = 0;

	if (!release || sscanf(release, "%d.%d", &major, &minor) != 2) {
		doctor_note(doctor, NULL, "The kernel does not tell its version.");
	} else if (major > KERNEL_MAJOR || (major == KERNEL_MAJOR && minor >= KERNEL_MINOR)) {
		doctor_ok(doctor, NULL, "Linux %s.", release);
	} else {
		doctor_note(doctor, NULL, "Linux %s is older than %d.%d: " FALLBACK ".", release,
			    KERNEL_MAJOR, KERNEL_MINOR);
		doctor_mend(doctor, "apt install linux-image-amd64    # and restart");
	}
	free(release);
}

// A line of /proc/net/protocols for each family that the kernel was built with.
void check_af_xdp(struct doctor *doctor)
{
	char *protocols = facts_text(doctor->root, "/proc/net/protocols");

	if (protocols && strstr(protocols, "\nXDP "))
		doctor_ok(doctor, NULL, "The kernel has AF_XDP.");
	else if (doctor_has_port(doctor, DEVICE_IFACE)) {
		doctor_note(doctor, NULL,
			    "The kernel has no AF_XDP (CONFIG_XDP_SOCKETS): " FALLBACK ".");
		doctor_mend(doctor, "apt install linux-image-amd64    # and restart");
	} else {
		doctor_ok(doctor, NULL, "The kernel has no AF_XDP, and no port needs it.");
	}
	free(protocols);
}

// Neither BTF nor bpffs are needed: the program has no relocations, and its maps are found by the
// program's id.
void check_bpf(struct doctor *doctor)
{
	bool btf = facts_exist(doctor->root, "/sys/kernel/btf/vmlinux");
	int64_t jit;

	if (facts_number(doctor->root, &jit, "/proc/sys/net/core/bpf_jit_enable") && jit == 0) {
		doctor_note(doctor, NULL,
			    "The kernel interprets BPF: the XDP guard takes more cycles for each "
			    "frame than it has to.");
		doctor_mend(doctor, "sysctl -w net.core.bpf_jit_enable=1");
		return;
	}
	doctor_ok(doctor, NULL,
		  "The kernel compiles BPF. BTF is %s; neither it nor a bpffs is needed.",
		  btf ? "there" : "not there");
}

// The directory below /usr/lib that has a library of DPDK 22.11, whose ABI is 23: Debian names it
// after the architecture. NULL: there is none. Free the result.
static char *find_dpdk(const struct doctor *doctor)
{
	struct facts_names names = facts_list(doctor->root, "/usr/lib");
	char *found = NULL;

	for (size_t i = 0; i < names.n && !found; i++)
		if (facts_exist(doctor->root, "/usr/lib/%s/librte_eal.so.23", names.list[i]))
			found = alloc_format("%s", names.list[i]);
	facts_names_free(&names);
	return found;
}

// EAL loads all that is in one directory. Each driver is a package of its own.
static void check_driver_packages(struct doctor *doctor, const char *directory)
{
	static const struct {
		enum device_kind kind;
		const char *library;
		const char *package;
	} drivers[] = {
		{DEVICE_IFACE, "librte_net_af_xdp.so.23", "librte-net-af-xdp23"},
		{DEVICE_IFACE, "librte_net_af_packet.so.23", "librte-net-af-packet23"},
		{DEVICE_MEMIF, "librte_net_memif.so.23", "librte-net-memif23"},
		{DEVICE_VHOST, "librte_net_vhost.so.23", "librte-net-vhost23"},
		{DEVICE_TAP, "librte_net_tap.so.23", "librte-net-tap23"},
	};

	for (size_t i = 0; i < sizeof(drivers) / sizeof(*drivers); i++) {
		if (!doctor_has_port(doctor, drivers[i].kind) ||
		    facts_exist(doctor->root, "/usr/lib/%s/dpdk/pmds-23.0/%s", directory,
				drivers[i].library))
			continue;
		doctor_problem(doctor, NULL, "The driver of %s: ports is missing.",
			       device_kind_name(drivers[i].kind));
		doctor_mend(doctor, "apt install %s", drivers[i].package);
	}
}

void check_dpdk(struct doctor *doctor)
{
	char *directory = find_dpdk(doctor);

	if (!directory) {
		doctor_note(
			doctor, NULL,
			"Debian's DPDK 22.11 is not installed: ixfab-dataplane needs it, or was "
			"linked with another.");
		doctor_mend(doctor, "apt install librte-eal23");
	} else {
		doctor_ok(doctor, NULL, "DPDK 22.11 in /usr/lib/%s.", directory);
		check_driver_packages(doctor, directory);
	}
	free(directory);
}
