// SPDX-License-Identifier: BSD-3-Clause
#include "control/ctl/hex.h"

static int digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

size_t hex_read(const char *hex, uint8_t *octets, size_t size)
{
	size_t n = 0;

	for (; n < size; hex += 2, n++) {
		int high = digit(hex[0]), low = high < 0 ? -1 : digit(hex[1]);

		if (low < 0)
			break;
		octets[n] = (uint8_t)(high << 4 | low);
	}
	return n;
}
