// SPDX-License-Identifier: BSD-3-Clause
#include "dataplane/ports/memif_guard.h"

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stddef.h>

#include <rte_ethdev.h>

static eth_rx_burst_t driver_rx; // the same for all memif devices
static eth_tx_burst_t driver_tx;

static _Thread_local sigjmp_buf way_out;
static _Thread_local volatile sig_atomic_t is_inside;

static void escape(int number)
{
	if (is_inside) {
		is_inside = 0;
		siglongjmp(way_out, 1);
	}
	signal(number, SIG_DFL); // on return the fault happens again, and does what faults do
}

static uint16_t guarded_rx(void *queue, struct rte_mbuf **frames, uint16_t n)
{
	if (sigsetjmp(way_out, 0))
		return 0;
	is_inside = 1;
	uint16_t received = driver_rx(queue, frames, n);
	is_inside = 0;
	return received;
}

static uint16_t guarded_tx(void *queue, struct rte_mbuf **frames, uint16_t n)
{
	if (sigsetjmp(way_out, 0))
		return n; // which of them the driver freed, nobody knows
	is_inside = 1;
	uint16_t sent = driver_tx(queue, frames, n);
	is_inside = 0;
	return sent;
}

bool memif_guard_run(void (*function)(void *argument), void *argument)
{
	if (sigsetjmp(way_out, 0))
		return false;
	is_inside = 1;
	function(argument);
	is_inside = 0;
	return true;
}

// SIGBUS comes when the peer made its file shorter.
static int catch_faults(void)
{
	struct sigaction action = {.sa_handler = escape, .sa_flags = SA_NODEFER};
	static bool done;

	if (!done && (sigaction(SIGSEGV, &action, NULL) || sigaction(SIGBUS, &action, NULL)))
		return -errno;
	done = true;
	return 0;
}

int memif_guard(uint16_t ethdev)
{
	struct rte_eth_fp_ops *bursts = &rte_eth_fp_ops[ethdev];
	int err = catch_faults();

	if (err || bursts->rx_pkt_burst == guarded_rx)
		return err;
	driver_rx = bursts->rx_pkt_burst;
	driver_tx = bursts->tx_pkt_burst;
	bursts->rx_pkt_burst = guarded_rx;
	bursts->tx_pkt_burst = guarded_tx;
	return 0;
}
