// SPDX-License-Identifier: BSD-3-Clause
// Noting what differs between two configurations. For diff.c and diff_rules.c.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "control/config/diff.h"

struct diff {
	const struct config *old; // NULL: none
	const struct config *new;
	struct config_changes *changes;
	const char *noun; // of what is being compared: "lan"
	const char *name;
};

__attribute__((format(printf, 4, 5))) void diff_note(struct diff *d, enum change_kind kind,
						     enum change_impact impact, const char *format,
						     ...);

// Note a value that changes. Of a number, "zero" is the word for 0; a text that is "" or NULL is
// none.
void diff_number(struct diff *d, const char *key, uint32_t old, uint32_t new, const char *zero,
		 enum change_impact impact);
void diff_bool(struct diff *d, const char *key, bool old, bool new, enum change_impact impact);
void diff_text(struct diff *d, const char *key, const char *old, const char *new,
	       enum change_impact impact);
