// SPDX-License-Identifier: BSD-3-Clause
#include "control/config/schema_sponge.h"

#define FIELD(type, field) .offset = offsetof(type, field), .size = sizeof(((type *)0)->field)
#define PLACE(type, field) .place = offsetof(type, field)

enum {
	SECONDS_MAX = 604800,
	WITHIN_MAX = 3600,
	COUNT_MAX = 65535,
	DEPTH_MAX = 10000,
	RATE_MAX = 60000, // questions a minute
	PENDING_MAX = 3600,
	PROBES_MAX = 10000, // a second
	FLOOD_MAX = 10000,  // questions a second
	TRACKED_MAX = 500000,
	SWEEP_MIN = 10,
};

#define SPONGE_MAC MAC(0x02, 0x69, 0x78, 0x73, 0x70, 0x6f) // "ixspo"

static const char *const modes[] = {
	[SPONGE_OFF] = "off", [SPONGE_FAST] = "fast", [SPONGE_ARPSPONGE] = "arpsponge", NULL};
static const char *const inits[] = {[SPONGE_INIT_ALIVE] = "alive",
				    [SPONGE_INIT_DEAD] = "dead",
				    [SPONGE_INIT_PENDING] = "pending",
				    [SPONGE_INIT_NONE] = "none",
				    NULL};
static const char *const updates[] = {"request", "reply", "gratuitous", NULL}; // sponge_update
static const char *const binding_modes[] = {"assigned", "learned", NULL};

_Static_assert(offsetof(struct config_sponge, address6) ==
		       offsetof(struct config_sponge, address4) + sizeof(struct ip),
	       "they are a pair");

#define QUICK(which)                                                                            \
	{                                                                                       \
		.mode = (which), .mac = SPONGE_MAC, .queue_depth = 5, .rate = 30, .pending = 3, \
		.flood_protection = 3, .probe_rate = 100, .learning = 5,                        \
		.init = SPONGE_INIT_ALIVE, .sweep_period = 900, .sweep_age = 3600,              \
		.sweep_skip_alive = true, .updates = SPONGE_UPDATE_REQUEST, .targets = 16384,   \
		.restore_age = 600                                                              \
	}

static const struct config_sponge sponges[] = {
	[SPONGE_OFF] = QUICK(SPONGE_OFF),
	[SPONGE_FAST] = QUICK(SPONGE_FAST),
	[SPONGE_ARPSPONGE] = {.mode = SPONGE_ARPSPONGE,
			      .mac = SPONGE_MAC,
			      .queue_depth = 1000,
			      .rate = 50,
			      .pending = 5,
			      .one_more = true,
			      .flood_protection = 3,
			      .probe_rate = 100,
			      .learning = 5,
			      .init = SPONGE_INIT_ALIVE,
			      .updates = SPONGE_UPDATE_REQUEST | SPONGE_UPDATE_REPLY |
					 SPONGE_UPDATE_GRATUITOUS,
			      .targets = 16384,
			      .restore_age = 60},
};

static const struct config_bindings no_bindings = {.limit = 4096,
						   .age = 3600,
						   .refresh = 1200,
						   .moves = 5,
						   .within = 180,
						   .hold = 540,
						   .confirm = 30};

// The mode was read, and nothing else.
static void fill_from_mode(const struct config *config, void *object)
{
	struct config_sponge *sponge = object;

	(void)config;
	*sponge = sponges[sponge->mode];
}

static void derive_sweep_age(const struct config *config, void *object)
{
	struct config_sponge *sponge = object;

	(void)config;
	if (!sponge->sweep_age)
		sponge->sweep_age = sponge->sweep_period;
}

static void derive_refresh(const struct config *config, void *object)
{
	struct config_bindings *bindings = object;

	(void)config;
	bindings->refresh = bindings->age / 3;
}

#define SPONGE_KEY(name, kind, field) \
	(name), kind, .inherited = true, FIELD(struct config_sponge, field)

const struct schema schema_sponge_sweep[] = {
	{SPONGE_KEY("period", SCHEMA_NUMBER, sweep_period), .min = SWEEP_MIN, .max = SECONDS_MAX,
	 .zero = "never"},
	{"age", SCHEMA_NUMBER, FIELD(struct config_sponge, sweep_age), .min = 1, .max = SECONDS_MAX,
	 .zero = "never", .derive = derive_sweep_age},
	{SPONGE_KEY("at-start", SCHEMA_BOOL, sweep_at_start)},
	{SPONGE_KEY("skip-alive", SCHEMA_BOOL, sweep_skip_alive)},
	{},
};

const struct schema schema_sponge[] = {
	{SPONGE_KEY("mode", SCHEMA_WORD, mode), .words = modes},
	// This one fills all: it comes after the mode, and before the rest.
	{"sweep", SCHEMA_MAP, .rows = schema_sponge_sweep, .derive = fill_from_mode},
	{SPONGE_KEY("mac", SCHEMA_MAC, mac), PLACE(struct config_sponge, mac_place)},
	{SPONGE_KEY("addresses", SCHEMA_PAIR, address4),
	 PLACE(struct config_sponge, address_places), .max = 2},
	{SPONGE_KEY("queue-depth", SCHEMA_NUMBER, queue_depth), .min = 1, .max = DEPTH_MAX},
	{SPONGE_KEY("rate", SCHEMA_NUMBER, rate), .min = 1, .max = RATE_MAX},
	{SPONGE_KEY("pending", SCHEMA_NUMBER, pending), .min = 1, .max = PENDING_MAX},
	{SPONGE_KEY("one-more", SCHEMA_BOOL, one_more)},
	{SPONGE_KEY("flood-protection", SCHEMA_FRACTION, flood_protection), .max = FLOOD_MAX,
	 .zero = "none"},
	{SPONGE_KEY("probe-rate", SCHEMA_NUMBER, probe_rate), .min = 1, .max = PROBES_MAX},
	{SPONGE_KEY("learning", SCHEMA_NUMBER, learning), .max = WITHIN_MAX},
	{SPONGE_KEY("init", SCHEMA_WORD, init), .words = inits},
	{SPONGE_KEY("gratuitous", SCHEMA_BOOL, gratuitous)},
	{SPONGE_KEY("network-addresses", SCHEMA_BOOL, network_addresses)},
	{SPONGE_KEY("dummy", SCHEMA_BOOL, dummy)},
	{SPONGE_KEY("passive", SCHEMA_BOOL, passive)},
	{SPONGE_KEY("static", SCHEMA_BOOL, is_static)},
	{SPONGE_KEY("updates", SCHEMA_SET, updates), .words = updates},
	{"protected", SCHEMA_IPS, .offset = offsetof(struct config_sponge, protected),
	 PLACE(struct config_sponge, protected_places), .inherited = true,
	 .count = offsetof(struct config_sponge, n_protected), .max = 1024},
	{SPONGE_KEY("targets", SCHEMA_NUMBER, targets), .min = 16, .max = TRACKED_MAX},
	{SPONGE_KEY("restore-age", SCHEMA_NUMBER, restore_age), .min = 1, .max = SECONDS_MAX,
	 .zero = "never"},
	{},
};

#define BINDINGS_KEY(name, kind, field) \
	(name), kind, .inherited = true, FIELD(struct config_bindings, field)

const struct schema schema_bindings[] = {
	{BINDINGS_KEY("mode", SCHEMA_WORD, learned), .words = binding_modes},
	{BINDINGS_KEY("limit", SCHEMA_NUMBER, limit), .min = 1, .max = TRACKED_MAX},
	{BINDINGS_KEY("age", SCHEMA_NUMBER, age), .min = 60, .max = SECONDS_MAX, .zero = "never"},
	{"refresh", SCHEMA_NUMBER, FIELD(struct config_bindings, refresh), .min = 10,
	 .max = SECONDS_MAX, .zero = "never", .derive = derive_refresh},
	{BINDINGS_KEY("moves", SCHEMA_NUMBER, moves), .min = 1, .max = COUNT_MAX, .zero = "never"},
	{BINDINGS_KEY("within", SCHEMA_NUMBER, within), .min = 1, .max = WITHIN_MAX},
	{BINDINGS_KEY("hold", SCHEMA_NUMBER, hold), .min = 1, .max = SECONDS_MAX, .zero = "never"},
	{BINDINGS_KEY("confirm", SCHEMA_NUMBER, confirm), .min = 1, .max = WITHIN_MAX},
	{BINDINGS_KEY("anti-spoofing-mac", SCHEMA_MAC, anti_spoofing), .zero = "none",
	 PLACE(struct config_bindings, anti_spoofing_place)},
	{},
};

void schema_default_sponge(const struct config *config, void *object)
{
	struct config_lan *lan = object;

	(void)config;
	lan->sponge = sponges[SPONGE_OFF];
}

void schema_default_bindings(const struct config *config, void *object)
{
	struct config_lan *lan = object;

	(void)config;
	lan->bindings = no_bindings;
}
