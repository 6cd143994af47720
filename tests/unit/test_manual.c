// SPDX-License-Identifier: BSD-3-Clause
// What stands above the configuration, and the changes that operators make to it.
#include "control/manual/manual.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/config/config.h"
#include "control/manual/edit.h"
#include "control/rpc/code.h"
#include "lib/log.h"
#include "lib/message.h"
#include "tests/support/good_config.h"

#define M(n) MAC(2, 0, 0, 0, 0x65, n)

enum { NOW = 1767225600 };

static const char before[] =
	"version: 1\n"
	"lans:\n"
	"  peering: {prefixes: [192.0.2.0/24], reserved-macs: [\"02:00:00:00:65:ee\"]}\n"
	"  services: {profile: open, vlan: 20}\n"
	"ports:\n"
	"  swp1: {device: \"iface:m1\", lans: {peering: {macs: [\"02:00:00:00:65:01\"]}}}\n"
	"  swp2: {device: \"iface:m2\", admin: down, lans: {peering: {macs: "
	"[\"02:00:00:00:65:02\"]}, services: {tagged: yes}}}\n"
	"  swp3: {device: \"iface:m3\", lans: {peering: {port-security: {mode: learn, limit: "
	"2}}}}\n"
	"  swp4: {device: \"iface:m4\", quarantine: yes, lans: {peering: {}}}\n"
	"  swp5: {device: \"iface:m5\", lans: {peering: {monitor: yes}}}\n";

static struct config *config;
static struct manual manual;
static char text[EDIT_TEXT_SIZE];

static void start(void)
{
	log_init("test", LOG_LEVEL_ERR);
	config = read_config(before);
}

static void end(void)
{
	manual_fini(&manual);
	config_free(config);
}

TestSuite(manual, .init = start, .fini = end);

static int make(struct edit edit, const char *port)
{
	struct manual copy;

	edit.now = NOW;
	snprintf(edit.port, sizeof(edit.port), "%s", port);
	manual_copy(&copy, &manual);
	text[0] = 0;
	int code = edit_make(&edit, &copy, config, text);
	struct manual *useless = code ? &copy : &manual;
	manual_fini(useless);
	if (!code)
		manual = copy;
	return code;
}

static int add(const char *port, mac_t mac, const char *lan, double until)
{
	struct edit edit = {.kind = EDIT_MAC_ADD, .mac = mac, .until = until, .by = "alice"};

	snprintf(edit.lan, sizeof(edit.lan), "%s", lan);
	return make(edit, port);
}

static int del(const char *port, mac_t mac, const char *lan)
{
	struct edit edit = {.kind = EDIT_MAC_DEL, .mac = mac};

	snprintf(edit.lan, sizeof(edit.lan), "%s", lan);
	return make(edit, port);
}

static void learn(const char *port, mac_t mac)
{
	struct manual_mac sticky = {.mac = mac, .lan = "peering", .sticky = true, .since = NOW};

	snprintf(sticky.port, sizeof(sticky.port), "%s", port);
	manual_add_mac(&manual, &sticky);
}

static void expect_said(const char *part)
{
	cr_expect(strstr(text, part), "\"%s\" does not have \"%s\"", text, part);
}

Test(manual, a_port_that_is_not_there)
{
	cr_expect_eq(make((struct edit){.kind = EDIT_DRAIN}, "swp9"), RPC_NOT_FOUND);
	expect_said("there is no port swp9");
}

Test(manual, admin_says_nothing_when_the_configuration_says_the_same)
{
	cr_expect_eq(make((struct edit){.kind = EDIT_ADMIN, .admin_up = true}, "swp2"), 0);
	cr_assert_eq(manual.n_overrides, 1);
	cr_expect(manual.overrides[0].has_admin && manual.overrides[0].admin_up);
	cr_expect_eq(make((struct edit){.kind = EDIT_ADMIN, .admin_up = false}, "swp2"), 0);
	cr_expect_eq(manual.n_overrides, 0);
}

Test(manual, draining_begins_lasts_and_ends)
{
	const struct edit drain = {.kind = EDIT_DRAIN, .until = NOW + 60, .rate = 5000};

	cr_expect_eq(make(drain, "swp1"), 0);
	const struct plan_override *swp1 = manual_find(&manual, "swp1");
	cr_assert_not_null(swp1);
	cr_expect(swp1->drained && !swp1->has_admin && !swp1->promoted);
	cr_expect_eq(swp1->drained_since, NOW);
	cr_expect_eq(swp1->drained_until, NOW + 60);
	cr_expect_eq(swp1->drained_rate, 5000);

	// Again: another end, and what it was at the start stays.
	cr_expect_eq(make((struct edit){.kind = EDIT_DRAIN, .rate = 1}, "swp1"), 0);
	swp1 = manual_find(&manual, "swp1");
	cr_expect_eq(swp1->drained_until, 0);
	cr_expect_eq(swp1->drained_rate, 5000);
	cr_expect_eq(make((struct edit){.kind = EDIT_UNDRAIN}, "swp1"), 0);
	cr_expect_eq(manual.n_overrides, 0);
	cr_expect_eq(make((struct edit){.kind = EDIT_UNDRAIN}, "swp1"), RPC_REFUSED);
	expect_said("not being drained");
}

Test(manual, quarantine_is_left_and_entered)
{
	const struct edit promote = {.kind = EDIT_PROMOTE};
	const struct edit quarantine = {.kind = EDIT_QUARANTINE};

	cr_expect_eq(make(promote, "swp1"), RPC_REFUSED);
	expect_said("swp1 is not in quarantine");
	cr_expect_eq(make(quarantine, "swp1"), RPC_REFUSED);
	expect_said("quarantine: yes");
	cr_expect_eq(make(quarantine, "swp4"), RPC_REFUSED);
	expect_said("already");
	cr_expect_eq(make(promote, "swp4"), 0);
	cr_expect(manual_find(&manual, "swp4")->promoted);
	cr_expect_eq(make(promote, "swp4"), RPC_REFUSED);
	cr_expect_eq(make(quarantine, "swp4"), 0);
	cr_expect_null(manual_find(&manual, "swp4"));
}

Test(manual, an_address_is_added_for_a_time)
{
	cr_expect_eq(add("swp1", M(9), "", NOW + 60), 0, "%s", text);
	cr_assert_eq(manual.n_macs, 1);
	cr_expect_str_eq(manual.macs[0].port, "swp1");
	cr_expect_str_eq(manual.macs[0].lan, "peering");
	cr_expect_str_eq(manual.macs[0].by, "alice");
	cr_expect_eq(manual.macs[0].until, NOW + 60);
	cr_expect_eq(manual.macs[0].since, NOW);
	cr_expect(!manual.macs[0].sticky);

	cr_expect_eq(add("swp1", M(9), "peering", NOW + 90), 0, "the limit counts it once");
	cr_assert_eq(manual.n_macs, 1);
	cr_expect_eq(manual.macs[0].until, NOW + 90);
	cr_expect_eq(manual_next_end(&manual), NOW + 90);
}

static const struct {
	const char *port;
	mac_t mac;
	const char *lan;
	enum rpc_code code;
	const char *said;
} refused[] = {
	{"swp1", 0, "", RPC_BAD_PARAMS, "no address of a station"},
	{"swp1", MAC_BROADCAST, "", RPC_BAD_PARAMS, "no address of a station"},
	{"swp1", M(9), "services", RPC_NOT_FOUND, "swp1 is not in a LAN \"services\""},
	{"swp2", M(9), "", RPC_BAD_PARAMS, "swp2 is in 2 LANs: say in which with --lan"},
	{"swp1", M(1), "", RPC_REFUSED, "registered for port swp1 in the configuration"},
	{"swp1", M(2), "", RPC_REFUSED, "registered for port swp2: one address is on one port"},
	{"swp1", M(0xee), "", RPC_REFUSED, "one of the exchange's own in peering"},
	{"swp1", M(7), "", RPC_REFUSED, "is on port swp3: one address is on one port"},
	{"swp3", M(7), "", RPC_REFUSED, "swp3 has learned 02:00:00:00:65:07 for good already"},
	{"swp3", M(9), "", RPC_REFUSED,
	 "swp3 has 2 addresses in peering, and its limit there is 2"},
};

Test(manual, addresses_that_cannot_be)
{
	learn("swp3", M(7));
	learn("swp3", M(8));
	for (size_t i = 0; i < sizeof(refused) / sizeof(*refused); i++) {
		cr_expect_eq(add(refused[i].port, refused[i].mac, refused[i].lan, NOW + 60),
			     refused[i].code, "%zu: %s", i, text);
		expect_said(refused[i].said);
	}
	cr_expect_eq(manual.n_macs, 2);
	cr_expect_eq(add("swp2", M(2), "services", NOW + 60), 0, "another LAN: %s", text);
}

Test(manual, the_limit_counts_what_is_registered)
{
	cr_expect_eq(add("swp1", M(9), "", NOW + 60), 0, "%s", text);
	cr_expect_eq(add("swp1", M(10), "", NOW + 60), RPC_REFUSED);
	expect_said("its limit there is 2");
	cr_expect_eq(del("swp1", M(9), ""), 0);
	cr_expect_eq(add("swp1", M(10), "", NOW + 60), 0, "%s", text);
}

Test(manual, addresses_are_taken_back)
{
	struct edit clear = {.kind = EDIT_MAC_CLEAR};

	learn("swp3", M(7));
	learn("swp3", M(8));
	cr_assert_eq(add("swp1", M(9), "", NOW + 60), 0);
	cr_expect_eq(del("swp1", M(7), ""), RPC_NOT_FOUND, "it is on another port");
	cr_expect_eq(del("swp1", M(1), ""), RPC_REFUSED);
	expect_said("remove it there");
	cr_expect_eq(del("swp3", M(7), "services"), RPC_NOT_FOUND);
	cr_expect_eq(del("swp3", M(7), "peering"), 0, "sticky ones too");
	cr_expect_eq(manual.n_macs, 2);
	cr_expect_eq(make(clear, "swp1"), 0);
	cr_expect_eq(manual.n_macs, 2, "what was added by hand stays");
	cr_expect_eq(make(clear, "swp3"), 0);
	cr_expect_eq(manual.n_macs, 1);
	cr_expect_eq(manual.macs[0].mac, M(9));
}

Test(manual, things_end_when_it_is_time)
{
	cr_expect_eq(manual_next_end(&manual), 0);
	cr_assert_eq(make((struct edit){.kind = EDIT_DRAIN, .until = NOW + 30}, "swp1"), 0);
	cr_assert_eq(make((struct edit){.kind = EDIT_DRAIN}, "swp2"), 0);
	cr_assert_eq(add("swp1", M(9), "", NOW + 60), 0);
	learn("swp3", M(7));
	cr_expect_eq(manual_next_end(&manual), NOW + 30);
	cr_expect_eq(manual_expire(&manual, NOW + 29.9), 0);
	cr_expect_eq(manual_expire(&manual, NOW + 30), 1);
	cr_expect_null(manual_find(&manual, "swp1"));
	cr_expect_eq(manual_next_end(&manual), NOW + 60);
	cr_expect_eq(manual_expire(&manual, NOW + 1000), 1);
	cr_expect_eq(manual_next_end(&manual), 0);
	cr_expect(manual_find(&manual, "swp2")->drained, "without end");
	cr_assert_eq(manual.n_macs, 1, "sticky ones do not end");
	cr_expect_eq(manual.macs[0].mac, M(7));
}

Test(manual, another_configuration_wins)
{
	struct config *after =
		read_config("version: 1\n"
			    "lans: {peering: {prefixes: [192.0.2.0/24]}}\n"
			    "ports:\n"
			    "  swp1: {device: \"iface:m1\", lans: {peering: {macs: "
			    "[\"02:00:00:00:65:07\", \"02:00:00:00:65:09\"]}}}\n"
			    "  swp3: {device: \"iface:m3\", lans: {peering: {port-security: "
			    "{mode: learn, limit: 2}}}}\n"
			    "  swp4: {device: \"iface:m4\", lans: {peering: {}}}\n");

	learn("swp3", M(7));					 // registered elsewhere now
	learn("swp3", M(8));					 // stays
	learn("swp4", M(6));					 // nothing is learned there
	cr_assert_eq(add("swp1", M(9), "", NOW + 60), 0);	 // registered here now
	cr_assert_eq(add("swp2", M(5), "peering", NOW + 60), 0); // its port is gone
	cr_assert_eq(make((struct edit){.kind = EDIT_PROMOTE}, "swp4"), 0);
	cr_assert_eq(make((struct edit){.kind = EDIT_DRAIN}, "swp2"), 0);
	cr_assert_eq(make((struct edit){.kind = EDIT_DRAIN}, "swp3"), 0);
	cr_expect_eq(manual_fit(&manual, config, NULL), 1, "swp4 learns nothing before, either");
	learn("swp4", M(6));
	cr_expect_eq(manual_fit(&manual, after, NULL), 6);
	cr_assert_eq(manual.n_macs, 1);
	cr_expect_eq(manual.macs[0].mac, M(8));
	cr_assert_eq(manual.n_overrides, 1);
	cr_expect_str_eq(manual.overrides[0].port, "swp3");
	cr_expect_eq(manual_fit(&manual, after, NULL), 0);
	config_free(after);
}

static const char linked[] = "version: 1\n"
			     "lans: {peering: {profile: open}}\n"
			     "ports:\n"
			     "  bond3: {device: lag, lans: {peering: }}\n"
			     "  swp2: {device: \"iface:m2\", lag: bond3}\n";

Test(manual, a_link_is_switched_and_all_else_is_its_lags)
{
	static const enum edit_kind kinds[] = {EDIT_DRAIN,	EDIT_UNDRAIN, EDIT_PROMOTE,
					       EDIT_QUARANTINE, EDIT_MAC_ADD, EDIT_MAC_DEL,
					       EDIT_MAC_CLEAR};

	config_free(config);
	config = read_good(linked);
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		cr_expect_eq(make((struct edit){.kind = kinds[i], .mac = M(9)}, "swp2"),
			     RPC_REFUSED);
		cr_expect_str_eq(text, "swp2 is a link of bond3: say bond3");
	}
	cr_expect_eq(manual.n_overrides, 0);
	cr_expect_eq(make((struct edit){.kind = EDIT_ADMIN}, "swp2"), 0);
	cr_expect(manual_find(&manual, "swp2")->has_admin);
	cr_expect_eq(make((struct edit){.kind = EDIT_DRAIN}, "bond3"), 0);
}

Test(manual, what_becomes_a_link_is_drained_no_more)
{
	struct config *after = read_good(linked);
	struct manual lost = {0};

	cr_assert_eq(make((struct edit){.kind = EDIT_DRAIN, .by = "bob"}, "swp2"), 0);
	cr_assert_eq(make((struct edit){.kind = EDIT_ADMIN, .admin_up = true}, "swp2"), 0);
	cr_expect_eq(manual_fit(&manual, after, &lost), 1);
	cr_expect(!manual_find(&manual, "swp2")->drained);
	cr_expect(manual_find(&manual, "swp2")->has_admin);
	cr_expect(manual_find(&lost, "swp2")->drained);
	cr_expect_str_eq(manual_find(&lost, "swp2")->drained_by, "bob");
	manual_fini(&lost);
	config_free(after);
}

Test(manual, what_is_lost_is_told_and_can_be_merged_again)
{
	struct config *after = read_config("version: 1\n"
					   "lans: {peering: {}}\n"
					   "ports:\n"
					   "  swp4: {device: \"iface:m4\", lans: {peering: {}}}\n");
	struct manual whole, lost = {0};

	cr_assert_eq(add("swp1", M(9), "peering", NOW + 60), 0);
	cr_assert_eq(make((struct edit){.kind = EDIT_PROMOTE, .by = "bob"}, "swp4"), 0);
	cr_assert_eq(make((struct edit){.kind = EDIT_DRAIN}, "swp4"), 0);
	cr_assert_eq(make((struct edit){.kind = EDIT_DRAIN, .until = NOW + 9}, "swp2"), 0);
	manual_copy(&whole, &manual);
	cr_expect_eq(manual_fit(&manual, after, &lost), 3);
	cr_assert_eq(manual.n_overrides, 1);
	cr_expect(manual.overrides[0].drained && !manual.overrides[0].promoted);
	cr_assert_eq(lost.n_overrides, 2);
	cr_assert_eq(lost.n_macs, 1);
	const struct plan_override *swp4 = manual_find(&lost, "swp4");
	cr_expect(swp4->promoted && !swp4->drained);
	cr_expect_str_eq(swp4->promoted_by, "bob");
	cr_expect_eq(manual_find(&lost, "swp2")->drained_until, NOW + 9);

	manual_merge(&manual, &lost);
	cr_expect_eq(manual.n_overrides, whole.n_overrides);
	cr_expect_eq(manual.n_macs, whole.n_macs);
	cr_expect(manual_find(&manual, "swp4")->promoted && manual_find(&manual, "swp4")->drained);
	manual_merge(&manual, &lost);
	cr_expect_eq(manual.n_macs, whole.n_macs, "twice is once");
	manual_fini(&whole);
	manual_fini(&lost);
	config_free(after);
}

Test(manual, a_port_is_switched_for_a_time)
{
	cr_assert_eq(make((struct edit){.kind = EDIT_ADMIN, .until = NOW + 30, .by = "bob"},
			  "swp1"),
		     0);
	const struct plan_override *swp1 = manual_find(&manual, "swp1");
	cr_assert_not_null(swp1);
	cr_expect(swp1->has_admin && !swp1->admin_up);
	cr_expect_str_eq(swp1->admin_by, "bob");
	cr_expect_eq(swp1->admin_since, NOW);
	cr_expect_eq(manual_next_end(&manual), NOW + 30);
	cr_expect_eq(manual_expire(&manual, NOW + 29), 0);
	cr_expect_eq(manual_expire(&manual, NOW + 30), 1);
	cr_expect_null(manual_find(&manual, "swp1"));

	// What the configuration says anyway has no end.
	struct edit up = {.kind = EDIT_ADMIN, .admin_up = true, .until = NOW + 30};
	cr_expect_eq(make(up, "swp1"), 0);
	cr_expect_eq(manual_next_end(&manual), 0);
}

Test(manual, a_lower_limit_makes_ports_forget_what_they_learned_last)
{
	struct config *after =
		read_config("version: 1\n"
			    "lans: {peering: {port-security: {mode: learn, limit: 2}}}\n"
			    "ports:\n"
			    "  swp2: {device: \"iface:m2\", lans: {peering: {}}}\n"
			    "  swp3: {device: \"iface:m3\", lans: {peering: {macs: "
			    "[\"02:00:00:00:65:01\"]}}}\n");

	learn("swp3", M(7));
	learn("swp2", M(5));
	learn("swp3", M(8));
	learn("swp2", M(6));
	cr_expect_eq(manual_fit(&manual, after, NULL), 1);
	cr_assert_eq(manual.n_macs, 3);
	cr_expect_null(manual_find_mac(&manual, "peering", M(8)));
	cr_expect_not_null(manual_find_mac(&manual, "peering", M(7)));
	cr_expect_eq(manual_fit(&manual, after, NULL), 0);
	config_free(after);
}

Test(manual, the_plan_is_told_the_kinds)
{
	learn("swp3", M(7));
	cr_assert_eq(add("swp1", M(9), "", NOW + 60), 0);
	struct plan_mac *macs = manual_plan_macs(&manual);
	cr_expect_eq(macs[0].kind, MAC_STICKY);
	cr_expect_eq(macs[1].kind, MAC_REGISTERED);
	cr_expect_eq(macs[1].mac, M(9));
	cr_expect_str_eq(macs[1].port, "swp1");
	cr_expect_str_eq(macs[1].lan, "peering");
	free(macs);
}
