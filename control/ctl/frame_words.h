// SPDX-License-Identifier: BSD-3-Clause
// A frame as an operator types it:
//
//     [from MAC] [to MAC|broadcast] [vlan N]... PAYLOAD [length N]
//
// where PAYLOAD is one of
//     ipv4 SRC DST [tcp|udp [SPORT DPORT] | icmp [TYPE [CODE]] | proto N]
//     ipv6 SRC DST [the same]
//     arp who-has A [tell B]      arp reply A is-at MAC
//     ns A [tell B]               na A [is-at MAC]               ra
//     type 0xNNNN
//     hex 0011...                 the whole frame; spaces and colons are skipped
#pragma once

#include <stddef.h>

#include "control/ctl/frame.h"

enum { FRAME_ERROR_SIZE = 256 };

// Every word that has a meaning, for completion. Ends with NULL.
extern const char *const frame_keywords[];

// Returns 0, or -EINVAL with "error" saying which word is wrong and what would be right.
int frame_parse(char *const *words, size_t n, struct frame_description *description,
		char error[FRAME_ERROR_SIZE]);
