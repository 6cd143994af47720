// SPDX-License-Identifier: BSD-3-Clause
#include "dataplane/eal.h"

#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <rte_eal.h>
#include <rte_errno.h>

#include "dataplane/options.h"

enum { LCORES_SIZE = 1024, EAL_ARGS = 32 };

// A number from /proc/meminfo, in the unit it has there; 0 if it is not there.
static unsigned long meminfo(const char *name)
{
	FILE *file = fopen("/proc/meminfo", "re");
	char line[128];
	unsigned long value = 0;
	size_t length = strlen(name);

	while (file && fgets(line, sizeof(line), file)) {
		if (strncmp(line, name, length) == 0 && line[length] == ':')
			value = strtoul(line + length + 1, NULL, 10);
	}
	if (file)
		fclose(file);
	return value;
}

static bool want_huge(const struct options *options)
{
	unsigned long free_mib = meminfo("HugePages_Free") * meminfo("Hugepagesize") / 1024;

	if (options->no_huge)
		return false;
	if (free_mib >= options->memory_mib)
		return true;
	log_warn("%lu MiB of huge pages are free, %u are wanted: going on without them, which is "
		 "slower. To have them: sysctl vm.nr_hugepages=%u",
		 free_mib, options->memory_mib, options->memory_mib / 2);
	return false;
}

// NICs behind an IOMMU, kernel interfaces and virtual devices all take virtual addresses, and only
// then may a pool lie anywhere. Where an operator has set the machine up to drive NICs without an
// IOMMU, they need physical ones.
static bool needs_physical_addresses(void)
{
	FILE *file = fopen("/sys/module/vfio/parameters/enable_unsafe_noiommu_mode", "re");
	bool unsafe = file && fgetc(file) == 'Y';

	if (file)
		fclose(file);
	return unsafe || access("/sys/bus/pci/drivers/uio_pci_generic", F_OK) == 0 ||
	       access("/sys/bus/pci/drivers/igb_uio", F_OK) == 0;
}

static bool is_worker_cpu(const struct options *options, uint32_t cpu)
{
	for (uint32_t w = 0; w < options->n_workers; w++) {
		if (options->worker_cpus[w] == cpu)
			return true;
	}
	return false;
}

// "0@(0,2),1@1,2@3": the manager floats over the CPUs that have no worker, or over all.
static void describe_lcores(const struct options *options, char *text)
{
	cpu_set_t allowed;
	size_t at = 0;
	int n = 0;

	CPU_ZERO(&allowed);
	sched_getaffinity(0, sizeof(allowed), &allowed);
	at += (size_t)snprintf(text, LCORES_SIZE, "0@(");
	for (int pass = 0; pass < 2 && n == 0; pass++) {
		for (uint32_t cpu = 0; cpu < CPU_SETSIZE && at < LCORES_SIZE / 2; cpu++) {
			if (!CPU_ISSET(cpu, &allowed) || (pass == 0 && is_worker_cpu(options, cpu)))
				continue;
			at += (size_t)snprintf(text + at, LCORES_SIZE - at, "%s%u", n++ ? "," : "",
					       cpu);
		}
	}
	at += (size_t)snprintf(text + at, LCORES_SIZE - at, ")");
	for (uint32_t w = 0; w < options->n_workers; w++)
		at += (size_t)snprintf(text + at, LCORES_SIZE - at, ",%u@%u", w + 1,
				       options->worker_cpus[w]);
}

int eal_start(const struct options *options, bool *huge)
{
	char lcores[LCORES_SIZE];
	char memory[16];
	const char *args[EAL_ARGS];
	int n = 0;

	*huge = want_huge(options);
	describe_lcores(options, lcores);
	snprintf(memory, sizeof(memory), "%u", options->memory_mib);
	args[n++] = "ixfab-dataplane";
	args[n++] = "--lcores";
	args[n++] = lcores;
	args[n++] = "-m";
	args[n++] = memory;
	args[n++] = "--no-telemetry";
	args[n++] = "--iova-mode";
	args[n++] = *huge && needs_physical_addresses() ? "pa" : "va";
	// An allow-list with nothing in it: PCI devices are probed when a port asks for one.
	args[n++] = "-a";
	args[n++] = "0000:00:00.0";
	args[n++] = "--log-level";
	args[n++] = options->log >= LOG_LEVEL_DEBUG ? "lib.eal:info" : "lib.eal:warning";
	if (*huge) {
		args[n++] = "--in-memory";
	} else {
		args[n++] = "--no-huge";
		args[n++] = "--no-shconf";
	}
	args[n] = NULL;

	if (rte_eal_init(n, (char **)args) < 0) {
		log_err("cannot start DPDK: %s", rte_strerror(rte_errno));
		return -rte_errno;
	}
	return 0;
}
