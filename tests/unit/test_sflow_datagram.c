// SPDX-License-Identifier: BSD-3-Clause
// Datagrams octet by octet, as "sFlow Version 5" (sFlow.org, July 2004) has them.
#include "control/sflow/datagram.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static struct datagram datagram;
static uint8_t frame[DATAGRAM_HEADER_MAX];

static const struct datagram_head head4 = {.agent = {4, {192, 0, 2, 250}},
					   .sequence = 0x01020304,
					   .uptime = 0x0a0b0c0d};
static const struct datagram_head head6 = {.agent = {6, {0x20, 0x01, 0x0d, 0xb8, [15] = 0xfa}},
					   .sequence = 7,
					   .uptime = 9};

static struct datagram_flow flow = {.sequence = 0x11,
				    .ifindex = 3,
				    .rate = 8192,
				    .pool = 0x80000001,
				    .drops = 5,
				    .output = 4,
				    .vlan = 100,
				    .length = 60,
				    .header = frame,
				    .n_header = 14};

static const struct datagram_counters counters = {
	.sequence = 0x21,
	.ifindex = 3,
	.name = "swp-3",
	.interface =
		{
			.speed = UINT64_C(100000000000),
			.admin_up = true,
			.oper_up = true,
			.in_octets = UINT64_C(0x0102030405060708),
			.in_unicast = 31,
			.in_multicast = 32,
			.in_broadcast = 33,
			.in_discards = 34,
			.in_errors = 35,
			.out_octets = UINT64_C(0x1112131415161718),
			.out_unicast = 41,
			.out_multicast = 42,
			.out_broadcast = 43,
			.out_discards = 44,
		},
};

static void start(void)
{
	for (size_t i = 0; i < sizeof(frame); i++)
		frame[i] = (uint8_t)(0xa0 + i);
}

TestSuite(sflow_datagram, .init = start);

// What a datagram consists of, in hex.
struct field {
	const char *name;
	const char *hex;
};

static void expect_field(const struct field *field, size_t *at)
{
	size_t n = strlen(field->hex) / 2;
	unsigned int octet;

	cr_assert_leq(*at + n, datagram.length, "%s: the datagram ends before", field->name);
	for (size_t i = 0; i < n; i++) {
		cr_assert_eq(sscanf(field->hex + 2 * i, "%2x", &octet), 1);
		cr_expect_eq(datagram.octets[*at + i], octet, "%s: octet %zu is %02x, not %02x",
			     field->name, i, datagram.octets[*at + i], octet);
	}
	*at += n;
}

static void expect_fields(const struct field *fields)
{
	size_t at = 0;

	for (; fields->name; fields++)
		expect_field(fields, &at);
	cr_expect_eq(at, datagram.length, "%zu octets follow", datagram.length - at);
}

static uint32_t word_at(size_t at)
{
	const uint8_t *octets = &datagram.octets[at];

	return (uint32_t)octets[0] << 24 | octets[1] << 16 | octets[2] << 8 | octets[3];
}

Test(sflow_datagram, a_frame)
{
	static const struct field fields[] = {
		{"version", "00000005"},
		{"address type: IPv4", "00000001"},
		{"agent address", "c00002fa"},
		{"sub-agent", "00000000"},
		{"sequence", "01020304"},
		{"uptime", "0a0b0c0d"},
		{"samples", "00000001"},
		{"enterprise 0, flow_sample", "00000001"},
		{"length of the sample", "00000060"},
		{"sequence of the source", "00000011"},
		{"class 0, ifIndex 3", "00000003"},
		{"sampling rate", "00002000"},
		{"sample pool", "80000001"},
		{"drops", "00000005"},
		{"input", "00000003"},
		{"output", "00000004"},
		{"records", "00000002"},
		{"enterprise 0, sampled_header", "00000001"},
		{"length of the record", "00000020"},
		{"protocol: Ethernet", "00000001"},
		{"frame length with FCS", "00000040"},
		{"stripped: the FCS", "00000004"},
		{"octets of the header", "0000000e"},
		{"header", "a0a1a2a3a4a5a6a7a8a9aaabacad"},
		{"padding", "0000"},
		{"enterprise 0, extended_switch", "000003e9"},
		{"length of the record", "00000010"},
		{"source VLAN", "00000064"},
		{"source priority", "00000000"},
		{"destination VLAN", "00000064"},
		{"destination priority", "00000000"},
		{0},
	};

	datagram_begin(&datagram, &head4);
	cr_assert(datagram_add_flow(&datagram, &flow));
	expect_fields(fields);
}

Test(sflow_datagram, counters_of_a_port)
{
	static const struct field fields[] = {
		{"version", "00000005"},
		{"address type: IPv6", "00000002"},
		{"agent address", "20010db80000000000000000000000fa"},
		{"sub-agent", "00000000"},
		{"sequence", "00000007"},
		{"uptime", "00000009"},
		{"samples", "00000001"},
		{"enterprise 0, counters_sample", "00000002"},
		{"length of the sample", "00000080"},
		{"sequence of the source", "00000021"},
		{"class 0, ifIndex 3", "00000003"},
		{"records", "00000002"},
		{"enterprise 0, if_counters", "00000001"},
		{"length of the record", "00000058"},
		{"ifIndex", "00000003"},
		{"ifType: ethernetCsmacd", "00000006"},
		{"ifSpeed", "000000174876e800"},
		{"ifDirection: full duplex", "00000001"},
		{"ifStatus: admin and oper up", "00000003"},
		{"ifInOctets", "0102030405060708"},
		{"ifInUcastPkts", "0000001f"},
		{"ifInMulticastPkts", "00000020"},
		{"ifInBroadcastPkts", "00000021"},
		{"ifInDiscards", "00000022"},
		{"ifInErrors", "00000023"},
		{"ifInUnknownProtos: not counted", "ffffffff"},
		{"ifOutOctets", "1112131415161718"},
		{"ifOutUcastPkts", "00000029"},
		{"ifOutMulticastPkts", "0000002a"},
		{"ifOutBroadcastPkts", "0000002b"},
		{"ifOutDiscards", "0000002c"},
		{"ifOutErrors: not counted", "ffffffff"},
		{"ifPromiscuousMode", "00000001"},
		{"enterprise 0, port_name", "000003ed"},
		{"length of the record", "0000000c"},
		{"octets of the name", "00000005"},
		{"name", "7377702d33"},
		{"padding", "000000"},
		{0},
	};

	datagram_begin(&datagram, &head6);
	cr_assert(datagram_add_counters(&datagram, &counters));
	expect_fields(fields);
}

Test(sflow_datagram, states_of_a_port)
{
	struct datagram_counters port = counters;

	port.interface.oper_up = false;
	datagram_begin(&datagram, &head4);
	cr_assert(datagram_add_counters(&datagram, &port));
	cr_expect_eq(word_at(28 + 20 + 8 + 20), 1);
	port.interface.admin_up = false;
	datagram_begin(&datagram, &head4);
	cr_assert(datagram_add_counters(&datagram, &port));
	cr_expect_eq(word_at(28 + 20 + 8 + 20), 0);
}

Test(sflow_datagram, a_lag_says_so)
{
	struct datagram_counters port = counters;

	datagram_begin(&datagram, &head4);
	cr_assert(datagram_add_counters(&datagram, &port));
	cr_expect_eq(word_at(28 + 20 + 8 + 4), 6, "ethernetCsmacd");
	port.interface.is_lag = true;
	datagram_begin(&datagram, &head4);
	cr_assert(datagram_add_counters(&datagram, &port));
	cr_expect_eq(word_at(28 + 20 + 8 + 4), 161, "ieee8023adLag");
}

Test(sflow_datagram, numbers_of_32_bits_wrap)
{
	struct datagram_counters port = counters;

	port.interface.in_unicast = UINT64_C(0x100000005);
	datagram_begin(&datagram, &head4);
	cr_assert(datagram_add_counters(&datagram, &port));
	cr_expect_eq(word_at(28 + 20 + 8 + 32), 5);
	cr_expect_eq(word_at(28 + 20 + 8 + 36), 32);
}

// Padding is of zeros, whatever was in its place before, and no length counts it but the record's.
Test(sflow_datagram, headers_are_padded_to_words)
{
	for (uint32_t n = 60; n <= 64; n++) {
		uint32_t padded = (n + 3) / 4 * 4;

		memset(&datagram, 0xee, sizeof(datagram));
		flow.n_header = n;
		datagram_begin(&datagram, &head4);
		cr_assert(datagram_add_flow(&datagram, &flow));
		cr_expect_eq(datagram.length, 28 + 40 + 8 + 16 + padded + 24);
		cr_expect_eq(word_at(32), 32 + 8 + 16 + padded + 24, "sample of %u", n);
		cr_expect_eq(word_at(72), 16 + padded, "record of %u", n);
		cr_expect_eq(word_at(88), n);
		cr_expect_eq(datagram.octets[92 + n - 1], (uint8_t)(0xa0 + n - 1));
		for (uint32_t i = n; i < padded; i++)
			cr_expect_eq(datagram.octets[92 + i], 0, "of %u, octet %u", n, i);
		cr_expect_eq(word_at(92 + padded), 1001);
	}
}

Test(sflow_datagram, names_are_padded_to_words)
{
	static const char *const names[] = {"a", "ab", "abc", "abcd", "abcde"};
	struct datagram_counters port = counters;

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		port.name = names[i];
		datagram_begin(&datagram, &head4);
		cr_assert(datagram_add_counters(&datagram, &port));
		cr_expect_eq(datagram.length, 28 + 20 + 96 + 12 + (i < 4 ? 4 : 8), "%s", names[i]);
	}
}

static size_t fill(const struct datagram_head *head)
{
	size_t n = 0, before = 0;

	datagram_begin(&datagram, head);
	do
		before = datagram.length;
	while (datagram_add_flow(&datagram, &flow) && ++n);
	cr_expect_eq(datagram.length, before);
	return n;
}

// A whole sample of 128 octets takes 216 octets.
Test(sflow_datagram, a_full_one_takes_no_more_and_stays_as_it_is)
{
	flow.n_header = 128;
	cr_expect_eq(fill(&head4), 6);
	cr_expect_eq(datagram.length, 28 + 6 * 216);
	cr_expect_eq(word_at(24), 6);
	cr_expect_eq(datagram.n_samples, 6);
	cr_expect(datagram_add_counters(&datagram, &counters) == false);
	flow.n_header = 4; // 92 octets would be 1416
	cr_expect_not(datagram_add_flow(&datagram, &flow));
	cr_expect_eq(fill(&head6), 14);
	cr_expect_eq(word_at(36), 14);
	cr_expect_eq(word_at(40), 1);
}

Test(sflow_datagram, the_last_octet_can_be_used)
{
	size_t room;

	flow.n_header = 128;
	fill(&head4);
	room = DATAGRAM_SIZE - datagram.length;
	datagram_begin(&datagram, &head4);
	for (int i = 0; i < 5; i++)
		cr_assert(datagram_add_flow(&datagram, &flow));
	flow.n_header = 128 + (uint32_t)room;
	cr_assert(datagram_add_flow(&datagram, &flow));
	cr_expect_eq(datagram.length, DATAGRAM_SIZE);
}
