// SPDX-License-Identifier: BSD-3-Clause
// Files of a machine, read below a root: "" is this one. Paths are made by printf(3).
#pragma once

#include <sched.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

enum { FACTS_MAX = 32 << 20 }; // octets of a file that are read

struct facts_names {
	char **list;
	size_t n;
};

__attribute__((format(printf, 2, 3))) bool facts_exist(const char *root, const char *format, ...);

__attribute__((format(printf, 3, 4))) bool facts_stat(const char *root, struct stat *status,
						      const char *format, ...);

// A whole file without the newlines at its end; NULL if it cannot be read. Free the result.
__attribute__((format(printf, 2, 3))) char *facts_text(const char *root, const char *format, ...);

// The number at the beginning of a file; false if there is none.
__attribute__((format(printf, 3, 4))) bool facts_number(const char *root, int64_t *number,
							const char *format, ...);

// The CPUs in a file as "0-3,8"; false if it cannot be read. An empty one has none.
__attribute__((format(printf, 3, 4))) bool facts_cpus(const char *root, cpu_set_t *cpus,
						      const char *format, ...);

// The last part of where a symbolic link points to; NULL if it is none. Free the result.
__attribute__((format(printf, 2, 3))) char *facts_link(const char *root, const char *format, ...);

// The names in a directory, sorted; none if it cannot be read. Free with facts_names_free().
__attribute__((format(printf, 2, 3))) struct facts_names facts_list(const char *root,
								    const char *format, ...);
void facts_names_free(struct facts_names *names);

// What stands behind "NAME" and a colon at the beginning of a line, up to its end; NULL if it is
// not there. Free the result.
char *facts_field(const char *text, const char *name);

// Read "0-3,8". False if that is no list; then "cpus" has none.
bool cpu_list_parse(const char *text, cpu_set_t *cpus);
