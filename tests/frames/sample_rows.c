// SPDX-License-Identifier: BSD-3-Clause
// Which frames are sampled, how many of them, and what is told of each.
#include <math.h>
#include <string.h>

#include <criterion/criterion.h>
#include <rte_mbuf.h>
#include <rte_random.h>

#include "dataplane/path/trace.h"
#include "tests/frames/harness.h"

enum { PORTS = 6, LAN = 0 };
// Of every frame, of one in RATE, of none, of so few that none is seen; one that is tagged.
enum { ALL, SOME, NONE, RARE, TRUNK, LONELY };
enum { RATE = 64, RAREST = 1000000, VID = 100, LONELY_LAN = 1 };
enum { SAMPLE_BUDGET = 10000 }; // a second

#define STATION(n) MAC(0x02, 0, 0, 0, 0, n)
#define NOBODY	   STATION(99)

static const uint8_t owners_ip[16] = {192, 0, 2, 1};

static void make_policy(uint32_t rate_of_rare)
{
	static const struct policy_prefix_conf prefix = {.family = 4,
							 .length = 24,
							 .address = {192, 0, 2}};

	world_begin();
	world_lan(LAN, LAN_PROXY | LAN_FLOOD_UNKNOWN, 1500, 0);
	world_lan(LONELY_LAN, LAN_FLOOD_UNKNOWN, 1500, 0);
	world_prefix(LAN, &prefix);
	world_rules(1, RULE_ALL & ~RULE_ANY_TYPE);
	for (uint16_t p = 0; p < PORTS; p++) {
		world_port(p, PORT_ADMIN_UP | PORT_FLOOD_UNKNOWN | PORT_FLOOD_MULTICAST, 1500, 0);
		world_member_with(&(struct policy_member_conf){
			.port = p,
			.lan = p == LONELY ? LONELY_LAN : LAN,
			.vid = p == TRUNK ? VID : 0,
			.rules = 1,
		});
	}
	world_mac(NONE, LAN, STATION(NONE), MAC_REGISTERED);
	world_address(NONE, LAN, 4, owners_ip);
	world_sampling(ALL, 1);
	world_sampling(SOME, RATE);
	world_sampling(RARE, rate_of_rare);
	world_sampling(TRUNK, 1);
	world_sampling(LONELY, 1);
	world_commit();
}

static void make_world(void)
{
	rte_srand(1); // so that chance is the same each time
	world_init(PORTS, 128, 512);
	make_policy(RAREST);
	fdb_add_static(world.fdbs[LAN], STATION(NONE), NONE, MAC_REGISTERED);
}

static void receive(uint16_t port, mac_t dst, const uint8_t *type, size_t n_type, uint16_t length,
		    uint16_t n)
{
	world_receive_alike(port, dst, STATION(50 + port), type, n_type, length, n);
}

static void receive_ip(uint16_t port, mac_t dst, uint16_t n)
{
	receive(port, dst, (const uint8_t[]){8, 0}, 2, 60, n);
}

static const struct event_sample *sample_of(uint32_t number)
{
	cr_assert_lt(number, world.n_events);
	cr_expect_eq(message_check(&world.events[number]), 0);
	cr_expect_eq(world.events[number].header.type, EVENT_SAMPLE);
	return &world.events[number].sample;
}

static void expect_samples(uint32_t n, const char *what)
{
	cr_expect_eq(world.n_events, n, "%s: %u samples, not %u", what, world.n_events, n);
	world.n_events = 0;
}

static void tells_where_a_frame_goes(void)
{
	receive_ip(ALL, STATION(NONE), 2);
	for (uint32_t i = 0; i < 2; i++) {
		const struct event_sample *s = sample_of(i);

		cr_expect_eq(s->port, ALL);
		cr_expect_eq(s->lan, LAN);
		cr_expect_eq(s->out, NONE);
		cr_expect_eq(s->copies, 0);
		cr_expect_eq(s->sampling, 1);
		cr_expect_eq(s->pool, i + 1);
		cr_expect_eq(s->lost, 0);
		cr_expect_eq(s->length, 60);
		cr_expect_eq(s->n_octets, 60);
		cr_expect_eq(mac_load(s->octets), STATION(NONE));
		cr_expect_eq(s->octets[59], i, "frames in their order");
	}
	expect_samples(2, "known");
	receive_ip(ALL, NOBODY, 1);
	cr_expect_eq(sample_of(0)->out, FDB_ANY);
	cr_expect_eq(sample_of(0)->copies, PORTS - 2, "all of the LAN but itself");
	cr_expect_eq(sample_of(0)->pool, 3);
	expect_samples(1, "flooded");
	receive_ip(LONELY, NOBODY, 1);
	cr_expect_eq(sample_of(0)->copies, 0, "nobody is there");
	world.n_events = 0;
}

static void tells_octets_as_they_came(void)
{
	static const uint8_t tagged[] = {0x81, 0, 0, VID, 8, 0};

	receive(TRUNK, STATION(NONE), tagged, sizeof(tagged), 1000, 1);
	const struct event_sample *s = sample_of(0);
	cr_expect_eq(s->length, 1000);
	cr_expect_eq(s->n_octets, SAMPLE_OCTETS);
	cr_expect_arr_eq(s->octets + 12, tagged, sizeof(tagged), "its tag is taken off later");
	expect_samples(1, "tagged");
}

static void is_silent_of_what_is_not_let_on(void)
{
	uint32_t pool = world.worker->sampling[ALL].pool;
	static const uint8_t arp[] = {8, 6, 0, 1, 8, 0, 6, 4, 0, 1};
	uint8_t question[42 - 12] = {0};

	receive_ip(NONE, NOBODY, BATCH_MAX);
	expect_samples(0, "a port that is not sampled");
	receive(ALL, STATION(NONE), (const uint8_t[]){0x90, 0}, 2, 60, 3);
	cr_expect_eq(world.worker->counters[ALL].drops[DROP_ETHERTYPE_NOT_ALLOWED], 3);
	cr_expect_eq(world.events[0].header.type, EVENT_VIOLATION);
	expect_samples(1, "the violation");

	memcpy(question, arp, sizeof(arp));
	mac_store(STATION(50 + ALL), question + 10);
	memcpy(question + 16, (const uint8_t[]){192, 0, 2, 7}, 4);
	memcpy(question + 26, owners_ip, 4);
	receive(ALL, MAC_BROADCAST, question, sizeof(question), 60, 1);
	cr_expect_eq(world.worker->counters[ALL].answered, 1);
	expect_samples(0, "a question that is answered");
	cr_expect_eq(world.worker->sampling[ALL].pool, pool, "none of them could have been taken");
}

static void counts_what_is_not_told(void)
{
	world.no_room_for_events = true;
	receive_ip(ALL, NOBODY, 3);
	world.no_room_for_events = false;
	receive_ip(ALL, NOBODY, 1);
	cr_expect_eq(sample_of(0)->lost, 3);
	expect_samples(1, "after three that found no room");
	world.cycles += WORLD_HZ;
	for (int i = 0; i < SAMPLE_BUDGET / BATCH_MAX + 1; i++)
		receive_ip(ALL, STATION(NONE), BATCH_MAX);
	expect_samples(SAMPLE_BUDGET, "a second");
	world.cycles += WORLD_HZ;
	receive_ip(ALL, NOBODY, 1);
	cr_expect_eq(sample_of(0)->lost,
		     3 + (SAMPLE_BUDGET / BATCH_MAX + 1) * BATCH_MAX - SAMPLE_BUDGET);
	expect_samples(1, "the next second");
}

// Bounds are of six standard deviations. Gaps of a geometric distribution deviate by as much as
// their mean; those of every RATEth frame would not at all.
static void takes_each_with_the_same_chance(void)
{
	double squares = 0;
	uint32_t last = 0;

	world.cycles += WORLD_HZ;
	for (int i = 0; i < 900; i++)
		receive_ip(SOME, STATION(NONE), i % 2 ? BATCH_MAX : 1 + i % 7);
	uint32_t pool = world.worker->sampling[SOME].pool, n = world.n_events;
	cr_assert_lt(n, WORLD_EVENTS);
	double mean = (double)pool / RATE;
	cr_expect_lt(fabs(n - mean), 6 * sqrt(mean), "%u of %u", n, pool);
	for (uint32_t i = 0; i < n; i++) {
		double off = sample_of(i)->pool - last - (double)RATE;

		squares += off * off;
		last = sample_of(i)->pool;
	}
	double deviation = sqrt(squares / n);
	cr_expect(deviation > RATE * 0.75 && deviation < RATE * 1.25, "%f", deviation);
	world.n_events = 0;
}

static void takes_another_rate_at_once(void)
{
	receive_ip(RARE, STATION(NONE), BATCH_MAX);
	expect_samples(0, "one in a million");
	make_policy(1);
	receive_ip(RARE, STATION(NONE), 2);
	cr_expect_eq(sample_of(0)->sampling, 1);
	cr_expect_eq(sample_of(0)->pool, BATCH_MAX + 1, "which goes on");
	expect_samples(2, "every frame");
}

// Whose frames are no traffic, and are in no books.
static void dry_worker_tells_nothing(void)
{
	static struct trace trace;

	world.worker->dry = true;
	world.worker->trace = &trace;
	receive_ip(ALL, NOBODY, 1);
	expect_samples(0, "explain");
}

Test(frames, sample)
{
	make_world();
	tells_where_a_frame_goes();
	tells_octets_as_they_came();
	is_silent_of_what_is_not_let_on();
	counts_what_is_not_told();
	takes_each_with_the_same_chance();
	takes_another_rate_at_once();
	cr_expect_null(world_audit(0));
	dry_worker_tells_nothing();
	world_fini();
}
