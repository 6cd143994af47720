// SPDX-License-Identifier: BSD-3-Clause
// How stages' stories are written; for trace*.c only.
#pragma once

#include <stdint.h>

struct batch;
struct trace;
struct worker;

// Add a step, unless the frame had died before.
__attribute__((format(printf, 4, 5))) void trace_add(struct trace *trace, const struct batch *b,
						     const char *stage, const char *format, ...);

// Why it died, in the words of the list.
void trace_add_death(struct trace *trace, const struct batch *b, const char *stage);

const char *trace_port(const struct worker *w, uint16_t port);
