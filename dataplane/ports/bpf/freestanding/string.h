// SPDX-License-Identifier: BSD-3-Clause
// The C library's headers do not know -target bpf. What our own headers need of this one, the
// compiler has built in.
#pragma once

#define memcpy __builtin_memcpy
