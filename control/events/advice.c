// SPDX-License-Identifier: BSD-3-Clause
#include "control/events/advice.h"

static const struct advice advices[] = {
#define ADVICE(FINDING, system, commands) {FINDING_##FINDING, system, commands},
#include "control/events/advice.def"
#undef ADVICE
};

const struct advice *advice_find(enum finding finding, size_t n)
{
	for (size_t i = 0; i < sizeof(advices) / sizeof(*advices); i++) {
		if (advices[i].finding == finding && n-- == 0)
			return &advices[i];
	}
	return NULL;
}
