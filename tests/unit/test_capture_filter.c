// SPDX-License-Identifier: BSD-3-Clause
// Programs that control hands to workers: whatever they are, those that pass the check end, and
// harm nobody.
#include "dataplane/path/capture_filter.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <pcap/pcap.h>
#include <stdlib.h>
#include <string.h>

#include "lib/message.h"

static size_t compile(const char *text, struct capture_insn *insns)
{
	pcap_t *ethernet = pcap_open_dead(DLT_EN10MB, UINT16_MAX);
	struct bpf_program program;

	cr_assert_eq(pcap_compile(ethernet, &program, text, 1, PCAP_NETMASK_UNKNOWN), 0, "%s: %s",
		     text, pcap_geterr(ethernet));
	size_t n = program.bf_len;
	memcpy(insns, program.bf_insns, n * sizeof(*insns));
	pcap_freecode(&program);
	pcap_close(ethernet);
	return n;
}

Test(capture_filter, what_people_write_passes)
{
	static const char *const texts[] = {
		"arp",
		"icmp",
		"icmp6",
		"vlan",
		"vlan 7 and ip",
		"tcp port 179",
		"not arp",
		"host 192.0.2.1 and not port 22",
		"net 2001:db8::/32",
		"ether host 02:00:00:00:00:01",
		"ether[0] & 1 != 0",
		"greater 1000",
		"portrange 1-1000 and udp",
		"ip6[6] / 2 = 3",
	};
	struct capture_insn insns[CAPTURE_INSNS];

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		cr_expect_eq(capture_filter_check(insns, compile(texts[i], insns)), 0, "%s",
			     texts[i]);
}

Test(capture_filter, frames_are_told_apart)
{
	uint8_t arp[60] = {[12] = 0x08, [13] = 0x06}, ip[60] = {[12] = 0x08, [13] = 0x00};
	struct capture_insn insns[CAPTURE_INSNS];
	size_t n = compile("arp", insns);

	cr_assert_eq(capture_filter_check(insns, n), 0);
	cr_expect(capture_filter_takes(insns, arp, sizeof(arp), sizeof(arp)));
	cr_expect_not(capture_filter_takes(insns, ip, sizeof(ip), sizeof(ip)));
	cr_expect_not(capture_filter_takes(insns, arp, 13, 13), "cut");
	n = compile("greater 1000", insns);
	cr_expect_eq(capture_filter_check(insns, n), 0);
	cr_expect(capture_filter_takes(insns, ip, 60, 1000), "the length is that of the frame");
}

Test(capture_filter, loops_are_refused)
{
	struct capture_insn insns[CAPTURE_INSNS];
	size_t n = compile("ip6 protochain 58", insns);

	cr_expect_eq(capture_filter_check(insns, n), -EINVAL, "libpcap's own loop");
	struct capture_insn endless[] = {{BPF_JMP | BPF_JA, 0, 0, UINT32_MAX},
					 {BPF_RET | BPF_K, 0, 0, 1}};
	cr_expect_eq(capture_filter_check(endless, 2), -EINVAL);
}

Test(capture_filter, programs_end_where_they_should)
{
	struct capture_insn load[] = {{BPF_LD | BPF_IMM, 0, 0, 1}, {BPF_RET | BPF_K, 0, 0, 1}};
	struct capture_insn jump[] = {{BPF_JMP | BPF_JEQ | BPF_K, 1, 0, 0},
				      {BPF_RET | BPF_K, 0, 0, 1}};
	struct capture_insn far[] = {{BPF_JMP | BPF_JA, 0, 0, 1}, {BPF_RET | BPF_K, 0, 0, 1}};
	struct capture_insn memory[] = {{BPF_ST, 0, 0, 16}, {BPF_RET | BPF_K, 0, 0, 1}};
	struct capture_insn zero[] = {{BPF_ALU | BPF_DIV | BPF_K, 0, 0, 0},
				      {BPF_RET | BPF_K, 0, 0, 1}};
	static struct capture_insn many[CAPTURE_INSNS + 1];

	cr_expect_eq(capture_filter_check(load, 2), 0);
	cr_expect_eq(capture_filter_check(load, 1), -EINVAL, "no return");
	cr_expect_eq(capture_filter_check(load, 0), -EINVAL, "empty");
	cr_expect_eq(capture_filter_check(jump, 2), -EINVAL, "a jump behind the end");
	cr_expect_eq(capture_filter_check(far, 2), -EINVAL, "a long one");
	cr_expect_eq(capture_filter_check(memory, 2), -EINVAL, "memory that it does not have");
	cr_expect_eq(capture_filter_check(zero, 2), -EINVAL, "divided by nothing");
	for (size_t i = 0; i <= CAPTURE_INSNS; i++)
		many[i] = (struct capture_insn){BPF_RET | BPF_K, 0, 0, 1};
	cr_expect_eq(capture_filter_check(many, CAPTURE_INSNS), 0);
	cr_expect_eq(capture_filter_check(many, CAPTURE_INSNS + 1), -EINVAL, "too long");
}

// libpcap's own check passes codes at which its interpreter ends the process.
Test(capture_filter, every_code_that_passes_can_be_run)
{
	static const uint8_t frame[60] = {1, 2, 3};
	unsigned int passed = 0;

	for (uint32_t code = 0; code <= UINT16_MAX; code++) {
		struct capture_insn insns[] = {{(uint16_t)code, 0, 0, 1},
					       {BPF_RET | BPF_K, 0, 0, 1},
					       {BPF_RET | BPF_K, 0, 0, 0}};

		if (capture_filter_check(insns, 3))
			continue;
		capture_filter_takes(insns, frame, sizeof(frame), sizeof(frame));
		passed++;
	}
	cr_expect_eq(passed, 49, "%u codes", passed);
}

Test(capture_filter, noise_that_passes_ends, .timeout = 60)
{
	struct capture_insn insns[16];
	unsigned int passed = 0;
	uint8_t frame[60];

	srand(1);
	for (int i = 0; i < 2000000; i++) {
		size_t n = 1 + (size_t)rand() % 5;

		for (size_t k = 0; k < n; k++)
			insns[k] =
				(struct capture_insn){(uint16_t)(rand() % 256),
						      (uint8_t)(rand() % 4), (uint8_t)(rand() % 4),
						      (uint32_t)rand() % 70};
		if (capture_filter_check(insns, n))
			continue;
		for (size_t k = 0; k < sizeof(frame); k++)
			frame[k] = (uint8_t)rand();
		capture_filter_takes(insns, frame, (uint32_t)rand() % 61, 60);
		passed++;
	}
	cr_expect_gt(passed, 100, "%u passed", passed);
}
