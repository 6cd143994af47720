// SPDX-License-Identifier: BSD-3-Clause
#include "control/ctl/capture_filter.h"

#include <pcap/pcap.h>
#include <stdbool.h>
#include <stdio.h>

enum { FRAME_LENGTH = 65535 };

static json_t *list(const struct bpf_program *program)
{
	json_t *insns = json_array();

	for (bpf_u_int32 i = 0; i < program->bf_len; i++) {
		const struct bpf_insn *insn = &program->bf_insns[i];

		json_array_append_new(insns,
				      json_pack("[i, i, i, I]", (int)insn->code, (int)insn->jt,
						(int)insn->jf, (json_int_t)insn->k));
	}
	return insns;
}

// `ip6 protochain` follows headers in a loop, which workers do not run.
static bool has_loop(const struct bpf_program *program)
{
	for (bpf_u_int32 i = 0; i < program->bf_len; i++) {
		const struct bpf_insn *insn = &program->bf_insns[i];

		if (insn->code == (BPF_JMP | BPF_JA) && insn->k >= program->bf_len - i)
			return true;
	}
	return false;
}

json_t *capture_filter_compile(const char *text, char error[FILTER_ERROR_SIZE])
{
	pcap_t *ethernet = pcap_open_dead(DLT_EN10MB, FRAME_LENGTH);
	json_t *insns = NULL;
	struct bpf_program program;

	if (!ethernet) {
		snprintf(error, FILTER_ERROR_SIZE, "no memory for the filter");
		return NULL;
	}
	if (pcap_compile(ethernet, &program, text, 1, PCAP_NETMASK_UNKNOWN)) {
		snprintf(error, FILTER_ERROR_SIZE, "wrong filter \"%.80s\": %.150s", text,
			 pcap_geterr(ethernet));
		pcap_close(ethernet);
		return NULL;
	}
	if (has_loop(&program))
		snprintf(error, FILTER_ERROR_SIZE,
			 "wrong filter \"%.80s\": it loops, as protochain does, and workers run "
			 "nothing that does",
			 text);
	else
		insns = list(&program);
	pcap_freecode(&program);
	pcap_close(ethernet);
	return insns;
}
