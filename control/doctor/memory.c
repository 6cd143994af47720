// SPDX-License-Identifier: BSD-3-Clause
// Huge pages, and memory that may be locked.
#include <stdlib.h>
#include <string.h>

#include "control/alloc.h"
#include "control/doctor/check.h"

enum { CAPABILITY_IPC_LOCK = 14 };

#define PAGES "/sys/kernel/mm/hugepages/hugepages-%skB"
#define NODES "/sys/devices/system/node"

// Sizes and numbers of pages as the kernel names them: "hugepages-2048kB".
struct pages {
	int64_t size; // kB
	int64_t all, free;
};

static bool read_pages(const struct doctor *doctor, const char *directory, struct pages *pages)
{
	const char *name = strrchr(directory, '/') + 1;

	return sscanf(name, "hugepages-%ldkB", &pages->size) == 1 &&
	       facts_number(doctor->root, &pages->all, "%s/nr_hugepages", directory) &&
	       facts_number(doctor->root, &pages->free, "%s/free_hugepages", directory);
}

// Of all sizes in a directory: MiB that are reserved, and those that are free.
static void sum_pages(const struct doctor *doctor, const char *directory, int64_t *all,
		      int64_t *free_mib)
{
	struct facts_names names = facts_list(doctor->root, "%s", directory);

	*all = *free_mib = 0;
	for (size_t i = 0; i < names.n; i++) {
		char *path = alloc_format("%s/%s", directory, names.list[i]);
		struct pages pages;

		if (read_pages(doctor, path, &pages)) {
			*all += pages.all * pages.size / 1024;
			*free_mib += pages.free * pages.size / 1024;
		}
		free(path);
	}
	facts_names_free(&names);
}

static bool is_mounted(const struct doctor *doctor)
{
	char *mounts = facts_text(doctor->root, "/proc/mounts");
	bool mounted = mounts && strstr(mounts, " hugetlbfs ");

	free(mounts);
	return mounted;
}

// What huge pages the running dataplane has mapped; 0: none.
static int64_t dataplane_uses(const struct doctor *doctor)
{
	char *status = doctor->dataplane
			       ? facts_text(doctor->root, "/proc/%d/status", doctor->dataplane)
			       : NULL;
	char *pages = status ? facts_field(status, "HugetlbPages") : NULL;
	int64_t kib = pages ? atoll(pages) : 0;

	free(pages);
	free(status);
	return kib / 1024;
}

// Workers go to the memory of their own node; what is on another one is farther away.
static void check_nodes(struct doctor *doctor)
{
	struct facts_names nodes = facts_list(doctor->root, NODES);
	int node;

	for (size_t i = 0; i < nodes.n; i++) {
		char directory[64];
		cpu_set_t cpus, shared;
		int64_t all, free_mib;

		if (sscanf(nodes.list[i], "node%d", &node) != 1 ||
		    !doctor_node_cpus(doctor, node, &cpus))
			continue;
		CPU_AND(&shared, &cpus, &doctor->workers);
		snprintf(directory, sizeof(directory), NODES "/node%d/hugepages", node);
		sum_pages(doctor, directory, &all, &free_mib);
		if (CPU_COUNT(&shared) == 0 || all > 0)
			continue;
		doctor_note(doctor, nodes.list[i],
			    "Workers run on this node, and all huge pages are on others: each "
			    "access goes through another socket.");
		doctor_mend(doctor,
			    "echo %u >" NODES "/node%d/hugepages/hugepages-2048kB/nr_hugepages",
			    (doctor->memory + 1) / 2, node);
	}
	facts_names_free(&nodes);
}

// The dataplane maps huge pages by memfd_create(2): hugetlbfs need not be mounted for it.
void check_hugepages(struct doctor *doctor)
{
	int64_t all, free_mib, used = dataplane_uses(doctor);

	sum_pages(doctor, "/sys/kernel/mm/hugepages", &all, &free_mib);
	if (used) {
		doctor_ok(doctor, NULL, "The dataplane uses %ld MiB of %ld MiB.", used, all);
	} else if (free_mib >= doctor->memory) {
		doctor_ok(doctor, NULL,
			  "%ld of %ld MiB are free; the dataplane takes %u. hugetlbfs %s, and need "
			  "not be.",
			  free_mib, all, doctor->memory,
			  is_mounted(doctor) ? "is mounted" : "is not mounted");
	} else {
		doctor_note(doctor, NULL,
			    "%ld of %ld MiB are free, and the dataplane takes %u: it goes on "
			    "without them, which costs cycles where tables are large. A lab can do "
			    "without.",
			    free_mib, all, doctor->memory);
		doctor_mend(doctor,
			    "echo vm.nr_hugepages=%u >/etc/sysctl.d/60-ixfab.conf && sysctl "
			    "--system",
			    (doctor->memory + 1) / 2);
	}
	if (all)
		check_nodes(doctor);
}

static bool has_capability(const char *status, unsigned int capability)
{
	char *set = facts_field(status, "CapEff");
	bool has = set && strtoull(set, NULL, 16) >> capability & 1;

	free(set);
	return has;
}

// AF_XDP locks the memory of its frames.
void check_locked_memory(struct doctor *doctor)
{
	char process[16] = "self";

	if (doctor->dataplane)
		snprintf(process, sizeof(process), "%d", doctor->dataplane);
	char *status = facts_text(doctor->root, "/proc/%s/status", process);
	char *limits = facts_text(doctor->root, "/proc/%s/limits", process);
	const char *line = limits ? strstr(limits, "Max locked memory") : NULL;
	const char *who = doctor->dataplane ? "The dataplane" : "A dataplane started from here";

	if (status && has_capability(status, CAPABILITY_IPC_LOCK)) {
		doctor_ok(doctor, NULL, "%s has CAP_IPC_LOCK: no limit counts.", who);
	} else if (line && strncmp(line + strcspn(line, "0123456789u"), "unlimited", 9) == 0) {
		doctor_ok(doctor, NULL, "%s may lock as much as it wants.", who);
	} else if (doctor->dataplane && doctor_has_port(doctor, DEVICE_IFACE)) {
		doctor_problem(doctor, NULL,
			       "%s may lock only little memory, and AF_XDP ports need about 8 MiB "
			       "each.",
			       who);
		doctor_mend(doctor, "systemctl edit ixfab-dataplane    # [Service] "
				    "LimitMEMLOCK=infinity");
	} else {
		doctor_ok(doctor, NULL, "Limited here; a dataplane that root starts is not.");
	}
	free(status);
	free(limits);
}
