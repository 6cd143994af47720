// SPDX-License-Identifier: BSD-3-Clause
#include "control/ctl/frame.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <stdio.h>

#include "control/ctl/frame_words.h"

enum { WORDS_MAX = 64 };

#define A	"02:00:00:00:00:0a"
#define B	"02:00:00:00:00:0b"
#define A_TO_B	"from " A " to " B " "
#define HEADER	"02000000000b02000000000a"
#define ALL	"33330000000102000000000a"
#define SOLICIT "3333ff00000202000000000a"

static int parse(const char *line, struct frame_description *description, char *error)
{
	static char copy[2048];
	char *words[WORDS_MAX];
	size_t n = 0;

	snprintf(copy, sizeof(copy), "%s", line);
	for (char *word = strtok(copy, " "); word; word = strtok(NULL, " "))
		words[n++] = word;
	return frame_parse(words, n, description, error);
}

// The octets that are spelled out, as hexadecimal digits.
static const char *hex(const struct frame *frame)
{
	static char text[2 * FRAME_GIVEN_MAX + 1];

	text[0] = 0;
	for (size_t i = 0; i < frame->n_given; i++)
		sprintf(text + 2 * i, "%02x", frame->octets[i]);
	return text;
}

// Octets and checksums were computed by another program.
static const struct {
	const char *words;
	uint16_t length;
	const char *octets;
} frames[] = {
	{A_TO_B "ipv4 192.0.2.1 192.0.2.2 udp", 60,
	 HEADER "08004500001c000040004011b6cdc0000201c0000202c000829a0008393f"},
	{A_TO_B "ipv4 192.0.2.1 192.0.2.2 udp 1000 2000 length 100", 100,
	 HEADER "080045000056000040004011b693c0000201c000020203e807d000426fae"},
	{A_TO_B "vlan 10 ipv4 192.0.2.1 192.0.2.2 tcp", 60,
	 HEADER "8100000a080045000028000040004006b6ccc0000201c0000202"
		"c00000b300000001000000005002ffff6b2a0000"},
	{A_TO_B "ipv4 192.0.2.1 192.0.2.2 icmp", 60,
	 HEADER "08004500001c000040004001b6ddc0000201c00002020800f7ff00000000"},
	{A_TO_B "ipv6 2001:db8::1 2001:db8::2 tcp 49152 179", 74,
	 HEADER "86dd600000000014064020010db800000000000000000000000120010db800000000"
		"0000000000000002c00000b300000001000000005002ffff93b90000"},
	{A_TO_B "ipv6 2001:db8::1 2001:db8::2 icmp 128 0", 62,
	 HEADER "86dd6000000000083a4020010db800000000000000000000000120010db800000000"
		"00000000000000028000244800000000"},
	{"from " A " to broadcast arp who-has 192.0.2.2 tell 192.0.2.1", 60,
	 "ffffffffffff02000000000a0806000108000604000102000000000ac0000201000000000000c0000202"},
	{A_TO_B "arp reply 192.0.2.1 is-at " A, 60,
	 HEADER "0806000108000604000202000000000ac000020102000000000bc0000201"},
	{"from " A " to 33:33:ff:00:00:02 ns 2001:db8::2 tell 2001:db8::1", 86,
	 SOLICIT "86dd6000000000203aff20010db8000000000000000000000001ff020000000000000000"
		 "0001ff00000287001c1e0000000020010db8000000000000000000000002010102000000"
		 "000a"},
	{"from " A " to 33:33:ff:00:00:02 ns 2001:db8::2", 78,
	 SOLICIT "86dd6000000000183aff00000000000000000000000000000000ff020000000000000000"
		 "0001ff00000287004ceb0000000020010db8000000000000000000000002"},
	{"from " A " to 33:33:00:00:00:01 na 2001:db8::1", 86,
	 ALL "86dd6000000000203aff20010db8000000000000000000000001ff0200000000000000000000"
	     "000000018800f9212000000020010db8000000000000000000000001020102000000000a"},
	{"from " A " to 33:33:00:00:00:01 ra", 78,
	 ALL "86dd6000000000183afffe80000000000000000000fffe00000aff0200000000000000000000"
	     "000000018600330b400007080000000000000000010102000000000a"},
	{A_TO_B "type 0x88cc", 60, HEADER "88cc"},
	{A_TO_B "vlan 10 vlan 20 type 0x88cc length 70", 70, HEADER "8100000a8100001488cc"},
	{"hex 02:00:00:00:00:0b 02000000000a 9000 00", 15, HEADER "900000"},
	{"hex 02000000000b02000000000a9000 length 1514", 1514, HEADER "9000"},
	{"type 0x9000 length 1514 to " B " from " A, 1514, HEADER "9000"},
	// Shorter than its own headers: they tell the truth, and the frame is cut.
	{A_TO_B "ipv4 192.0.2.1 192.0.2.2 udp length 20", 20, HEADER "08004500001c0000"},
};

Test(frame, words_become_octets)
{
	for (size_t i = 0; i < sizeof(frames) / sizeof(*frames); i++) {
		struct frame_description description;
		char error[FRAME_ERROR_SIZE] = "";
		struct frame frame;

		cr_assert_eq(parse(frames[i].words, &description, error), 0, "%s: %s",
			     frames[i].words, error);
		cr_assert_eq(frame_build(&description, &frame), 0);
		cr_expect_str_eq(hex(&frame), frames[i].octets, "%s", frames[i].words);
		cr_expect_eq(frame.length, frames[i].length, "%s", frames[i].words);
	}
}

static const struct {
	const char *words;
	const char *complaint; // its beginning
} mistakes[] = {
	{"", "what does it carry?"},
	{A_TO_B, "what does it carry?"},
	{"from 02:00 ra", "\"02:00\" behind \"from\" is no MAC address"},
	{"from", "a MAC address is missing behind \"from\""},
	{A_TO_B "vlan 4096 ra", "\"4096\" is no VLAN: write a number from 0 to 4095"},
	{A_TO_B "vlan -1 ra", "\"-1\" is no VLAN"},
	{A_TO_B "vlan 1x ra", "\"1x\" is no VLAN"},
	{A_TO_B "vlan", "VLAN is missing"},
	{"vlan 1 vlan 2 vlan 3 ra", "more than 2 tags"},
	{"ipv4 192.0.2.300 192.0.2.1", "\"192.0.2.300\" is no IPv4 address (the sender)"},
	{"ipv4 192.0.2.1", "an IPv4 address is missing: the receiver"},
	{"ipv4 2001:db8::1 192.0.2.1", "\"2001:db8::1\" is no IPv4 address"},
	{"ipv6 192.0.2.1 2001:db8::1", "\"192.0.2.1\" is no IPv6 address"},
	{"ipv4 192.0.2.1 192.0.2.2 tcp 80", "destination port is missing"},
	{"ipv4 192.0.2.1 192.0.2.2 tcp 80 65536", "\"65536\" is no destination port"},
	{"ipv4 192.0.2.1 192.0.2.2 icmp 256", "\"256\" is no ICMP type"},
	{"ipv4 192.0.2.1 192.0.2.2 proto x", "\"x\" is no IP protocol"},
	{"arp", "behind \"arp\" comes"},
	{"arp who-has", "an IPv4 address is missing: who has it?"},
	{"arp reply 192.0.2.1", "\"is-at MAC\" is missing"},
	{"ra na 2001:db8::1", "a frame cannot be \"ra\" and \"na\""},
	{"ra length 13", "\"13\" is no length: write a number from 14 to 65535"},
	{"ra length 65536", "\"65536\" is no length"},
	{"type 0x10000", "\"0x10000\" is no ethertype"},
	{"ipv5 192.0.2.1", "\"ipv5\" means nothing in a frame: did you mean \"ipv"},
	{"xyzzy", "\"xyzzy\" means nothing here"},
	{"hex 0g", "'g' is no hexadecimal digit"},
	{"hex 000", "an odd number of hexadecimal digits"},
	{"hex 00", "a frame has 14 to 65535 octets, here are 1"},
	{"vlan 5 hex 02000000000b02000000000a9000", "a frame in hex brings its own tags"},
};

Test(frame, mistakes_are_named)
{
	for (size_t i = 0; i < sizeof(mistakes) / sizeof(*mistakes); i++) {
		struct frame_description description;
		char error[FRAME_ERROR_SIZE] = "";
		const char *complaint = mistakes[i].complaint;

		cr_expect_eq(parse(mistakes[i].words, &description, error), -EINVAL, "%s",
			     mistakes[i].words);
		cr_expect_eq(strncmp(error, complaint, strlen(complaint)), 0, "%s: %s",
			     mistakes[i].words, error);
	}
}

Test(frame, long_hex_is_cut_but_keeps_its_length)
{
	char line[2048] = "hex ";
	struct frame_description description;
	char error[FRAME_ERROR_SIZE];
	struct frame frame;

	for (int i = 0; i < 500; i++)
		strcat(line, "02");
	cr_assert_eq(parse(line, &description, error), 0);
	cr_assert_eq(frame_build(&description, &frame), 0);
	cr_expect_eq(frame.length, 500);
	cr_expect_eq(frame.n_given, FRAME_GIVEN_MAX);
}

static const struct {
	const char *words;
	mac_t to; // 0: only others know
} targets[] = {
	{"arp who-has 192.0.2.2", MAC_BROADCAST},
	{"arp reply 192.0.2.2 is-at " A, MAC_BROADCAST},
	{"ipv4 192.0.2.1 255.255.255.255", MAC_BROADCAST},
	{"ipv4 192.0.2.1 224.0.0.5", MAC(0x01, 0x00, 0x5e, 0, 0, 5)},
	{"ipv4 192.0.2.1 239.255.1.2", MAC(0x01, 0x00, 0x5e, 0x7f, 1, 2)},
	{"ipv6 2001:db8::1 ff02::5", MAC(0x33, 0x33, 0, 0, 0, 5)},
	{"ns 2001:db8::12:3456", MAC(0x33, 0x33, 0xff, 0x12, 0x34, 0x56)},
	{"na 2001:db8::1", MAC(0x33, 0x33, 0, 0, 0, 1)},
	{"ra", MAC(0x33, 0x33, 0, 0, 0, 1)},
	{"ipv4 192.0.2.1 192.0.2.2", 0},
	{"ipv6 2001:db8::1 2001:db8::2", 0},
	{"type 0x88cc", 0},
};

Test(frame, groups_follow_from_the_payload)
{
	for (size_t i = 0; i < sizeof(targets) / sizeof(*targets); i++) {
		struct frame_description description;
		char error[FRAME_ERROR_SIZE];
		mac_t to = 0;

		cr_assert_eq(parse(targets[i].words, &description, error), 0);
		cr_expect_eq(frame_group_target(&description, &to), targets[i].to != 0, "%s",
			     targets[i].words);
		cr_expect_eq(to, targets[i].to, "%s", targets[i].words);
	}
}
