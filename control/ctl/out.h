// SPDX-License-Identifier: BSD-3-Clause
// Where results go: tables and sentences for people, or the daemon's result as JSON for programs.
// A command hands its result to out_show() together with a view, and formats nothing by itself.
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

struct out {
	FILE *file;
	bool json;     // print results as they are
	bool terminal; // somebody is looking: JSON is indented, --watch redraws
	bool colour;   // a terminal that knows colours, and NO_COLOR is not set
	bool header;   // tables begin with their column titles
};

// Shows a result for people, through the functions of out_text.h.
typedef void out_view(struct out *out, const json_t *result);

// Text with a header, coloured where "file" is a terminal that wants it.
void out_init(struct out *out, FILE *file);

// Print "result": as JSON if that was asked for, else by "view".
void out_show(struct out *out, const json_t *result, out_view *view);
