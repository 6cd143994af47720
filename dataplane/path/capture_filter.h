// SPDX-License-Identifier: BSD-3-Clause
// Which frames a capture wants, as a program of classic BPF: libpcap's, run by libpcap.
//
// Of the ways to run one, libpcap's interpreter was chosen over rte_bpf: that is experimental in
// DPDK 22.11, its JIT crashed on `ether[0] & 1 != 0`, and without it the same program took longer.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct capture_insn;

// Check a program that somebody else wrote: it ends in bounded time and reads nothing but the frame
// and memory of its own. Returns 0 or -EINVAL.
int capture_filter_check(const struct capture_insn *insns, size_t n);

// Run a program that was checked. "octets" are the first "n_octets" of a frame of "length".
bool capture_filter_takes(const struct capture_insn *insns, const uint8_t *octets,
			  uint32_t n_octets, uint32_t length);
