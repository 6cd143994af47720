// SPDX-License-Identifier: BSD-3-Clause
// Ports that are disabled for what they did: they neither receive nor send, until some time has
// passed or an operator enables them.
//
// The word that workers read is fabric->disabled[port]. A worker sets it by itself where one
// violation is enough, so that not one frame more passes, and leaves a notice; everything else is
// done here, and goes on when control is gone. Time is an argument.
//
// Threads: manager only.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "lib/message.h"

struct manager;
struct message;

// Disable event->port for event->why and tell control; the other fields of "event" say more, and
// until_ns is set here. Recovery is as the port's limits say for that reason. A port that is
// disabled already stays as it is. "now_ns" is CLOCK_MONOTONIC.
void disable_port(struct manager *manager, const struct event_port *event, uint64_t now_ns);

// Enable a port now. Returns whether it was disabled.
bool disable_end(struct manager *manager, uint16_t port);

// Enable ports whose time has come.
void disable_tick(struct manager *manager, uint64_t now_ns);

// After a policy has come into force: a port that is gone or shut starts anew. Others stay as they
// are until their time, whatever their limits are now.
void disable_commit(struct manager *manager);

// COMMAND_PORT_ENABLE.
void disable_run_enable(struct manager *manager, const struct message *command);
