// SPDX-License-Identifier: BSD-3-Clause
#include "control/metrics/http.h"

#include <errno.h>
#include <event2/buffer.h>
#include <event2/http.h>
#include <event2/keyvalq_struct.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <sys/socket.h>
#include <unistd.h>

#include "control/alloc.h"
#include "control/loop.h"
#include "control/metrics/page.h"
#include "control/rpc/listen.h"
#include "lib/log.h"

enum { BODY_MAX = 1024, HEADERS_MAX = 8192, BACKLOG = 16 };

struct scrape {
	LIST_ENTRY(scrape) link;
	struct http *http;
	struct evhttp_request *request; // NULL: the client is gone
	struct page *page;
	struct evbuffer *buffer;
	struct event *next;
};

LIST_HEAD(scrape_list, scrape);

struct http {
	struct event_base *base;
	struct evhttp *server;
	char *path; // of the UNIX socket; NULL: none
	http_page_fn *make_page;
	void *argument;
	struct scrape_list scrapes;
	int n_scrapes;
};

// ---- Answering

static void scrape_free(struct scrape *scrape)
{
	struct evhttp_connection *connection =
		scrape->request ? evhttp_request_get_connection(scrape->request) : NULL;

	if (connection)
		evhttp_connection_set_closecb(connection, NULL, NULL);
	LIST_REMOVE(scrape, link);
	scrape->http->n_scrapes--;
	loop_forget(&scrape->next);
	if (scrape->buffer)
		evbuffer_free(scrape->buffer);
	page_destroy(scrape->page);
	free(scrape);
}

static void on_closed(struct evhttp_connection *connection, void *argument)
{
	struct scrape *scrape = argument;

	(void)connection;
	// A request that is not answered goes with its connection only if it was not taken off it.
	if (!evhttp_request_get_connection(scrape->request))
		evhttp_request_free(scrape->request);
	scrape->request = NULL;
	scrape_free(scrape);
}

static void on_sent(struct evhttp_connection *connection, void *argument)
{
	struct scrape *scrape = argument;

	(void)connection;
	loop_timer_set(scrape->next, 0);
}

static void on_next(evutil_socket_t fd, short what, void *argument)
{
	struct scrape *scrape = argument;
	struct evhttp_request *request = scrape->request;
	const struct metrics_text *slice;

	(void)fd, (void)what;
	if (!page_next(scrape->page, &slice)) {
		scrape_free(scrape);
		evhttp_send_reply_end(request);
		return;
	}
	if (slice->n == 0) {
		loop_timer_set(scrape->next, 0);
		return;
	}
	evbuffer_add(scrape->buffer, slice->octets, slice->n);
	evhttp_send_reply_chunk_with_cb(request, scrape->buffer, on_sent, scrape);
}

static bool scrape_begin(struct http *http, struct evhttp_request *request, struct page *page)
{
	struct scrape *scrape = alloc_zero(sizeof(*scrape));

	scrape->http = http;
	scrape->request = request;
	scrape->page = page;
	scrape->buffer = evbuffer_new();
	scrape->next = loop_timer(http->base, on_next, scrape);
	LIST_INSERT_HEAD(&http->scrapes, scrape, link);
	http->n_scrapes++;
	if (!scrape->buffer || !scrape->next) {
		scrape_free(scrape);
		return false;
	}
	evhttp_connection_set_closecb(evhttp_request_get_connection(request), on_closed, scrape);
	evhttp_send_reply_start(request, HTTP_OK, "OK");
	loop_timer_set(scrape->next, 0);
	return true;
}

// Whether the client takes OpenMetrics. Those that do say so by its name, and prefer it.
static bool wants_open_metrics(struct evhttp_request *request)
{
	const char *accept =
		evhttp_find_header(evhttp_request_get_input_headers(request), "Accept");

	return accept && strstr(accept, "application/openmetrics-text");
}

static bool wants_matrix(struct evhttp_request *request)
{
	const char *query = evhttp_uri_get_query(evhttp_request_get_evhttp_uri(request));
	struct evkeyvalq values;
	bool wants = true;

	if (!query || evhttp_parse_query_str(query, &values))
		return true;
	const char *value = evhttp_find_header(&values, "matrix");
	wants = !value || strcmp(value, "no") != 0;
	evhttp_clear_headers(&values);
	return wants;
}

static void on_metrics(struct evhttp_request *request, void *argument)
{
	struct http *http = argument;
	bool open_metrics = wants_open_metrics(request);
	struct evkeyvalq *headers = evhttp_request_get_output_headers(request);

	if (http->n_scrapes == HTTP_SCRAPES) {
		evhttp_send_error(request, HTTP_SERVUNAVAIL, "Too many at once");
		return;
	}
	evhttp_add_header(headers, "Content-Type",
			  metrics_text_content_type(open_metrics ? METRICS_OPEN : METRICS_PLAIN));
	if (evhttp_request_get_command(request) == EVHTTP_REQ_HEAD)
		evhttp_send_reply(request, HTTP_OK, "OK", NULL);
	else if (!scrape_begin(http, request,
			       http->make_page(http->argument, open_metrics,
					       wants_matrix(request))))
		evhttp_send_error(request, HTTP_SERVUNAVAIL, "Out of memory");
}

static void on_other(struct evhttp_request *request, void *argument)
{
	(void)argument;
	evhttp_send_error(request, HTTP_NOTFOUND, NULL);
}

// ---- Listening

// Whether only this machine reaches it, and a port was named.
static bool is_loopback(const struct sockaddr *address)
{
	const struct sockaddr_in *in = (const void *)address;
	const struct sockaddr_in6 *in6 = (const void *)address;

	if (address->sa_family == AF_INET)
		return ntohl(in->sin_addr.s_addr) >> 24 == IN_LOOPBACKNET && in->sin_port;
	return address->sa_family == AF_INET6 && IN6_IS_ADDR_LOOPBACK(&in6->sin6_addr) &&
	       in6->sin6_port;
}

static int open_tcp(const struct sockaddr *address, socklen_t length)
{
	int one = 1;
	int fd = socket(address->sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd < 0)
		return -errno;
	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one)) < 0 ||
	    bind(fd, address, length) < 0 || listen(fd, BACKLOG) < 0) {
		int err = -errno;

		close(fd);
		return err;
	}
	return fd;
}

// Returns the socket or -errno, after it has logged why.
static int open_address(const char *text)
{
	struct sockaddr_storage address;
	int length = sizeof(address);

	if (evutil_parse_sockaddr_port(text, (struct sockaddr *)&address, &length) ||
	    !is_loopback((struct sockaddr *)&address)) {
		log_err("metrics: %s: neither a path nor an address of this machine alone: say "
			"127.0.0.1:PORT, [::1]:PORT or /PATH",
			text);
		return -EINVAL;
	}
	int fd = open_tcp((struct sockaddr *)&address, (socklen_t)length);
	if (fd < 0)
		log_err("metrics: %s: %s", text, strerror(-fd));
	else
		log_info("metrics: http://%s/metrics", text);
	return fd;
}

static int open_socket(struct http *http, const char *text)
{
	gid_t gid;

	if (*text != '/')
		return open_address(text);
	int fd = listen_open(text, NULL, &gid);
	if (fd >= 0) {
		http->path = alloc_format("%s", text);
		log_info("metrics: on %s", text);
	}
	return fd;
}

// "fd" is closed in any case at last.
static int serve(struct http *http, int fd)
{
	http->server = evhttp_new(http->base);
	if (!http->server || evhttp_accept_socket(http->server, fd)) {
		close(fd);
		return -ENOMEM;
	}
	evhttp_set_allowed_methods(http->server, EVHTTP_REQ_GET | EVHTTP_REQ_HEAD);
	evhttp_set_max_headers_size(http->server, HEADERS_MAX);
	evhttp_set_max_body_size(http->server, BODY_MAX);
	evhttp_set_timeout(http->server, HTTP_PATIENCE_S);
	evhttp_set_cb(http->server, "/metrics", on_metrics, http);
	evhttp_set_gencb(http->server, on_other, http);
	return 0;
}

struct http *http_create(struct event_base *base, const char *address, http_page_fn *make_page,
			 void *argument)
{
	struct http *http = alloc_zero(sizeof(*http));
	int err;

	http->base = base;
	http->make_page = make_page;
	http->argument = argument;
	LIST_INIT(&http->scrapes);
	err = open_socket(http, address);
	if (err >= 0)
		err = serve(http, err);
	if (!err)
		return http;
	http_destroy(http);
	errno = -err;
	return NULL;
}

void http_destroy(struct http *http)
{
	if (!http)
		return;
	while (!LIST_EMPTY(&http->scrapes))
		scrape_free(LIST_FIRST(&http->scrapes));
	if (http->server)
		evhttp_free(http->server);
	if (http->path)
		unlink(http->path);
	free(http->path);
	free(http);
}
