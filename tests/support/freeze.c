// SPDX-License-Identifier: BSD-3-Clause
// Stop one thread of a process, which a signal cannot do, until this program ends: as if it hung.
//
// usage: freeze TID
#include <stdio.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

static int fail(const char *what)
{
	perror(what);
	return EXIT_FAILURE;
}

int main(int argc, char **argv)
{
	if (argc != 2) {
		fputs("usage: freeze TID\n", stderr);
		return 2;
	}
	pid_t tid = (pid_t)strtol(argv[1], NULL, 10);
	if (ptrace(PTRACE_SEIZE, tid, NULL, NULL) < 0)
		return fail("cannot seize the thread");
	if (ptrace(PTRACE_INTERRUPT, tid, NULL, NULL) < 0 || waitpid(tid, NULL, __WALL) != tid)
		return fail("cannot stop the thread");
	puts("frozen");
	fflush(stdout);
	for (;;)
		pause();
}
