// SPDX-License-Identifier: BSD-3-Clause
#include "tests/support/import_feed.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/config/complaints.h"
#include "control/config/config.h"
#include "control/import/document.h"
#include "control/import/model.h"
#include "control/import/target.h"
#include "control/import/write.h"

static const char fabric[] =
	"version: 1\n"
	"lans:\n"
	"  peering: {vlan: 10, prefixes: [192.0.2.0/24, '2001:db8:2::/64']}\n"
	"  services: {vlan: 20, prefixes: [198.51.100.0/24]}\n"
	"ports:\n"
	"  swp1: {device: 'tap:a1'}\n  swp2: {device: 'tap:a2'}\n  swp3: {device: 'tap:a3'}\n"
	"  swp4: {device: 'tap:a4'}\n  swp5: {device: 'tap:a5'}\n  swp6: {device: 'tap:a6'}\n"
	"  swp7: {device: 'tap:a7'}\n  swp8: {device: 'tap:a8'}\n  swp9: {device: 'tap:a9'}\n"
	"  bond9: {device: lag}\n"
	"  watch: {device: 'tap:w', lans: {peering: {monitor: yes}}}\n";

static struct config *read_fabric(void)
{
	struct config_errors errors;
	struct config *config = config_read("fabric", fabric, strlen(fabric), &errors);

	cr_assert_not_null(config, "%s", errors.n ? errors.lines[0] : "");
	config_errors_free(&errors);
	return config;
}

static char *join_lines(const struct config_errors *errors)
{
	char *text;
	size_t size;
	FILE *file = open_memstream(&text, &size);

	for (size_t i = 0; i < errors->n; i++)
		fprintf(file, "%s\n", errors->lines[i]);
	fclose(file);
	return text;
}

void feed_text(struct fed *fed, importer *read, const char *feed, const char *map, const char *lans)
{
	struct complaints complaints = {.file = "feed"};
	struct import_target target = {0};
	struct config_errors errors;
	struct import import = {0};

	struct config *config = read_fabric();
	target.config = config;
	if (map)
		import_read_map(&target, map, strlen(map), &complaints);
	import_read_lans(&target, lans, &complaints);
	json_t *document = document_read(feed, strlen(feed), &complaints);
	if (document)
		read(&import, document, &target, &complaints);
	fed->text = complaints.n_errors ? NULL : import_write(&import);
	complaints_finish(&complaints, &errors);
	fed->complaints = join_lines(&errors);
	config_errors_free(&errors);
	json_decref(document);
	import_fini(&import);
	import_target_fini(&target);
	config_free(config);
}

void fed_free(struct fed *fed)
{
	free(fed->text);
	free(fed->complaints);
}

const char *fed_body(const struct fed *fed)
{
	const char *body = fed->text ? strchr(fed->text, '\n') : NULL;

	return body ? body + 1 : "";
}

void expect_feed(importer *read, const struct feed_row *row)
{
	struct fed fed;

	feed_text(&fed, read, row->feed, row->map, row->lans);
	if (row->made) {
		cr_expect_not_null(fed.text, "%s: %s", row->name, fed.complaints);
		cr_expect_not_null(strstr(fed_body(&fed), row->made), "%s: made\n%s", row->name,
				   fed_body(&fed));
	} else {
		cr_expect_null(fed.text, "%s: made\n%s", row->name, fed_body(&fed));
	}
	if (row->absent)
		cr_expect_null(strstr(fed_body(&fed), row->absent), "%s: made\n%s", row->name,
			       fed_body(&fed));
	if (!row->complaint || !*row->complaint)
		cr_expect_str_empty(fed.complaints, "%s: complains\n%s", row->name, fed.complaints);
	else
		cr_expect_not_null(strstr(fed.complaints, row->complaint), "%s: complains\n%s",
				   row->name, fed.complaints);
	fed_free(&fed);
}
