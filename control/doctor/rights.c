// SPDX-License-Identifier: BSD-3-Clause
// Who may do what: sockets, the state directory, the configuration.
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "control/doctor/check.h"
#include "lib/channel.h"

#define STATE_DIRECTORY "/var/lib/ixfab"

// Who can connect to the dataplane can do all that control can.
static void check_dataplane_socket(struct doctor *doctor)
{
	struct stat status;

	if (!facts_stat(doctor->root, &status, "%s", CHANNEL_DEFAULT_SOCKET))
		return;
	if (status.st_mode & S_IWOTH) {
		doctor_problem(doctor, "dataplane",
			       "Everybody on this machine may program the dataplane: %s is open to "
			       "all.",
			       CHANNEL_DEFAULT_SOCKET);
		doctor_mend(doctor, "chmod o= %s", CHANNEL_DEFAULT_SOCKET);
		return;
	}
	doctor_ok(doctor, "dataplane",
		  "Only root and the socket's group may program the dataplane.");
}

// Everybody may connect to control: it asks the kernel who that is.
static void check_control_socket(struct doctor *doctor)
{
	struct stat status;

	if (!facts_stat(doctor->root, &status, "%s", doctor->control_socket))
		return;
	if (status.st_mode & S_IWOTH)
		doctor_ok(doctor, "control",
			  "Everybody may look; only root, the user of ixfab-control and its group "
			  "may change something.");
	else
		doctor_ok(doctor, "control", "Only the owner and the group of %s may look.",
			  doctor->control_socket);
}

void check_sockets(struct doctor *doctor)
{
	size_t before = doctor->n_findings;

	check_dataplane_socket(doctor);
	check_control_socket(doctor);
	if (doctor->n_findings == before)
		doctor_ok(doctor, NULL,
			  "No socket is there: no daemon runs where they run by "
			  "default.");
}

void check_state(struct doctor *doctor)
{
	struct stat status;

	if (!facts_stat(doctor->root, &status, STATE_DIRECTORY)) {
		doctor_note(doctor, NULL,
			    "There is no " STATE_DIRECTORY ": ixfab-control needs it, or --state.");
		doctor_mend(doctor, "install -d -m 750 " STATE_DIRECTORY);
	} else if (!S_ISDIR(status.st_mode)) {
		doctor_problem(doctor, NULL, STATE_DIRECTORY " is no directory.");
	} else if (status.st_mode & S_IWOTH) {
		doctor_problem(doctor, NULL,
			       "Everybody may replace what is in " STATE_DIRECTORY
			       ", the configuration in force too.");
		doctor_mend(doctor, "chmod o-w " STATE_DIRECTORY);
	} else {
		doctor_ok(doctor, NULL, STATE_DIRECTORY " is there, and not open to all.");
	}
}

static bool is_open_to_all(const char *path)
{
	struct stat status;

	// In a directory with the sticky bit, as /tmp, nobody replaces the files of others.
	return facts_stat("", &status, "%s", path) && status.st_mode & S_IWOTH &&
	       !(S_ISDIR(status.st_mode) && status.st_mode & S_ISVTX);
}

// The configuration is not of the machine: where it is was said on the command line.
void check_config_file(struct doctor *doctor)
{
	char path[PATH_MAX];

	if (!facts_exist("", "%s", doctor->config_file))
		return;
	snprintf(path, sizeof(path), "%s", doctor->config_file);
	const char *directory = dirname(path);
	bool file = is_open_to_all(doctor->config_file), around = is_open_to_all(directory);

	if (!file && !around) {
		doctor_ok(doctor, NULL, "%s is not open to all.", doctor->config_file);
		return;
	}
	doctor_problem(doctor, NULL, "Everybody on this machine may change %s.",
		       doctor->config_file);
	doctor_mend(doctor, "chmod o-w %s", file ? doctor->config_file : directory);
}
