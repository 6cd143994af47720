// SPDX-License-Identifier: BSD-3-Clause
// What control tells the service manager (lib/notify.h): that operators are served, that a reload
// is done, and once a second that the loop turns, and a line on how things are.
#pragma once

#include <stddef.h>

struct control;
struct service;

// Operators are served from now on. "control" must outlive the service. Returns NULL with errno.
struct service *service_start(struct control *control);
void service_stop(struct service *service);

// How things are, in one line.
void service_describe(const struct control *control, char *text, size_t size);
