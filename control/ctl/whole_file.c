// SPDX-License-Identifier: BSD-3-Clause
#include "control/ctl/whole_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "control/ctl/cell.h"

static char *read_stream(FILE *stream, size_t max, size_t *length)
{
	char *text = NULL;
	size_t size = 0, n;

	*length = 0;
	do {
		if (size - *length < 2) {
			char *larger = realloc(text, size ? size * 2 : 1 << 16);

			if (!larger)
				goto failed;
			text = larger;
			size = size ? size * 2 : 1 << 16;
		}
		n = fread(text + *length, 1, size - *length - 1, stream);
		*length += n;
	} while (n && *length <= max);
	if (ferror(stream))
		goto failed;
	errno = EFBIG;
	if (*length > max)
		goto failed;
	text[*length] = 0;
	return text;
failed:
	free(text);
	return NULL;
}

char *whole_file_read(const char *path, size_t max, size_t *length)
{
	if (strcmp(path, "-") == 0)
		return read_stream(stdin, max, length);
	FILE *stream = fopen(path, "re");
	if (!stream)
		return NULL;
	char *text = read_stream(stream, max, length);
	int error = errno;
	fclose(stream);
	errno = error;
	return text;
}

static int write_all(int fd, const char *text, size_t length)
{
	while (length) {
		ssize_t n = write(fd, text, length);

		if (n < 0 && errno != EINTR)
			return -errno;
		if (n > 0) {
			text += n;
			length -= (size_t)n;
		}
	}
	return fsync(fd) ? -errno : 0;
}

// The mode of a file that is replaced; of a new one what the umask leaves.
static mode_t mode_of(const char *path)
{
	struct stat status;
	mode_t mask = umask(0);

	umask(mask);
	return stat(path, &status) == 0 ? status.st_mode & 0777 : 0666 & ~mask;
}

// Make the name durable, too; a directory that cannot be opened for it is no failure.
static void sync_directory(const char *path, size_t base)
{
	char *directory = base ? cell_format("%.*s", (int)base, path) : cell_format(".");
	int fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd >= 0) {
		fsync(fd);
		close(fd);
	}
	free(directory);
}

int whole_file_write(const char *path, const char *text, size_t length)
{
	const char *slash = strrchr(path, '/');
	size_t base = slash ? (size_t)(slash - path) + 1 : 0;
	// Hidden, so that nobody takes it for a part of the configuration.
	char *new = cell_format("%.*s.%s.XXXXXX", (int)base, path, path + base);
	int fd = mkostemp(new, O_CLOEXEC);
	int err = fd < 0 ? -errno : 0;

	if (!err)
		err = write_all(fd, text, length);
	if (!err && fchmod(fd, mode_of(path)))
		err = -errno;
	if (fd >= 0 && close(fd) && !err)
		err = -errno;
	if (!err && rename(new, path))
		err = -errno;
	if (err && fd >= 0)
		unlink(new);
	if (!err)
		sync_directory(path, base);
	free(new);
	return err;
}
