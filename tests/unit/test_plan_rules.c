// SPDX-License-Identifier: BSD-3-Clause
// What a plan says of rules, limits and quarantines.
#include "control/fabric/plan_rules.h"

#include <criterion/criterion.h>
#include <stdio.h>

#include "control/config/config.h"
#include "control/fabric/plan.h"
#include "control/fabric/plan_lans.h"
#include "lib/mac.h"
#include "tests/support/good_config.h"
#include "tests/support/good_plan.h"

static const char rules[] =
	"version: 1\n"
	"lans:\n"
	"  a: {prefixes: [192.0.2.0/24, \"2001:db8:2::/64\"], reserved-macs: [0200000000ff],\n"
	"    duplicate-macs: {moves: 4, within: 60, hold: 90}}\n"
	"  b: {profile: open, vlan: 2}\n"
	"ports:\n"
	"  p1: {device: 'tap:p1', lans: {a: {macs: [020000000001]}}}\n"
	"  p2: {device: 'tap:p2', lans: {a: {port-security: {mode: learn}, admission: {mld: "
	"yes}},\n"
	"    b: {tagged: yes}}, violation: {action: disable}, runts: drop}\n"
	"  p3: {device: 'tap:p3', lans: {a: {macs: [020000000003], admission:\n"
	"    {ethertypes: [ipv6, arp, ipv4]}}}, violation: {action: drop},\n"
	"    storm-control: {broadcast: 5 kb/s, action: disable, after: 3, recovery: never},\n"
	"    loop-detection: {interval: 7, recovery: 8}, link-flaps: {changes: 1, within: 2,\n"
	"    recovery: 3}}\n";

static const char quarantine[] =
	"version: 1\n"
	"lans:\n"
	"  private: {profile: open, vlan: 5}\n"
	"  peering: {vlan: 6, mtu: 9000, fdb-size: 1024, prefixes: [192.0.2.0/24],\n"
	"    reserved-macs: [0200000000ff]}\n"
	"ports:\n"
	"  new1: {device: 'tap:n1', quarantine: yes, isolation: red, lans: {peering: {macs:\n"
	"    [020000000001]}}}\n"
	"  new2: {device: 'tap:n2', quarantine: yes, lans: {peering: {tagged: yes, macs:\n"
	"    [020000000002]}, private: {tagged: yes}}}\n"
	"  old: {device: 'tap:o', isolation: red, lans: {peering: {macs: [020000000003]}}}\n"
	"  spy: {device: 'tap:s', lans: {peering: {monitor: yes, macs: [020000000004]}}}\n";

Test(plan_rules, that_are_the_same_are_told_once)
{
	struct config *config = read_config(rules);
	struct plan *plan = plan_for(config);
	const struct policy_rules_conf *first = &find_message(plan, COMMAND_POLICY_RULES, 0)->rules;
	const struct policy_rules_conf *second =
		&find_message(plan, COMMAND_POLICY_RULES, 1)->rules;
	const uint16_t expected[] = {1, 2, RULES_NONE, 1};

	cr_assert_eq(count_messages(plan, COMMAND_POLICY_RULES), 2);
	cr_expect_eq(first->rules, 1);
	cr_expect_eq(first->flags, 0);
	cr_expect_eq(first->n_types, 3);
	cr_expect_eq(first->types[0], 0x0800);
	cr_expect_eq(first->types[1], 0x0806);
	cr_expect_eq(first->types[2], 0x86dd);
	cr_expect_eq(second->rules, 2);
	cr_expect_eq(second->flags, RULE_MLD);
	for (size_t m = 0; m < 4; m++)
		cr_expect_eq(find_message(plan, COMMAND_POLICY_MEMBER, m)->member.rules,
			     expected[m], "membership %zu", m);
	plan_destroy(plan);
	config_free(config);
}

Test(plan_rules, each_key_is_a_flag)
{
	static const struct {
		const char *key;
		uint16_t flag;
	} keys[] = {
		{"ethertypes: any", RULE_ANY_TYPE},
		{"broadcast: any", RULE_ANY_BROADCAST},
		{"multicast: any", RULE_ANY_MULTICAST},
		{"mld: yes", RULE_MLD},
		{"router-advertisements: yes", RULE_ROUTERS},
		{"redirects: yes", RULE_REDIRECTS},
		{"directed-broadcast: yes", RULE_DIRECTED},
		{"check-headers: no", RULE_ANY_HEADERS},
	};

	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
		char text[256];

		snprintf(text, sizeof(text),
			 "version: 1\nlans: {a: {admission: {%s}}}\n"
			 "ports: {p: {device: 'tap:p', lans: {a: {macs: [020000000001]}}}}\n",
			 keys[i].key);
		struct config *config = read_config(text);
		struct plan *plan = plan_for(config);
		const struct policy_rules_conf *conf =
			&find_message(plan, COMMAND_POLICY_RULES, 0)->rules;

		cr_expect_eq(conf->flags, keys[i].flag, "%s", keys[i].key);
		cr_expect_eq(conf->n_types, keys[i].flag == RULE_ANY_TYPE ? 0 : 3);
		plan_destroy(plan);
		config_free(config);
	}
}

Test(plan_rules, memberships_have_their_security)
{
	struct config *config = read_config(rules);
	struct plan *plan = plan_for(config);
	const struct policy_member_conf *p1 = &find_message(plan, COMMAND_POLICY_MEMBER, 0)->member;
	const struct policy_member_conf *p2 = &find_message(plan, COMMAND_POLICY_MEMBER, 1)->member;
	const struct policy_member_conf *p2_b =
		&find_message(plan, COMMAND_POLICY_MEMBER, 2)->member;

	cr_expect_eq(p1->security, SECURITY_REGISTERED);
	cr_expect_eq(p1->mac_limit, 2);
	cr_expect_eq(p2->security, SECURITY_LEARN);
	cr_expect_eq(p2->mac_limit, 1);
	cr_expect_eq(p2_b->security, SECURITY_OPEN);
	plan_destroy(plan);
	config_free(config);
}

Test(plan_rules, ports_have_limits_and_flags)
{
	struct config *config = read_config(rules);
	struct plan *plan = plan_for(config);
	const struct policy_limits_conf *p1 = &find_message(plan, COMMAND_POLICY_LIMITS, 0)->limits;
	const struct policy_limits_conf *p2 = &find_message(plan, COMMAND_POLICY_LIMITS, 1)->limits;
	const struct policy_limits_conf *p3 = &find_message(plan, COMMAND_POLICY_LIMITS, 2)->limits;

	cr_expect_eq(p1->port, plan->slots[0]);
	cr_expect_eq(p1->violations, 0, "they only make events");
	cr_expect_eq(p1->storm_seconds, 0);
	cr_expect_eq(p1->probe_interval, 5);
	cr_expect_eq(p1->flaps, 3);
	cr_expect_eq(p1->meters[METER_BROADCAST].unit, RATE_PPM);
	cr_expect_eq(p1->meters[METER_EGRESS].floor, 1000);
	cr_expect_eq(p2->violations, 1);
	cr_expect_eq(p2->violation_recovery, 300);
	cr_expect_eq(p3->violations, 0);
	cr_expect_eq(p3->storm_seconds, 3);
	cr_expect_eq(p3->storm_recovery, 0);
	cr_expect_eq(p3->loop_recovery, 8);
	cr_expect_eq(p3->probe_interval, 7);
	cr_expect_eq(p3->flaps, 1);
	cr_expect_eq(p3->flap_window, 2);
	cr_expect_eq(p3->flap_recovery, 3);
	cr_expect_eq(p3->meters[METER_BROADCAST].unit, RATE_BITS);
	cr_expect_eq(p3->meters[METER_BROADCAST].value, 5000);

	const uint16_t mask = PORT_QUIET | PORT_DROP_RUNTS | PORT_WATCHED | PORT_DRAINED;
	cr_expect_eq(find_message(plan, COMMAND_POLICY_PORT, 0)->port.flags & mask, 0);
	cr_expect_eq(find_message(plan, COMMAND_POLICY_PORT, 1)->port.flags & mask,
		     PORT_DROP_RUNTS);
	cr_expect_eq(find_message(plan, COMMAND_POLICY_PORT, 2)->port.flags & mask, PORT_QUIET);
	plan_destroy(plan);
	config_free(config);
}

Test(plan_rules, lans_have_prefixes_moves_and_reserved_addresses)
{
	struct config *config = read_config(rules);
	struct plan *plan = plan_for(config);
	const struct policy_lan_conf *lan = &find_message(plan, COMMAND_POLICY_LAN, 0)->lan;
	const struct policy_prefix_conf *v4 = &find_message(plan, COMMAND_POLICY_PREFIX, 0)->prefix;
	const struct policy_prefix_conf *v6 = &find_message(plan, COMMAND_POLICY_PREFIX, 1)->prefix;
	const struct policy_mac_conf *mac = &find_message(plan, COMMAND_POLICY_MAC, 0)->static_mac;

	cr_expect_eq(lan->moves, 4);
	cr_expect_eq(lan->move_window, 60);
	cr_expect_eq(lan->move_hold, 90);
	cr_expect_eq(find_message(plan, COMMAND_POLICY_LAN, 1)->lan.moves, 0);
	cr_assert_eq(count_messages(plan, COMMAND_POLICY_PREFIX), 2);
	cr_expect_eq(v4->lan, 0);
	cr_expect_eq(v4->family, 4);
	cr_expect_eq(v4->length, 24);
	cr_expect_eq(v4->address[0], 192);
	cr_expect_eq(v6->family, 6);
	cr_expect_eq(v6->length, 64);
	cr_expect_eq(v6->address[1], 0x01);
	cr_expect_eq(mac->mac, MAC(2, 0, 0, 0, 0, 0xff));
	cr_expect_eq(mac->port, PORT_FABRIC);
	cr_expect_eq(mac->kind, MAC_RESERVED);
	plan_destroy(plan);
	config_free(config);
}

Test(plan_rules, what_the_configuration_has_is_not_told_again)
{
	struct config *config = read_config(rules);
	const struct plan_mac macs[] = {
		{"p2", "a", MAC(2, 0, 0, 0, 0, 1), MAC_STICKY},	   // p1 has registered it
		{"p2", "a", MAC(2, 0, 0, 0, 0, 0xff), MAC_STICKY}, // reserved
		{"p2", "b", MAC(2, 0, 0, 0, 0, 1), MAC_STICKY},	   // another LAN
	};
	const struct plan_wish wish = {.config = config, .macs = macs, .n_macs = 3};
	struct plan *plan = plan_create(&wish, slots);
	size_t sticky = 0;

	for (size_t i = 0; i < count_messages(plan, COMMAND_POLICY_MAC); i++) {
		const struct policy_mac_conf *mac =
			&find_message(plan, COMMAND_POLICY_MAC, i)->static_mac;

		if (mac->kind != MAC_STICKY)
			continue;
		sticky++;
		cr_expect_eq(mac->lan, 1);
	}
	cr_expect_eq(sticky, 1);
	plan_destroy(plan);
	config_free(config);
}

// The membership of a port in a LAN of the dataplane; NULL if there is none.
static const struct policy_member_conf *find_member(const struct plan *plan, size_t port,
						    uint16_t lan)
{
	for (size_t i = 0; i < plan->n; i++) {
		const struct message *m = &plan->messages[i];

		if (m->header.type == COMMAND_POLICY_MEMBER &&
		    m->member.port == plan->slots[port] && m->member.lan == lan)
			return &m->member;
	}
	return NULL;
}

enum { PRIVATE, PEERING, SHADOW };
enum { NEW1, NEW2, OLD, SPY };

Test(plan_rules, a_quarantine_is_a_lan_beside_the_lan)
{
	struct config *config = read_config(quarantine);
	struct plan *plan = plan_for(config);
	const struct policy_lan_conf *lan = &find_message(plan, COMMAND_POLICY_LAN, SHADOW)->lan;

	cr_assert_eq(count_messages(plan, COMMAND_POLICY_LAN), 3);
	cr_expect_eq(lan->lan, SHADOW);
	cr_expect_str_eq(lan->name, "peering.quarantine");
	cr_expect_eq(lan->vlan, 6);
	cr_expect_eq(lan->mtu, 9000);
	cr_expect_eq(lan->fdb_size, 1024);
	cr_expect_eq(find_message(plan, COMMAND_POLICY_PREFIX, 1)->prefix.lan, SHADOW);
	cr_expect_eq(find_message(plan, COMMAND_POLICY_MAC, 1)->static_mac.lan, SHADOW);
	cr_expect_eq(find_message(plan, COMMAND_POLICY_MAC, 1)->static_mac.kind, MAC_RESERVED);
	plan_destroy(plan);
	config_free(config);
}

Test(plan_rules, who_is_in_quarantine_meets_the_monitor_and_nobody_else)
{
	struct config *config = read_config(quarantine);
	struct plan *plan = plan_for(config);

	cr_assert_eq(count_messages(plan, COMMAND_POLICY_MEMBER), 4);
	cr_expect_not_null(find_member(plan, NEW1, SHADOW));
	cr_assert_not_null(find_member(plan, NEW2, SHADOW));
	cr_expect_eq(find_member(plan, NEW2, SHADOW)->vid, 6);
	cr_expect_not_null(find_member(plan, OLD, PEERING));
	cr_expect_not_null(find_member(plan, SPY, SHADOW));
	cr_expect_null(find_member(plan, NEW2, PRIVATE), "a LAN without a monitor is out of reach");

	const struct policy_port_conf *new1 = &find_message(plan, COMMAND_POLICY_PORT, NEW1)->port;
	const struct policy_port_conf *new2 = &find_message(plan, COMMAND_POLICY_PORT, NEW2)->port;
	const struct policy_port_conf *old = &find_message(plan, COMMAND_POLICY_PORT, OLD)->port;
	const struct policy_port_conf *spy = &find_message(plan, COMMAND_POLICY_PORT, SPY)->port;

	cr_expect_neq(new1->isolation, 0);
	cr_expect_eq(new1->isolation, new2->isolation);
	cr_expect_neq(new1->isolation, old->isolation);
	cr_expect_eq(spy->isolation, 0);
	cr_expect(new1->flags & PORT_WATCHED);
	cr_expect(!(old->flags & PORT_WATCHED));
	cr_expect(!(spy->flags & PORT_WATCHED));
	for (size_t i = 0; i < count_messages(plan, COMMAND_POLICY_MAC); i++) {
		const struct policy_mac_conf *mac =
			&find_message(plan, COMMAND_POLICY_MAC, i)->static_mac;

		if (mac->kind == MAC_REGISTERED)
			cr_expect_eq(mac->lan, mac->port == old->port ? PEERING : SHADOW);
	}
	plan_destroy(plan);
	config_free(config);
}

Test(plan_rules, who_is_promoted_is_in_the_lan)
{
	struct config *config = read_config(quarantine);
	const struct plan_override overrides[] = {{.port = "new1", .promoted = true},
						  {.port = "old", .promoted = true}};
	const struct plan_wish wish = {.config = config, .overrides = overrides, .n_overrides = 2};
	struct plan *plan = plan_create(&wish, slots);

	cr_expect(!plan_is_quarantined(&wish, NEW1));
	cr_expect(plan_is_quarantined(&wish, NEW2));
	cr_expect(!plan_is_quarantined(&wish, OLD));
	cr_expect_not_null(find_member(plan, NEW1, PEERING));
	cr_expect_null(find_member(plan, NEW1, SHADOW));
	const struct policy_port_conf *new1 = &find_message(plan, COMMAND_POLICY_PORT, NEW1)->port;
	cr_expect(!(new1->flags & PORT_WATCHED));
	cr_expect_eq(new1->isolation, find_message(plan, COMMAND_POLICY_PORT, OLD)->port.isolation);
	plan_destroy(plan);
	config_free(config);
}

Test(plan_rules, every_lan_number_has_a_name)
{
	struct config *config = read_config(quarantine);
	char name[NAME_SIZE];
	bool is_quarantine;

	cr_expect_eq(plan_count_lans(config), 3);
	cr_expect_str_eq(plan_lan_name(config, PEERING, name), "peering");
	cr_expect_str_eq(plan_lan_name(config, SHADOW, name), "peering.quarantine");
	cr_expect_null(plan_lan_name(config, 3, name));
	cr_expect_eq(plan_lan_number(config, "private"), PRIVATE);
	cr_expect_eq(plan_lan_number(config, "peering.quarantine"), SHADOW);
	cr_expect_eq(plan_lan_number(config, "private.quarantine"), PLAN_NO_LAN);
	cr_expect_eq(plan_lan_of(config, SHADOW, &is_quarantine), PEERING);
	cr_expect(is_quarantine);
	cr_expect_eq(plan_lan_of(config, PEERING, &is_quarantine), PEERING);
	cr_expect(!is_quarantine);
	cr_expect_eq(plan_lan_of(config, 3, NULL), SIZE_MAX);
	cr_expect_eq(plan_lan_of(config, PLAN_NO_LAN, NULL), SIZE_MAX);
	cr_expect_eq(plan_quarantine_of(config, PRIVATE), PLAN_NO_LAN);
	config_free(config);
}
