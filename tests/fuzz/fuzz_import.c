// SPDX-License-Identifier: BSD-3-Clause
// Any octets as a feed of members: there is a complaint, or what it makes is a configuration beside
// the rest, adds no ports but LAGs, has no keys but those that an import may own, and does not
// differ from itself.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/alloc.h"
#include "control/config/complaints.h"
#include "control/config/config.h"
#include "control/config/files.h"
#include "control/config/links.h"
#include "control/import/compare.h"
#include "control/import/document.h"
#include "control/import/import.h"
#include "control/import/model.h"
#include "control/import/target.h"
#include "control/import/write.h"
#include "tests/fuzz/fuzz.h"

static const char fabric[] =
	"version: 1\n"
	"lans:\n"
	"  peering: {vlan: 10, prefixes: [192.0.2.0/24, '2001:db8:2::/64'], fdb-size: 1048576,\n"
	"            port-security: {limit: 1024}}\n"
	"  services: {vlan: 20, prefixes: [198.51.100.0/24], fdb-size: 1048576,\n"
	"             port-security: {limit: 1024}}\n"
	"ports:\n"
	"  swp1: {device: 'tap:a1'}\n  swp2: {device: 'tap:a2'}\n  swp3: {device: 'tap:a3'}\n"
	"  swp4: {device: 'tap:a4'}\n  bond9: {device: lag}\n"
	"  watch: {device: 'tap:w', lans: {peering: {monitor: yes, macs: [02ffffffff01]},\n"
	"          services: {monitor: yes, tagged: yes, macs: [02ffffffff01]}}}\n";
static const char map[] = "64501: swp1\n64502: swp2\n192.0.2.13: swp3\n'2001:db8:2::14': swp4\n"
			  "Ethernet1/1: swp4\n";

static struct config *fabric_config;
static struct import_target target;

static void prepare(void)
{
	struct complaints complaints = {0};
	struct config_errors errors;

	fabric_config = config_read("fabric", fabric, strlen(fabric), &errors);
	if (!fabric_config)
		abort();
	config_errors_free(&errors);
	target.config = fabric_config;
	import_read_map(&target, map, strlen(map), &complaints);
	if (complaints.n_errors)
		abort();
}

// A monitor, and addresses that it has already, can be in a feed: such complaints are no fault.
static bool is_excused(const char *line)
{
	return strstr(line, "ports.watch.") || strstr(line, "\"watch\"") ||
	       strstr(line, "registered and reserved MACs");
}

// Ports that a feed makes have no device of their own.
static size_t count_plain(const struct config *config)
{
	size_t n = 0;

	for (size_t i = 0; i < config->n_ports; i++)
		n += !config_is_lag(&config->ports[i]);
	return n;
}

static void check_config(const char *made)
{
	char *all =
		alloc_format("%sm\n%s%sn\n%s", CONFIG_FILE_MARK, fabric, CONFIG_FILE_MARK, made);
	struct config_errors errors = {0};
	struct config *config = config_read("f", all, strlen(all), &errors);

	for (size_t i = 0; !config && i < errors.n; i++) {
		if (strstr(errors.lines[i], "warning: ") || is_excused(errors.lines[i]))
			continue;
		fprintf(stderr, "%s\n%s\n", errors.lines[i], made);
		abort();
	}
	if (config && (count_plain(config) != count_plain(fabric_config) ||
		       config->n_lans != fabric_config->n_lans))
		abort();
	config_errors_free(&errors);
	config_free(config);
	free(all);
}

static void check_same(const char *made)
{
	struct complaints complaints = {0};
	struct import_changes changes;

	import_compare(&changes, made, made, &complaints);
	if (complaints.n_errors || changes.n || import_removes_many(&changes))
		abort();
	import_changes_fini(&changes);
	import_compare(&changes, made, "ports: {}\n", &complaints);
	if (complaints.n_errors || changes.n_lost != changes.n_old)
		abort();
	import_changes_fini(&changes);
}

static void check_import(importer *read, const json_t *document, struct complaints *complaints)
{
	struct import import = {0};

	read(&import, document, &target, complaints);
	if (!complaints->n_errors) {
		char *made = import_write(&import);

		check_config(made);
		check_same(made);
		free(made);
	}
	import_fini(&import);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct complaints complaints = {.file = "feed"};
	struct config_errors errors;

	if (!fabric_config)
		prepare();
	json_t *document = document_read((const char *)data, size, &complaints);
	if (!document && !complaints.n_errors)
		abort();
	if (document && json_object_get(document, "member_list"))
		check_import(import_ixf, document, &complaints);
	else if (document)
		check_import(import_ixp_manager, document, &complaints);
	complaints_finish(&complaints, &errors);
	config_errors_free(&errors);
	json_decref(document);
	return 0;
}
