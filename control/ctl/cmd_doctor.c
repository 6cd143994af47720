// SPDX-License-Identifier: BSD-3-Clause
// `ixfab doctor`: is this machine fit for the configuration? Needs no daemon; of one that answers
// it is asked which CPUs its workers have.
#include <stdlib.h>
#include <string.h>

#include "control/alloc.h"
#include "control/ctl/command.h"
#include "control/ctl/out_text.h"
#include "control/doctor/doctor.h"
#include "control/doctor/facts.h"

enum { PATIENCE = 2 }; // seconds for a daemon that hangs: then it is looked at without it

static void add_row(struct table *table, const char *level, enum tint tint, const json_t *finding,
		    char *text)
{
	table_cell(table, cell_format("%s", level), tint);
	table_cell(table, cell_clean(cell_format("%s", out_string(finding, "check"))), TINT_NONE);
	table_cell(table, cell_clean(cell_format("%s", out_string(finding, "subject"))), TINT_NONE);
	table_cell(table, cell_clean(text), TINT_NONE);
}

static enum tint tint_of(const char *level)
{
	if (strcmp(level, "ok") == 0)
		return TINT_GOOD;
	return strcmp(level, "problem") == 0 ? TINT_BAD : TINT_NONE;
}

static void add_finding(struct table *table, const json_t *finding)
{
	const char *level = out_string(finding, "level"), *command = out_string(finding, "command");

	add_row(table, level, tint_of(level), finding,
		cell_format("%s", out_string(finding, "text")));
	if (!*command)
		return;
	add_row(table, "", TINT_NONE, NULL, cell_format("  %s", command));
}

static void view_doctor(struct out *out, const json_t *result)
{
	static const char *const titles[] = {"", "CHECK", "WHERE", "FINDING, AND WHAT MENDS IT"};
	const json_t *findings = json_object_get(result, "findings");
	json_int_t problems = out_integer(result, "problems"), notes = out_integer(result, "notes");
	struct table *table = table_create();

	for (size_t i = 0; i < N_COLUMNS(titles); i++)
		table_column(table, titles[i], false);
	for (size_t i = 0; i < json_array_size(findings); i++)
		add_finding(table, json_array_get(findings, i));
	table_print(table, out);
	table_destroy(table);
	out_line(out, "%" JSON_INTEGER_FORMAT " problem%s, %" JSON_INTEGER_FORMAT " note%s.",
		 problems, problems == 1 ? "" : "s", notes, notes == 1 ? "" : "s");
}

static json_t *text_or_null(const char *text)
{
	return text ? json_string(text) ?: json_string("?") : json_null();
}

static json_t *describe(const struct doctor *doctor)
{
	json_t *findings = json_array();

	for (size_t i = 0; i < doctor->n_findings; i++) {
		const struct finding *f = &doctor->findings[i];

		json_array_append_new(findings,
				      json_pack("{s:s, s:s, s:o, s:o, s:o}", "check", f->check,
						"level", finding_level_name(f->level), "subject",
						text_or_null(f->subject), "text",
						text_or_null(f->text), "command",
						text_or_null(f->command)));
	}
	return json_pack("{s:i, s:o, s:I, s:I, s:o}", "version", 1, "file",
			 text_or_null(doctor->config_file), "problems",
			 (json_int_t)doctor_count(doctor, FINDING_PROBLEM), "notes",
			 (json_int_t)doctor_count(doctor, FINDING_NOTE), "findings", findings);
}

static json_t *ask(struct session *session, const char *method)
{
	struct client_failure failure;
	json_t *result = client_call(&session->client, method, NULL, &failure);

	if (!result)
		client_failure_clear(&failure);
	return result;
}

// What the daemon knows better than anybody: its dataplane, and the CPUs of the workers.
static void ask_daemon(struct session *session, struct doctor *doctor)
{
	if (session->client.timeout > PATIENCE)
		session->client.timeout = PATIENCE;
	json_t *version = ask(session, "version");
	doctor->dataplane = (int)out_integer(version, "dataplane.pid");
	doctor->dataplane_is_known = version != NULL;
	json_t *answer = doctor->dataplane ? ask(session, "show.workers") : NULL;
	const json_t *workers = json_object_get(answer, "workers");
	for (size_t i = 0; i < json_array_size(workers) && !doctor->workers_are_known; i++)
		CPU_SET((size_t)out_integer(json_array_get(workers, i), "cpu"), &doctor->workers);
	doctor->workers_are_known = CPU_COUNT(&doctor->workers) > 0;
	json_decref(answer);
	json_decref(version);
}

json_t *doctor_run(struct session *session, const char *file, const cpu_set_t *workers)
{
	struct config_errors errors = {0};
	struct link_facts *links = NULL;
	struct doctor doctor = {
		.root = "",
		.config_file = file ? file : COMMAND_DEFAULT_FILE,
		.file_was_named = file,
		.control_socket = session->client.path,
		.workers = *workers,
		.workers_are_known = CPU_COUNT(workers) > 0,
	};
	struct config *config = config_read_file(doctor.config_file, &errors);

	doctor.config = config;
	doctor.links_error = links_read(&links, &doctor.n_links);
	doctor.links = links;
	ask_daemon(session, &doctor);
	doctor_examine(&doctor);
	json_t *result = describe(&doctor);
	doctor_fini(&doctor);
	free(links);
	config_free(config);
	config_errors_free(&errors);
	return result;
}

enum status run_doctor(struct session *session, const struct command *command, json_t *arguments)
{
	const char *list = json_string_value(json_object_get(arguments, "workers"));
	cpu_set_t workers;

	(void)command;
	CPU_ZERO(&workers);
	if (list && (!cpu_list_parse(list, &workers) || CPU_COUNT(&workers) == 0))
		return session_fail(session, STATUS_USAGE,
				    "\"%s\" is no list of CPUs: write it as in 2,3 or 2-5", list);
	json_t *result = doctor_run(session, json_string_value(json_object_get(arguments, "file")),
				    &workers);
	out_show(&session->out, result, view_doctor);
	enum status status = out_integer(result, "problems") ? STATUS_FAILED : STATUS_OK;
	json_decref(result);
	return status;
}
