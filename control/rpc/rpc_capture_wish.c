// SPDX-License-Identifier: BSD-3-Clause
// A filter comes as a program, not as text: libpcap looks names up while it compiles, and control
// must not wait for that.
#include "control/rpc/rpc_capture_wish.h"

#include <string.h>

#include "control/capture/captures.h"
#include "control/rpc/rpc.h"
#include "lib/drops.h"

enum { SECONDS_USUAL = 60 };

static bool read_number(const json_t *list, size_t at, json_int_t most, json_int_t *number)
{
	const json_t *value = json_array_get(list, at);

	*number = json_integer_value(value);
	return json_is_integer(value) && *number >= 0 && *number <= most;
}

static bool read_insn(const json_t *list, struct capture_insn *insn)
{
	json_int_t code, jump_true, jump_false, k;

	if (json_array_size(list) != 4 || !read_number(list, 0, UINT16_MAX, &code) ||
	    !read_number(list, 1, UINT8_MAX, &jump_true) ||
	    !read_number(list, 2, UINT8_MAX, &jump_false) || !read_number(list, 3, UINT32_MAX, &k))
		return false;
	*insn = (struct capture_insn){(uint16_t)code, (uint8_t)jump_true, (uint8_t)jump_false,
				      (uint32_t)k};
	return true;
}

static bool read_program(struct rpc_call *call, const json_t *program, struct capture_wish *wish)
{
	size_t n = json_array_size(program);

	if (n > CAPTURE_INSNS) {
		rpc_error(call, RPC_REFUSED, NULL,
			  "the filter has %zu instructions, and at most %d are run for each frame: "
			  "make it simpler, and filter the file",
			  n, CAPTURE_INSNS);
		return false;
	}
	for (size_t i = 0; i < n; i++) {
		if (!read_insn(json_array_get(program, i), &wish->insns[i])) {
			rpc_error(call, RPC_BAD_PARAMS, NULL,
				  "program is a list of [code, jt, jf, k], as tcpdump -ddd prints "
				  "them");
			return false;
		}
	}
	wish->begin.n_insns = (uint16_t)n;
	return true;
}

static bool read_drops(struct rpc_call *call, const char *drops, struct capture_wish *wish)
{
	if (!drops)
		return true;
	wish->begin.flags = CAPTURE_DEAD;
	wish->begin.reason = (uint16_t)drop_find(drops);
	if (wish->begin.reason != DROP_NONE || strcmp(drops, "any") == 0)
		return true;
	rpc_error(
		call, RPC_NOT_FOUND, NULL,
		"frames do not die for \"%.64s\": `ixfab show drops` has the reasons, or write any",
		drops);
	return false;
}

static bool read_limits(struct rpc_call *call, int snap, json_int_t count, int seconds,
			struct capture_wish *wish)
{
	if (snap < 1 || snap > CAPTURE_OCTETS || count < 0 || seconds < 1 ||
	    seconds > CAPTURE_SECONDS) {
		rpc_error(call, RPC_BAD_PARAMS, NULL,
			  "snap is 1 to %d octets, count 1 or more, seconds 1 to %d",
			  CAPTURE_OCTETS, CAPTURE_SECONDS);
		return false;
	}
	wish->begin.snap = (uint16_t)snap;
	wish->begin.seconds = (uint32_t)seconds;
	wish->limit = (uint64_t)count;
	return true;
}

bool rpc_read_capture(struct rpc_call *call, struct capture_wish *wish)
{
	const char *port = NULL, *drops = NULL, *filter = NULL;
	int snap = CAPTURE_OCTETS, seconds = SECONDS_USUAL;
	json_t *program = NULL;
	json_int_t count = 0;

	wish->begin.port = FDB_ANY;
	return rpc_params(call, "{s?s, s?s, s?s, s?o, s?i, s?I, s?i}", "port", &port, "drops",
			  &drops, "filter", &filter, "program", &program, "snap", &snap, "count",
			  &count, "seconds", &seconds) &&
	       rpc_needs_dataplane(call) &&
	       (!port || rpc_needs_slot(call, port, &wish->begin.port)) &&
	       rpc_needs_no_link(call, port) && read_drops(call, drops, wish) &&
	       read_program(call, program, wish) && read_limits(call, snap, count, seconds, wish);
}
