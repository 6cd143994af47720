// SPDX-License-Identifier: BSD-3-Clause
#include "control/ctl/capture_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "control/alloc.h"
#include "control/ctl/capture_line.h"
#include "control/ctl/cell.h"
#include "control/ctl/hex.h"
#include "control/ctl/out_text.h"
#include "control/ctl/pcapng.h"
#include "lib/capture.h"
#include "lib/clock.h"

struct capture_file {
	FILE *stream;
	bool is_ours; // to close
	uint32_t snap;
	uint64_t start_ns;
	struct pcapng blocks; // that wait to be written
	char **names;	      // of interfaces: [blocks.n_interfaces]
	uint64_t *n_frames;   // likewise
};

static int flush(struct capture_file *file)
{
	size_t n = file->blocks.size;

	file->blocks.size = 0;
	if (fwrite(file->blocks.octets, 1, n, file->stream) != n || fflush(file->stream) != 0)
		return -errno;
	return 0;
}

static uint32_t interface_of(struct capture_file *file, const char *name)
{
	uint32_t n = file->blocks.n_interfaces;

	for (uint32_t i = 0; i < n; i++) {
		if (strcmp(file->names[i], name) == 0)
			return i;
	}
	file->names = alloc_array(file->names, n + 1, sizeof(*file->names));
	file->n_frames = alloc_array(file->n_frames, n + 1, sizeof(*file->n_frames));
	file->names[n] = alloc_format("%s", name);
	file->n_frames[n] = 0;
	return pcapng_interface(&file->blocks, name, file->snap);
}

static FILE *open_private(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	FILE *stream = fd < 0 ? NULL : fdopen(fd, "w");

	if (fd >= 0 && !stream)
		close(fd);
	return stream;
}

static void forget(struct capture_file *file)
{
	for (uint32_t i = 0; i < file->blocks.n_interfaces; i++)
		free(file->names[i]);
	free(file->names);
	free(file->n_frames);
	free(file->blocks.octets);
	free(file);
}

struct capture_file *capture_file_create(const char *path, FILE *out, uint32_t snap,
					 const char *port)
{
	struct capture_file *file = alloc_zero(sizeof(*file));

	file->is_ours = strcmp(path, "-") != 0;
	file->stream = file->is_ours ? open_private(path) : out;
	file->snap = snap;
	file->start_ns = clock_wall_ns();
	pcapng_section(&file->blocks, "ixfab " IXFAB_VERSION);
	if (port)
		interface_of(file, port);
	int err = file->stream ? flush(file) : -errno;
	if (err) {
		if (file->is_ours && file->stream)
			fclose(file->stream);
		forget(file);
		errno = -err;
		return NULL;
	}
	return file;
}

int capture_file_put(struct capture_file *file, const json_t *frame)
{
	bool is_lost = strcmp(out_string(frame, "verdict"), "lost") == 0;
	const char *port = out_string(frame, is_lost ? "out" : "port");
	uint32_t interface = interface_of(file, *port ? port : "fabric");
	char *comment = capture_comment(frame);
	uint8_t octets[CAPTURE_OCTETS];
	size_t n = hex_read(out_string(frame, "frame"), octets, sizeof(octets));

	pcapng_frame(&file->blocks, &(struct pcapng_frame){
					    .interface = interface,
					    .time_ns = (uint64_t)out_integer(frame, "time_ns"),
					    .length = (uint32_t)out_integer(frame, "length"),
					    .n_octets = (uint32_t)n,
					    .octets = octets,
					    .direction = is_lost ? PCAPNG_OUTBOUND : PCAPNG_INBOUND,
					    .comment = comment,
				    });
	free(comment);
	file->n_frames[interface]++;
	return flush(file);
}

// What was missed is known of the whole capture: of an interface only if there is no other.
static void put_statistics(struct capture_file *file, const json_t *ended)
{
	uint64_t missed = (uint64_t)(out_integer(ended, "missed") + out_integer(ended, "unseen"));
	uint32_t n = file->blocks.n_interfaces;
	char *comment = NULL;

	if (n > 1 && missed)
		comment = cell_format("%lu frames missed, of all interfaces together",
				      (unsigned long)missed);
	for (uint32_t i = 0; i < n; i++)
		pcapng_statistics(&file->blocks, i,
				  &(struct pcapng_counts){
					  .start_ns = file->start_ns,
					  .end_ns = clock_wall_ns(),
					  .delivered = file->n_frames[i],
					  .dropped = n == 1 && ended ? missed : UINT64_MAX,
					  .comment = i == 0 ? comment : NULL,
				  });
	free(comment);
}

int capture_file_close(struct capture_file *file, const json_t *ended)
{
	put_statistics(file, ended);
	int err = flush(file);

	if (file->is_ours && fclose(file->stream) != 0 && !err)
		err = -errno;
	forget(file);
	return err;
}
