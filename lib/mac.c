// SPDX-License-Identifier: BSD-3-Clause
#include "lib/mac.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)tolower((unsigned char)c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

// How many digits stand between two separators: 2 for ':' and '-', 4 for '.', all 12 for none.
static int group_length(char separator)
{
	switch (separator) {
	case ':':
	case '-':
		return 2;
	case '.':
		return 4;
	default:
		return 12;
	}
}

int mac_parse(const char *text, mac_t *mac)
{
	char separator = 0;
	uint8_t octets[8] = {0};
	int digits = 0;

	if (strlen(text) > 12)
		separator = strchr(text, '.') ? '.' : text[2];

	int group = group_length(separator);
	for (; *text; text++) {
		if (digits && digits < 12 && digits % group == 0 && *text == separator) {
			separator = *text++;
		} else if (digits && digits < 12 && digits % group == 0) {
			return -EINVAL;
		}
		int digit = hex_digit(*text);
		if (digit < 0 || digits == 12)
			return -EINVAL;
		octets[digits / 2] = (uint8_t)(octets[digits / 2] << 4 | digit);
		digits++;
	}
	if (digits != 12)
		return -EINVAL;
	*mac = mac_load(octets);
	return 0;
}

char *mac_format(mac_t mac, char *text)
{
	uint8_t o[6];

	mac_store(mac, o);
	snprintf(text, MAC_TEXT_SIZE, "%02x:%02x:%02x:%02x:%02x:%02x", o[0], o[1], o[2], o[3], o[4],
		 o[5]);
	return text;
}
