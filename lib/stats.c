// SPDX-License-Identifier: BSD-3-Clause
#include "lib/stats.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/memfd.h>
#include <sched.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "lib/channel.h"

#ifndef F_SEAL_FUTURE_WRITE
#define F_SEAL_FUTURE_WRITE 0x0010
#endif

static uint64_t page_align(uint64_t octets)
{
	return (octets + 4095) & ~UINT64_C(4095);
}

static void header_init(struct stats_header *h, uint32_t n_workers)
{
	h->magic = STATS_MAGIC;
	h->version = CHANNEL_VERSION;
	h->n_workers = n_workers;
	h->port_info_offset = page_align(sizeof(*h));
	h->worker_offset = page_align(h->port_info_offset + sizeof(struct port_info) * MAX_PORTS);
	h->counters_offset =
		page_align(h->worker_offset + sizeof(struct worker_stats) * MAX_WORKERS);
	h->pairs_offset = page_align(h->counters_offset +
				     sizeof(struct port_counters) * MAX_PORTS * (n_workers + 1));
	h->size =
		h->pairs_offset + sizeof(struct pair_counters) * MAX_PORTS * MAX_PORTS * n_workers;
}

static void stats_point(struct stats *stats, void *base, const struct stats_header *h)
{
	uint8_t *octets = base;

	stats->header = base;
	stats->ports = (struct port_info *)(octets + h->port_info_offset);
	stats->workers = (struct worker_stats *)(octets + h->worker_offset);
	stats->counters = (struct port_counters *)(octets + h->counters_offset);
	stats->pairs = (struct pair_counters *)(octets + h->pairs_offset);
	stats->n_workers = h->n_workers;
	stats->size = h->size;
}

int stats_create(struct stats *stats, uint32_t n_workers, int *fd)
{
	struct stats_header header = {0};
	struct timespec now;
	int err;

	header_init(&header, n_workers);
	if (getrandom(&header.instance, sizeof(header.instance), 0) != sizeof(header.instance))
		return -EIO;
	clock_gettime(CLOCK_REALTIME, &now);
	header.started_ns = (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
	header.pid = (uint32_t)getpid();

	int file = memfd_create("ixfab-stats", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (file < 0)
		return -errno;
	if (ftruncate(file, (off_t)header.size) < 0)
		goto err_close;
	void *base = mmap(NULL, header.size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_NORESERVE,
			  file, 0);
	if (base == MAP_FAILED)
		goto err_close;
	memcpy(base, &header, sizeof(header));
	// From here on nobody can map it for writing any more, nor change its size.
	if (fcntl(file, F_ADD_SEALS,
		  F_SEAL_FUTURE_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) < 0)
		goto err_unmap;
	stats_point(stats, base, &header);
	*fd = file;
	return 0;

err_unmap:
	err = errno;
	munmap(base, header.size);
	errno = err;
err_close:
	err = errno;
	close(file);
	return -err;
}

int stats_attach(struct stats *stats, int fd)
{
	struct stats_header expected = {0};
	struct stats_header header;
	struct stat file;

	if (fstat(fd, &file) < 0)
		return -errno;
	if (file.st_size < (off_t)sizeof(header))
		return -EPROTO;
	void *page = mmap(NULL, sizeof(header), PROT_READ, MAP_SHARED, fd, 0);
	if (page == MAP_FAILED)
		return -errno;
	memcpy(&header, page, sizeof(header));
	munmap(page, sizeof(header));

	if (header.magic != STATS_MAGIC || header.version != CHANNEL_VERSION ||
	    header.n_workers == 0 || header.n_workers > MAX_WORKERS)
		return -EPROTO;
	header_init(&expected, header.n_workers);
	if (header.size != expected.size || (uint64_t)file.st_size != expected.size)
		return -EPROTO;

	void *base = mmap(NULL, expected.size, PROT_READ, MAP_SHARED | MAP_NORESERVE, fd, 0);
	if (base == MAP_FAILED)
		return -errno;
	stats_point(stats, base, &expected);
	return 0;
}

void stats_detach(struct stats *stats)
{
	if (stats->header)
		munmap(stats->header, stats->size);
	*stats = (struct stats){0};
}

void stats_port_info_begin(struct port_info *info)
{
	uint32_t sequence = atomic_load_explicit(&info->sequence, memory_order_relaxed);

	atomic_store_explicit(&info->sequence, sequence + 1, memory_order_relaxed);
	atomic_thread_fence(memory_order_release);
}

void stats_port_info_end(struct port_info *info)
{
	uint32_t sequence = atomic_load_explicit(&info->sequence, memory_order_relaxed);

	atomic_store_explicit(&info->sequence, sequence + 1, memory_order_release);
}

// A writer holds the lock for a few stores; when it was killed in between, nobody ever opens it.
enum { INFO_TRIES = 4096, INFO_TRIES_BEFORE_YIELD = 64 };

static bool copy_port_info(struct port_info *shared, struct port_info *info)
{
	uint32_t before = atomic_load_explicit(&shared->sequence, memory_order_acquire);

	if (before & 1)
		return false;
	memcpy(info, shared, sizeof(*info));
	atomic_thread_fence(memory_order_acquire);
	return atomic_load_explicit(&shared->sequence, memory_order_relaxed) == before;
}

bool stats_port_info(const struct stats *stats, uint32_t port, struct port_info *info)
{
	int tries = 1;

	while (!copy_port_info(&stats->ports[port], info)) {
		if (tries == INFO_TRIES)
			return false;
		if (tries++ % INFO_TRIES_BEFORE_YIELD == 0)
			sched_yield();
	}
	info->name[sizeof(info->name) - 1] = 0;
	info->device[sizeof(info->device) - 1] = 0;
	info->driver[sizeof(info->driver) - 1] = 0;
	return info->used;
}

struct stats_ports stats_count_ports(const struct stats *stats)
{
	struct stats_ports ports = {0};
	struct port_info info;

	for (uint32_t p = 0; p < MAX_PORTS; p++) {
		if (!stats_port_info(stats, p, &info) || !info.admin_up)
			continue;
		ports.wanted++;
		ports.up += info.link == LINK_UP && !info.disabled;
	}
	return ports;
}

// Add "n" counters at "from" to "to". Writers store whole words, so a word is never torn.
static void sum_words(uint64_t *to, const uint64_t *from, size_t n)
{
	for (size_t i = 0; i < n; i++)
		to[i] += __atomic_load_n(&from[i], __ATOMIC_RELAXED);
}

static void add_port(const struct stats *stats, uint32_t port, struct port_counters *sum)
{
	for (uint32_t w = 0; w <= stats->n_workers; w++)
		sum_words((uint64_t *)sum, (const uint64_t *)stats_port(stats, w, port),
			  sizeof(*sum) / sizeof(uint64_t));
}

// A slot that was never used has no counters, and looking at them would cost memory.
static bool ever_used(const struct stats *stats, uint32_t port)
{
	return __atomic_load_n(&stats->ports[port].incarnation, __ATOMIC_RELAXED) != 0;
}

void stats_sum_port(const struct stats *stats, uint32_t port, struct port_counters *sum)
{
	*sum = (struct port_counters){0};
	add_port(stats, port, sum);
}

void stats_sum_pair(const struct stats *stats, uint32_t from, uint32_t to,
		    struct pair_counters *sum)
{
	*sum = (struct pair_counters){0};
	for (uint32_t w = 0; w < stats->n_workers; w++)
		sum_words((uint64_t *)sum, (const uint64_t *)&stats_pairs(stats, w, from)[to],
			  sizeof(*sum) / sizeof(uint64_t));
}

void stats_clear_port(struct stats *stats, uint32_t port)
{
	add_port(stats, port, &stats->header->retired);
	memset(stats_port(stats, stats->n_workers, port), 0, sizeof(struct port_counters));
	for (uint32_t w = 0; w < stats->n_workers; w++) {
		memset(stats_port(stats, w, port), 0, sizeof(struct port_counters));
		// Touch only cells that may have been counted in: the file stays sparse.
		for (uint32_t other = 0; other < MAX_PORTS; other++) {
			if (!ever_used(stats, other) && other != port)
				continue;
			memset(&stats_pairs(stats, w, port)[other], 0,
			       sizeof(struct pair_counters));
			memset(&stats_pairs(stats, w, other)[port], 0,
			       sizeof(struct pair_counters));
		}
		memset(&stats_pairs(stats, w, PORT_FABRIC)[port], 0, sizeof(struct pair_counters));
	}
}
