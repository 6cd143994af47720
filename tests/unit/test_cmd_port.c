// SPDX-License-Identifier: BSD-3-Clause
// `ixfab port PORT ...`, and the states of ports, to the letter.
#include <criterion/criterion.h>

#include "control/ctl/port_state.h"
#include "tests/support/expect_line.h"

static const struct {
	const char *line;
	const char *method;
	const char *params;
	const char *result; // without its version
	const char *printed;
} commands_said[] = {
	{"ixfab port swp1 down", "port.set", "{\"admin\":\"down\",\"port\":\"swp1\"}",
	 "\"port\":\"swp1\",\"admin\":\"down\"", "Port swp1 is administratively down.\n"},
	{"ixfab port swp1 enable", "port.enable", "{\"port\":\"swp1\"}",
	 "\"port\":\"swp1\",\"was_disabled\":false,\"disabled\":null",
	 "Port swp1 was not disabled.\n"},
	{"ixfab port swp1 enable", "port.enable", NULL,
	 "\"port\":\"swp1\",\"was_disabled\":true,\"disabled\":{\"why\":\"loop\",\"since\":"
	 "1767225600.5,\"until\":null,\"left\":null,\"other\":\"swp3\",\"reason\":null}",
	 "Port swp1 is enabled. It had been disabled since 2026-01-01 00:00:00: loop with swp3.\n"},
	{"ixfab port swp1 enable", "port.enable", NULL,
	 "\"port\":\"swp1\",\"was_disabled\":true,\"disabled\":null", "Port swp1 is enabled.\n"},
	{"ixfab port swp1 drain", "port.drain", "{\"port\":\"swp1\"}",
	 "\"port\":\"swp1\",\"drained\":true,\"until\":null",
	 "Port swp1 is drained until it is undrained.\n"
	 "BGP between members does not pass it. Before maintenance wait until its traffic is near "
	 "zero: ixfab show port swp1\n"},
	{"ixfab port swp1 drain --for 2h", "port.drain", NULL,
	 "\"port\":\"swp1\",\"drained\":true,\"until\":1767232800.0",
	 "Port swp1 is drained until 2026-01-01 02:00:00.\n"
	 "BGP between members does not pass it. Before maintenance wait until its traffic is near "
	 "zero: ixfab show port swp1\n"},
	{"ixfab port swp1 undrain", "port.undrain", "{\"port\":\"swp1\"}",
	 "\"port\":\"swp1\",\"drained\":false,\"until\":null", "Port swp1 is no longer drained.\n"},
	{"ixfab port swp1 promote", "port.promote", "{\"port\":\"swp1\"}",
	 "\"port\":\"swp1\",\"quarantine\":false",
	 "Port swp1 has left quarantine, and is in production.\n"},
	{"ixfab port swp1 quarantine", "port.quarantine", "{\"port\":\"swp1\"}",
	 "\"port\":\"swp1\",\"quarantine\":true", "Port swp1 is in quarantine.\n"},
	{"ixfab port swp1 mac add 0200.0000.0009 --lan peering", "port.mac.add",
	 "{\"lan\":\"peering\",\"mac\":\"02:00:00:00:00:09\",\"port\":\"swp1\"}",
	 "\"port\":\"swp1\",\"lan\":\"peering\",\"mac\":\"02:00:00:00:00:09\",\"until\":"
	 "1767232800.0,\"left\":86400,\"usual\":true",
	 "Port swp1 may use 02:00:00:00:00:09 in peering until 2026-01-01 02:00:00 (1d00h, as no "
	 "--until was given).\n"},
	{"ixfab port swp1 mac add 020000000009 --until 2h", "port.mac.add", NULL,
	 "\"port\":\"swp1\",\"lan\":\"peering\",\"mac\":\"02:00:00:00:00:09\",\"until\":"
	 "1767232800.0,\"left\":7200,\"usual\":false",
	 "Port swp1 may use 02:00:00:00:00:09 in peering until 2026-01-01 02:00:00 (2h00m).\n"},
	{"ixfab port swp1 mac del 020000000009", "port.mac.del",
	 "{\"mac\":\"02:00:00:00:00:09\",\"port\":\"swp1\"}",
	 "\"port\":\"swp1\",\"mac\":\"02:00:00:00:00:09\",\"removed\":1",
	 "Port swp1 may use 02:00:00:00:00:09 no longer.\n"},
	{"ixfab port swp1 mac clear", "port.mac.clear", "{\"port\":\"swp1\"}",
	 "\"port\":\"swp1\",\"mac\":null,\"removed\":1",
	 "1 address that port swp1 had learned for good is forgotten.\n"},
	{"ixfab port swp1 mac clear --lan peering", "port.mac.clear",
	 "{\"lan\":\"peering\",\"port\":\"swp1\"}", "\"port\":\"swp1\",\"mac\":null,\"removed\":0",
	 "0 addresses that port swp1 had learned for good are forgotten.\n"},
	{"ixfab port swp1 mac list", "port.mac.list", "{\"port\":\"swp1\"}",
	 "\"port\":\"swp1\",\"macs\":[{\"mac\":\"02:00:00:00:00:01\",\"lan\":\"peering\",\"type\":"
	 "\"registered\",\"since\":null,\"until\":null,\"left\":null,\"by\":null},{\"mac\":"
	 "\"02:00:00:00:00:09\",\"lan\":\"peering\",\"type\":\"temporary\",\"since\":1767225600.0,"
	 "\"until\":1767232800.0,\"left\":3601,\"by\":\"alice\"},{\"mac\":\"02:00:00:00:00:0a\","
	 "\"lan\":\"peering\",\"type\":\"sticky\",\"since\":1767225600.0,\"until\":null,\"left\":"
	 "null,\"by\":null}]",
	 "MAC                LAN      TYPE        SINCE                UNTIL                 LEFT  "
	 "BY\n"
	 "02:00:00:00:00:01  peering  registered  -                    -                        -  "
	 "-\n"
	 "02:00:00:00:00:09  peering  temporary   2026-01-01 00:00:00  2026-01-01 02:00:00  "
	 "1h00m  alice\n"
	 "02:00:00:00:00:0a  peering  sticky      2026-01-01 00:00:00  -                        -  "
	 "-\n"},
};

Test(cmd_port, says_what_is_now)
{
	for (size_t i = 0; i < sizeof(commands_said) / sizeof(*commands_said); i++) {
		char result[1024];
		const struct fake_answer answers[] = {
			{commands_said[i].method, FAKE_RESULT, result, commands_said[i].params},
			{0},
		};

		snprintf(result, sizeof(result), "{\"version\":1,%s}", commands_said[i].result);
		expect_line(answers, commands_said[i].line, STATUS_OK, commands_said[i].printed,
			    "");
	}
}

static const struct {
	const char *port;
	const char *state;
	const char *drained;
} states[] = {
	{"{}", "-", "-"},
	{"{\"state\":\"up\",\"quarantine\":false,\"drained\":null}", "up", "-"},
	{"{\"state\":\"down\"}", "down", "-"},
	{"{\"state\":\"admin down\",\"quarantine\":true}", "admin down", "-"},
	{"{\"state\":\"left out\"}", "left out", "-"},
	{"{\"state\":\"quarantine\",\"quarantine\":true}", "quarantine", "-"},
	{"{\"state\":\"disabled\",\"disabled\":{\"why\":\"loop\",\"other\":\"swp3\",\"left\":212}}",
	 "disabled (loop with swp3, enabled again in 212 s)", "-"},
	{"{\"state\":\"disabled\",\"disabled\":{\"why\":\"security\",\"other\":null,\"left\":null}"
	 "}",
	 "disabled (port security, until it is enabled)", "-"},
	{"{\"state\":\"disabled\",\"disabled\":{\"why\":\"flap\",\"left\":0}}",
	 "disabled (link going up and down, enabled again in 0 s)", "-"},
	{"{\"state\":\"disabled\",\"disabled\":{\"why\":\"novel\",\"left\":1}}",
	 "disabled (novel, enabled again in 1 s)", "-"},
	{"{\"state\":\"drained\",\"quarantine\":true,\"drained\":{\"since\":1767225600,\"until\":"
	 "null,\"rate\":null,\"rate_before\":null,\"near_zero\":false}}",
	 "drained, quarantine",
	 "since 2026-01-01 00:00:00, until undrained, traffic now not known (was not known)"},
	{"{\"state\":\"drained\",\"drained\":{\"since\":1767225600,\"until\":1767232800,\"rate\":"
	 "99000,\"rate_before\":3450000000,\"near_zero\":true}}",
	 "drained",
	 "since 2026-01-01 00:00:00, until 2026-01-01 02:00:00, traffic now 99 kb/s (was 3.5 Gb/s)"
	 ": near zero"},
};

Test(cmd_port, states_in_words)
{
	setenv("TZ", "UTC", 1);
	for (size_t i = 0; i < sizeof(states) / sizeof(*states); i++) {
		json_t *port = json_loads(states[i].port, 0, NULL);
		char *state = port_state_text(port);
		char *drained = port_drained_text(port);

		cr_expect_str_eq(state, states[i].state);
		cr_expect_str_eq(drained, states[i].drained);
		free(state);
		free(drained);
		json_decref(port);
	}
}
