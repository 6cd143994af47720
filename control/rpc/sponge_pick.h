// SPDX-License-Identifier: BSD-3-Clause
// Which addresses in the sponges' care an operator means.
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "control/sponge/machine.h"

struct rpc_call;

struct sponge_wish {
	const char *lan;   // NULL: the one whose the range is; without a range all
	const char *range; // NULL or "all": what is known and not as at the start
	const char *state; // NULL: any
	// All of a range that is longer than PICK_MAX is what is known of it; without this it is
	// refused.
	bool only_known;
	bool looks; // the sponge's own addresses count, too
};

struct sponge_pick {
	size_t lan; // of the configuration
	struct machine_info info;
};

struct sponge_picks {
	struct sponge_pick *list; // in the order of LANs and addresses
	size_t n;
};

enum { PICK_MAX = 65536 };

// Returns false after it has ended the call. Free the list.
bool sponge_pick(struct rpc_call *call, const struct sponge_wish *wish, struct sponge_picks *picks);
