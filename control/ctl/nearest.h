// SPDX-License-Identifier: BSD-3-Clause
// Which word was meant?
#pragma once

#include <stddef.h>

// Words this far apart, or further, have nothing to do with each other.
enum { NEAREST_LIMIT = 4 };

// How many letters to insert, delete, replace or swap with their neighbour (Damerau and
// Levenshtein, "optimal string alignment") to make one text of the other. Texts of more than 63
// octets are compared by their first 63.
size_t edit_distance(const char *a, const char *b);
