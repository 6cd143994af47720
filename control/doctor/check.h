// SPDX-License-Identifier: BSD-3-Clause
// What checks are made of; and all of them, a file for each group. The table is in doctor.c.
#pragma once

#include "control/doctor/doctor.h"
#include "control/doctor/facts.h"
#include "lib/device_string.h"

typedef void doctor_check(struct doctor *doctor);

enum {
	CPU_LIST_SIZE = 256,	   // octets of "0-3,8", more is cut
	DATAPLANE_MEMORY_MIB = 192 // that it takes by default (dataplane/options.c)
};

// Add a finding. "subject" may be NULL.
__attribute__((format(printf, 3, 4))) void doctor_ok(struct doctor *doctor, const char *subject,
						     const char *format, ...);
__attribute__((format(printf, 3, 4))) void doctor_note(struct doctor *doctor, const char *subject,
						       const char *format, ...);
__attribute__((format(printf, 3, 4))) void doctor_problem(struct doctor *doctor,
							  const char *subject, const char *format,
							  ...);

// What mends the finding that was added last: a line for a root shell.
__attribute__((format(printf, 2, 3))) void doctor_mend(struct doctor *doctor, const char *format,
						       ...);

// Call "look" for every configured port whose device is of this kind.
typedef void doctor_look(struct doctor *doctor, const struct config_port *port,
			 const struct device_string *device);
void doctor_each_port(struct doctor *doctor, enum device_kind kind, doctor_look *look);

bool doctor_has_port(const struct doctor *doctor, enum device_kind kind);

// Whether a process with this name (as the kernel cuts it) is alive.
bool doctor_is_process(const struct doctor *doctor, int pid, const char *name);

// All of them, one after the other: the next one behind
// "after", which is 0 at first. 0: no more.
int doctor_next_process(const struct doctor *doctor, const char *name, int after);

// As "0-3,8"; returns "text", of CPU_LIST_SIZE.
char *cpu_list_format(const cpu_set_t *cpus, char *text);

// The CPUs of a NUMA node; false if there is no such node.
bool doctor_node_cpus(const struct doctor *doctor, int node, cpu_set_t *cpus);

doctor_check check_configuration, check_dataplane, check_control; // programs.c
doctor_check check_sockets, check_state, check_config_file;	  // rights.c
doctor_check check_hugepages, check_locked_memory;		  // memory.c
doctor_check check_cpu_flags, check_clock, check_worker_cpus, check_isolation, check_governor,
	check_irqbalance;							   // cpus.c
doctor_check check_iommu, check_drivers, check_numa;				   // pci.c
doctor_check check_interfaces, check_channels, check_offloads, check_xdp_programs; // interfaces.c
doctor_check check_kernel, check_af_xdp, check_bpf, check_dpdk;			   // software.c
