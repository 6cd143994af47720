// SPDX-License-Identifier: BSD-3-Clause
#include "control/state/state.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "control/config/config.h"
#include "control/manual/manual.h"

static char directory[] = "/tmp/ixfab-state-XXXXXX";
static char problem[STATE_PROBLEM_SIZE];
static struct config_port ports[] = {{.name = "swp1"}, {.name = "swp2"}, {.name = "swp3"}};
static struct config parsed = {.ports = ports, .n_ports = 2};

static void make_directory(void)
{
	cr_assert_not_null(mkdtemp(directory));
}

static void remove_directory(void)
{
	char command[64];

	umount(directory);
	snprintf(command, sizeof(command), "rm -rf %s", directory);
	cr_expect_eq(system(command), 0);
}

TestSuite(state, .init = make_directory, .fini = remove_directory, .timeout = 60);

static struct state *open_state(void)
{
	struct state *state = state_open(directory, problem);

	cr_assert(state, "%s", problem);
	return state;
}

static int prepare_sized(struct state *state, const char *text, size_t length)
{
	char copy[] = "/etc/ixfab/ixfab.yaml";
	char by[] = "alice";
	struct state_config config = {.text = (char *)text,
				      .length = length,
				      .file = copy,
				      .by = by,
				      .applied = 1700000000.25,
				      .digest = UINT64_C(0xfedcba9876543210)};

	return state_prepare(state, &config, &parsed);
}

static int prepare(struct state *state, const char *text)
{
	return prepare_sized(state, text, strlen(text));
}

static void expect_applied(struct state *state, uint64_t generation, const char *text)
{
	struct state_config config;

	if (!text) {
		cr_expect_eq(state_load_applied(state, &config), -ENOENT);
		return;
	}
	cr_assert_eq(state_load_applied(state, &config), 0);
	cr_expect_eq(config.generation, generation);
	cr_expect_eq(config.length, strlen(text));
	cr_expect_str_eq(config.text, text);
	state_config_fini(&config);
}

Test(state, is_empty_at_first)
{
	struct state *state = open_state();
	struct state_config config;
	struct manual manual;

	expect_applied(state, 0, NULL);
	cr_expect_eq(state_load_pending(state, &config), -ENOENT);
	cr_expect_eq(state_load_manual(state, &manual), 0);
	cr_expect_eq(manual.n_overrides, 0);
	cr_expect_eq(manual.n_macs, 0);
	manual_fini(&manual);
	cr_expect_eq(state_ifindex(state, "swp1"), 0);
	state_close(state);
}

Test(state, a_configuration_is_pending_and_then_applied)
{
	struct state *state = open_state();
	struct state_config config;

	cr_expect_eq(prepare(state, "first"), 0);
	expect_applied(state, 0, NULL);
	cr_expect_eq(state_load_pending(state, &config), 0);
	cr_expect_eq(config.generation, 1);
	cr_expect_eq(config.digest, UINT64_C(0xfedcba9876543210));
	state_config_fini(&config);
	cr_expect_eq(state_commit(state), 0);
	cr_expect_eq(state_load_pending(state, &config), -ENOENT);
	state_close(state);

	state = open_state();
	expect_applied(state, 1, "first");
	cr_expect_eq(state_load_applied(state, &config), 0);
	cr_expect_str_eq(config.file, "/etc/ixfab/ixfab.yaml");
	cr_expect_str_eq(config.by, "alice");
	cr_expect_eq(config.applied, 1700000000.25);
	state_config_fini(&config);
	state_close(state);
}

Test(state, what_is_discarded_leaves_the_applied_one)
{
	struct state *state = open_state();
	struct state_config config;

	cr_expect_eq(prepare(state, "first"), 0);
	cr_expect_eq(state_commit(state), 0);
	cr_expect_eq(prepare(state, "second"), 0);
	cr_expect_eq(state_discard(state), 0);
	expect_applied(state, 1, "first");
	cr_expect_eq(state_load_pending(state, &config), -ENOENT);

	// One that is prepared while another is pending replaces it.
	cr_expect_eq(prepare(state, "third"), 0);
	cr_expect_eq(prepare(state, "fourth"), 0);
	cr_expect_eq(state_commit(state), 0);
	expect_applied(state, 2, "fourth");
	state_close(state);
}

Test(state, many_generations_keep_the_last_ones_only)
{
	struct state *state = open_state();
	char text[32];

	for (int i = 1; i <= 100; i++) {
		snprintf(text, sizeof(text), "text %d", i);
		cr_assert_eq(prepare(state, text), 0);
		cr_assert_eq(state_commit(state), 0);
	}
	expect_applied(state, 100, "text 100");
	state_close(state);
}

Test(state, text_may_hold_any_octets)
{
	struct state *state = open_state();
	struct state_config config;

	cr_expect_eq(prepare_sized(state, "a\0b", 3), 0);
	cr_expect_eq(state_commit(state), 0);
	cr_expect_eq(state_load_applied(state, &config), 0);
	cr_expect_eq(config.length, 3);
	cr_expect_eq(memcmp(config.text, "a\0b", 3), 0);
	state_config_fini(&config);
	cr_expect_eq(prepare(state, ""), 0);
	cr_expect_eq(state_commit(state), 0);
	expect_applied(state, 2, "");
	state_close(state);
}

Test(state, an_ifindex_is_given_once_and_for_ever)
{
	struct state *state = open_state();
	struct config_port later[] = {{.name = "swp3"}, {.name = "swp2"}};
	struct config other = {.ports = later, .n_ports = 2};
	struct state_config config = {.text = (char *)"", .file = (char *)"", .by = (char *)""};

	cr_expect_eq(prepare(state, "first"), 0);
	uint32_t first = state_ifindex(state, "swp1");
	uint32_t second = state_ifindex(state, "swp2");
	cr_expect_gt(first, 0);
	cr_expect_gt(second, 0);
	cr_expect_neq(first, second);
	cr_expect_eq(state_ifindex(state, "swp3"), 0);
	cr_expect_eq(state_prepare(state, &config, &other), 0);
	cr_expect_eq(state_ifindex(state, "swp1"), first, "also while the port is gone");
	cr_expect_eq(state_ifindex(state, "swp2"), second);
	uint32_t third = state_ifindex(state, "swp3");
	cr_expect(third != 0 && third != first && third != second);
	state_close(state);
	state = open_state();
	cr_expect_eq(state_ifindex(state, "swp3"), third);
	state_close(state);
}

static void fill_manual(struct manual *manual)
{
	static const struct manual_mac temporary = {"swp1", "peering",	  MAC(2, 0, 0, 0, 1, 1),
						    false,  1700000000.5, 1700007200.5,
						    "alice"};
	static const struct manual_mac sticky = {"swp2", "peering",  MAC(2, 0, 0, 0, 1, 2),
						 true,	 1700000001, 0,
						 ""};

	*manual = (struct manual){0};
	manual_override(manual, "swp1")->promoted = true;
	struct plan_override *swp2 = manual_override(manual, "swp2");
	swp2->has_admin = true;
	swp2->drained = true;
	swp2->drained_since = 1700000000.25;
	swp2->drained_until = 1700003600.25;
	swp2->drained_rate = UINT64_C(123456789012);
	swp2->admin_since = 1700000000.5;
	swp2->admin_until = 1700003600.5;
	strcpy(swp2->admin_by, "alice");
	strcpy(swp2->drained_by, "bob");
	struct plan_override *swp3 = manual_override(manual, "swp3");
	swp3->has_admin = true;
	swp3->admin_up = true;
	manual_add_mac(manual, &temporary);
	manual_add_mac(manual, &sticky);
}

static void expect_manual(const struct manual *found, const struct manual *expected)
{
	cr_assert_eq(found->n_overrides, expected->n_overrides);
	cr_assert_eq(found->n_macs, expected->n_macs);
	for (size_t i = 0; i < found->n_overrides; i++) {
		const struct plan_override *a = &found->overrides[i];
		const struct plan_override *b = &expected->overrides[i];

		cr_expect_str_eq(a->port, b->port);
		cr_expect_eq(a->has_admin, b->has_admin, "%s", a->port);
		cr_expect_eq(a->admin_up, b->admin_up, "%s", a->port);
		cr_expect_eq(a->promoted, b->promoted, "%s", a->port);
		cr_expect_eq(a->drained, b->drained, "%s", a->port);
		cr_expect_eq(a->drained_since, b->drained_since);
		cr_expect_eq(a->drained_until, b->drained_until);
		cr_expect_eq(a->drained_rate, b->drained_rate);
		cr_expect_eq(a->admin_since, b->admin_since);
		cr_expect_eq(a->admin_until, b->admin_until);
		cr_expect_eq(a->promoted_since, b->promoted_since);
		cr_expect_str_eq(a->admin_by, b->admin_by);
		cr_expect_str_eq(a->drained_by, b->drained_by);
		cr_expect_str_eq(a->promoted_by, b->promoted_by);
	}
	for (size_t i = 0; i < found->n_macs; i++) {
		const struct manual_mac *a = &found->macs[i];
		const struct manual_mac *b = &expected->macs[i];

		cr_expect_str_eq(a->port, b->port);
		cr_expect_str_eq(a->lan, b->lan);
		cr_expect_str_eq(a->by, b->by);
		cr_expect_eq(a->mac, b->mac);
		cr_expect_eq(a->sticky, b->sticky);
		cr_expect_eq(a->since, b->since);
		cr_expect_eq(a->until, b->until);
	}
}

Test(state, what_was_set_by_hand_is_kept_whole)
{
	struct state *state = open_state();
	struct manual manual;
	struct manual found;

	fill_manual(&manual);
	cr_expect_eq(state_save_manual(state, &manual), 0);
	state_close(state);
	state = open_state();
	cr_expect_eq(state_load_manual(state, &found), 0);
	expect_manual(&found, &manual);
	manual_fini(&found);

	// What is saved replaces all of it.
	manual_del_mac(&manual, &manual.macs[0]);
	manual.n_overrides = 1;
	cr_expect_eq(state_save_manual(state, &manual), 0);
	cr_expect_eq(state_load_manual(state, &found), 0);
	expect_manual(&found, &manual);
	manual_fini(&found);
	manual_fini(&manual);
	state_close(state);
}

Test(state, one_that_cannot_be_written_leaves_the_old_one)
{
	struct state *state = open_state();
	struct manual manual;
	struct manual found;

	fill_manual(&manual);
	cr_expect_eq(state_save_manual(state, &manual), 0);
	struct manual_mac twice = manual.macs[0];
	manual_add_mac(&manual, &twice);
	cr_expect_neq(state_save_manual(state, &manual), 0);
	manual.n_macs--;
	cr_expect_eq(state_load_manual(state, &found), 0);
	expect_manual(&found, &manual);
	manual_fini(&found);
	manual_fini(&manual);
	state_close(state);
}

Test(state, what_is_put_aside_is_kept_beside_it)
{
	const struct manual none = {0};
	struct state *state = open_state();
	struct manual manual;
	struct manual found;

	fill_manual(&manual);
	cr_expect_eq(state_save_manual(state, &manual), 0);
	cr_expect_eq(state_save_aside(state, &manual), 0);
	cr_expect_eq(state_save_manual(state, &none), 0);
	state_close(state);
	state = open_state();
	cr_expect_eq(state_load_manual(state, &found), 0);
	expect_manual(&found, &none);
	manual_fini(&found);
	cr_expect_eq(state_load_aside(state, &found), 0);
	expect_manual(&found, &manual);
	manual_fini(&found);
	manual_fini(&manual);
	state_close(state);
}

// Write a state file as an older release did.
static void write_old(const char *sql)
{
	char path[64];
	sqlite3 *db;

	snprintf(path, sizeof(path), "%s/state.sqlite", directory);
	cr_assert_eq(sqlite3_open(path, &db), SQLITE_OK);
	cr_assert_eq(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK, "%s", sqlite3_errmsg(db));
	sqlite3_close(db);
}

// The tables of versions 1 and 2 that are the same.
#define OLD_TABLES                                                                      \
	"CREATE TABLE current (name TEXT PRIMARY KEY, generation INTEGER NOT NULL);"    \
	"CREATE TABLE config (generation INTEGER PRIMARY KEY, text BLOB NOT NULL,"      \
	" file TEXT NOT NULL, by TEXT NOT NULL, applied REAL NOT NULL,"                 \
	" digest INTEGER NOT NULL);"                                                    \
	"CREATE TABLE ifindex (port TEXT PRIMARY KEY, number INTEGER NOT NULL UNIQUE);" \
	"INSERT INTO ifindex VALUES ('swp1', 3);"                                       \
	"CREATE TABLE baseline (port TEXT PRIMARY KEY, instance INTEGER NOT NULL,"      \
	" incarnation INTEGER NOT NULL, cleared REAL NOT NULL, counters BLOB NOT NULL);"

#define VERSION_1                                                                   \
	OLD_TABLES                                                                  \
	"INSERT INTO current VALUES ('applied', 7), ('pending', 0);"                \
	"INSERT INTO config VALUES (7, 'seventh', 'f', 'bob', 1700000000.5, 1);"    \
	"CREATE TABLE override (port TEXT PRIMARY KEY, admin_up INTEGER NOT NULL);" \
	"INSERT INTO override VALUES ('swp1', 0), ('swp2', 1);"                     \
	"PRAGMA user_version = 1;"

// One that was left while the eighth was being applied; the ninth never was.
#define VERSION_2                                                                         \
	OLD_TABLES                                                                        \
	"INSERT INTO current VALUES ('applied', 7), ('pending', 8);"                      \
	"INSERT INTO config VALUES (4, 'fourth', 'f', 'bob', 1700000000.5, 1),"           \
	" (7, 'seventh', 'f', 'bob', 1700000000.5, 1), (8, 'eighth', 'f', 'eve', 2, -5)," \
	" (9, 'ninth', 'f', 'eve', 3, 9);"                                                \
	"CREATE TABLE override (port TEXT PRIMARY KEY, admin_up INTEGER,"                 \
	" promoted INTEGER, drained INTEGER, drained_since REAL, drained_until REAL,"     \
	" drained_rate INTEGER);"                                                         \
	"INSERT INTO override VALUES ('swp1', 0, 1, 1, 5.5, 6.5, 7);"                     \
	"CREATE TABLE extra_mac (port TEXT NOT NULL, lan TEXT NOT NULL, mac INTEGER NOT"  \
	" NULL, sticky INTEGER NOT NULL, until REAL NOT NULL, since REAL NOT NULL,"       \
	" by TEXT NOT NULL, PRIMARY KEY (lan, mac));"                                     \
	"INSERT INTO extra_mac VALUES ('swp2', 'peering', 5, 0, 9.5, 8.5, 'alice');"      \
	"PRAGMA user_version = 2;"

Test(state, one_of_version_1_is_taken_over)
{
	struct manual found;

	write_old(VERSION_1);
	for (int i = 0; i < 2; i++) { // and again, when it is of this version
		struct state *state = open_state();

		expect_applied(state, 7, "seventh");
		cr_expect_eq(state_ifindex(state, "swp1"), 3);
		cr_expect_eq(state_load_manual(state, &found), 0);
		cr_assert_eq(found.n_overrides, 2);
		cr_expect_str_eq(found.overrides[0].port, "swp1");
		cr_expect(found.overrides[0].has_admin && !found.overrides[0].admin_up);
		cr_expect(found.overrides[1].has_admin && found.overrides[1].admin_up);
		cr_expect(!found.overrides[0].drained && !found.overrides[0].promoted);
		cr_expect_eq(found.n_macs, 0);
		cr_expect_eq(state_save_manual(state, &found), 0);
		manual_fini(&found);
		state_close(state);
	}
}

Test(state, one_of_version_2_is_taken_over)
{
	struct state_config config;
	struct manual found;
	uint64_t level;

	write_old(VERSION_2);
	struct state *state = open_state();
	expect_applied(state, 7, "seventh");
	cr_assert_eq(state_load_pending(state, &config), 0);
	cr_expect_str_eq(config.text, "eighth");
	cr_expect_eq(config.digest, (uint64_t)-5);
	cr_expect_eq(config.previous, 7);
	cr_expect_eq(config.wait.deadline, 0);
	state_config_fini(&config);
	cr_expect_eq(state_load_generation(state, 9, &config), -ENOENT);
	cr_expect_eq(state_find_level(state, 7, 1, &level), 0);
	cr_expect_eq(level, 4);
	cr_expect_eq(state_load_manual(state, &found), 0);
	cr_assert_eq(found.n_overrides, 1);
	cr_assert_eq(found.n_macs, 1);
	cr_expect(found.overrides[0].has_admin && !found.overrides[0].admin_up);
	cr_expect(found.overrides[0].promoted && found.overrides[0].drained);
	cr_expect_eq(found.overrides[0].drained_until, 6.5);
	cr_expect_eq(found.overrides[0].admin_until, 0);
	cr_expect_str_eq(found.overrides[0].drained_by, "");
	cr_expect_str_eq(found.macs[0].by, "alice");
	manual_fini(&found);

	cr_expect_eq(state_commit(state), 0);
	expect_applied(state, 8, "eighth");
	cr_expect_eq(prepare(state, "next"), 0);
	cr_expect_eq(state_commit(state), 0);
	expect_applied(state, 9, "next");
	state_close(state);
}

static void apply_all(struct state *state, int n)
{
	char text[32], file[] = "f", by[] = "alice";

	for (int i = 1; i <= n; i++) {
		snprintf(text, sizeof(text), "text %d", i);
		struct state_config config = {.text = text,
					      .length = strlen(text),
					      .file = file,
					      .by = by,
					      .previous = (uint64_t)i - 1};
		cr_assert_eq(state_prepare(state, &config, &parsed), 0);
		cr_assert_eq(state_commit(state), 0);
	}
}

static size_t n_past;
static struct {
	uint64_t generation;
	enum state_ending ending;
	double ended;
	char by[32];
} pasts[64];

static void take_past(void *argument, const struct state_past *past)
{
	(void)argument;
	pasts[n_past].generation = past->generation;
	pasts[n_past].ending = past->ending;
	pasts[n_past].ended = past->ended;
	snprintf(pasts[n_past++].by, sizeof(pasts->by), "%s", past->ended_by);
}

Test(state, going_back_needs_no_new_generation)
{
	struct state *state = open_state();
	struct state_config config;
	uint64_t level;

	apply_all(state, 3);
	cr_expect_eq(state_prepare_return(state, 1, 77), 0);
	cr_expect_eq(state_load_pending(state, &config), 0);
	cr_expect_eq(config.generation, 1);
	cr_expect_eq(config.digest, 77);
	state_config_fini(&config);
	cr_expect_eq(state_discard(state), 0);
	expect_applied(state, 3, "text 3");
	cr_expect(!state_was_undone(state, "text 3", 6, &level));

	cr_expect_eq(state_prepare_return(state, 1, 77), 0);
	cr_expect_eq(state_commit(state), 0);
	expect_applied(state, 1, "text 1");
	cr_expect(state_was_undone(state, "text 3", 6, &level), "though no ending was written");
	cr_expect_eq(level, 3);
	cr_expect_eq(state_end_generations(state, 3, 1, ENDING_UNDONE, 5.5, "bob"), 0);
	cr_expect(state_was_undone(state, "text 2", 6, &level));
	cr_expect(!state_was_undone(state, "text 1", 6, &level));
	cr_expect(!state_was_undone(state, "other", 5, &level));

	cr_expect_eq(prepare(state, "text 3"), 0);
	cr_expect(state_was_undone(state, "text 3", 6, &level), "it is not in force yet");
	cr_expect_eq(state_commit(state), 0);
	expect_applied(state, 4, "text 3");
	cr_expect(!state_was_undone(state, "text 3", 6, &level), "it was applied again");
	cr_expect_eq(state_tell_history(state, take_past, NULL), 0);
	cr_assert_eq(n_past, 4);
	cr_expect_eq(pasts[0].generation, 4);
	cr_expect_eq(pasts[0].ending, ENDING_NONE);
	cr_expect_eq(pasts[1].ending, ENDING_UNDONE);
	cr_expect_eq(pasts[1].ended, 5.5);
	cr_expect_str_eq(pasts[2].by, "bob");
	cr_expect_eq(pasts[3].ending, ENDING_NONE);
	state_close(state);
}

Test(state, a_deadline_is_kept_with_what_waits)
{
	const struct state_wait later = {1700000500.25, 2}, none = {0};
	char text[] = "third", file[] = "f", by[] = "alice", message[] = "try it";
	struct state_config config = {.text = text,
				      .length = 5,
				      .file = file,
				      .by = by,
				      .message = message,
				      .previous = 2,
				      .wait = {1700000300.25, 2}};
	struct state *state = open_state();

	apply_all(state, 2);
	cr_expect_eq(state_prepare(state, &config, &parsed), 0);
	cr_expect_eq(state_load_applied(state, &config), 0);
	cr_expect_eq(config.wait.deadline, 0, "not before it is in force");
	state_config_fini(&config);
	cr_expect_eq(state_commit(state), 0);
	state_close(state);
	state = open_state();
	cr_expect_eq(state_load_applied(state, &config), 0);
	cr_expect_eq(config.wait.deadline, 1700000300.25);
	cr_expect_eq(config.wait.back_to, 2);
	cr_expect_str_eq(config.message, "try it");
	state_config_fini(&config);
	cr_expect_eq(state_set_wait(state, &later), 0);
	cr_expect_eq(state_load_applied(state, &config), 0);
	cr_expect_eq(config.wait.deadline, later.deadline);
	state_config_fini(&config);
	cr_expect_eq(state_set_wait(state, &none), 0);
	cr_expect_eq(state_load_applied(state, &config), 0);
	cr_expect_eq(config.wait.deadline, 0);
	state_config_fini(&config);
	state_close(state);
}

Test(state, what_can_come_back_is_kept_whatever_comes_after)
{
	const struct state_wait wait = {1700000300.25, 1};
	struct state *state = open_state();
	struct state_config config;
	uint64_t level;

	apply_all(state, 1);
	for (int i = 0; i < 3 * STATE_CONFIGS; i++) {
		cr_assert_eq(prepare(state, "tried"), 0);
		cr_assert_eq(state_commit(state), 0);
		cr_assert_eq(state_set_wait(state, &wait), 0);
	}
	cr_expect_eq(state_load_generation(state, 1, &config), 0);
	state_config_fini(&config);
	cr_expect_eq(state_load_generation(state, 2, &config), -ENOENT);
	cr_expect_eq(state_find_level(state, 1, 1, &level), -ENOENT);
	cr_expect_eq(level, 0);
	cr_expect_eq(state_tell_history(state, take_past, NULL), 0);
	cr_expect_eq(n_past, STATE_CONFIGS + 1);
	state_close(state);
}

static int64_t first_deed, n_deeds;

static void take_deed(void *argument, const struct state_deed *deed)
{
	(void)argument;
	if (n_deeds++ == 0)
		first_deed = deed->id;
	cr_expect_eq(deed->id, first_deed + n_deeds - 1);
	cr_expect_eq(deed->uid, deed->id % 2 ? 1000 : -1);
	cr_expect_str_eq(deed->claim, "carol");
	cr_expect_str_eq(deed->detail, "{}");
}

Test(state, the_last_deeds_are_kept)
{
	struct state *state = open_state();
	struct state_deed deed = {
		.time = 5.5, .by = "bob", .claim = "carol", .method = "m", .detail = "{}"};

	for (int i = 1; i <= STATE_DEEDS + 10; i++) {
		deed.uid = i % 2 ? 1000 : -1;
		cr_assert_eq(state_add_deed(state, &deed), 0);
	}
	cr_expect_eq(state_tell_deeds(state, 5, take_deed, NULL), 0);
	cr_expect_eq(n_deeds, 5);
	cr_expect_eq(first_deed, STATE_DEEDS + 6);
	n_deeds = 0;
	cr_expect_eq(state_tell_deeds(state, 2 * STATE_DEEDS, take_deed, NULL), 0);
	cr_expect_eq(n_deeds, STATE_DEEDS);
	cr_expect_eq(first_deed, 11);
	state_close(state);
}

Test(state, baselines_belong_to_one_dataplane)
{
	static struct state_baseline saved[3];
	struct state *state = open_state();
	struct state_baseline *loaded;
	size_t n;

	for (size_t i = 0; i < 3; i++) {
		snprintf(saved[i].port, sizeof(saved[i].port), "swp%zu", i);
		saved[i].instance = UINT64_MAX - 1;
		saved[i].incarnation = (uint32_t)i + 1;
		saved[i].cleared = 1700000000.5;
		saved[i].counters[0] = i * 100;
		saved[i].counters[COUNTER_WORDS - 1] = UINT64_MAX;
	}
	cr_expect_eq(state_save_baselines(state, saved, 3), 0);
	state_close(state);
	state = open_state();
	cr_expect_eq(state_load_baselines(state, 1, &loaded, &n), 0);
	cr_expect_eq(n, 0);
	free(loaded);
	cr_expect_eq(state_load_baselines(state, UINT64_MAX - 1, &loaded, &n), 0);
	cr_assert_eq(n, 3);
	for (size_t i = 0; i < n; i++) {
		cr_expect_str_eq(loaded[i].port, saved[i].port);
		cr_expect_eq(loaded[i].instance, saved[i].instance);
		cr_expect_eq(loaded[i].incarnation, saved[i].incarnation);
		cr_expect_eq(loaded[i].cleared, saved[i].cleared);
		cr_expect_eq(memcmp(loaded[i].counters, saved[i].counters,
				    sizeof(saved[i].counters)),
			     0);
	}
	free(loaded);

	saved[0].instance = 5;
	cr_expect_eq(state_save_baselines(state, saved, 1), 0);
	cr_expect_eq(state_load_baselines(state, UINT64_MAX - 1, &loaded, &n), 0);
	cr_expect_eq(n, 0, "those of a dataplane that is gone are forgotten");
	free(loaded);
	state_close(state);
}

Test(state, only_one_control_may_use_it)
{
	struct state *state = open_state();

	cr_expect_null(state_open(directory, problem));
	cr_expect_eq(errno, EBUSY);
	cr_expect(strstr(problem, "another ixfab-control"), "%s", problem);
	state_close(state);
	state_close(open_state());
}

Test(state, a_directory_that_cannot_be_is_a_clear_error)
{
	cr_expect_null(state_open("/proc/ixfab/state", problem));
	cr_expect_eq(errno, EACCES);
	cr_expect(strstr(problem, "/proc/ixfab/state"), "%s", problem);
}

static void write_state_file(const char *text)
{
	char path[64];

	snprintf(path, sizeof(path), "%s/state.sqlite", directory);
	FILE *file = fopen(path, "w");
	cr_assert_not_null(file);
	for (int i = 0; i < 1000; i++)
		fputs(text, file);
	fclose(file);
}

Test(state, a_file_that_is_no_state_is_not_touched)
{
	write_state_file("this is a letter to my aunt\n");
	cr_expect_null(state_open(directory, problem));
	cr_expect_eq(errno, EUCLEAN);
	cr_expect(strstr(problem, "move it away"), "%s", problem);
}

// A file system of our own, which goes away with us.
static void mount_small(const char *options)
{
	if (geteuid() != 0 || unshare(CLONE_NEWNS) < 0 ||
	    mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 ||
	    mount("tmpfs", directory, "tmpfs", 0, options) < 0)
		cr_skip_test("it takes root to mount a file system");
}

static void fill_disk(void)
{
	static const char block[4096];
	char path[64];

	snprintf(path, sizeof(path), "%s/filler", directory);
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	cr_assert_geq(fd, 0);
	while (write(fd, block, sizeof(block)) > 0)
		;
	cr_assert_eq(errno, ENOSPC);
	close(fd);
}

Test(state, a_full_disk_refuses_a_change_and_loses_nothing)
{
	static char large[50000];
	struct state_baseline baseline = {.port = "swp1", .instance = 1};

	memset(large, 'x', sizeof(large) - 1);
	mount_small("size=256k");
	struct state *state = open_state();
	cr_expect_eq(prepare(state, "first"), 0);
	cr_expect_eq(state_commit(state), 0);
	fill_disk();
	cr_expect_eq(prepare(state, large), -ENOSPC);
	cr_expect(strstr(state_problem(state), "full"), "%s", state_problem(state));
	expect_applied(state, 1, "first");
	state_close(state);

	state = open_state();
	expect_applied(state, 1, "first");
	int err = state_save_baselines(state, &baseline, 1);
	cr_expect(err == 0 || err == -ENOSPC, "%d", err);
	state_close(state);
}

Test(state, a_disk_that_fills_between_the_two_steps_does_not_matter)
{
	static char large[20000];

	memset(large, 'x', sizeof(large) - 1);
	mount_small("size=256k");
	struct state *state = open_state();
	cr_expect_eq(prepare(state, large), 0);
	fill_disk();
	cr_expect_eq(state_commit(state), 0, "%s", state_problem(state));
	expect_applied(state, 1, large);
	state_close(state);
	state = open_state();
	expect_applied(state, 1, large);
	state_close(state);
}

Test(state, a_file_system_that_turned_read_only_refuses_changes)
{
	mount_small("size=256k");
	struct state *state = open_state();
	cr_expect_eq(prepare(state, "first"), 0);
	cr_expect_eq(state_commit(state), 0);
	state_close(state);
	cr_assert_eq(mount(NULL, directory, NULL, MS_REMOUNT | MS_RDONLY, NULL), 0);

	state = open_state();
	expect_applied(state, 1, "first");
	cr_expect_eq(prepare(state, "second"), -EROFS);
	cr_expect(strstr(state_problem(state), "read-only"), "%s", state_problem(state));
	expect_applied(state, 1, "first");
	state_close(state);
}

// Generation n holds n times the letter that n stands for.
static void fill_text(char *text, uint64_t n)
{
	memset(text, (int)('a' + n % 26), n);
	text[n] = 0;
}

static void apply_for_ever(int tell)
{
	struct state *state = state_open(directory, problem);
	static char text[1 << 16];

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (uint64_t n = 1;; n++) {
		fill_text(text, n);
		if (!state || prepare(state, text) || write(tell, "p", 1) != 1 ||
		    state_commit(state) || write(tell, "c", 1) != 1)
			_exit(1);
	}
}

// Kill a process that applies one configuration after the other, at a point that varies.
static void kill_while_applying(int octets)
{
	int pipes[2];
	char octet;

	cr_assert_eq(pipe(pipes), 0);
	pid_t child = fork();
	if (child == 0)
		apply_for_ever(pipes[1]);
	cr_assert_gt(child, 0);
	for (int i = 0; i < octets; i++)
		cr_assert_eq(read(pipes[0], &octet, 1), 1);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	close(pipes[0]);
	close(pipes[1]);
}

static void expect_whole(struct state *state, uint64_t at_least)
{
	static char text[1 << 16];
	struct state_config config;

	cr_assert_eq(state_load_applied(state, &config), 0);
	cr_expect_geq(config.generation, at_least);
	fill_text(text, config.generation);
	cr_expect_str_eq(config.text, text);
	state_config_fini(&config);
	if (state_load_pending(state, &config))
		return;
	fill_text(text, config.generation);
	cr_expect_str_eq(config.text, text);
	state_config_fini(&config);
}

Test(state, a_kill_at_any_point_leaves_the_old_or_the_new_one)
{
	char command[64];

	snprintf(command, sizeof(command), "rm -rf %s/state.sqlite*", directory);
	for (int octets = 2; octets < 22; octets++) {
		kill_while_applying(octets);
		struct state *state = open_state();
		expect_whole(state, (uint64_t)octets / 2);
		state_close(state);
		cr_assert_eq(system(command), 0);
	}
}
