// SPDX-License-Identifier: BSD-3-Clause
// The captures that run for operators: begun and ended in the dataplane, and handed frame by frame
// to whoever asked for them.
//
// A capture ends once, whatever happens first: it was asked to, it has as many frames as were
// wanted, its time is over or its port gone (the dataplane says so), or the dataplane is away. Who
// asked may go at any time, and the dataplane hears of it.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/capture.h"
#include "lib/message.h"

struct capturing;
struct captures;
struct control;

enum capture_end_reason {
	CAPTURE_END_ASKED,
	CAPTURE_END_COUNT,
	CAPTURE_END_TIME,
	CAPTURE_END_PORT,
	CAPTURE_END_DATAPLANE,
};

struct capture_totals {
	enum capture_end_reason why;
	uint64_t frames;	// handed over
	uint64_t missed;	// that the filter took, but for which there was no room on the way
	uint64_t unseen;	// that came, and for which workers had no time
	uint64_t died_in_guard; // about how many died in XDP guards meanwhile, whatever the filter
};

// Who asked. All are called from the loop, never from within the functions below.
struct capture_listener {
	void (*begun)(void *argument, uint32_t number);
	// In place of begun(). "code" is enum rpc_code.
	void (*refused)(void *argument, int code, const char *text);
	// Returns false if there was no room for it.
	bool (*frame)(void *argument, const struct capture_record *record);
	void (*ended)(void *argument, const struct capture_totals *totals); // the last call
};

struct capture_wish {
	struct capture_begin begin;
	struct capture_insn insns[CAPTURE_INSNS]; // begin.n_insns of them
	uint64_t limit;				  // frames; 0: none
};

struct captures *captures_create(struct control *control);
void captures_destroy(struct captures *captures); // NULL is fine; listeners are not called

// Ask the dataplane, which is attached. Returns NULL with errno.
struct capturing *captures_begin(struct captures *captures, const struct capture_wish *wish,
				 const struct capture_listener *listener, void *argument);

// The number of one that runs; 0: the dataplane has not answered yet, or it is ending.
uint32_t captures_number(const struct capturing *capturing);

// Call "visit" for each that runs.
void captures_visit(const struct captures *captures,
		    void (*visit)(void *context, void *argument, uint64_t frames), void *context);

// End one: the listener is told what became of it.
void captures_end(struct capturing *capturing);

// End one of which the listener wants to hear nothing any more.
void captures_abandon(struct capturing *capturing);

// For the fabric: a frame (the argument is the struct control), one that has stopped by itself, and
// that there is no dataplane.
void captures_take(void *control, const struct capture_record *record);
void captures_ended(struct captures *captures, const struct capture_end *end);
void captures_detached(struct captures *captures);
