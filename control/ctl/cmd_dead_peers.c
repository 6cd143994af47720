// SPDX-License-Identifier: BSD-3-Clause
// `ixfab show dead-peers`: whose sessions are to be looked at.
#include "control/ctl/command.h"
#include "control/ctl/out_text.h"
#include "control/ctl/port_state.h"

void view_dead_peers(struct out *out, const json_t *result)
{
	static const struct column columns[] = {
		{"PORT", "ifname", CELL_TEXT},
		{"MEMBER", NULL, CELL_TEXT, port_member},
		{"LAN", "lan", CELL_TEXT},
		{"SENDS-TO", "target", CELL_TEXT},
		{"OWNER", "target_ifname", CELL_TEXT},
		{"FRAMES", "frames", CELL_COUNT},
		{"OCTETS", "octets", CELL_OCTETS},
		{"BGP-TRIES", "syns", CELL_COUNT},
		{"LAST-TRY", "last_syn", CELL_TIME},
		{"FIRST", "first", CELL_TIME},
		{"LAST", "last", CELL_TIME},
	};

	out_rows(out, json_object_get(result, "dead_peers"), columns, N_COLUMNS(columns));
}

void view_clear_dead_peers(struct out *out, const json_t *result)
{
	(void)result;
	out_line(out, "Nobody is known to send to addresses that are down.");
}
