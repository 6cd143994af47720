// SPDX-License-Identifier: BSD-3-Clause
// The exit codes of ixfab; ixfab(1) promises them to scripts.
#pragma once

enum status {
	STATUS_OK,
	STATUS_FAILED,	      // the command failed, or the configuration is wrong
	STATUS_USAGE,	      // the command line is wrong
	STATUS_UNREACHABLE,   // ixfab-control does not answer
	STATUS_NOT_PERMITTED, // this user may not do that
	STATUS_DIFFERENT,     // diff --exit-code found changes
};
