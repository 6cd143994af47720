// SPDX-License-Identifier: BSD-3-Clause
// Metrics over HTTP, for Prometheus: GET /metrics. OpenMetrics for who asks for it, else the text
// format 0.0.4. "?matrix=no" leaves the traffic matrix out.
//
// It listens on an address of this machine only, or on a UNIX socket. Anybody who reaches it may
// read; nothing can be changed there.
//
// An answer is written a slice at a time, the next one when the last is sent: other things go on
// meanwhile. At most HTTP_SCRAPES are answered at once, others get 503; who does not read for
// HTTP_PATIENCE_S is cut off.
#pragma once

#include <stdbool.h>

struct event_base;
struct http;
struct page;

enum { HTTP_SCRAPES = 4, HTTP_PATIENCE_S = 10 };

// Makes the page for an answer.
typedef struct page *http_page_fn(void *argument, bool open_metrics, bool matrix);

// Listen on "address": 127.0.0.1:PORT, [::1]:PORT, or the path of a UNIX socket, which begins with
// a slash. Logs where it listens. Returns NULL with errno, after it has logged why.
struct http *http_create(struct event_base *base, const char *address, http_page_fn *make_page,
			 void *argument);
void http_destroy(struct http *http); // NULL is fine
