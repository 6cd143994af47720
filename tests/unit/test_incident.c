// SPDX-License-Identifier: BSD-3-Clause
// Floods, single frames, lost events, ports that come and go: what operators are told of each.
#include "control/events/incident.h"

#include <criterion/criterion.h>
#include <string.h>

enum { TOLD_MAX = 64, SLOT = 3 };

struct told {
	enum incident_change change;
	struct incident incident;
};

static struct told told[TOLD_MAX];
static size_t n_told;
static struct incidents *incidents;
static uint64_t drops[DROP_COUNT];
static uint64_t ms;
static struct incident_port port = {.slot = SLOT, .incarnation = 1, .name = "swp1", .asn = 64501};

static void hear(void *argument, enum incident_change change, const struct incident *incident)
{
	(void)argument;
	cr_assert_lt(n_told, TOLD_MAX);
	told[n_told++] = (struct told){change, *incident};
}

static void start(void)
{
	incidents = incidents_create(1, hear, NULL);
}

static void end(void)
{
	incidents_destroy(incidents);
}

TestSuite(incident, .init = start, .fini = end);

static struct incident_moment now(void)
{
	return (struct incident_moment){.ms = ms, .seconds = 1e9 + (double)ms / 1000};
}

static void frame(uint16_t reason, const char *lan, uint8_t sender)
{
	struct event_frame event = {.reason = reason, .length = 60, .n_octets = 60};
	struct incident_note note = {.lan = lan, .frame = &event};
	struct incident_moment moment = now();

	event.octets[6] = 2;
	event.octets[11] = sender;
	incidents_frame(incidents, &port, &note, drops[reason], &moment);
}

static void second(void)
{
	struct incident_moment moment;

	ms += 1000;
	moment = now();
	incidents_count(incidents, &port, drops, &moment);
	incidents_tick(incidents, &moment);
}

static void seconds(int n)
{
	while (n--)
		second();
}

Test(incident, a_flood_is_one_line_with_its_count)
{
	frame(DROP_MAC_NOT_REGISTERED, "peering", 7);
	for (int s = 0; s < 10; s++) {
		drops[DROP_MAC_NOT_REGISTERED] += 100000;
		frame(DROP_MAC_NOT_REGISTERED, "peering", 7);
		second();
	}
	cr_assert_eq(told[0].change, INCIDENT_OPENED);
	cr_expect_eq(n_told, 11, "it opened, and was updated once a second");
	for (size_t i = 0; i < n_told; i++)
		cr_expect_eq(told[i].incident.id, 1);
	cr_expect_eq(told[10].incident.count, 1000000);
	cr_expect(told[10].incident.open);
	seconds(60);
	cr_expect_eq(n_told, 12, "nothing while it was silent, then the end");
	cr_expect_eq(told[11].change, INCIDENT_CLOSED);
	cr_expect_eq(told[11].incident.count, 1000000);
	cr_expect_not(told[11].incident.open);
	cr_expect_float_eq(told[11].incident.last - told[11].incident.first, 10, 1.1);
	cr_expect_null(incidents_open(incidents, 0));
}

Test(incident, one_says_who_where_and_why)
{
	port.member = "Example Net";
	drops[DROP_MAC_HIJACK] = 1;
	frame(DROP_MAC_HIJACK, "peering", 9);
	const struct incident *incident = &told[0].incident;

	cr_expect_str_eq(incident->port, "swp1");
	cr_expect_str_eq(incident->member, "Example Net");
	cr_expect_eq(incident->asn, 64501);
	cr_expect_str_eq(incident->lan, "peering");
	cr_expect_str_eq(incident->reason, "mac_hijack");
	cr_expect_eq(incident->level, LOG_LEVEL_CRIT);
	cr_expect_eq(incident->count, 1);
	cr_expect_eq(incident->length, 60);
	cr_expect_eq(incident->n_octets, 60);
	cr_expect_eq(incident->n_macs, 1);
	cr_expect_eq(incident->macs[0], MAC(2, 0, 0, 0, 0, 9));
}

Test(incident, a_frame_that_is_told_before_it_is_counted_counts_once)
{
	frame(DROP_RUNT, NULL, 1);
	cr_expect_eq(told[0].incident.count, 1);
	drops[DROP_RUNT] = 1;
	second();
	cr_expect_eq(told[n_told - 1].incident.count, 1);
}

Test(incident, counts_of_incidents_add_up_to_the_counter)
{
	drops[DROP_RUNT] = 5;
	frame(DROP_RUNT, NULL, 1);
	second();
	seconds(60);
	cr_expect_eq(told[n_told - 1].incident.count, 5);
	drops[DROP_RUNT] = 7;
	frame(DROP_RUNT, NULL, 1);
	cr_expect_eq(told[n_told - 1].change, INCIDENT_OPENED);
	cr_expect_eq(told[n_told - 1].incident.count, 2);
	cr_expect_eq(told[n_told - 1].incident.id, 2);
}

Test(incident, a_frame_within_the_silence_belongs_to_it)
{
	drops[DROP_RUNT] = 1;
	frame(DROP_RUNT, NULL, 1);
	seconds(59);
	drops[DROP_RUNT] = 2;
	frame(DROP_RUNT, NULL, 1);
	seconds(59);
	const struct incident *incident = incidents_open(incidents, 0);
	cr_assert_not_null(incident);
	cr_expect_eq(incident->id, 1);
	cr_expect_eq(incident->count, 2);
	second();
	cr_expect_null(incidents_open(incidents, 0));
}

Test(incident, an_event_that_is_lost_is_made_up_for_by_the_counters)
{
	second();
	drops[DROP_MAC_LIMIT] = 3;
	second();
	cr_expect_eq(n_told, 0, "its event may still come");
	second();
	cr_assert_eq(n_told, 1);
	cr_expect_eq(told[0].incident.count, 3);
	cr_expect_eq(told[0].incident.length, 0);
	drops[DROP_MAC_LIMIT] = 4;
	frame(DROP_MAC_LIMIT, "peering", 5);
	second();
	cr_expect_eq(told[n_told - 1].incident.id, 1);
	cr_expect_eq(told[n_told - 1].incident.count, 4);
	cr_expect_eq(told[n_told - 1].incident.length, 60, "the first frame that was told");
	cr_expect_str_eq(told[n_told - 1].incident.lan, "peering");
}

Test(incident, what_is_dropped_in_good_order_makes_none)
{
	drops[DROP_UNKNOWN_UNICAST] = 100;
	drops[DROP_PORT_DISABLED] = 100;
	seconds(3);
	cr_expect_eq(n_told, 0);
}

Test(incident, a_quiet_port_makes_none)
{
	port.quiet = true;
	drops[DROP_RUNT] = 100;
	seconds(3);
	cr_expect_eq(n_told, 0);
	port.quiet = false;
	seconds(3);
	cr_expect_eq(n_told, 0, "nor of what it did while it was");
}

Test(incident, what_was_counted_before_us_is_settled)
{
	drops[DROP_RUNT] = 100;
	incidents_settle(incidents, &port, drops);
	seconds(3);
	cr_expect_eq(n_told, 0);
	drops[DROP_RUNT] = 101;
	frame(DROP_RUNT, NULL, 1);
	cr_expect_eq(told[0].incident.count, 1);
}

Test(incident, another_port_in_the_slot_begins_anew)
{
	drops[DROP_RUNT] = 100;
	frame(DROP_RUNT, NULL, 1);
	drops[DROP_RUNT] = 2;
	port.incarnation = 2;
	port.name = "swp9";
	frame(DROP_RUNT, NULL, 1);
	cr_assert_eq(n_told, 3);
	cr_expect_eq(told[1].change, INCIDENT_CLOSED);
	cr_expect_str_eq(told[1].incident.port, "swp1");
	cr_expect_eq(told[1].incident.count, 100);
	cr_expect_str_eq(told[2].incident.port, "swp9");
	cr_expect_eq(told[2].incident.count, 2);
}

Test(incident, at_most_eight_addresses_are_kept_each_once)
{
	for (uint8_t i = 0; i < 8; i++) {
		frame(DROP_MAC_LIMIT, NULL, i);
		frame(DROP_MAC_LIMIT, NULL, i);
	}
	const struct incident *incident = incidents_open(incidents, 0);
	cr_expect_eq(incident->n_macs, 8);
	cr_expect_not(incident->more_macs);
	frame(DROP_MAC_LIMIT, NULL, 99);
	cr_expect_eq(incident->n_macs, 8);
	cr_expect(incident->more_macs);
}

Test(incident, frames_of_two_lans_name_none)
{
	frame(DROP_RUNT, NULL, 1);
	frame(DROP_RUNT, "peering", 1);
	cr_expect_str_eq(incidents_open(incidents, 0)->lan, "peering");
	frame(DROP_RUNT, "second", 1);
	cr_expect_str_eq(incidents_open(incidents, 0)->lan, "");
	frame(DROP_RUNT, "second", 1);
	cr_expect_str_eq(incidents_open(incidents, 0)->lan, "");
}

Test(incident, a_disabled_port_is_one_until_it_is_enabled)
{
	struct incident_note note = {.detail = "After 10 violations."};
	struct incident_moment moment = now();

	incidents_note(incidents, INCIDENT_PORT_DISABLED, &port, &note, &moment);
	seconds(300);
	cr_assert_eq(n_told, 1);
	cr_expect_eq(told[0].incident.level, LOG_LEVEL_WARN);
	cr_expect_str_eq(told[0].incident.detail, "After 10 violations.");
	moment = now();
	cr_expect(incidents_end(incidents, INCIDENT_PORT_DISABLED, &port, &moment));
	cr_expect_eq(told[1].change, INCIDENT_CLOSED);
	cr_expect_float_eq(told[1].incident.last - told[1].incident.first, 300, 0.1);
	cr_expect_not(incidents_end(incidents, INCIDENT_PORT_DISABLED, &port, &moment));
}

Test(incident, several_at_a_time_do_not_mix)
{
	drops[DROP_RUNT] = 1;
	frame(DROP_RUNT, NULL, 1);
	drops[DROP_MAC_LIMIT] = 2;
	frame(DROP_MAC_LIMIT, NULL, 1);
	seconds(30);
	drops[DROP_MAC_LIMIT] = 3;
	seconds(31);
	cr_assert_not_null(incidents_open(incidents, 0));
	cr_expect_str_eq(incidents_open(incidents, 0)->reason, "mac_limit");
	cr_expect_eq(incidents_open(incidents, 0)->count, 3);
	cr_expect_null(incidents_open(incidents, 1));
}

Test(incident, a_dataplane_that_goes_closes_all)
{
	frame(DROP_RUNT, NULL, 1);
	frame(DROP_MAC_LIMIT, NULL, 1);
	incidents_close_all(incidents);
	cr_expect_eq(n_told, 4);
	cr_expect_null(incidents_open(incidents, 0));
	drops[DROP_RUNT] = 1;
	frame(DROP_RUNT, NULL, 1);
	cr_expect_eq(told[4].incident.id, 3);
}

Test(incident, an_address_is_down_until_somebody_says_otherwise)
{
	const struct incident_note note = {.detail = "192.0.2.77 is silent."};
	struct incident_moment moment = now();

	incidents_note(incidents, INCIDENT_SPONGED, &port, &note, &moment);
	moment.ms += 10 * INCIDENT_SILENCE_MS;
	incidents_tick(incidents, &moment);
	cr_expect(incidents_has(incidents, INCIDENT_SPONGED, &port));
	cr_expect(incidents_end(incidents, INCIDENT_SPONGED, &port, &moment));
	cr_expect_eq(n_told, 2);
	incidents_note(incidents, INCIDENT_UNSPONGED, &port, &note, &moment);
	moment.ms += INCIDENT_SILENCE_MS;
	incidents_tick(incidents, &moment);
	cr_expect(!incidents_has(incidents, INCIDENT_UNSPONGED, &port));
}

Test(incident, every_kind_has_a_name_of_its_own)
{
	for (uint16_t kind = DROP_NONE + 1; kind < INCIDENT_KINDS; kind++) {
		cr_expect_gt(strlen(incident_text(kind)), 10);
		// Frames that die because their port is disabled, or for the sponge, are none.
		if (kind != DROP_PORT_DISABLED && kind != DROP_SPONGED)
			cr_expect_eq(incident_find(incident_name(kind)), kind, "%s",
				     incident_name(kind));
	}
	cr_expect_eq(incident_find("nothing"), DROP_NONE);
}
