// SPDX-License-Identifier: BSD-3-Clause
#include "control/doctor/facts.h"

#include <dirent.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "control/alloc.h"

static void make_path(char path[PATH_MAX], const char *root, const char *format, va_list args)
{
	int n = snprintf(path, PATH_MAX, "%s", root);

	if (n < PATH_MAX)
		vsnprintf(path + n, PATH_MAX - (size_t)n, format, args);
}

#define MAKE_PATH(path, root, format)                \
	do {                                         \
		va_list args;                        \
		va_start(args, format);              \
		make_path(path, root, format, args); \
		va_end(args);                        \
	} while (0)

bool facts_exist(const char *root, const char *format, ...)
{
	char path[PATH_MAX];

	MAKE_PATH(path, root, format);
	return access(path, F_OK) == 0;
}

bool facts_stat(const char *root, struct stat *status, const char *format, ...)
{
	char path[PATH_MAX];

	MAKE_PATH(path, root, format);
	return stat(path, status) == 0;
}

// The kernel's files have no size before they are read.
static char *read_all(FILE *file)
{
	size_t size = 4096, n = 0, got;
	char *text = alloc_array(NULL, size, 1);

	while ((got = fread(text + n, 1, size - n - 1, file)) > 0) {
		n += got;
		if (n + 1 == size && size < FACTS_MAX)
			text = alloc_array(text, size *= 2, 1);
	}
	while (n && text[n - 1] == '\n')
		n--;
	text[n] = '\0';
	return text;
}

static char *read_path(const char *path)
{
	FILE *file = fopen(path, "re");
	char *text = NULL;

	if (!file)
		return NULL;
	text = read_all(file);
	if (ferror(file)) {
		free(text);
		text = NULL;
	}
	fclose(file);
	return text;
}

char *facts_text(const char *root, const char *format, ...)
{
	char path[PATH_MAX];

	MAKE_PATH(path, root, format);
	return read_path(path);
}

bool facts_number(const char *root, int64_t *number, const char *format, ...)
{
	char path[PATH_MAX], *end;

	MAKE_PATH(path, root, format);
	char *text = read_path(path);
	if (!text)
		return false;
	*number = strtoll(text, &end, 10);
	bool right = end != text;
	free(text);
	return right;
}

bool cpu_list_parse(const char *text, cpu_set_t *cpus)
{
	unsigned int first, last;
	int used;

	CPU_ZERO(cpus);
	while (*text) {
		if (sscanf(text, "%u%n", &first, &used) != 1)
			goto wrong;
		text += used;
		last = first;
		if (*text == '-' && sscanf(text, "-%u%n", &last, &used) == 1)
			text += used;
		if (last < first || last >= CPU_SETSIZE || (*text && *text != ','))
			goto wrong;
		for (unsigned int cpu = first; cpu <= last; cpu++)
			CPU_SET(cpu, cpus);
		text += *text == ',';
	}
	return true;
wrong:
	CPU_ZERO(cpus);
	return false;
}

bool facts_cpus(const char *root, cpu_set_t *cpus, const char *format, ...)
{
	char path[PATH_MAX];

	CPU_ZERO(cpus);
	MAKE_PATH(path, root, format);
	char *text = read_path(path);
	if (!text)
		return false;
	// Before Linux 6.8, "nohz_full" without any says " (null)".
	cpu_list_parse(text, cpus);
	free(text);
	return true;
}

char *facts_link(const char *root, const char *format, ...)
{
	char path[PATH_MAX], target[PATH_MAX];

	MAKE_PATH(path, root, format);
	ssize_t n = readlink(path, target, sizeof(target) - 1);
	if (n < 0)
		return NULL;
	target[n] = '\0';
	const char *slash = strrchr(target, '/');
	return alloc_format("%s", slash ? slash + 1 : target);
}

static int is_name(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

struct facts_names facts_list(const char *root, const char *format, ...)
{
	struct facts_names names = {0};
	struct dirent **entries;
	char path[PATH_MAX];

	MAKE_PATH(path, root, format);
	int n = scandir(path, &entries, is_name, versionsort);
	if (n < 0)
		return names;
	names.list = alloc_array(NULL, (size_t)n + 1, sizeof(*names.list));
	for (int i = 0; i < n; i++) {
		names.list[names.n++] = alloc_format("%s", entries[i]->d_name);
		free(entries[i]);
	}
	free(entries);
	return names;
}

void facts_names_free(struct facts_names *names)
{
	for (size_t i = 0; i < names->n; i++)
		free(names->list[i]);
	free(names->list);
	*names = (struct facts_names){0};
}

char *facts_field(const char *text, const char *name)
{
	size_t length = strlen(name);

	for (const char *line = text; line && *line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (strncmp(line, name, length) != 0)
			continue;
		const char *value = line + length + strspn(line + length, " \t");
		if (*value != ':')
			continue;
		value += 1 + strspn(value + 1, " \t");
		return alloc_text(value, strcspn(value, "\n"));
	}
	return NULL;
}
