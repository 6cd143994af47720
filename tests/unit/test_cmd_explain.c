// SPDX-License-Identifier: BSD-3-Clause
// explain: what is asked, and how the answer reads.
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "tests/support/expect_line.h"

// Two members whose addresses are registered, a port where nothing is, and a link of the first.
#define PORTS                                                                                  \
	"{\"version\":1,\"ports\":["                                                           \
	"{\"name\":\"lon-1\",\"lans\":[{\"lan\":\"spare\",\"macs\":[],\"ips\":[]},"            \
	"{\"lan\":\"peering\",\"macs\":[\"02:00:00:00:00:0a\"],\"ips\":[\"192.0.2.1\"]}]},"    \
	"{\"name\":\"ams-2\",\"lans\":[{\"lan\":\"peering\",\"macs\":[\"02:00:00:00:00:0b\"]," \
	"\"ips\":[\"192.0.2.2\",\"2001:db8::2\"]}]},"                                          \
	"{\"name\":\"par-3\",\"lans\":[]},"                                                    \
	"{\"name\":\"lon-9\",\"lag\":\"lon-1\",\"lans\":[]}]}"

#define STAGES                                                                    \
	"{\"version\":1,\"stages\":["                                             \
	"{\"stage\":\"parse\",\"verdict\":\"ARP of 60 octets\",\"reason\":null}," \
	"{\"stage\":\"ingress\",\"verdict\":\"comes by lon-1 in LAN peering\",\"reason\":null}"

// The frame that lon-1 asks everybody with.
#define ARP                            \
	"ffffffffffff02000000000a0806" \
	"000108000604000102000000000ac0000201000000000000c0000202"
#define ARP_REQUEST "{\"frame\":\"" ARP "\",\"length\":60,\"port\":\"lon-1\"}"

Test(cmd_explain, a_frame_that_is_flooded)
{
	static const struct fake_answer answers[] = {
		{"explain", FAKE_RESULT,
		 STAGES "],\"egress\":["
			"{\"port\":\"ams-2\",\"vid\":null,\"length\":60,\"reason\":null},"
			"{\"port\":\"par-3\",\"vid\":10,\"length\":64,\"reason\":\"egress_mtu\"}],"
			"\"reason\":null}",
		 ARP_REQUEST},
		{0},
	};

	expect_line(answers,
		    "ixfab explain --port lon-1 from 02:00:00:00:00:0a arp who-has 192.0.2.2 "
		    "tell 192.0.2.1 to broadcast",
		    STATUS_OK,
		    "02:00:00:00:00:0a > ff:ff:ff:ff:ff:ff, ARP, 60 octets, comes by lon-1\n"
		    "\n"
		    "parse    ok  ARP of 60 octets\n"
		    "ingress  ok  comes by lon-1 in LAN peering\n"
		    "\n"
		    "LEAVES-BY  TAG       OCTETS  VERDICT\n"
		    "ams-2      untagged      60  sent\n"
		    "par-3      10            64  dropped, egress_mtu: Longer than the port it "
		    "should leave by can send.\n",
		    "");
}

Test(cmd_explain, a_frame_that_dies)
{
	static const struct fake_answer answers[] = {
		{"explain", FAKE_RESULT,
		 STAGES ",{\"stage\":\"lookup\",\"verdict\":\"nobody knows where it lives\","
			"\"reason\":\"unknown_unicast\"}],\"egress\":[],"
			"\"reason\":\"unknown_unicast\"}",
		 NULL},
		{0},
	};

	expect_line(
		answers,
		"ixfab explain --port lon-1 from 02:00:00:00:00:0a to 02:00:00:00:00:0c vlan 10 "
		"type 0x88cc",
		STATUS_OK,
		"02:00:00:00:00:0a > 02:00:00:00:00:0c, VLAN 10, type 0x88cc, 60 octets, comes "
		"by lon-1\n"
		"\n"
		"parse    ok    ARP of 60 octets\n"
		"ingress  ok    comes by lon-1 in LAN peering\n"
		"lookup   DROP  nobody knows where it lives\n"
		"\n"
		"It leaves nowhere, unknown_unicast: Nobody knows the destination, and the LAN "
		"does not flood.\n",
		"");
}

Test(cmd_explain, a_frame_that_the_fabric_keeps_and_a_reason_from_the_future)
{
	static const struct fake_answer kept[] = {
		{"explain", FAKE_RESULT,
		 "{\"version\":1,\"stages\":[],\"egress\":[],\"reason\":null}", NULL},
		{0},
	};
	static const struct fake_answer unheard_of[] = {
		{"explain", FAKE_RESULT,
		 "{\"version\":1,\"stages\":[],\"egress\":[],\"reason\":\"too_purple\"}", NULL},
		{0},
	};
	static const char line[] = "ixfab explain --port lon-1 hex ffffffffffff02000000000a0806";
	static const char head[] =
		"02:00:00:00:00:0a > ff:ff:ff:ff:ff:ff, ARP, 14 octets, comes by "
		"lon-1\n\n\n";
	char expected[512];

	snprintf(expected, sizeof(expected), "%sIt leaves nowhere: the fabric keeps it.\n", head);
	expect_line(kept, line, STATUS_OK, expected, "");
	snprintf(expected, sizeof(expected),
		 "%sIt leaves nowhere, too_purple: a reason that only a newer ixfab knows\n", head);
	expect_line(unheard_of, line, STATUS_OK, expected, "");
}

// Addresses that were left out come from the registered ones.
static const struct {
	const char *line;
	const char *head; // addresses of the frame that is sent, NULL: it is not
	const char *complaint;
	const char *port; // by which it comes; NULL: lon-1
} left_out[] = {
	{"ixfab explain -j --port lon-1 arp who-has 192.0.2.2 tell 192.0.2.1",
	 "ffffffffffff02000000000a", NULL},
	{"ixfab explain -j --port lon-1 ipv4 192.0.2.1 192.0.2.2 tcp", "02000000000b02000000000a",
	 NULL},
	{"ixfab explain -j --port lon-1 ipv4 203.0.113.1 192.0.2.2", "02000000000b02000000000a",
	 NULL},
	{"ixfab explain -j --port lon-1 ipv6 2001:db8::1 2001:db8::2", "02000000000b02000000000a",
	 NULL},
	{"ixfab explain -j --port lon-1 arp reply 192.0.2.1 is-at 02:00:00:00:00:66",
	 "ffffffffffff020000000066", NULL},
	{"ixfab explain -j --port lon-9 arp who-has 192.0.2.2 tell 192.0.2.1",
	 "ffffffffffff02000000000a", NULL, .port = "lon-9"},
	{"ixfab explain --port lon-1 ipv4 192.0.2.1 192.0.2.99", NULL,
	 "ixfab: \"to MAC\" is missing, and no registered address tells it\n"},
	{"ixfab explain --port par-3 arp who-has 192.0.2.2 tell 192.0.2.1", NULL,
	 "ixfab: \"from MAC\" is missing, and the port has no registered address\n"},
	{"ixfab explain --port lon-1 ra na", NULL, "ixfab: a frame cannot be \"ra\" and \"na\"\n"},
};

Test(cmd_explain, addresses_left_out_are_found)
{
	for (size_t i = 0; i < sizeof(left_out) / sizeof(*left_out); i++) {
		const struct fake_answer answers[] = {
			{"show.ports", FAKE_RESULT, PORTS, NULL},
			{"explain", FAKE_ECHO, NULL, NULL},
			{0},
		};
		const char *port = left_out[i].port ? left_out[i].port : "lon-1";
		char head[96];
		struct fake_control fake;
		struct line_result result;

		fake_control_start(&fake, answers);
		run_line(&result, fake.path, left_out[i].line);
		fake_control_stop(&fake);
		if (left_out[i].head) {
			snprintf(head, sizeof(head), "{\"port\":\"%s\",\"frame\":\"%s", port,
				 left_out[i].head);
			cr_expect_eq(result.status, STATUS_OK, "%s", left_out[i].line);
			cr_expect_eq(strncmp(result.out, head, strlen(head)), 0, "%s: %s",
				     left_out[i].line, result.out);
		} else {
			cr_expect_eq(result.status, STATUS_USAGE, "%s", left_out[i].line);
			cr_expect_str_eq(result.err, left_out[i].complaint);
		}
		line_result_free(&result);
	}
}
