// SPDX-License-Identifier: BSD-3-Clause
// One way for this directory to say what is wrong with a device.
#pragma once

#include <stddef.h>

// Put words for operators into "error" and return -err.
__attribute__((format(printf, 4, 5))) int complain(char *error, size_t size, int err,
						   const char *format, ...);
