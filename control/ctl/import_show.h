// SPDX-License-Identifier: BSD-3-Clause
// What an import changes, for people and for programs.
#pragma once

#include <jansson.h>

#include "control/ctl/out.h"

struct import_changes;

// A list of {kind add/change/remove, port, added [a value each], removed [...]}.
json_t *import_describe(const struct import_changes *changes);

// Shows a result with such a list as "changes".
out_view view_import;
