// SPDX-License-Identifier: BSD-3-Clause
// Configurations that a test takes for granted. Both are released with config_free().
#pragma once

struct config;

// Read "text", in which there is nothing to complain about: not even a warning.
struct config *read_good(const char *text);

// Read "text", which may earn warnings.
struct config *read_config(const char *text);
