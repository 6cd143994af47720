// SPDX-License-Identifier: BSD-3-Clause
// What the commands about events and quarantine print, to the letter.
#include <criterion/criterion.h>

#include "tests/support/expect_line.h"

#define EVENT                                                                                     \
	"\"id\":7,\"port\":\"lon-1\",\"asn\":64501,\"member\":\"Example "                         \
	"Net\",\"lan\":\"peering\","                                                              \
	"\"reason\":\"mac_limit\",\"level\":\"warning\",\"open\":false,\"first\":1767225600.5,"   \
	"\"last\":1767225660.5,\"count\":1000000,\"macs\":[\"02:00:00:00:00:0a\","                \
	"\"02:00:00:00:00:0b\"],\"more_macs\":true,\"length\":60,\"frame\":"                      \
	"\"ffffffffffff02000000000a08060001080006040001\",\"summary\":\"ARP who has 192.0.2.1\"," \
	"\"text\":\"Too many.\",\"detail\":null"

static const struct fake_answer some[] = {
	{"show.events", FAKE_RESULT, "{\"version\":1,\"events\":[{" EVENT "}]}", NULL},
	{0},
};

Test(cmd_events, events_are_a_table)
{
	expect_line(
		some, "ixfab show events --port lon-1 -n 5", STATUS_OK,
		"ID  FIRST                LAST                 PORT   MEMBER   LAN      LEVEL    "
		"REASON       COUNT  FROM                   FIRST FRAME\n"
		" 7  2026-01-01 00:00:00  2026-01-01 00:01:00  lon-1  AS64501  peering  warning  "
		"mac_limit  1000000  more than 2 addresses  ARP who has 192.0.2.1\n",
		"");
}

Test(cmd_events, parameters_are_what_was_asked_for)
{
	static const struct fake_answer answers[] = {
		{"show.events", FAKE_RESULT, "{\"version\":1,\"events\":[]}",
		 "{\"limit\":5,\"port\":\"lon-1\",\"reason\":\"mac_limit\"}"},
		{0},
	};

	expect_line(answers, "ixfab show events --port lon-1 -n 5 --reason mac_limit", STATUS_OK,
		    "No events.\n", "");
	expect_line(answers, "ixfab events --port lon-1 -n 5 --reason=mac_limit", STATUS_OK,
		    "No events.\n", "");
}

Test(cmd_events, what_cannot_be_a_number_or_a_span_is_refused)
{
	expect_line(some, "ixfab show events -n x", STATUS_USAGE, "", NULL);
	expect_line(some, "ixfab show events -n 0", STATUS_USAGE, "", NULL);
	expect_line(some, "ixfab show events --since 2", STATUS_USAGE, "", NULL);
	expect_line(some, "ixfab show events --since h", STATUS_USAGE, "", NULL);
	expect_line(some, "ixfab show events --since -1h", STATUS_USAGE, "", NULL);
	expect_line(some, "ixfab show events --since nand", STATUS_USAGE, "", NULL);
	expect_line(some, "ixfab show events --since 2hm", STATUS_USAGE, "",
		    "ixfab: \"2hm\" is not a span of time: write 90s, 15m, 2h or 7d\n"
		    "Usage: ixfab show events [--port PORT] [--reason REASON] [--since SINCE] [-n "
		    "LIMIT]\n");
	expect_line(some, "ixfab show events --since 2h", STATUS_OK, NULL, "");
	expect_line(some, "ixfab show event", STATUS_USAGE, "", NULL);
}

Test(cmd_events, one_fills_a_page)
{
	static const struct fake_answer answers[] = {
		{"show.event", FAKE_RESULT,
		 "{\"version\":1,\"event\":{" EVENT ",\"decoded\":[\"Ethernet\",\"ARP\"]}}",
		 "{\"id\":7}"},
		{0},
	};

	expect_line(answers, "ixfab show event 7", STATUS_OK,
		    "Event      7\n"
		    "Port       lon-1\n"
		    "Member     AS64501 Example Net\n"
		    "LAN        peering\n"
		    "Reason     mac_limit\n"
		    "  meaning  Too many.\n"
		    "Level      warning\n"
		    "State      over\n"
		    "First      2026-01-01 00:00:00\n"
		    "Last       2026-01-01 00:01:00\n"
		    "Count      1000000\n"
		    "From       02:00:00:00:00:0a, 02:00:00:00:00:0b and others\n"
		    "\n"
		    "Its first frame, 60 octets, of which these were kept:\n"
		    "  Ethernet\n"
		    "  ARP\n"
		    "\n"
		    "  0000  ff ff ff ff ff ff 02 00  00 00 00 0a 08 06 00 01  ................\n"
		    "  0010  08 00 06 04 00 01                                 ......\n",
		    "");
}

Test(cmd_events, following_ends_when_the_daemon_does)
{
	static const struct fake_answer answers[] = {
		{"events.follow", FAKE_RAW,
		 "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"version\":1,\"events\":[{" EVENT
		 "}]}}\n"
		 "{\"jsonrpc\":\"2.0\",\"method\":\"other\",\"params\":{}}\n"
		 "{\"jsonrpc\":\"2.0\",\"method\":\"event\",\"params\":{" EVENT
		 ",\"change\":\"updated\"}}\n"
		 "{\"jsonrpc\":\"2.0\",\"method\":\"event\",\"params\":{" EVENT
		 ",\"change\":\"opened\"}}\n",
		 NULL},
		{0},
	};

	expect_line(answers, "ixfab events --follow", STATUS_UNREACHABLE,
		    "2026-01-01 00:01:00  closed  7  lon-1  AS64501  warning  mac_limit  1000000  "
		    "more than 2 addresses  ARP who has 192.0.2.1\n"
		    "2026-01-01 00:00:00  opened  7  lon-1  AS64501  warning  mac_limit  1000000  "
		    "more than 2 addresses  ARP who has 192.0.2.1\n",
		    "ixfab: ixfab-control hung up before it answered\n");
	expect_line(answers, "ixfab -j events --follow --reason runt", STATUS_UNREACHABLE,
		    "{" EVENT ",\"change\":\"closed\"}\n", NULL);
}

Test(cmd_events, a_report_can_be_sent_to_the_member)
{
	static const struct fake_answer answers[] = {
		{"quarantine.report", FAKE_RESULT,
		 "{\"version\":1,\"port\":\"lon-1\",\"asn\":64501,\"member\":\"Example Net\","
		 "\"quarantine\":true,\"verdict\":\"fail\",\"reasons\":[\"It sends LLDP.\"],"
		 "\"since\":1767225600.5,\"last\":1767225660,\"frames\":12,\"missed\":3,"
		 "\"addresses\":[{\"ip\":\"192.0.2.1\",\"answered\":true}],"
		 "\"macs\":[{\"mac\":\"02:00:00:00:00:0a\",\"frames\":12,\"first\":1767225600,"
		 "\"last\":1767225660,\"registered\":true}],\"more_macs\":false,"
		 "\"types\":[{\"type\":35020,\"name\":\"LLDP\",\"frames\":12},"
		 "{\"type\":null,\"name\":\"a length\",\"frames\":1}],\"more_types\":false,"
		 "\"findings\":[{\"finding\":\"lldp\",\"fault\":true,\"text\":\"It sends LLDP.\","
		 "\"frames\":12,\"first\":1767225600,\"last\":1767225660,\"length\":60,"
		 "\"frame\":\"00\",\"summary\":\"link layer discovery (LLDP)\","
		 "\"advice\":[{\"system\":\"Cisco IOS\",\"commands\":[\"no lldp transmit\","
		 "\"no lldp receive\"]},{\"system\":\"Junos\",\"commands\":[\"set protocols lldp "
		 "interface IF disable\"]}]}]}",
		 "{\"port\":\"lon-1\"}"},
		{0},
	};

	expect_line(answers, "ixfab port lon-1 quarantine report", STATUS_OK,
		    "Port lon-1, AS64501 Example Net: in quarantine\n"
		    "Verdict: fail\n"
		    "  - It sends LLDP.\n"
		    "12 frames since 2026-01-01 00:00:00\n"
		    "3 more came too fast to be looked at: all counts are \"at least\"\n"
		    "\n"
		    "ADDRESS    ANSWERED\n"
		    "192.0.2.1  yes\n"
		    "\n"
		    "MAC                REGISTERED  FRAMES  FIRST                LAST\n"
		    "02:00:00:00:00:0a  yes             12  2026-01-01 00:00:00  2026-01-01 "
		    "00:01:00\n"
		    "\n"
		    "TYPE    NAME      FRAMES\n"
		    "0x88cc  LLDP          12\n"
		    "-       a length       1\n"
		    "\n"
		    "It sends LLDP.\n"
		    "  lldp: 12 frames, the last 2026-01-01 00:01:00\n"
		    "  first frame: link layer discovery (LLDP)\n"
		    "    Cisco IOS         no lldp transmit\n"
		    "                      no lldp receive\n"
		    "    Junos             set protocols lldp interface IF disable\n",
		    "");
}
