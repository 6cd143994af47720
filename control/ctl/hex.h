// SPDX-License-Identifier: BSD-3-Clause
// Octets as the daemon writes them: two digits each.
#pragma once

#include <stddef.h>
#include <stdint.h>

// Read as many octets as there are digits, at most "size". Returns how many there are.
size_t hex_read(const char *hex, uint8_t *octets, size_t size);
