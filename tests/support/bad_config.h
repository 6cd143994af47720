// SPDX-License-Identifier: BSD-3-Clause
// Configurations with mistakes, and what operators are told about them.
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct bad_config {
	const char *name;
	const char *text;
	bool good;		// it is one nevertheless: there are only warnings
	const char *complaints; // without the name of the file
};

// Expect of each row, whose text stands behind "begin", these complaints and no others.
void expect_complaints(const struct bad_config *rows, size_t n, const char *begin);

// Read "text" and write the complaints, without the file's name, into "complaints". Returns whether
// it is a configuration.
bool complaints_of(const char *text, size_t length, char *complaints, size_t size);
