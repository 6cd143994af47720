// SPDX-License-Identifier: BSD-3-Clause
// The answer to a command that cannot be carried out.
#pragma once

#include <stdint.h>

struct manager;
struct message;

// "error" is a positive errno; "port" and "lan" say where, or are FDB_ANY; the text is for people.
__attribute__((format(printf, 6, 7))) void refuse(struct manager *manager,
						  const struct message *command, int error,
						  uint16_t port, uint16_t lan, const char *format,
						  ...);

// Because LAN number "lan" is not there.
void refuse_lan(struct manager *manager, const struct message *command, uint16_t lan);
