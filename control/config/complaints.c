// SPDX-License-Identifier: BSD-3-Clause
#include "control/config/complaints.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/alloc.h"
#include "control/config/files.h"

// A hostile file can hold a million mistakes: the rest is only counted.
enum { KEEP = 10000 };

static void add(struct complaints *c, struct config_place place, bool warning, const char *path,
		const char *format, va_list args)
{
	size_t *count = warning ? &c->n_warnings : &c->n_errors;
	char text[1024];

	if ((*count)++ >= KEEP)
		return;
	vsnprintf(text, sizeof(text), format, args);
	c->list = alloc_array(c->list, c->n + 1, sizeof(*c->list));
	c->list[c->n] = (struct complaint){
		.place = place,
		.warning = warning,
		.sequence = c->n,
		.text = alloc_format("%s%s%s%s", path, *path ? ": " : "",
				     warning ? "warning: " : "", text),
	};
	c->n++;
}

void complain(struct complaints *complaints, struct config_place place, const char *path,
	      const char *format, ...)
{
	va_list args;

	va_start(args, format);
	add(complaints, place, false, path, format, args);
	va_end(args);
}

void complain_warning(struct complaints *complaints, struct config_place place, const char *path,
		      const char *format, ...)
{
	va_list args;

	va_start(args, format);
	add(complaints, place, true, path, format, args);
	va_end(args);
}

static int compare(const void *left, const void *right)
{
	const struct complaint *a = left, *b = right;

	if (a->place.file != b->place.file)
		return a->place.file < b->place.file ? -1 : 1;
	if (a->place.line != b->place.line)
		return a->place.line < b->place.line ? -1 : 1;
	if (a->place.column != b->place.column)
		return a->place.column < b->place.column ? -1 : 1;
	return a->sequence < b->sequence ? -1 : 1;
}

static const char *file_name(const struct complaints *c, struct config_place place)
{
	return c->parts && place.file < c->parts->n ? c->parts->list[place.file].name : c->file;
}

struct place_words place_words(const struct complaints *c, struct config_place here,
			       struct config_place first)
{
	struct place_words words;

	if (first.file == here.file)
		snprintf(words.text, sizeof(words.text), "line %u", first.line);
	else
		snprintf(words.text, sizeof(words.text), "line %u of %s", first.line,
			 file_name(c, first));
	return words;
}

static char *complaint_line(const struct complaints *c, const struct complaint *complaint)
{
	const char *file = file_name(c, complaint->place);

	if (!complaint->place.line)
		return alloc_format("%s: %s", file, complaint->text);
	return alloc_format("%s:%u:%u: %s", file, complaint->place.line, complaint->place.column,
			    complaint->text);
}

void complaints_finish(struct complaints *c, struct config_errors *errors)
{
	size_t room_errors = CONFIG_COMPLAINTS;
	size_t room_warnings =
		c->n_errors < CONFIG_COMPLAINTS ? CONFIG_COMPLAINTS - c->n_errors : 0;

	if (c->n)
		qsort(c->list, c->n, sizeof(*c->list), compare);
	errors->lines = alloc_array(NULL, CONFIG_COMPLAINTS + 1, sizeof(*errors->lines));
	errors->n = 0;
	for (size_t i = 0; i < c->n; i++) {
		size_t *room = c->list[i].warning ? &room_warnings : &room_errors;

		if (*room) {
			errors->lines[errors->n++] = complaint_line(c, &c->list[i]);
			(*room)--;
		}
		free(c->list[i].text);
	}
	if (c->n_errors + c->n_warnings > errors->n) {
		size_t more = c->n_errors + c->n_warnings - errors->n;

		errors->lines[errors->n++] = alloc_format("%s: and %zu more", c->file, more);
	}
	free(c->list);
	c->list = NULL;
	c->n = 0;
}

void config_errors_free(struct config_errors *errors)
{
	for (size_t i = 0; i < errors->n; i++)
		free(errors->lines[i]);
	free(errors->lines);
	*errors = (struct config_errors){0};
}

static bool is_continuation(char c)
{
	return ((unsigned char)c & 0xc0) == 0x80;
}

struct quoted quoted(const char *text)
{
	const char *ellipsis = "";
	struct quoted quoted;
	char shown[64];
	size_t n = 0;

	for (; *text && n < sizeof(shown) - 1; text++)
		shown[n++] = iscntrl((unsigned char)*text) ? '?' : *text;
	if (*text) {
		while (n && is_continuation(*text)) // never half a character
			text--, n--;
		ellipsis = "...";
	}
	shown[n] = 0;
	snprintf(quoted.text, sizeof(quoted.text), "\"%s%s\"", shown, ellipsis);
	return quoted;
}

enum { WORD_MAX = 40 };

// Levenshtein's distance; both words are shorter than WORD_MAX.
static size_t distance(const char *a, const char *b)
{
	size_t row[WORD_MAX], columns = strlen(b);

	for (size_t j = 0; j <= columns; j++)
		row[j] = j;
	for (size_t i = 1; a[i - 1]; i++) {
		size_t diagonal = row[0];

		row[0] = i;
		for (size_t j = 1; j <= columns; j++) {
			size_t best = diagonal + (a[i - 1] != b[j - 1]);

			diagonal = row[j];
			if (row[j] + 1 < best)
				best = row[j] + 1;
			if (row[j - 1] + 1 < best)
				best = row[j - 1] + 1;
			row[j] = best;
		}
	}
	return row[columns];
}

const char *nearest_word(const char *text, const char *const *words)
{
	const char *nearest = NULL;
	size_t least = SIZE_MAX;

	if (strlen(text) >= WORD_MAX)
		return NULL;
	for (; *words; words++) {
		size_t length = strlen(*words);
		size_t d = length < WORD_MAX ? distance(text, *words) : length;

		if (d < least && d <= (length + 1) / 3) { // one slip in three letters
			least = d;
			nearest = *words;
		}
	}
	return nearest;
}
