// SPDX-License-Identifier: BSD-3-Clause
#include "control/fabric/plan.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <stdio.h>

#include "control/config/config.h"
#include "lib/message.h"
#include "lib/stats.h"
#include "tests/support/good_config.h"
#include "tests/support/good_plan.h"

static const char exchange[] =
	"version: 1\n"
	"fabric: {learn-limit: 5000}\n"
	"sflow: {agent: 192.0.2.250, collectors: {c: {address: 203.0.113.9}}}\n"
	"lans:\n"
	"  peering: {profile: exchange, mtu: 9000, fdb-size: 1024, prefixes: [192.0.2.0/24]}\n"
	"  services: {profile: open, vlan: 20, learn-limit: 50, ageing: never}\n"
	"ports:\n"
	"  swp1:\n"
	"    device: iface:m1\n"
	"    isolation: red\n"
	"    lans:\n"
	"      peering:\n"
	"        macs: [02:00:00:00:65:01, 02:00:00:00:65:02]\n"
	"        ips: [192.0.2.1]\n"
	"  swp2: {device: \"iface:m2\", admin: down, lans: {peering: {}, services: {tagged: "
	"yes}}}\n"
	"  swp3: {device: \"iface:m3\", queues: 2, learn-limit: 7, sampling: 50, isolation: blue, "
	"lans: {services: {}}}\n"
	"  swp4: {device: \"iface:m4\", flood-multicast: no, sampling: off, isolation: red, lans: "
	"{services: {}}}\n";

static void occupy(uint16_t slot, const char *name, uint32_t lives)
{
	slots[slot] = (struct plan_slot){.used = name != NULL, .lives = lives};
	snprintf(slots[slot].name, sizeof(slots[slot].name), "%s", name ? name : "");
}

Test(plan, tells_all_of_the_configuration)
{
	struct config *config = read_config(exchange);
	struct plan *plan = plan_for(config);
	const struct policy_lan_conf *peering = &find_message(plan, COMMAND_POLICY_LAN, 0)->lan;
	const struct policy_lan_conf *services = &find_message(plan, COMMAND_POLICY_LAN, 1)->lan;
	const struct policy_port_conf *swp1 = &find_message(plan, COMMAND_POLICY_PORT, 0)->port;
	const struct policy_port_conf *swp2 = &find_message(plan, COMMAND_POLICY_PORT, 1)->port;
	const struct policy_port_conf *swp3 = &find_message(plan, COMMAND_POLICY_PORT, 2)->port;
	const struct policy_port_conf *swp4 = &find_message(plan, COMMAND_POLICY_PORT, 3)->port;

	cr_expect_eq(find_message(plan, COMMAND_POLICY_BEGIN, 0)->policy_begin.fdb_limit, 5000);
	cr_expect_eq(find_message(plan, COMMAND_POLICY_BEGIN, 0)->policy_begin.digest,
		     plan->digest);

	cr_expect_eq(peering->lan, 0);
	cr_expect_str_eq(peering->name, "peering");
	cr_expect_eq(peering->mtu, 9000);
	cr_expect_eq(peering->flags, LAN_DROP_HIJACK | LAN_GUARD);
	cr_expect_eq(peering->ageing, 300);
	cr_expect_eq(peering->fdb_size, 1024);
	cr_expect_eq(peering->fdb_limit, 1024, "no limit of its own: the size");
	cr_expect_eq(services->lan, 1);
	cr_expect_eq(services->vlan, 20);
	cr_expect_eq(services->flags, LAN_FLOOD_UNKNOWN | LAN_TRANSPARENT);
	cr_expect_eq(services->ageing, 0);
	cr_expect_eq(services->fdb_limit, 50);

	cr_expect_str_eq(swp1->name, "swp1");
	cr_expect_str_eq(swp1->device, "iface:m1");
	cr_expect_eq(swp1->mtu, 9000);
	cr_expect_eq(swp1->flags, PORT_ADMIN_UP | PORT_FLOOD_UNKNOWN | PORT_FLOOD_MULTICAST,
		     "registered addresses in an exchange: nothing is learned");
	cr_expect_eq(swp2->flags, PORT_LEARN | PORT_FLOOD_UNKNOWN | PORT_FLOOD_MULTICAST);
	cr_expect_eq(swp3->n_queues, 2);
	cr_expect_eq(swp3->learn_limit, 7);
	cr_expect_eq(swp2->sampling, 8192, "as sflow says");
	cr_expect_eq(swp3->sampling, 50);
	cr_expect_eq(swp4->sampling, 0);
	cr_expect_eq(swp4->flags, PORT_ADMIN_UP | PORT_LEARN | PORT_FLOOD_UNKNOWN);
	cr_expect_eq(swp1->isolation, swp4->isolation);
	cr_expect_neq(swp1->isolation, 0);
	cr_expect_neq(swp3->isolation, 0);
	cr_expect_neq(swp1->isolation, swp3->isolation);
	cr_expect_eq(swp2->isolation, 0);

	const struct policy_member_conf *tagged =
		&find_message(plan, COMMAND_POLICY_MEMBER, 2)->member;
	cr_expect_eq(tagged->port, swp2->port);
	cr_expect_eq(tagged->lan, 1);
	cr_expect_eq(tagged->vid, 20);
	cr_expect_eq(find_message(plan, COMMAND_POLICY_MEMBER, 0)->member.vid, 0);
	const struct policy_mac_conf *mac = &find_message(plan, COMMAND_POLICY_MAC, 1)->static_mac;
	cr_expect_eq(mac->mac, MAC(0x02, 0, 0, 0, 0x65, 0x02));
	cr_expect_eq(mac->port, swp1->port);
	const struct policy_address_conf *address =
		&find_message(plan, COMMAND_POLICY_ADDRESS, 0)->address;
	cr_expect_eq(address->port, swp1->port);
	cr_expect_eq(address->lan, 0);
	cr_expect_eq(address->family, 4);
	cr_expect_arr_eq(address->address, ((uint8_t[]){192, 0, 2, 1}), 4);
	plan_destroy(plan);
	config_free(config);
}

Test(plan, every_message_is_valid_and_what_it_names_stands_before_it)
{
	struct config *config = read_config(exchange);
	struct plan *plan = plan_for(config);
	bool ports[MAX_PORTS] = {0};
	bool lans[MAX_LANS] = {0};
	bool rules[MAX_RULES] = {0};

	cr_expect_eq(plan->messages[0].header.type, COMMAND_POLICY_BEGIN);
	cr_expect_eq(plan->messages[plan->n - 1].header.type, COMMAND_POLICY_COMMIT);
	for (size_t i = 0; i < plan->n; i++) {
		const struct message *m = &plan->messages[i];

		cr_expect_eq(message_check(m), 0, "message %zu", i);
		switch (m->header.type) {
		case COMMAND_POLICY_LAN:
			lans[m->lan.lan] = true;
			break;
		case COMMAND_POLICY_PORT:
			ports[m->port.port] = true;
			break;
		case COMMAND_POLICY_LIMITS:
			cr_expect(ports[m->limits.port]);
			break;
		case COMMAND_POLICY_RULES:
			rules[m->rules.rules] = true;
			break;
		case COMMAND_POLICY_PREFIX:
			cr_expect(lans[m->prefix.lan]);
			break;
		case COMMAND_POLICY_MEMBER:
			cr_expect(ports[m->member.port] && lans[m->member.lan]);
			cr_expect(m->member.rules == RULES_NONE || rules[m->member.rules]);
			break;
		case COMMAND_POLICY_MAC:
			cr_expect(m->static_mac.kind == MAC_RESERVED || ports[m->static_mac.port]);
			cr_expect(lans[m->static_mac.lan]);
			break;
		case COMMAND_POLICY_ADDRESS:
			cr_expect(ports[m->address.port] && lans[m->address.lan]);
			break;
		default:
			cr_expect(i == 0 || i == plan->n - 1);
		}
	}
	plan_destroy(plan);
	config_free(config);
}

Test(plan, a_port_keeps_the_slot_that_its_name_has)
{
	struct config *config = read_config(exchange);

	occupy(7, "swp2", 3);
	occupy(0, "swp4", 1);
	struct plan *plan = plan_for(config);
	cr_expect_eq(plan->slots[1], 7);
	cr_expect_eq(plan->slots[3], 0);
	cr_expect_eq(plan->slots[0], 1);
	cr_expect_eq(plan->slots[2], 2);
	plan_destroy(plan);
	config_free(config);
}

Test(plan, freed_slots_come_last_and_those_of_ports_that_leave_not_at_all)
{
	struct config *config = read_config(exchange);

	for (uint16_t s = 0; s < MAX_PORTS; s++)
		occupy(s, "another", 9);
	occupy(500, NULL, 4); // free, with lives behind it
	occupy(501, NULL, 2);
	occupy(900, NULL, 0); // never used
	occupy(3, "swp1", 1);
	struct plan *plan = plan_for(config);
	cr_expect_eq(plan->slots[0], 3);
	cr_expect_eq(plan->slots[1], 900);
	cr_expect_eq(plan->slots[2], 501);
	cr_expect_eq(plan->slots[3], 500);
	plan_destroy(plan);

	const struct plan_wish wish = {.config = config};
	occupy(500, "another", 5);
	cr_expect_null(plan_create(&wish, slots));
	cr_expect_eq(errno, ENOSPC);
	config_free(config);
}

Test(plan, the_digest_is_stable_and_tells_everything_apart)
{
	struct config *config = read_config(exchange);
	struct plan *first = plan_for(config);
	struct plan *again = plan_for(config);

	cr_expect_neq(first->digest, 0);
	cr_expect_eq(first->digest, again->digest);
	plan_destroy(again);

	// What a dataplane has after that plan leads to the same plan.
	for (size_t i = 0; i < config->n_ports; i++)
		occupy(first->slots[i], config->ports[i].name, 1);
	again = plan_for(config);
	cr_expect_eq(first->digest, again->digest);
	plan_destroy(again);

	config->ports[2].learn_limit++;
	again = plan_for(config);
	cr_expect_neq(first->digest, again->digest);
	plan_destroy(again);
	config->ports[2].learn_limit--;

	config->ports[0].members[0].macs[0] ^= 0x10000;
	again = plan_for(config);
	cr_expect_neq(first->digest, again->digest);
	plan_destroy(again);
	config->ports[0].members[0].macs[0] ^= 0x10000;

	// Who owns a port, and what it is for, is no business of the dataplane.
	config->ports[0].asn = 64511;
	again = plan_for(config);
	cr_expect_eq(first->digest, again->digest);
	plan_destroy(again);
	plan_destroy(first);
	config_free(config);
}

Test(plan, overrides_stand_above_the_configuration)
{
	struct config *config = read_config(exchange);
	const struct plan_override overrides[] = {
		{.port = "swp1", .has_admin = true},
		{.port = "swp2", .has_admin = true, .admin_up = true},
		{.port = "swp3", .drained = true},
		{.port = "gone", .has_admin = true},
	};
	const struct plan_wish wish = {.config = config, .overrides = overrides, .n_overrides = 4};
	struct plan *plan = plan_create(&wish, slots);
	struct plan *plain = plan_for(config);

	cr_expect_eq(find_message(plan, COMMAND_POLICY_PORT, 0)->port.flags & PORT_ADMIN_UP, 0);
	cr_expect_eq(find_message(plan, COMMAND_POLICY_PORT, 1)->port.flags & PORT_ADMIN_UP, 1);
	cr_expect_eq(find_message(plan, COMMAND_POLICY_PORT, 2)->port.flags & PORT_ADMIN_UP, 1);
	cr_expect_eq(find_message(plan, COMMAND_POLICY_PORT, 0)->port.flags & PORT_DRAINED, 0);
	cr_expect_neq(find_message(plan, COMMAND_POLICY_PORT, 2)->port.flags & PORT_DRAINED, 0);
	cr_expect_neq(plan->digest, plain->digest);
	plan_destroy(plan);
	plan_destroy(plain);
	config_free(config);
}

Test(plan, addresses_beside_the_configuration_go_to_their_membership)
{
	struct config *config = read_config(exchange);
	const struct plan_mac macs[] = {
		{"swp1", "peering", MAC(2, 0, 0, 0, 0x65, 9), MAC_STICKY},
		{"swp2", "services", MAC(2, 0, 0, 0, 0x65, 8), MAC_REGISTERED},
		{"swp3", "peering", MAC(2, 0, 0, 0, 0x65, 7), MAC_STICKY}, // is not in it
		{"gone", "peering", MAC(2, 0, 0, 0, 0x65, 6), MAC_STICKY},
	};
	const struct plan_wish wish = {.config = config, .macs = macs, .n_macs = 4};
	struct plan *plan = plan_create(&wish, slots);
	const struct policy_mac_conf *mac = &find_message(plan, COMMAND_POLICY_MAC, 2)->static_mac;
	size_t n = 0;

	cr_expect_eq(mac->mac, macs[0].mac);
	cr_expect_eq(mac->port, plan->slots[0]);
	cr_expect_eq(mac->lan, 0);
	cr_expect_eq(mac->kind, MAC_STICKY);
	mac = &find_message(plan, COMMAND_POLICY_MAC, 3)->static_mac;
	cr_expect_eq(mac->mac, macs[1].mac);
	cr_expect_eq(mac->port, plan->slots[1]);
	cr_expect_eq(mac->lan, 1);
	cr_expect_eq(mac->kind, MAC_REGISTERED);
	for (size_t i = 0; i < plan->n; i++)
		n += plan->messages[i].header.type == COMMAND_POLICY_MAC;
	cr_expect_eq(n, 4);
	plan_destroy(plan);
	config_free(config);
}

Test(plan, a_port_that_is_left_out_is_not_mentioned)
{
	struct config *config = read_config(exchange);
	const bool left_out[] = {true, false, false, false};
	const struct plan_wish wish = {.config = config, .left_out = left_out};
	struct plan *plan = plan_create(&wish, slots);

	cr_expect_eq(plan->slots[0], PLAN_NO_SLOT);
	cr_expect_str_eq(find_message(plan, COMMAND_POLICY_PORT, 0)->port.name, "swp2");
	for (size_t i = 0; i < plan->n; i++)
		cr_expect_neq(plan->messages[i].header.type, COMMAND_POLICY_MAC);
	plan_destroy(plan);
	config_free(config);
}

Test(plan, nothing_is_a_plan_too)
{
	struct config *config = read_config("version: 1\nlans: {}\nports: {}\n");
	struct plan *plan = plan_for(config);

	cr_expect_eq(plan->n, 2);
	cr_expect_neq(plan->digest, 0);
	plan_destroy(plan);
	config_free(config);
}

Test(plan, slots_are_read_from_the_counters)
{
	struct stats stats;
	int fd;

	cr_assert_eq(stats_create(&stats, 1, &fd), 0);
	stats.ports[5].used = 1;
	stats.ports[5].incarnation = 4;
	strcpy(stats.ports[5].name, "swp9");
	stats.ports[6].incarnation = 2;
	plan_read_slots(&stats, slots);
	cr_expect(slots[5].used);
	cr_expect_eq(slots[5].lives, 4);
	cr_expect_str_eq(slots[5].name, "swp9");
	cr_expect(!slots[6].used);
	cr_expect_eq(slots[6].lives, 2);
	cr_expect(!slots[0].used);
	cr_expect_eq(slots[0].lives, 0);
}
