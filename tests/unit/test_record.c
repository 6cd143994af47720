// SPDX-License-Identifier: BSD-3-Clause
// What a member in quarantine sends, and what is thought of it.
#include "control/events/record.h"

#include <criterion/criterion.h>
#include <string.h>

#define OWN   MAC(2, 0, 0, 0, 0, 1)
#define OTHER MAC(2, 0, 0, 0, 0, 2)

static const mac_t macs[] = {OWN};
static const struct ip ips[] = {
	{.family = 4, .octets = {192, 0, 2, 1}},
	{.family = 6, .octets = {0x20, 1, 0xd, 0xb8, [15] = 1}},
};
static const struct ip_prefix prefixes[] = {
	{.ip = {.family = 4, .octets = {192, 0, 2}}, .length = 24},
	{.ip = {.family = 6, .octets = {0x20, 1, 0xd, 0xb8}}, .length = 64},
};
static struct record_rules rules = {macs, 1, ips, 2, prefixes, 2, NULL, 0};
static struct record record;
static struct event_frame frame;

static void put16(size_t at, uint16_t value)
{
	frame.octets[at] = (uint8_t)(value >> 8);
	frame.octets[at + 1] = (uint8_t)value;
}

static void begin(mac_t src, mac_t dst, uint16_t type)
{
	frame = (struct event_frame){.length = 90, .n_octets = 90};
	mac_store(dst, frame.octets);
	mac_store(src, frame.octets + 6);
	put16(12, type);
}

static void take(void)
{
	record_take(&record, &rules, &frame, 5);
}

static void arp(uint16_t operation, uint8_t network, uint8_t host)
{
	const uint8_t sender[] = {192, 0, network, host};

	begin(OWN, MAC_BROADCAST, 0x806);
	put16(14, 1);
	put16(16, 0x800);
	put16(18, 0x604);
	put16(20, operation);
	memcpy(frame.octets + 28, sender, 4);
	take();
}

static void ipv6(uint8_t source, uint8_t type, uint8_t subject)
{
	begin(OWN, OTHER, 0x86dd);
	frame.octets[14] = 0x60;
	frame.octets[20] = 58;
	memcpy(frame.octets + 22, ips[1].octets, 16);
	frame.octets[37] = source;
	frame.octets[54] = type;
	memcpy(frame.octets + 62, ips[1].octets, 16);
	frame.octets[77] = subject;
	take();
}

static void expect_only(enum finding finding)
{
	for (size_t i = 1; i < FINDINGS; i++)
		cr_expect_eq(record.findings[i].frames, i == finding, "%s", finding_infos[i].name);
	record_clear(&record, 1);
}

TestSuite(record);

Test(record, who_has_sent_nothing_neither_passes_nor_fails)
{
	record_clear(&record, 1);
	cr_expect_eq(record_verdict(&record, &rules), VERDICT_NOTHING_SEEN);
}

Test(record, who_answers_for_all_addresses_and_no_more_passes)
{
	record_clear(&record, 1);
	arp(2, 2, 1);
	cr_expect_eq(record_verdict(&record, &rules), VERDICT_FAIL, "not by IPv6 yet");
	ipv6(1, 136, 1);
	cr_expect_eq(record_verdict(&record, &rules), VERDICT_PASS);
	arp(1, 2, 1);
	ipv6(1, 135, 9);
	cr_expect_eq(record_verdict(&record, &rules), VERDICT_PASS, "it may ask");
	cr_expect_eq(record.frames, 4);
	cr_expect_eq(record.n_macs, 1);
	cr_expect_eq(record.macs[0].frames, 4);
	cr_expect_eq(record.n_types, 2);
}

Test(record, asking_is_not_answering)
{
	record_clear(&record, 1);
	arp(1, 2, 1);
	ipv6(1, 135, 1);
	cr_expect_not(record.answered[0]);
	cr_expect_not(record.answered[1]);
	cr_expect_eq(record_verdict(&record, &rules), VERDICT_FAIL);
}

Test(record, addresses_of_others_are_found)
{
	record_clear(&record, 1);
	arp(2, 2, 7);
	expect_only(FINDING_PROXY_ARP);
	arp(2, 0, 1);
	expect_only(FINDING_PROXY_ARP);
	arp(1, 2, 7);
	expect_only(FINDING_WRONG_ARP_SENDER);
	ipv6(1, 136, 9);
	expect_only(FINDING_PROXY_ARP);
	ipv6(9, 135, 9);
	expect_only(FINDING_WRONG_IPV6_SOURCE);
	begin(OWN, OTHER, 0x800);
	frame.octets[14] = 0x45;
	frame.octets[26] = 198;
	take();
	expect_only(FINDING_WRONG_IPV4_SOURCE);
}

Test(record, addresses_that_everybody_may_use_are_not)
{
	record_clear(&record, 1);
	begin(OWN, MAC_BROADCAST, 0x806); // a probe
	put16(14, 1);
	put16(16, 0x800);
	put16(18, 0x604);
	put16(20, 1);
	take();
	begin(OWN, OTHER, 0x86dd); // from fe80::
	frame.octets[14] = 0x60;
	frame.octets[20] = 6;
	frame.octets[22] = 0xfe;
	frame.octets[23] = 0x80;
	take();
	expect_only(FINDING_NONE);
}

Test(record, any_address_of_the_lan_will_do_where_none_is_configured)
{
	record_clear(&record, 1);
	rules.n_ips = 0;
	arp(2, 2, 7);
	expect_only(FINDING_NONE);
	arp(2, 3, 7);
	expect_only(FINDING_PROXY_ARP);
	arp(1, 2, 7);
	cr_expect_eq(record_verdict(&record, &rules), VERDICT_PASS);
}

Test(record, a_second_mac_is_found_and_an_unregistered_one)
{
	record_clear(&record, 1);
	begin(OTHER, MAC_BROADCAST, 0x88b6);
	take();
	cr_expect_eq(record.findings[FINDING_MAC_NOT_REGISTERED].frames, 1);
	cr_expect_eq(record.findings[FINDING_SEVERAL_MACS].frames, 0);
	begin(OWN, MAC_BROADCAST, 0x88b6);
	take();
	cr_expect_eq(record.findings[FINDING_MAC_NOT_REGISTERED].frames, 1);
	cr_expect_eq(record.findings[FINDING_SEVERAL_MACS].frames, 1);
	cr_expect_eq(record.findings[FINDING_OTHER_TYPE].frames, 2);
}

Test(record, a_tag_is_wrong_unless_it_is_the_port_s)
{
	static const uint16_t vids[] = {10};

	record_clear(&record, 1);
	begin(OWN, OTHER, 0x8100);
	put16(14, 10);
	put16(16, 0x806);
	take();
	expect_only(FINDING_TAGGED);
	rules.vids = vids;
	rules.n_vids = 1;
	take();
	expect_only(FINDING_NONE);
	put16(14, 11);
	take();
	expect_only(FINDING_TAGGED);
}

Test(record, the_first_frame_of_a_finding_stays)
{
	record_clear(&record, 1);
	begin(OWN, OTHER, 0x88cc);
	frame.octets[20] = 1;
	take();
	frame.octets[20] = 2;
	frame.missed = 3;
	record_take(&record, &rules, &frame, 9);
	const struct record_finding *found = &record.findings[FINDING_LLDP];
	cr_expect_eq(found->frames, 2);
	cr_expect_eq(found->octets[20], 1);
	cr_expect_eq(found->first, 5);
	cr_expect_eq(found->last, 9);
	cr_expect_eq(record.missed, 3);
	record_clear(&record, 10);
	cr_expect_eq(record.frames, 0);
	cr_expect_eq(record.since, 10);
}

Test(record, a_note_is_no_fault)
{
	record_clear(&record, 1);
	arp(2, 2, 1);
	ipv6(1, 136, 1);
	ipv6(1, 143, 0);
	cr_expect_eq(record.findings[FINDING_MLD].frames, 1);
	cr_expect_eq(record_verdict(&record, &rules), VERDICT_PASS);
}

Test(record, many_addresses_and_types_do_not_overflow)
{
	record_clear(&record, 1);
	for (int i = 0; i < 100; i++) {
		begin(MAC(2, 0, 0, 0, 1, i), OTHER, (uint16_t)(0x7000 + i));
		take();
	}
	cr_expect_eq(record.n_macs, RECORD_MACS);
	cr_expect(record.more_macs);
	cr_expect_eq(record.n_types, RECORD_TYPES);
	cr_expect(record.more_types);
	cr_expect_eq(record.frames, 100);
}
