// SPDX-License-Identifier: BSD-3-Clause
// What the manager does with addresses: sticky ones, those that are held, and those of a policy. A
// manager that consists of its data, with one LAN, real tables and no workers.
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "dataplane/manage/apply_macs.h"
#include "dataplane/manage/duplicates.h"
#include "dataplane/manage/manager.h"
#include "dataplane/manage/sticky.h"
#include "lib/clock.h"

enum { LAN = 2, P = 5, Q = 6, EVENTS = 64 };

static struct manager manager;
static struct policy *policy;
static struct policy_port_conf ports[MAX_PORTS];
static struct message events[EVENTS];
static uint32_t n_events;
static bool is_deaf;
static uint64_t now_ns = 100 * CLOCK_SECOND;

bool manager_event(struct manager *m, const struct message *event)
{
	(void)m;
	if (is_deaf)
		return false;
	cr_assert_lt(n_events, EVENTS);
	cr_assert_eq(message_check(event), 0);
	events[n_events++] = *event;
	return true;
}

static mac_t station(uint32_t i)
{
	return MAC(0x02, 0, 0, 0, i >> 8, i & 0xff);
}

// ---- Policies

static void add(struct message *m)
{
	draft_add(&manager.draft, m);
}

static void begin(void)
{
	struct message m;

	draft_begin(&manager.draft, &(struct policy_begin){0});
	message_init(&m, COMMAND_POLICY_LAN, 0);
	m.lan = (struct policy_lan_conf){.lan = LAN, .mtu = 1500, .fdb_size = 100, .name = "l"};
	add(&m);
	for (uint16_t p = P; p <= Q; p++) {
		message_init(&m, COMMAND_POLICY_PORT, 0);
		m.port = (struct policy_port_conf){.port = p,
						   .mtu = 1500,
						   .name = "p",
						   .device = "tap:p"};
		m.port.name[1] = m.port.device[5] = (char)('0' + p);
		add(&m);
	}
}

static void add_member(uint16_t port, enum security_mode mode, uint32_t limit)
{
	struct message m;

	message_init(&m, COMMAND_POLICY_MEMBER, 0);
	m.member = (struct policy_member_conf){.port = port,
					       .lan = LAN,
					       .security = (uint16_t)mode,
					       .mac_limit = limit};
	add(&m);
	policy->ports[port].lans[LAN].security = (uint8_t)mode;
}

static void add_mac(uint16_t port, mac_t mac, enum mac_kind kind)
{
	struct message m;

	message_init(&m, COMMAND_POLICY_MAC, 0);
	m.static_mac = (struct policy_mac_conf){.port = port,
						.lan = LAN,
						.mac = mac,
						.kind = (uint16_t)kind};
	add(&m);
}

static void commit(void)
{
	struct fdb *old[MAX_LANS] = {[LAN] = manager.lans[LAN].fdb};

	cr_assert_eq(draft_check(&manager.draft), 0, "%s", manager.draft.error.text);
	sticky_prepare(&manager, manager.lans);
	apply_macs_prepare(&manager, manager.lans);
	sticky_commit(&manager);
	duplicates_commit(&manager, old);
	apply_macs(&manager);
	draft_abort(&manager.draft);
}

// P learns "limit", Q is open.
static void commit_learning(uint32_t limit)
{
	begin();
	add_member(P, SECURITY_LEARN, limit);
	add_member(Q, SECURITY_OPEN, 0);
	commit();
}

static void start(void)
{
	cr_assert_eq(draft_init(&manager.draft), 0);
	cr_assert_eq(sticky_init(&manager), 0);
	cr_assert_eq(duplicates_init(&manager), 0);
	policy = aligned_alloc(64, (sizeof(*policy) + 63) / 64 * 64);
	memset(policy, 0, sizeof(*policy));
	for (uint32_t p = 0; p < MAX_PORTS; p++)
		policy_port_in_no_lan(&policy->ports[p]);
	for (uint16_t p = P; p <= Q; p++) {
		policy->ports[p].used = policy->ports[p].admin_up = true;
		policy->ports[p].lans[LAN].vid = 0;
	}
	manager.policy = policy;
	manager.ports = ports;
	manager.lans[LAN] = (struct lan_table){
		.size = 100, .moves = 5, .move_window = 180, .move_hold = 540, .name = "l"};
	manager.lans[LAN].fdb = fdb_create(100, 0, &manager.quota);
	cr_assert_not_null(manager.lans[LAN].fdb);
	commit_learning(3);
}

static void finish(void)
{
	sticky_fini(&manager);
	duplicates_fini(&manager);
	draft_fini(&manager.draft);
	fdb_destroy(manager.lans[LAN].fdb);
	free(policy);
}

TestSuite(secure, .init = start, .fini = finish);

// ---- What is where

// "what" is r, s, h, x for kinds, l for learned, - for nothing.
static void expect(mac_t mac, char what, uint16_t port)
{
	struct fdb_entry entry = {0};
	bool found = fdb_find(manager.lans[LAN].fdb, mac, &entry);
	char is = !found ? '-' : entry.is_static ? "rsxh"[entry.kind] : 'l';

	cr_expect_eq(is, what, "%012lx is %c, not %c", mac, is, what);
	if (found)
		cr_expect_eq(entry.port, port);
}

static bool learn(mac_t mac, uint16_t port)
{
	struct fdb_learned result;

	fdb_learn_burst(manager.lans[LAN].fdb, &mac, 1, port, &result);
	return result.learned;
}

static void expect_event(enum message_type type, mac_t mac, uint16_t port)
{
	cr_assert_gt(n_events, 0);
	const struct message *last = &events[n_events - 1];

	cr_expect_eq(last->header.type, type);
	cr_expect_eq(last->mac.mac, mac);
	cr_expect_eq(last->mac.port, port);
	cr_expect_eq(last->mac.lan, LAN);
}

// ---- Sticky addresses

static void notice_sticky(mac_t mac, uint16_t port)
{
	struct message m;

	message_init(&m, NOTICE_STICKY, 0);
	m.mac = (struct event_mac){.mac = mac, .lan = LAN, .port = port};
	sticky_notice(&manager, &m, now_ns);
}

static void learn_sticky(uint32_t i)
{
	cr_assert(learn(station(i), P), "station %u", i);
	notice_sticky(station(i), P);
	expect(station(i), 's', P);
}

Test(secure, learned_for_good_up_to_the_limit)
{
	learn_sticky(1);
	expect_event(EVENT_MAC_STICKY, station(1), P);
	learn_sticky(2);
	learn_sticky(3);
	cr_expect_not(learn(station(4), P));
	cr_expect_eq(n_events, 3);
	notice_sticky(station(3), P);
	cr_expect_eq(n_events, 3, "a notice that comes twice says nothing new");
	cr_expect_eq(fdb_flush(manager.lans[LAN].fdb, FDB_ANY, 0), 0);
}

Test(secure, registered_ones_count_for_the_limit)
{
	begin();
	add_member(P, SECURITY_LEARN, 3);
	add_mac(P, station(1), MAC_REGISTERED);
	add_mac(P, station(2), MAC_STICKY);
	commit();
	expect(station(1), 'r', P);
	expect(station(2), 's', P);
	learn_sticky(3);
	cr_expect_not(learn(station(4), P));
}

Test(secure, what_moved_on_or_is_known_elsewhere_does_not_become_sticky)
{
	cr_assert(learn(station(1), Q));
	notice_sticky(station(1), P);
	expect(station(1), 'l', Q);
	notice_sticky(station(1), Q);
	expect(station(1), 'l', Q);
	notice_sticky(station(2), P);
	expect(station(2), '-', 0);
	cr_expect_eq(n_events, 0);
}

Test(secure, a_lost_notice_is_made_up_for)
{
	cr_assert(learn(station(1), P));
	cr_assert(learn(station(2), Q));
	sticky_tick(&manager, now_ns);
	expect(station(1), 's', P);
	expect(station(2), 'l', Q);
	expect_event(EVENT_MAC_STICKY, station(1), P);
}

Test(secure, commits_that_do_not_know_it_yet_leave_it)
{
	learn_sticky(1);
	commit_learning(3);
	expect(station(1), 's', P);
	learn_sticky(2);
	learn_sticky(3);
	cr_expect_not(learn(station(4), P), "it counts for the limit");
}

Test(secure, a_commit_that_knew_it_and_does_not_any_more_removes_it)
{
	learn_sticky(1);
	begin();
	add_member(P, SECURITY_LEARN, 1);
	add_mac(P, station(1), MAC_STICKY);
	commit();
	expect(station(1), 's', P);
	cr_expect_not(learn(station(2), P));
	commit_learning(1);
	expect(station(1), '-', 0);
	learn_sticky(2);
}

Test(secure, a_port_that_learns_no_more_loses_it)
{
	learn_sticky(1);
	begin();
	add_member(P, SECURITY_REGISTERED, 0);
	commit();
	expect(station(1), '-', 0);
	commit_learning(3);
	expect(station(1), '-', 0);
}

Test(secure, registering_it_elsewhere_moves_it)
{
	learn_sticky(1);
	begin();
	add_member(P, SECURITY_LEARN, 3);
	add_member(Q, SECURITY_REGISTERED, 0);
	add_mac(Q, station(1), MAC_REGISTERED);
	commit();
	expect(station(1), 'r', Q);
}

Test(secure, a_new_control_hears_of_it_again)
{
	learn_sticky(1);
	sticky_attach(&manager);
	cr_expect_eq(n_events, 2);
	expect_event(EVENT_MAC_STICKY, station(1), P);
}

Test(secure, a_control_that_had_no_room_hears_of_it_later)
{
	is_deaf = true;
	learn_sticky(1);
	cr_expect_eq(n_events, 0);
	is_deaf = false;
	sticky_tick(&manager, now_ns + CLOCK_SECOND);
	expect_event(EVENT_MAC_STICKY, station(1), P);
	sticky_tick(&manager, now_ns + 2 * CLOCK_SECOND);
	cr_expect_eq(n_events, 1);
}

// ---- Duplicates

static void move(mac_t mac, uint16_t from, uint16_t to)
{
	struct message m;

	message_init(&m, NOTICE_MOVED, 0);
	m.mac = (struct event_mac){.mac = mac, .lan = LAN, .port = to, .old_port = from};
	duplicates_notice(&manager, &m, now_ns);
}

static void flap(mac_t mac, uint32_t n)
{
	commit_learning(100);
	for (uint32_t i = 0; i < n; i++)
		move(mac, i % 2 ? Q : P, i % 2 ? P : Q);
}

Test(secure, five_moves_hold_it_where_it_was)
{
	flap(station(1), 4);
	expect(station(1), '-', 0);
	move(station(1), P, Q);
	expect(station(1), 'h', P);
	expect_event(EVENT_MAC_DUPLICATE, station(1), P);
	cr_expect_eq(events[0].mac.old_port, Q);
	duplicates_tick(&manager, now_ns + 539 * CLOCK_SECOND);
	expect(station(1), 'h', P);
	duplicates_tick(&manager, now_ns + 540 * CLOCK_SECOND);
	expect(station(1), '-', 0);
	expect_event(EVENT_MAC_RELEASED, station(1), P);
	cr_expect_eq(n_events, 2);
	move(station(1), P, Q);
	expect(station(1), '-', 0);
	cr_expect_eq(moves_between(&manager, Q, P, now_ns), 6);
}

Test(secure, without_a_time_it_is_held_until_it_is_cleared)
{
	manager.lans[LAN].move_hold = 0;
	flap(station(1), 5);
	flap(station(2), 5);
	duplicates_tick(&manager, now_ns + 1000000 * CLOCK_SECOND);
	expect(station(1), 'h', P);
	cr_expect_eq(duplicates_clear(&manager, LAN + 1, FDB_ANY, 0), 0);
	cr_expect_eq(duplicates_clear(&manager, LAN, Q, 0), 0);
	cr_expect_eq(duplicates_clear(&manager, FDB_ANY, FDB_ANY, station(2)), 1);
	expect(station(1), 'h', P);
	expect(station(2), '-', 0);
	cr_expect_eq(duplicates_clear(&manager, LAN, P, 0), 1);
	expect(station(1), '-', 0);
}

Test(secure, no_moves_are_never_too_many)
{
	manager.lans[LAN].moves = 0;
	flap(station(1), 100);
	cr_expect_eq(n_events, 0);
}

Test(secure, registered_ones_are_not_held)
{
	begin();
	add_member(P, SECURITY_OPEN, 0);
	add_member(Q, SECURITY_OPEN, 0);
	add_mac(P, station(1), MAC_REGISTERED);
	commit();
	for (int i = 0; i < 10; i++)
		move(station(1), P, Q);
	expect(station(1), 'r', P);
	cr_expect_eq(n_events, 0);
}

Test(secure, a_commit_keeps_what_is_held)
{
	flap(station(1), 5);
	commit_learning(3);
	expect(station(1), 'h', P);
	cr_expect_eq(n_events, 1);
}

Test(secure, a_commit_that_registers_it_releases_it)
{
	flap(station(1), 5);
	begin();
	add_member(P, SECURITY_OPEN, 0);
	add_member(Q, SECURITY_OPEN, 0);
	add_mac(Q, station(1), MAC_REGISTERED);
	commit();
	expect(station(1), 'r', Q);
	expect_event(EVENT_MAC_RELEASED, station(1), P);
	duplicates_tick(&manager, now_ns + 540 * CLOCK_SECOND);
	expect(station(1), 'r', Q);
}

Test(secure, a_port_that_leaves_the_lan_holds_nothing)
{
	flap(station(1), 5);
	policy->ports[P].lans[LAN].vid = VID_NOT_MEMBER;
	begin();
	add_member(Q, SECURITY_OPEN, 0);
	commit();
	expect(station(1), '-', 0);
	expect_event(EVENT_MAC_RELEASED, station(1), P);
}

// ---- Static entries of a policy

Test(secure, statics_are_those_of_the_policy)
{
	begin();
	add_mac(P, station(1), MAC_REGISTERED);
	add_mac(P, station(2), MAC_STICKY);
	add_mac(PORT_FABRIC, station(3), MAC_RESERVED);
	commit();
	expect(station(1), 'r', P);
	expect(station(2), 's', P);
	expect(station(3), 'x', PORT_FABRIC);
	begin();
	add_mac(Q, station(1), MAC_REGISTERED);
	add_mac(P, station(2), MAC_REGISTERED);
	commit();
	expect(station(1), 'r', Q);
	expect(station(2), 'r', P);
	expect(station(3), '-', 0);
	cr_expect_eq(fdb_count_static(manager.lans[LAN].fdb), 2);
}
