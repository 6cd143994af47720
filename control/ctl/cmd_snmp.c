// SPDX-License-Identifier: BSD-3-Clause
// `ixfab snmp`: the objects of SNMP, for the snmpd that started us.
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "control/ctl/command.h"
#include "control/ctl/oid.h"
#include "control/ctl/snmp_serve.h"
#include "control/ctl/snmp_view.h"
#include "lib/clock.h"

struct serving {
	struct snmp_view view;
	double agent_booted; // when snmpd started, in seconds since this machine did; 0: unknown
};

static double seconds(uint64_t ns)
{
	return (double)ns / 1e9;
}

// Field 22 of proc(5)'s stat: when a process started, in ticks since boot. Its name, in
// parentheses, may have anything in it.
static double process_booted(pid_t pid)
{
	char path[32], text[1024];
	unsigned long long ticks = 0;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	FILE *file = fopen(path, "re");
	if (!file)
		return 0;
	size_t n = fread(text, 1, sizeof(text) - 1, file);
	fclose(file);
	text[n] = 0;
	const char *rest = strrchr(text, ')');
	for (int field = 2; rest && field < 22; field++)
		rest = strchr(rest + 1, ' ');
	if (!rest || sscanf(rest, " %llu", &ticks) != 1)
		return 0;
	return (double)ticks / (double)sysconf(_SC_CLK_TCK);
}

// sysUpTime counts from the start of snmpd, our parent. The wall clock may have been set since.
static double agent_started(const struct serving *serving)
{
	if (serving->agent_booted <= 0)
		return 0;
	return seconds(clock_wall_ns()) - seconds(clock_ns(CLOCK_BOOTTIME)) + serving->agent_booted;
}

static const struct snmp_row *lookup(void *argument, const struct oid *oid, bool next)
{
	struct serving *serving = argument;
	const struct snmp_time time = {.now = seconds(clock_steady_ns()),
				       .agent_started = agent_started(serving)};

	return snmp_view_lookup(&serving->view, &time, oid, next);
}

enum status run_snmp(struct session *session, const struct command *command, json_t *arguments)
{
	struct serving serving = {.agent_booted = process_booted(getppid())};

	(void)command, (void)arguments;
	snmp_view_init(&serving.view, &session->client);
	snmp_serve(stdin, session->out.file, lookup, &serving);
	snmp_view_fini(&serving.view);
	return STATUS_OK;
}
