// SPDX-License-Identifier: BSD-3-Clause
// Is this machine fit for the fabric that a configuration describes, and if not, what mends it?
//
// A check looks at one thing and adds findings. All it knows of the machine is in struct doctor:
// files of /proc, /sys and /var are read below "root" (facts.h), interfaces were read before
// (links.h). So a check changes nothing, asks nobody, and runs as well on a made-up machine.
//
//   OK       as it should be
//   NOTE     it works, and costs something: the finding says what
//   PROBLEM  a port, or all of them, will not work
#pragma once

#include <sched.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "control/config/config.h"
#include "control/doctor/links.h"

enum finding_level { FINDING_OK, FINDING_NOTE, FINDING_PROBLEM };

struct finding {
	const char *check; // which one found it
	enum finding_level level;
	char *subject; // a port, a CPU, a node; NULL: the machine
	char *text;    // one sentence
	char *command; // that mends it; NULL: none is needed, or none can
};

struct doctor {
	const char *root;	     // "" for this machine
	const struct config *config; // NULL: there is none, or it is wrong
	const char *config_file;
	bool file_was_named; // by the operator, so it must be there
	const char *control_socket;
	const struct link_facts *links; // of this network namespace
	size_t n_links;
	int links_error;	 // why they could not be read; 0: they were
	cpu_set_t workers;	 // their CPUs; none: doctor_examine() takes what is the default
	bool workers_are_known;	 // not only what they would be
	uint32_t memory;	 // MiB that the dataplane takes; 0: the default
	int dataplane;		 // its process; 0: none
	bool dataplane_is_known; // control has said which, or that there is none; else look

	// What doctor_examine() fills.
	bool has_links;	   // of ports, in this network namespace
	bool elsewhere;	   // the dataplane is in another network namespace
	const char *check; // that runs
	struct finding *findings;
	size_t n_findings;
};

// Run all checks, one after the other.
void doctor_examine(struct doctor *doctor);

// How many findings have this level.
size_t doctor_count(const struct doctor *doctor, enum finding_level level);

// "ok", "note", "problem".
const char *finding_level_name(enum finding_level level);

// Release the findings.
void doctor_fini(struct doctor *doctor);
