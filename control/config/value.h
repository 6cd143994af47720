// SPDX-License-Identifier: BSD-3-Clause
// Single values: from the text of a configuration to what it means.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct node;
struct schema;

enum { VALUE_ERROR_SIZE = 512 };

// Read the text of "node", as the schema's row says, into "field". Returns false, with what is
// wrong and what would be right in "error" (of VALUE_ERROR_SIZE), and leaves "field" as it is, if
// the text does not fit.
bool config_value_read(const struct schema *row, const struct node *node, void *field, char *error);

// Give "field" what it is if nothing was written.
void config_value_absent(const struct schema *row, void *field);

// What a value of this row looks like, for people: "a whole number from 1 to 4094".
const char *config_value_form(const struct schema *row, char *text, size_t size);

enum { VALUE_TEXT_SIZE = 192 };

// Write a value of a NUMBER, FRACTION, BOOL, WORD, SET, RATE, TYPES, MAC or PAIR as it is written
// in a file. Returns "text", of VALUE_TEXT_SIZE.
char *config_value_text(const struct schema *row, const void *field, char *text);

// The number of a NUMBER, BOOL or WORD.
uint32_t config_value_number(const struct schema *row, const void *field);

// Whether a name is one: [A-Za-z0-9._-]+, shorter than NAME_SIZE.
bool config_name_check(const char *name, size_t length);
