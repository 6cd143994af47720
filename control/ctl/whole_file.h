// SPDX-License-Identifier: BSD-3-Clause
// Files that are read and written as a whole.
#pragma once

#include <stddef.h>

// Read a file, "-" being standard input. Returns a text with a zero behind it, to be freed, or NULL
// with errno: EFBIG if it has more than "max" octets.
char *whole_file_read(const char *path, size_t max, size_t *length);

// Put a text in the place of a file, durably and at once: who reads meanwhile gets the old one or
// the new one. Returns 0 or -errno; the old one is untouched then.
int whole_file_write(const char *path, const char *text, size_t length);
