// SPDX-License-Identifier: BSD-3-Clause
// Complaints about a configuration, gathered in any order and handed out in the order of the file.
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "control/config/config.h"

struct config_parts;

struct complaint {
	struct config_place place;
	bool warning;
	size_t sequence; // keeps two at the same place in order
	char *text;	 // "path: what is wrong"
};

struct complaints {
	const char *file;
	const struct config_parts *parts; // names of the files, if there are several
	struct complaint *list;
	size_t n;
	size_t n_errors;   // all there were, also those not in the list
	size_t n_warnings; // likewise
};

// Add an error at "place"; at line 0 it is about the file as a whole. "path" may be "".
__attribute__((format(printf, 4, 5))) void complain(struct complaints *complaints,
						    struct config_place place, const char *path,
						    const char *format, ...);

__attribute__((format(printf, 4, 5))) void complain_warning(struct complaints *complaints,
							    struct config_place place,
							    const char *path, const char *format,
							    ...);

// Where "first" is, seen from "here": "line 3", or in another file "line 3 of conf.d/other.yaml".
struct place_words {
	char text[128];
};
struct place_words place_words(const struct complaints *complaints, struct config_place here,
			       struct config_place first);

// Sort, write the lines into "errors" (at most CONFIG_COMPLAINTS, errors before warnings if there
// are more, and the number of the rest), and free what was gathered.
void complaints_finish(struct complaints *complaints, struct config_errors *errors);

// What an operator wrote, fit to be printed: in quotes, without control characters, and short.
struct quoted {
	char text[96];
};
struct quoted quoted(const char *text);

// The word of "words" that "text" is probably meant to be, or NULL. The list ends with NULL.
const char *nearest_word(const char *text, const char *const *words);
