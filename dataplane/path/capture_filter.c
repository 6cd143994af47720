// SPDX-License-Identifier: BSD-3-Clause
#include "dataplane/path/capture_filter.h"

#include <errno.h>

#include <pcap/pcap.h>

#include "lib/message.h"

#define SAME_PLACE(ours, theirs) \
	(offsetof(struct capture_insn, ours) == offsetof(struct bpf_insn, theirs))

_Static_assert(sizeof(struct capture_insn) == sizeof(struct bpf_insn) && SAME_PLACE(code, code) &&
		       SAME_PLACE(jump_true, jt) && SAME_PLACE(jump_false, jf) && SAME_PLACE(k, k),
	       "an instruction is libpcap's");

static const struct bpf_insn *as_program(const struct capture_insn *insns)
{
	return (const struct bpf_insn *)insns;
}

#define SIZES(code)   [(code) | BPF_W] = true, [(code) | BPF_H] = true, [(code) | BPF_B] = true
#define SOURCES(code) [(code) | BPF_K] = true, [(code) | BPF_X] = true

// The codes that there are. libpcap's check looks at parts of a code only, and its interpreter ends
// the process at one that it does not know.
static const bool known[256] = {
	SIZES(BPF_LD | BPF_ABS),
	SIZES(BPF_LD | BPF_IND),
	[BPF_LD | BPF_W | BPF_LEN] = true,
	[BPF_LD | BPF_IMM] = true,
	[BPF_LD | BPF_MEM] = true,
	[BPF_LDX | BPF_MSH | BPF_B] = true,
	[BPF_LDX | BPF_W | BPF_LEN] = true,
	[BPF_LDX | BPF_IMM] = true,
	[BPF_LDX | BPF_MEM] = true,
	[BPF_ST] = true,
	[BPF_STX] = true,
	SOURCES(BPF_ALU | BPF_ADD),
	SOURCES(BPF_ALU | BPF_SUB),
	SOURCES(BPF_ALU | BPF_MUL),
	SOURCES(BPF_ALU | BPF_DIV),
	SOURCES(BPF_ALU | BPF_MOD),
	SOURCES(BPF_ALU | BPF_AND),
	SOURCES(BPF_ALU | BPF_OR),
	SOURCES(BPF_ALU | BPF_XOR),
	SOURCES(BPF_ALU | BPF_LSH),
	SOURCES(BPF_ALU | BPF_RSH),
	[BPF_ALU | BPF_NEG] = true,
	[BPF_JMP | BPF_JA] = true,
	SOURCES(BPF_JMP | BPF_JEQ),
	SOURCES(BPF_JMP | BPF_JGT),
	SOURCES(BPF_JMP | BPF_JGE),
	SOURCES(BPF_JMP | BPF_JSET),
	[BPF_RET | BPF_K] = true,
	[BPF_RET | BPF_A] = true,
	[BPF_MISC | BPF_TAX] = true,
	[BPF_MISC | BPF_TXA] = true,
};

// Nor does libpcap's check mind a jump backwards, which `ip6 protochain` needs.
static bool is_safe(const struct capture_insn *insn, size_t n_behind)
{
	if (insn->code >= sizeof(known) || !known[insn->code])
		return false;
	return insn->code != (BPF_JMP | BPF_JA) || insn->k < n_behind;
}

int capture_filter_check(const struct capture_insn *insns, size_t n)
{
	if (n < 1 || n > CAPTURE_INSNS)
		return -EINVAL;
	for (size_t i = 0; i < n; i++) {
		if (!is_safe(&insns[i], n - i - 1))
			return -EINVAL;
	}
	return bpf_validate(as_program(insns), (int)n) ? 0 : -EINVAL;
}

bool capture_filter_takes(const struct capture_insn *insns, const uint8_t *octets,
			  uint32_t n_octets, uint32_t length)
{
	return bpf_filter(as_program(insns), octets, length, n_octets) != 0;
}
