// SPDX-License-Identifier: BSD-3-Clause
#include "control/fabric/fabric.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "control/loop.h"
#include "lib/channel.h"
#include "lib/message.h"
#include "tests/support/fake_dataplane.h"
#include "tests/support/loop_until.h"

static struct event_base *base;
static struct fabric *fabric;
static struct fake fake;
static char directory[] = "/tmp/ixfab-fabric-XXXXXX";
static char path[64];
static uint32_t attached;
static uint32_t detached;
static uint32_t events;
static uint32_t replies;
static int last_err;
static struct message last_reply;

static void on_attached(void *argument)
{
	(void)argument;
	attached++;
}

static void on_detached(void *argument)
{
	(void)argument;
	detached++;
	cr_expect(!fabric_is_attached(fabric));
	cr_expect_null(fabric_stats(fabric));
}

static void on_event(void *argument, uint32_t worker, const struct message *event)
{
	(void)argument, (void)worker, (void)event;
	events++;
}

static const struct fabric_listener listener = {.attached = on_attached,
						.detached = on_detached,
						.event = on_event};

static void on_reply(void *argument, const struct message *reply, int err)
{
	cr_expect_eq(argument, &fake);
	cr_expect_eq(reply == NULL, err != 0);
	replies++;
	last_err = err;
	if (reply)
		last_reply = *reply;
}

static void open_all(void)
{
	cr_assert_not_null(mkdtemp(directory));
	snprintf(path, sizeof(path), "%s/dataplane.sock", directory);
	base = loop_create();
}

static void start_fabric(uint32_t patience_ms)
{
	const struct fabric_patience patience = {.commit = patience_ms,
						 .other = patience_ms,
						 .hello = patience_ms};

	fabric = fabric_create(base, path, &listener, &patience);
	cr_assert_not_null(fabric);
}

static void close_all(void)
{
	if (fabric)
		fabric_destroy(fabric);
	if (fake.pid)
		fake_kill(&fake);
	unlink(path);
	rmdir(directory);
	event_base_free(base);
}

TestSuite(fabric, .init = open_all, .fini = close_all, .timeout = 60);

static bool is_attached(void)
{
	return attached > 0;
}

static bool is_attached_twice(void)
{
	return attached > 1;
}

static bool is_detached(void)
{
	return detached > 0;
}

static bool is_answered(void)
{
	return replies > 0;
}

// A problem has been found, other than that we are still looking.
static bool has_problem(void)
{
	const char *problem = fabric_problem(fabric);

	return problem && !strstr(problem, "still looking");
}

static int send_type(enum message_type type)
{
	struct message command;

	message_init(&command, type, 0);
	return fabric_send(fabric, &command, on_reply, &fake);
}

static void post_begin(void)
{
	struct message begin;

	message_init(&begin, COMMAND_POLICY_BEGIN, 0);
	begin.policy_begin.digest = 77;
	cr_expect_eq(fabric_post(fabric, &begin), 0);
}

Test(fabric, waits_for_a_dataplane_and_attaches)
{
	start_fabric(0);
	cr_assert(loop_until(base, has_problem));
	cr_expect(strstr(fabric_problem(fabric), path), "%s", fabric_problem(fabric));
	cr_expect_eq(send_type(COMMAND_FDB_FLUSH), -ENOTCONN);
	cr_expect(!fabric_is_attached(fabric));
	cr_expect_null(fabric_stats(fabric));

	fake_start(&fake, path, 2, FAKE_GOOD);
	cr_assert(loop_until(base, is_attached));
	cr_expect_null(fabric_problem(fabric));
	cr_expect_eq(fabric_peer(fabric)->pid, (uint32_t)fake.pid);
	cr_expect_str_eq(fabric_peer(fabric)->release, "9.9.9");
	cr_expect_eq(fabric_stats(fabric)->n_workers, 2);
	cr_expect_eq(detached, 0);
}

Test(fabric, commands_are_answered)
{
	fake_start(&fake, path, 1, FAKE_GOOD);
	start_fabric(0);
	cr_assert(loop_until(base, is_attached));
	post_begin();
	cr_expect_eq(send_type(COMMAND_POLICY_COMMIT), 0);
	cr_expect_eq(replies, 0, "never from within fabric_send()");
	cr_assert(loop_until(base, is_answered));
	cr_expect_eq(last_err, 0);
	cr_expect_eq(last_reply.header.type, REPLY_DONE);
	cr_expect_eq(last_reply.done.value, 1);
	cr_expect_eq(atomic_load(&fabric_stats(fabric)->header->digest), 77);
}

static bool are_many_answered(void)
{
	return replies == 5000;
}

Test(fabric, more_commands_than_the_ring_holds_are_all_answered)
{
	fake_start(&fake, path, 1, FAKE_GOOD);
	start_fabric(0);
	cr_assert(loop_until(base, is_attached));
	for (int i = 0; i < 5000; i++)
		cr_assert_eq(send_type(COMMAND_FDB_FLUSH), 0);
	cr_assert(loop_until(base, are_many_answered), "%u", replies);
	cr_expect_eq(last_reply.done.value, 42);
	cr_expect_eq(fabric_bad_replies(fabric), 0);
}

Test(fabric, a_new_dataplane_is_attached_after_a_kill)
{
	fake_start(&fake, path, 1, FAKE_GOOD);
	start_fabric(0);
	cr_assert(loop_until(base, is_attached));
	uint64_t instance = fabric_peer(fabric)->instance;
	fake_kill(&fake);
	cr_assert(loop_until(base, is_detached));
	cr_assert(loop_until(base, has_problem));
	fake_start(&fake, path, 3, FAKE_GOOD);
	cr_assert(loop_until(base, is_attached_twice));
	cr_expect_neq(fabric_peer(fabric)->instance, instance);
	cr_expect_eq(fabric_stats(fabric)->n_workers, 3);
}

Test(fabric, open_requests_fail_when_the_dataplane_dies)
{
	fake_start(&fake, path, 1, FAKE_DIES_AT_COMMIT);
	start_fabric(0);
	cr_assert(loop_until(base, is_attached));
	post_begin();
	cr_expect_eq(send_type(COMMAND_POLICY_COMMIT), 0);
	cr_assert(loop_until(base, is_answered));
	cr_expect_eq(last_err, -ECONNRESET);
	cr_expect_eq(replies, 1);
	cr_expect_eq(detached, 1);
}

Test(fabric, a_dataplane_that_does_not_answer_is_attached_anew)
{
	fake_start(&fake, path, 1, FAKE_MUTE_AT_COMMIT);
	start_fabric(200);
	cr_assert(loop_until(base, is_attached));
	post_begin();
	cr_expect_eq(send_type(COMMAND_POLICY_COMMIT), 0);
	cr_assert(loop_until(base, is_answered));
	cr_expect_eq(last_err, -ETIMEDOUT);
	cr_assert(loop_until(base, is_attached_twice));
	cr_expect_eq(atomic_load(&fabric_stats(fabric)->header->digest), 77,
		     "the digest tells that it did commit");
}

Test(fabric, a_dataplane_of_another_release_is_refused_in_a_clear_sentence)
{
	fake_start(&fake, path, 1, FAKE_OTHER_VERSION);
	start_fabric(0);
	cr_assert(loop_until(base, has_problem));
	cr_expect(strstr(fabric_problem(fabric), "release 9.9.9"), "%s", fabric_problem(fabric));
	cr_expect(strstr(fabric_problem(fabric), "release " IXFAB_VERSION));
	cr_expect(strstr(fabric_problem(fabric), "frames go on as they were"));
	cr_expect(strstr(fabric_problem(fabric), "until control of the dataplane's release"));
	cr_expect_eq(attached, 0);

	// Once the right one is there, nobody has to do anything.
	atomic_store(&fake.shared->mischief, FAKE_GOOD);
	cr_assert(loop_until(base, is_attached));
}

static void expect_refused(enum fake_mischief mischief, const char *text)
{
	fake_start(&fake, path, 1, mischief);
	start_fabric(100);
	cr_assert(loop_until(base, has_problem));
	cr_expect(strstr(fabric_problem(fabric), text), "%s", fabric_problem(fabric));
	cr_expect_eq(attached, 0);
	atomic_store(&fake.shared->mischief, FAKE_GOOD);
	cr_assert(loop_until(base, is_attached));
}

Test(fabric, an_answer_of_another_size_is_refused)
{
	expect_refused(FAKE_OTHER_WELCOME, "install the same release");
}

Test(fabric, a_stranger_is_refused)
{
	expect_refused(FAKE_STRANGER, "no ixfab-dataplane");
}

Test(fabric, memory_that_cannot_be_is_refused)
{
	expect_refused(FAKE_WRONG_MEMORY, "memory");
}

Test(fabric, silence_is_no_answer)
{
	expect_refused(FAKE_SILENT, "does not answer");
}

Test(fabric, whoever_talks_on_the_socket_is_attached_anew)
{
	fake_start(&fake, path, 1, FAKE_TALKS);
	start_fabric(0);
	cr_assert(loop_until(base, is_detached));
	atomic_store(&fake.shared->mischief, FAKE_GOOD);
	cr_assert(loop_until(base, is_attached_twice));
}

static void expect_bad_reply(enum fake_mischief mischief)
{
	fake_start(&fake, path, 1, mischief);
	start_fabric(0);
	cr_assert(loop_until(base, is_attached));
	post_begin();
	cr_expect_eq(send_type(COMMAND_POLICY_COMMIT), 0);
	cr_assert(loop_until(base, is_answered));
	cr_expect_eq(last_err, -EBADMSG);
	cr_expect_eq(replies, 1);
	cr_expect_eq(fabric_bad_replies(fabric), 1);
	cr_assert(loop_until(base, is_attached_twice));
}

Test(fabric, nonsense_in_the_reply_ring_ends_the_attachment)
{
	expect_bad_reply(FAKE_BAD_REPLY);
}

Test(fabric, an_impossible_position_in_the_reply_ring_ends_the_attachment)
{
	expect_bad_reply(FAKE_BAD_POSITION);
}

Test(fabric, a_reply_that_nobody_asked_for_is_counted_and_ignored)
{
	fake_start(&fake, path, 1, FAKE_STRAY_REPLY);
	start_fabric(0);
	cr_assert(loop_until(base, is_attached));
	post_begin();
	cr_expect_eq(send_type(COMMAND_POLICY_COMMIT), 0);
	cr_assert(loop_until(base, is_answered));
	cr_expect_eq(last_err, 0);
	cr_expect_eq(fabric_bad_replies(fabric), 1);
	cr_expect_eq(detached, 0);
}

static bool has_bad_replies(void)
{
	return fabric_bad_replies(fabric) >= CHANNEL_EVENTS;
}

Test(fabric, nonsense_in_an_event_ring_is_counted_and_ignored)
{
	fake_start(&fake, path, 1, FAKE_BAD_EVENTS);
	start_fabric(0);
	cr_assert(loop_until(base, has_bad_replies), "%lu", fabric_bad_replies(fabric));
	cr_expect_eq(events, 0);
	cr_expect_eq(detached, 0);
	cr_expect_eq(send_type(COMMAND_FDB_FLUSH), 0);
	cr_assert(loop_until(base, is_answered));
	cr_expect_eq(last_err, 0);
}

static bool has_bad_reply(void)
{
	return fabric_bad_replies(fabric) > 0;
}

Test(fabric, an_impossible_position_in_an_event_ring_is_survived)
{
	fake_start(&fake, path, 1, FAKE_BAD_EVENT_POSITION);
	start_fabric(0);
	cr_assert(loop_until(base, has_bad_reply));
	cr_expect_eq(send_type(COMMAND_FDB_FLUSH), 0);
	cr_assert(loop_until(base, is_answered));
	cr_expect_eq(fabric_bad_replies(fabric), 1);
	cr_expect_eq(detached, 0);
}
