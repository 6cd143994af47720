// SPDX-License-Identifier: BSD-3-Clause
#include "control/doctor/doctor.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/alloc.h"
#include "control/doctor/check.h"

static const struct {
	const char *name;
	doctor_check *run;
} checks[] = {
	{"configuration", check_configuration},
	{"control", check_control},
	{"dataplane", check_dataplane},
	{"sockets", check_sockets},
	{"state", check_state},
	{"files", check_config_file},
	{"kernel", check_kernel},
	{"dpdk", check_dpdk},
	{"cpu", check_cpu_flags},
	{"clock", check_clock},
	{"workers", check_worker_cpus},
	{"isolation", check_isolation},
	{"governor", check_governor},
	{"irqbalance", check_irqbalance},
	{"hugepages", check_hugepages},
	{"locked-memory", check_locked_memory},
	{"iommu", check_iommu},
	{"driver", check_drivers},
	{"numa", check_numa},
	{"af-xdp", check_af_xdp},
	{"bpf", check_bpf},
	{"interface", check_interfaces},
	{"channels", check_channels},
	{"offloads", check_offloads},
	{"xdp-program", check_xdp_programs},
};

static void add(struct doctor *doctor, enum finding_level level, const char *subject,
		const char *format, va_list args)
{
	char text[512];

	vsnprintf(text, sizeof(text), format, args);
	doctor->findings =
		alloc_array(doctor->findings, doctor->n_findings + 1, sizeof(*doctor->findings));
	doctor->findings[doctor->n_findings++] = (struct finding){
		.check = doctor->check,
		.level = level,
		.subject = subject ? alloc_format("%s", subject) : NULL,
		.text = alloc_format("%s", text),
	};
}

void doctor_ok(struct doctor *doctor, const char *subject, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	add(doctor, FINDING_OK, subject, format, args);
	va_end(args);
}

void doctor_note(struct doctor *doctor, const char *subject, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	add(doctor, FINDING_NOTE, subject, format, args);
	va_end(args);
}

void doctor_problem(struct doctor *doctor, const char *subject, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	add(doctor, FINDING_PROBLEM, subject, format, args);
	va_end(args);
}

void doctor_mend(struct doctor *doctor, const char *format, ...)
{
	struct finding *last = &doctor->findings[doctor->n_findings - 1];
	char command[512];
	va_list args;

	va_start(args, format);
	vsnprintf(command, sizeof(command), format, args);
	va_end(args);
	free(last->command);
	last->command = alloc_format("%s", command);
}

void doctor_each_port(struct doctor *doctor, enum device_kind kind, doctor_look *look)
{
	struct device_string device;
	char error[256];

	for (size_t i = 0; doctor->config && i < doctor->config->n_ports; i++) {
		const struct config_port *port = &doctor->config->ports[i];

		if (device_string_parse(port->device, &device, error, sizeof(error)) == 0 &&
		    device.kind == kind)
			look(doctor, port, &device);
	}
}

bool doctor_has_port(const struct doctor *doctor, enum device_kind kind)
{
	struct device_string device;
	char error[256];

	for (size_t i = 0; doctor->config && i < doctor->config->n_ports; i++) {
		if (device_string_parse(doctor->config->ports[i].device, &device, error,
					sizeof(error)) == 0 &&
		    device.kind == kind)
			return true;
	}
	return false;
}

bool doctor_is_process(const struct doctor *doctor, int pid, const char *name)
{
	char *comm = facts_text(doctor->root, "/proc/%d/comm", pid);
	char *status = facts_text(doctor->root, "/proc/%d/status", pid);
	char *state = status ? facts_field(status, "State") : NULL;
	bool is = comm && strcmp(comm, name) == 0 && !(state && *state == 'Z');

	free(comm);
	free(status);
	free(state);
	return is;
}

int doctor_next_process(const struct doctor *doctor, const char *name, int after)
{
	struct facts_names names = facts_list(doctor->root, "/proc");
	int next = 0;

	for (size_t i = 0; i < names.n; i++) {
		int pid = atoi(names.list[i]);

		if (pid > after && (!next || pid < next) && doctor_is_process(doctor, pid, name))
			next = pid;
	}
	facts_names_free(&names);
	return next;
}

void doctor_examine(struct doctor *doctor)
{
	if (!doctor->memory)
		doctor->memory = DATAPLANE_MEMORY_MIB;
	for (size_t i = 0; i < sizeof(checks) / sizeof(*checks); i++) {
		doctor->check = checks[i].name;
		checks[i].run(doctor);
	}
}

size_t doctor_count(const struct doctor *doctor, enum finding_level level)
{
	size_t n = 0;

	for (size_t i = 0; i < doctor->n_findings; i++)
		n += doctor->findings[i].level == level;
	return n;
}

const char *finding_level_name(enum finding_level level)
{
	static const char *const names[] = {"ok", "note", "problem"};

	return names[level];
}

void doctor_fini(struct doctor *doctor)
{
	for (size_t i = 0; i < doctor->n_findings; i++) {
		free(doctor->findings[i].subject);
		free(doctor->findings[i].text);
		free(doctor->findings[i].command);
	}
	free(doctor->findings);
	doctor->findings = NULL;
	doctor->n_findings = 0;
}
