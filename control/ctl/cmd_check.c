// SPDX-License-Identifier: BSD-3-Clause
// `ixfab check`: is a file right? Runs without a daemon, on any machine.
#include <stdlib.h>

#include "control/config/config.h"
#include "control/ctl/command.h"
#include "control/ctl/out_text.h"

static void view_check(struct out *out, const json_t *result)
{
	json_int_t ports = out_integer(result, "ports"), lans = out_integer(result, "lans");

	if (json_is_true(json_object_get(result, "valid")))
		out_line(out,
			 "%s is right: %" JSON_INTEGER_FORMAT " port%s, %" JSON_INTEGER_FORMAT
			 " LAN%s.",
			 out_string(result, "file"), ports, ports == 1 ? "" : "s", lans,
			 lans == 1 ? "" : "s");
}

static json_t *complaint_list(const struct config_errors *errors)
{
	json_t *list = json_array();

	for (size_t i = 0; i < errors->n; i++)
		json_array_append_new(list, json_string(errors->lines[i]));
	return list;
}

static void print_complaints(struct session *session, const struct config_errors *errors)
{
	for (size_t i = 0; i < errors->n; i++) {
		char *line = cell_clean(cell_format("%s", errors->lines[i]));

		fprintf(session->err, "%s\n", line);
		free(line);
	}
}

enum status run_check(struct session *session, const struct command *command, json_t *arguments)
{
	const char *file = json_string_value(json_object_get(arguments, "file"));
	struct config_errors errors = {0};
	struct config *config = config_read_file(file, &errors);
	json_t *result = json_pack("{s:i, s:s, s:b, s:o}", "version", 1, "file", file, "valid",
				   config != NULL, "complaints", complaint_list(&errors));

	(void)command;
	if (config) {
		json_object_set_new(result, "ports", json_integer((json_int_t)config->n_ports));
		json_object_set_new(result, "lans", json_integer((json_int_t)config->n_lans));
	}
	if (!session->out.json)
		print_complaints(session, &errors);
	out_show(&session->out, result, view_check);
	json_decref(result);
	config_errors_free(&errors);
	enum status status = config ? STATUS_OK : STATUS_FAILED;
	config_free(config);
	return status;
}
