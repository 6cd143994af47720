// SPDX-License-Identifier: BSD-3-Clause
#include "control/config/config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "control/alloc.h"
#include "control/config/complaints.h"
#include "control/config/files.h"
#include "control/config/links.h"
#include "control/config/merge.h"
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

// Read one file. Returns NULL, with a complaint, if it is not a document that can be merged.
static struct node *read_part(const struct config_parts *parts, size_t i,
			      struct complaints *complaints)
{
	const struct config_part *part = &parts->list[i];
	struct node *root = tree_read((uint32_t)i, part->text, part->length, complaints);

	if (i == 0 || !root || root->kind == NODE_MAP)
		return root;
	complain(complaints, root->place, "", "must hold keys, as ports: or lans:");
	tree_free(root);
	return NULL;
}

// All files as one tree. Returns NULL if the first is not even a document. Files that are no good
// are left out, so that what is wrong in the others is told, too.
static struct node *read_parts(const struct config_parts *parts, struct complaints *complaints)
{
	struct node *root = read_part(parts, 0, complaints);

	for (size_t i = 1; i < parts->n; i++) {
		struct node *other = read_part(parts, i, complaints);

		if (other && root && root->kind == NODE_MAP)
			tree_merge(root, other);
		else
			tree_free(other);
	}
	return root;
}

// Read what "text" holds. Returns false if it is not even a document.
static bool read_text(struct config *config, const char *text, size_t length,
		      struct config_parts *parts, struct complaints *complaints)
{
	if (length > CONFIG_FILE_MAX) {
		complain(complaints, (struct config_place){0}, "",
			 "larger than %d MiB; no configuration needs so much",
			 CONFIG_FILE_MAX >> 20);
		return false;
	}
	if (!config_parts_split(parts, complaints->file, text, length)) {
		complain(complaints, (struct config_place){0}, "", "more than %d files in one",
			 CONFIG_PARTS_MAX);
		return false;
	}
	complaints->parts = parts;
	struct node *root = read_parts(parts, complaints);

	if (!root)
		return false;
	config_read_tree(config, root, complaints);
	tree_free(root);
	note_monitors(config);
	config_settle_links(config);
	return true;
}

struct config *config_read(const char *file, const char *text, size_t length,
			   struct config_errors *errors)
{
	struct config *config = alloc_zero(sizeof(*config));
	struct complaints complaints = {.file = file};
	struct config_parts parts = {0};

	if (read_text(config, text, length, &parts, &complaints)) {
		config_validate(config, &complaints);
		config->text = alloc_text(text, length);
		config->text_length = length;
	}

	bool good = complaints.n_errors == 0;
	complaints_finish(&complaints, errors);
	config_parts_free(&parts);
	if (good)
		return config;
	config_free(config);
	errno = EINVAL;
	return NULL;
}

struct config *config_read_file(const char *path, struct config_errors *errors)
{
	size_t length;
	char *text = config_files_read(path, NULL, &length, errors);

	if (!text)
		return NULL;
	struct config *config = config_read(path, text, length, errors);
	free(text);
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
		free(config->lans[i].sponge.protected);
		free(config->lans[i].sponge.protected_places);
	}
	for (size_t i = 0; i < config->n_ports; i++)
		free_port(&config->ports[i]);
	free(config->sflow.collectors);
	free(config->lans);
	free(config->ports);
	free(config->text);
	free(config);
}

mac_t config_sponge_mac(const struct config_lan *lan)
{
	return lan->sponge.mode == SPONGE_OFF ? 0 : lan->sponge.mac;
}

mac_t config_anti_spoofing_mac(const struct config_lan *lan)
{
	return lan->bindings.learned ? lan->bindings.anti_spoofing : 0;
}

size_t config_count_reserved(const struct config_lan *lan)
{
	return lan->n_reserved + (config_sponge_mac(lan) != 0) +
	       (config_anti_spoofing_mac(lan) != 0);
}

const struct config_port *config_find_port(const struct config *config, const char *name)
{
	for (size_t i = 0; i < config->n_ports; i++) {
		if (strcmp(config->ports[i].name, name) == 0)
			return &config->ports[i];
	}
	return NULL;
}
