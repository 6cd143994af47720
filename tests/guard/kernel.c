// SPDX-License-Identifier: BSD-3-Clause
#include "tests/guard/kernel.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

enum { SKIPPED = 77 };

struct kernel kernel;

static struct bpf_object *object;

void kernel_check(const char *what, int result)
{
	if (result >= 0)
		return;
	fprintf(stderr, "%s: %s\n", what, strerror(-result));
	exit(1);
}

void kernel_load(const char *path)
{
	object = bpf_object__open_file(path, NULL);
	int err = object ? bpf_object__load(object) : -errno;

	if (err == -EPERM || err == -EACCES) {
		puts("skipped: this process may not load BPF programs");
		exit(SKIPPED);
	}
	kernel_check(path, err);
	kernel.program_fd = bpf_program__fd(bpf_object__next_program(object, NULL));
	kernel.guard = guard_open_program(kernel.program_fd);
	kernel_check("guard", kernel.guard ? 0 : -errno);
	kernel.sources = guard_sources_create();
	kernel_check("sources", kernel.sources ? 0 : -errno);
}

void kernel_unload(void)
{
	guard_sources_destroy(kernel.sources);
	guard_close(kernel.guard);
	bpf_object__close(object);
}

void kernel_run(const uint8_t *octets, size_t n)
{
	LIBBPF_OPTS(bpf_test_run_opts, run, .data_in = octets, .data_size_in = (uint32_t)n,
		    .repeat = 1);

	kernel_check("run", bpf_prog_test_run_opts(kernel.program_fd, &run));
}

enum drop_reason kernel_judge(const uint8_t *octets, size_t n, struct port_counters *counters)
{
	struct port_counters now = {0};

	kernel_run(octets, n);
	kernel_check("counters", guard_collect(kernel.guard, &now));
	counters->rx_frames += now.rx_frames;
	counters->rx_octets += now.rx_octets;
	counters->rx_multicast += now.rx_multicast;
	counters->rx_broadcast += now.rx_broadcast;
	for (int r = 1; r < DROP_COUNT; r++) {
		if (now.drops[r])
			return (enum drop_reason)r;
	}
	return DROP_NONE;
}
