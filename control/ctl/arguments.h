// SPDX-License-Identifier: BSD-3-Clause
// From the words of a line to the arguments of its command.
#pragma once

#include <jansson.h>
#include <stddef.h>

#include "control/ctl/command.h"

enum { USAGE_TEXT_SIZE = 256 };

// "words" begin with those of the command. Returns an object with the arguments that were given, or
// NULL with "error" saying which word is wrong and what would be right.
json_t *arguments_parse(const struct command *command, char *const *words, size_t n,
			char error[USAGE_TEXT_SIZE]);

// The states of an address in the sponge's care, as choices.
#define SPONGE_STATES "none|alive|pending|dead|static"

// Is "word" one of the words of "choices", which are separated by '|'?
bool choice_has(const char *choices, const char *word);
