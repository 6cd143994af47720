// SPDX-License-Identifier: BSD-3-Clause
// `ixfab support-bundle`: all that somebody far away needs to understand what is wrong here, in one
// file. It is made whether ixfab-control answers or not.
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "control/config/config.h"
#include "control/config/files.h"
#include "control/ctl/arguments.h"
#include "control/ctl/command.h"
#include "control/ctl/out_text.h"
#include "control/ctl/tarball.h"
#include "control/ctl/whole_file.h"
#include "control/doctor/facts.h"

enum {
	PATIENCE = 10,	     // seconds for each answer of the daemon
	INTERVAL = 10,	     // seconds between the two rounds, if nothing else is said
	EVENTS = 1000,	     // at most so many
	FILE_MAX = 64 << 20, // octets of one file
	WORDS = 8,
};

#define JOURNAL                                                                           \
	"journalctl --no-pager --output=short-precise --lines=5000 --unit=ixfab-control " \
	"--unit=ixfab-dataplane 2>&1"

#define SHOW "show "

// Files of the machine that help; what is not there is left out.
static const char *const machine_files[] = {
	"/etc/os-release",
	"/proc/buddyinfo",
	"/proc/cmdline",
	"/proc/cpuinfo",
	"/proc/interrupts",
	"/proc/loadavg",
	"/proc/meminfo",
	"/proc/modules",
	"/proc/mounts",
	"/proc/net/dev",
	"/proc/net/softnet_stat",
	"/proc/pressure/cpu",
	"/proc/pressure/memory",
	"/proc/softirqs",
	"/proc/sys/kernel/tainted",
	"/proc/uptime",
	"/proc/version",
	"/proc/vmstat",
	"/sys/devices/system/cpu/isolated",
	"/sys/devices/system/cpu/nohz_full",
	"/sys/devices/system/cpu/online",
};

static const char *const process_files[] = {"cmdline", "limits", "smaps_rollup", "status"};
static const char *const processes[] = {"ixfab-control", "ixfab-dataplane"};

struct bundle {
	struct session *session;
	struct tarball *tarball;
	char *top;	  // directory in the archive
	json_t *contents; // names
	char *problem;	  // why the daemon did not answer; NULL: it did
};

static void add(struct bundle *bundle, const char *name, const char *octets, size_t length)
{
	char *whole = cell_format("%s/%s", bundle->top, name);

	tarball_add(bundle->tarball, whole, octets, length);
	json_array_append_new(bundle->contents, json_string(name));
	free(whole);
}

static void add_text(struct bundle *bundle, const char *name, const char *text)
{
	add(bundle, name, text, strlen(text));
}

// A file under its own path.
static void add_file(struct bundle *bundle, const char *path)
{
	size_t length;
	char *name = cell_format("machine%s", path);
	char *text = strlen(name) < TARBALL_NAME_MAX - strlen(bundle->top) - 1
			     ? whole_file_read(path, FILE_MAX, &length)
			     : NULL;

	if (text)
		add(bundle, name, text, length);
	free(text);
	free(name);
}

// ---- What the daemon says

static bool is_wanted(const struct command *command)
{
	if (strncmp(command->words, SHOW, strlen(SHOW)) != 0 &&
	    strcmp(command->words, "history") != 0)
		return false;
	for (const struct argument *a = command->arguments; a && a->name; a++) {
		if (a->required)
			return false;
	}
	return true;
}

static json_t *default_arguments(const struct command *command)
{
	char *copy = cell_format("%s", command->words), *words[WORDS], error[USAGE_TEXT_SIZE];
	size_t n = 0;

	for (char *word = strtok(copy, " "); word && n < WORDS; word = strtok(NULL, " "))
		words[n++] = word;
	json_t *arguments = arguments_parse(command, words, n, error);
	for (const struct argument *a = command->arguments; a && a->name; a++) {
		if (strcmp(a->key, "limit") == 0)
			json_object_set_new(arguments, a->key, json_integer(EVENTS));
	}
	free(copy);
	return arguments;
}

// Run a command as "ixfab -j" does; "text" receives what it printed, or why it could not.
static enum status run_quietly(struct bundle *bundle, const struct command *command, char **text)
{
	struct session session = *bundle->session;
	char *complaint;
	size_t length, complaint_length;

	session.out.file = open_memstream(text, &length);
	session.out.json = true;
	session.out.terminal = false;
	session.err = open_memstream(&complaint, &complaint_length);
	json_t *arguments = default_arguments(command);
	enum status status = command->run(&session, command, arguments);
	json_decref(arguments);
	fclose(session.out.file);
	fclose(session.err);
	bundle->session->client = session.client; // it may be connected now
	if (status == STATUS_OK) {
		free(complaint);
		return status;
	}
	free(*text);
	*text = complaint;
	return status;
}

// A round of everything that "show" tells. Ends at once when nobody answers.
static void add_round(struct bundle *bundle, int round)
{
	for (const struct command *command = commands; command->words; command++) {
		const char *what = command->words;
		char *text, *name;

		if (!is_wanted(command))
			continue;
		what += strncmp(what, SHOW, strlen(SHOW)) == 0 ? strlen(SHOW) : 0;
		enum status status = run_quietly(bundle, command, &text);
		if (status == STATUS_UNREACHABLE) {
			bundle->problem = cell_clean(text);
			return;
		}
		name = cell_format("show-%d/%s.%s", round, what,
				   status == STATUS_OK ? "json" : "failed");
		add_text(bundle, name, text);
		free(name);
		free(text);
	}
}

static void wait_for(time_t seconds)
{
	struct timespec left = {seconds};

	while (nanosleep(&left, &left) < 0 && errno == EINTR)
		continue;
}

static void add_rounds(struct bundle *bundle, time_t interval)
{
	if (bundle->session->client.timeout > PATIENCE)
		bundle->session->client.timeout = PATIENCE;
	add_round(bundle, 1);
	if (!bundle->problem) {
		wait_for(interval);
		add_round(bundle, 2);
	}
	if (bundle->problem)
		add_text(bundle, "show-FAILED", bundle->problem);
}

// ---- What needs no daemon

static void add_config(struct bundle *bundle, const char *file)
{
	struct config_errors errors = {0};
	size_t length;
	char *text = config_files_read(file, NULL, &length, &errors);

	if (text)
		add(bundle, "config.yaml", text, length);
	else
		add_text(bundle, "config-FAILED", errors.n ? errors.lines[0] : "cannot be read");
	free(text);
	config_errors_free(&errors);
}

static void add_doctor(struct bundle *bundle, const char *file)
{
	cpu_set_t none;

	CPU_ZERO(&none);
	json_t *result = doctor_run(bundle->session, file, &none);
	char *text = json_dumps(result, JSON_INDENT(1));
	add_text(bundle, "doctor.json", text ? text : "");
	free(text);
	json_decref(result);
}

static void add_journal(struct bundle *bundle)
{
	FILE *pipe = popen(JOURNAL, "re");
	char *text, piece[4096];
	size_t length, n;
	FILE *copy = open_memstream(&text, &length);

	while (pipe && (n = fread(piece, 1, sizeof(piece), pipe)) > 0 && ftell(copy) < FILE_MAX)
		fwrite(piece, 1, n, copy);
	fclose(copy);
	if (pipe)
		pclose(pipe);
	add(bundle, "journal.log", text, length);
	free(text);
}

static void add_process(struct bundle *bundle, const char *pid)
{
	struct facts_names threads = facts_list("", "/proc/%s/task", pid);
	char path[128];

	for (size_t i = 0; i < sizeof(process_files) / sizeof(*process_files); i++) {
		snprintf(path, sizeof(path), "/proc/%s/%s", pid, process_files[i]);
		add_file(bundle, path);
	}
	// How often a worker was held up: voluntary_ctxt_switches and its sister.
	for (size_t i = 0; i < threads.n; i++) {
		snprintf(path, sizeof(path), "/proc/%s/task/%s/status", pid, threads.list[i]);
		add_file(bundle, path);
	}
	facts_names_free(&threads);
}

static bool is_of_ours(const char *pid)
{
	char *name = facts_text("", "/proc/%s/comm", pid);
	bool ours = false;

	for (size_t i = 0; i < sizeof(processes) / sizeof(*processes) && name; i++)
		ours = ours || strcmp(name, processes[i]) == 0;
	free(name);
	return ours;
}

static void add_machine(struct bundle *bundle)
{
	struct facts_names pids = facts_list("", "/proc");

	for (size_t i = 0; i < sizeof(machine_files) / sizeof(*machine_files); i++)
		add_file(bundle, machine_files[i]);
	for (size_t i = 0; i < pids.n; i++) {
		if (is_of_ours(pids.list[i]))
			add_process(bundle, pids.list[i]);
	}
	facts_names_free(&pids);
}

// ---- The whole

static const char summary[] =
	"In it: the configuration and what \"show\" tells, twice, so members' names,\n"
	"AS numbers, MAC and IP addresses, and who sends how much to whom; events, with\n"
	"the beginning of the frame that made each; who changed what; what doctor finds;\n"
	"the daemons' logs; CPU, memory, interfaces and ixfab processes of this machine.\n"
	"Not in it: passwords or keys (the configuration has none), other frames of\n"
	"members, files and logs of other programs.\n";

static void add_readme(struct bundle *bundle, const char *date)
{
	char *text = cell_format("ixfab %s, %s\n\n%s%s%s\n", IXFAB_VERSION, date, summary,
				 bundle->problem ? "\nixfab-control did not answer: " : "",
				 bundle->problem ? bundle->problem : "");

	add_text(bundle, "README", text);
	free(text);
}

static void view_bundle(struct out *out, const json_t *result)
{
	const char *problem = out_string(result, "problem");
	char *octets = cell_text(json_object_get(result, "octets"), CELL_OCTETS);

	out_line(out, "%s: %zu files, %s.", out_string(result, "file"),
		 json_array_size(json_object_get(result, "contents")), octets);
	if (*problem)
		out_tinted(out, TINT_BAD, "Without what ixfab-control would say: %s", problem);
	fputs(summary, out->file);
	out_line(out, "Look before you send it: tar -xzf %s", out_string(result, "file"));
	free(octets);
}

static void fill(struct bundle *bundle, const json_t *arguments, const char *date)
{
	const char *file = json_string_value(json_object_get(arguments, "file"));

	const json_t *interval = json_object_get(arguments, "interval");

	add_rounds(bundle, interval ? json_integer_value(interval) : INTERVAL);
	add_config(bundle, file ? file : COMMAND_DEFAULT_FILE);
	add_doctor(bundle, file);
	add_journal(bundle);
	add_machine(bundle);
	add_readme(bundle, date);
}

// "ixfab-support-HOST-20261201T120000Z", of letters that every file system takes.
static char *make_name(const char *date)
{
	char host[65] = "", *name;

	gethostname(host, sizeof(host) - 1);
	for (char *c = host; *c; c++) {
		if (!strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-", *c))
			*c = '-';
	}
	host[16] = '\0'; // the paths below have to fit, too
	name = cell_format("ixfab-support-%s-%s", host, date);
	return name;
}

enum status run_support_bundle(struct session *session, const struct command *command,
			       json_t *arguments)
{
	time_t now = time(NULL);
	struct bundle bundle = {.session = session, .contents = json_array()};
	char date[32];
	size_t octets;

	(void)command;
	strftime(date, sizeof(date), "%Y%m%dT%H%M%SZ", gmtime(&now));
	bundle.top = make_name(date);
	const char *output = json_string_value(json_object_get(arguments, "output"));
	char *path = output ? cell_format("%s", output) : cell_format("%s.tar.gz", bundle.top);
	bundle.tarball = tarball_create(path, now);
	int err = bundle.tarball ? 0 : -errno;
	if (!err) {
		fill(&bundle, arguments, date);
		err = tarball_finish(bundle.tarball, true, &octets);
	}
	if (!err) {
		json_t *result = json_pack("{s:i, s:s, s:I, s:s?, s:O}", "version", 1, "file", path,
					   "octets", (json_int_t)octets, "problem", bundle.problem,
					   "contents", bundle.contents);
		out_show(&session->out, result, view_bundle);
		json_decref(result);
	}
	enum status status =
		err ? session_fail(session, STATUS_FAILED, "%s: %s", path, strerror(-err))
		    : STATUS_OK;
	free(bundle.problem);
	free(bundle.top);
	free(path);
	json_decref(bundle.contents);
	return status;
}
