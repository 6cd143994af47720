// SPDX-License-Identifier: BSD-3-Clause
#include "control/ctl/nearest.h"

#include <string.h>

enum { TEXT_MAX = 63 };

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

size_t edit_distance(const char *a, const char *b)
{
	size_t rows[TEXT_MAX + 1][TEXT_MAX + 1];
	size_t n = strnlen(a, TEXT_MAX), m = strnlen(b, TEXT_MAX);

	for (size_t i = 0; i <= n; i++) {
		for (size_t j = 0; j <= m; j++) {
			if (!i || !j) {
				rows[i][j] = i + j;
				continue;
			}
			rows[i][j] = least(rows[i - 1][j - 1] + (a[i - 1] != b[j - 1]),
					   least(rows[i - 1][j], rows[i][j - 1]) + 1);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				rows[i][j] = least(rows[i][j], rows[i - 2][j - 2] + 1);
		}
	}
	return rows[n][m];
}
