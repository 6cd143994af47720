// SPDX-License-Identifier: BSD-3-Clause
#include "dataplane/path/claim.h"

#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <rte_mbuf.h>
#include <stdlib.h>
#include <string.h>

enum { ROOM = 512, ETHERNET = 14, IPV6 = 40, MESSAGE = ETHERNET + IPV6 };

// An NS or NA as it should be; tests spoil it before it is read.
struct nd {
	uint8_t octets[ROOM];
	uint16_t length;
	uint16_t message; // where it begins
};

static bool read_octets(const uint8_t *octets, uint16_t length, uint16_t type, bool tagged,
			struct claim *claim)
{
	static struct batch b;
	struct rte_mbuf frame = {.data_len = length, .pkt_len = length};

	// What is read behind the end is found by the sanitizer.
	uint8_t *copy = malloc(length);
	cr_assert_not_null(copy);
	memcpy(copy, octets, length);
	frame.buf_addr = copy;
	b.frames[3] = &frame;
	b.type[3] = type;
	b.tagged = tagged ? 8 : 0;
	bool found = claim_read(&b, 3, claim);
	free(copy);
	cr_expect_eq(found, claim->kind != CLAIM_NONE);
	return found;
}

static void put_address(uint8_t *at, const char *text)
{
	cr_assert_eq(inet_pton(AF_INET6, text, at), 1);
}

static struct neigh_key key(const char *text)
{
	uint8_t octets[16];

	if (inet_pton(AF_INET, text, octets) == 1)
		return neigh_key4(octets);
	put_address(octets, text);
	return neigh_key6(octets);
}

static bool is_key(struct neigh_key a, const char *text)
{
	struct neigh_key b = key(text);

	return memcmp(&a, &b, sizeof(a)) == 0;
}

static void put_checksum(struct nd *nd)
{
	uint8_t *m = nd->octets + nd->message;
	uint16_t length = nd->length - nd->message;
	uint32_t sum = length + 58;

	m[2] = m[3] = 0;
	for (uint16_t i = 0; i < 32; i += 2)
		sum += (uint32_t)(nd->octets[ETHERNET + 8 + i] << 8 | nd->octets[ETHERNET + 9 + i]);
	for (uint16_t i = 0; i < length; i++)
		sum += (uint32_t)m[i] << (i % 2 ? 0 : 8);
	sum = (sum & 0xffff) + (sum >> 16);
	sum = ~((sum & 0xffff) + (sum >> 16));
	m[2] = (uint8_t)(sum >> 8);
	m[3] = (uint8_t)sum;
}

static void add_option(struct nd *nd, uint8_t type, uint8_t last)
{
	const uint8_t option[] = {type, 1, 2, 0, 0, 0, 0, last};

	memcpy(nd->octets + nd->length, option, sizeof(option));
	nd->length += sizeof(option);
}

static void finish(struct nd *nd)
{
	uint16_t length = nd->length - MESSAGE;

	nd->octets[ETHERNET + 4] = (uint8_t)(length >> 8);
	nd->octets[ETHERNET + 5] = (uint8_t)length;
	put_checksum(nd);
}

static struct nd make(uint8_t type, const char *from, const char *to, const char *target)
{
	struct nd nd = {.length = MESSAGE + 24, .message = MESSAGE};
	uint8_t *packet = nd.octets + ETHERNET;

	packet[0] = 0x60;
	packet[6] = 58;
	packet[7] = 255;
	put_address(packet + 8, from);
	put_address(packet + 24, to);
	packet[IPV6] = type;
	put_address(packet + IPV6 + 8, target);
	return nd;
}

static struct nd make_ns(void)
{
	struct nd nd = make(135, "2001:db8::1", "ff02::1:ff00:2", "2001:db8::2");

	add_option(&nd, 1, 0x11);
	finish(&nd);
	return nd;
}

static struct nd make_na(uint8_t flags, const char *to)
{
	struct nd nd = make(136, "2001:db8::1", to, "2001:db8::1");

	nd.octets[MESSAGE + 4] = flags;
	add_option(&nd, 2, 0x12);
	finish(&nd);
	return nd;
}

static struct nd make_probe(void)
{
	struct nd nd = make(135, "::", "ff02::1:ff00:2", "2001:db8::2");

	finish(&nd);
	return nd;
}

static struct claim read_nd(const struct nd *nd)
{
	struct claim claim;

	read_octets(nd->octets, nd->length, 0x86dd, false, &claim);
	return claim;
}

static bool is_valid(const struct nd *nd)
{
	struct claim claim = read_nd(nd);

	cr_expect_neq(claim.kind, CLAIM_NONE);
	return claim.valid;
}

static const uint8_t arp[46] = {
	[14] = 0, 1, 8, 0, 6, 4, 0, 1, 2, 0, 0,	  0, 0, 1,
	192,	  0, 2, 1, 2, 0, 0, 0, 0, 2, 192, 0, 2, 2,
};

Test(claim, reads_arp)
{
	uint8_t octets[46], tagged[50] = {0};
	struct claim claim;

	memcpy(octets, arp, sizeof(arp));
	cr_assert(read_octets(octets, 42, 0x0806, false, &claim));
	cr_expect_eq(claim.kind, CLAIM_ARP_REQUEST);
	cr_expect_eq(claim.family, 4);
	cr_expect_eq(claim.offset, 14);
	cr_expect(is_key(claim.sender, "192.0.2.1"));
	cr_expect(is_key(claim.target, "192.0.2.2"));
	cr_expect_eq(claim.sender_mac, MAC(2, 0, 0, 0, 0, 1));
	cr_expect_eq(claim.target_mac, MAC(2, 0, 0, 0, 0, 2));
	cr_expect_not(claim.probe);

	octets[21] = 2;
	memcpy(tagged + 4, octets, sizeof(octets));
	cr_assert(read_octets(tagged, 50, 0x0806, true, &claim));
	cr_expect_eq(claim.kind, CLAIM_ARP_REPLY);
	cr_expect_eq(claim.offset, 18);

	memset(octets + 28, 0, 4);
	cr_assert(read_octets(octets, 46, 0x0806, false, &claim));
	cr_expect_not(claim.probe, "a reply asks nothing");
	octets[21] = 1;
	cr_assert(read_octets(octets, 46, 0x0806, false, &claim));
	cr_expect(claim.probe);
	cr_expect(claim_is_unspecified(&claim, claim.sender));
	octets[15] = 6;
	cr_expect(read_octets(octets, 46, 0x0806, false, &claim), "hosts take IEEE 802 too");
}

Test(claim, takes_nothing_else_for_arp)
{
	static const struct {
		uint8_t at, value;
	} wrong[] = {{14, 1},  {15, 2}, {16, 9}, {17, 1}, {18, 8},
		     {19, 16}, {20, 1}, {21, 0}, {21, 3}};
	struct claim claim;

	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		uint8_t octets[46];

		memcpy(octets, arp, sizeof(arp));
		octets[wrong[i].at] = wrong[i].value;
		cr_expect_not(read_octets(octets, 46, 0x0806, false, &claim), "%d", wrong[i].at);
	}
	cr_expect_not(read_octets(arp, 41, 0x0806, false, &claim), "cut");
	cr_expect_not(read_octets(arp, 46, 0x0800, false, &claim), "another type");
}

Test(claim, reads_a_solicitation)
{
	struct nd nd = make_ns();
	struct claim claim = read_nd(&nd);

	cr_expect_eq(claim.kind, CLAIM_NS);
	cr_expect_eq(claim.family, 6);
	cr_expect_eq(claim.offset, MESSAGE);
	cr_expect(claim.valid);
	cr_expect(is_key(claim.sender, "2001:db8::1"));
	cr_expect(is_key(claim.target, "2001:db8::2"));
	cr_expect_eq(claim.sender_mac, MAC(2, 0, 0, 0, 0, 0x11));
	cr_expect_eq(claim.target_mac, 0);
	cr_expect_not(claim.probe);
	cr_expect_not(claim.unknown_options);
	cr_expect_not(claim.macs_differ);
}

Test(claim, reads_an_advertisement)
{
	struct nd nd = make_na(0xe0, "2001:db8::9");
	struct claim claim = read_nd(&nd);

	cr_expect_eq(claim.kind, CLAIM_NA);
	cr_expect(claim.valid);
	cr_expect(claim.router && claim.solicited && claim.override);
	cr_expect_eq(claim.sender_mac, 0);
	cr_expect_eq(claim.target_mac, MAC(2, 0, 0, 0, 0, 0x12));

	nd = make_na(0x20, "ff02::2");
	claim = read_nd(&nd);
	cr_expect(claim.valid, "RFC 9131: to all routers");
	cr_expect(!claim.router && !claim.solicited && claim.override);
	nd = make_na(0x40, "ff02::1");
	cr_expect_not(is_valid(&nd), "solicited, and to a group");
}

Test(claim, reads_a_probe)
{
	struct nd nd = make_probe();
	struct claim claim = read_nd(&nd);

	cr_expect(claim.valid);
	cr_expect(claim.probe);
	add_option(&nd, 14, 7);
	finish(&nd);
	claim = read_nd(&nd);
	cr_expect(claim.valid);
	cr_expect_not(claim.unknown_options, "RFC 7527");
	add_option(&nd, 1, 1);
	finish(&nd);
	cr_expect_not(is_valid(&nd), "a probe has no link-layer address");
	nd = make_probe();
	put_address(nd.octets + ETHERNET + 24, "ff02::1");
	finish(&nd);
	cr_expect_not(is_valid(&nd), "a probe goes to a solicited-node address");
}

Test(claim, knows_the_rules_of_rfc_4861)
{
	struct nd nd = make_ns();

	nd.octets[ETHERNET + 7] = 254;
	cr_expect_not(is_valid(&nd), "hop limit");
	nd = make_ns();
	nd.octets[MESSAGE + 3] ^= 1;
	cr_expect_not(is_valid(&nd), "checksum");
	nd = make_ns();
	nd.octets[MESSAGE + 1] = 1;
	finish(&nd);
	cr_expect_not(is_valid(&nd), "code");
	nd = make_ns();
	nd.length = MESSAGE + 23;
	finish(&nd);
	cr_expect_not(is_valid(&nd), "length");
	nd = make_ns();
	put_address(nd.octets + MESSAGE + 8, "ff02::5");
	finish(&nd);
	cr_expect_not(is_valid(&nd), "target");
	nd = make_ns();
	nd.octets[MESSAGE + 25] = 0;
	finish(&nd);
	cr_expect_not(is_valid(&nd), "an empty option");
	nd = make_ns();
	nd.octets[MESSAGE + 25] = 2;
	finish(&nd);
	cr_expect_not(is_valid(&nd), "an option beyond the end");
	nd = make_ns();
	nd.length += 7;
	finish(&nd);
	cr_expect_not(is_valid(&nd), "the rest of an option");
	nd = make_ns();
	nd.octets[ETHERNET + 5] += 1;
	cr_expect_not(is_valid(&nd), "a packet that is cut");
}

Test(claim, sees_padding_behind_the_packet_as_what_it_is)
{
	struct nd nd = make_ns();

	memset(nd.octets + nd.length, 0xff, 20);
	nd.length += 20;
	cr_expect(is_valid(&nd));
}

Test(claim, sees_options_that_it_does_not_know)
{
	struct nd nd = make_ns();

	add_option(&nd, 99, 1);
	finish(&nd);
	struct claim claim = read_nd(&nd);
	cr_expect(claim.valid);
	cr_expect(claim.unknown_options);
	nd = make_ns();
	add_option(&nd, 1, 0x11);
	finish(&nd);
	cr_expect_not(read_nd(&nd).macs_differ);
	add_option(&nd, 1, 0x13);
	finish(&nd);
	cr_expect(read_nd(&nd).macs_differ);
}

static struct nd behind(uint8_t type, const uint8_t *header, uint16_t size)
{
	struct nd nd = make_ns();

	memmove(nd.octets + MESSAGE + size, nd.octets + MESSAGE, nd.length - MESSAGE);
	memcpy(nd.octets + MESSAGE, header, size);
	nd.octets[ETHERNET + 6] = type;
	nd.length += size;
	nd.message += size;
	finish(&nd);
	return nd;
}

Test(claim, finds_messages_behind_other_headers)
{
	static const uint8_t destination[16] = {58, 1}, authentication[12] = {58, 1};
	static const uint8_t fragment[8] = {58}, later[8] = {58, 0, 0, 8};
	struct nd nd = behind(60, destination, 16);
	struct claim claim = read_nd(&nd);

	cr_expect_eq(claim.kind, CLAIM_NS);
	cr_expect_eq(claim.offset, MESSAGE + 16);
	cr_expect(claim.valid);
	nd = behind(51, authentication, 12);
	cr_expect(is_valid(&nd));
	nd = behind(44, fragment, 8);
	cr_expect_not(is_valid(&nd), "RFC 6980: never in fragments");
	nd = behind(44, later, 8);
	cr_expect_eq(read_nd(&nd).kind, CLAIM_NONE);
	nd = behind(50, destination, 16);
	cr_expect_eq(read_nd(&nd).kind, CLAIM_NONE, "encrypted");
}

Test(claim, takes_nothing_else_for_nd)
{
	struct nd nd = make_ns();
	struct claim claim;

	cr_expect_not(read_octets(nd.octets, nd.length, 0x0800, false, &claim));
	for (uint16_t length = ETHERNET; length < MESSAGE + 1; length++)
		cr_expect_not(read_octets(nd.octets, length, 0x86dd, false, &claim), "%d", length);
	nd.octets[MESSAGE] = 134;
	cr_expect_eq(read_nd(&nd).kind, CLAIM_NONE);
	nd = make_ns();
	nd.octets[ETHERNET] = 0x40;
	cr_expect_eq(read_nd(&nd).kind, CLAIM_NONE);
	nd = make_ns();
	nd.octets[ETHERNET + 6] = 17;
	cr_expect_eq(read_nd(&nd).kind, CLAIM_NONE);
}
