// SPDX-License-Identifier: BSD-3-Clause
#include "control/alloc.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/log.h"

static void *checked(void *memory)
{
	if (!memory) {
		log_err("out of memory");
		abort();
	}
	return memory;
}

void *alloc_zero(size_t size)
{
	return checked(calloc(1, size));
}

void *alloc_array(void *old, size_t n, size_t size)
{
	return checked(reallocarray(old, n, size));
}

char *alloc_text(const char *text, size_t length)
{
	char *copy = checked(malloc(length + 1));

	memcpy(copy, text, length);
	copy[length] = 0;
	return copy;
}

char *alloc_format(const char *format, ...)
{
	char *text = NULL;
	va_list args;

	va_start(args, format);
	if (vasprintf(&text, format, args) < 0)
		text = NULL;
	va_end(args);
	return checked(text);
}
