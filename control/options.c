// SPDX-License-Identifier: BSD-3-Clause
#include "control/options.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/channel.h"

#define DEFAULT_SOCKET "/run/ixfab/control.sock"
#define DEFAULT_STATE  "/var/lib/ixfab"
#define DEFAULT_CONFIG "/etc/ixfab/ixfab.yaml"

enum { EXIT_USAGE = 2 };

static const char help[] =
	"Usage: ixfab-control [OPTION]…\n"
	"Keep the dataplane at what the configuration says, and serve operators.\n"
	"\n"
	"  -d, --dataplane PATH  socket of ixfab-dataplane (default: " CHANNEL_DEFAULT_SOCKET ")\n"
	"  -s, --socket PATH     where operators connect (default: " DEFAULT_SOCKET ")\n"
	"  -S, --state DIR       what outlives a restart (default: " DEFAULT_STATE ")\n"
	"  -c, --config FILE     the configuration (default: " DEFAULT_CONFIG ")\n"
	"  -g, --group NAME      group whose members may change things (default: our own)\n"
	"  -m, --metrics ADDRESS serve metrics on 127.0.0.1:PORT, [::1]:PORT or a socket /PATH\n"
	"  -f, --metrics-file FILE\n"
	"                        write metrics to a file for node_exporter\n"
	"  -p, --metrics-period SECONDS\n"
	"                        how often to write it (default: 15)\n"
	"  -l, --log LEVEL       error, warning, notice, info or debug (default: info)\n"
	"  -F, --fits            tell whether the running dataplane fits this release, and exit\n"
	"  -V, --version         print the version\n"
	"  -h, --help            print this\n"
	"\n"
	"SIGHUP applies the configuration file again. When control ends, the dataplane goes on.\n";

static int parse_log(struct options *options, const char *value)
{
	if (log_level_parse(value, &options->log) == 0)
		return -1;
	fprintf(stderr, "ixfab-control: --log %s: " LOG_LEVEL_WORDS "\n", value);
	return EXIT_USAGE;
}

static int parse_period(struct options *options, const char *value)
{
	char *end;
	unsigned long seconds = strtoul(value, &end, 10);

	if (*value >= '0' && *value <= '9' && !*end && seconds && seconds <= METRICS_PERIOD_MAX) {
		options->metrics.period = (uint32_t)seconds;
		return -1;
	}
	fprintf(stderr, "ixfab-control: --metrics-period %s: 1 to %d seconds\n", value,
		METRICS_PERIOD_MAX);
	return EXIT_USAGE;
}

static int parse_one(struct options *options, int letter, const char *value)
{
	switch (letter) {
	case 'd':
		options->dataplane = value;
		return -1;
	case 's':
		options->socket = value;
		return -1;
	case 'S':
		options->state = value;
		return -1;
	case 'c':
		options->config = value;
		return -1;
	case 'g':
		options->group = value;
		return -1;
	case 'm':
		options->metrics.address = value;
		return -1;
	case 'f':
		options->metrics.file = value;
		return -1;
	case 'p':
		return parse_period(options, value);
	case 'l':
		return parse_log(options, value);
	case 'F':
		options->fits = true;
		return -1;
	case 'V':
		puts("ixfab-control " IXFAB_VERSION);
		return 0;
	case 'h':
		fputs(help, stdout);
		return 0;
	default:
		fputs("Try: ixfab-control --help\n", stderr);
		return EXIT_USAGE;
	}
}

int options_parse(struct options *options, int argc, char **argv)
{
	static const struct option names[] = {
		{"dataplane", required_argument, NULL, 'd'},
		{"socket", required_argument, NULL, 's'},
		{"state", required_argument, NULL, 'S'},
		{"config", required_argument, NULL, 'c'},
		{"group", required_argument, NULL, 'g'},
		{"metrics", required_argument, NULL, 'm'},
		{"metrics-file", required_argument, NULL, 'f'},
		{"metrics-period", required_argument, NULL, 'p'},
		{"log", required_argument, NULL, 'l'},
		{"fits", no_argument, NULL, 'F'},
		{"version", no_argument, NULL, 'V'},
		{"help", no_argument, NULL, 'h'},
		{0},
	};
	int letter;

	*options = (struct options){.dataplane = CHANNEL_DEFAULT_SOCKET,
				    .socket = DEFAULT_SOCKET,
				    .state = DEFAULT_STATE,
				    .config = DEFAULT_CONFIG,
				    .log = LOG_LEVEL_INFO,
				    .metrics = {.period = METRICS_PERIOD}};
	while ((letter = getopt_long(argc, argv, "d:s:S:c:g:m:f:p:l:FVh", names, NULL)) != -1) {
		int status = parse_one(options, letter, optarg);

		if (status >= 0)
			return status;
	}
	if (optind < argc) {
		fprintf(stderr, "ixfab-control: %s: no such argument\nTry: ixfab-control --help\n",
			argv[optind]);
		return EXIT_USAGE;
	}
	return -1;
}
