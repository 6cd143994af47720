// SPDX-License-Identifier: BSD-3-Clause
// Random claims for the bindings, and for a model: an array with a row for each address, which is
// searched from end to end.
#include "control/sponge/bindings.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <string.h>

enum { ADDRESSES = 60, PORTS = 4, SECOND = 1000, STEPS = 60000 };

struct row {
	enum { UNKNOWN, OWNED, FROZEN } state;
	mac_t mac;
	uint16_t port;
	bool router;
	uint64_t heard; // milliseconds, all
	uint64_t order; // of having been heard
	uint64_t moved; // 0: not in doubt
	uint16_t former_port;
	uint64_t window;
	uint32_t moves;
	uint64_t frozen;
	uint64_t asked;
};

// What is to be told, and what was.
struct told {
	uint32_t bound, gone, asked, announced, moved, duplicated, released;
};

static struct config_bindings settings;
static struct row rows[ADDRESSES];
static struct told want, got;
static struct bindings *bindings;
static uint64_t now, heard_count, random_state;

static uint32_t pick(uint32_t n)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return (uint32_t)((random_state * UINT64_C(0x2545f4914f6cdd1d)) >> 32) % n;
}

// ---- The listener: what the dataplane knows is the row

static uint32_t number_of(const struct ip *ip)
{
	return ip->octets[ip->family == 4 ? 3 : 15];
}

// Odd ones are of IPv6.
static struct ip ip_of(uint32_t n)
{
	if (n % 2)
		return (struct ip){6, {0x20, 0x01, 0x0d, 0xb8, [15] = (uint8_t)n}};
	return (struct ip){4, {192, 0, 2, (uint8_t)n}};
}

static void bound(void *argument, const struct binding *binding, bool gone)
{
	const struct row *row = &rows[number_of(&binding->ip)];

	(void)argument;
	got.gone += gone;
	got.bound += !gone;
	if (gone) {
		cr_assert_eq(row->state, UNKNOWN);
		return;
	}
	cr_assert_eq(binding->duplicate, row->state == FROZEN);
	cr_assert_eq(binding->mac, row->mac);
	cr_assert_eq(binding->port, row->port);
}

static void ask(void *argument, const struct ip *ip, mac_t mac, uint16_t port)
{
	(void)argument;
	(void)ip;
	cr_assert_neq(mac, 0);
	cr_assert_lt(port, PORTS);
	got.asked++;
}

static void announce(void *argument, const struct ip *ip, mac_t mac)
{
	(void)argument;
	cr_assert_eq(mac, settings.anti_spoofing);
	cr_assert_eq(rows[number_of(ip)].state, FROZEN);
	got.announced++;
}

static void moved(void *argument, const struct binding *binding)
{
	(void)argument;
	cr_assert(!binding->duplicate);
	got.moved++;
}

static void duplicated(void *argument, const struct binding *binding)
{
	(void)argument;
	cr_assert(binding->duplicate);
	got.duplicated++;
}

static void released(void *argument, const struct binding *binding)
{
	(void)argument;
	cr_assert_eq(rows[number_of(&binding->ip)].state, UNKNOWN);
	got.released++;
}

static const struct bindings_listener listener = {bound,      ask,	announce, moved,
						  duplicated, released, NULL};

// ---- The model

static uint32_t known(void)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < ADDRESSES; i++)
		n += rows[i].state != UNKNOWN;
	return n;
}

static void model_forget(struct row *row)
{
	want.gone++;
	want.released += row->state == FROZEN;
	*row = (struct row){UNKNOWN};
}

static struct row *oldest(void)
{
	struct row *found = NULL;

	for (uint32_t i = 0; i < ADDRESSES; i++) {
		if (rows[i].state == OWNED && (!found || rows[i].order < found->order))
			found = &rows[i];
	}
	return found;
}

static bool model_make_room(uint32_t limit)
{
	while (known() > limit) {
		struct row *row = oldest();

		if (!row)
			return false;
		model_forget(row);
	}
	return true;
}

static void model_move(struct row *row)
{
	if (!row->moves || now - row->window >= settings.within * 1000ULL) {
		row->window = now;
		row->moves = 0;
	}
	want.bound++;
	if (++row->moves >= settings.moves && settings.moves) {
		row->state = FROZEN;
		row->frozen = now;
		row->moved = 0;
		want.duplicated++;
		want.announced += settings.anti_spoofing != 0;
		return;
	}
	want.moved++;
	want.asked += settings.confirm != 0;
	row->moved = settings.confirm ? now : 0;
}

static void model_claim(uint32_t n, mac_t mac, uint16_t port, bool override, bool router)
{
	struct row *row = &rows[n];
	bool same = row->mac == mac && row->port == port;

	if (row->state == FROZEN || (row->state == OWNED && !same && !override))
		return;
	if (row->state == UNKNOWN && !model_make_room(settings.limit - 1))
		return;
	row->heard = now;
	row->order = ++heard_count;
	if (row->state == OWNED && same) {
		want.bound += row->router != router;
		row->router = router;
		return;
	}
	row->former_port = row->port;
	row->mac = mac;
	row->port = port;
	row->router = router;
	if (row->state == OWNED) {
		model_move(row);
		return;
	}
	row->state = OWNED;
	want.bound++;
}

static void model_refresh(void)
{
	uint32_t asked = 0;

	// Those that were heard of longest ago first; here there are less than would have to wait.
	for (uint32_t i = 0; i < ADDRESSES && settings.refresh; i++) {
		struct row *row = &rows[i];
		uint64_t last = row->asked > row->heard ? row->asked : row->heard;

		if (row->state != OWNED || now - last < settings.refresh * 1000ULL)
			continue;
		row->asked = now;
		asked++;
	}
	cr_assert_lt(asked, BINDINGS_REFRESHES);
	want.asked += asked;
}

static void model_tick(void)
{
	for (uint32_t i = 0; i < ADDRESSES; i++) {
		struct row *row = &rows[i];
		bool released = row->state == FROZEN && settings.hold &&
				now - row->frozen >= settings.hold * 1000ULL;
		bool aged = row->state == OWNED && settings.age &&
			    now - row->heard >= settings.age * 1000ULL;

		if (now - row->moved >= settings.confirm * 1000ULL)
			row->moved = 0;
		if (released || aged)
			model_forget(row);
	}
	model_refresh();
}

static void model_forget_port(uint16_t port)
{
	for (uint32_t i = 0; i < ADDRESSES; i++) {
		if (rows[i].state != UNKNOWN && rows[i].port == port)
			model_forget(&rows[i]);
		else if (rows[i].former_port == port)
			rows[i].moved = 0;
	}
}

// ---- Both

static void compare(void)
{
	cr_assert_eq(memcmp(&want, &got, sizeof(want)), 0);
	cr_assert_eq(bindings_count(bindings), known());
	for (uint32_t n = 0; n < ADDRESSES; n++) {
		const struct ip ip = ip_of(n);
		const struct binding *binding = bindings_find(bindings, &ip);
		const struct row *row = &rows[n];

		cr_assert_eq(binding != NULL, row->state != UNKNOWN);
		if (!binding)
			continue;
		cr_assert_eq(binding->duplicate, row->state == FROZEN);
		cr_assert_eq(binding->mac, row->mac);
		cr_assert_eq(binding->port, row->port);
		cr_assert_eq(binding->router, row->router);
		cr_assert_eq(binding->moves, row->moves);
		cr_assert_eq(binding->heard_ms, row->heard);
		cr_assert_eq(binding->doubted, row->moved != 0);
	}
}

static void claim(void)
{
	uint32_t n = pick(3) ? pick(ADDRESSES) : pick(6);
	uint16_t port = (uint16_t)pick(PORTS);
	mac_t mac = MAC(2, 0, 0, 0, 0, 1 + port + PORTS * (pick(8) == 0));
	bool override = pick(5), router = pick(10);
	const struct ip ip = ip_of(n);

	// Mostly the one who has it.
	if (pick(10) && rows[n].state == OWNED) {
		port = rows[n].port;
		mac = rows[n].mac;
	}
	model_claim(n, mac, port, override, router);
	bindings_claim(bindings, &ip, mac, port, override, router, now);
}

static void forget(void)
{
	uint32_t n = pick(ADDRESSES);
	const struct ip ip = ip_of(n);
	bool is_known = rows[n].state != UNKNOWN;

	if (is_known)
		model_forget(&rows[n]);
	cr_assert_eq(bindings_forget(bindings, &ip), is_known ? 0 : -ENOENT);
}

static void configure(void)
{
	settings.limit = 1 + pick(ADDRESSES);
	settings.moves = (uint16_t)pick(7);
	settings.within = (uint16_t)(1 + pick(400));
	settings.anti_spoofing = pick(2) ? MAC(2, 0, 0, 0, 0, 0xff) : 0;
	model_make_room(settings.limit);
	bindings_configure(bindings, &settings);
}

static void step(void)
{
	uint32_t what = pick(1000);

	if (what < 900) {
		claim();
	} else if (what < 985) {
		now += pick(20) ? pick(3) * SECOND : pick(400) * SECOND;
		model_tick();
		bindings_tick(bindings, now);
	} else if (what < 993) {
		forget();
	} else if (what < 997) {
		uint16_t port = (uint16_t)pick(PORTS);

		model_forget_port(port);
		bindings_forget_port(bindings, port);
	} else {
		configure();
	}
	now += pick(3) ? pick(300) : 0;
}

static void run(uint64_t seed)
{
	random_state = seed;
	memset(rows, 0, sizeof(rows));
	want = got = (struct told){0};
	now = 1000 * SECOND;
	bindings = bindings_create(&settings, &listener);
	for (uint32_t i = 0; i < STEPS; i++) {
		step();
		compare();
	}
	bindings_destroy(bindings);
}

Test(bindings_model, does_what_the_model_does, .timeout = 100)
{
	for (uint64_t seed = 1; seed <= 10; seed++) {
		settings = (struct config_bindings){
			.learned = true,
			.limit = ADDRESSES - 10,
			.age = seed % 3 ? 3600 : 0,
			.refresh = seed % 4 ? 1200 : 0,
			.moves = 5,
			.within = 180,
			.hold = seed % 5 ? 540 : 0,
			.confirm = seed % 6 ? 30 : 0,
		};
		run(seed);
	}
	cr_expect_gt(got.duplicated, 10, "or nothing was tested");
	cr_expect_gt(got.released, 10);
	cr_expect_gt(got.moved, 100);
}
