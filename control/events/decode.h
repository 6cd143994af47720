// SPDX-License-Identifier: BSD-3-Clause
// A frame in words: one line for each of its headers, and one line about all of it.
#pragma once

#include <stddef.h>
#include <stdint.h>

enum { DECODE_LINES = 10, DECODE_LINE_SIZE = 200 };

struct decoded {
	size_t n;
	char lines[DECODE_LINES][DECODE_LINE_SIZE];
	char summary[DECODE_LINE_SIZE]; // "IPv6 fe80::1 to ff02::1: router advertisement"
};

// Put the first "n" octets of a frame into words.
void decode(const uint8_t *octets, size_t n, struct decoded *decoded);
