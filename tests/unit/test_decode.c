// SPDX-License-Identifier: BSD-3-Clause
// Frames of every kind, in words.
#include "control/events/decode.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "control/events/dissect.h"
#include "control/events/finding.h"

static const struct {
	const char *name;
	const char *frame; // in hex digits
	const char *summary;
	enum finding finding;
} rows[] = {
	{"arp-who-has",
	 "ffffffffffff02000000000108060001080006040001020000000001c0000201000000000000c000"
	 "0202",
	 "ARP who has 192.0.2.2, tell 192.0.2.1 (02:00:00:00:00:01)", FINDING_NONE},
	{"arp-reply",
	 "02000000000202000000000108060001080006040002020000000001c0000201020000000002c000"
	 "0202",
	 "ARP 192.0.2.1 is at 02:00:00:00:00:01, to 192.0.2.2", FINDING_NONE},
	{"stp",
	 "0180c200000002000000000100264242030000020200000000000000000000000000000000000000"
	 "000000000000000000000000",
	 "spanning tree (STP, RSTP, MSTP), version 2, BPDU 0x02", FINDING_STP},
	{"pvst",
	 "01000ccccccd0200000000010030aaaa0300000c010b000000000000000000000000000000000000"
	 "00000000000000000000000000000000000000000000",
	 "spanning tree (PVST+)", FINDING_PVST},
	{"cdp",
	 "01000ccccccc0200000000010028aaaa0300000c200002b478787878787878787878787878787878"
	 "7878787878787878787878787878",
	 "Cisco discovery (CDP)", FINDING_CDP},
	{"isis",
	 "0180c20000140200000000010021fefe038383838383838383838383838383838383838383838383"
	 "83838383838383",
	 "IS-IS", FINDING_ISIS},
	{"lldp", "0180c200000e02000000000188cc0207040200000000010000",
	 "link layer discovery (LLDP)", FINDING_LLDP},
	{"lacp",
	 "0180c200000202000000000188090101000000000000000000000000000000000000000000000000"
	 "0000000000000000000000000000000000000000000000000000",
	 "link aggregation (LACP)", FINDING_LACP},
	{"ra",
	 "33330000000102000000000186dd6000000000103afffe800000000000000000000000000001ff02"
	 "000000000000000000000000000186000000400007080000000000000000",
	 "IPv6 fe80::1 to ff02::1: ICMPv6 router advertisement", FINDING_ROUTER_ADVERTISEMENT},
	{"ra-behind-extensions",
	 "33330000000102000000000186dd60000000002000fffe800000000000000000000000000001ff02"
	 "00000000000000000000000000013c000502000001003a0001040000000086000000400007080000"
	 "000000000000",
	 "IPv6 fe80::1 to ff02::1: ICMPv6 router advertisement", FINDING_ROUTER_ADVERTISEMENT},
	{"ns",
	 "3333ff00000202000000000186dd6000000000183aff20010db8000000000000000000000001ff02"
	 "00000000000000000001ff000002870000000000000020010db8000000000000000000000002",
	 "IPv6 2001:db8::1 to ff02::1:ff00:2: ICMPv6 neighbour solicitation, who has 2001:db8::2",
	 FINDING_NONE},
	{"na",
	 "02000000000202000000000186dd6000000000183aff20010db80000000000000000000000012001"
	 "0db8000000000000000000000002880000006000000020010db8000000000000000000000001",
	 "IPv6 2001:db8::1 to 2001:db8::2: ICMPv6 neighbour advertisement, about 2001:db8::1",
	 FINDING_NONE},
	{"dhcp-discover",
	 "ffffffffffff020000000001080045000110000100000111000000000000ffffffff0044004300fc"
	 "00000101060000000007000000000000000000000000000000000000000002000000000100000000"
	 "00000000000000000000000000000000000000000000000000000000000000000000000000000000"
	 "00000000000000000000000000000000000000000000000000000000000000000000000000000000"
	 "00000000000000000000000000000000000000000000000000000000000000000000000000000000"
	 "00000000000000000000000000000000000000000000000000000000000000000000000000000000"
	 "00000000000000000000000000000000000000000000000000000000000000000000000000006382"
	 "5363350101ff",
	 "IPv4 0.0.0.0 to 255.255.255.255: DHCP client, client 02:00:00:00:00:01, discover",
	 FINDING_DHCP_CLIENT},
	{"dhcpv6-solicit",
	 "33330001000202000000000186dd60000000000c11fffe800000000000000000000000000001ff02"
	 "000000000000000000000001000202220223000c000001aabbcc",
	 "IPv6 fe80::1 to ff02::1:2: DHCPv6 client, solicit", FINDING_DHCPV6_CLIENT},
	{"ospf-hello",
	 "01005e0000050200000000010800450000400001000001590000c0000201e00000050201002cc000"
	 "0201000000000000000000000000000000000000000000000000000000000000000000000000",
	 "IPv4 192.0.2.1 to 224.0.0.5: OSPF version 2, hello, router 192.0.2.1", FINDING_OSPF},
	{"vrrp",
	 "01005e0000120200000000010800450000200001000001700000c0000201e0000012310764010000"
	 "0000c0000201",
	 "IPv4 192.0.2.1 to 224.0.0.18: VRRP or CARP, version 3, virtual router 7, priority 100",
	 FINDING_VRRP},
	{"fragment",
	 "02000000000202000000000186dd60000000000c2cff20010db80000000000000000000000012001"
	 "0db80000000000000000000000023a0000010000000180000000",
	 "IPv6 2001:db8::1 to 2001:db8::2: ICMPv6 echo request", FINDING_NONE},
	{"mndp",
	 "ffffffffffff0200000000010800450000240001000001110000c0000201ffffffff162e162e0010"
	 "00000000000000000000",
	 "IPv4 192.0.2.1 to 255.255.255.255: MikroTik discovery (MNDP)", FINDING_MNDP},
	{"short", "010203", "3 octets, less than an Ethernet header", FINDING_NONE},
};

static size_t read_hex(const char *hex, uint8_t *octets)
{
	size_t n = 0;

	for (; *hex; hex += 2) {
		const char digits[] = {hex[0], hex[1], 0};

		octets[n++] = (uint8_t)strtoul(digits, NULL, 16);
	}
	return n;
}

Test(decode, frames_of_every_kind_are_put_into_words)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct decoded decoded;
		struct dissection d;
		uint8_t octets[512];
		size_t n = read_hex(rows[i].frame, octets);

		decode(octets, n, &decoded);
		cr_expect_str_eq(decoded.summary, rows[i].summary, "%s: %s", rows[i].name,
				 decoded.summary);
		dissect(octets, n, &d);
		cr_expect_eq(finding_of(&d), rows[i].finding, "%s: %s", rows[i].name,
			     finding_infos[finding_of(&d)].name);
	}
}

Test(decode, wherever_a_frame_is_cut_there_are_words)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		uint8_t octets[512];
		size_t n = read_hex(rows[i].frame, octets);

		while (n--) {
			struct decoded decoded;
			uint8_t *exact = malloc(n + 1);

			memcpy(exact, octets, n);
			decode(exact, n, &decoded);
			cr_expect_gt(decoded.n, 0);
			cr_expect_gt(strlen(decoded.summary), 0);
			free(exact);
		}
	}
}

Test(decode, every_header_has_its_line)
{
	static const char frame[] = "3333000000010200000000018100600a86dd60000000002000fffe80000000"
				    "0000000000000000000001ff0200000000000000000000000000013c000502"
				    "000001003a0001040000000086000000400007080000000000000000";
	static const char *const lines[] = {
		"Ethernet from 02:00:00:00:00:01 to 33:33:00:00:00:01 (a group of IPv6)",
		"Tag 0x8100, VLAN 10, priority 3, type 0x86dd (IPv6)",
		"IPv6 from fe80::1 to ff02::1, hop limit 255, 2 extension headers, ICMPv6",
		"ICMPv6 router advertisement",
	};
	struct decoded decoded;
	uint8_t octets[512];

	decode(octets, read_hex(frame, octets), &decoded);
	cr_assert_eq(decoded.n, sizeof(lines) / sizeof(*lines));
	for (size_t i = 0; i < decoded.n; i++)
		cr_expect_str_eq(decoded.lines[i], lines[i]);
}

Test(decode, a_frame_that_ends_too_early_is_told_so)
{
	struct decoded decoded;
	uint8_t octets[512];

	decode(octets, read_hex("ffffffffffff020000000001080600010800", octets), &decoded);
	cr_expect_str_eq(decoded.lines[decoded.n - 1], "It ends in the middle of a header");
}
