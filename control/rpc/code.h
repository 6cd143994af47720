// SPDX-License-Identifier: BSD-3-Clause
// The codes of errors in answers to operators, as control/rpc/PROTOCOL.md has them.
#pragma once

enum rpc_code {
	RPC_PARSE = -32700,
	RPC_INVALID_REQUEST = -32600,
	RPC_NO_METHOD = -32601,
	RPC_BAD_PARAMS = -32602,
	RPC_INTERNAL = -32603,
	RPC_BAD_CONFIG = 1,
	RPC_NOT_ATTACHED = 2,
	RPC_NOT_PERMITTED = 3,
	RPC_NOT_FOUND = 4,
	RPC_NEEDS_FORCE = 5,
	RPC_REFUSED = 6,
	RPC_STATE = 7,
	RPC_TOO_MANY = 8,
};
