// SPDX-License-Identifier: BSD-3-Clause
#include "control/config/files.h"

#include <dirent.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/alloc.h"
#include "control/config/complaints.h"
#include "control/config/config.h"

// One text while it grows.
struct gathering {
	char *text;
	size_t length;
	struct complaints complaints;
	struct config_errors *errors;
};

// Give up with one complaint about the file. Returns false.
__attribute__((format(printf, 4, 5))) static bool refuse(struct gathering *g, const char *path,
							 int error, const char *format, ...)
{
	char text[256];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	g->complaints = (struct complaints){.file = path};
	complain(&g->complaints, (struct config_place){0}, "", "%s", text);
	complaints_finish(&g->complaints, g->errors);
	errno = error;
	return false;
}

static void append(struct gathering *g, const char *text, size_t length)
{
	g->text = alloc_array(g->text, g->length + length + 1, 1);
	memcpy(g->text + g->length, text, length);
	g->length += length;
	g->text[g->length] = 0;
}

// Append all of a file. One octet more than there is room for is read: that is too much.
static bool append_file(struct gathering *g, const char *path)
{
	FILE *file = fopen(path, "re");
	char block[1 << 16];
	size_t n;

	if (!file)
		return refuse(g, path, errno, "cannot be read: %s", strerror(errno));
	append(g, "", 0);
	while (g->length <= CONFIG_FILE_MAX && (n = fread(block, 1, sizeof(block), file)))
		append(g, block, n);
	int error = ferror(file) ? errno : 0;
	fclose(file);
	if (error)
		return refuse(g, path, error, "cannot be read: %s", strerror(error));
	if (g->length > CONFIG_FILE_MAX)
		return refuse(g, path, EFBIG, "larger than %d MiB; no configuration needs so much",
			      CONFIG_FILE_MAX >> 20);
	return true;
}

static const char *find_mark(const char *text, size_t length)
{
	const size_t mark = strlen(CONFIG_FILE_MARK);

	for (const char *end = text + length; text + mark <= end;) {
		if (memcmp(text, CONFIG_FILE_MARK, mark) == 0)
			return text;
		text = memchr(text, '\n', (size_t)(end - text));
		if (!text)
			return NULL;
		text++;
	}
	return NULL;
}

static bool is_wanted(const char *name, const char *except)
{
	size_t length = strlen(name);

	return length > 5 && strcmp(name + length - 5, ".yaml") == 0 && name[0] != '.' &&
	       (!except || strcmp(name, except) != 0);
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

// The names of the files of a directory, sorted. Returns false if it cannot be read; one that is
// not there has none.
static bool list_files(struct gathering *g, const char *directory, const char *except,
		       char ***names, size_t *n)
{
	DIR *dir = opendir(directory);

	if (!dir && (errno == ENOENT || errno == ENOTDIR))
		return true;
	if (!dir)
		return refuse(g, directory, errno, "cannot be read: %s", strerror(errno));
	for (struct dirent *entry; (entry = readdir(dir));) {
		if (!is_wanted(entry->d_name, except))
			continue;
		*names = alloc_array(*names, *n + 1, sizeof(**names));
		(*names)[(*n)++] = alloc_format("%s", entry->d_name);
	}
	closedir(dir);
	if (*n)
		qsort(*names, *n, sizeof(**names), compare_names);
	if (*n >= CONFIG_PARTS_MAX)
		return refuse(g, directory, E2BIG, "more than %d files; join some",
			      CONFIG_PARTS_MAX - 1);
	return true;
}

static void append_mark(struct gathering *g, const char *name)
{
	if (g->length && g->text[g->length - 1] != '\n')
		append(g, "\n", 1);
	append(g, CONFIG_FILE_MARK, strlen(CONFIG_FILE_MARK));
	append(g, name, strlen(name));
	append(g, "\n", 1);
}

// The marks are lines, and nothing in a name or a file may look like one.
static bool append_part(struct gathering *g, const char *directory, const char *name)
{
	char *path = alloc_format("%s/%s", directory, name);
	char *shown = alloc_format(CONFIG_DIRECTORY "/%s", name);
	bool good = !strpbrk(name, "\r\n") || refuse(g, path, EINVAL, "its name has two lines");

	if (good) {
		append_mark(g, shown);
		size_t start = g->length;

		good = append_file(g, path);
		if (good && find_mark(g->text + start, g->length - start))
			good = refuse(g, path, EINVAL,
				      "a line begins with \"%s\", which only a whole "
				      "configuration may have",
				      CONFIG_FILE_MARK);
	}
	free(path);
	free(shown);
	return good;
}

static size_t directory_length(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? (size_t)(slash - path) + 1 : 0;
}

static bool gather_beside(struct gathering *g, const char *path, const char *except)
{
	size_t base = directory_length(path);
	char *directory = alloc_format("%.*s" CONFIG_DIRECTORY, (int)base, path);
	struct gathering main = *g;
	char **names = NULL;
	size_t n = 0;

	bool good = list_files(g, directory, except, &names, &n);
	if (good && n) {
		g->text = NULL;
		g->length = 0;
		append_mark(g, path + base);
		append(g, main.text, main.length);
		free(main.text);
	}
	for (size_t i = 0; i < n; i++) {
		good = good && append_part(g, directory, names[i]);
		free(names[i]);
	}
	free(names);
	free(directory);
	return good;
}

char *config_files_read(const char *path, const char *except, size_t *length,
			struct config_errors *errors)
{
	struct gathering g = {.errors = errors};
	bool good = append_file(&g, path);

	if (good && !find_mark(g.text, g.length))
		good = gather_beside(&g, path, except);
	*length = g.length;
	if (good)
		return g.text;
	int error = errno;
	free(g.text);
	errno = error;
	return NULL;
}

char *config_files_add(const char *path, const char *text, size_t length, const char *name,
		       const char *more, size_t *total)
{
	char *shown = alloc_format(CONFIG_DIRECTORY "/%s", name);
	struct gathering g = {0};

	if (!find_mark(text, length))
		append_mark(&g, path + directory_length(path));
	append(&g, text, length);
	append_mark(&g, shown);
	append(&g, more, strlen(more));
	free(shown);
	*total = g.length;
	return g.text;
}

// Whether all of its lines are comments or empty.
static bool is_only_comments(const char *text, size_t length)
{
	bool comment = false;

	for (size_t i = 0; i < length; i++) {
		if (text[i] == '\n')
			comment = false;
		else if (text[i] == '#')
			comment = true;
		else if (!comment && !strchr(" \t\r", text[i]))
			return false;
	}
	return true;
}

// "file" is where the first part lies, and the names of the others are relative to that.
static char *part_name(const char *file, const char *name, size_t length)
{
	enum { NAME_SHOWN = 300 };
	char *whole = alloc_format("%.*s%.*s", (int)directory_length(file), file,
				   (int)(length < NAME_SHOWN ? length : NAME_SHOWN), name);

	for (char *c = whole; *c; c++) {
		if ((unsigned char)*c < 0x20 || *c == 0x7f)
			*c = '?';
	}
	return whole;
}

bool config_parts_split(struct config_parts *parts, const char *file, const char *text,
			size_t length)
{
	const char *end = text + length, *mark = find_mark(text, length);
	const char *first = mark ? mark : end;

	parts->n = 0;
	if (!mark || !is_only_comments(text, (size_t)(first - text)))
		parts->list[parts->n++] = (struct config_part){alloc_format("%s", file), text,
							       (size_t)(first - text)};
	while (mark) {
		const char *name = mark + strlen(CONFIG_FILE_MARK);
		const char *line = memchr(name, '\n', (size_t)(end - name));
		const char *body = line ? line + 1 : end;

		mark = find_mark(body, (size_t)(end - body));
		if (parts->n == CONFIG_PARTS_MAX)
			return false;
		parts->list[parts->n++] =
			(struct config_part){part_name(file, name,
						       (size_t)((line ? line : end) - name)),
					     body, (size_t)((mark ? mark : end) - body)};
	}
	return true;
}

void config_parts_free(struct config_parts *parts)
{
	for (size_t i = 0; i < parts->n; i++)
		free(parts->list[i].name);
	parts->n = 0;
}
