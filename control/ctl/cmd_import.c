// SPDX-License-Identifier: BSD-3-Clause
// `ixfab import`: from a feed of members to members.yaml. Never asks or tells the daemon anything.
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "control/config/complaints.h"
#include "control/config/config.h"
#include "control/config/files.h"
#include "control/ctl/command.h"
#include "control/ctl/import_show.h"
#include "control/ctl/out_text.h"
#include "control/ctl/whole_file.h"
#include "control/import/compare.h"
#include "control/import/document.h"
#include "control/import/import.h"
#include "control/import/model.h"
#include "control/import/target.h"
#include "control/import/write.h"

#define DEFAULT_CONFIG "/etc/ixfab/ixfab.yaml"
#define DEFAULT_OUTPUT "members.yaml"

struct job {
	struct session *session;
	const json_t *arguments;
	struct import_target target;
	struct config *config;
	const char *config_file;
	char *config_text; // NULL: there is none
	size_t config_length;
	struct import_changes changes;
	json_t *complaints; // strings
	char *previous;	    // path of what is replaced
};

static const char *argument(const struct job *job, const char *key)
{
	return json_string_value(json_object_get(job->arguments, key));
}

// Take the complaints over. Returns whether there was an error among them.
static bool take_lines(struct job *job, struct config_errors *errors, bool wrong)
{
	for (size_t i = 0; i < errors->n; i++) {
		char *line = cell_clean(cell_format("%s", errors->lines[i]));

		if (!job->session->out.json)
			fprintf(job->session->err, "%s\n", line);
		json_array_append_new(job->complaints, json_string(line));
		free(line);
	}
	config_errors_free(errors);
	return wrong;
}

static bool take_complaints(struct job *job, struct complaints *complaints)
{
	struct config_errors errors;
	bool wrong = complaints->n_errors;

	complaints_finish(complaints, &errors);
	return take_lines(job, &errors, wrong);
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

// The configuration of the fabric, without what the import is to replace. Returns false if there is
// one that is wrong.
static bool read_config(struct job *job)
{
	const char *named = argument(job, "config"), *output = argument(job, "output");
	const char *file = named ? named : DEFAULT_CONFIG;
	struct config_errors errors = {0};

	job->previous = output ? cell_format("%s", output)
			       : cell_format("%.*s" CONFIG_DIRECTORY "/" DEFAULT_OUTPUT,
					     (int)(base_name(file) - file), file);
	job->config_file = file;
	job->config_text =
		config_files_read(file, base_name(job->previous), &job->config_length, &errors);
	if (!job->config_text && errno == ENOENT && !named) {
		config_errors_free(&errors);
		return true;
	}
	if (job->config_text)
		job->config = config_read(file, job->config_text, job->config_length, &errors);
	job->target.config = job->config;
	if (!job->config)
		return !take_lines(job, &errors, true);
	config_errors_free(&errors); // warnings are told by check
	return true;
}

static bool read_map(struct job *job)
{
	const char *file = argument(job, "portmap");
	struct complaints complaints = {.file = file};
	size_t length;

	if (!file)
		return true;
	char *text = whole_file_read(file, CONFIG_FILE_MAX, &length);
	if (text)
		import_read_map(&job->target, text, length, &complaints);
	else
		complain(&complaints, (struct config_place){0}, "", "cannot be read: %s",
			 strerror(errno));
	free(text);
	return !take_complaints(job, &complaints);
}

static bool read_target(struct job *job)
{
	struct complaints complaints = {.file = "ixfab"};

	job->target.device = argument(job, "device");
	job->target.ixp_id = (uint64_t)json_integer_value(json_object_get(job->arguments, "ixp"));
	job->target.vlan_id = (uint64_t)json_integer_value(json_object_get(job->arguments, "vlan"));
	if (!read_config(job))
		return false;
	import_read_lans(&job->target, argument(job, "lans"), &complaints);
	return !take_complaints(job, &complaints) && read_map(job);
}

// The YAML that the feed makes, or NULL with complaints.
static char *make_text(struct job *job, importer *read)
{
	const char *file = argument(job, "file");
	struct complaints complaints = {.file = file};
	struct import import = {0};
	json_t *document = NULL;
	size_t length;
	char *made = NULL, *text = whole_file_read(file, DOCUMENT_MAX, &length);

	if (text)
		document = document_read(text, length, &complaints);
	else
		complain(&complaints, (struct config_place){0}, "", "cannot be read: %s",
			 strerror(errno));
	free(text);
	if (document)
		read(&import, document, &job->target, &complaints);
	if (!take_complaints(job, &complaints))
		made = import_write(&import);
	json_decref(document);
	import_fini(&import);
	return made;
}

static void drop_warnings(struct config_errors *errors)
{
	size_t n = 0;

	for (size_t i = 0; i < errors->n; i++) {
		if (strstr(errors->lines[i], ": warning: "))
			free(errors->lines[i]);
		else
			errors->lines[n++] = errors->lines[i];
	}
	errors->n = n;
}

// Whether the configuration is right with the new file in it. Says what is not.
static bool check_whole(struct job *job, const char *made)
{
	struct config_errors errors = {0};
	size_t length;

	if (!job->config)
		return true;
	char *text = config_files_add(job->config_file, job->config_text, job->config_length,
				      base_name(job->previous), made, &length);
	struct config *config = config_read(job->config_file, text, length, &errors);
	bool right = config;

	free(text);
	config_free(config);
	if (right) {
		config_errors_free(&errors); // warnings are told by check
		return true;
	}
	drop_warnings(&errors);
	take_lines(job, &errors, true);
	if (json_object_get(job->arguments, "force"))
		return true;
	session_fail(job->session, STATUS_FAILED,
		     "the configuration would be wrong; if it is to be written, write --force");
	return false;
}

// Compare with what is there. Returns false if that cannot be read, or says so much else that
// somebody should look first.
static bool compare(struct job *job, const char *made, char **old)
{
	struct complaints complaints = {.file = job->previous};
	size_t length;

	*old = whole_file_read(job->previous, CONFIG_FILE_MAX, &length);
	if (!*old && errno != ENOENT && errno != ENOTDIR)
		complain(&complaints, (struct config_place){0}, "", "cannot be read: %s",
			 strerror(errno));
	import_compare(&job->changes, *old ? *old : "", made, &complaints);
	bool force = json_object_get(job->arguments, "force");
	if (take_complaints(job, &complaints) && !force) {
		session_fail(job->session, STATUS_FAILED,
			     "%s is no file of an import; if it is to be replaced, write --force",
			     job->previous);
		return false;
	}
	if (!import_removes_many(&job->changes) || force)
		return true;
	session_fail(job->session, STATUS_FAILED,
		     "%zu of %zu ports would lose what they have; if that is meant, write --force",
		     job->changes.n_lost, job->changes.n_old);
	return false;
}

// To standard output goes either the YAML, and what is for people elsewhere, or one JSON object.
static void show(struct job *job, const char *made, bool written)
{
	const char *output = argument(job, "output");
	struct out out = job->session->out;
	json_t *result = json_pack("{s:i, s:s?, s:b, s:i, s:o, s:O}", "version", 1, "file", output,
				   "written", written, "ports", (int)job->changes.n_new, "changes",
				   import_describe(&job->changes), "complaints", job->complaints);

	if (made && !output && out.json)
		json_object_set_new(result, "text", json_string(made));
	if (made && !output && !out.json)
		fputs(made, out.file);
	if (!output && !out.json)
		out_init(&out, job->session->err);
	out_show(&out, result, view_import);
	json_decref(result);
}

static enum status finish(struct job *job, const char *made, const char *old)
{
	const char *output = argument(job, "output");
	bool same = old && strcmp(old, made) == 0;
	int err = output && !same ? whole_file_write(output, made, strlen(made)) : 0;

	if (err)
		return session_fail(job->session, STATUS_FAILED, "cannot write %s: %s", output,
				    strerror(-err));
	show(job, made, output && !same);
	return STATUS_OK;
}

static enum status run(struct session *session, const json_t *arguments, importer *read)
{
	struct job job = {.session = session, .arguments = arguments, .complaints = json_array()};
	char *made = read_target(&job) ? make_text(&job, read) : NULL;
	enum status status = STATUS_FAILED;
	char *old = NULL;

	if (made && check_whole(&job, made) && compare(&job, made, &old))
		status = finish(&job, made, old);
	else if (job.changes.n || session->out.json)
		show(&job, NULL, false);
	free(made);
	free(old);
	free(job.previous);
	free(job.config_text);
	json_decref(job.complaints);
	import_changes_fini(&job.changes);
	import_target_fini(&job.target);
	config_free(job.config);
	return status;
}

enum status run_import_ixp_manager(struct session *session, const struct command *command,
				   json_t *arguments)
{
	(void)command;
	return run(session, arguments, import_ixp_manager);
}

enum status run_import_ixf(struct session *session, const struct command *command,
			   json_t *arguments)
{
	(void)command;
	return run(session, arguments, import_ixf);
}
