// SPDX-License-Identifier: BSD-3-Clause
// From the language of pcap-filter(7) to the program that workers run.
//
// It is compiled here and not by control: libpcap may ask the DNS for names, and take long.
#pragma once

#include <jansson.h>
#include <stddef.h>

enum { FILTER_ERROR_SIZE = 256 };

// Compile the words of a filter. Returns a list of [code, jt, jf, k], or NULL with "error" saying
// what is wrong.
json_t *capture_filter_compile(const char *text, char error[FILTER_ERROR_SIZE]);
