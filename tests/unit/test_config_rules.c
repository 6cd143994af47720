// SPDX-License-Identifier: BSD-3-Clause
#include "control/config/rules.h"

#include <criterion/criterion.h>
#include <errno.h>

#include "control/config/config.h"
#include "tests/support/good_config.h"

static const struct {
	const char *text;
	const char *again; // as it is shown
	struct rate rate;
} rates[] = {
	{"none", "none", {0, RATE_NONE, 0}},
	{"100 frames/s", "100 frames/s", {100, RATE_FRAMES, 0}},
	{"100frames/s", "100 frames/s", {100, RATE_FRAMES, 0}},
	{"1 kb/s", "1 kb/s", {1000, RATE_BITS, 0}},
	{"0.001 kb/s", "0.001 kb/s", {1, RATE_BITS, 0}},
	{"1.5 Mb/s", "1.5 Mb/s", {1500000, RATE_BITS, 0}},
	{"1500 kb/s", "1.5 Mb/s", {1500000, RATE_BITS, 0}},
	{"1000 Gb/s", "1000 Gb/s", {1000000000000, RATE_BITS, 0}},
	{"0.01 %", "0.01 %", {100, RATE_PPM, 77}},
	{"0.0001%", "0.0001 %", {1, RATE_PPM, 77}},
	{"100 %", "100 %", {1000000, RATE_PPM, 77}},
};

Test(config_rules, rates_are_read_and_shown)
{
	for (size_t i = 0; i < sizeof(rates) / sizeof(*rates); i++) {
		struct rate rate = {1, 1, 1};
		char text[RATE_TEXT_SIZE];

		cr_expect_eq(config_rate_parse(rates[i].text, 77, &rate), 0, "%s", rates[i].text);
		cr_expect_eq(rate.value, rates[i].rate.value, "%s", rates[i].text);
		cr_expect_eq(rate.unit, rates[i].rate.unit, "%s", rates[i].text);
		cr_expect_eq(rate.floor, rates[i].rate.floor, "%s", rates[i].text);
		cr_expect_str_eq(config_rate_format(&rate, text), rates[i].again);
	}
}

Test(config_rules, what_is_no_rate_is_refused)
{
	static const char *const texts[] = {
		"",	      "100",	      "frames/s",
		"0 frames/s", "1.5 frames/s", "0 %",
		"0.00001 %",  "101 %",	      "-1 %",
		"1..5 Mb/s",  "1. Mb/s",      ".5 Mb/s",
		"1 Tb/s",     "1 mb/s",	      "1 Mb/s ",
		"1001 Gb/s",  "1.0001 kb/s",  "99999999999999999999 frames/s",
		"None",	      "1 frames / s", "1 2 kb/s",
		"1.2.3 kb/s",
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		struct rate rate = {1, 2, 3};

		cr_expect_eq(config_rate_parse(texts[i], 77, &rate), -EINVAL, "%s", texts[i]);
		cr_expect_eq(rate.value, 1, "left as it is");
	}
}

Test(config_rules, ethertypes_have_names_and_numbers)
{
	char text[ETHERTYPE_TEXT_SIZE];
	uint16_t type;

	cr_expect_eq(config_ethertype_parse("ipv6", &type), 0);
	cr_expect_eq(type, 0x86dd);
	cr_expect_eq(config_ethertype_parse("0x0806", &type), 0);
	cr_expect_str_eq(config_ethertype_format(type, text), "arp");
	cr_expect_eq(config_ethertype_parse("0x88CA", &type), 0);
	cr_expect_str_eq(config_ethertype_format(type, text), "0x88ca");
	cr_expect_eq(config_ethertype_parse("0x806", &type), -EINVAL);
	cr_expect_eq(config_ethertype_parse("2054", &type), -EINVAL);
	cr_expect_eq(config_ethertype_parse("IPv4", &type), -EINVAL);
	cr_expect_eq(config_ethertype_parse("0x08060", &type), -EINVAL);
}

Test(config_rules, the_profile_exchange_has_those_of_a_peering_lan)
{
	struct config *config = read_good("version: 1\nlans: {a: }\nports: {}\n");
	const struct config_lan *lan = &config->lans[0];
	const struct config_admission *admission = &lan->admission;
	const struct config_reactions *reactions = &lan->reactions;
	const struct rate *meters = reactions->storm.meters;

	cr_expect(!admission->types.any);
	cr_assert_eq(admission->types.n, 3);
	cr_expect(!admission->any_broadcast && !admission->any_multicast && !admission->mld);
	cr_expect(!admission->routers && !admission->redirects && !admission->directed);
	cr_expect(admission->check_headers);
	cr_expect_eq(lan->security.mode, SECURITY_REGISTERED);
	cr_expect_eq(config_security_limit(&lan->security), 2);
	cr_expect_eq(reactions->violation.action, ACTION_EVENT);
	cr_expect_eq(reactions->violation.recovery, 300);
	for (int m = METER_BROADCAST; m <= METER_UNKNOWN; m++) {
		cr_expect_eq(meters[m].unit, RATE_PPM);
		cr_expect_eq(meters[m].value, 100);
		cr_expect_eq(meters[m].floor, 100);
	}
	cr_expect_eq(meters[METER_EGRESS].value, 1000);
	cr_expect_eq(meters[METER_EGRESS].floor, 1000);
	cr_expect(!reactions->storm.disable);
	cr_expect_eq(reactions->loop.interval, 5);
	cr_expect_eq(reactions->loop.recovery, 300);
	cr_expect_eq(reactions->flaps.changes, 3);
	cr_expect_eq(reactions->flaps.within, 5);
	cr_expect_eq(reactions->flaps.recovery, 10);
	cr_expect_eq(lan->duplicates.moves, 5);
	cr_expect_eq(lan->duplicates.within, 180);
	cr_expect_eq(lan->duplicates.hold, 540);
	config_free(config);
}

Test(config_rules, the_profile_open_has_none)
{
	struct config *config = read_good("version: 1\nlans: {a: {profile: open}}\nports: {}\n");
	const struct config_lan *lan = &config->lans[0];

	cr_expect(lan->admission.types.any);
	cr_expect(lan->admission.any_broadcast && lan->admission.any_multicast);
	cr_expect(!lan->admission.check_headers);
	cr_expect_eq(lan->security.mode, SECURITY_OPEN);
	cr_expect_eq(config_security_limit(&lan->security), 0);
	for (int m = 0; m < METERS; m++)
		cr_expect_eq(lan->reactions.storm.meters[m].unit, RATE_NONE);
	cr_expect_eq(lan->reactions.loop.interval, 0);
	cr_expect_eq(lan->reactions.flaps.changes, 0);
	cr_expect_eq(lan->duplicates.moves, 0);
	config_free(config);
}

static const char inherited[] =
	"version: 1\n"
	"lans:\n"
	"  a:\n"
	"    admission: {ethertypes: [ipv4, 0x88cc], mld: yes}\n"
	"    port-security: {mode: learn, limit: 5}\n"
	"    violation: {action: disable, after: 3, within: 30, recovery: never}\n"
	"    storm-control: {broadcast: 50 frames/s, flooded: 1 %, action: disable, after: 7}\n"
	"    loop-detection: {interval: 60}\n"
	"    link-flaps: {changes: never}\n"
	"    duplicate-macs: {moves: 9, hold: never}\n"
	"    reserved-macs: [\"02:00:00:00:ff:01\"]\n"
	"  b: {profile: open}\n"
	"ports:\n"
	"  p:\n"
	"    device: tap:p\n"
	"    lans:\n"
	"      a: {admission: {mld: no, ethertypes: any}, port-security: {mode: open}}\n"
	"      b: {tagged: yes, vlan: 5, port-security: {mode: learn}}\n"
	"    violation: {after: 1}\n"
	"    storm-control: {multicast: none, action: drop}\n"
	"  q:\n"
	"    device: pci:0000:01:00.0\n"
	"    lans: {b: {tagged: yes, vlan: 6}, a: }\n"
	"    runts: pass\n"
	"  r: {device: 'pci:0000:01:00.1', lans: {a: {macs: [\"02:00:00:00:00:01\"]}}}\n";

Test(config_rules, a_membership_says_only_what_differs_from_its_lan)
{
	struct config *config = read_good(inherited);
	const struct config_member *p = config->ports[0].members;
	const struct config_member *q = config->ports[1].members;

	cr_expect_eq(config->lans[0].admission.types.n, 2);
	cr_expect_eq(config->lans[0].admission.types.list[1], 0x88cc);
	cr_expect(p[0].admission.types.any);
	cr_expect(!p[0].admission.mld);
	cr_expect(p[0].admission.check_headers);
	cr_expect(!p[0].admission.any_broadcast);
	cr_expect_eq(p[0].security.mode, SECURITY_OPEN);
	cr_expect_eq(config_security_limit(&p[0].security), 0);
	cr_expect_eq(p[1].security.mode, SECURITY_LEARN);
	cr_expect_eq(config_security_limit(&p[1].security), 1, "the mode's, not the LAN's");
	cr_expect(!q[1].admission.types.any);
	cr_expect(q[1].admission.mld);
	cr_expect_eq(q[1].security.mode, SECURITY_LEARN);
	cr_expect_eq(config_security_limit(&q[1].security), 5);
	cr_expect(config_admission_equal(&q[1].admission, &config->lans[0].admission));
	cr_expect(!config_admission_equal(&p[0].admission, &config->lans[0].admission));
	config_free(config);
}

Test(config_rules, a_port_says_only_what_differs_from_the_first_of_its_lans)
{
	struct config *config = read_good(inherited);
	const struct config_reactions *p = &config->ports[0].reactions;
	const struct config_reactions *q = &config->ports[1].reactions;

	cr_expect_eq(p->violation.action, ACTION_DISABLE);
	cr_expect_eq(p->violation.after, 1);
	cr_expect_eq(p->violation.within, 30);
	cr_expect_eq(p->violation.recovery, 0);
	cr_expect_eq(p->storm.meters[METER_BROADCAST].value, 50);
	cr_expect_eq(p->storm.meters[METER_BROADCAST].floor, 0, "only per cent has a floor");
	cr_expect_eq(p->storm.meters[METER_MULTICAST].unit, RATE_NONE);
	cr_expect_eq(p->storm.meters[METER_UNKNOWN].unit, RATE_PPM);
	cr_expect_eq(p->storm.meters[METER_EGRESS].value, 10000);
	cr_expect_eq(p->storm.meters[METER_EGRESS].floor, 1000);
	cr_expect(!p->storm.disable);
	cr_expect_eq(p->storm.after, 7);
	cr_expect_eq(p->loop.interval, 60);
	cr_expect_eq(p->flaps.changes, 0);
	cr_expect_eq(q->violation.action, ACTION_EVENT, "its first LAN is the open one");
	cr_expect_eq(q->loop.interval, 0);
	config_free(config);
}

Test(config_rules, learning_and_runts_follow_from_what_a_port_is)
{
	struct config *config = read_good(inherited);

	cr_expect(config->ports[0].learning);
	cr_expect(!config->ports[0].drop_runts);
	cr_expect(!config->ports[1].drop_runts, "as it says");
	cr_expect(config->ports[2].drop_runts);
	config_free(config);

	config = read_good("version: 1\n"
			   "lans: {a: , b: {profile: open}}\n"
			   "ports:\n"
			   "  p: {device: 'tap:p', lans: {a: {macs: [020000000001]}}}\n"
			   "  q: {device: 'tap:q', lans: {b: , a: {tagged: yes, vlan: 7, "
			   "macs: [020000000002]}}}\n");
	cr_expect(!config->ports[0].learning, "in every LAN only registered addresses");
	cr_expect(config->ports[1].learning);
	config_free(config);
}
