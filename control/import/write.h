// SPDX-License-Identifier: BSD-3-Clause
// From an import to the YAML of members.yaml: the key "ports", in the order of the ports' names, so
// that the same feed makes the same octets. What others wrote stands in quotes; what is left out is
// a comment.
#pragma once

#include <stdio.h>

struct import;

// Returns a text to be freed.
char *import_write(const struct import *import);

// Write a clean text (field.h) in quotes.
void import_put_quoted(FILE *file, const char *text);
