// SPDX-License-Identifier: BSD-3-Clause
#include "control/config/schema_rules.h"

#define FIELD(type, field) .offset = offsetof(type, field), .size = sizeof(((type *)0)->field)

enum {
	FLOOR = 100,	     // frames/s of one kind that a port may send on the slowest link
	FLOOR_EGRESS = 1000, // frames/s that may flood towards a port
	SECONDS_MAX = 604800,
	WITHIN_MAX = 3600,
	COUNT_MAX = 65535,
	LIMIT_MAX = 1024, // addresses of a port in a LAN
};

static const char *const broadcasts[] = {"arp", "any", NULL};
static const char *const multicasts[] = {"nd", "any", NULL};
static const char *const modes[] = {[SECURITY_OPEN] = "open",
				    [SECURITY_LEARN] = "learn",
				    [SECURITY_REGISTERED] = "registered",
				    NULL};
static const char *const actions[] = {
	[ACTION_DROP] = "drop", [ACTION_EVENT] = "event", [ACTION_DISABLE] = "disable", NULL};
static const char *const storm_actions[] = {"drop", "disable", NULL};

const struct schema schema_admission[] = {
	{"ethertypes", SCHEMA_TYPES, .inherited = true, FIELD(struct config_admission, types),
	 .min = 1, .max = RULE_TYPES},
	{"broadcast", SCHEMA_WORD, .inherited = true, FIELD(struct config_admission, any_broadcast),
	 .words = broadcasts},
	{"multicast", SCHEMA_WORD, .inherited = true, FIELD(struct config_admission, any_multicast),
	 .words = multicasts},
	{"mld", SCHEMA_BOOL, .inherited = true, FIELD(struct config_admission, mld)},
	{"router-advertisements", SCHEMA_BOOL, .inherited = true,
	 FIELD(struct config_admission, routers)},
	{"redirects", SCHEMA_BOOL, .inherited = true, FIELD(struct config_admission, redirects)},
	{"directed-broadcast", SCHEMA_BOOL, .inherited = true,
	 FIELD(struct config_admission, directed)},
	{"check-headers", SCHEMA_BOOL, .inherited = true,
	 FIELD(struct config_admission, check_headers)},
	{},
};

const struct schema schema_security[] = {
	{"mode", SCHEMA_WORD, .inherited = true, FIELD(struct config_security, mode),
	 .words = modes},
	{"limit", SCHEMA_NUMBER, .inherited = true, FIELD(struct config_security, limit), .min = 1,
	 .max = LIMIT_MAX},
	{},
};

const struct schema schema_violation[] = {
	{"action", SCHEMA_WORD, .inherited = true, FIELD(struct config_violation, action),
	 .words = actions},
	{"after", SCHEMA_NUMBER, .inherited = true, FIELD(struct config_violation, after), .min = 1,
	 .max = COUNT_MAX},
	{"within", SCHEMA_NUMBER, .inherited = true, FIELD(struct config_violation, within),
	 .min = 1, .max = WITHIN_MAX},
	{"recovery", SCHEMA_NUMBER, .inherited = true, FIELD(struct config_violation, recovery),
	 .min = 1, .max = SECONDS_MAX, .zero = "never"},
	{},
};

const struct schema schema_storm[] = {
	{"broadcast", SCHEMA_RATE, .inherited = true,
	 FIELD(struct config_storm, meters[METER_BROADCAST]), .min = FLOOR},
	{"multicast", SCHEMA_RATE, .inherited = true,
	 FIELD(struct config_storm, meters[METER_MULTICAST]), .min = FLOOR},
	{"unknown-unicast", SCHEMA_RATE, .inherited = true,
	 FIELD(struct config_storm, meters[METER_UNKNOWN]), .min = FLOOR},
	{"flooded", SCHEMA_RATE, .inherited = true,
	 FIELD(struct config_storm, meters[METER_EGRESS]), .min = FLOOR_EGRESS},
	{"questions", SCHEMA_RATE, .inherited = true,
	 FIELD(struct config_storm, meters[METER_QUESTION]), .min = FLOOR},
	{"unknown-questions", SCHEMA_RATE, .inherited = true,
	 FIELD(struct config_storm, meters[METER_QUESTION_UNKNOWN]), .min = FLOOR},
	{"action", SCHEMA_WORD, .inherited = true, FIELD(struct config_storm, disable),
	 .words = storm_actions},
	{"after", SCHEMA_NUMBER, .inherited = true, FIELD(struct config_storm, after), .min = 1,
	 .max = WITHIN_MAX},
	{"recovery", SCHEMA_NUMBER, .inherited = true, FIELD(struct config_storm, recovery),
	 .min = 1, .max = SECONDS_MAX, .zero = "never"},
	{},
};

const struct schema schema_loop[] = {
	{"interval", SCHEMA_NUMBER, .inherited = true, FIELD(struct config_loop, interval),
	 .min = 1, .max = WITHIN_MAX, .zero = "never"},
	{"recovery", SCHEMA_NUMBER, .inherited = true, FIELD(struct config_loop, recovery),
	 .min = 1, .max = SECONDS_MAX, .zero = "never"},
	{},
};

const struct schema schema_flaps[] = {
	{"changes", SCHEMA_NUMBER, .inherited = true, FIELD(struct config_flaps, changes), .min = 1,
	 .max = COUNT_MAX, .zero = "never"},
	{"within", SCHEMA_NUMBER, .inherited = true, FIELD(struct config_flaps, within), .min = 1,
	 .max = WITHIN_MAX},
	{"recovery", SCHEMA_NUMBER, .inherited = true, FIELD(struct config_flaps, recovery),
	 .min = 1, .max = WITHIN_MAX},
	{},
};

const struct schema schema_duplicates[] = {
	{"moves", SCHEMA_NUMBER, .inherited = true, FIELD(struct config_duplicates, moves),
	 .min = 1, .max = COUNT_MAX, .zero = "never"},
	{"within", SCHEMA_NUMBER, .inherited = true, FIELD(struct config_duplicates, within),
	 .min = 1, .max = WITHIN_MAX},
	{"hold", SCHEMA_NUMBER, .inherited = true, FIELD(struct config_duplicates, hold), .min = 1,
	 .max = SECONDS_MAX, .zero = "never"},
	{},
};

static const struct config_admission admissions[] = {
	[PROFILE_OPEN] = {.types = {.any = true},
			  .any_broadcast = true,
			  .any_multicast = true,
			  .mld = true,
			  .routers = true,
			  .redirects = true,
			  .directed = true},
	[PROFILE_EXCHANGE] = {.types = {.n = 3, .list = {0x0800, 0x0806, 0x86dd}},
			      .check_headers = true},
};

static const struct config_security securities[] = {
	[PROFILE_OPEN] = {.mode = SECURITY_OPEN},
	[PROFILE_EXCHANGE] = {.mode = SECURITY_REGISTERED},
};

#define VIOLATION(how)                                                     \
	{                                                                  \
		.action = (how), .after = 1, .within = 60, .recovery = 300 \
	}
#define PERCENT_HUNDREDTH(least)                                 \
	{                                                        \
		.value = 100, .unit = RATE_PPM, .floor = (least) \
	}
#define FRAMES(n)                                 \
	{                                         \
		.value = (n), .unit = RATE_FRAMES \
	}
#define PERCENT_TENTH(least)                                      \
	{                                                         \
		.value = 1000, .unit = RATE_PPM, .floor = (least) \
	}

static const struct config_reactions reactions[] = {
	[PROFILE_OPEN] = {.violation = VIOLATION(ACTION_EVENT),
			  .storm = {.after = 10, .recovery = 300},
			  .loop = {.recovery = 300},
			  .flaps = {.within = 5, .recovery = 10}},
	[PROFILE_EXCHANGE] = {.violation = VIOLATION(ACTION_EVENT),
			      .storm = {.meters = {[METER_BROADCAST] = PERCENT_HUNDREDTH(FLOOR),
						   [METER_MULTICAST] = PERCENT_HUNDREDTH(FLOOR),
						   [METER_UNKNOWN] = PERCENT_HUNDREDTH(FLOOR),
						   [METER_EGRESS] = PERCENT_TENTH(FLOOR_EGRESS),
						   [METER_QUESTION] = FRAMES(10000),
						   [METER_QUESTION_UNKNOWN] = FRAMES(100)},
					.after = 10,
					.recovery = 300},
			      .loop = {.interval = 5, .recovery = 300},
			      .flaps = {.changes = 3, .within = 5, .recovery = 10}},
};

static const struct config_duplicates duplicates[] = {
	[PROFILE_OPEN] = {.within = 180, .hold = 540},
	[PROFILE_EXCHANGE] = {.moves = 5, .within = 180, .hold = 540},
};

void schema_inherit_lan(const struct config *config, void *object)
{
	struct config_lan *lan = object;

	(void)config;
	lan->admission = admissions[lan->profile];
	lan->security = securities[lan->profile];
	lan->reactions = reactions[lan->profile];
	lan->duplicates = duplicates[lan->profile];
}

void schema_inherit_member(const struct config *config, void *object)
{
	struct config_member *member = object;
	const struct config_lan *lan = config_member_lan(config, member);

	member->admission = lan ? lan->admission : admissions[PROFILE_OPEN];
	member->security = lan ? lan->security : securities[PROFILE_OPEN];
}

void schema_inherit_port(const struct config *config, void *object)
{
	struct config_port *port = object;
	const struct config_lan *lan =
		port->n_members ? config_member_lan(config, &port->members[0]) : NULL;

	port->reactions = lan ? lan->reactions : reactions[PROFILE_OPEN];
}
