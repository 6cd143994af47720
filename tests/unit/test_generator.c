// SPDX-License-Identifier: BSD-3-Clause
// What benchmarks rest on: addresses, who talks to whom, frames, percentiles.
#include <criterion/criterion.h>

#include <errno.h>
#include <stdlib.h>

#include <rte_ip.h>

#include "tests/bench/addresses.h"
#include "tests/bench/latency.h"
#include "tests/bench/traffic.h"

enum { STATIONS = 1 << 17 };

static int by_mac(const void *a, const void *b)
{
	const mac_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

Test(addresses, are_all_different_and_lead_back_to_the_station)
{
	mac_t *macs = calloc(STATIONS, sizeof(*macs));

	for (int kind = 0; kind < ADDRESSES_KINDS; kind++) {
		for (uint32_t i = 0; i < STATIONS; i++) {
			macs[i] = addresses_mac(kind, i);
			cr_assert_eq(addresses_number(kind, macs[i]), i, "%s %u",
				     addresses_names[kind], i);
			cr_assert_eq(macs[i] & 0xff, 0x02, "not a station's own address");
		}
		qsort(macs, STATIONS, sizeof(*macs), by_mac);
		for (uint32_t i = 1; i < STATIONS; i++)
			cr_assert_neq(macs[i - 1], macs[i], "%s twice", addresses_names[kind]);
	}
	free(macs);
}

Test(addresses, look_as_they_should)
{
	char text[MAC_TEXT_SIZE];

	cr_expect_str_eq(mac_format(addresses_mac(ADDRESSES_SEQUENTIAL, 258), text),
			 "02:00:00:00:01:02");
	cr_expect_str_eq(mac_format(addresses_mac(ADDRESSES_STRIDE, 3), text), "02:00:00:00:30:00");
	cr_expect_eq(addresses_mac(ADDRESSES_OUI, 1) & 0xffffff,
		     addresses_mac(ADDRESSES_OUI, 2) & 0xffffff);
}

Test(addresses, of_others_are_no_stations)
{
	for (int kind = 0; kind < ADDRESSES_KINDS; kind++) {
		cr_expect_eq(addresses_number(kind, MAC_BROADCAST), UINT64_MAX);
		cr_expect_eq(addresses_number(kind, MAC(0, 0, 0, 0, 0, 1)), UINT64_MAX);
	}
	cr_expect_eq(addresses_number(ADDRESSES_STRIDE, MAC(2, 0, 0, 0, 0x10, 1)), UINT64_MAX);
}

static mac_t dst_of(const struct head *head)
{
	return mac_load(head->octets);
}

static mac_t src_of(const struct head *head)
{
	return mac_load(head->octets + 6);
}

static uint64_t port_of(const struct traffic *traffic, mac_t mac)
{
	return addresses_number(traffic->addresses, mac) % traffic->n_ports;
}

Test(traffic, has_each_station_as_source_first)
{
	struct traffic *traffic = traffic_create(4, 1001, PATTERN_MESH, ADDRESSES_RANDOM, 64);
	bool seen[1001] = {};
	uint32_t n = 0;

	for (uint16_t port = 0; port < 4; port++) {
		for (uint32_t i = 0; i < traffic->ports[port].n_stations; i++, n++) {
			uint64_t station = addresses_number(ADDRESSES_RANDOM,
							    src_of(&traffic->ports[port].heads[i]));

			cr_assert_lt(station, 1001);
			cr_expect_eq(station % 4, port);
			cr_expect_not(seen[station]);
			seen[station] = true;
		}
	}
	cr_expect_eq(n, 1001);
	traffic_destroy(traffic);
}

// "to" is a bit for each port that frames of "from" may go to; all of them are used.
static void expect_destinations(enum pattern pattern, uint16_t from, uint32_t to)
{
	struct traffic *traffic = traffic_create(4, 64, pattern, ADDRESSES_RANDOM, 64);
	const struct conversation *c = &traffic->ports[from];
	uint32_t seen = 0;

	for (uint32_t i = 0; i < c->n; i++) {
		mac_t dst = dst_of(&c->heads[i]);

		seen |= 1U << port_of(traffic, dst);
		cr_assert_not(traffic_is_misdelivered(traffic, dst, port_of(traffic, dst)));
		cr_assert(traffic_is_misdelivered(traffic, dst, from));
	}
	cr_expect_eq(seen, to, "%s from %u: %x", pattern_names[pattern], from, seen);
	traffic_destroy(traffic);
}

Test(traffic, goes_where_the_pattern_says)
{
	expect_destinations(PATTERN_PAIR, 0, 1 << 1);
	expect_destinations(PATTERN_PAIR, 3, 1 << 2);
	expect_destinations(PATTERN_MESH, 1, 1 << 0 | 1 << 2 | 1 << 3);
	expect_destinations(PATTERN_ONE_TO_MANY, 0, 1 << 1 | 1 << 2 | 1 << 3);
	expect_destinations(PATTERN_MANY_TO_ONE, 2, 1 << 0);
	expect_destinations(PATTERN_CONGESTION, 0, 1 << 2 | 1 << 3);
	expect_destinations(PATTERN_CONGESTION, 1, 1 << 3);
}

Test(traffic, knows_who_sends)
{
	static const struct {
		enum pattern pattern;
		uint32_t senders;
	} rows[] = {{PATTERN_PAIR, 15},
		    {PATTERN_MESH, 15},
		    {PATTERN_ONE_TO_MANY, 1},
		    {PATTERN_MANY_TO_ONE, 14},
		    {PATTERN_CONGESTION, 3}};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct traffic *traffic =
			traffic_create(4, 4, rows[i].pattern, ADDRESSES_RANDOM, 64);

		cr_expect_eq(traffic->senders, rows[i].senders, "%s",
			     pattern_names[rows[i].pattern]);
		traffic_destroy(traffic);
	}
}

Test(traffic, refuses_what_does_not_fit)
{
	errno = 0;
	cr_expect_null(traffic_create(3, 8, PATTERN_PAIR, ADDRESSES_RANDOM, 64), "odd");
	cr_expect_eq(errno, EINVAL);
	cr_expect_null(traffic_create(4, 3, PATTERN_MESH, ADDRESSES_RANDOM, 64), "lonely port");
	cr_expect_null(traffic_create(2, 2, PATTERN_CONGESTION, ADDRESSES_RANDOM, 64), "two ports");
	cr_expect_null(traffic_create(2, 2, PATTERN_PAIR, ADDRESSES_RANDOM, 63), "runt");
}

Test(traffic, shows_each_address_to_be_learned_once)
{
	struct traffic *traffic = traffic_create_learning(1024, 500, ADDRESSES_RANDOM);
	bool shown[500] = {}, asked[500] = {};

	cr_assert_eq(traffic->ports[1].n, 500);
	for (uint32_t i = 0; i < 500; i++) {
		shown[addresses_number(ADDRESSES_RANDOM, src_of(&traffic->ports[1].heads[i])) -
		      1024] = true;
		asked[addresses_number(ADDRESSES_RANDOM, dst_of(&traffic->ports[0].heads[i])) -
		      1024] = true;
	}
	for (uint32_t i = 0; i < 500; i++)
		cr_expect(shown[i] && asked[i]);
	traffic_destroy(traffic);
}

static bool is_right(const struct frame_size *size, const uint8_t *octets)
{
	struct rte_ipv4_hdr ip;

	memcpy(&ip, octets + 14, sizeof(ip));
	return rte_be_to_cpu_16(ip.total_length) == size->length - 14 &&
	       rte_raw_cksum(&ip, sizeof(ip)) == 0xffff;
}

Test(frame, is_right_in_all_sizes)
{
	struct frame_size sizes[FRAME_SIZES];
	uint8_t octets[1514];
	uint16_t n = frame_sizes(SIZE_IMIX, sizes);
	int of[3] = {};

	cr_assert_eq(n, FRAME_SIZES);
	for (uint16_t i = 0; i < n; i++) {
		frame_write(&sizes[i], octets);
		cr_expect(is_right(&sizes[i], octets), "written %u", sizes[i].length);
		frame_resize(&sizes[(i + 1) % n], octets);
		cr_expect(is_right(&sizes[(i + 1) % n], octets), "made %u", sizes[i].length);
		of[sizes[i].length == 60 ? 0 : sizes[i].length == 590 ? 1 : 2]++;
	}
	cr_expect(of[0] == 7 && of[1] == 4 && of[2] == 1);
	cr_expect_eq(frame_sizes(128, sizes), 1);
	cr_expect_eq(sizes[0].length, 124, "without FCS");
}

Test(latency, percentiles_are_a_64th_too_high_at_most)
{
	struct latency *latency = calloc(1, sizeof(*latency));
	static const double parts[] = {0.01, 0.5, 0.99, 0.999};

	cr_expect_eq(latency_percentile(latency, 0.5), 0, "of nothing");
	for (uint64_t cycles = 1; cycles <= 100000; cycles++)
		latency_add(latency, cycles);
	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
		double exact = parts[i] * 100000;
		double found = latency_percentile(latency, parts[i]);

		cr_expect(found >= exact && found <= exact * 65 / 64 + 1, "%g: %g", parts[i],
			  found);
	}
	cr_expect_eq(latency_percentile(latency, 1), 100000);
	cr_expect_eq(latency->most, 100000);
	latency_add(latency, UINT64_MAX);
	cr_expect_eq(latency->most, UINT64_MAX, "what is beyond all buckets");
	free(latency);
}
