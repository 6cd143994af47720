// SPDX-License-Identifier: BSD-3-Clause
#include "control/config/config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "control/alloc.h"
#include "control/config/complaints.h"
#include "control/config/read.h"
#include "control/config/schema.h"
#include "control/config/validate.h"

static void note_monitors(struct config *config)
{
	for (size_t i = 0; i < config->n_ports; i++) {
		const struct config_port *port = &config->ports[i];

		for (size_t m = 0; m < port->n_members; m++) {
			const struct config_member *member = &port->members[m];

			if (member->monitor && member->lan < config->n_lans)
				config->lans[member->lan].has_monitor = true;
		}
	}
}

// Read what "text" holds. Returns false if it is not even a document.
static bool read_document(struct config *config, const char *text, size_t length,
			  struct complaints *complaints)
{
	if (length > CONFIG_FILE_MAX) {
		complain(complaints, (struct config_place){0}, "",
			 "larger than %d MiB; no configuration needs so much",
			 CONFIG_FILE_MAX >> 20);
		return false;
	}

	struct node *root = tree_read(text, length, complaints);
	if (!root)
		return false;
	config_read_tree(config, root, complaints);
	tree_free(root);
	note_monitors(config);
	return true;
}

struct config *config_read(const char *file, const char *text, size_t length,
			   struct config_errors *errors)
{
	struct config *config = alloc_zero(sizeof(*config));
	struct complaints complaints = {.file = file};

	if (read_document(config, text, length, &complaints)) {
		config_validate(config, &complaints);
		config->text = alloc_text(text, length);
		config->text_length = length;
	}

	bool good = complaints.n_errors == 0;
	complaints_finish(&complaints, errors);
	if (good)
		return config;
	config_free(config);
	errno = EINVAL;
	return NULL;
}

static struct config *refuse_file(const char *path, struct config_errors *errors)
{
	struct complaints complaints = {.file = path};
	int error = errno;

	complain(&complaints, (struct config_place){0}, "", "cannot be read: %s", strerror(error));
	complaints_finish(&complaints, errors);
	errno = error;
	return NULL;
}

struct config *config_read_file(const char *path, struct config_errors *errors)
{
	FILE *file = fopen(path, "re");
	if (!file)
		return refuse_file(path, errors);

	// One octet more than it may have: a larger file is not read to its end.
	char *text = alloc_array(NULL, CONFIG_FILE_MAX + 1, 1);
	size_t length = fread(text, 1, CONFIG_FILE_MAX + 1, file);
	struct config *config =
		ferror(file) ? refuse_file(path, errors) : config_read(path, text, length, errors);
	free(text);
	fclose(file);
	return config;
}

static void free_port(struct config_port *port)
{
	for (size_t i = 0; i < port->n_members; i++) {
		free(port->members[i].macs);
		free(port->members[i].mac_places);
		free(port->members[i].ips);
		free(port->members[i].ip_places);
	}
	free(port->members);
	free(port->member_name);
	free(port->description);
}

void config_free(struct config *config)
{
	if (!config)
		return;
	for (size_t i = 0; i < config->n_lans; i++) {
		free(config->lans[i].prefixes);
		free(config->lans[i].prefix_places);
		free(config->lans[i].reserved);
		free(config->lans[i].reserved_places);
	}
	for (size_t i = 0; i < config->n_ports; i++)
		free_port(&config->ports[i]);
	free(config->lans);
	free(config->ports);
	free(config->text);
	free(config);
}

const struct config_port *config_find_port(const struct config *config, const char *name)
{
	for (size_t i = 0; i < config->n_ports; i++) {
		if (strcmp(config->ports[i].name, name) == 0)
			return &config->ports[i];
	}
	return NULL;
}
