// SPDX-License-Identifier: BSD-3-Clause
// Commands from control: taken from the ring, checked, handed to whoever applies them.
#pragma once

struct manager;

// Run the commands that wait, as long as the reply ring has room for the longest answer.
void command_run(struct manager *manager);
