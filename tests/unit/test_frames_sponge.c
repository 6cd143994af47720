// SPDX-License-Identifier: BSD-3-Clause
#include "control/sponge/frames.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static const struct frames_host sponge4 = {.ip = {4, {192, 0, 2, 250}},
					   .mac = MAC(2, 0, 0, 0, 0, 0xfa)};
static const struct frames_host sponge6 = {.ip = {6,
						  {0x20, 0x01, 0x0d, 0xb8, [14] = 2, [15] = 0x50}},
					   .mac = MAC(2, 0, 0, 0, 0, 0xfa)};
static const struct frames_host owner4 = {.ip = {4, {192, 0, 2, 77}},
					  .mac = MAC(2, 0, 0, 0, 0, 0x77)};
static const struct frames_host owner6 = {.ip = {6, {0x20, 0x01, 0x0d, 0xb8, [15] = 0x77}},
					  .mac = MAC(2, 0, 0, 0, 0, 0x77)};
static const struct frames_host asker4 = {.ip = {4, {192, 0, 2, 1}}, .mac = MAC(2, 0, 0, 0, 0, 1)};
static const struct frames_host asker6 = {.ip = {6, {0x20, 0x01, 0x0d, 0xb8, [15] = 1}},
					  .mac = MAC(2, 0, 0, 0, 0, 1)};

static uint8_t octets[FRAMES_SIZE];

static void expect(uint16_t length, const char *hex, const char *what)
{
	char text[2 * FRAMES_SIZE + 1] = "", wanted[2 * FRAMES_SIZE + 1];
	size_t n = 0;

	for (uint16_t i = 0; i < length; i++)
		snprintf(&text[2 * i], 3, "%02x", octets[i]);
	for (; *hex; hex++) {
		if (*hex != ' ')
			wanted[n++] = *hex;
	}
	wanted[n] = 0;
	cr_expect_str_eq(text, wanted, "%s", what);
}

// The pseudo header and the message add up to ones.
static void expect_sum(const char *what)
{
	uint32_t sum = 32 + 58;

	for (size_t i = 14 + 8; i < FRAMES_SIZE; i += 2)
		sum += (uint32_t)(octets[i] << 8 | octets[i + 1]);
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	cr_expect_eq(sum, 0xffff, "%s", what);
}

#define EXPECT(call, hex)                 \
	do {                              \
		expect(call, hex, #call); \
	} while (0)

#define EXPECT_ND(call, hex)              \
	do {                              \
		expect(call, hex, #call); \
		expect_sum(#call);        \
	} while (0)

Test(frames_sponge, asks_who_has_an_ipv4_address)
{
	EXPECT(frames_query(&sponge4, &owner4.ip, 0, octets),
	       "ffffffffffff 0200000000fa 0806 0001 0800 06 04 0001 0200000000fa c00002fa "
	       "000000000000 c000024d");
	EXPECT(frames_query(&sponge4, &owner4.ip, owner4.mac, octets),
	       "020000000077 0200000000fa 0806 0001 0800 06 04 0001 0200000000fa c00002fa "
	       "000000000000 c000024d");
	const struct frames_host nobody = {.mac = sponge4.mac};
	EXPECT(frames_query(&nobody, &owner4.ip, owner4.mac, octets),
	       "020000000077 0200000000fa 0806 0001 0800 06 04 0001 0200000000fa 00000000 "
	       "000000000000 c000024d");
}

Test(frames_sponge, solicits_an_ipv6_address)
{
	EXPECT_ND(frames_query(&sponge6, &owner6.ip, 0, octets),
		  "3333ff000077 0200000000fa 86dd 60000000 0020 3a ff "
		  "20010db8000000000000000000000250 ff0200000000000000000001ff000077 "
		  "87 00 17f5 00000000 20010db8000000000000000000000077 01 01 0200000000fa");
	EXPECT_ND(frames_query(&sponge6, &owner6.ip, owner6.mac, octets),
		  "020000000077 0200000000fa 86dd 60000000 0020 3a ff "
		  "20010db8000000000000000000000250 20010db8000000000000000000000077 "
		  "87 00 e840 00000000 20010db8000000000000000000000077 01 01 0200000000fa");
	const struct frames_host nobody = {.mac = sponge6.mac};
	EXPECT_ND(frames_query(&nobody, &owner6.ip, owner6.mac, octets),
		  "020000000077 0200000000fa 86dd 60000000 0020 3a ff "
		  "fe80000000000000000000fffe0000fa 20010db8000000000000000000000077 "
		  "87 00 19cf 00000000 20010db8000000000000000000000077 01 01 0200000000fa");
}

Test(frames_sponge, tells_a_neighbour_where_an_ipv4_address_is)
{
	EXPECT(frames_update(SPONGE_UPDATE_REQUEST, &owner4, &asker4, octets),
	       "020000000001 020000000077 0806 0001 0800 06 04 0001 020000000077 c000024d "
	       "000000000000 c0000201");
	EXPECT(frames_update(SPONGE_UPDATE_REPLY, &owner4, &asker4, octets),
	       "020000000001 020000000077 0806 0001 0800 06 04 0002 020000000077 c000024d "
	       "020000000001 c0000201");
	EXPECT(frames_update(SPONGE_UPDATE_GRATUITOUS, &owner4, &asker4, octets),
	       "020000000001 020000000077 0806 0001 0800 06 04 0001 020000000077 c000024d "
	       "000000000000 c000024d");
}

Test(frames_sponge, tells_a_neighbour_where_an_ipv6_address_is)
{
	static const char advertisement[] =
		"020000000001 020000000077 86dd 60000000 0020 3a ff "
		"20010db8000000000000000000000077 20010db8000000000000000000000001 "
		"88 00 4912 a0000000 20010db8000000000000000000000077 02 01 020000000077";

	EXPECT_ND(frames_update(SPONGE_UPDATE_REQUEST, &owner6, &asker6, octets),
		  "020000000001 020000000077 86dd 60000000 0020 3a ff "
		  "20010db8000000000000000000000077 20010db8000000000000000000000001 "
		  "87 00 eb88 00000000 20010db8000000000000000000000001 01 01 020000000077");
	EXPECT_ND(frames_update(SPONGE_UPDATE_REPLY, &owner6, &asker6, octets), advertisement);
	EXPECT_ND(frames_update(SPONGE_UPDATE_GRATUITOUS, &owner6, &asker6, octets), advertisement);
}

Test(frames_sponge, does_without_what_is_not_known_of_a_neighbour)
{
	const struct frames_host mac_only = {.mac = asker4.mac};
	const struct frames_host ip_only = {.ip = asker4.ip};
	static const enum sponge_update forms[] = {SPONGE_UPDATE_REQUEST, SPONGE_UPDATE_REPLY,
						   SPONGE_UPDATE_GRATUITOUS};

	for (size_t i = 0; i < sizeof(forms) / sizeof(*forms); i++) {
		EXPECT(frames_update(forms[i], &owner4, &mac_only, octets),
		       "020000000001 020000000077 0806 0001 0800 06 04 0001 020000000077 c000024d "
		       "000000000000 c000024d");
		EXPECT(frames_update(forms[i], &owner4, &ip_only, octets),
		       "ffffffffffff 020000000077 0806 0001 0800 06 04 0001 020000000077 c000024d "
		       "000000000000 c000024d");
		EXPECT_ND(frames_update(forms[i], &owner6, &mac_only, octets),
			  "020000000001 020000000077 86dd 60000000 0020 3a ff "
			  "20010db8000000000000000000000077 ff020000000000000000000000000001 "
			  "88 00 77c8 a0000000 20010db8000000000000000000000077 02 01 "
			  "020000000077");
	}
}

Test(frames_sponge, announces_to_all)
{
	EXPECT(frames_announce(&owner4, octets),
	       "ffffffffffff 020000000077 0806 0001 0800 06 04 0001 020000000077 c000024d "
	       "000000000000 c000024d");
	EXPECT_ND(frames_announce(&owner6, octets),
		  "333300000001 020000000077 86dd 60000000 0020 3a ff "
		  "20010db8000000000000000000000077 ff020000000000000000000000000001 "
		  "88 00 77c8 a0000000 20010db8000000000000000000000077 02 01 020000000077");
}
