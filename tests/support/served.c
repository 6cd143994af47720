// SPDX-License-Identifier: BSD-3-Clause
#include "tests/support/served.h"

#include <criterion/criterion.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "control/loop.h"
#include "lib/unix_socket.h"

enum { PATIENCE_S = 20 };

static pid_t child;
static json_t *heard; // by the tests; freed at their end

const char served_config[] =
	"version: 1\n"
	"lans: {peering: {profile: exchange, prefixes: [192.0.2.0/24]}}\n"
	"ports:\n"
	"  swp1: {device: \"iface:m1\", member: {asn: 64501}, lans: {peering: {macs: "
	"[\"02:00:00:00:65:01\"], ips: [192.0.2.1]}}}\n"
	"  swp2: {device: \"iface:m2\", lans: {peering: {macs: [\"02:00:00:00:65:02\"]}}}\n"
	"  swp3: {device: \"iface:m3\", lans: {peering: {}}}\n";

static void run_control(int ready)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	start_control();
	if (write(ready, "r", 1) == 1)
		loop_run(control.base);
	_exit(1);
}

void served_start(void)
{
	int ready[2];
	char octet;

	heard = json_array();
	world_init(WORLD_OPERATORS);
	cr_assert_eq(chmod(directory, 0755), 0); // strangers come, too
	write_file(served_config);
	start_dataplane();
	cr_assert_eq(pipe(ready), 0);
	child = fork();
	if (child == 0)
		run_control(ready[1]);
	cr_assert_gt(child, 0);
	close(ready[1]);
	cr_assert_eq(read(ready[0], &octet, 1), 1);
	close(ready[0]);
}

void served_end(void)
{
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	json_decref(heard);
	world_fini();
}

int dial(void)
{
	struct sockaddr_un address;
	const struct timeval patience = {.tv_sec = PATIENCE_S};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	cr_assert_eq(unix_socket_address(operators_path, &address), 0);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
	cr_assert_eq(connect(fd, (void *)&address, sizeof(address)), 0);
	return fd;
}

bool pour(int fd, const char *text, size_t length)
{
	while (length) {
		ssize_t n = send(fd, text, length, MSG_NOSIGNAL);

		if (n <= 0)
			return false;
		text += n;
		length -= (size_t)n;
	}
	return true;
}

void say(int fd, const char *text)
{
	cr_assert(pour(fd, text, strlen(text)));
}

const json_t *hear(int fd)
{
	static char line[1 << 20];
	size_t n = 0;

	while (n < sizeof(line) - 1 && recv(fd, &line[n], 1, 0) == 1) {
		if (line[n] == '\n') {
			json_array_append_new(heard, json_loadb(line, n, 0, NULL));
			return json_array_get(heard, json_array_size(heard) - 1);
		}
		n++;
	}
	return NULL;
}

int error_code(const json_t *answer)
{
	return (int)json_integer_value(json_object_get(json_object_get(answer, "error"), "code"));
}

int ask_code(int fd, const char *text)
{
	say(fd, text);
	const json_t *answer = hear(fd);
	cr_assert(answer, "no answer to %s", text);
	return error_code(answer);
}

const json_t *ask(int fd, const char *method, const char *params)
{
	char line[4096];

	snprintf(line, sizeof(line),
		 "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"%s\",\"params\":%s}\n", method,
		 params);
	say(fd, line);
	const json_t *answer = hear(fd);
	cr_assert(answer, "no answer to %s", line);
	const json_t *result = json_object_get(answer, "result");
	if (result)
		cr_expect_eq(json_integer_value(json_object_get(result, "version")), 1);
	return result;
}

size_t count(const json_t *result, const char *list)
{
	return json_array_size(json_object_get(result, list));
}

int dial_in_force(void)
{
	int fd = dial();

	for (;;) {
		const json_t *ports = ask(fd, "show.ports", "{}");
		const json_t *first = json_array_get(json_object_get(ports, "ports"), 0);

		if (json_is_string(json_object_get(first, "link")))
			return fd;
		poll(NULL, 0, 1);
	}
}

const json_t *at(const json_t *object, const char *group, const char *key)
{
	return json_object_get(json_object_get(object, group), key);
}

const json_t *ask_port(int fd, const char *port)
{
	char params[64];

	snprintf(params, sizeof(params), "{\"port\":\"%s\"}", port);
	return json_array_get(json_object_get(ask(fd, "show.ports", params), "ports"), 0);
}

const char *text_at(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "";
}
