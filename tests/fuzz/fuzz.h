// SPDX-License-Identifier: BSD-3-Clause
// What a fuzz target gives: libFuzzer calls it with octets of its own making, replay.c with those
// of files. It ends the program if something is wrong, else returns 0.
#pragma once

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
