// SPDX-License-Identifier: BSD-3-Clause
// ixfab-dataplane: the workers that forward frames, and the manager that control programs them by.
//
// It starts empty: no port, no LAN. See dataplane/manage/manager.h for what happens then.
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <rte_cycles.h>
#include <rte_eal.h>
#include <rte_launch.h>
#include <rte_malloc.h>
#include <rte_mempool.h>

#include "dataplane/eal.h"
#include "dataplane/manage/manager.h"
#include "dataplane/options.h"
#include "dataplane/ports/pool.h"
#include "dataplane/ports/xdp.h"
#include "dataplane/privileges.h"
#include "dataplane/tables/fdb.h"
#include "dataplane/worker.h"
#include "lib/log.h"
#include "lib/notify.h"

static struct fabric fabric;
static struct worker *workers[MAX_WORKERS];
static struct manager manager;

// TERM and INT arrive as bytes on a descriptor; block them before any thread is made.
static int open_signals(void)
{
	sigset_t signals;

	sigemptyset(&signals);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGINT);
	if (sigprocmask(SIG_BLOCK, &signals, NULL) < 0)
		return -errno;
	signal(SIGPIPE, SIG_IGN);
	int fd = signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
	return fd < 0 ? -errno : fd;
}

static int make_workers(uint32_t n)
{
	for (uint32_t w = 0; w < n; w++) {
		workers[w] = rte_zmalloc("worker", sizeof(struct worker), 64);
		if (!workers[w])
			return -ENOMEM;
		worker_init(workers[w], &fabric, w);
	}
	return 0;
}

static int make_quiescent(uint32_t n)
{
	size_t size = rte_rcu_qsbr_get_memsize(n);

	fabric.quiescent = rte_zmalloc("quiescent", size, 64);
	if (!fabric.quiescent)
		return -ENOMEM;
	return rte_rcu_qsbr_init(fabric.quiescent, n) ? -EINVAL : 0;
}

// The part of the memory for the general pool; AF_XDP ports make pools of their own from the rest.
enum { POOL_SHARE = 3 };

static int make_fabric(const struct options *options, bool huge, int *stats_fd)
{
	fabric.n_workers = options->n_workers;
	fabric.adaptive = options->adaptive;

	int err = stats_create(&fabric.stats, options->n_workers, stats_fd);
	if (!err)
		err = make_quiescent(options->n_workers);
	if (!err)
		err = make_workers(options->n_workers);
	if (err) {
		log_err("cannot make the workers: %s", strerror(-err));
		return err;
	}
	fabric.pool = pool_create(options->memory_mib / POOL_SHARE);
	if (!fabric.pool) {
		err = -errno;
		log_err("cannot make frame buffers of %u MiB: %s; give more with --memory",
			options->memory_mib / POOL_SHARE, strerror(-err));
		return err;
	}
	struct stats_header *header = fabric.stats.header;
	header->tsc_hz = rte_get_tsc_hz();
	header->hugepages = huge;
	header->mbufs = fabric.pool->size;
	header->memory_octets = (uint64_t)options->memory_mib << 20;
	return 0;
}

// Without it the fabric works, but ports on kernel interfaces fall back to AF_PACKET.
static void keep_xdp_program(void)
{
	char error[256];

	if (xdp_object_keep(error, sizeof(error)))
		log_warn("%s", error);
}

static void run(const struct options *options, int signal_fd)
{
	for (uint32_t w = 0; w < options->n_workers; w++)
		rte_eal_remote_launch(worker_run, workers[w], w + 1);
	log_notice("release " IXFAB_VERSION
		   ": %u workers, %s, FDB code %s; waiting for control on %s",
		   options->n_workers, options->adaptive ? "adaptive" : "polling",
		   fdb_isa_name(fdb_select(FDB_ISAS)), options->socket);
	manager_run(&manager, signal_fd);
	log_notice("stopping");
	notify_stopping();
	atomic_store(&fabric.stop, true);
	rte_eal_mp_wait_lcore();
}

int main(int argc, char **argv)
{
	struct options options;
	bool huge;
	int stats_fd;
	int status = options_parse(&options, argc, argv);

	if (status >= 0)
		return status;
	log_init("ixfab-dataplane", options.log);
	notify_init();
	int signal_fd = open_signals();
	if (signal_fd < 0)
		return EXIT_FAILURE;
	if (privileges_join(options.group) || privileges_drop() || eal_start(&options, &huge))
		return EXIT_FAILURE;
	keep_xdp_program();
	if (make_fabric(&options, huge, &stats_fd) ||
	    manager_init(&manager, &fabric, workers, stats_fd, options.socket, options.group))
		return EXIT_FAILURE;
	run(&options, signal_fd);
	manager_fini(&manager, options.socket);
	rte_eal_cleanup();
	return EXIT_SUCCESS;
}
