// SPDX-License-Identifier: BSD-3-Clause
// What ixfab capture asks for and prints, to the letter.
#include <criterion/criterion.h>

#include "tests/support/expect_line.h"

#define BEGUN		 "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"version\":1,\"capture\":3}}\n"
#define CAPTURED(params) "{\"jsonrpc\":\"2.0\",\"method\":\"captured\",\"params\":{" params "}}\n"
#define ARP                                                      \
	"ffffffffffff020000000001080600010800060400010200000000" \
	"01c0000201000000000000c0000202"
#define FRAME(rest)                                                                               \
	"\"frame\":{\"time_ns\":1767225600000001000,\"port\":\"lon-1\",\"lan\":\"peering\"," rest \
	",\"length\":60,\"frame\":\"" ARP "\"}"
#define FLOODED FRAME("\"verdict\":\"flooded\",\"out\":null,\"copies\":5,\"reason\":null")
#define DROPPED                                                                  \
	FRAME("\"verdict\":\"dropped\",\"out\":null,\"copies\":null,\"reason\":" \
	      "\"arp_spoofed\"")
#define LOST                                                                                \
	FRAME("\"verdict\":\"lost\",\"out\":\"lon-2\",\"copies\":null,\"reason\":\"egress_" \
	      "storm\"")
#define LINE(verdict)                               \
	"00:00:00.000001  lon-1  peering  " verdict \
	"  60 octets  ARP who has 192.0.2.2, tell 192.0.2.1 (02:00:00:00:00:01)\n"
#define ENDED(why) \
	"\"ended\":\"" why "\",\"frames\":3,\"missed\":1,\"unseen\":2,\"died_in_guard\":0"

Test(cmd_capture, frames_are_lines)
{
	static const struct fake_answer answers[] = {
		{"capture.begin", FAKE_RAW,
		 BEGUN CAPTURED(FLOODED) CAPTURED(DROPPED) CAPTURED(LOST) CAPTURED(ENDED("time")),
		 "{\"count\":3,\"drops\":\"any\",\"port\":\"lon-1\",\"seconds\":900,\"snap\":64}"},
		{0},
	};

	expect_line(answers, "ixfab capture --port lon-1 --drops any -c 3 -s 64 --for 15m",
		    STATUS_OK,
		    LINE("flooded to 5 ports") LINE("dropped: arp_spoofed")
			    LINE("lost at lon-2: egress_storm"),
		    "3 captured\n"
		    "1 frame missed: they came too fast\n"
		    "2 frames not looked at: workers give captures a tenth of their time\n");
}

Test(cmd_capture, frames_are_json)
{
	static const struct fake_answer answers[] = {
		{"capture.begin", FAKE_RAW, BEGUN CAPTURED(LOST) CAPTURED(ENDED("port")), "{}"},
		{0},
	};

	expect_line(answers, "ixfab -j capture", STATUS_FAILED, NULL, "ixfab: the port has gone\n");
}

Test(cmd_capture, a_filter_becomes_a_program)
{
	static const struct fake_answer answers[] = {
		{"capture.begin", FAKE_RAW, BEGUN CAPTURED(ENDED("count")),
		 "{\"filter\":\"arp or vlan\",\"program\":[[40,0,0,12],[21,3,0,2054],"
		 "[21,2,0,33024],[21,1,0,34984],[21,0,1,37120],[6,0,0,65535],[6,0,0,0]]}"},
		{0},
	};

	expect_line(answers, "ixfab capture arp or vlan", STATUS_OK, "", NULL);
}

Test(cmd_capture, wrong_filters_are_told_before_anybody_is_asked)
{
	static const struct fake_answer none[] = {{0}};

	expect_line(none, "ixfab capture no such filter", STATUS_USAGE, "",
		    "ixfab: wrong filter \"no such filter\": can't parse filter expression: syntax "
		    "error\n");
	expect_line(none, "ixfab capture ip6 protochain 58", STATUS_USAGE, "",
		    "ixfab: wrong filter \"ip6 protochain 58\": it loops, as protochain does, and "
		    "workers run nothing that does\n");
	expect_line(none, "ixfab capture -c 0", STATUS_USAGE, "", NULL);
	expect_line(none, "ixfab capture --for soon", STATUS_USAGE, "", NULL);
}

Test(cmd_capture, a_daemon_that_dies_is_a_failure)
{
	static const struct fake_answer answers[] = {
		{"capture.begin", FAKE_RAW, BEGUN CAPTURED(FLOODED), NULL},
		{0},
	};

	expect_line(answers, "ixfab capture", STATUS_UNREACHABLE, NULL,
		    "ixfab: ixfab-control hung up before it answered\n");
}

Test(cmd_capture, captures_are_a_table)
{
	static const struct fake_answer answers[] = {
		{"show.captures", FAKE_RESULT,
		 "{\"version\":1,\"captures\":[{\"capture\":3,\"port\":null,\"drops\":\"any\","
		 "\"filter\":\"arp\",\"by\":\"root\",\"since\":1767225600.5,\"frames\":12}]}",
		 NULL},
		{0},
	};
	static const struct fake_answer none[] = {
		{"show.captures", FAKE_RESULT, "{\"version\":1,\"captures\":[]}", NULL},
		{0},
	};

	expect_line(answers, "ixfab show captures", STATUS_OK,
		    "CAPTURE  BY    SINCE                PORT  DROPS  FILTER  FRAMES\n"
		    "      3  root  2026-01-01 00:00:00  -     any    arp         12\n",
		    "");
	expect_line(none, "ixfab show captures", STATUS_OK, "Nobody captures.\n", "");
}
