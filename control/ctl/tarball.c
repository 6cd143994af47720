// SPDX-License-Identifier: BSD-3-Clause
#include "control/ctl/tarball.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "control/ctl/cell.h"

enum { BLOCK = 512 };

struct header {
	char name[TARBALL_NAME_MAX];
	char mode[8], uid[8], gid[8], size[12], mtime[12], checksum[8];
	char type;
	char link[100];
	char magic[6], version[2];
	char user[32], group[32], major[8], minor[8], prefix[155], rest[12];
};

_Static_assert(sizeof(struct header) == BLOCK, "a header is one block");

struct tarball {
	char *path, *new_path;
	bool named; // the new file has its name already
	int fd;
	gzFile stream;
	time_t now;
	int err; // the first
};

// A file that has no name before it is whole, so that nothing is left if we are killed; or, where a
// file system cannot do that, a hidden one.
static int open_new(struct tarball *tarball)
{
	const char *slash = strrchr(tarball->path, '/');
	int base = slash ? (int)(slash - tarball->path) + 1 : 0;
	char *directory = base ? cell_format("%.*s", base, tarball->path) : cell_format(".");

	tarball->new_path =
		cell_format("%.*s.%s.XXXXXX", base, tarball->path, tarball->path + base);
	tarball->fd = open(directory, O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600);
	free(directory);
	if (tarball->fd < 0 && (errno == EOPNOTSUPP || errno == EISDIR)) {
		tarball->fd = mkostemp(tarball->new_path, O_CLOEXEC);
		tarball->named = true;
	}
	return tarball->fd < 0 ? -errno : 0;
}

// gzclose() closes what it was given, and the file has to be synced after that.
static int open_stream(struct tarball *tarball)
{
	int copy = fcntl(tarball->fd, F_DUPFD_CLOEXEC, 0);

	if (copy < 0)
		return -errno;
	tarball->stream = gzdopen(copy, "wb");
	if (tarball->stream)
		return 0;
	close(copy);
	return -ENOMEM;
}

struct tarball *tarball_create(const char *path, time_t now)
{
	struct tarball *tarball = calloc(1, sizeof(*tarball));

	if (!tarball)
		return NULL;
	tarball->now = now;
	tarball->path = cell_format("%s", path);
	tarball->err = open_new(tarball);
	if (!tarball->err)
		tarball->err = open_stream(tarball);
	if (!tarball->err)
		return tarball;
	errno = -tarball_finish(tarball, false, &(size_t){0});
	return NULL;
}

static void put(struct tarball *tarball, const void *octets, size_t length)
{
	const char *at = octets;

	while (length && !tarball->err) {
		unsigned int piece = length > 1 << 20 ? 1 << 20 : (unsigned int)length;

		errno = 0;
		if (gzwrite(tarball->stream, at, piece) != (int)piece)
			tarball->err = errno ? -errno : -EIO;
		at += piece;
		length -= piece;
	}
}

static void set_checksum(struct header *header)
{
	const unsigned char *octets = (const unsigned char *)header;
	unsigned int sum = 0;

	memset(header->checksum, ' ', sizeof(header->checksum));
	for (size_t i = 0; i < sizeof(*header); i++)
		sum += octets[i];
	snprintf(header->checksum, sizeof(header->checksum), "%06o", sum);
}

void tarball_add(struct tarball *tarball, const char *name, const void *octets, size_t length)
{
	static const char zeros[BLOCK];
	struct header header = {.mode = "0000644",
				.uid = "0000000",
				.gid = "0000000",
				.type = '0',
				.magic = "ustar",
				.version = {'0', '0'},
				.user = "root",
				.group = "root"};

	if (strlen(name) >= sizeof(header.name) || length >> 33) {
		tarball->err = tarball->err ?: -E2BIG;
		return;
	}
	memcpy(header.name, name, strlen(name));
	snprintf(header.size, sizeof(header.size), "%011lo", (unsigned long)length);
	snprintf(header.mtime, sizeof(header.mtime), "%011lo", (unsigned long)tarball->now);
	set_checksum(&header);
	put(tarball, &header, sizeof(header));
	put(tarball, octets, length);
	put(tarball, zeros, (BLOCK - length % BLOCK) % BLOCK);
}

static void close_stream(struct tarball *tarball)
{
	static const char end[2 * BLOCK];

	if (!tarball->stream)
		return;
	put(tarball, end, sizeof(end));
	errno = 0;
	if (gzclose(tarball->stream) != Z_OK && !tarball->err)
		tarball->err = errno ? -errno : -EIO;
}

// Give the file a name that nobody else has.
static int name_new(struct tarball *tarball)
{
	char open_file[32];

	if (tarball->named)
		return 0;
	snprintf(open_file, sizeof(open_file), "/proc/self/fd/%d", tarball->fd);
	int spare = mkostemp(tarball->new_path, O_CLOEXEC);
	if (spare < 0)
		return -errno;
	close(spare);
	unlink(tarball->new_path); // only its name was wanted
	if (linkat(AT_FDCWD, open_file, AT_FDCWD, tarball->new_path, AT_SYMLINK_FOLLOW))
		return -errno;
	tarball->named = true;
	return 0;
}

static int put_in_place(struct tarball *tarball, struct stat *status)
{
	if (fsync(tarball->fd) || fstat(tarball->fd, status))
		return -errno;
	int err = name_new(tarball);
	if (!err && rename(tarball->new_path, tarball->path))
		err = -errno;
	if (!err)
		tarball->named = false; // so, at least
	return err;
}

int tarball_finish(struct tarball *tarball, bool keep, size_t *size)
{
	struct stat status = {0};

	close_stream(tarball);
	if (!tarball->err && keep)
		tarball->err = put_in_place(tarball, &status);
	if (tarball->fd >= 0 && tarball->named)
		unlink(tarball->new_path);
	if (tarball->fd >= 0)
		close(tarball->fd);
	*size = (size_t)status.st_size;
	int err = tarball->err;
	free(tarball->path);
	free(tarball->new_path);
	free(tarball);
	return err;
}
