// SPDX-License-Identifier: BSD-3-Clause
// To be preloaded into Pktgen-DPDK where its threads share a CPU (scripts/bench.d/pktgen.sh). They
// poll and never give the CPU away, so the scheduler does it for them every few milliseconds: until
// then a port that has no CPU has lost whole rings of frames. With its option -c each of them asks
// clock_gettime() for the time once in a loop, and here they take turns:
//
// - a thread with a port lets the next one run after a few bursts, less than a ring holds;
// - Pktgen's own thread sleeps, as once a second is all that it has work to do.
#include <dlfcn.h>
#include <pthread.h>
#include <sched.h>
#include <string.h>
#include <time.h>

enum {
	BURSTS = 4,	 // of 32 frames; rings have 256 entries or more
	SLEEP = 1000000, // nanoseconds
};

typedef int clock_function(clockid_t clock, struct timespec *now);

static __thread enum { UNKNOWN, HAS_PORT, HAS_NONE } kind;
static __thread unsigned int looks;

// DPDK's name of a thread that works for a port: rte-worker-1, and dpdk-worker1 from 24.03 on.
static void learn_kind(void)
{
	char name[16] = "";

	pthread_getname_np(pthread_self(), name, sizeof(name));
	kind = strstr(name, "-worker") ? HAS_PORT : HAS_NONE;
}

static void give_way(void)
{
	static const struct timespec nap = {.tv_nsec = SLEEP};

	if (kind == UNKNOWN)
		learn_kind();
	if (kind == HAS_NONE)
		nanosleep(&nap, NULL);
	else if (++looks % BURSTS == 0)
		sched_yield();
}

int clock_gettime(clockid_t clock, struct timespec *now)
{
	static clock_function *original;

	if (!original)
		original = (clock_function *)dlsym(RTLD_NEXT, "clock_gettime");
	give_way();
	return original(clock, now);
}
