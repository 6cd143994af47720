// SPDX-License-Identifier: BSD-3-Clause
// A million random operations on the forwarding database and on a model: an array with a row for
// each address, searched from end to end.
#include "dataplane/tables/fdb.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <string.h>

enum {
	N_MACS = 300,
	N_PORTS = 6,
	N_LANS = 2,
	AGEING = 80,
	EPOCH = AGEING / 8,
	OPERATIONS = 1000000,
	SECOND = 1000000000,
};

struct row {
	enum { UNKNOWN, LEARNED, STATIC } state;
	uint16_t port;
	uint64_t seen; // epoch
};

struct model {
	struct row rows[N_LANS][N_MACS];
	uint32_t size[N_LANS];
	uint32_t limit[N_LANS];
	uint32_t port_limit[N_PORTS];
	uint32_t overall;
	uint64_t now; // seconds
};

static struct model model;
static struct fdb_quota quota;
static struct fdb *fdbs[N_LANS];
static uint64_t state = 20260101;

static uint32_t pick(uint32_t n)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (uint32_t)((state * UINT64_C(0x2545f4914f6cdd1d)) >> 32) % n;
}

static mac_t station(uint32_t i)
{
	return MAC(0x02, 0, 0x5e, 0, i >> 8, i & 0xff);
}

// ---- The model

enum outcome { KNOWN, LEARNT, MOVED, FOREIGN, REFUSED };

static uint32_t count(uint32_t lan, int what, int port)
{
	uint32_t n = 0;

	for (uint32_t l = 0; l < N_LANS; l++)
		for (uint32_t m = 0; m < N_MACS; m++)
			n += (lan == N_LANS || l == lan) && model.rows[l][m].state == what &&
			     (port < 0 || model.rows[l][m].port == port);
	return n;
}

static bool port_is_full(uint16_t port)
{
	return model.port_limit[port] && count(N_LANS, LEARNED, port) >= model.port_limit[port];
}

// Which port must lose an entry: whichever it lost in truth, if that had the most.
static bool lose_one(uint16_t port)
{
	uint32_t most = 0;

	for (uint32_t p = 0; p < N_PORTS; p++)
		if (count(N_LANS, LEARNED, p) > most)
			most = count(N_LANS, LEARNED, p);
	if (most <= count(N_LANS, LEARNED, port) + 1)
		return false;
	for (uint32_t l = 0; l < N_LANS; l++)
		for (uint32_t m = 0; m < N_MACS; m++) {
			struct row *row = &model.rows[l][m];

			if (row->state != LEARNED || fdb_lookup(fdbs[l], station(m)) != FDB_MISS)
				continue;
			cr_assert_eq(count(N_LANS, LEARNED, row->port), most);
			row->state = UNKNOWN;
			return true;
		}
	cr_assert_fail("a port must lose an entry and did not");
	return false;
}

static enum outcome model_learn(uint32_t lan, uint32_t mac, uint16_t port, uint16_t *old)
{
	struct row *row = &model.rows[lan][mac];
	uint32_t room = model.size[lan] - count(lan, STATIC, -1);

	*old = row->port;
	if (row->state == STATIC)
		return row->port == port ? KNOWN : FOREIGN;
	if (row->state == LEARNED) {
		bool moves = row->port != port;

		if (moves && port_is_full(port))
			return REFUSED;
		row->port = port;
		row->seen = model.now / EPOCH;
		return moves ? MOVED : KNOWN;
	}
	if (model.limit[lan] && model.limit[lan] < room)
		room = model.limit[lan];
	if (port_is_full(port) || count(lan, LEARNED, -1) >= room)
		return REFUSED;
	if (model.overall && count(N_LANS, LEARNED, -1) >= model.overall && !lose_one(port))
		return REFUSED;
	*row = (struct row){LEARNED, port, model.now / EPOCH};
	return LEARNT;
}

static uint32_t model_forget(uint32_t lan, int port, int mac, uint64_t age)
{
	uint32_t n = 0;

	for (uint32_t m = 0; m < N_MACS; m++) {
		struct row *row = &model.rows[lan][m];

		if (row->state != LEARNED || (port >= 0 && row->port != port) ||
		    (mac >= 0 && m != (uint32_t)mac) || model.now / EPOCH - row->seen < age)
			continue;
		row->state = UNKNOWN;
		n++;
	}
	return n;
}

// ---- Operations on both

static void learn(void)
{
	uint32_t lan = pick(N_LANS), n = 1 + pick(4), ids[4];
	uint16_t port = pick(N_PORTS);
	uint64_t live = pick(16) & ((1u << n) - 1);
	struct fdb_learned result;
	mac_t macs[4];

	// When the fabric is full the model has to see what was lost: one at a time then.
	if (model.overall && count(N_LANS, LEARNED, -1) + n > model.overall)
		live = 1;
	for (uint32_t i = 0; i < n; i++) {
		ids[i] = pick(N_MACS);
		macs[i] = station(ids[i]);
	}
	fdb_learn_burst(fdbs[lan], macs, live, port, &result);
	for (uint32_t i = 0; i < n; i++) {
		uint16_t old;
		enum outcome want = live >> i & 1 ? model_learn(lan, ids[i], port, &old) : KNOWN;

		cr_assert_eq(result.learned >> i & 1, want == LEARNT);
		cr_assert_eq(result.moved >> i & 1, want == MOVED);
		cr_assert_eq(result.foreign >> i & 1, want == FOREIGN);
		cr_assert_eq(result.refused >> i & 1, want == REFUSED);
		if (want == MOVED || want == FOREIGN)
			cr_assert_eq(result.old_port[i], old);
	}
}

static void look_up(void)
{
	uint32_t lan = pick(N_LANS), n = 1 + pick(FDB_BURST), ids[FDB_BURST];
	uint16_t ports[FDB_BURST];
	mac_t macs[FDB_BURST];

	for (uint32_t i = 0; i < n; i++) {
		ids[i] = pick(N_MACS);
		macs[i] = station(ids[i]);
	}
	fdb_lookup_burst(fdbs[lan], macs, UINT64_MAX >> (FDB_BURST - n), ports);
	for (uint32_t i = 0; i < n; i++) {
		struct row *row = &model.rows[lan][ids[i]];

		cr_assert_eq(ports[i], row->state == UNKNOWN ? FDB_MISS : row->port);
		cr_assert_eq(ports[i], fdb_lookup(fdbs[lan], macs[i]));
	}
}

static void add_static(void)
{
	uint32_t lan = pick(N_LANS), mac = pick(N_MACS);
	uint16_t port = pick(N_PORTS);
	struct row *row = &model.rows[lan][mac];
	int want = 0;

	if (row->state == STATIC)
		want = row->port == port ? 0 : -EEXIST;
	else if (count(lan, STATIC, -1) >= model.size[lan])
		want = -ENOSPC;
	cr_assert_eq(fdb_add_static(fdbs[lan], station(mac), port, MAC_REGISTERED), want);
	if (!want)
		*row = (struct row){STATIC, port, 0};
}

static void del_static(void)
{
	uint32_t lan = pick(N_LANS), mac = pick(N_MACS);
	struct row *row = &model.rows[lan][mac];

	cr_assert_eq(fdb_del_static(fdbs[lan], station(mac)), row->state == STATIC ? 0 : -ENOENT);
	if (row->state == STATIC)
		row->state = UNKNOWN;
}

static void flush(void)
{
	uint32_t lan = pick(N_LANS);
	int port = (int)pick(N_PORTS + 1) - 1, mac = pick(3) ? (int)pick(N_MACS) : -1;

	cr_assert_eq(fdb_flush(fdbs[lan], port < 0 ? FDB_ANY : (uint16_t)port,
			       mac < 0 ? 0 : station((uint32_t)mac)),
		     model_forget(lan, port, mac, 0));
}

static void pass_time(void)
{
	model.now += pick(40) ? pick(3) : pick(400);
	for (uint32_t lan = 0; lan < N_LANS; lan++)
		cr_assert_eq(fdb_age(fdbs[lan], model.now * SECOND), model_forget(lan, -1, -1, 9));
}

static void set_limits(void)
{
	uint32_t lan = pick(N_LANS), port = pick(N_PORTS);

	model.limit[lan] = pick(3) ? 20 + pick(100) : 0;
	fdb_set_limit(fdbs[lan], model.limit[lan]);
	model.port_limit[port] = pick(3) ? 1 + pick(60) : 0;
	quota.port_limit[port] = model.port_limit[port];
	if (!pick(4)) {
		model.overall = pick(3) ? 20 + pick(150) : 0;
		quota.limit = model.overall;
	}
}

static void compare_whole(void)
{
	for (uint32_t lan = 0; lan < N_LANS; lan++) {
		struct fdb_entry entries[N_MACS + 1];
		uint32_t cursor = 0;
		uint32_t n = fdb_dump(fdbs[lan], FDB_ANY, &cursor, entries, N_MACS + 1);

		cr_assert_eq(n, count(lan, LEARNED, -1) + count(lan, STATIC, -1));
		cr_assert_eq(fdb_count(fdbs[lan]), count(lan, LEARNED, -1));
		cr_assert_eq(fdb_count_static(fdbs[lan]), count(lan, STATIC, -1));
		for (uint32_t i = 0; i < n; i++) {
			struct row *row = &model.rows[lan][mac_order(entries[i].mac) & 0xffff];

			cr_assert_eq(entries[i].port, row->port);
			cr_assert_eq(entries[i].is_static, row->state == STATIC);
			if (row->state == LEARNED)
				cr_assert_eq(entries[i].age,
					     (model.now / EPOCH - row->seen) * EPOCH);
		}
	}
	cr_assert_eq(quota.used, count(N_LANS, LEARNED, -1));
	for (uint32_t port = 0; port < N_PORTS; port++)
		cr_assert_eq(quota.port_used[port], count(N_LANS, LEARNED, port));
}

static void operate(void)
{
	uint32_t what = pick(2000);

	if (what < 1200)
		learn();
	else if (what < 1900)
		look_up();
	else if (what < 1940)
		add_static();
	else if (what < 1970)
		del_static();
	else if (what < 1980)
		flush();
	else if (what < 1995)
		pass_time();
	else if (what < 1998)
		set_limits();
	else
		compare_whole();
}

Test(fdb_model, does_what_the_model_does, .timeout = 100)
{
	for (uint32_t lan = 0; lan < N_LANS; lan++) {
		model.size[lan] = 120 + 50 * lan;
		fdbs[lan] = fdb_create(model.size[lan], 0, &quota);
		cr_assert_not_null(fdbs[lan]);
		fdb_set_ageing(fdbs[lan], AGEING);
	}
	model.now = EPOCH;
	for (uint32_t lan = 0; lan < N_LANS; lan++)
		cr_assert_eq(fdb_age(fdbs[lan], model.now * SECOND), 0);
	for (uint32_t i = 0; i < OPERATIONS; i++)
		operate();
	compare_whole();
	for (uint32_t lan = 0; lan < N_LANS; lan++)
		fdb_destroy(fdbs[lan]);
	cr_expect_eq(quota.used, 0);
}
