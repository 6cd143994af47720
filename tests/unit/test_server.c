// SPDX-License-Identifier: BSD-3-Clause
// The operators' socket of a whole control in a process of its own, and clients of every kind.
#include "control/rpc/server.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <grp.h>
#include <jansson.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "control/change.h"
#include "control/control.h"
#include "control/fabric/fabric.h"
#include "control/loop.h"
#include "control/rpc/rpc.h"
#include "control/startup.h"
#include "control/state/baselines.h"
#include "lib/log.h"
#include "lib/message.h"
#include "tests/support/fake_dataplane.h"

enum { PATIENCE_S = 20 };

static char directory[] = "/tmp/ixfab-server-XXXXXX";
static char socket_path[64];
static char dataplane_path[64];
static char config_path[64];
static pid_t child;
static struct fake fake;
static struct control control;
static json_t *heard; // by the tests; freed at their end
static const struct fabric_listener listener = {.attached = startup_attached,
						.detached = startup_detached,
						.argument = &control};

static const char config_text[] =
	"version: 1\n"
	"lans: {peering: {profile: exchange, prefixes: [192.0.2.0/24]}}\n"
	"ports:\n"
	"  swp1: {device: \"iface:m1\", member: {asn: 64501}, lans: {peering: {macs: "
	"[\"02:00:00:00:65:01\"], ips: [192.0.2.1]}}}\n"
	"  swp2: {device: \"iface:m2\", lans: {peering: {macs: [\"02:00:00:00:65:02\"]}}}\n"
	"  swp3: {device: \"iface:m3\", lans: {peering: {}}}\n";

static void run_control(int ready)
{
	static const struct fabric_patience patience;
	char problem[STATE_PROBLEM_SIZE];
	char state_path[64];

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	signal(SIGPIPE, SIG_IGN);
	log_init("control", LOG_LEVEL_ERR);
	snprintf(state_path, sizeof(state_path), "%s/state", directory);
	control.base = loop_create();
	control.config_path = config_path;
	control.state = state_open(state_path, problem);
	control.baselines = baselines_create(control.state);
	control.changes = changes_create(&control);
	startup_load(&control);
	control.fabric = fabric_create(control.base, dataplane_path, &listener, &patience);
	if (server_create(control.base, socket_path, NULL, &rpc_handler, &control) &&
	    write(ready, "r", 1) == 1)
		loop_run(control.base);
	_exit(1);
}

static void start(void)
{
	int ready[2];
	char octet;

	heard = json_array();
	cr_assert_not_null(mkdtemp(directory));
	cr_assert_eq(chmod(directory, 0755), 0);
	snprintf(socket_path, sizeof(socket_path), "%s/control.sock", directory);
	snprintf(dataplane_path, sizeof(dataplane_path), "%s/dataplane.sock", directory);
	snprintf(config_path, sizeof(config_path), "%s/ixfab.yaml", directory);
	FILE *file = fopen(config_path, "w");
	cr_assert(file && fputs(config_text, file) > 0 && fclose(file) == 0);
	fake_start(&fake, dataplane_path, 1, FAKE_GOOD);
	cr_assert_eq(pipe(ready), 0);
	child = fork();
	if (child == 0)
		run_control(ready[1]);
	cr_assert_gt(child, 0);
	cr_assert_eq(read(ready[0], &octet, 1), 1);
}

static void end(void)
{
	char command[64];

	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	fake_kill(&fake);
	json_decref(heard);
	snprintf(command, sizeof(command), "rm -rf %s", directory);
	cr_expect_eq(system(command), 0);
}

TestSuite(server, .init = start, .fini = end, .timeout = 120);

static int dial(void)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	const struct timeval patience = {.tv_sec = PATIENCE_S};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	strcpy(address.sun_path, socket_path);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
	cr_assert_eq(connect(fd, (void *)&address, sizeof(address)), 0);
	return fd;
}

// Send all of it, as far as the other side takes it.
static bool pour(int fd, const char *text, size_t length)
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

static void say(int fd, const char *text)
{
	cr_assert(pour(fd, text, strlen(text)));
}

// The next line, parsed; NULL at the end.
static const json_t *hear(int fd)
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

static int error_code(const json_t *answer)
{
	return (int)json_integer_value(json_object_get(json_object_get(answer, "error"), "code"));
}

static int ask_code(int fd, const char *text)
{
	say(fd, text);
	const json_t *answer = hear(fd);
	cr_assert(answer, "no answer to %s", text);
	return error_code(answer);
}

// Ask for "method" with "params"; the answer is the result, or NULL for an error.
static const json_t *ask(int fd, const char *method, const char *params)
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

static size_t count(const json_t *result, const char *list)
{
	return json_array_size(json_object_get(result, list));
}

// A connection to a control that has the configuration in force.
static int dial_in_force(void)
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

// Ask as somebody who is neither root nor a member of anything.
static int ask_as_nobody(const char *line)
{
	pid_t pid = fork();
	int status;

	if (pid == 0) {
		if (setgroups(0, NULL) || setgid(65534) || setuid(65534))
			_exit(99);
		_exit(ask_code(dial(), line) & 0x7f);
	}
	waitpid(pid, &status, 0);
	return WEXITSTATUS(status);
}

// Who may call what. A method that is not here fails the test: think about who may call it.
static const struct {
	const char *name;
	enum rpc_role role;
} roles[] = {
	{"version", RPC_READER},	   {"show.ports", RPC_READER},
	{"show.macs", RPC_READER},	   {"show.neighbours", RPC_READER},
	{"show.lans", RPC_READER},	   {"show.sponge", RPC_READER},
	{"show.dead_peers", RPC_READER},   {"show.counters", RPC_READER},
	{"show.drops", RPC_READER},	   {"show.matrix", RPC_READER},
	{"show.workers", RPC_READER},	   {"show.config", RPC_READER},
	{"show.overrides", RPC_READER},	   {"show.audit", RPC_READER},
	{"show.events", RPC_READER},	   {"show.event", RPC_READER},
	{"events.follow", RPC_READER},	   {"quarantine.report", RPC_READER},
	{"config.diff", RPC_READER},	   {"config.history", RPC_READER},
	{"config.apply", RPC_OPERATOR},	   {"config.confirm", RPC_OPERATOR},
	{"config.undo", RPC_OPERATOR},	   {"port.set", RPC_OPERATOR},
	{"port.enable", RPC_OPERATOR},	   {"port.drain", RPC_OPERATOR},
	{"port.undrain", RPC_OPERATOR},	   {"port.promote", RPC_OPERATOR},
	{"port.quarantine", RPC_OPERATOR}, {"port.mac.add", RPC_OPERATOR},
	{"port.mac.del", RPC_OPERATOR},	   {"port.mac.clear", RPC_OPERATOR},
	{"port.mac.list", RPC_READER},	   {"clear.counters", RPC_OPERATOR},
	{"clear.macs", RPC_OPERATOR},	   {"clear.dead_peers", RPC_OPERATOR},
	{"sponge.set", RPC_OPERATOR},	   {"sponge.unset", RPC_OPERATOR},
	{"sponge.clear", RPC_OPERATOR},	   {"sponge.probe", RPC_OPERATOR},
	{"sponge.inform", RPC_OPERATOR},   {"sponge.dump", RPC_READER},
	{"sponge.load", RPC_OPERATOR},	   {"explain", RPC_READER},
	{"show.captures", RPC_READER},	   {"capture.begin", RPC_OPERATOR},
	{"capture.end", RPC_OPERATOR},
};

enum { N_ROLES = sizeof(roles) / sizeof(*roles) };

static const struct rpc_method *find_method(const char *name)
{
	const struct rpc_method *method = rpc_methods;

	while (method->name && strcmp(method->name, name) != 0)
		method++;
	return method->name ? method : NULL;
}

Test(server, every_method_has_its_role)
{
	size_t n = 0;

	while (rpc_methods[n].name)
		n++;
	cr_expect_eq(n, N_ROLES, "a method is not in the table of this test");
	for (size_t i = 0; i < N_ROLES; i++) {
		const struct rpc_method *method = find_method(roles[i].name);

		cr_assert_not_null(method, "%s", roles[i].name);
		cr_expect_eq(method->role, roles[i].role, "%s", roles[i].name);
	}
}

Test(server, strangers_may_look_but_change_nothing)
{
	char line[128];

	if (geteuid() != 0)
		cr_skip_test("it takes root to be somebody else");
	close(dial_in_force());
	for (const struct rpc_method *method = rpc_methods; method->name; method++) {
		snprintf(line, sizeof(line),
			 "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"%s\",\"params\":{\"x\":1}}\n",
			 method->name);
		int code = ask_as_nobody(line);
		cr_expect_eq(code == 3, method->role == RPC_OPERATOR, "%s: %d", method->name, code);
	}
	cr_expect_eq(ask_as_nobody(version), 0);
	cr_expect_eq(ask_as_nobody("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"show.ports\"}\n"),
		     0);
}

static const json_t *at(const json_t *object, const char *group, const char *key)
{
	return json_object_get(json_object_get(object, group), key);
}

// What is in force for a member of an exchange that says nothing else.
static void expect_rules(const json_t *port)
{
	const json_t *lan = json_array_get(json_object_get(port, "lans"), 0);
	const json_t *types = at(lan, "admission", "ethertypes");

	cr_expect_eq(json_array_size(types), 3);
	cr_expect_str_eq(json_string_value(json_array_get(types, 2)), "ipv6");
	cr_expect_str_eq(json_string_value(at(lan, "admission", "broadcast")), "arp");
	cr_expect(json_is_false(at(lan, "admission", "router_advertisements")));
	cr_expect_str_eq(json_string_value(at(lan, "port_security", "mode")), "registered");
	cr_expect_eq(json_integer_value(at(lan, "port_security", "limit")), 2);
	cr_expect(json_is_false(json_object_get(lan, "monitor")));
	cr_expect_str_eq(json_string_value(at(port, "violation", "action")), "event");
	cr_expect_str_eq(json_string_value(at(port, "storm_control", "unknown_unicast")), "0.01 %");
	cr_expect_eq(json_integer_value(at(port, "loop_detection", "interval")), 5);
	cr_expect_str_eq(json_string_value(json_object_get(port, "runts")), "pass");
}

Test(server, shows_ports_lans_and_macs)
{
	int fd = dial_in_force();

	atomic_store(&fake.shared->learned, 10);
	const json_t *result = ask(fd, "show.ports", "{\"port\":\"swp2\"}");
	const json_t *port = json_array_get(json_object_get(result, "ports"), 0);
	cr_expect_eq(count(result, "ports"), 1);
	cr_expect_str_eq(json_string_value(json_object_get(port, "link")), "up");
	cr_expect_eq(json_integer_value(json_object_get(port, "ifindex")), 2);
	cr_expect(json_is_null(json_object_get(port, "problem")));
	expect_rules(port);

	result = ask(fd, "show.macs", "{}");
	cr_expect_eq(count(result, "macs"), 12);
	cr_expect(json_is_false(json_object_get(result, "truncated")));
	result = ask(fd, "show.macs", "{\"mac\":\"0200.0000.6502\"}");
	cr_assert_eq(count(result, "macs"), 1);
	const json_t *mac = json_array_get(json_object_get(result, "macs"), 0);
	cr_expect_str_eq(json_string_value(json_object_get(mac, "ifname")), "swp2");
	cr_expect_str_eq(json_string_value(json_object_get(mac, "state")), "static");
	cr_expect(json_is_null(json_object_get(mac, "age")));

	result = ask(fd, "show.neighbours", "{}");
	cr_assert_eq(count(result, "neighbours"), 2);
	const json_t *neighbour = json_array_get(json_object_get(result, "neighbours"), 0);
	cr_expect_str_eq(json_string_value(json_object_get(neighbour, "address")), "192.0.2.9");
	cr_expect_str_eq(json_string_value(json_object_get(neighbour, "mac")), "02:00:00:00:00:09");
	neighbour = json_array_get(json_object_get(result, "neighbours"), 1);
	cr_expect_str_eq(json_string_value(json_object_get(neighbour, "address")), "2001:db8::9");
	cr_expect_str_eq(json_string_value(json_object_get(neighbour, "ifname")), "swp2");
	cr_expect(json_is_null(json_object_get(neighbour, "mac")));

	result = ask(fd, "show.lans", "{}");
	const json_t *lan = json_array_get(json_object_get(result, "lans"), 0);
	cr_expect_eq(json_integer_value(json_object_get(lan, "learned")), 10);
	cr_expect_eq(json_integer_value(json_object_get(lan, "static")), 2);
	cr_expect_eq(count(lan, "ports"), 3);

	result = ask(fd, "explain",
		     "{\"port\":\"swp1\",\"frame\":\"ffffffffffff0200000065010800\"}");
	cr_expect_eq(count(result, "stages"), 1);
	cr_expect_eq(count(result, "egress"), 1);
	result = ask(fd, "clear.macs", "{}");
	cr_expect_eq(json_integer_value(json_object_get(result, "removed")), 42);
}

Test(server, names_and_values_that_are_wrong_are_told)
{
	static const struct {
		const char *method;
		const char *params;
		int code;
	} rows[] = {
		{"show.ports", "{\"port\":\"swp9\"}", 4},
		{"show.ports", "{\"port\":9}", -32602},
		{"show.macs", "{\"lan\":\"moon\"}", 4},
		{"show.macs", "{\"mac\":\"02:00\"}", -32602},
		{"show.counters", "{\"port\":\"\"}", 4},
		{"port.set", "{\"port\":\"swp1\",\"admin\":\"sideways\"}", -32602},
		{"port.set", "{\"port\":\"swp9\",\"admin\":\"up\"}", 4},
		{"port.set", "{\"port\":\"swp1\"}", -32602},
		{"port.enable", "{\"port\":\"swp9\"}", 4},
		{"port.drain", "{\"port\":\"swp9\"}", 4},
		{"port.drain", "{\"port\":\"swp1\",\"until\":1000}", -32602},
		{"port.drain", "{\"port\":\"swp1\",\"until\":1e12}", -32602},
		{"port.drain", "{\"port\":\"swp1\",\"until\":\"2h\"}", -32602},
		{"port.undrain", "{\"port\":\"swp1\"}", 6},
		{"port.promote", "{\"port\":\"swp1\"}", 6},
		{"port.quarantine", "{\"port\":\"swp1\"}", 6},
		{"port.mac.add", "{\"port\":\"swp1\"}", -32602},
		{"port.mac.add", "{\"port\":\"swp1\",\"mac\":\"x\"}", -32602},
		{"port.mac.add", "{\"port\":\"swp1\",\"mac\":\"ff:ff:ff:ff:ff:ff\"}", -32602},
		{"port.mac.add", "{\"port\":\"swp1\",\"mac\":\"02:00:00:00:65:02\"}", 6},
		{"port.mac.add",
		 "{\"port\":\"swp1\",\"mac\":\"02:00:00:00:65:09\",\"lan\":\"moon\"}", 4},
		{"port.mac.del", "{\"port\":\"swp1\",\"mac\":\"02:00:00:00:65:09\"}", 4},
		{"port.mac.del", "{\"port\":\"swp1\",\"mac\":\"02:00:00:00:65:01\"}", 6},
		{"port.mac.list", "{}", -32602},
		{"port.mac.list", "{\"port\":\"swp9\"}", 4},
		{"clear.macs", "{\"port\":\"swp9\"}", 4},
		{"explain", "{\"port\":\"swp1\",\"frame\":\"0g\"}", -32602},
		{"explain", "{\"port\":\"swp1\",\"frame\":\"020\"}", -32602},
		{"explain", "{\"port\":\"swp1\",\"frame\":\"0200\"}", -32602},
		{"explain", "{\"port\":\"swp9\",\"frame\":\"ffffffffffff0200000065010800\"}", 4},
		{"config.apply", "{\"file\":\"f\"}", -32602},
		{"config.apply", "{\"file\":\"f\",\"text\":\"nonsense\"}", 1},
		{"config.diff", "{\"file\":\"f\",\"text\":\"a: [\"}", 1},
	};
	int fd = dial_in_force();
	char line[256];

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		snprintf(line, sizeof(line),
			 "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"%s\",\"params\":%s}\n",
			 rows[i].method, rows[i].params);
		cr_expect_eq(ask_code(fd, line), rows[i].code, "%s", line);
	}
}

static const json_t *ask_port(int fd, const char *port)
{
	char params[64];

	snprintf(params, sizeof(params), "{\"port\":\"%s\"}", port);
	return json_array_get(json_object_get(ask(fd, "show.ports", params), "ports"), 0);
}

static const char *text_at(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "";
}

Test(server, ports_are_drained_and_undrained)
{
	int fd = dial_in_force();
	const json_t *port = ask_port(fd, "swp1");

	cr_expect_str_eq(text_at(port, "state"), "up");
	cr_expect(json_is_null(json_object_get(port, "drained")));
	const json_t *result = ask(fd, "port.drain", "{\"port\":\"swp1\"}");
	cr_expect(json_is_true(json_object_get(result, "drained")));
	cr_expect(json_is_null(json_object_get(result, "until")));
	cr_expect_eq(fake.shared->drained, 1);
	port = ask_port(fd, "swp1");
	cr_expect_str_eq(text_at(port, "state"), "drained");
	const json_t *drained = json_object_get(port, "drained");
	cr_expect(json_is_number(json_object_get(drained, "since")));
	cr_expect(json_is_null(json_object_get(drained, "until")));
	cr_expect(json_is_null(json_object_get(drained, "left")));
	cr_expect(json_is_false(json_object_get(drained, "near_zero")));
	result = ask(fd, "port.drain", "{\"port\":\"swp1\",\"until\":1e10}");
	cr_expect_null(result, "that is too far");

	// What is said of a port that is switched off is that.
	ask(fd, "port.set", "{\"port\":\"swp1\",\"admin\":\"down\"}");
	cr_expect_str_eq(text_at(ask_port(fd, "swp1"), "state"), "admin down");
	ask(fd, "port.set", "{\"port\":\"swp1\",\"admin\":\"up\"}");
	cr_expect_not_null(ask(fd, "port.undrain", "{\"port\":\"swp1\"}"));
	cr_expect_eq(fake.shared->drained, 0);
	cr_expect_str_eq(text_at(ask_port(fd, "swp1"), "state"), "up");
}

Test(server, addresses_are_added_shown_and_taken_back)
{
	static const char params[] = "{\"port\":\"swp1\",\"mac\":\"02:00:00:00:65:09\"}";
	int fd = dial_in_force();
	const json_t *result = ask(fd, "port.mac.add", params);

	cr_expect_str_eq(text_at(result, "lan"), "peering");
	cr_expect(json_is_true(json_object_get(result, "usual")));
	cr_expect_eq(json_integer_value(json_object_get(result, "left")), 86400);
	result = ask(fd, "port.mac.list", "{\"port\":\"swp1\"}");
	cr_expect_eq(count(result, "macs"), 2);
	const json_t *mac = json_array_get(json_object_get(result, "macs"), 0);
	cr_expect_str_eq(text_at(mac, "type"), "registered");
	mac = json_array_get(json_object_get(result, "macs"), 1);
	cr_expect_str_eq(text_at(mac, "type"), "temporary");
	cr_expect_str_eq(text_at(mac, "mac"), "02:00:00:00:65:09");
	cr_expect(*text_at(mac, "by"));
	result = ask(fd, "show.macs", "{\"mac\":\"02:00:00:00:65:09\"}");
	mac = json_array_get(json_object_get(result, "macs"), 0);
	cr_expect_str_eq(text_at(mac, "state"), "temporary");
	cr_expect_gt(json_integer_value(json_object_get(mac, "left")), 86000);
	cr_expect_str_eq(text_at(mac, "ifname"), "swp1");

	result = ask(fd, "port.mac.del", params);
	cr_expect_eq(json_integer_value(json_object_get(result, "removed")), 1);
	result = ask(fd, "port.mac.list", "{\"port\":\"swp1\"}");
	cr_expect_eq(count(result, "macs"), 1);
	result = ask(fd, "port.mac.clear", "{\"port\":\"swp1\"}");
	cr_expect_eq(json_integer_value(json_object_get(result, "removed")), 0);
}

Test(server, disabled_ports_are_told_and_enabled)
{
	struct port_info *info = &fake.stats.ports[0];
	int fd = dial_in_force();
	const json_t *result = ask(fd, "port.enable", "{\"port\":\"swp1\"}");

	cr_expect(json_is_false(json_object_get(result, "was_disabled")));
	cr_expect(json_is_null(json_object_get(result, "disabled")));
	info->disabled = DISABLE_LOOP;
	info->loop_other = 1;
	info->disabled_ns = UINT64_C(1767225600000000000);
	info->disables = 3;
	info->last_reason = DROP_MAC_LIMIT;
	const json_t *port = ask_port(fd, "swp1");
	const json_t *disabled = json_object_get(port, "disabled");
	cr_expect_str_eq(text_at(port, "state"), "disabled");
	cr_expect_eq(json_integer_value(json_object_get(port, "disables")), 3);
	cr_expect_str_eq(text_at(port, "last_reason"), "mac_limit");
	cr_expect_str_eq(text_at(disabled, "why"), "loop");
	cr_expect_str_eq(text_at(disabled, "other"), "swp2");
	cr_expect_eq(json_number_value(json_object_get(disabled, "since")), 1767225600);
	cr_expect(json_is_null(json_object_get(disabled, "until")));
	cr_expect(json_is_null(json_object_get(disabled, "left")));

	result = ask(fd, "port.enable", "{\"port\":\"swp1\"}");
	cr_expect(json_is_true(json_object_get(result, "was_disabled")));
	cr_expect_str_eq(text_at(json_object_get(result, "disabled"), "why"), "loop");
	cr_expect_str_eq(text_at(ask_port(fd, "swp1"), "state"), "up");
}

Test(server, counters_count_from_where_they_were_cleared)
{
	int fd = dial_in_force();

	stats_port(&fake.stats, 0, 0)->rx_frames = 100;
	stats_port(&fake.stats, 0, 1)->tx_frames = 90;
	stats_port(&fake.stats, 0, 0)->drops[DROP_PKT_TOO_BIG] = 10;
	stats_pairs(&fake.stats, 0, 0)[1].frames[PAIR_IPV4] = 90;
	cr_expect_not_null(ask(fd, "clear.counters", "{\"port\":\"swp1\"}"));
	stats_port(&fake.stats, 0, 0)->rx_frames += 5;
	stats_port(&fake.stats, 0, 1)->tx_frames += 5;

	const json_t *result = ask(fd, "show.counters", "{}");
	const json_t *rows = json_object_get(result, "counters");
	const json_t *first = json_array_get(rows, 0);
	const json_t *second = json_array_get(rows, 1);
	const json_t *total = json_object_get(result, "total");
	cr_expect_eq(json_integer_value(json_object_get(first, "rx_frames")), 5);
	cr_expect_eq(json_integer_value(json_object_get(first, "drops_in")), 0);
	cr_expect(json_is_real(json_object_get(first, "cleared")));
	cr_expect_eq(json_integer_value(json_object_get(second, "tx_frames")), 95);
	cr_expect(json_is_null(json_object_get(second, "cleared")));
	cr_expect_eq(json_integer_value(json_object_get(total, "rx_frames")), 5);
	cr_expect_eq(json_integer_value(json_object_get(total, "balance")), 0);
	cr_expect(json_is_true(json_object_get(result, "settled")));
	cr_expect_eq(count(ask(fd, "show.drops", "{}"), "drops"), 0);
	cr_expect_eq(count(ask(fd, "show.drops", "{\"port\":\"swp2\"}"), "drops"), 0);

	result = ask(fd, "show.matrix", "{}");
	cr_assert_eq(count(result, "matrix"), 1);
	const json_t *pair = json_array_get(json_object_get(result, "matrix"), 0);
	cr_expect_str_eq(json_string_value(json_object_get(pair, "to")), "swp2");
}

Test(server, frames_inside_the_fabric_are_told)
{
	int fd = dial_in_force();

	stats_port(&fake.stats, 0, 0)->rx_frames = 3;
	const json_t *result = ask(fd, "show.counters", "{}");
	cr_expect_eq(json_integer_value(
			     json_object_get(json_object_get(result, "total"), "balance")),
		     3);
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

Test(server, a_configuration_is_compared_and_applied)
{
	int fd = dial_in_force();
	json_t *params = json_pack("{s:s, s:s}", "file", "/etc/ixfab/new.yaml", "text",
				   "version: 1\nlans: {peering: {prefixes: [192.0.2.0/24]}}\n"
				   "ports:\n"
				   "  swp1: {device: \"iface:m1\", lans: {peering: {}}}\n");
	char *text = json_dumps(params, 0);

	const json_t *result = ask(fd, "config.diff", text);
	cr_expect_geq(count(result, "changes"), 3);
	cr_expect_null(ask(fd, "config.apply", text), "two of three ports would go");
	free(text);
	json_object_set_new(params, "force", json_true());
	text = json_dumps(params, 0);
	result = ask(fd, "config.apply", text);
	cr_expect_eq(json_integer_value(json_object_get(result, "generation")), 2);
	result = ask(fd, "show.config", "{}");
	cr_expect_str_eq(json_string_value(json_object_get(result, "file")), "/etc/ixfab/new.yaml");
	cr_expect_str_eq(json_string_value(json_object_get(result, "text")),
			 json_string_value(json_object_get(params, "text")));
	free(text);
	json_decref(params);
	result = ask(fd, "show.ports", "{}");
	cr_expect_eq(count(result, "ports"), 1);
	result = ask(fd, "version", "{}");
	const json_t *dataplane = json_object_get(result, "dataplane");
	cr_expect(json_is_true(json_object_get(dataplane, "attached")));
	cr_expect_str_eq(json_string_value(json_object_get(dataplane, "release")), "9.9.9");
}

// The configuration of the file, with another MTU.
static const json_t *apply_changed(int fd, const char *more)
{
	json_t *params = json_pack("{s:s, s:s}", "file", "/etc/ixfab/new.yaml", "text",
				   "version: 1\n"
				   "lans: {peering: {prefixes: [192.0.2.0/24]}}\n"
				   "ports:\n"
				   "  swp1: {device: \"iface:m1\", lans: {peering: {}}}\n"
				   "  swp2: {device: \"iface:m2\", lans: {peering: {}}}\n");
	json_t *extra = json_loads(more, 0, NULL);

	json_object_update(params, extra);
	char *text = json_dumps(params, 0);
	const json_t *result = ask(fd, "config.apply", text);
	free(text);
	json_decref(extra);
	json_decref(params);
	return result;
}

Test(server, what_waits_to_be_confirmed_is_told_everywhere)
{
	int fd = dial_in_force();

	cr_expect_null(apply_changed(fd, "{\"confirm\":0}"));
	cr_expect_null(apply_changed(fd, "{\"confirm\":86401}"));
	cr_expect_null(apply_changed(fd, "{\"confirm\":\"5m\"}"));
	cr_expect_null(ask(fd, "config.confirm", "{}"));
	const json_t *result = apply_changed(fd, "{\"confirm\":true,\"message\":\"two ports\"}");
	const json_t *wait = json_object_get(result, "confirm");
	cr_expect_eq(json_integer_value(json_object_get(wait, "back_to")), 1);
	cr_expect_leq(json_integer_value(json_object_get(wait, "left")), 300);
	cr_expect_geq(json_integer_value(json_object_get(wait, "left")), 270);
	cr_expect(json_is_object(at(ask(fd, "version", "{}"), "config", "confirm")));
	result = ask(fd, "show.config", "{}");
	cr_expect(json_is_object(json_object_get(result, "confirm")));
	cr_expect_str_eq(json_string_value(json_object_get(result, "message")), "two ports");
	cr_expect(json_is_true(at(result, "saved", "differs")));
	result = ask(fd, "show.config", "{\"saved\":true}");
	cr_expect_str_eq(json_string_value(json_object_get(result, "text")), config_text);
	result = ask(fd, "show.config", "{\"generation\":1}");
	cr_expect_str_eq(json_string_value(json_object_get(result, "text")), config_text);
	cr_expect_null(ask(fd, "show.config", "{\"generation\":9}"));
	cr_expect_null(ask(fd, "show.config", "{\"generation\":1,\"saved\":true}"));
	result = ask(fd, "config.history", "{}");
	const json_t *past = json_array_get(json_object_get(result, "history"), 0);
	cr_expect_eq(count(result, "history"), 2);
	cr_expect_str_eq(json_string_value(json_object_get(past, "ending")), "waits");
	cr_expect_not_null(ask(fd, "config.confirm", "{}"));
	cr_expect(json_is_null(json_object_get(ask(fd, "show.config", "{}"), "confirm")));

	cr_expect_null(ask(fd, "config.undo", "{\"levels\":0}"));
	cr_expect_null(ask(fd, "config.undo", "{\"levels\":2}"));
	result = ask(fd, "config.undo", "{}");
	cr_expect_eq(json_integer_value(json_object_get(result, "from")), 2);
	cr_expect_eq(json_integer_value(json_object_get(result, "generation")), 1);
	cr_expect_geq(count(result, "changes"), 1);
	cr_expect(json_is_false(json_object_get(result, "waited")));
	result = ask(fd, "show.config", "{}");
	cr_expect(json_is_false(at(result, "saved", "differs")));
}

static const json_t *last_deed(int fd)
{
	const json_t *audit = json_object_get(ask(fd, "show.audit", "{\"limit\":1}"), "audit");

	return json_array_get(audit, 0);
}

Test(server, what_is_done_is_noted_with_who_did_it)
{
	int fd = dial_in_force();

	cr_expect_eq(ask_code(fd, "{\"jsonrpc\":\"2.0\",\"id\":1,\"claim\":\"mallory\\u001b[31m\","
				  "\"method\":\"port.set\",\"params\":{\"port\":\"swp1\","
				  "\"admin\":\"down\"}}\n"),
		     0);
	const json_t *deed = last_deed(fd);
	cr_expect_str_eq(json_string_value(json_object_get(deed, "method")), "port.set");
	cr_expect_str_eq(json_string_value(json_object_get(deed, "claim")), "mallory??31m");
	cr_expect_eq(json_integer_value(json_object_get(deed, "uid")), geteuid());
	cr_expect_str_eq(json_string_value(at(deed, "params", "port")), "swp1");
	const json_t *above = json_object_get(ask(fd, "show.overrides", "{}"), "overrides");
	cr_expect_eq(json_array_size(above), 1);
	const json_t *override = json_array_get(above, 0);
	cr_expect_str_eq(json_string_value(json_object_get(override, "what")), "admin");
	cr_expect_str_eq(json_string_value(json_object_get(override, "value")), "down");
	cr_expect(strstr(json_string_value(json_object_get(override, "by")), "(claims mallory"));

	// What fails, what only looks, and what changes nothing is not noted.
	json_int_t id = json_integer_value(json_object_get(deed, "id"));
	ask(fd, "port.set", "{\"port\":\"swp9\",\"admin\":\"down\"}");
	ask(fd, "show.ports", "{}");
	cr_expect_eq(json_integer_value(json_object_get(last_deed(fd), "id")), id);
	const json_t *result = apply_changed(fd, "{}");
	cr_expect_not_null(result);
	deed = last_deed(fd);
	cr_expect_eq(json_integer_value(json_object_get(deed, "id")), id + 1);
	cr_expect_null(at(deed, "params", "text"), "that is in the history");
	cr_expect(json_equal(json_object_get(deed, "changes"), json_object_get(result, "changes")));
	cr_expect_eq(json_integer_value(json_object_get(deed, "generation")), 2);
	apply_changed(fd, "{}");
	cr_expect_eq(json_integer_value(json_object_get(last_deed(fd), "id")), id + 1);
	cr_expect_null(ask(fd, "show.audit", "{\"limit\":0}"));
	cr_expect_null(ask(fd, "show.audit", "{\"limit\":1001}"));
}

Test(server, a_diff_tells_what_was_set_by_hand)
{
	static const char diff[] =
		"{\"file\":\"f\",\"text\":\"version: 1\\nlans: {peering: {}}\\nports:\\n"
		"  swp1: {device: 'iface:m1', lans: {peering: {}}}\\n\"}";
	int fd = dial_in_force();

	ask(fd, "port.set", "{\"port\":\"swp1\",\"admin\":\"down\"}");
	ask(fd, "port.drain", "{\"port\":\"swp2\"}");
	const json_t *list = json_object_get(ask(fd, "config.diff", diff), "overrides");
	cr_assert_eq(json_array_size(list), 2);
	const json_t *stays = json_array_get(list, 0), *goes = json_array_get(list, 1);
	cr_expect_str_eq(json_string_value(json_object_get(stays, "port")), "swp1");
	cr_expect_str_eq(json_string_value(json_object_get(stays, "effect")), "stays");
	cr_expect_str_eq(json_string_value(json_object_get(goes, "what")), "drain");
	cr_expect_str_eq(json_string_value(json_object_get(goes, "effect")), "goes");
	cr_expect_eq(count(ask(fd, "show.overrides", "{}"), "overrides"), 2, "nothing has gone");
}

Test(server, without_a_dataplane_there_is_a_clear_error)
{
	int fd = dial_in_force();
	const json_t *answer;

	fake_kill(&fake);
	do {
		say(fd, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"show.ports\"}\n");
		answer = hear(fd);
	} while (!error_code(answer));
	cr_expect_eq(error_code(answer), 2);
	const json_t *result = ask(fd, "version", "{}");
	const json_t *dataplane = json_object_get(result, "dataplane");
	cr_expect(json_is_false(json_object_get(dataplane, "attached")));
	cr_expect(json_is_string(json_object_get(dataplane, "problem")));
}

Test(server, a_second_control_on_the_same_socket_is_refused)
{
	struct event_base *base = loop_create();

	log_init("second", LOG_LEVEL_ERR);
	cr_expect_null(server_create(base, socket_path, NULL, &rpc_handler, NULL));
	event_base_free(base);
	int fd = dial();
	cr_expect_eq(ask_code(fd, version), 0);
}
