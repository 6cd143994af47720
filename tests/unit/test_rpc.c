// SPDX-License-Identifier: BSD-3-Clause
// Who may call what, and what is said of calls that are wrong.
#include "control/rpc/rpc.h"

#include <criterion/criterion.h>
#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/support/served.h"

TestSuite(rpc, .init = served_start, .fini = served_end, .timeout = 120);

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
	{"version", RPC_READER},
	{"show.ports", RPC_READER},
	{"show.macs", RPC_READER},
	{"show.neighbours", RPC_READER},
	{"show.lags", RPC_READER},
	{"show.lans", RPC_READER},
	{"show.sponge", RPC_READER},
	{"show.dead_peers", RPC_READER},
	{"show.counters", RPC_READER},
	{"show.drops", RPC_READER},
	{"show.matrix", RPC_READER},
	{"show.workers", RPC_READER},
	{"show.config", RPC_READER},
	{"show.overrides", RPC_READER},
	{"show.audit", RPC_READER},
	{"show.events", RPC_READER},
	{"show.event", RPC_READER},
	{"events.follow", RPC_READER},
	{"quarantine.report", RPC_READER},
	{"config.diff", RPC_READER},
	{"config.history", RPC_READER},
	{"config.apply", RPC_OPERATOR},
	{"config.confirm", RPC_OPERATOR},
	{"config.undo", RPC_OPERATOR},
	{"port.set", RPC_OPERATOR},
	{"port.enable", RPC_OPERATOR},
	{"port.drain", RPC_OPERATOR},
	{"port.undrain", RPC_OPERATOR},
	{"port.promote", RPC_OPERATOR},
	{"port.quarantine", RPC_OPERATOR},
	{"port.mac.add", RPC_OPERATOR},
	{"port.mac.del", RPC_OPERATOR},
	{"port.mac.clear", RPC_OPERATOR},
	{"port.mac.list", RPC_READER},
	{"clear.counters", RPC_OPERATOR},
	{"clear.macs", RPC_OPERATOR},
	{"clear.dead_peers", RPC_OPERATOR},
	{"sponge.set", RPC_OPERATOR},
	{"sponge.unset", RPC_OPERATOR},
	{"sponge.clear", RPC_OPERATOR},
	{"sponge.probe", RPC_OPERATOR},
	{"sponge.inform", RPC_OPERATOR},
	{"sponge.dump", RPC_READER},
	{"sponge.load", RPC_OPERATOR},
	{"explain", RPC_READER},
	{"show.sflow", RPC_READER},
	{"show.captures", RPC_READER},
	{"capture.begin", RPC_OPERATOR},
	{"capture.end", RPC_OPERATOR},
	{"show.interfaces", RPC_READER},
};

enum { N_ROLES = sizeof(roles) / sizeof(*roles) };

static const struct rpc_method *find_method(const char *name)
{
	const struct rpc_method *method = rpc_methods;

	while (method->name && strcmp(method->name, name) != 0)
		method++;
	return method->name ? method : NULL;
}

Test(rpc, every_method_has_its_role)
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

// The text of the protocol from a heading on, up to the next; free the result.
static char *read_chapter(const char *heading)
{
	char path[512], *text = NULL, *end;
	size_t size = 0;

	snprintf(path, sizeof(path), "%s/control/rpc/PROTOCOL.md", getenv("SOURCE_ROOT"));
	FILE *file = fopen(path, "r");
	cr_assert(file && getdelim(&text, &size, '\0', file) > 0, "%s", path);
	fclose(file);
	char *begin = strstr(text, heading);
	cr_assert_not_null(begin, "%s", heading);
	end = strstr(begin + 1, "\n## ");
	char *chapter = strndup(begin, end ? (size_t)(end - begin) : strlen(begin));
	free(text);
	return chapter;
}

Test(rpc, the_protocol_tells_of_every_method_who_may_call_it)
{
	char *everybody = read_chapter("\n## Methods for everybody\n");
	char *operators = read_chapter("\n## Methods for those who may change things\n");

	for (const struct rpc_method *method = rpc_methods; method->name; method++) {
		bool open = method->role == RPC_READER;
		char row[64];

		snprintf(row, sizeof(row), "\n| `%s` |", method->name);
		cr_expect_eq(strstr(everybody, row) != NULL, open, "%s", method->name);
		cr_expect_eq(strstr(operators, row) != NULL, !open, "%s", method->name);
	}
	free(everybody);
	free(operators);
}

Test(rpc, strangers_may_look_but_change_nothing)
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
	cr_expect_eq(ask_as_nobody("{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"version\"}\n"), 0);
	cr_expect_eq(ask_as_nobody("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"show.ports\"}\n"),
		     0);
}

Test(rpc, names_and_values_that_are_wrong_are_told)
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

Test(rpc, without_a_dataplane_there_is_a_clear_error)
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
