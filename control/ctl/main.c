// SPDX-License-Identifier: BSD-3-Clause
// ixfab, the operator's tool. It keeps nothing and decides nothing: a command becomes a request to
// ixfab-control, and the answer becomes a table. run.c goes on from here.
#include "control/ctl/run.h"

int main(int argc, char **argv)
{
	return (int)run(argc, argv, stdout, stderr);
}
