// SPDX-License-Identifier: BSD-3-Clause
// The configuration, and the two daemons.
#include <stdlib.h>
#include <string.h>

#include "control/doctor/check.h"

#define DATAPLANE "ixfab-dataplane"

void check_configuration(struct doctor *doctor)
{
	const struct config *config = doctor->config;

	if (config) {
		doctor_ok(doctor, NULL, "%s is right: %zu ports, %zu LANs.", doctor->config_file,
			  config->n_ports, config->n_lans);
	} else if (facts_exist("", "%s", doctor->config_file)) {
		doctor_problem(doctor, NULL, "%s is wrong, and its ports cannot be looked at.",
			       doctor->config_file);
		doctor_mend(doctor, "ixfab check %s", doctor->config_file);
	} else if (doctor->file_was_named) {
		doctor_problem(doctor, NULL, "There is no %s.", doctor->config_file);
	} else {
		doctor_note(doctor, NULL,
			    "There is no %s: only the machine is looked at, and no port.",
			    doctor->config_file);
	}
}

void check_control(struct doctor *doctor)
{
	int pid = doctor_next_process(doctor, "ixfab-control", 0);

	if (pid) {
		doctor_ok(doctor, NULL, "ixfab-control runs as process %d.", pid);
		return;
	}
	doctor_note(doctor, NULL,
		    "ixfab-control does not run: nothing can be changed, and nobody is told of "
		    "events.");
	doctor_mend(doctor, "systemctl start ixfab-control");
}

static bool in_our_network(const struct doctor *doctor, int pid)
{
	char *ours = facts_link(doctor->root, "/proc/self/ns/net");
	char *its = facts_link(doctor->root, "/proc/%d/ns/net", pid);
	bool same = !ours || !its || strcmp(ours, its) == 0;

	free(ours);
	free(its);
	return same;
}

static void look_for_link(struct doctor *doctor, const struct config_port *port,
			  const struct device_string *device)
{
	(void)port;
	doctor->has_links |= links_find(doctor->links, doctor->n_links, device->argument) != NULL;
}

// The one that control knows, unless it has just died. Else one in this network; or if no interface
// of the configuration is here, one in another: that of a lab, say, is not ours.
static int find_dataplane(struct doctor *doctor)
{
	int pid = 0, other = 0;

	if (doctor->dataplane_is_known)
		return doctor_is_process(doctor, doctor->dataplane, DATAPLANE) ? doctor->dataplane
									       : 0;
	while ((pid = doctor_next_process(doctor, DATAPLANE, pid))) {
		if (in_our_network(doctor, pid))
			return pid;
		other = other ? other : pid;
	}
	doctor_each_port(doctor, DEVICE_IFACE, look_for_link);
	return doctor->has_links || !doctor_has_port(doctor, DEVICE_IFACE) ? 0 : other;
}

void check_dataplane(struct doctor *doctor)
{
	doctor->dataplane = find_dataplane(doctor);
	if (!doctor->dataplane) {
		doctor_note(doctor, NULL, "ixfab-dataplane does not run: nothing is forwarded.");
		doctor_mend(doctor, "systemctl start ixfab-dataplane");
		return;
	}
	doctor->elsewhere = !in_our_network(doctor, doctor->dataplane);
	if (!doctor->elsewhere) {
		doctor_ok(doctor, NULL, "ixfab-dataplane runs as process %d.", doctor->dataplane);
		return;
	}
	doctor_note(doctor, NULL,
		    "ixfab-dataplane runs as process %d, in another network namespace: its "
		    "interfaces cannot be seen from here.",
		    doctor->dataplane);
	doctor_mend(doctor, "nsenter --net=/proc/%d/ns/net ixfab doctor %s", doctor->dataplane,
		    doctor->config_file);
}
