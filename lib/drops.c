// SPDX-License-Identifier: BSD-3-Clause
#include "lib/drops.h"

#include <string.h>

const struct drop_info drop_infos[DROP_COUNT] = {
	[DROP_NONE] = {"none", "Not dropped.", DROP_SIDE_IN, DROP_CLASS_QUIET},
#define DROP(NAME, name, side, class, text) \
	[DROP_##NAME] = {#name, text, DROP_SIDE_##side, DROP_CLASS_##class},
#include "lib/drops.def"
#undef DROP
};

enum drop_reason drop_find(const char *name)
{
	for (int i = 1; i < DROP_COUNT; i++) {
		if (strcmp(name, drop_infos[i].name) == 0)
			return (enum drop_reason)i;
	}
	return DROP_NONE;
}
