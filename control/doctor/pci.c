// SPDX-License-Identifier: BSD-3-Clause
// NICs that DPDK drives itself: IOMMU, drivers, and which socket they are on.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/alloc.h"
#include "control/doctor/check.h"

#define DEVICES	 "/sys/bus/pci/devices"
#define NO_IOMMU "/sys/module/vfio/parameters/enable_unsafe_noiommu_mode"

enum { CLASS_BRIDGE = 0x06 }; // the first octet of a PCI class

static bool has_iommu(const struct doctor *doctor)
{
	struct facts_names groups = facts_list(doctor->root, "/sys/kernel/iommu_groups");
	bool has = groups.n > 0;

	facts_names_free(&groups);
	return has;
}

static bool is_unsafe(const struct doctor *doctor)
{
	char *mode = facts_text(doctor->root, NO_IOMMU);
	bool unsafe = mode && *mode == 'Y';

	free(mode);
	return unsafe;
}

void check_iommu(struct doctor *doctor)
{
	bool needed = doctor_has_port(doctor, DEVICE_PCI);

	if (has_iommu(doctor)) {
		doctor_ok(doctor, NULL, "The IOMMU is on.");
	} else if (!needed) {
		doctor_ok(doctor, NULL, "There is no IOMMU, and no port needs one.");
	} else if (is_unsafe(doctor)) {
		doctor_note(doctor, NULL,
			    "There is no IOMMU, and vfio goes on without: a NIC that errs, or is "
			    "made to, writes to any memory.");
		doctor_mend(doctor, "echo N >" NO_IOMMU "    # after the IOMMU is on");
	} else {
		doctor_problem(
			doctor, NULL,
			"The IOMMU is off, and vfio-pci hands no NIC over without it. Turn it "
			"on in the firmware (VT-d, AMD-Vi), too.");
		doctor_mend(doctor,
			    "echo 'GRUB_CMDLINE_LINUX=\"$GRUB_CMDLINE_LINUX intel_iommu=on "
			    "iommu=pt\"' >/etc/default/grub.d/iommu.cfg && update-grub    # and "
			    "restart");
	}
}

static bool starts_with(const char *text, const char *start)
{
	return strncmp(text, start, strlen(start)) == 0;
}

// What of its group keeps vfio from handing a NIC over: another device whose driver is the
// kernel's. Bridges do not count, nor what has no driver. NULL: nothing.
static char *find_foreign(const struct doctor *doctor, const char *address)
{
	struct facts_names group =
		facts_list(doctor->root, DEVICES "/%s/iommu_group/devices", address);
	char *found = NULL;

	for (size_t i = 0; i < group.n && !found; i++) {
		const char *other = group.list[i];
		char *driver = facts_link(doctor->root, DEVICES "/%s/driver", other);
		char *class = facts_text(doctor->root, DEVICES "/%s/class", other);
		bool bridge = class && strtoul(class, NULL, 16) >> 16 == CLASS_BRIDGE;

		if (driver && !bridge && strcmp(other, address) != 0 &&
		    !starts_with(driver, "vfio") && strcmp(driver, "pci-stub") != 0)
			found = alloc_format("%s", other);
		free(driver);
		free(class);
	}
	facts_names_free(&group);
	return found;
}

static void check_group(struct doctor *doctor, const char *port, const char *address)
{
	char *group = facts_link(doctor->root, DEVICES "/%s/iommu_group", address);
	char *foreign = find_foreign(doctor, address);

	if (foreign) {
		doctor_problem(
			doctor, port,
			"%s is bound to vfio-pci, but %s of the same IOMMU group (%s) is the "
			"kernel's: vfio hands over the whole group or nothing.",
			address, foreign, group ? group : "?");
		doctor_mend(doctor, "driverctl set-override %s vfio-pci", foreign);
	} else {
		doctor_ok(doctor, port, "%s is bound to vfio-pci, IOMMU group %s.", address,
			  group ? group : "none");
	}
	free(foreign);
	free(group);
}

// The kernel's driver has it. "name" is the interface that goes then, or NULL.
static void tell_unbound(struct doctor *doctor, const char *port, const char *address,
			 const char *driver)
{
	struct facts_names net = facts_list(doctor->root, DEVICES "/%s/net", address);

	doctor_problem(doctor, port, "%s is bound to %s%s%s, and not to vfio-pci%s.", address,
		       driver ? driver : "no driver", net.n ? ", as " : "",
		       net.n ? net.list[0] : "",
		       net.n ? ": what it does for the host ends with that" : "");
	doctor_mend(doctor, "driverctl set-override %s vfio-pci    # apt install driverctl",
		    address);
	facts_names_free(&net);
}

static void check_driver(struct doctor *doctor, const struct config_port *port,
			 const struct device_string *device)
{
	const char *address = device->argument;
	char *driver = facts_link(doctor->root, DEVICES "/%s/driver", address);

	if (!facts_exist(doctor->root, DEVICES "/%s", address)) {
		doctor_problem(doctor, port->name, "There is no PCI device %s.", address);
		doctor_mend(doctor, "lspci -D    # lists them");
	} else if (driver && starts_with(driver, "vfio")) {
		check_group(doctor, port->name, address);
	} else if (driver && starts_with(driver, "mlx")) {
		doctor_ok(doctor, port->name,
			  "%s stays with its kernel driver, %s: DPDK works through that.", address,
			  driver);
	} else if (driver && (starts_with(driver, "uio") || strcmp(driver, "igb_uio") == 0)) {
		doctor_note(doctor, port->name,
			    "%s is bound to %s: it works without an IOMMU, and a NIC that errs "
			    "writes to any memory.",
			    address, driver);
		doctor_mend(doctor, "driverctl set-override %s vfio-pci", address);
	} else {
		tell_unbound(doctor, port->name, address, driver);
	}
	free(driver);
}

void check_drivers(struct doctor *doctor)
{
	doctor_each_port(doctor, DEVICE_PCI, check_driver);
}

// A NIC on another socket than all workers: each frame goes from one to the other.
static void check_node(struct doctor *doctor, const char *port, const char *where, int64_t node)
{
	char text[CPU_LIST_SIZE];
	cpu_set_t cpus, near;

	if (!doctor_node_cpus(doctor, (int)node, &cpus))
		return;
	CPU_AND(&near, &cpus, &doctor->workers);
	if (CPU_COUNT(&near)) {
		doctor_ok(doctor, port, "%s is on node %ld, as workers are.", where, node);
		return;
	}
	doctor_note(doctor, port,
		    "%s is on node %ld and all workers on others: each frame crosses the link "
		    "between sockets, which costs cycles and throughput.",
		    where, node);
	doctor_mend(doctor, "ixfab-dataplane --workers CPUS    # of %s",
		    cpu_list_format(&cpus, text));
}

static void check_nic_node(struct doctor *doctor, const struct config_port *port,
			   const struct device_string *device)
{
	int64_t node;

	if (facts_number(doctor->root, &node, DEVICES "/%s/numa_node", device->argument) &&
	    node >= 0)
		check_node(doctor, port->name, device->argument, node);
}

// Interfaces of virtual machines and cables in memory have no device, and no node.
static void check_interface_node(struct doctor *doctor, const struct config_port *port,
				 const struct device_string *device)
{
	int64_t node;

	if (!doctor->elsewhere &&
	    facts_number(doctor->root, &node, "/sys/class/net/%s/device/numa_node",
			 device->argument) &&
	    node >= 0)
		check_node(doctor, port->name, device->argument, node);
}

void check_numa(struct doctor *doctor)
{
	if (!facts_exist(doctor->root, "/sys/devices/system/node/node1")) {
		doctor_ok(doctor, NULL, "All memory is equally near.");
		return;
	}
	doctor_each_port(doctor, DEVICE_PCI, check_nic_node);
	doctor_each_port(doctor, DEVICE_IFACE, check_interface_node);
}
