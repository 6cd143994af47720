// SPDX-License-Identifier: BSD-3-Clause
// A configuration in several files.
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "control/config/config.h"
#include "control/config/files.h"

#define MAIN                                                         \
	"version: 1\n"                                               \
	"lans:\n"                                                    \
	"  peering: {profile: exchange, prefixes: [192.0.2.0/24]}\n" \
	"ports:\n"                                                   \
	"  swp1: {device: 'tap:a'}\n"                                \
	"  swp2: {device: 'tap:b', lans: {peering: {macs: [020000000002]}}}\n"

#define MEMBERS                      \
	"ports:\n"                   \
	"  swp1:\n"                  \
	"    member: {asn: 64501}\n" \
	"    lans:\n"                \
	"      peering: {macs: [020000000001]}\n"

static char directory[64];

static void write_file(const char *name, const char *text)
{
	char path[256];

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	FILE *file = fopen(path, "w");
	cr_assert_not_null(file, "%s", path);
	fputs(text, file);
	fclose(file);
}

static void remove_file(const char *name)
{
	char path[256];

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	cr_assert_eq(remove(path), 0, "%s", path);
}

static void begin(void)
{
	char path[256];

	strcpy(directory, "/tmp/ixfab-test-XXXXXX");
	cr_assert_not_null(mkdtemp(directory));
	snprintf(path, sizeof(path), "%s/conf.d", directory);
	cr_assert_eq(mkdir(path, 0700), 0);
	write_file("ixfab.yaml", MAIN);
}

static void end(void)
{
	remove_file("ixfab.yaml");
	remove_file("conf.d");
	cr_assert_eq(rmdir(directory), 0);
}

static struct config *read_all(struct config_errors *errors)
{
	char path[256];

	snprintf(path, sizeof(path), "%s/ixfab.yaml", directory);
	*errors = (struct config_errors){0};
	return config_read_file(path, errors);
}

// The only complaint but for warnings is "text", behind the directory.
static void expect_complaint(const char *text)
{
	struct config_errors errors;
	struct config *config = read_all(&errors);
	size_t length = strlen(directory) + 1, n = 0;

	cr_expect_null(config, "%s", text);
	for (size_t i = 0; i < errors.n; i++) {
		if (strstr(errors.lines[i], "warning: "))
			continue;
		n++;
		cr_expect_eq(strncmp(errors.lines[i], directory, length - 1), 0);
		cr_expect_str_eq(errors.lines[i] + length, text);
	}
	cr_expect_eq(n, 1, "%zu complaints, not: %s", n, text);
	config_errors_free(&errors);
	config_free(config);
}

static struct config *expect_good(void)
{
	struct config_errors errors;
	struct config *config = read_all(&errors);

	cr_assert_not_null(config, "%s", errors.n ? errors.lines[0] : "");
	config_errors_free(&errors);
	return config;
}

TestSuite(config_files, .init = begin, .fini = end);

Test(config_files, one_file_is_its_own_text)
{
	struct config *config = expect_good();

	cr_expect_str_eq(config->text, MAIN);
	config_free(config);
}

Test(config_files, files_are_merged_key_by_key)
{
	write_file("conf.d/members.yaml", MEMBERS);
	struct config *config = expect_good();

	cr_assert_eq(config->n_ports, 2);
	cr_expect_str_eq(config->ports[0].name, "swp1");
	cr_expect_str_eq(config->ports[0].device, "tap:a");
	cr_expect_eq(config->ports[0].asn, 64501);
	cr_assert_eq(config->ports[0].n_members, 1);
	cr_expect_eq(config->ports[0].members[0].n_macs, 1);
	cr_expect_eq(config->ports[1].members[0].n_macs, 1);
	config_free(config);
	remove_file("conf.d/members.yaml");
}

Test(config_files, all_of_them_are_kept_and_can_be_read_again)
{
	struct config_errors errors = {0};

	write_file("conf.d/members.yaml", MEMBERS);
	struct config *config = expect_good();
	cr_expect_str_eq(config->text, CONFIG_FILE_MARK "ixfab.yaml\n" MAIN CONFIG_FILE_MARK
							"conf.d/members.yaml\n" MEMBERS);
	struct config *again = config_read("/x/y.yaml", config->text, config->text_length, &errors);
	cr_assert_not_null(again);
	cr_expect_eq(again->ports[0].asn, 64501);
	cr_expect_str_eq(again->text, config->text);
	config_free(again);
	config_errors_free(&errors);

	// As "ixfab show config" prints it: a comment before. It is complete.
	char *saved = malloc(config->text_length + 32);
	cr_assert_not_null(saved);
	sprintf(saved, "# generation 3\n\n%s", config->text);
	write_file("ixfab.yaml", saved);
	config_free(config);
	config = expect_good();
	cr_expect_str_eq(config->text, saved);
	cr_expect_eq(config->ports[0].asn, 64501);
	config_free(config);
	free(saved);
	remove_file("conf.d/members.yaml");
}

Test(config_files, are_read_in_the_order_of_their_names)
{
	write_file("conf.d/20.yaml", "ports: {b: {device: 'tap:c'}}\n");
	write_file("conf.d/10.yaml", "ports: {c: {device: 'tap:d'}}");
	write_file("conf.d/30.yaml", "# nothing yet\n");
	write_file("conf.d/.hidden.yaml", "strange: yes\n");
	write_file("conf.d/members.yaml.orig", "strange: yes\n");
	struct config *config = expect_good();

	cr_assert_eq(config->n_ports, 4);
	cr_expect_str_eq(config->ports[2].name, "c");
	cr_expect_str_eq(config->ports[3].name, "b");
	config_free(config);
	remove_file("conf.d/10.yaml");
	remove_file("conf.d/20.yaml");
	remove_file("conf.d/30.yaml");
	remove_file("conf.d/.hidden.yaml");
	remove_file("conf.d/members.yaml.orig");
}

Test(config_files, an_empty_key_is_filled_by_another_file)
{
	write_file("ixfab.yaml", "version: 1\nlans: {l: {profile: open}}\nports:\n");
	write_file("conf.d/a.yaml", "ports: {p: {device: 'tap:c', lans: {l: }}}\nlans:\n");
	struct config *config = expect_good();

	cr_assert_eq(config->n_ports, 1);
	cr_expect_eq(config->n_lans, 1);
	config_free(config);
	remove_file("conf.d/a.yaml");
}

Test(config_files, complaints_name_file_line_and_column)
{
	static const struct {
		const char *text, *complaint;
	} rows[] = {
		{"ports:\n  swp1: {mtuu: 1500}\n",
		 "conf.d/m.yaml:2:10: ports.swp1.mtuu: unknown key; did you mean \"mtu\"?"},
		{"ports:\n  swp1:\n    device: tap:c\n",
		 "conf.d/m.yaml:3:5: ports.swp1.device: given twice; first on line 5 of "
		 "@ixfab.yaml"},
		{"version: 1\n", "conf.d/m.yaml:1:1: version: given twice; first on line 1 of "
				 "@ixfab.yaml"},
		{"ports: {}\nports: {}\n",
		 "conf.d/m.yaml:2:1: ports: given twice; first on line 4 of @ixfab.yaml"},
		{"ports: {swp1: {member: {asn: 64501, asn: 64502}}}\n",
		 "conf.d/m.yaml:1:37: ports.swp1.member.asn: given twice; first on line 1"},
		{"ports:\n  swp1: {lans: {peering: {macs: [020000000002]}}}\n",
		 "conf.d/m.yaml:2:34: ports.swp1.lans.peering.macs[0]: 02:00:00:00:00:02 is used "
		 "twice in LAN \"peering\", first at port \"swp2\" on line 6 of @ixfab.yaml; only "
		 "one port may have it"},
		{"- swp1\n", "conf.d/m.yaml:1:1: must hold keys, as ports: or lans:"},
		{"a: [\n", "conf.d/m.yaml:2:1: not valid YAML: did not find expected node content "
			   "(while parsing a flow node)"},
		{"ports: {}\n" CONFIG_FILE_MARK "x\n",
		 "conf.d/m.yaml: a line begins with \"#%file \", which only a whole configuration "
		 "may have"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		char wanted[512];
		const char *at = strchr(rows[i].complaint, '@');

		if (at)
			snprintf(wanted, sizeof(wanted), "%.*s%s/%s", (int)(at - rows[i].complaint),
				 rows[i].complaint, directory, at + 1);
		else
			snprintf(wanted, sizeof(wanted), "%s", rows[i].complaint);
		write_file("conf.d/m.yaml", rows[i].text);
		expect_complaint(wanted);
	}
	remove_file("conf.d/m.yaml");
}

Test(config_files, a_file_that_cannot_be_read_is_told)
{
	char path[256];

	snprintf(path, sizeof(path), "%s/conf.d/d.yaml", directory);
	cr_assert_eq(mkdir(path, 0700), 0);
	expect_complaint("conf.d/d.yaml: cannot be read: Is a directory");
	rmdir(path);
}

Test(config_files, very_many_keys_are_merged_in_time)
{
	enum { KEYS = 60000 };
	char *text = malloc(CONFIG_FILE_MAX);
	size_t used = 0;

	for (int part = 0; part < 2; part++) {
		used += (size_t)sprintf(text + used, "%s%d\n", CONFIG_FILE_MARK, part);
		for (int i = 0; i < KEYS; i++)
			used += (size_t)sprintf(text + used, "k%d: {}\n", i);
	}
	struct config_errors errors = {0};
	struct config *config = config_read("f", text, used, &errors);

	cr_expect_null(config);
	cr_expect_eq(errors.n, CONFIG_COMPLAINTS + 1);
	config_errors_free(&errors);
	free(text);
}

Test(config_files, too_many_parts)
{
	struct config_errors errors = {0};
	char *text = calloc(CONFIG_PARTS_MAX + 1, 16);

	for (int i = 0; i <= CONFIG_PARTS_MAX; i++)
		strcat(text, CONFIG_FILE_MARK "x\n");
	cr_expect_null(config_read("f", text, strlen(text), &errors));
	cr_assert_eq(errors.n, 1);
	cr_expect_str_eq(errors.lines[0], "f: more than 64 files in one");
	config_errors_free(&errors);
	free(text);
}
