// SPDX-License-Identifier: BSD-3-Clause
#include "control/sponge/bindings.h"

#include <criterion/criterion.h>
#include <errno.h>

enum { SECOND = 1000 };

#define M1 MAC(2, 0, 0, 0, 0, 1)
#define M2 MAC(2, 0, 0, 0, 0, 2)
#define AS MAC(2, 0, 0x5e, 0, 0, 0xdd)

static const uint64_t start = 1000 * SECOND;
static const struct ip ip7 = {4, {192, 0, 2, 7}}, ip8 = {4, {192, 0, 2, 8}};
static const struct ip ip6 = {6, {0x20, 0x01, 0x0d, 0xb8, [15] = 7}};

// What the listener heard, the last of each kind.
static struct {
	uint32_t bound, gone, asked, announced, moved, duplicated, released;
	struct binding binding;
	struct ip asked_ip;
	mac_t asked_mac, announced_mac;
	uint16_t asked_port;
} heard;

static void bound(void *argument, const struct binding *binding, bool gone)
{
	(void)argument;
	heard.bound += !gone;
	heard.gone += gone;
	heard.binding = *binding;
}

static void ask(void *argument, const struct ip *ip, mac_t mac, uint16_t port)
{
	(void)argument;
	heard.asked++;
	heard.asked_ip = *ip;
	heard.asked_mac = mac;
	heard.asked_port = port;
}

static void announce(void *argument, const struct ip *ip, mac_t mac)
{
	(void)argument;
	(void)ip;
	heard.announced++;
	heard.announced_mac = mac;
}

static void moved(void *argument, const struct binding *binding)
{
	(void)argument;
	(void)binding;
	heard.moved++;
}

static void duplicated(void *argument, const struct binding *binding)
{
	(void)argument;
	cr_expect(binding->duplicate);
	heard.duplicated++;
}

static void released(void *argument, const struct binding *binding)
{
	(void)argument;
	(void)binding;
	heard.released++;
}

static const struct bindings_listener listener = {
	.bound = bound,
	.ask = ask,
	.announce = announce,
	.moved = moved,
	.duplicated = duplicated,
	.released = released,
};

static struct config_bindings settings = {
	.learned = true,
	.limit = 4096,
	.age = 3600,
	.refresh = 1200,
	.moves = 5,
	.within = 180,
	.hold = 540,
	.confirm = 30,
};

static void claim(struct bindings *bindings, const struct ip *ip, unsigned int who, uint64_t now)
{
	bindings_claim(bindings, ip, MAC(2, 0, 0, 0, who >> 8, who), (uint16_t)who, true, true,
		       now);
}

// As often as it takes.
static uint64_t make_duplicate(struct bindings *bindings, uint64_t now)
{
	claim(bindings, &ip7, 1, now);
	for (unsigned int i = 0; i < settings.moves; i++)
		claim(bindings, &ip7, 2 - i % 2, now += SECOND);
	cr_assert(bindings_find(bindings, &ip7)->duplicate);
	return now;
}

Test(bindings, learns_who_speaks)
{
	struct bindings *bindings = bindings_create(&settings, &listener);

	cr_expect_null(bindings_find(bindings, &ip7));
	claim(bindings, &ip7, 1, start);
	claim(bindings, &ip6, 1, start + SECOND);
	cr_expect_eq(heard.bound, 2);
	cr_expect_eq(bindings_count(bindings), 2);
	const struct binding *binding = bindings_find(bindings, &ip7);

	cr_assert_not_null(binding);
	cr_expect_eq(binding->mac, M1);
	cr_expect_eq(binding->port, 1);
	cr_expect_eq(binding->since_ms, start);
	cr_expect(!binding->duplicate);
	cr_expect(!binding->doubted);
	cr_expect_eq(heard.asked, 0);

	// Again is no news, but it was heard of.
	claim(bindings, &ip7, 1, start + 5 * SECOND);
	cr_expect_eq(heard.bound, 2);
	cr_expect_eq(binding->heard_ms, start + 5 * SECOND);
	cr_expect_eq(binding->since_ms, start);
	bindings_destroy(bindings);
}

Test(bindings, takes_no_claim_that_cannot_be_one)
{
	const struct ip none = {0}, other = {5, {1}};
	struct bindings *bindings = bindings_create(&settings, &listener);

	bindings_claim(bindings, &ip7, 0, 1, true, true, start);
	bindings_claim(bindings, &ip7, MAC_BROADCAST, 1, true, true, start);
	bindings_claim(bindings, &ip7, MAC(3, 0, 0, 0, 0, 1), 1, true, true, start);
	claim(bindings, &none, 1, start);
	claim(bindings, &other, 1, start);
	cr_expect_eq(bindings_count(bindings), 0);
	cr_expect_eq(heard.bound, 0);
	cr_expect_eq(bindings_forget(bindings, &ip7), -ENOENT);
	bindings_destroy(bindings);
	bindings_destroy(NULL);
}

// Row 55 of the scenarios: the former owner is silent for 30 s.
Test(bindings, no_answer_to_confirm_for_30_s)
{
	struct bindings *bindings = bindings_create(&settings, &listener);

	claim(bindings, &ip7, 1, start);
	claim(bindings, &ip7, 2, start + 10 * SECOND);
	const struct binding *binding = bindings_find(bindings, &ip7);

	cr_expect_eq(heard.moved, 1);
	cr_expect_eq(heard.bound, 2);
	cr_expect_eq(binding->mac, M2, "the new owner counts at once");
	cr_expect_eq(binding->old_mac, M1);
	cr_expect_eq(binding->old_port, 1);
	cr_expect(binding->doubted);
	cr_expect_eq(heard.asked, 1, "the former owner is asked");
	cr_expect_eq(heard.asked_mac, M1);
	cr_expect_eq(heard.asked_port, 1);
	cr_expect(ip_equal(&heard.asked_ip, &ip7));

	bindings_tick(bindings, start + 40 * SECOND - 1);
	cr_expect(binding->doubted);
	bindings_tick(bindings, start + 40 * SECOND);
	cr_expect(!binding->doubted);
	cr_expect(!binding->duplicate);
	cr_expect_eq(binding->mac, M2);
	cr_expect_eq(heard.asked, 1);
	cr_expect_eq(heard.duplicated, 0);
	bindings_destroy(bindings);
}

Test(bindings, moves_back_when_the_former_owner_answers)
{
	struct bindings *bindings = bindings_create(&settings, &listener);

	claim(bindings, &ip7, 1, start);
	claim(bindings, &ip7, 2, start + SECOND);
	claim(bindings, &ip7, 1, start + SECOND + 1);
	const struct binding *binding = bindings_find(bindings, &ip7);

	cr_expect_eq(binding->mac, M1);
	cr_expect_eq(binding->moves, 2);
	cr_expect(binding->doubted);
	cr_expect_eq(heard.asked, 2);
	cr_expect_eq(heard.asked_mac, M2);
	bindings_destroy(bindings);
}

Test(bindings, another_port_is_another_owner)
{
	struct bindings *bindings = bindings_create(&settings, &listener);

	bindings_claim(bindings, &ip7, M1, 1, true, true, start);
	bindings_claim(bindings, &ip7, M1, 2, true, true, start + SECOND);
	cr_expect_eq(heard.moved, 1);
	cr_expect_eq(heard.asked_port, 1);
	cr_expect_eq(bindings_find(bindings, &ip7)->port, 2);
	bindings_destroy(bindings);
}

Test(bindings, five_moves_within_180_s_are_a_duplicate)
{
	struct bindings *bindings = bindings_create(&settings, &listener);
	uint64_t now = make_duplicate(bindings, start);
	const struct binding *binding = bindings_find(bindings, &ip7);

	cr_expect_eq(heard.moved, 4, "the fifth is told as what it means");
	cr_expect_eq(heard.duplicated, 1);
	cr_expect_eq(heard.asked, 4, "and nobody is asked");
	cr_expect(heard.binding.duplicate);
	cr_expect(!binding->doubted);
	cr_expect_eq(binding->moves, 5);
	cr_expect_eq(heard.announced, 0, "no anti-spoofing MAC is set");

	// Whatever anybody says now.
	heard.bound = 0;
	claim(bindings, &ip7, 1, now + SECOND);
	claim(bindings, &ip7, 3, now + SECOND);
	cr_expect_eq(heard.bound, 0);
	cr_expect_eq(heard.moved, 4);

	bindings_tick(bindings, now + 540 * SECOND - 1);
	cr_expect_eq(heard.released, 0);
	bindings_tick(bindings, now + 540 * SECOND);
	cr_expect_eq(heard.released, 1);
	cr_expect_eq(heard.gone, 1);
	cr_expect_null(bindings_find(bindings, &ip7));
	claim(bindings, &ip7, 3, now + 541 * SECOND);
	cr_expect_eq(bindings_find(bindings, &ip7)->moves, 0);
	bindings_destroy(bindings);
}

Test(bindings, moves_that_are_too_slow_are_no_duplicate)
{
	struct bindings *bindings = bindings_create(&settings, &listener);

	// Four fit into 180 s, the fifth begins to count anew.
	claim(bindings, &ip7, 1, start);
	for (uint32_t i = 1; i <= 40; i++)
		claim(bindings, &ip7, 1 + i % 2, start + i * 45 * SECOND);
	cr_expect_eq(heard.duplicated, 0);
	cr_expect_eq(heard.moved, 40);
	bindings_destroy(bindings);
}

Test(bindings, duplicates_are_detected_at_the_edge_of_the_window)
{
	struct bindings *bindings = bindings_create(&settings, &listener);

	claim(bindings, &ip7, 1, start);
	for (unsigned int i = 0; i < 4; i++)
		claim(bindings, &ip7, 2 - i % 2, start + i * SECOND);
	claim(bindings, &ip7, 2, start + 180 * SECOND - 1);
	cr_expect_eq(heard.duplicated, 1);

	claim(bindings, &ip8, 1, start);
	for (unsigned int i = 0; i < 4; i++)
		claim(bindings, &ip8, 2 - i % 2, start + i * SECOND);
	claim(bindings, &ip8, 2, start + 180 * SECOND);
	cr_expect_eq(heard.duplicated, 1);
	cr_expect_eq(bindings_find(bindings, &ip8)->moves, 1);
	bindings_destroy(bindings);
}

Test(bindings, never_a_duplicate_if_moves_are_not_counted)
{
	struct config_bindings never = settings;

	never.moves = 0;
	struct bindings *bindings = bindings_create(&never, &listener);

	for (unsigned int i = 0; i < 1000; i++)
		claim(bindings, &ip7, 1 + i % 2, start + i);
	cr_expect_eq(heard.duplicated, 0);
	bindings_destroy(bindings);
}

Test(bindings, duplicates_are_announced_with_the_anti_spoofing_mac)
{
	settings.anti_spoofing = AS;
	struct bindings *bindings = bindings_create(&settings, &listener);

	make_duplicate(bindings, start);
	cr_expect_eq(heard.announced, 1);
	cr_expect_eq(heard.announced_mac, AS);
	bindings_destroy(bindings);
}

Test(bindings, duplicates_stay_until_an_operator_clears_them)
{
	settings.hold = 0;
	struct bindings *bindings = bindings_create(&settings, &listener);
	uint64_t now = make_duplicate(bindings, start);

	bindings_tick(bindings, now + 1000000 * (uint64_t)SECOND);
	cr_expect_eq(heard.released, 0);
	cr_expect_eq(bindings_forget(bindings, &ip7), 0);
	cr_expect_eq(heard.released, 1);
	cr_expect_eq(heard.gone, 1);
	cr_expect_eq(bindings_count(bindings), 0);
	bindings_destroy(bindings);
}

Test(bindings, nobody_is_in_doubt_without_time_to_confirm)
{
	settings.confirm = 0;
	struct bindings *bindings = bindings_create(&settings, &listener);

	claim(bindings, &ip7, 1, start);
	claim(bindings, &ip7, 2, start + SECOND);
	cr_expect_eq(heard.moved, 1);
	cr_expect_eq(heard.asked, 0);
	cr_expect(!bindings_find(bindings, &ip7)->doubted);
	bindings_destroy(bindings);
}

// ---- The flags of an advertisement

Test(bindings, an_advertisement_without_override_moves_nothing)
{
	struct bindings *bindings = bindings_create(&settings, &listener);

	bindings_claim(bindings, &ip6, M1, 1, false, true, start);
	cr_expect_eq(bindings_find(bindings, &ip6)->mac, M1, "learned where nothing was");
	bindings_claim(bindings, &ip6, M2, 2, false, true, start + SECOND);
	cr_expect_eq(bindings_find(bindings, &ip6)->mac, M1);
	cr_expect_eq(bindings_find(bindings, &ip6)->heard_ms, start);
	cr_expect_eq(heard.moved, 0);
	cr_expect_eq(heard.asked, 0);
	bindings_claim(bindings, &ip6, M1, 1, false, true, start + 2 * SECOND);
	cr_expect_eq(bindings_find(bindings, &ip6)->heard_ms, start + 2 * SECOND);
	bindings_claim(bindings, &ip6, M2, 2, true, true, start + 3 * SECOND);
	cr_expect_eq(bindings_find(bindings, &ip6)->mac, M2);
	bindings_destroy(bindings);
}

Test(bindings, the_router_flag_is_that_of_the_last)
{
	struct bindings *bindings = bindings_create(&settings, &listener);

	bindings_claim(bindings, &ip6, M1, 1, true, false, start);
	cr_expect(!bindings_find(bindings, &ip6)->router);
	bindings_claim(bindings, &ip6, M1, 1, true, true, start);
	cr_expect(bindings_find(bindings, &ip6)->router);
	cr_expect_eq(heard.bound, 2);
	cr_expect_eq(heard.moved, 0);
	bindings_destroy(bindings);
}

// ---- Age

Test(bindings, age_if_nobody_speaks)
{
	struct bindings *bindings = bindings_create(&settings, &listener);

	claim(bindings, &ip7, 1, start);
	claim(bindings, &ip8, 2, start + SECOND);
	bindings_tick(bindings, start + 3600 * SECOND - 1);
	cr_expect_eq(heard.gone, 0);
	bindings_tick(bindings, start + 3600 * SECOND);
	cr_expect_eq(heard.gone, 1);
	cr_expect_null(bindings_find(bindings, &ip7));
	cr_expect_not_null(bindings_find(bindings, &ip8));
	claim(bindings, &ip8, 2, start + 3600 * SECOND);
	bindings_tick(bindings, start + 7200 * SECOND - 1);
	cr_expect_not_null(bindings_find(bindings, &ip8));
	bindings_destroy(bindings);
}

Test(bindings, the_owner_is_asked_before)
{
	struct bindings *bindings = bindings_create(&settings, &listener);

	claim(bindings, &ip7, 1, start);
	bindings_tick(bindings, start + 1200 * SECOND - 1);
	cr_expect_eq(heard.asked, 0);
	for (uint32_t i = 0; i < 1200; i++)
		bindings_tick(bindings, start + (1200 + i) * SECOND);
	cr_expect_eq(heard.asked, 1);
	cr_expect_eq(heard.asked_mac, M1);
	cr_expect_eq(heard.asked_port, 1);
	bindings_tick(bindings, start + 2400 * SECOND);
	cr_expect_eq(heard.asked, 2);
	claim(bindings, &ip7, 1, start + 2401 * SECOND);
	bindings_tick(bindings, start + 3600 * SECOND);
	cr_expect_eq(heard.asked, 2);
	bindings_tick(bindings, start + 3601 * SECOND);
	cr_expect_eq(heard.asked, 3);
	bindings_destroy(bindings);
}

Test(bindings, not_all_owners_are_asked_at_once)
{
	struct bindings *bindings = bindings_create(&settings, &listener);
	struct ip ip = ip7;

	for (unsigned int i = 0; i < 250; i++) {
		ip.octets[3] = (uint8_t)i;
		claim(bindings, &ip, 1, start);
	}
	bindings_tick(bindings, start + 1200 * SECOND);
	cr_expect_eq(heard.asked, BINDINGS_REFRESHES);
	bindings_tick(bindings, start + 1201 * SECOND);
	bindings_tick(bindings, start + 1202 * SECOND);
	cr_expect_eq(heard.asked, 250);
	bindings_tick(bindings, start + 1203 * SECOND);
	cr_expect_eq(heard.asked, 250);
	bindings_destroy(bindings);
}

Test(bindings, stay_for_ever_without_an_age)
{
	settings.age = settings.refresh = 0;
	struct bindings *bindings = bindings_create(&settings, &listener);

	claim(bindings, &ip7, 1, start);
	bindings_tick(bindings, UINT64_MAX / 2);
	cr_expect_eq(bindings_count(bindings), 1);
	cr_expect_eq(heard.asked, 0);
	bindings_destroy(bindings);
}

// ---- Limits

Test(bindings, the_one_heard_of_longest_ago_makes_room)
{
	settings.limit = 3;
	struct bindings *bindings = bindings_create(&settings, &listener);
	struct ip ip = ip7;

	for (unsigned int i = 1; i <= 3; i++) {
		ip.octets[3] = (uint8_t)i;
		claim(bindings, &ip, i, start + i);
	}
	ip.octets[3] = 1;
	claim(bindings, &ip, 1, start + 10);
	claim(bindings, &ip8, 8, start + 11);
	cr_expect_eq(bindings_count(bindings), 3);
	cr_expect_eq(heard.gone, 1);
	cr_expect_not_null(bindings_find(bindings, &ip));
	ip.octets[3] = 2;
	cr_expect_null(bindings_find(bindings, &ip));

	settings.limit = 1;
	bindings_configure(bindings, &settings);
	cr_expect_eq(bindings_count(bindings), 1);
	cr_expect_not_null(bindings_find(bindings, &ip8));
	bindings_destroy(bindings);
}

Test(bindings, duplicates_do_not_make_room)
{
	settings.limit = 1;
	struct bindings *bindings = bindings_create(&settings, &listener);

	make_duplicate(bindings, start);
	claim(bindings, &ip8, 8, start + 10);
	cr_expect_null(bindings_find(bindings, &ip8));
	cr_expect(bindings_find(bindings, &ip7)->duplicate);
	bindings_destroy(bindings);
}

Test(bindings, thousands_are_found)
{
	settings.limit = 20000;
	struct bindings *bindings = bindings_create(&settings, &listener);
	struct ip ip = ip6;

	for (unsigned int i = 0; i < 20000; i++) {
		ip.octets[13] = (uint8_t)(i >> 8);
		ip.octets[14] = (uint8_t)i;
		claim(bindings, &ip, i, start);
	}
	cr_expect_eq(bindings_count(bindings), 20000);
	for (unsigned int i = 0; i < 20000; i++) {
		ip.octets[13] = (uint8_t)(i >> 8);
		ip.octets[14] = (uint8_t)i;
		cr_assert_eq(bindings_find(bindings, &ip)->port, (uint16_t)i);
	}
	bindings_tick(bindings, start + 3600 * SECOND);
	cr_expect_eq(bindings_count(bindings), 0);
	cr_expect_eq(heard.gone, 20000);
	bindings_destroy(bindings);
}

// ---- What others say

Test(bindings, a_port_takes_what_it_owned_with_it)
{
	struct bindings *bindings = bindings_create(&settings, &listener);

	claim(bindings, &ip7, 1, start);
	claim(bindings, &ip8, 1, start);
	claim(bindings, &ip8, 2, start + SECOND);
	claim(bindings, &ip6, 2, start);
	bindings_forget_port(bindings, 1);
	cr_expect_null(bindings_find(bindings, &ip7));
	cr_expect_eq(heard.gone, 1);
	cr_expect(!bindings_find(bindings, &ip8)->doubted, "nobody is there to answer");
	bindings_forget_port(bindings, 2);
	cr_expect_eq(bindings_count(bindings), 0);
	bindings_destroy(bindings);
}

Test(bindings, a_port_of_a_duplicate_releases_it)
{
	struct bindings *bindings = bindings_create(&settings, &listener);

	make_duplicate(bindings, start);
	bindings_forget_port(bindings, 2);
	cr_expect_eq(heard.released, 1);
	cr_expect_eq(bindings_count(bindings), 0);
	bindings_destroy(bindings);
}

Test(bindings, a_new_dataplane_is_told_all)
{
	struct bindings *bindings = bindings_create(&settings, &listener);

	make_duplicate(bindings, start);
	claim(bindings, &ip8, 1, start);
	heard.bound = 0;
	bindings_tell_all(bindings);
	cr_expect_eq(heard.bound, 2);
	cr_expect_eq(heard.duplicated, 1);
	bindings_destroy(bindings);
}
