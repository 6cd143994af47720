// SPDX-License-Identifier: BSD-3-Clause
#include "control/ctl/oid.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

// Read one number, and move past it. Returns 0 or -EINVAL.
static int parse_id(const char **text, uint32_t *id)
{
	char *end;

	if (!isdigit((unsigned char)**text))
		return -EINVAL;
	errno = 0;
	unsigned long long number = strtoull(*text, &end, 10);
	if (errno || number > UINT32_MAX)
		return -EINVAL;
	*id = (uint32_t)number;
	*text = end;
	return 0;
}

int oid_parse(const char *text, struct oid *oid)
{
	oid->n = 0;
	text += *text == '.';
	for (;;) {
		if (oid->n == OID_MAX || parse_id(&text, &oid->ids[oid->n]))
			return -EINVAL;
		oid->n++;
		if (!*text)
			return 0;
		if (*text++ != '.')
			return -EINVAL;
	}
}

int oid_compare(const uint32_t *a, size_t n_a, const uint32_t *b, size_t n_b)
{
	for (size_t i = 0; i < n_a && i < n_b; i++) {
		if (a[i] != b[i])
			return a[i] < b[i] ? -1 : 1;
	}
	return n_a < n_b ? -1 : n_a > n_b;
}

char *oid_format(const uint32_t *ids, size_t n, char text[OID_TEXT_SIZE])
{
	size_t used = 0;

	text[0] = 0;
	for (size_t i = 0; i < n; i++)
		used += (size_t)snprintf(text + used, OID_TEXT_SIZE - used, ".%u", ids[i]);
	return text;
}
