// SPDX-License-Identifier: BSD-3-Clause
#include "dataplane/ports/driver_fds.h"

#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static bool open_before[65536]; // by number

static bool read_link(int fd, struct driver_fd *entry)
{
	char path[32];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	ssize_t n = readlink(path, entry->link, sizeof(entry->link) - 1);
	entry->fd = fd;
	entry->link[n < 0 ? 0 : n] = '\0';
	return n > 0;
}

static bool is_of_interest(const struct driver_fd *entry, int family)
{
	int domain = -1;
	socklen_t length = sizeof(domain);

	if (strncmp(entry->link, "socket:", 7) == 0)
		return getsockopt(entry->fd, SOL_SOCKET, SO_DOMAIN, &domain, &length) == 0 &&
		       domain == family;
	return strncmp(entry->link, "anon_inode:bpf", 14) == 0 ||
	       strncmp(entry->link, "anon_inode:btf", 14) == 0;
}

static bool was_open(int fd)
{
	return (size_t)fd < sizeof(open_before) && open_before[fd];
}

void driver_fds_before(int family)
{
	DIR *directory = opendir("/proc/self/fd");
	struct driver_fd entry;
	struct dirent *item;

	memset(open_before, 0, sizeof(open_before));
	while (directory && (item = readdir(directory))) {
		if (item->d_name[0] != '.' && read_link(atoi(item->d_name), &entry) &&
		    is_of_interest(&entry, family) && (size_t)entry.fd < sizeof(open_before))
			open_before[entry.fd] = true;
	}
	if (directory)
		closedir(directory);
}

void driver_fds_opened(struct driver_fds *fds, int family)
{
	DIR *directory = opendir("/proc/self/fd");
	struct dirent *item;

	fds->n = 0;
	while (directory && (item = readdir(directory)) && fds->n < DRIVER_FDS) {
		struct driver_fd *entry = &fds->fds[fds->n];

		if (item->d_name[0] != '.' && read_link(atoi(item->d_name), entry) &&
		    is_of_interest(entry, family) && !was_open(entry->fd))
			fds->n++;
	}
	if (directory)
		closedir(directory);
}

void driver_fds_close(struct driver_fds *fds)
{
	for (size_t i = 0; i < fds->n; i++) {
		struct driver_fd now;

		if (read_link(fds->fds[i].fd, &now) && strcmp(now.link, fds->fds[i].link) == 0)
			close(now.fd);
	}
	fds->n = 0;
}

int driver_fds_socket(const struct driver_fds *fds)
{
	int found = 0;

	for (size_t i = 0; i < fds->n; i++) {
		if (strncmp(fds->fds[i].link, "socket:", 7) != 0)
			continue;
		if (found)
			return 0;
		found = fds->fds[i].fd;
	}
	return found;
}
