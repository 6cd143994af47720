// SPDX-License-Identifier: BSD-3-Clause
// The keys of the sponge and of learned bindings: what they give, what is wrong, what differs.
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "control/config/config.h"
#include "control/config/diff.h"
#include "tests/support/bad_config.h"
#include "tests/support/good_config.h"

#define LAN(more) "version: 1\nlans: {a: {prefixes: [192.0.2.0/24], " more "}}\nports: {}\n"
#define OWN	  "addresses: [192.0.2.250]"

Test(config_sponge, is_off_by_default)
{
	struct config *config = read_good("version: 1\nlans: {a: }\nports: {}\n");
	const struct config_sponge *sponge = &config->lans[0].sponge;
	const struct config_bindings *bindings = &config->lans[0].bindings;

	cr_expect_eq(sponge->mode, SPONGE_OFF);
	cr_expect_eq(sponge->mac, MAC(0x02, 0x69, 0x78, 0x73, 0x70, 0x6f));
	cr_expect_eq(sponge->address4.family, 0);
	cr_expect_eq(config_sponge_mac(&config->lans[0]), 0);
	cr_expect(!bindings->learned);
	cr_expect_eq(bindings->limit, 4096);
	cr_expect_eq(bindings->age, 3600);
	cr_expect_eq(bindings->refresh, 1200);
	cr_expect_eq(bindings->moves, 5);
	cr_expect_eq(bindings->within, 180);
	cr_expect_eq(bindings->hold, 540);
	cr_expect_eq(bindings->confirm, 30);
	cr_expect_eq(bindings->anti_spoofing, 0);
	config_free(config);
}

Test(config_sponge, mode_fast_trips_in_seconds)
{
	struct config *config = read_good(LAN("sponge: {" OWN ", mode: fast}"));
	const struct config_sponge *sponge = &config->lans[0].sponge;

	cr_expect_eq(sponge->mode, SPONGE_FAST);
	cr_expect_eq(sponge->address4.family, 4);
	cr_expect_eq(sponge->address6.family, 0);
	cr_expect_eq(sponge->queue_depth, 5);
	cr_expect_eq(sponge->rate, 30);
	cr_expect_eq(sponge->pending, 3);
	cr_expect(!sponge->one_more);
	cr_expect_eq(sponge->flood_protection, 3);
	cr_expect_eq(sponge->probe_rate, 100);
	cr_expect_eq(sponge->learning, 5);
	cr_expect_eq(sponge->init, SPONGE_INIT_ALIVE);
	cr_expect_eq(sponge->sweep_period, 900);
	cr_expect_eq(sponge->sweep_age, 3600);
	cr_expect(sponge->sweep_skip_alive && !sponge->sweep_at_start);
	cr_expect_eq(sponge->updates, SPONGE_UPDATE_REQUEST);
	cr_expect_eq(sponge->restore_age, 600);
	cr_expect_eq(config_sponge_mac(&config->lans[0]), sponge->mac);
	config_free(config);
}

Test(config_sponge, mode_arpsponge_has_arpsponges_defaults)
{
	struct config *config = read_good(LAN("sponge: {mode: arpsponge, " OWN "}"));
	const struct config_sponge *sponge = &config->lans[0].sponge;

	cr_expect_eq(sponge->queue_depth, 1000);
	cr_expect_eq(sponge->rate, 50);
	cr_expect_eq(sponge->pending, 5);
	cr_expect(sponge->one_more);
	cr_expect_eq(sponge->flood_protection, 3);
	cr_expect_eq(sponge->probe_rate, 100);
	cr_expect_eq(sponge->learning, 5);
	cr_expect_eq(sponge->sweep_period, 0);
	cr_expect(!sponge->sweep_skip_alive && !sponge->sweep_at_start);
	cr_expect(!sponge->gratuitous && !sponge->network_addresses && !sponge->dummy);
	cr_expect(!sponge->passive && !sponge->is_static);
	cr_expect_eq(sponge->updates, 7);
	cr_expect_eq(sponge->restore_age, 60);
	config_free(config);
}

Test(config_sponge, every_key_is_read)
{
	struct config *config = read_good(
		"version: 1\nlans: {a: {prefixes: [192.0.2.0/24, '2001:db8::/64'], sponge: {\n"
		"  sweep: {period: 60, age: 50, at-start: yes, skip-alive: no}, mode: fast,\n"
		"  mac: 02-00-00-00-00-99, addresses: ['2001:db8::fa', 192.0.2.250],\n"
		"  queue-depth: 2, rate: 7, pending: 8, one-more: yes, flood-protection: 0.25,\n"
		"  probe-rate: 9, learning: 0, init: none, gratuitous: yes,\n"
		"  network-addresses: yes, dummy: yes, passive: yes, static: yes,\n"
		"  updates: [gratuitous, reply], protected: [192.0.2.1, '2001:db8::1'],\n"
		"  targets: 100, restore-age: never}, bindings: {mode: learned, limit: 5,\n"
		"  age: 600, moves: never, within: 6, hold: never, confirm: 7,\n"
		"  anti-spoofing-mac: 020000000098}}}\nports: {}\n");
	const struct config_lan *lan = &config->lans[0];
	const struct config_sponge *sponge = &lan->sponge;
	const struct config_bindings *bindings = &lan->bindings;
	char text[IP_TEXT_SIZE];

	cr_expect_eq(sponge->mac, MAC(2, 0, 0, 0, 0, 0x99));
	cr_expect_str_eq(ip_format(&sponge->address4, text), "192.0.2.250");
	cr_expect_str_eq(ip_format(&sponge->address6, text), "2001:db8::fa");
	cr_expect_eq(sponge->queue_depth, 2);
	cr_expect_eq(sponge->rate, 7);
	cr_expect_eq(sponge->pending, 8);
	cr_expect(sponge->one_more);
	cr_expect_eq(sponge->flood_protection, 0.25);
	cr_expect_eq(sponge->probe_rate, 9);
	cr_expect_eq(sponge->learning, 0);
	cr_expect_eq(sponge->init, SPONGE_INIT_NONE);
	cr_expect_eq(sponge->sweep_period, 60);
	cr_expect_eq(sponge->sweep_age, 50);
	cr_expect(sponge->sweep_at_start && !sponge->sweep_skip_alive);
	cr_expect(sponge->gratuitous && sponge->network_addresses && sponge->dummy);
	cr_expect(sponge->passive && sponge->is_static);
	cr_expect_eq(sponge->updates, SPONGE_UPDATE_GRATUITOUS | SPONGE_UPDATE_REPLY);
	cr_assert_eq(sponge->n_protected, 2);
	cr_expect_str_eq(ip_format(&sponge->protected[1], text), "2001:db8::1");
	cr_expect_eq(sponge->targets, 100);
	cr_expect_eq(sponge->restore_age, 0);
	cr_expect(bindings->learned);
	cr_expect_eq(bindings->limit, 5);
	cr_expect_eq(bindings->age, 600);
	cr_expect_eq(bindings->refresh, 200, "a third of the age");
	cr_expect_eq(bindings->moves, 0);
	cr_expect_eq(bindings->within, 6);
	cr_expect_eq(bindings->hold, 0);
	cr_expect_eq(bindings->confirm, 7);
	cr_expect_eq(bindings->anti_spoofing, MAC(2, 0, 0, 0, 0, 0x98));
	cr_expect_eq(config_count_reserved(lan), 2);
	config_free(config);
}

Test(config_sponge, a_sweep_asks_for_what_was_silent_since_the_last)
{
	struct config *config = read_good(
		LAN("sponge: {mode: arpsponge, " OWN ", sweep: {period: 77}, updates: none}"));

	cr_expect_eq(config->lans[0].sponge.sweep_period, 77);
	cr_expect_eq(config->lans[0].sponge.sweep_age, 77);
	cr_expect_eq(config->lans[0].sponge.updates, 0);
	config_free(config);

	config = read_good(LAN("sponge: {sweep: {period: 77}, updates: all}"));
	cr_expect_eq(config->lans[0].sponge.sweep_age, 3600, "but in mode fast");
	cr_expect_eq(config->lans[0].sponge.updates, 7);
	config_free(config);
}

Test(config_sponge, questions_have_budgets)
{
	struct config *config = read_good(
		"version: 1\nlans: {a: , b: {profile: open}, c: {storm-control: {questions: 5 "
		"frames/s, unknown-questions: none}}}\nports: {}\n");
	const struct rate *a = config->lans[0].reactions.storm.meters;
	const struct rate *b = config->lans[1].reactions.storm.meters;
	const struct rate *c = config->lans[2].reactions.storm.meters;

	cr_expect_eq(a[METER_QUESTION].unit, RATE_FRAMES);
	cr_expect_eq(a[METER_QUESTION].value, 10000);
	cr_expect_eq(a[METER_QUESTION_UNKNOWN].unit, RATE_FRAMES);
	cr_expect_eq(a[METER_QUESTION_UNKNOWN].value, 100);
	cr_expect_eq(b[METER_QUESTION].unit, RATE_NONE);
	cr_expect_eq(b[METER_QUESTION_UNKNOWN].unit, RATE_NONE);
	cr_expect_eq(c[METER_QUESTION].value, 5);
	cr_expect_eq(c[METER_QUESTION_UNKNOWN].unit, RATE_NONE);
	config_free(config);
}

#define PREFIXES "prefixes: [192.0.2.0/24, '2001:db8::/64']"
#define BOTH	 "addresses: [192.0.2.250, '2001:db8::fa']"
#define NO_PORTS "\nports: {}\n"

static const struct bad_config mistakes[] = {
	{"nothing to ask by", "lans: {a: {" PREFIXES ", sponge: {mode: fast}}}" NO_PORTS, false,
	 "2:63: lans.a.sponge.addresses: the sponge asks who is there, and has no IPv4 address to "
	 "ask by; write one of 192.0.2.0/24 that nobody has, or passive: yes\n"
	 "2:63: lans.a.sponge.addresses: the sponge asks who is there, and has no IPv6 address to "
	 "ask by; write one of 2001:db8::/64 that nobody has, or passive: yes\n"},
	{"nothing to ask by, and it does not ask",
	 "lans: {a: {" PREFIXES ", sponge: {mode: fast, passive: yes}}}" NO_PORTS, true, ""},
	{"off", "lans: {a: {" PREFIXES ", sponge: {mode: off}}}" NO_PORTS, true, ""},
	{"nothing to sponge", "lans: {a: {sponge: {mode: fast}}}" NO_PORTS, false,
	 "2:20: lans.a.sponge: the LAN has no addresses; give it prefixes, or write mode: off\n"},
	{"an address that is none is not missed, too",
	 "lans: {a: {" PREFIXES
	 ", sponge: {mode: fast, addresses: [192.0.2, '2001:db8::1']}}}" NO_PORTS,
	 false,
	 "2:88: lans.a.sponge.addresses[0]: \"192.0.2\" is not right; write an IP address, such as "
	 "192.0.2.1 or \"2001:db8::1\"\n"},
	{"two of a family",
	 "lans: {a: {sponge: {addresses: [192.0.2.1, 192.0.2.2]}, prefixes: "
	 "[192.0.2.0/24]}}" NO_PORTS,
	 false,
	 "2:44: lans.a.sponge.addresses[1]: an IPv4 address is given already; write one of each "
	 "family\n"},
	{"one address that is no list",
	 "lans: {a: {" PREFIXES ", sponge: {mode: fast, addresses: 192.0.2.250}}}" NO_PORTS, false,
	 "2:87: lans.a.sponge.addresses: must be a list; write [\"192.0.2.250\"]\n"},
	{"addresses that nobody can have",
	 "lans: {a: {" PREFIXES ", sponge: {mode: fast, addresses: [192.0.2.255, "
	 "'2001:db8:1::1'], protected: [192.0.2.7, 192.0.3.1, 192.0.2.7]}}}" NO_PORTS,
	 false,
	 "2:88: lans.a.sponge.addresses: 192.0.2.255 is the broadcast address of 192.0.2.0/24, "
	 "which no member can have\n"
	 "2:101: lans.a.sponge.addresses: 2001:db8:1::1 is outside LAN \"a\"; write one of "
	 "192.0.2.0/24, 2001:db8::/64\n"
	 "2:142: lans.a.sponge.protected[1]: 192.0.3.1 is outside LAN \"a\"; write one of "
	 "192.0.2.0/24, 2001:db8::/64\n"
	 "2:153: lans.a.sponge.protected[2]: 192.0.2.7 is given twice\n"},
	{"what a member has",
	 "lans: {a: {" PREFIXES ", sponge: {mode: fast, mac: 020000000001, " BOTH "}}}\n"
	 "ports: {p: {device: 'tap:p', lans: {a: {macs: [020000000001, 020000000002], ips: "
	 "[192.0.2.9, 192.0.2.250]}}}}\n",
	 false,
	 "3:48: ports.p.lans.a.macs[0]: 02:00:00:00:00:01 is the sponge mac of LAN \"a\"; no "
	 "member may have it\n"
	 "3:94: ports.p.lans.a.ips[1]: 192.0.2.250 is the sponge's address in LAN \"a\"; no member "
	 "may have it\n"},
	{"MACs that are used elsewhere",
	 "lans: {a: {" PREFIXES ", reserved-macs: [0269.7873.706f, 020000000005], sponge: {mode: "
	 "fast, " BOTH "}, bindings: {mode: learned, anti-spoofing-mac: 02:69:78:73:70:6f}}, b: "
	 "{bindings: {mode: learned, anti-spoofing-mac: 020000000005}}}\n"
	 "ports: {p: {device: 'tap:p', lans: {b: {macs: [020000000005]}}}}\n",
	 false,
	 "2:71: lans.a.reserved-macs[0]: 02:69:78:73:70:6f is the LAN's sponge mac, which is "
	 "reserved anyway; drop it here\n"
	 "2:71: lans.a.reserved-macs[0]: 02:69:78:73:70:6f is the LAN's anti-spoofing-mac, which "
	 "is "
	 "reserved anyway; drop it here\n"
	 "2:211: lans.a.bindings.anti-spoofing-mac: 02:69:78:73:70:6f is the sponge's; write "
	 "another\n"
	 "3:48: ports.p.lans.b.macs[0]: 02:00:00:00:00:05 is the anti-spoofing-mac of LAN \"b\"; "
	 "no member may have it\n"},
	{"MACs that are none",
	 "lans: {a: {sponge: {mac: 010000000001}, bindings: {anti-spoofing-mac: none}}, b: "
	 "{sponge: {mac: none}}}" NO_PORTS,
	 false,
	 "2:26: lans.a.sponge.mac: \"010000000001\" is a group address; a station's MAC has an "
	 "even "
	 "first octet\n"
	 "2:97: lans.b.sponge.mac: \"none\" is not right; write a MAC address, such as "
	 "\"02:00:5e:00:53:01\"\n"},
	{"numbers out of range",
	 "lans: {a: {sponge: {queue-depth: 0, rate: 0, pending: 0, probe-rate: 0, learning: never, "
	 "flood-protection: 0, targets: 1, sweep: {period: 0}}}}" NO_PORTS,
	 false,
	 "2:34: lans.a.sponge.queue-depth: \"0\" is out of range; write a whole number from 1 to "
	 "10000\n"
	 "2:43: lans.a.sponge.rate: \"0\" is out of range; write a whole number from 1 to 60000\n"
	 "2:55: lans.a.sponge.pending: \"0\" is out of range; write a whole number from 1 to "
	 "3600\n"
	 "2:70: lans.a.sponge.probe-rate: \"0\" is out of range; write a whole number from 1 to "
	 "10000\n"
	 "2:83: lans.a.sponge.learning: \"never\" is not right; write a whole number from 0 to "
	 "3600\n"
	 "2:108: lans.a.sponge.flood-protection: \"0\" is not right; write a number up to 10000, "
	 "such as 0.5, or none\n"
	 "2:120: lans.a.sponge.targets: \"1\" is out of range; write a whole number from 16 to "
	 "500000\n"
	 "2:139: lans.a.sponge.sweep.period: \"0\" is out of range; write a whole number from 10 "
	 "to 604800, or never\n"},
	{"fractions that are none",
	 "lans: {a: {sponge: {flood-protection: 1.}}, b: {sponge: {flood-protection: -1}}, c: "
	 "{sponge: {flood-protection: 10000.1}}, d: {sponge: {flood-protection: .5}}}" NO_PORTS,
	 false,
	 "2:39: lans.a.sponge.flood-protection: \"1.\" is not right; write a number up to 10000, "
	 "such as 0.5, or none\n"
	 "2:76: lans.b.sponge.flood-protection: \"-1\" is not right; write a number up to 10000, "
	 "such as 0.5, or none\n"
	 "2:113: lans.c.sponge.flood-protection: \"10000.1\" is not right; write a number up to "
	 "10000, such as 0.5, or none\n"
	 "2:155: lans.d.sponge.flood-protection: \".5\" is not right; write a number up to 10000, "
	 "such as 0.5, or none\n"},
	{"words that are none",
	 "lans: {a: {sponge: {mode: on, init: NONE, updates: [reply, reply, gratis]}}, b: {sponge: "
	 "{updates: reply}}}" NO_PORTS,
	 false,
	 "2:27: lans.a.sponge.mode: \"on\" is not right; write off or fast or arpsponge\n"
	 "2:37: lans.a.sponge.init: \"NONE\" is not right; write alive or dead or pending or none\n"
	 "2:60: lans.a.sponge.updates[1]: \"reply\" is given twice\n"
	 "2:67: lans.a.sponge.updates[2]: \"gratis\" is not right; write request or reply or "
	 "gratuitous\n"
	 "2:100: lans.b.sponge.updates: must be none, all or a list; write [\"reply\"]\n"},
	{"one question has no rate",
	 "lans: {a: {" PREFIXES ", sponge: {mode: fast, " BOTH ", queue-depth: 1}}}" NO_PORTS, true,
	 "2:63: lans.a.sponge.queue-depth: warning: one question has no rate, so nothing will ever "
	 "be sponged; write 2 or more\n"},
	{"owners that are never asked",
	 "lans: {a: {bindings: {age: 60, refresh: 60}}, b: {bindings: {age: never, refresh: "
	 "60}}}" NO_PORTS,
	 false,
	 "2:22: lans.a.bindings.refresh: an owner is forgotten after 60 seconds, before it is "
	 "asked; write less, or never\n"},
	{"nothing to learn",
	 "lans: {a: {assignments: complete, bindings: {mode: learned}}}" NO_PORTS, true,
	 "2:45: lans.a.bindings.mode: warning: assignments are complete, so there is nothing to "
	 "learn; write mode: assigned\n"},
};

Test(config_sponge, says_what_is_wrong)
{
	expect_complaints(mistakes, sizeof(mistakes) / sizeof(*mistakes), "version: 1\n");
}

static void diff_text(const char *old, const char *new, char *text, size_t size)
{
	struct config *a = read_good(old), *b = read_good(new);
	struct config_changes changes;
	size_t used = 0;

	config_diff(a, b, &changes);
	text[0] = 0;
	for (size_t i = 0; i < changes.n; i++)
		used += (size_t)snprintf(text + used, size - used, "%s (%s)\n",
					 changes.list[i].detail,
					 change_impact_name(changes.list[i].impact));
	config_changes_free(&changes);
	config_free(a);
	config_free(b);
}

Test(config_sponge, what_differs_is_named)
{
	char text[2048];

	diff_text(LAN("sponge: {protected: [192.0.2.1]}"),
		  LAN("sponge: {mode: fast, " OWN ", flood-protection: none, init: dead, updates: "
		      "none, protected: [192.0.2.2], sweep: {period: never}}, bindings: {mode: "
		      "learned, anti-spoofing-mac: 020000000001}"),
		  text, sizeof(text));
	cr_expect_str_eq(text, "sponge mode off -> fast (none)\n"
			       "sponge addresses none -> [192.0.2.250] (none)\n"
			       "sponge flood-protection 3 -> none (none)\n"
			       "sponge init alive -> dead (lan)\n"
			       "sponge updates [request] -> none (none)\n"
			       "sponge sweep period 900 -> never (none)\n"
			       "bindings mode assigned -> learned (none)\n"
			       "bindings anti-spoofing-mac none -> 02:00:00:00:00:01 (none)\n"
			       "sponge protected 192.0.2.1 removed (none)\n"
			       "sponge protected 192.0.2.2 added (none)\n");
	diff_text(LAN("sponge: {" OWN "}"), LAN("sponge: {mode: off, " OWN ", queue-depth: 5}"),
		  text, sizeof(text));
	cr_expect_str_eq(text, "");
}
