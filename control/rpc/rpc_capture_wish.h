// SPDX-License-Identifier: BSD-3-Clause
// The parameters of capture.begin.
#pragma once

#include <stdbool.h>

struct capture_wish;
struct rpc_call;

// Fill in "wish", which is zeroed. Returns false after it has ended the call.
bool rpc_read_capture(struct rpc_call *call, struct capture_wish *wish);
