// SPDX-License-Identifier: BSD-3-Clause
// What of the XDP guard depends on time and order: which frames it leaves to workers, its limits on
// broadcast and multicast, and that a frame sees a change of policy as old or new.
//
//   limits_test OBJECT
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "dataplane/ports/guard_policy.h"
#include "dataplane/tables/policy.h"
#include "lib/clock.h"
#include "tests/guard/kernel.h"

enum { FRAMES = 400, CHANGES = 40 };

#define expect(condition)                                                               \
	do {                                                                            \
		if (!(condition)) {                                                     \
			fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition); \
			n_failures++;                                                   \
		}                                                                       \
	} while (0)

static unsigned int n_failures;

// An ARP request to everybody, of which tests change the beginning.
static const uint8_t arp[60] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2, 0, 0, 0, 0,
				1,    8,    6,	  0,	1,    8,    0, 6, 4, 0, 1};
static const uint8_t to_one[6] = {2, 0, 0, 0, 0, 2};
static const uint8_t to_some[6] = {0x33, 0x33, 0, 0, 0, 2};

struct offender {
	uint8_t octets[60];
};

static struct offender frame(const uint8_t *dst, uint16_t type)
{
	struct offender made;

	memcpy(made.octets, arp, sizeof(arp));
	memcpy(made.octets, dst, 6);
	made.octets[12] = (uint8_t)(type >> 8);
	made.octets[13] = (uint8_t)type;
	return made;
}

static struct guard_policy peering_lan(void)
{
	struct guard_policy policy = {.flags = GUARD_ADMIN_UP, .port = 7};

	memset(policy.vid_lan, GUARD_NO_LAN, sizeof(policy.vid_lan));
	policy.lans[0].frame_max = 1514;
	policy.lans[0].rules.n_types = 1;
	policy.lans[0].rules.types[0] = ADMIT_TYPE_ARP;
	return policy;
}

static void sample(struct guard_policy *policy, enum drop_reason reason)
{
	policy->sampled[reason / 64] |= UINT64_C(1) << reason % 64;
}

static void commit(const struct guard_policy *policy)
{
	kernel_check("prepare", guard_prepare(kernel.guard, policy));
	kernel_check("commit", guard_commit(kernel.guard));
	kernel_check("wait", guard_wait(kernel.guard));
}

// Let FRAMES come. Returns how many the guard leaves to workers; the others died for "reason".
static unsigned int count_left(struct offender offender, enum drop_reason reason)
{
	struct port_counters counters = {0};
	unsigned int left = 0;

	for (int i = 0; i < FRAMES; i++) {
		enum drop_reason died =
			kernel_judge(offender.octets, sizeof(offender.octets), &counters);

		left += died == DROP_NONE;
		expect(died == DROP_NONE || died == reason);
	}
	return left;
}

// ---- What is left to workers

static void test_nothing_without_policy(void)
{
	expect(count_left(frame(to_one, 0x88cc), DROP_NONE) == FRAMES);
}

static void test_sampling(void)
{
	struct guard_policy policy = peering_lan();

	commit(&policy);
	expect(count_left(frame(to_one, 0x88cc), DROP_ETHERTYPE_NOT_ALLOWED) == 0);

	sample(&policy, DROP_ETHERTYPE_NOT_ALLOWED);
	sample(&policy, DROP_NOT_ETHERNET_II);
	commit(&policy);
	uint64_t start_ns = clock_steady_ns();
	unsigned int first = count_left(frame(to_one, 0x88cc), DROP_ETHERTYPE_NOT_ALLOWED);
	unsigned int second = count_left(frame(to_one, 0x0026), DROP_NOT_ETHERNET_II);
	uint64_t seconds = (clock_steady_ns() - start_ns) / CLOCK_SECOND + 1;
	expect(first >= 1 && first <= 1 + seconds);
	expect(second >= 1 && second <= 1 + seconds);
}

static void test_watched(void)
{
	struct guard_policy policy = peering_lan();

	policy.flags |= GUARD_WATCHED;
	commit(&policy);
	expect(count_left(frame(to_one, 0x88cc), DROP_NONE) == FRAMES);
}

// LACP's frames reach the worker by a link, whatever its LAG is to drop, and by no other port.
static void test_links(void)
{
	static const uint8_t slow[6] = {1, 0x80, 0xc2, 0, 0, 2}, other[6] = {1, 0x80, 0xc2};
	struct guard_policy policy = peering_lan();

	commit(&policy);
	expect(count_left(frame(slow, ADMIT_TYPE_SLOW), DROP_DMAC_IS_RESERVED) == 0);
	policy.flags |= GUARD_LINK;
	commit(&policy);
	expect(count_left(frame(slow, ADMIT_TYPE_SLOW), DROP_NONE) == FRAMES);
	expect(count_left(frame(other, ADMIT_TYPE_SLOW), DROP_DMAC_IS_RESERVED) == 0);
	expect(count_left(frame(slow, 0x88cc), DROP_DMAC_IS_RESERVED) == 0);
	expect(count_left(frame(to_one, ADMIT_TYPE_SLOW), DROP_ETHERTYPE_NOT_ALLOWED) == 0);
	policy.flags &= ~(uint32_t)GUARD_ADMIN_UP;
	commit(&policy);
	expect(count_left(frame(slow, ADMIT_TYPE_SLOW), DROP_NONE) == FRAMES);
	expect(count_left(frame(to_one, ADMIT_TYPE_ARP), DROP_PORT_DOWN) == 0);
}

static void test_disable_at_once(void)
{
	struct guard_policy policy = peering_lan();

	policy.lans[0].security = SECURITY_REGISTERED;
	policy.flags |= GUARD_AT_ONCE;
	commit(&policy);
	expect(count_left(frame(to_one, ADMIT_TYPE_ARP), DROP_NONE) == FRAMES);
	expect(count_left(frame(to_one, 0x88cc), DROP_ETHERTYPE_NOT_ALLOWED) == 0);
	policy.flags &= ~(uint32_t)GUARD_AT_ONCE;
	commit(&policy);
	expect(count_left(frame(to_one, ADMIT_TYPE_ARP), DROP_NO_MAC_REGISTERED) == 0);
}

static void test_disabled(void)
{
	struct guard_policy policy = peering_lan();

	commit(&policy);
	kernel_check("disable", guard_disable(kernel.guard, DISABLE_STORM));
	expect(count_left(frame(to_one, ADMIT_TYPE_ARP), DROP_PORT_DISABLED) == 0);
	kernel_check("enable", guard_disable(kernel.guard, DISABLE_NONE));
	expect(count_left(frame(to_one, ADMIT_TYPE_ARP), DROP_NONE) == FRAMES);
}

// ---- Limits

// Four a second, of which five may come at once.
static void test_limits(void)
{
	struct guard_policy policy = peering_lan();
	struct guard_meter slow = {.interval_ns = CLOCK_SECOND / 4, .burst_ns = CLOCK_SECOND};

	policy.lans[0].rules.flags = RULE_ANY_MULTICAST;
	policy.meters[GUARD_BROADCAST] = slow;
	policy.meters[GUARD_MULTICAST] = slow;
	commit(&policy);
	uint64_t start_ns = clock_steady_ns();
	unsigned int all = count_left(frame(arp, ADMIT_TYPE_ARP), DROP_STORM_BROADCAST);
	unsigned int some = count_left(frame(to_some, ADMIT_TYPE_ARP), DROP_STORM_MULTICAST);
	unsigned int one = count_left(frame(to_one, ADMIT_TYPE_ARP), DROP_NONE);
	uint64_t quarters = (clock_steady_ns() - start_ns) * 4 / CLOCK_SECOND + 1;
	expect(all >= 5 && all <= 5 + quarters);
	expect(some >= 5 && some <= 5 + quarters);
	expect(one == FRAMES);
}

// Nanoseconds between two broadcasts, as the guard of a port with this limit has it.
static uint64_t interval(const struct rate *rate, uint32_t speed)
{
	static struct admit_rules rules;
	static struct policy policy = {.rules = &rules};
	struct policy_limits_conf limits = {.meters = {[METER_BROADCAST] = *rate}};
	struct guard_policy guard;

	policy.ports[3].lan_untagged = LAN_NONE;
	guard_policy_build(&guard, &policy, 3, &limits, speed);
	expect(guard.meters[GUARD_MULTICAST].interval_ns == 0);
	return guard.meters[GUARD_BROADCAST].interval_ns;
}

// Four times as much as the port may send, in frames of 84 octets on the wire.
static void test_rates(void)
{
	expect(interval(&(struct rate){.unit = RATE_NONE}, 0) == 0);
	expect(interval(&(struct rate){.unit = RATE_FRAMES, .value = 100}, 0) == 2500000);
	expect(interval(&(struct rate){.unit = RATE_FRAMES, .value = 0}, 0) == 250000000);
	expect(interval(&(struct rate){.unit = RATE_FRAMES, .value = CLOCK_SECOND}, 0) == 0);
	expect(interval(&(struct rate){.unit = RATE_BITS, .value = 672000}, 0) == 250000);
	expect(interval(&(struct rate){.unit = RATE_BITS, .value = 672, .floor = 100}, 0) ==
	       2500000);
	expect(interval(&(struct rate){.unit = RATE_PPM, .value = 672}, 1000) == 250000);
	expect(interval(&(struct rate){.unit = RATE_PPM, .value = 672}, 0) == 25000);
}

// ---- Old or new

static _Atomic bool stop;
static _Atomic uint64_t n_sent;

static void *send_all_the_time(void *unused)
{
	struct offender offender = frame(to_one, 0x88cc);

	for (; !stop; n_sent++)
		kernel_run(offender.octets, sizeof(offender.octets));
	return unused;
}

// Until the sender has had its turn: on a busy machine that may take a while.
static void wait_for_another(void)
{
	uint64_t before = n_sent, end = clock_steady_ns() + 10 * CLOCK_SECOND;

	while (n_sent == before && clock_steady_ns() < end)
		sched_yield();
	expect(n_sent > before);
}

// Each of two policies refuses the frame for another reason. Half of one with half of the other
// would let it pass.
static void test_old_or_new(void)
{
	struct guard_policy too_long = peering_lan(), wrong_type = peering_lan();
	struct port_counters counters = {0};
	pthread_t sender;

	too_long.lans[0].frame_max = 59;
	too_long.lans[0].rules.flags = RULE_ALL;
	commit(&wrong_type);
	guard_collect(kernel.guard, &(struct port_counters){0});
	pthread_create(&sender, NULL, send_all_the_time, NULL);
	for (int i = 0; i < CHANGES; i++) {
		wait_for_another();
		commit(i % 2 ? &wrong_type : &too_long);
	}
	stop = true;
	pthread_join(sender, NULL);
	guard_collect(kernel.guard, &counters);
	expect(counters.rx_frames == n_sent);
	expect(counters.drops[DROP_PKT_TOO_BIG] + counters.drops[DROP_ETHERTYPE_NOT_ALLOWED] ==
	       n_sent);
}

// Samples and limits are of a CPU by itself.
static void stay_on_one_cpu(void)
{
	cpu_set_t cpus;

	CPU_ZERO(&cpus);
	CPU_SET(sched_getcpu(), &cpus);
	sched_setaffinity(0, sizeof(cpus), &cpus);
}

int main(int argc, char **argv)
{
	cpu_set_t cpus;

	if (argc < 2)
		return 2;
	sched_getaffinity(0, sizeof(cpus), &cpus);
	kernel_load(argv[1]);
	kernel_check("sources", guard_use_sources(kernel.guard, kernel.sources));
	stay_on_one_cpu();
	test_nothing_without_policy();
	test_sampling();
	test_watched();
	test_links();
	test_disable_at_once();
	test_disabled();
	test_limits();
	test_rates();
	sched_setaffinity(0, sizeof(cpus), &cpus);
	test_old_or_new();
	kernel_unload();
	printf("%u failures\n", n_failures);
	return n_failures != 0;
}
