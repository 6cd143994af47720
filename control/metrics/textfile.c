// SPDX-License-Identifier: BSD-3-Clause
#include "control/metrics/textfile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "control/alloc.h"
#include "control/loop.h"
#include "control/metrics/page.h"
#include "lib/log.h"

struct textfile {
	const char *path;
	char *new_path; // its name does not end with .prom, so that nobody reads it
	uint32_t period_ms;
	textfile_page_fn *make_page;
	void *argument;
	struct event *timer;
	struct page *page; // that is being written; NULL: none
	int fd;		   // of the new file
	uint64_t begun_ms;
	bool failing; // and that has been said
};

static int write_all(int fd, const char *octets, size_t n)
{
	while (n) {
		ssize_t written = write(fd, octets, n);

		if (written < 0 && errno != EINTR)
			return -errno;
		octets += written > 0 ? written : 0;
		n -= written > 0 ? (size_t)written : 0;
	}
	return 0;
}

static void report(struct textfile *textfile, int err)
{
	bool failing = err != 0;

	if (failing && !textfile->failing)
		log_warn("metrics: %s cannot be written: %s", textfile->path, strerror(-err));
	if (!failing && textfile->failing)
		log_info("metrics: %s is written again", textfile->path);
	textfile->failing = failing;
}

// The end of one file, good or bad; the next one comes a period after this one began.
static void finish(struct textfile *textfile, int err)
{
	uint64_t took = loop_now_ms() - textfile->begun_ms;

	if (textfile->fd >= 0 && close(textfile->fd) < 0 && !err)
		err = -errno;
	if (!err && rename(textfile->new_path, textfile->path) < 0)
		err = -errno;
	if (err)
		unlink(textfile->new_path);
	textfile->fd = -1;
	page_destroy(textfile->page);
	textfile->page = NULL;
	report(textfile, err);
	loop_timer_set(textfile->timer,
		       took < textfile->period_ms ? textfile->period_ms - (uint32_t)took : 0);
}

static int begin(struct textfile *textfile)
{
	textfile->begun_ms = loop_now_ms();
	// One that was left behind may be anything, a link too.
	unlink(textfile->new_path);
	textfile->fd = open(textfile->new_path,
			    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
	if (textfile->fd < 0)
		return -errno;
	textfile->page = textfile->make_page(textfile->argument);
	return 0;
}

static void on_timer(evutil_socket_t fd, short what, void *argument)
{
	struct textfile *textfile = argument;
	const struct metrics_text *slice;
	int err = textfile->page ? 0 : begin(textfile);

	(void)fd, (void)what;
	if (!err && page_next(textfile->page, &slice)) {
		err = write_all(textfile->fd, slice->octets, slice->n);
		if (!err) {
			loop_timer_set(textfile->timer, 0);
			return;
		}
	}
	finish(textfile, err);
}

struct textfile *textfile_create(struct event_base *base, const char *path, uint32_t period,
				 textfile_page_fn *make_page, void *argument)
{
	struct textfile *textfile = alloc_zero(sizeof(*textfile));

	textfile->path = path;
	textfile->new_path = alloc_format("%s.new", path);
	textfile->period_ms = period * 1000;
	textfile->make_page = make_page;
	textfile->argument = argument;
	textfile->fd = -1;
	textfile->timer = loop_timer(base, on_timer, textfile);
	if (!textfile->timer) {
		textfile_destroy(textfile);
		errno = ENOMEM;
		return NULL;
	}
	loop_timer_set(textfile->timer, 0);
	return textfile;
}

void textfile_destroy(struct textfile *textfile)
{
	if (!textfile)
		return;
	loop_forget(&textfile->timer);
	if (textfile->fd >= 0) {
		close(textfile->fd);
		unlink(textfile->new_path);
	}
	unlink(textfile->path);
	page_destroy(textfile->page);
	free(textfile->new_path);
	free(textfile);
}
