// SPDX-License-Identifier: BSD-3-Clause
#include "control/config/path.h"

#include <stdarg.h>
#include <stdio.h>

struct path path(const char *format, ...)
{
	struct path path;
	va_list args;

	va_start(args, format);
	vsnprintf(path.text, sizeof(path.text), format, args);
	va_end(args);
	return path;
}
