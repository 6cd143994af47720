// SPDX-License-Identifier: BSD-3-Clause
// The operators' socket, and clients of every kind.
#include "control/rpc/server.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "control/loop.h"
#include "control/rpc/rpc.h"
#include "lib/log.h"
#include "tests/support/served.h"

TestSuite(server, .init = served_start, .fini = served_end, .timeout = 120);

static const char version[] = "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"version\"}\n";

Test(server, garbage_is_answered_and_the_connection_goes_on)
{
	static const struct {
		const char *line;
		int code;
	} rows[] = {
		{"garbage\n", -32700},
		{"{\"jsonrpc\":\n", -32700},
		{"\xff\xfe\x01\n", -32700},
		{"{} {}\n", -32700},
		{"[]\n", -32600},
		{"[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"version\"}]\n", -32600},
		{"{}\n", -32600},
		{"{\"jsonrpc\":\"1.0\",\"id\":1,\"method\":\"version\"}\n", -32600},
		{"{\"jsonrpc\":\"2.0\",\"id\":[1],\"method\":\"version\"}\n", -32600},
		{"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":7}\n", -32600},
		{"{\"jsonrpc\":\"2.0\",\"id\":1,\"id\":2,\"method\":\"version\"}\n", -32700},
		{"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"nothing\"}\n", -32601},
		{"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"version\",\"params\":[1]}\n", -32602},
		{"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"version\",\"params\":{\"a\":1}}\n",
		 -32602},
	};
	int fd = dial();

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		cr_expect_eq(ask_code(fd, rows[i].line), rows[i].code, "%s", rows[i].line);
	cr_expect_eq(ask_code(fd, version), 0);
}

Test(server, a_zero_octet_is_garbage_like_any_other)
{
	int fd = dial();

	cr_assert(pour(fd, "\0\0\0\n", 4));
	const json_t *answer = hear(fd);
	cr_expect_eq(error_code(answer), -32700);
	cr_expect_eq(ask_code(fd, version), 0);
}

Test(server, requests_are_answered_in_order_and_notifications_not_at_all)
{
	int fd = dial();

	say(fd, "{\"jsonrpc\":\"2.0\",\"id\":\"a\",\"method\":\"show.counters\"}\n\n"
		"{\"jsonrpc\":\"2.0\",\"method\":\"version\"}\n"
		"{\"jsonrpc\":\"2.0\",\"id\":\"b\",\"method\":\"version\"}\n");
	const json_t *first = hear(fd);
	const json_t *second = hear(fd);
	cr_expect_str_eq(json_string_value(json_object_get(first, "id")), "a");
	cr_expect_str_eq(json_string_value(json_object_get(second, "id")), "b");
}

Test(server, a_client_that_says_no_more_gets_its_answers_and_the_end)
{
	int fd = dial();

	say(fd, version);
	say(fd, version);
	shutdown(fd, SHUT_WR);
	const json_t *first = hear(fd);
	const json_t *second = hear(fd);
	cr_expect(first && second);
	cr_expect_null(hear(fd));
}

Test(server, a_request_may_come_in_pieces_of_one_octet)
{
	int fd = dial();

	for (const char *c = version; *c; c++)
		cr_assert(pour(fd, c, 1));
	const json_t *answer = hear(fd);
	cr_expect_eq(json_integer_value(json_object_get(answer, "id")), 7);
}

Test(server, a_request_that_is_too_long_is_refused_and_the_connection_ends)
{
	static char text[SERVER_LINE_MAX + 65536];
	int fd = dial();
	int other = dial();

	memset(text, '[', sizeof(text));
	pour(fd, text, sizeof(text)); // it need not take all of it
	const json_t *answer = hear(fd);
	cr_expect_eq(error_code(answer), -32600);
	cr_expect_null(hear(fd));
	cr_expect_eq(ask_code(other, version), 0);
}

Test(server, a_request_of_the_largest_size_is_taken)
{
	static char text[SERVER_LINE_MAX + 2];
	int fd = dial();

	memset(text, ' ', sizeof(text));
	memcpy(text, version, strlen(version) - 1);
	text[SERVER_LINE_MAX] = '\n';
	cr_assert(pour(fd, text, SERVER_LINE_MAX + 1));
	const json_t *answer = hear(fd);
	cr_expect_eq(error_code(answer), 0);
	cr_expect_not_null(json_object_get(answer, "result"));
}

Test(server, a_client_that_does_not_read_hangs_nobody)
{
	int slow = dial();
	int fd = dial();

	// It asks for far more than any socket holds, and reads nothing.
	fcntl(slow, F_SETFL, O_NONBLOCK);
	for (int i = 0; i < 100000; i++) {
		if (!pour(slow, version, strlen(version)))
			break;
	}
	for (int i = 0; i < 100; i++)
		cr_assert_eq(ask_code(fd, version), 0);
}

Test(server, a_client_that_goes_in_the_middle_does_no_harm)
{
	int fd = dial_in_force();

	for (int i = 0; i < 50; i++) {
		int other = dial();

		say(other, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"show.counters\"}\n");
		if (i % 2)
			say(other, "{\"jsonrpc\":");
		close(other);
	}
	cr_expect_eq(ask_code(fd, version), 0);
}

Test(server, there_is_a_limit_to_connections)
{
	int fds[SERVER_CONNECTIONS];

	for (int i = 0; i < SERVER_CONNECTIONS; i++) {
		fds[i] = dial();
		cr_assert_eq(ask_code(fds[i], version), 0);
	}
	int one_more = dial();
	const json_t *answer = hear(one_more);
	cr_expect_eq(error_code(answer), 8);
	cr_expect_null(hear(one_more));
	cr_expect_eq(ask_code(fds[5], version), 0);
	close(fds[5]);
	// The place is free as soon as control has seen the end.
	do {
		close(one_more);
		one_more = dial();
		say(one_more, version);
		answer = hear(one_more);
	} while (error_code(answer) == 8);
	cr_expect_eq(error_code(answer), 0);
}

Test(server, others_are_served_while_the_dataplane_commits)
{
	int fd = dial_in_force();
	int other = dial();

	atomic_store(&fake.shared->mischief, FAKE_HOLDS_COMMIT);
	say(fd, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"port.set\",\"params\":{\"port\":"
		"\"swp1\",\"admin\":\"down\"}}\n");
	while (!atomic_load(&fake.shared->held))
		poll(NULL, 0, 1);
	cr_expect_eq(ask_code(other, version), 0);
	cr_expect_eq(ask_code(other, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"show.ports\"}\n"),
		     0);
	atomic_store(&fake.shared->release, 1);
	const json_t *answer = hear(fd);
	cr_expect_str_eq(json_string_value(
				 json_object_get(json_object_get(answer, "result"), "admin")),
			 "down");
	const json_t *result = ask(fd, "show.ports", "{\"port\":\"swp1\"}");
	const json_t *port = json_array_get(json_object_get(result, "ports"), 0);
	cr_expect_str_eq(json_string_value(json_object_get(port, "admin")), "down");
}

Test(server, a_second_control_on_the_same_socket_is_refused)
{
	struct event_base *base = loop_create();

	log_init("second", LOG_LEVEL_ERR);
	cr_expect_null(server_create(base, operators_path, NULL, &rpc_handler, NULL));
	event_base_free(base);
	int fd = dial();
	cr_expect_eq(ask_code(fd, version), 0);
}
