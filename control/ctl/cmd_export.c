// SPDX-License-Identifier: BSD-3-Clause
// `ixfab export`: the configuration in force, or a file, in the formats that others read.
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "control/config/config.h"
#include "control/ctl/command.h"
#include "control/ctl/out_text.h"
#include "control/import/export.h"

static void print_lines(struct session *session, struct config_errors *errors)
{
	for (size_t i = 0; i < errors->n; i++) {
		char *line = cell_clean(cell_format("%s", errors->lines[i]));

		fprintf(session->err, "%s\n", line);
		free(line);
	}
}

// The configuration in force, as the daemon keeps it.
static struct config *read_running(struct session *session, struct config_errors *errors,
				   enum status *status)
{
	json_t *result = session_call(session, "show.config", NULL, status);
	const json_t *text = json_object_get(result, "text");
	struct config *config = NULL;

	if (json_is_string(text))
		config = config_read(out_string(result, "file"), json_string_value(text),
				     json_string_length(text), errors);
	else if (result)
		*status = session_fail(session, STATUS_FAILED, "there is no configuration yet");
	json_decref(result);
	return config;
}

static struct config *read_config(struct session *session, const char *file, enum status *status)
{
	struct config_errors errors = {0};
	struct config *config;

	*status = STATUS_OK;
	if (file)
		config = config_read_file(file, &errors);
	else
		config = read_running(session, &errors, status);
	if (!config && *status == STATUS_OK) {
		print_lines(session, &errors);
		*status = STATUS_FAILED;
	}
	config_errors_free(&errors);
	return config;
}

static void learn_port(const struct config *config, const json_t *row, struct export_port *ports)
{
	const struct config_port *port = config_find_port(config, out_string(row, "name"));

	if (!port)
		return;
	ports[port - config->ports] = (struct export_port){
		.quarantine = json_is_true(json_object_get(row, "quarantine")),
		.down = strcmp(out_string(row, "admin"), "down") == 0,
		.speed = (uint32_t)out_integer(row, "speed"),
	};
}

// What the daemon knows beside the configuration. Without a dataplane it knows nothing, and the
// configuration's word counts.
static void learn_ports(struct session *session, const struct config *config,
			struct export_port *ports)
{
	struct client_failure failure;
	json_t *result = client_call(&session->client, "show.ports", NULL, &failure);
	const json_t *rows = json_object_get(result, "ports");

	for (size_t i = 0; i < json_array_size(rows); i++)
		learn_port(config, json_array_get(rows, i), ports);
	if (!result)
		client_failure_clear(&failure);
	json_decref(result);
}

static bool has_lan(const struct config *config, const char *lan)
{
	for (size_t i = 0; i < config->n_lans; i++) {
		if (strcmp(config->lans[i].name, lan) == 0)
			return true;
	}
	return false;
}

static void write_ixf(const struct export_source *source, FILE *file)
{
	json_t *document = export_ixf(source);

	json_dumpf(document, file, JSON_INDENT(2));
	fputc('\n', file);
	json_decref(document);
}

static void write_clients(const struct export_source *source, FILE *file)
{
	char *text = export_clients(source);

	fputs(text, file);
	free(text);
}

static void write_ethers(const struct export_source *source, FILE *file)
{
	char *text = export_ethers(source);

	fputs(text, file);
	free(text);
}

static uint64_t number(const json_t *arguments, const char *key, uint64_t fallback)
{
	const json_t *value = json_object_get(arguments, key);

	return value ? (uint64_t)json_integer_value(value) : fallback;
}

static enum status run(struct session *session, const json_t *arguments,
		       void (*write)(const struct export_source *source, FILE *file))
{
	const char *file = json_string_value(json_object_get(arguments, "file"));
	struct export_source source = {
		.lan = json_string_value(json_object_get(arguments, "lan")),
		.ixp_id = number(arguments, "ixp", 1),
		.ixf_id = number(arguments, "ixf", 0),
		.now = time(NULL),
	};
	enum status status;
	struct config *config = read_config(session, file, &status);

	if (!config)
		return status;
	if (source.lan && !has_lan(config, source.lan)) {
		config_free(config);
		return session_fail(session, STATUS_FAILED, "there is no LAN \"%s\"", source.lan);
	}
	struct export_port *ports = export_ports(config);
	if (!file)
		learn_ports(session, config, ports);
	source.config = config;
	source.ports = ports;
	write(&source, session->out.file);
	free(ports);
	config_free(config);
	return STATUS_OK;
}

enum status run_export_ixf(struct session *session, const struct command *command,
			   json_t *arguments)
{
	(void)command;
	return run(session, arguments, write_ixf);
}

enum status run_export_clients(struct session *session, const struct command *command,
			       json_t *arguments)
{
	(void)command;
	return run(session, arguments, write_clients);
}

enum status run_export_ethers(struct session *session, const struct command *command,
			      json_t *arguments)
{
	(void)command;
	return run(session, arguments, write_ethers);
}
