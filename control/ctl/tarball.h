// SPDX-License-Identifier: BSD-3-Clause
// A compressed tar archive (POSIX.1-1988 "ustar", gzip) that is there whole or not at all: it is
// written beside its place, and put there at the end.
//
// The format is forty lines and has not changed since 1988; libarchive would bring libxml2 and
// libicu (36 MB) to a machine that switches frames, and tar(1) could only take what lies in files.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

struct tarball;

enum { TARBALL_NAME_MAX = 100 }; // octets of a file's name in it

// Begin an archive that will be "path", for the eyes of its owner only. "now" is the time of all
// files in it. Returns NULL with errno.
struct tarball *tarball_create(const char *path, time_t now);

// Add a file. What goes wrong is told by tarball_finish().
void tarball_add(struct tarball *tarball, const char *name, const void *octets, size_t length);

// Put the archive in its place, durably, or remove it if "keep" is false or anything went wrong.
// Returns 0 or -errno. Frees "tarball"; "size" receives the octets of the file.
int tarball_finish(struct tarball *tarball, bool keep, size_t *size);
