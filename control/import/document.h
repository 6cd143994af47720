// SPDX-License-Identifier: BSD-3-Clause
// A feed of members as others wrote it: JSON, or YAML, as one tree of JSON values.
#pragma once

#include <jansson.h>
#include <stddef.h>

struct complaints;

enum { DOCUMENT_MAX = 32 << 20 }; // octets

// Read a document whose top is an object. Of YAML all values become strings, and "~" null: the
// functions of field.h take them. Returns NULL with complaints, which name line and column.
json_t *document_read(const char *text, size_t length, struct complaints *complaints);
