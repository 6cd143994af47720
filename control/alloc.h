// SPDX-License-Identifier: BSD-3-Clause
// Memory that is always there: without it the program ends, with a word about it. For what is small
// and needed whole; a control process that ends loses no frame, and its next start finds
// everything.
#pragma once

#include <stddef.h>

// Zeroed.
void *alloc_zero(size_t size);

// As reallocarray(3).
void *alloc_array(void *old, size_t n, size_t size);

// A copy of "length" octets and a terminating zero.
char *alloc_text(const char *text, size_t length);

__attribute__((format(printf, 1, 2))) char *alloc_format(const char *format, ...);
