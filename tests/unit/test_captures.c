// SPDX-License-Identifier: BSD-3-Clause
// Captures at control's end: frames go to who asked, and each capture ends once.
#include "control/capture/captures.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "control/control.h"
#include "control/fabric/fabric.h"
#include "control/loop.h"
#include "control/rpc/code.h"
#include "tests/support/fake_dataplane.h"
#include "tests/support/loop_until.h"

static struct control control;
static struct fake fake;
static char directory[] = "/tmp/ixfab-captures-XXXXXX";
static char path[64];
static uint32_t begun, frames, ended;
static int refused;
static bool reads = true;
static struct capture_totals totals;

static void on_begun(void *argument, uint32_t number)
{
	cr_expect_eq(argument, &fake);
	begun = number;
}

static void on_refused(void *argument, int code, const char *text)
{
	cr_expect_eq(argument, &fake);
	cr_expect_not_null(text);
	refused = code;
}

static bool on_frame(void *argument, const struct capture_record *record)
{
	cr_expect_eq(argument, &fake);
	if (!reads)
		return false;
	cr_expect_eq(record->octets[0], (uint8_t)frames);
	frames++;
	return true;
}

static void on_ended(void *argument, const struct capture_totals *t)
{
	cr_expect_eq(argument, &fake);
	totals = *t;
	ended++;
}

static const struct capture_listener listener = {.begun = on_begun,
						 .refused = on_refused,
						 .frame = on_frame,
						 .ended = on_ended};

static void on_event(void *argument, uint32_t worker, const struct message *event)
{
	(void)argument, (void)worker;
	captures_ended(control.captures, &event->capture_end);
}

static void on_detached(void *argument)
{
	(void)argument;
	captures_detached(control.captures);
}

static const struct fabric_listener fabric_listener = {.detached = on_detached,
						       .event = on_event,
						       .captured = captures_take,
						       .argument = &control};

static bool is_attached(void)
{
	return fabric_is_attached(control.fabric);
}

static bool has_begun(void)
{
	return begun;
}

static bool has_ended(void)
{
	return ended;
}

static void start(void)
{
	static const struct fabric_patience patience;

	cr_assert_not_null(mkdtemp(directory));
	snprintf(path, sizeof(path), "%s/dataplane.sock", directory);
	fake_start(&fake, path, 1, FAKE_GOOD);
	control.base = loop_create();
	control.captures = captures_create(&control);
	control.fabric = fabric_create(control.base, path, &fabric_listener, &patience);
	cr_assert(loop_until(control.base, is_attached));
}

static void end(void)
{
	char command[64];

	fabric_destroy(control.fabric);
	captures_destroy(control.captures);
	event_base_free(control.base);
	fake_kill(&fake);
	snprintf(command, sizeof(command), "rm -rf %s", directory);
	cr_expect_eq(system(command), 0);
}

TestSuite(captures, .init = start, .fini = end, .timeout = 60);

static struct capturing *begin(uint64_t limit, uint16_t n_insns)
{
	struct capture_wish *wish = calloc(1, sizeof(*wish));

	wish->begin =
		(struct capture_begin){.port = 2, .snap = 64, .seconds = 60, .n_insns = n_insns};
	wish->limit = limit;
	struct capturing *c = captures_begin(control.captures, wish, &listener, &fake);
	free(wish);
	cr_assert_not_null(c);
	cr_expect_eq(begun, 0, "never from within");
	return c;
}

static void expect_totals(enum capture_end_reason why, uint64_t n, uint64_t missed, uint64_t unseen)
{
	cr_expect_eq(ended, 1);
	cr_expect_eq(totals.why, why, "%d", totals.why);
	cr_expect_eq(totals.frames, n, "%lu frames", totals.frames);
	cr_expect_eq(totals.missed, missed, "%lu missed", totals.missed);
	cr_expect_eq(totals.unseen, unseen, "%lu unseen", totals.unseen);
}

Test(captures, frames_come_and_the_end_tells_what_was_missed)
{
	atomic_store(&fake.shared->to_capture, 20);
	struct capturing *c = begin(0, 60);
	cr_assert(loop_until(control.base, has_begun));
	cr_expect_eq(captures_number(c), 1);
	captures_end(c);
	captures_end(c); // once more is fine
	cr_expect_eq(captures_number(c), 0);
	cr_assert(loop_until(control.base, has_ended));
	cr_expect_eq(frames, 20, "%u", frames);
	expect_totals(CAPTURE_END_ASKED, 20, 3, 4);
	cr_expect_eq(atomic_load(&fake.shared->capture_insns), 60);
	cr_expect_eq(fake.shared->capture.port, 2);
	cr_expect_eq(atomic_load(&fake.shared->ended_captures), 1);
}

static bool was_held_for_a_while(void)
{
	static uint64_t since;

	if (!since && atomic_load(&fake.shared->held))
		since = loop_now_ms();
	return since && loop_now_ms() - since >= 100;
}

Test(captures, frames_that_come_before_the_answer_are_kept)
{
	atomic_store(&fake.shared->to_capture, 20);
	atomic_store(&fake.shared->mischief, FAKE_HOLDS_CAPTURE);
	begin(20, 0);
	cr_assert(loop_until(control.base, was_held_for_a_while));
	atomic_store(&fake.shared->release, 1);
	cr_assert(loop_until(control.base, has_ended));
	cr_expect_eq(frames, 20, "%u", frames);
}

Test(captures, so_many_frames_and_no_more)
{
	atomic_store(&fake.shared->to_capture, 20);
	begin(7, 0);
	cr_assert(loop_until(control.base, has_ended));
	cr_expect_eq(frames, 7);
	expect_totals(CAPTURE_END_COUNT, 7, 3, 4);
}

Test(captures, what_nobody_reads_is_missed)
{
	reads = false;
	atomic_store(&fake.shared->to_capture, 20);
	struct capturing *c = begin(0, 0);
	cr_assert(loop_until(control.base, has_begun));
	captures_end(c);
	cr_assert(loop_until(control.base, has_ended));
	expect_totals(CAPTURE_END_ASKED, 0, 23, 4);
}

Test(captures, nonsense_is_counted_and_not_told)
{
	atomic_store(&fake.shared->to_capture, 20);
	atomic_store(&fake.shared->mischief, FAKE_BAD_CAPTURED);
	begin(20, 0);
	cr_assert(loop_until(control.base, has_ended));
	cr_expect_eq(frames, 20);
	cr_expect_geq(fabric_bad_replies(control.fabric), 1);
	cr_expect(is_attached());
}

Test(captures, the_dataplane_may_end_one)
{
	struct message event;

	begin(0, 0);
	cr_assert(loop_until(control.base, has_begun));
	message_init(&event, EVENT_CAPTURE_ENDED, 0);
	event.capture_end = (struct capture_end){.capture = 77, .why = CAPTURE_PORT_GONE};
	fake_tell(&fake, 0, &event); // of none of ours
	event.capture_end.capture = begun;
	fake_tell(&fake, 0, &event);
	cr_assert(loop_until(control.base, has_ended));
	expect_totals(CAPTURE_END_PORT, 0, 3, 4);
}

Test(captures, a_dataplane_that_dies_ends_all)
{
	begin(0, 0);
	cr_assert(loop_until(control.base, has_begun));
	fake_kill(&fake);
	cr_assert(loop_until(control.base, has_ended));
	expect_totals(CAPTURE_END_DATAPLANE, 0, 0, 0);
	fake_start(&fake, path, 1, FAKE_GOOD); // for the end
}

static bool was_refused(void)
{
	return refused;
}

Test(captures, a_dataplane_that_dies_before_it_answers_refuses)
{
	kill(fake.pid, SIGSTOP);
	begin(0, 0);
	fake_kill(&fake);
	cr_assert(loop_until(control.base, was_refused));
	cr_expect_eq(refused, RPC_NOT_ATTACHED);
	cr_expect_eq(ended, 0);
	fake_start(&fake, path, 1, FAKE_GOOD);
}

static bool has_told_end(void)
{
	return atomic_load(&fake.shared->ended_captures);
}

Test(captures, who_goes_hears_nothing_and_leaves_nothing)
{
	atomic_store(&fake.shared->to_capture, 5);
	captures_abandon(begin(0, 0));
	cr_assert(loop_until(control.base, has_told_end));
	cr_expect_eq(begun, 0);
	cr_expect_eq(frames, 0);
	cr_expect_eq(ended, 0);
}
