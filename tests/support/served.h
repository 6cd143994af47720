// SPDX-License-Identifier: BSD-3-Clause
// A control of a world (tests/support/world.h) in a process of its own, and clients of its
// operators' socket. It has the configuration below.
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "tests/support/world.h"

extern const char served_config[];

void served_start(void);
void served_end(void);

int dial(void);
int dial_in_force(void); // when the dataplane has the configuration

// Send all of it, as far as the other side takes it.
bool pour(int fd, const char *text, size_t length);
void say(int fd, const char *text);

// The next line, parsed; NULL at the end. What is returned is valid until the test ends, here and
// below.
const json_t *hear(int fd);

// The error's code in an answer; 0: there is no error.
int error_code(const json_t *answer);
int ask_code(int fd, const char *text);

// Ask for "method" with "params"; the answer is the result, or NULL for an error.
const json_t *ask(int fd, const char *method, const char *params);
const json_t *ask_port(int fd, const char *port); // one of show.ports

// What is in a result.
size_t count(const json_t *result, const char *list);
const json_t *at(const json_t *object, const char *group, const char *key);
const char *text_at(const json_t *object, const char *key); // "": no text
