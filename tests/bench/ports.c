// SPDX-License-Identifier: BSD-3-Clause
#include "tests/bench/ports.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <rte_cycles.h>
#include <rte_eal.h>
#include <rte_errno.h>
#include <rte_ethdev.h>
#include <rte_mbuf.h>
#include <rte_memory.h>

enum {
	DESCRIPTORS = 1024,
	POOL_CACHE = 512,
	FRAMES_A_QUEUE = 4095, // in each pool: a ring of 2048, the cache, and bursts on their way
	LINK_SECONDS = 5,
	FILES_MAX = 8,
};

// The files of DPDK's memory. DPDK 22.11's memif client with zero-copy gives them to its peer, and
// closes them as soon as the peer has answered, as if they were its own: the next port would have
// nothing, or some other file, to give. So they are put back.
static struct file {
	int fd;
	int copy;
} files[FILES_MAX];
static unsigned int n_files;

void die(const char *what, int error)
{
	fprintf(stderr, "ixfab-generator: %s: %s\n", what, strerror(error < 0 ? -error : error));
	exit(EXIT_FAILURE);
}

// "memif:socket=…" is the device net_memif0,socket=…, and so on.
static void device_args(const char *device, uint16_t port, char *text, size_t size)
{
	const char *arguments = strchr(device, ':') + 1;

	snprintf(text, size, "%s%u,%s", device_driver(device), port, arguments);
}

static void start_eal(const struct options *o)
{
	char lcores[32];
	char devices[RUN_PORTS][256];
	const char *argv[16 + RUN_PORTS * 2] = {
		"ixfab-generator", "--in-memory",    "--single-file-segments",
		"--no-pci",	   "--no-telemetry", "--log-level",
		"warning"};
	int argc = 7;

	snprintf(lcores, sizeof(lcores), "0@%s", o->cpu);
	argv[argc++] = "--lcores";
	argv[argc++] = lcores;
	argv[argc++] = "-m";
	argv[argc++] = o->memory;
	if (o->no_huge)
		argv[argc++] = "--no-huge";
	for (uint16_t i = 0; i < o->n_ports; i++) {
		device_args(o->device[i], i, devices[i], sizeof(devices[i]));
		argv[argc++] = "--vdev";
		argv[argc++] = devices[i];
	}
	if (rte_eal_init(argc, (char **)argv) < 0)
		die("cannot start DPDK", rte_errno);
}

static const struct frame_size *largest(const struct traffic *traffic)
{
	const struct frame_size *size = &traffic->sizes[0];

	for (uint16_t i = 1; i < traffic->n_sizes; i++) {
		if (traffic->sizes[i].length > size->length)
			size = &traffic->sizes[i];
	}
	return size;
}

static struct rte_mempool *create_pool(const char *name, uint32_t n, uint16_t length)
{
	uint16_t room = RTE_PKTMBUF_HEADROOM + RTE_MAX(length, 2048);
	struct rte_mempool *pool;

	pool = rte_pktmbuf_pool_create(name, n, POOL_CACHE, 0, room, SOCKET_ID_ANY);
	if (!pool)
		die("no memory for frames, see --memory", rte_errno);
	return pool;
}

static void start_port(uint16_t port, uint16_t n_queues, struct rte_mempool *pool)
{
	static const struct rte_eth_conf conf;
	int error = rte_eth_dev_configure(port, n_queues, 1, &conf);

	for (uint16_t queue = 0; queue < n_queues && !error; queue++)
		error = rte_eth_rx_queue_setup(port, queue, DESCRIPTORS, SOCKET_ID_ANY, NULL, pool);
	if (!error)
		error = rte_eth_tx_queue_setup(port, 0, DESCRIPTORS, SOCKET_ID_ANY, NULL);
	if (!error)
		error = rte_eth_dev_start(port);
	if (error)
		die("cannot start a port", error);
}

static int note_file(const struct rte_memseg_list *list __rte_unused,
		     const struct rte_memseg *segment, void *argument __rte_unused)
{
	int fd = rte_memseg_get_fd_thread_unsafe(segment);

	for (unsigned int i = 0; i < n_files; i++) {
		if (files[i].fd == fd)
			return 0;
	}
	if (fd >= 0 && n_files < FILES_MAX)
		files[n_files++] = (struct file){fd, fcntl(fd, F_DUPFD_CLOEXEC, 0)};
	return 0;
}

static void put_files_back(void)
{
	for (unsigned int i = 0; i < n_files; i++) {
		if (fcntl(files[i].fd, F_GETFD) < 0 && dup2(files[i].copy, files[i].fd) < 0)
			die("cannot put a file of DPDK's memory back", errno);
	}
}

// A memif client tries to connect once, when it is started. That is too early if the switch has
// made the socket but not yet the port; then whoever started us does so again.
static void wait_for_link(uint16_t port)
{
	const uint64_t deadline = rte_rdtsc() + LINK_SECONDS * rte_get_tsc_hz();
	struct rte_eth_link link = {};

	while (!rte_eth_link_get_nowait(port, &link) && !link.link_status) {
		if (rte_rdtsc() > deadline)
			die("link is not up", ETIMEDOUT);
		usleep(1000);
	}
}

struct rte_mempool *ports_start(const struct options *o, const struct traffic *traffic)
{
	const struct frame_size *size = largest(traffic);
	struct rte_mempool *frames;
	struct rte_mempool *received;

	start_eal(o);
	frames = create_pool("frames", o->n_ports * FRAMES_A_QUEUE, size->length);
	received = create_pool("received", o->n_ports * o->n_queues * FRAMES_A_QUEUE, size->length);
	frame_fill_pool(size, frames);
	rte_memseg_walk(note_file, NULL);
	for (uint16_t port = 0; port < o->n_ports; port++) {
		start_port(port, o->n_queues, received);
		wait_for_link(port);
		put_files_back();
	}
	return frames;
}

void ports_stop(void)
{
	rte_eal_cleanup();
}
