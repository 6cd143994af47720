// SPDX-License-Identifier: BSD-3-Clause
// CPUs: what they can, and who else wants those of the workers.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/alloc.h"
#include "control/doctor/check.h"

#define CPUS "/sys/devices/system/cpu"

char *cpu_list_format(const cpu_set_t *cpus, char *text)
{
	size_t used = 0;

	text[0] = '\0';
	for (int cpu = 0; cpu < CPU_SETSIZE && used < CPU_LIST_SIZE; cpu++) {
		int last = cpu;

		if (!CPU_ISSET(cpu, cpus))
			continue;
		while (last + 1 < CPU_SETSIZE && CPU_ISSET(last + 1, cpus))
			last++;
		used += (size_t)snprintf(text + used, CPU_LIST_SIZE - used,
					 last > cpu ? "%s%d-%d" : "%s%d", used ? "," : "", cpu,
					 last);
		cpu = last;
	}
	return text;
}

bool doctor_node_cpus(const struct doctor *doctor, int node, cpu_set_t *cpus)
{
	return facts_cpus(doctor->root, cpus, "/sys/devices/system/node/node%d/cpulist", node);
}

static bool has_flag(const char *flags, const char *flag)
{
	size_t length = strlen(flag);

	for (const char *at = flags; (at = strstr(at, flag)); at += length) {
		if ((at == flags || at[-1] == ' ') && (at[length] == ' ' || !at[length]))
			return true;
	}
	return false;
}

// Which search of the forwarding table runs (dataplane/tables/fdb_search.c).
static void check_search(struct doctor *doctor, const char *flags)
{
	if (has_flag(flags, "avx512vl") && has_flag(flags, "avx512dq") &&
	    has_flag(flags, "avx512_vbmi2"))
		doctor_ok(doctor, NULL, "AVX-512 searches the forwarding table.");
	else if (has_flag(flags, "avx2"))
		doctor_ok(doctor, NULL, "AVX2 searches the forwarding table.");
	else
		doctor_note(
			doctor, NULL,
			"No AVX2: the forwarding table is searched without vectors, which takes "
			"two to four times the cycles.");
}

void check_cpu_flags(struct doctor *doctor)
{
	char *info = facts_text(doctor->root, "/proc/cpuinfo");
	char *flags = info ? facts_field(info, "flags") : NULL;

	if (!flags)
		doctor_note(doctor, NULL,
			    "What the CPU can is not known: /proc/cpuinfo has no "
			    "flags.");
	else if (!has_flag(flags, "sse4_2"))
		doctor_problem(doctor, NULL,
			       "The CPU has no SSE4.2, which Debian's DPDK needs: take another "
			       "machine, or give the virtual one a newer CPU type.");
	else
		check_search(doctor, flags);
	free(flags);
	free(info);
}

// Limits, ageing and the load of workers are reckoned in ticks of the TSC. The clock on the wall is
// only shown.
void check_clock(struct doctor *doctor)
{
	char *info = facts_text(doctor->root, "/proc/cpuinfo");
	char *flags = info ? facts_field(info, "flags") : NULL;

	if (flags && has_flag(flags, "constant_tsc") && has_flag(flags, "nonstop_tsc"))
		doctor_ok(
			doctor, NULL,
			"The TSC ticks evenly. The time of day is only shown: NTP is not needed.");
	else
		doctor_note(doctor, NULL,
			    "The TSC may change its pace or stop: rates and ages are then as wrong "
			    "as it is.");
	free(flags);
	free(info);
}

// As ixfab-dataplane chooses, if nobody says otherwise: the last CPU.
static void default_workers(struct doctor *doctor, const cpu_set_t *online)
{
	if (CPU_COUNT(&doctor->workers))
		return;
	for (int cpu = CPU_SETSIZE - 1; cpu >= 0 && !CPU_COUNT(&doctor->workers); cpu--) {
		if (CPU_ISSET(cpu, online))
			CPU_SET(cpu, &doctor->workers);
	}
}

// Two workers on the threads of one core share what it has.
static void check_siblings(struct doctor *doctor)
{
	char text[CPU_LIST_SIZE];

	for (int cpu = 0; cpu < CPU_SETSIZE; cpu++) {
		cpu_set_t siblings;

		if (!CPU_ISSET(cpu, &doctor->workers) ||
		    !facts_cpus(doctor->root, &siblings,
				CPUS "/cpu%d/topology/thread_siblings_list", cpu))
			continue;
		CPU_AND(&siblings, &siblings, &doctor->workers);
		CPU_CLR(cpu, &siblings);
		// Told once, by the first of them.
		bool first = CPU_COUNT(&siblings) > 0;
		for (int other = 0; other < cpu; other++)
			first = first && !CPU_ISSET(other, &siblings);
		if (!first)
			continue;
		CPU_SET(cpu, &siblings);
		doctor_note(doctor, cpu_list_format(&siblings, text),
			    "These workers are threads of one core: each slows the other down.");
		doctor_mend(doctor, "cat " CPUS "/cpu*/topology/thread_siblings_list    # take one "
				    "of each for --workers");
	}
}

void check_worker_cpus(struct doctor *doctor)
{
	char text[CPU_LIST_SIZE];
	cpu_set_t online, there;

	if (!facts_cpus(doctor->root, &online, CPUS "/online"))
		sched_getaffinity(0, sizeof(online), &online);
	default_workers(doctor, &online);
	CPU_AND(&there, &doctor->workers, &online);
	cpu_list_format(&doctor->workers, text);
	if (!CPU_EQUAL(&there, &doctor->workers)) {
		doctor_problem(doctor, text, "Not all of these CPUs are there: online are %s.",
			       cpu_list_format(&online, (char[CPU_LIST_SIZE]){0}));
		doctor_mend(doctor, "ixfab-dataplane --workers %s",
			    cpu_list_format(&there, (char[CPU_LIST_SIZE]){0}));
	} else if (CPU_EQUAL(&online, &doctor->workers)) {
		doctor_note(doctor, text,
			    "No CPU is left for everything else: the kernel's work for the ports "
			    "and all daemons take time from the workers.");
	} else {
		doctor_ok(doctor, text, "%s",
			  doctor->workers_are_known
				  ? "Workers have these CPUs."
				  : "Workers will have these CPUs, if nothing else is said "
				    "(--workers).");
	}
	check_siblings(doctor);
}

// What workers lack of a list in the kernel's command line.
static bool lacks(const struct doctor *doctor, const char *file, cpu_set_t *lacking)
{
	cpu_set_t listed;

	facts_cpus(doctor->root, &listed, CPUS "/%s", file);
	CPU_AND(lacking, &doctor->workers, &listed);
	CPU_XOR(lacking, lacking, &doctor->workers);
	return CPU_COUNT(lacking);
}

static void mend_command_line(struct doctor *doctor)
{
	char text[CPU_LIST_SIZE];

	cpu_list_format(&doctor->workers, text);
	doctor_mend(
		doctor,
		"echo 'GRUB_CMDLINE_LINUX=\"$GRUB_CMDLINE_LINUX isolcpus=%s nohz_full=%s "
		"rcu_nocbs=%s\"' >/etc/default/grub.d/ixfab.cfg && update-grub    # and restart",
		text, text, text);
}

void check_isolation(struct doctor *doctor)
{
	char text[CPU_LIST_SIZE];
	cpu_set_t lacking;

	if (lacks(doctor, "isolated", &lacking)) {
		doctor_note(doctor, cpu_list_format(&lacking, text),
			    "Not isolated: whatever else runs there holds the worker up for its "
			    "time slice, and ports lose frames meanwhile. A lab can do without.");
		mend_command_line(doctor);
	} else if (lacks(doctor, "nohz_full", &lacking)) {
		doctor_note(doctor, cpu_list_format(&lacking, text),
			    "Isolated, but the timer still interrupts the worker, as often as the "
			    "kernel's HZ says.");
		mend_command_line(doctor);
	} else {
		doctor_ok(doctor, NULL, "Workers have their CPUs for themselves.");
	}
}

void check_governor(struct doctor *doctor)
{
	cpu_set_t slow;
	char text[CPU_LIST_SIZE], first[32] = "";

	CPU_ZERO(&slow);
	for (int cpu = 0; cpu < CPU_SETSIZE; cpu++) {
		char *governor = NULL;

		if (CPU_ISSET(cpu, &doctor->workers))
			governor = facts_text(doctor->root, CPUS "/cpu%d/cpufreq/scaling_governor",
					      cpu);
		if (governor && strcmp(governor, "performance") != 0) {
			CPU_SET(cpu, &slow);
			snprintf(first, sizeof(first), "%s", governor);
		}
		free(governor);
	}
	if (CPU_COUNT(&slow) == 0) {
		doctor_ok(doctor, NULL,
			  "Workers' CPUs run at full speed, as far as Linux decides.");
		return;
	}
	doctor_note(doctor, cpu_list_format(&slow, text),
		    "The governor \"%s\" slows an idle worker's CPU down: the first frames of a "
		    "burst wait until it is fast again.",
		    first);
	doctor_mend(doctor, "echo performance | tee " CPUS "/cpu*/cpufreq/scaling_governor");
}

// It leaves isolated CPUs alone by itself.
void check_irqbalance(struct doctor *doctor)
{
	char text[CPU_LIST_SIZE];
	cpu_set_t lacking;

	if (!doctor_next_process(doctor, "irqbalance", 0)) {
		doctor_ok(doctor, NULL, "irqbalance does not run.");
	} else if (!lacks(doctor, "isolated", &lacking)) {
		doctor_ok(doctor, NULL, "irqbalance runs, and leaves isolated CPUs alone.");
	} else {
		doctor_note(doctor, cpu_list_format(&lacking, text),
			    "irqbalance may move interrupts of other devices to workers' CPUs.");
		doctor_mend(doctor,
			    "echo IRQBALANCE_BANNED_CPULIST=%s >>/etc/default/irqbalance && "
			    "systemctl restart irqbalance",
			    cpu_list_format(&doctor->workers, (char[CPU_LIST_SIZE]){0}));
	}
}
