// SPDX-License-Identifier: BSD-3-Clause
// From what a dataplane tells of questions and signs of life to what it is told to answer, and to
// the frames by which the sponge speaks: control against a dataplane without frames.
#include "control/sponge/sponge.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "control/config/config.h"
#include "control/events/events.h"
#include "control/events/history.h"
#include "control/sponge/frames.h"
#include "control/sponge/sponge_lan.h"
#include "tests/support/loop_until.h"
#include "tests/support/world.h"

// A LAN without a sponge comes first, so that numbers matter.
static const char config_text[] =
	"version: 1\n"
	"lans:\n"
	"  other: {profile: exchange, prefixes: [198.51.100.0/24]}\n"
	"  peering:\n"
	"    profile: exchange\n"
	"    prefixes: [192.0.2.0/24, \"2001:db8::/64\"]\n"
	"ports:\n"
	"  swp1: {device: \"iface:m1\", lans: {peering: {macs: [\"02:00:00:00:00:01\"], ips: "
	"[192.0.2.1, \"2001:db8::1\"]}}}\n"
	"  swp2: {device: \"iface:m2\", lans: {peering: {macs: [\"02:00:00:00:00:02\", "
	"\"02:00:00:00:00:12\"], ips: [192.0.2.2]}}}\n"
	"  swp3: {device: \"iface:m3\", lans: {peering: {macs: [\"02:00:00:00:00:77\"], ips: "
	"[192.0.2.77, \"2001:db8::77\"]}}}\n"
	"  swp4: {device: \"iface:m4\", quarantine: yes, lans: {peering: {macs: "
	"[\"02:00:00:00:00:04\"], ips: [192.0.2.4]}}}\n"
	"  swp5: {device: \"iface:m5\", lans: {peering: {monitor: yes}}}\n";

enum { TICK_MS = 100 };
enum { LAN = 1, SWP1 = 0, SWP2, SWP3, SWP4, SWP5 };

static const struct ip asker = {4, {192, 0, 2, 1}};
static const struct ip target = {4, {192, 0, 2, 77}};
static const struct ip target6 = {6, {0x20, 0x01, 0x0d, 0xb8, [15] = 0x77}};
static const mac_t target_mac = MAC(2, 0, 0, 0, 0, 0x77);
static const mac_t sponge_mac = MAC(2, 0, 0, 0, 0, 0xfa);
static struct config_sponge settings = {
	.mode = SPONGE_FAST,
	.mac = MAC(2, 0, 0, 0, 0, 0xfa),
	.address4 = {4, {192, 0, 2, 250}},
	.address6 = {6, {0x20, 0x01, 0x0d, 0xb8, [14] = 2, [15] = 0x50}},
	.queue_depth = 2,
	.rate = 10,
	.pending = 1,
	.probe_rate = 1000,
	.init = SPONGE_INIT_ALIVE,
	.updates = SPONGE_UPDATE_REQUEST,
	.targets = 16,
	.restore_age = 60,
};

static void set_sponge(void)
{
	control.running.config->lans[LAN].sponge = settings;
	sponges_configure(control.sponges);
}

static void start_sponge(void)
{
	start_control();
	control.sponges->tick_ms = TICK_MS;
	wait_in_force();
	set_sponge();
}

static void start(void)
{
	world_init(WORLD_EVENTS | WORLD_SPONGES);
	write_file(config_text);
	start_dataplane();
	start_sponge();
}

TestSuite(sponge, .init = start, .fini = world_fini, .timeout = 60);

// ---- What the dataplane tells

struct seen {
	const struct ip *ip;
	const struct ip *asker; // NULL: 0.0.0.0
	mac_t mac;
	uint16_t port;
	uint8_t flags;
};

static void tell(enum message_type type, const struct seen *seen)
{
	struct message event;

	message_init(&event, type, 0);
	event.event_address = (struct event_address){.mac = seen->mac,
						     .lan = LAN,
						     .port = seen->port,
						     .family = seen->ip->family,
						     .flags = seen->flags};
	memcpy(event.event_address.address, seen->ip->octets, 16);
	if (seen->asker)
		memcpy(event.event_address.asker, seen->asker->octets, 16);
	fake_tell(&fake, 0, &event);
}

static void ask_for(const struct ip *ip, unsigned int times)
{
	const struct seen seen = {.ip = ip,
				  .asker = &asker,
				  .mac = MAC(2, 0, 0, 0, 0, 1),
				  .port = SWP1};

	while (times--)
		tell(EVENT_QUESTION, &seen);
}

static void live(const struct ip *ip)
{
	tell(EVENT_LIFE, &(struct seen){.ip = ip, .mac = target_mac, .port = SWP3});
}

// ---- What it was told

static const struct host_set *host(const struct ip *ip)
{
	const struct fake_host *found = fake_find_host(&fake, LAN, ip);

	return found ? &found->set : NULL;
}

static bool is_sponged(void)
{
	return host(&target) && host(&target)->verdict == HOST_SPONGED;
}

static bool is_sponged6(void)
{
	return host(&target6) && host(&target6)->verdict == HOST_SPONGED;
}

static bool is_live(void)
{
	return host(&target) && host(&target)->verdict == HOST_LIVE;
}

// Neither sponged nor owed to anybody, and again watched for a sign of life if that matters.
static bool is_settled(void)
{
	return !is_sponged() && atomic_load(&fake.shared->answers) > 0;
}

static enum machine_state state_of(const struct ip *ip)
{
	struct machine *machine = sponges_machine(control.sponges, LAN);
	struct machine_info info;

	return machine && machine_find(machine, ip, &info) ? info.state : MACHINE_NONE;
}

static bool is_pending(void)
{
	return state_of(&target) == MACHINE_PENDING;
}

static bool is_alive(void)
{
	return state_of(&target) == MACHINE_ALIVE;
}

// ---- Frames of ours

static uint32_t frames_by(uint16_t port)
{
	uint32_t n = atomic_load(&fake.shared->n_injects), found = 0;

	for (uint32_t i = 0; i < n; i++)
		found += fake.shared->injects[i].port == port;
	return found;
}

static const struct inject *last_by(uint16_t port)
{
	uint32_t n = atomic_load(&fake.shared->n_injects);

	while (n--) {
		if (fake.shared->injects[n].port == port)
			return &fake.shared->injects[n];
	}
	return NULL;
}

static void forget_frames(void)
{
	atomic_store(&fake.shared->n_injects, 0);
}

static void expect_last(uint16_t port, const uint8_t *octets, uint16_t length, const char *what)
{
	const struct inject *last = last_by(port);

	cr_assert(last, "%s: no frame", what);
	cr_expect_eq(last->lan, LAN, "%s", what);
	cr_expect_eq(last->length, length, "%s", what);
	cr_expect_arr_eq(last->octets, octets, length, "%s", what);
}

static void let_told(const struct ip *ip, const struct neigh_info *told, uint32_t n)
{
	struct fake_host *found = fake_find_host(&fake, LAN, ip);

	cr_assert(found);
	memcpy(found->told, told, n * sizeof(*told));
	found->n_told = n;
}

static const struct neigh_info two_told[] = {
	{.address = {192, 0, 2, 1}, .mac = MAC(2, 0, 0, 0, 0, 1), .port = SWP1, .family = 4},
	{.address = {192, 0, 2, 2}, .mac = 0, .port = SWP2, .family = 4},
};

static bool has_two_updates(void)
{
	return frames_by(SWP1) && frames_by(SWP2);
}

static void go_down(void)
{
	ask_for(&target, 2);
	cr_assert(loop_until(control.base, is_sponged));
}

// ---- Down

Test(sponge, who_does_not_answer_is_asked_at_its_own_port_and_then_sponged)
{
	const struct frames_host us = {.ip = settings.address4, .mac = sponge_mac};
	uint8_t query[FRAMES_SIZE];

	ask_for(&target, 2);
	cr_assert(loop_until(control.base, is_pending));
	cr_assert(loop_until(control.base, is_live));
	cr_expect(host(&target)->flags & HOST_WATCHED);
	cr_assert(loop_until(control.base, is_sponged));
	cr_expect_eq(host(&target)->port, SWP3);
	cr_expect_eq(host(&target)->mac, target_mac);
	cr_expect(host(&target)->flags & HOST_WATCHED);
	cr_expect_eq(frames_by(SWP3), 1);
	cr_expect_eq(atomic_load(&fake.shared->n_injects), 1, "nobody else was asked");
	uint16_t length = frames_query(&us, &target, 0, query);
	expect_last(SWP3, query, length, "query");
}

Test(sponge, ipv6_is_asked_for_and_sponged_likewise)
{
	const struct frames_host us = {.ip = settings.address6, .mac = sponge_mac};
	uint8_t query[FRAMES_SIZE];

	ask_for(&target6, 2);
	cr_assert(loop_until(control.base, is_sponged6));
	cr_expect_eq(host(&target6)->port, SWP3);
	cr_expect_eq(atomic_load(&fake.shared->n_injects), 1);
	uint16_t length = frames_query(&us, &target6, 0, query);
	expect_last(SWP3, query, length, "query");
}

Test(sponge, one_question_more_than_a_sign_of_life_is_no_harm)
{
	ask_for(&target, 1);
	live(&target);
	ask_for(&target, 1);
	live(&target);
	ask_for(&target, 1);
	ask_for(&target6, 2); // the measure of time
	cr_assert(loop_until(control.base, is_sponged6));
	cr_expect_eq(state_of(&target), MACHINE_ALIVE);
	cr_expect_eq(last_by(SWP3)->octets[12], 0x86, "nobody asked for it");
}

Test(sponge, the_owners_own_questions_are_signs_of_life)
{
	const struct seen own = {.ip = &target, .mac = target_mac, .port = SWP3, .flags = 0};
	const struct seen probe = {.ip = &target,
				   .mac = target_mac,
				   .port = SWP3,
				   .flags = ADDRESS_PROBE};

	ask_for(&target, 1);
	tell(EVENT_QUESTION, &own);
	ask_for(&target, 1);
	ask_for(&target6, 2);
	cr_assert(loop_until(control.base, is_sponged6));
	cr_expect_eq(state_of(&target), MACHINE_ALIVE);
	go_down();
	tell(EVENT_QUESTION, &probe);
	cr_assert(loop_until(control.base, is_alive));
	cr_expect(loop_until(control.base, is_settled));
}

Test(sponge, who_only_looks_whether_an_address_is_free_has_it_asked_for_again)
{
	const struct seen probe = {.ip = &target,
				   .mac = MAC(2, 0, 0, 0, 0, 1),
				   .port = SWP1,
				   .flags = ADDRESS_PROBE};

	go_down();
	tell(EVENT_QUESTION, &probe);
	cr_assert(loop_until(control.base, is_pending));
	cr_assert(loop_until(control.base, is_live));
	cr_assert(loop_until(control.base, is_sponged));
	cr_expect_eq(frames_by(SWP3), 2, "each time it was asked once");
}

static const struct ip quarantined = {4, {192, 0, 2, 4}};

static bool is_quarantined_sponged(void)
{
	return host(&quarantined) && host(&quarantined)->verdict == HOST_SPONGED;
}

Test(sponge, who_is_not_in_the_lan_is_not_asked)
{
	ask_for(&quarantined, 2);
	cr_assert(loop_until(control.base, is_quarantined_sponged));
	cr_expect_eq(atomic_load(&fake.shared->n_injects), 0);
	cr_expect_eq(host(&quarantined)->port, FDB_ANY);
	cr_expect_eq(host(&quarantined)->flags, 0, "nobody else is taken for it");
}

static const struct ip stranger = {4, {192, 0, 2, 99}};

static bool is_stranger_sponged(void)
{
	return host(&stranger) && host(&stranger)->verdict == HOST_SPONGED;
}

Test(sponge, where_nobody_is_known_all_are_asked)
{
	ask_for(&stranger, 2);
	cr_assert(loop_until(control.base, is_stranger_sponged));
	cr_expect_eq(frames_by(SWP1), 1);
	cr_expect_eq(frames_by(SWP2), 1);
	cr_expect_eq(frames_by(SWP3), 1);
	cr_expect_eq(atomic_load(&fake.shared->n_injects), 3, "quarantine and monitor are not");
	cr_expect_eq(host(&stranger)->port, FDB_ANY);
	cr_expect(host(&stranger)->flags & HOST_WATCHED);
}

static bool is_own_sponged(void)
{
	return host(&settings.address4) && host(&settings.address6);
}

Test(sponge, the_sponges_own_addresses_are_answered_for_from_the_start)
{
	cr_assert(loop_until(control.base, is_own_sponged));
	cr_expect_eq(host(&settings.address4)->verdict, HOST_SPONGED);
	cr_expect_eq(host(&settings.address6)->verdict, HOST_SPONGED);
	cr_expect_eq(host(&target)->verdict, HOST_LIVE, "and a word of others is waited for");
	cr_expect(host(&target)->flags & HOST_WATCHED);
}

// ---- Up again

Test(sponge, who_was_told_otherwise_is_told_once_and_nobody_else)
{
	const struct frames_host owner = {.ip = target, .mac = target_mac};
	const struct frames_host neighbour = {.ip = asker, .mac = MAC(2, 0, 0, 0, 0, 1)};
	uint8_t octets[FRAMES_SIZE];

	go_down();
	let_told(&target, two_told, 2);
	forget_frames();
	live(&target);
	cr_assert(loop_until(control.base, has_two_updates));
	cr_expect_eq(atomic_load(&fake.shared->n_injects), 2);
	cr_expect_eq(atomic_load(&fake.shared->answers), 1);
	uint16_t length = frames_update(SPONGE_UPDATE_REQUEST, &owner, &neighbour, octets);
	expect_last(SWP1, octets, length, "update");
	length = frames_announce(&owner, octets);
	expect_last(SWP2, octets, length, "announcement");

	forget_frames();
	go_down();
	forget_frames();
	live(&target);
	cr_assert(loop_until(control.base, is_alive));
	ask_for(&target6, 2);
	cr_assert(loop_until(control.base, is_sponged6));
	cr_expect_eq(atomic_load(&fake.shared->answers), 2);
	cr_expect_eq(frames_by(SWP1) + frames_by(SWP2), 0, "nobody was told this time");
}

Test(sponge, in_dummy_mode_nobody_is_told)
{
	settings.dummy = true;
	set_sponge();
	go_down();
	let_told(&target, two_told, 2);
	forget_frames();
	live(&target);
	cr_assert(loop_until(control.base, is_alive));
	ask_for(&target6, 2);
	cr_assert(loop_until(control.base, is_sponged6));
	cr_expect_eq(frames_by(SWP1) + frames_by(SWP2), 0);
}

static bool is_end_of_incident(void *argument, const struct incident *incident)
{
	bool *found = argument;

	*found |= strcmp(incident->reason, "sponged") == 0 && !incident->open &&
		  strcmp(incident->port, "swp3") == 0;
	return true;
}

static bool is_over(void)
{
	const struct history_filter all = {0};
	bool found = false;

	history_search(events_history(control.events), &all, is_end_of_incident, &found);
	return found;
}

static bool print(void *argument, const struct incident *incident)
{
	char *text = argument;
	size_t length = strlen(text);

	snprintf(text + length, 1024 - length, "%s %s %s (%s)\n", incident->port, incident->lan,
		 incident->reason, incident->detail);
	return true;
}

Test(sponge, operators_are_told_of_an_address_of_a_port)
{
	const struct history_filter all = {0};
	char text[1024] = "";

	go_down();
	history_search(events_history(control.events), &all, print, text);
	cr_expect_str_eq(text, "swp3 peering sponged (192.0.2.77: nobody answered 1 question of "
			       "ours.)\n");
	live(&target);
	cr_assert(loop_until(control.base, is_over));
	text[0] = 0;
	history_search(events_history(control.events), &all, print, text);
	cr_expect_str_eq(text, "swp3 peering unsponged (192.0.2.77: it sent something.)\n"
			       "swp3 peering sponged (192.0.2.77: nobody answered 1 question of "
			       "ours.)\n");
}

// ---- Restarts

static void make_older(double seconds)
{
	char path[96], sql[96];
	sqlite3 *db;

	snprintf(path, sizeof(path), "%s/sponge.sqlite", state_path);
	snprintf(sql, sizeof(sql), "UPDATE time SET saved = saved - %.0f", seconds);
	cr_assert_eq(sqlite3_open(path, &db), SQLITE_OK);
	cr_assert_eq(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
}

static const struct ip fixed = {4, {192, 0, 2, 2}};

static void go_down_and_end(void)
{
	struct machine *machine = sponges_machine(control.sponges, LAN);

	go_down();
	cr_assert_eq(machine_set(machine, &fixed, MACHINE_STATIC, sponges_now_ms()), 0);
	live(&target6);
	end_control();
}

Test(sponge, states_outlive_control_if_they_are_young)
{
	go_down_and_end();
	make_older(30);
	settings.learning = 5;
	start_sponge();
	cr_expect_eq(state_of(&fixed), MACHINE_STATIC);
	cr_expect_eq(state_of(&target), MACHINE_NONE, "to be found out again");
	cr_assert(loop_until(control.base, is_live));
	cr_expect_eq(host(&fixed)->verdict, HOST_SPONGED, "nothing is to be learned");
	ask_for(&target, 1);
	cr_expect(loop_until(control.base, is_sponged), "at the first question");
}

Test(sponge, states_that_are_old_count_for_nothing)
{
	go_down_and_end();
	make_older(120);
	fake_kill(&fake);
	start_dataplane();
	start_sponge();
	cr_expect_eq(state_of(&fixed), MACHINE_ALIVE);
	cr_expect_eq(state_of(&target), MACHINE_ALIVE);
	end_control();
	start_sponge();
	cr_expect_eq(state_of(&fixed), MACHINE_ALIVE, "and are not found later");
}

Test(sponge, a_dataplane_that_is_new_is_told_all)
{
	go_down();
	fake_kill(&fake);
	cr_expect(!fake_find_host(&fake, LAN, &quarantined));
	start_dataplane();
	cr_expect_null(host(&target));
	cr_assert(loop_until(control.base, is_sponged));
	cr_expect_eq(host(&target)->port, SWP3);
	cr_expect(host(&target)->flags & HOST_WATCHED);
	cr_expect_eq(host(&settings.address4)->verdict, HOST_SPONGED);
}

Test(sponge, what_a_dataplane_answers_for_without_us_is_found_out_again)
{
	char path[96];

	go_down();
	let_told(&target, two_told, 2);
	end_control();
	snprintf(path, sizeof(path), "%s/sponge.sqlite", state_path);
	cr_assert_eq(unlink(path), 0);
	cr_assert(is_sponged());
	start_sponge();
	cr_assert(loop_until(control.base, is_live));
	cr_expect_eq(fake_find_host(&fake, LAN, &target)->n_told, 2, "still owed to them");
	forget_frames();
	live(&target);
	cr_assert(loop_until(control.base, has_two_updates));
	cr_expect_eq(atomic_load(&fake.shared->n_injects), 2);
}

Test(sponge, a_dataplane_that_goes_on_meanwhile_keeps_whom_it_told)
{
	go_down();
	let_told(&target, two_told, 2);
	end_control();
	start_sponge();
	cr_assert(loop_until(control.base, is_live));
	cr_expect_eq(fake_find_host(&fake, LAN, &target)->n_told, 2);
	forget_frames();
	live(&target);
	cr_assert(loop_until(control.base, has_two_updates));
	cr_expect_eq(atomic_load(&fake.shared->n_injects), 2);
}

// ---- For operators

Test(sponge, states_are_dumped_and_loaded)
{
	char problem[SPONGE_PROBLEM_SIZE];
	size_t taken;

	go_down();
	json_t *dump = sponges_dump(control.sponges, SIZE_MAX);
	const json_t *lan = json_object_get(json_object_get(dump, "lans"), "peering");
	const json_t *state = json_object_get(lan, "192.0.2.77");
	cr_assert(state);
	cr_expect_str_eq(json_string_value(json_object_get(state, "state")), "DEAD");
	cr_expect(json_object_get(dump, "saved"));

	struct machine *machine = sponges_machine(control.sponges, LAN);
	machine_set(machine, &target, MACHINE_ALIVE, sponges_now_ms());
	cr_expect_eq(sponges_load(control.sponges, dump, false, &taken, problem), 0);
	cr_expect_geq(taken, 1);
	cr_expect_eq(state_of(&target), MACHINE_NONE);

	double saved = json_real_value(json_object_get(dump, "saved"));
	json_object_set_new(dump, "saved", json_real(saved - 120));
	cr_expect_eq(sponges_load(control.sponges, dump, false, &taken, problem), -ESTALE);
	cr_expect(strstr(problem, "LAN peering takes none older than 60 s"), "%s", problem);
	cr_expect_eq(sponges_load(control.sponges, dump, true, &taken, problem), 0);
	json_decref(dump);
}

Test(sponge, what_is_no_dump_is_refused)
{
	static const char *const texts[] = {
		"{}",
		"[]",
		"{\"version\": 2, \"saved\": 1, \"lans\": {}}",
		"{\"version\": 1, \"saved\": 1, \"lans\": []}",
		"{\"version\": 1, \"saved\": 1, \"lans\": {\"peering\": 7}}",
		"{\"version\": 1, \"saved\": 1, \"lans\": {\"peering\": {\"x\": {\"state\": "
		"\"DEAD\"}}}}",
		"{\"version\": 1, \"saved\": 1, \"lans\": {\"peering\": {\"192.0.2.77\": "
		"{\"state\": \"GONE\"}}}}",
		"{\"version\": 1, \"saved\": 1, \"lans\": {\"peering\": {\"192.0.2.77\": "
		"{\"state\": \"DEAD\", \"mac\": \"me\"}}}}",
	};
	char problem[SPONGE_PROBLEM_SIZE];
	size_t taken;

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		json_t *dump = json_loads(texts[i], 0, NULL);

		cr_assert(dump);
		cr_expect_eq(sponges_load(control.sponges, dump, true, &taken, problem), -EINVAL,
			     "%s", texts[i]);
		cr_expect_eq(taken, 0);
		json_decref(dump);
	}
}

static bool is_informed(void)
{
	return frames_by(SWP1) > 0;
}

Test(sponge, an_operator_may_have_a_neighbour_told)
{
	const struct frames_host owner = {.ip = target, .mac = target_mac};
	const struct frames_host neighbour = {.ip = asker, .mac = MAC(2, 0, 0, 0, 0, 1)};
	char problem[SPONGE_PROBLEM_SIZE];
	uint8_t octets[FRAMES_SIZE];

	cr_expect_eq(sponges_inform(control.sponges, &asker, &target, problem), 0);
	cr_assert(loop_until(control.base, is_informed));
	uint16_t length = frames_update(SPONGE_UPDATE_REQUEST, &owner, &neighbour, octets);
	expect_last(SWP1, octets, length, "update");
	cr_expect_eq(sponges_inform(control.sponges, &asker, &fixed, problem), -ENOENT);
	cr_expect(strstr(problem, "192.0.2.2 has not been heard of yet"), "%s", problem);
	cr_expect_eq(sponges_inform(control.sponges, &asker, &quarantined, problem), -ENOENT);
	cr_expect_eq(sponges_inform(control.sponges, &asker, &target6, problem), -EINVAL);
}

static bool has_peer(void)
{
	size_t n;

	free(sponges_dead_peers(control.sponges, &n));
	return n > 0;
}

Test(sponge, who_sends_to_what_is_down_is_known)
{
	struct message event;
	size_t n;

	message_init(&event, EVENT_SUNK, 0);
	event.sunk = (struct event_sunk){.address = {192, 0, 2, 250},
					 .octets = 60,
					 .frames = 1,
					 .lan = LAN,
					 .port = SWP1,
					 .family = 4};
	fake_tell(&fake, 0, &event); // an answer to us
	memcpy(event.sunk.address, target.octets, 4);
	event.sunk.syns = 1;
	fake_tell(&fake, 0, &event);
	event.sunk.frames = 9;
	event.sunk.syns = 0;
	fake_tell(&fake, 0, &event);
	event.sunk.lan = 9;
	fake_tell(&fake, 0, &event);
	ask_for(&target, 2); // behind the others
	cr_assert(loop_until(control.base, is_pending));
	cr_assert(has_peer());
	struct dead_peer *peers = sponges_dead_peers(control.sponges, &n);
	cr_assert_eq(n, 1);
	cr_expect_eq(peers->lan, LAN);
	cr_expect_eq(peers->port, SWP1);
	cr_expect(ip_equal(&peers->target, &target));
	cr_expect_eq(peers->frames, 10);
	cr_expect_eq(peers->octets, 120);
	cr_expect_eq(peers->syns, 1);
	cr_expect_gt(peers->last_syn, 0);
	free(peers);
	set_sponge();
	cr_expect(has_peer(), "it outlives configurations");
	sponges_clear_dead_peers(control.sponges, 0);
	cr_expect(has_peer());
	sponges_clear_dead_peers(control.sponges, LAN);
	cr_expect(!has_peer());
}

// ---- Owners that are learned

static const mac_t stranger_mac = MAC(2, 0, 0, 0, 0, 0x99);

static void learn(void)
{
	control.running.config->lans[LAN].bindings = (struct config_bindings){
		.learned = true, .limit = 16, .moves = 5, .within = 180, .confirm = 30};
	sponges_configure(control.sponges);
}

static void claim(mac_t mac, uint16_t port)
{
	tell(EVENT_CLAIM, &(struct seen){.ip = &stranger, .mac = mac, .port = port});
}

static bool is_at_swp2(void)
{
	return host(&stranger) && host(&stranger)->port == SWP2 &&
	       host(&stranger)->mac == stranger_mac && host(&stranger)->verdict == HOST_LIVE;
}

static bool is_confirmed(void)
{
	return frames_by(SWP2) > 0;
}

static bool is_known(void)
{
	const struct bindings *bindings = sponges_bindings(control.sponges, LAN);

	return bindings && bindings_find(bindings, &stranger);
}

Test(sponge, who_speaks_for_an_address_that_is_not_assigned_has_it)
{
	const struct frames_host us = {.ip = settings.address4, .mac = sponge_mac};
	uint8_t octets[FRAMES_SIZE];

	learn();
	claim(stranger_mac, SWP2);
	cr_assert(loop_until(control.base, is_at_swp2));
	forget_frames();
	claim(MAC(2, 0, 0, 0, 0, 0x98), SWP3);
	cr_assert(loop_until(control.base, is_confirmed));
	uint16_t length = frames_query(&us, &stranger, stranger_mac, octets);
	expect_last(SWP2, octets, length, "confirm");
	cr_expect_eq(host(&stranger)->port, SWP3);
	cr_expect_eq(atomic_load(&fake.shared->n_injects), 1);
	tell(EVENT_CLAIM, &(struct seen){.ip = &target, .mac = stranger_mac, .port = SWP2});
	claim(stranger_mac, SWP2);
	cr_assert(loop_until(control.base, is_at_swp2));
	cr_expect_eq(host(&target)->port, SWP3, "what is assigned is not learned");
}

Test(sponge, owners_outlive_control_at_the_dataplane)
{
	learn();
	claim(stranger_mac, SWP2);
	cr_assert(loop_until(control.base, is_at_swp2));
	end_control();
	start_sponge();
	learn();
	cr_expect(loop_until(control.base, is_known));
	cr_expect(is_at_swp2());
}

// ---- Another configuration

Test(sponge, without_a_sponge_nothing_is_answered_and_nothing_breaks)
{
	go_down();
	settings.mode = SPONGE_OFF;
	set_sponge();
	cr_expect_null(sponges_machine(control.sponges, LAN));
	ask_for(&target, 2);
	settings.mode = SPONGE_FAST;
	set_sponge();
	cr_expect_eq(state_of(&target), MACHINE_ALIVE);
	go_down();
}

static const struct ip unused = {4, {192, 0, 2, 200}};
static const struct ip broadcast = {4, {192, 0, 2, 255}};

static bool is_unused_sponged(void)
{
	return host(&unused) && host(&unused)->verdict == HOST_SPONGED;
}

// The fake keeps few hosts: the LAN is made as small.
Test(sponge, what_nobody_has_is_answered_for_from_the_start)
{
	control.running.config->lans[LAN].prefixes[0] =
		(struct ip_prefix){.ip = {4, {192, 0, 2, 192}}, .length = 27};
	control.running.config->lans[LAN].assigned = true;
	settings.address4 = (struct ip){0};
	set_sponge();
	cr_expect(loop_until(control.base, is_unused_sponged));
	cr_expect_eq(state_of(&broadcast), MACHINE_NONE);
	cr_expect_eq(atomic_load(&fake.shared->n_injects), 0);
}
