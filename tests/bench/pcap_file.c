// SPDX-License-Identifier: BSD-3-Clause
#include "tests/bench/pcap_file.h"

#include <errno.h>
#include <stdio.h>

#include <rte_common.h>

enum {
	PATH_SIZE = 512,
	SNAP_LENGTH = 9216,
	LINKTYPE_ETHERNET = 1,
	FRAMES_LEAST = 96, // few enough that they stay in a cache, as those of a NIC would
};

// Of the file and of each frame: https://www.tcpdump.org/manpages/pcap-savefile.5.html
struct file_header {
	uint32_t magic;
	uint16_t major, minor;
	uint32_t zone, accuracy;
	uint32_t snap_length;
	uint32_t link_type;
};

struct frame_header {
	uint32_t seconds, microseconds;
	uint32_t captured, length;
};

static void write_frames(const struct traffic *traffic, uint16_t port, FILE *file)
{
	const struct conversation *c = &traffic->ports[port];
	static uint8_t octets[SNAP_LENGTH];
	uint32_t n = RTE_MAX(c->n_stations, FRAMES_LEAST);

	for (uint32_t i = 0; i < n; i++) {
		const struct frame_size *size = &traffic->sizes[i % traffic->n_sizes];
		struct frame_header header = {.captured = size->length, .length = size->length};

		frame_write(size, octets);
		memcpy(octets, &c->heads[i], sizeof(c->heads[i]));
		fwrite(&header, sizeof(header), 1, file);
		fwrite(octets, size->length, 1, file);
	}
}

static int write_port(const struct traffic *traffic, uint16_t port, const char *directory)
{
	static const struct file_header header = {.magic = 0xa1b2c3d4,
						  .major = 2,
						  .minor = 4,
						  .snap_length = SNAP_LENGTH,
						  .link_type = LINKTYPE_ETHERNET};
	char path[PATH_SIZE];
	FILE *file;
	int failed;

	snprintf(path, sizeof(path), "%s/port%u.pcap", directory, port);
	file = fopen(path, "we");
	if (!file)
		return -errno;
	fwrite(&header, sizeof(header), 1, file);
	write_frames(traffic, port, file);
	failed = ferror(file);
	return fclose(file) || failed ? -EIO : 0;
}

int pcap_write(const struct traffic *traffic, const char *directory)
{
	int error = 0;

	for (uint16_t port = 0; port < traffic->n_ports && !error; port++)
		error = write_port(traffic, port, directory);
	return error;
}
