// SPDX-License-Identifier: BSD-3-Clause
#include "dataplane/options.h"

#include <getopt.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/channel.h"

enum { MEMORY_DEFAULT_MIB = 192, MEMORY_MIN_MIB = 48, MEMORY_MAX_MIB = 1 << 20 };
enum { EXIT_USAGE = 2 };

static const char help[] =
	"Usage: ixfab-dataplane [OPTION]…\n"
	"Forward frames between the ports of an exchange. Ports and rules come from "
	"ixfab-control.\n"
	"\n"
	"  -w, --workers CPU[,CPU…]  a poll-mode worker on each of these CPUs (default: the last "
	"CPU)\n"
	"  -m, --memory MIB          memory for frame buffers and drivers (default: 192)\n"
	"  -s, --socket PATH         where control attaches (default: " CHANNEL_DEFAULT_SOCKET ")\n"
	"  -g, --group NAME          group that may attach control (default: root only)\n"
	"  -p, --power MODE          adaptive: idle workers sleep; poll: never (default: "
	"adaptive)\n"
	"      --no-huge             do not use huge pages\n"
	"  -l, --log LEVEL           " LOG_LEVEL_WORDS " (default: info)\n"
	"  -V, --version             print the version\n"
	"  -h, --help                print this\n";

static int complain(const char *option, const char *value, const char *right)
{
	fprintf(stderr, "ixfab-dataplane: --%s %s: %s\n", option, value, right);
	return EXIT_USAGE;
}

static bool parse_number(const char *text, unsigned long min, unsigned long max, uint32_t *number)
{
	char *end;
	unsigned long value = strtoul(text, &end, 10);

	if (*text < '0' || *text > '9' || *end || value < min || value > max)
		return false;
	*number = (uint32_t)value;
	return true;
}

static int parse_workers(struct options *options, const char *value)
{
	char *list = strdup(value);
	char *rest = list;
	char *word;
	cpu_set_t allowed;
	int status = -1;

	sched_getaffinity(0, sizeof(allowed), &allowed);
	options->n_workers = 0;
	while (list && status < 0 && (word = strsep(&rest, ","))) {
		uint32_t cpu;

		if (options->n_workers == MAX_WORKERS)
			status = complain("workers", value, "at most 32 workers");
		else if (!parse_number(word, 0, CPU_SETSIZE - 1, &cpu) || !CPU_ISSET(cpu, &allowed))
			status = complain("workers", value,
					  "a list of CPUs of this machine that we may use, as in "
					  "1,2,3 (see: taskset -p $$)");
		else
			options->worker_cpus[options->n_workers++] = cpu;
	}
	free(list);
	return status;
}

// The last CPU that we may run on: the first ones have most of the interrupts.
static void default_workers(struct options *options)
{
	cpu_set_t allowed;

	CPU_ZERO(&allowed);
	sched_getaffinity(0, sizeof(allowed), &allowed);
	for (uint32_t cpu = 0; cpu < CPU_SETSIZE; cpu++) {
		if (CPU_ISSET(cpu, &allowed))
			options->worker_cpus[0] = cpu;
	}
	options->n_workers = 1;
}

static int parse_power(struct options *options, const char *value)
{
	if (strcmp(value, "adaptive") != 0 && strcmp(value, "poll") != 0)
		return complain("power", value, "adaptive or poll");
	options->adaptive = strcmp(value, "adaptive") == 0;
	return -1;
}

static int parse_log(struct options *options, const char *value)
{
	if (log_level_parse(value, &options->log))
		return complain("log", value, LOG_LEVEL_WORDS);
	return -1;
}

static int parse_one(struct options *options, int letter, const char *value)
{
	switch (letter) {
	case 'w':
		return parse_workers(options, value);
	case 'm':
		if (!parse_number(value, MEMORY_MIN_MIB, MEMORY_MAX_MIB, &options->memory_mib))
			return complain("memory", value, "a number of MiB, at least 48");
		return -1;
	case 's':
		options->socket = value;
		return -1;
	case 'g':
		options->group = value;
		return -1;
	case 'p':
		return parse_power(options, value);
	case 'H':
		options->no_huge = true;
		return -1;
	case 'l':
		return parse_log(options, value);
	case 'V':
		puts("ixfab-dataplane " IXFAB_VERSION);
		return 0;
	case 'h':
		fputs(help, stdout);
		return 0;
	default:
		fputs("Try: ixfab-dataplane --help\n", stderr);
		return EXIT_USAGE;
	}
}

int options_parse(struct options *options, int argc, char **argv)
{
	static const struct option names[] = {
		{"workers", required_argument, NULL, 'w'}, {"memory", required_argument, NULL, 'm'},
		{"socket", required_argument, NULL, 's'},  {"group", required_argument, NULL, 'g'},
		{"power", required_argument, NULL, 'p'},   {"no-huge", no_argument, NULL, 'H'},
		{"log", required_argument, NULL, 'l'},	   {"version", no_argument, NULL, 'V'},
		{"help", no_argument, NULL, 'h'},	   {0},
	};
	int letter;

	*options = (struct options){.memory_mib = MEMORY_DEFAULT_MIB,
				    .socket = CHANNEL_DEFAULT_SOCKET,
				    .adaptive = true,
				    .log = LOG_LEVEL_INFO};
	default_workers(options);
	while ((letter = getopt_long(argc, argv, "w:m:s:g:p:l:Vh", names, NULL)) != -1) {
		int status = parse_one(options, letter, optarg);

		if (status >= 0)
			return status;
	}
	if (optind < argc) {
		fprintf(stderr,
			"ixfab-dataplane: %s: no such argument\nTry: ixfab-dataplane --help\n",
			argv[optind]);
		return EXIT_USAGE;
	}
	return -1;
}
