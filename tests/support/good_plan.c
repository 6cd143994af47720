// SPDX-License-Identifier: BSD-3-Clause
#include "tests/support/good_plan.h"

#include <criterion/criterion.h>

#include "lib/message.h"

struct plan_slot slots[MAX_PORTS];

struct plan *plan_for(const struct config *config)
{
	const struct plan_wish wish = {.config = config};
	struct plan *plan = plan_create(&wish, slots);

	cr_assert_not_null(plan);
	return plan;
}

const struct message *find_message(const struct plan *plan, uint16_t type, size_t nth)
{
	for (size_t i = 0; i < plan->n; i++) {
		if (plan->messages[i].header.type == type && nth-- == 0)
			return &plan->messages[i];
	}
	cr_assert(0, "there is no such message");
	return NULL;
}

size_t count_messages(const struct plan *plan, uint16_t type)
{
	size_t n = 0;

	for (size_t i = 0; i < plan->n; i++)
		n += plan->messages[i].header.type == type;
	return n;
}
