// SPDX-License-Identifier: BSD-3-Clause
// What a plan says of sponges and of learned owners.
#include "control/fabric/plan_sponge.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "control/config/config.h"
#include "control/fabric/plan.h"
#include "lib/message.h"
#include "tests/support/good_config.h"
#include "tests/support/good_plan.h"

static struct config *read_with(const char *keys)
{
	char text[1024];

	snprintf(text, sizeof(text),
		 "version: 1\n"
		 "lans: {a: {prefixes: [192.0.2.0/24, \"2001:db8::/64\"], %s}}\n"
		 "ports:\n"
		 "  p: {device: 'tap:p', lans: {a: {macs: [020000000001], ips: [192.0.2.1]}}}\n"
		 "  m: {device: 'tap:m', lans: {a: {monitor: yes, macs: [020000000002]}}}\n",
		 keys);
	return read_config(text);
}

static const struct policy_lan_conf *find_lan(const struct plan *plan, uint16_t number)
{
	for (size_t i = 0; i < plan->n; i++) {
		const struct message *message = &plan->messages[i];

		if (message->header.type == COMMAND_POLICY_LAN && message->lan.lan == number)
			return &message->lan;
	}
	cr_assert(0, "there is no such LAN");
	return NULL;
}

// Whether the MAC is the exchange's own in the LAN.
static bool is_reserved(const struct plan *plan, uint16_t lan, mac_t mac)
{
	for (size_t i = 0; i < plan->n; i++) {
		const struct policy_mac_conf *conf = &plan->messages[i].static_mac;

		if (plan->messages[i].header.type == COMMAND_POLICY_MAC && conf->lan == lan &&
		    conf->mac == mac && conf->kind == MAC_RESERVED && conf->port == PORT_FABRIC)
			return true;
	}
	return false;
}

enum { SPONGE_FLAGS = LAN_SPONGE | LAN_DUMMY | LAN_LEARN_HOSTS };

static const struct {
	const char *keys;
	uint16_t flags;
	uint32_t hosts;
	mac_t mac; // of the sponge
} rows[] = {
	{"ageing: 300", 0, 0, 0},
	{"sponge: {mode: off, passive: yes, mac: 020000000099}", 0, 0, 0},
	{"sponge: {mode: fast, passive: yes, mac: 020000000099, targets: 16}", LAN_SPONGE, 1024,
	 MAC(2, 0, 0, 0, 0, 0x99)},
	{"sponge: {mode: arpsponge, passive: yes, dummy: yes}", LAN_SPONGE | LAN_DUMMY, 32768,
	 MAC(0x02, 0x69, 0x78, 0x73, 0x70, 0x6f)},
	{"sponge: {mode: fast, passive: yes, targets: 765}", LAN_SPONGE, 1024,
	 MAC(0x02, 0x69, 0x78, 0x73, 0x70, 0x6f)},
	{"sponge: {mode: fast, passive: yes, targets: 766}", LAN_SPONGE, 2048,
	 MAC(0x02, 0x69, 0x78, 0x73, 0x70, 0x6f)},
	{"bindings: {mode: learned, limit: 1500}", LAN_LEARN_HOSTS, 2048, 0},
	{"bindings: {mode: assigned, limit: 1500}", 0, 0, 0},
	{"sponge: {mode: fast, passive: yes, targets: 500000}, bindings: {mode: learned, limit: "
	 "500000}",
	 LAN_SPONGE | LAN_LEARN_HOSTS, MAX_HOSTS, MAC(0x02, 0x69, 0x78, 0x73, 0x70, 0x6f)},
};

Test(plan_sponge, tells_the_dataplane_what_there_is)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct config *config = read_with(rows[i].keys);
		struct plan *plan = plan_for(config);
		const struct policy_lan_conf *lan = find_lan(plan, 0);
		const struct policy_lan_conf *quarantine = find_lan(plan, 1);

		cr_expect_eq(lan->flags & SPONGE_FLAGS, rows[i].flags, "%s", rows[i].keys);
		cr_expect_eq(lan->hosts, rows[i].hosts, "%s: %u", rows[i].keys, lan->hosts);
		cr_expect_eq(lan->sponge_mac, rows[i].mac, "%s", rows[i].keys);
		if (rows[i].mac)
			cr_expect(is_reserved(plan, 0, rows[i].mac), "%s", rows[i].keys);
		cr_expect_eq(quarantine->flags & SPONGE_FLAGS, 0, "%s", rows[i].keys);
		cr_expect_eq(quarantine->hosts, 0);
		cr_expect_eq(quarantine->sponge_mac, 0);
		plan_destroy(plan);
		config_free(config);
	}
}

Test(plan_sponge, macs_count_only_where_they_are_used)
{
	struct config *config = read_with("sponge: {mac: 020000000099}, bindings: {mode: "
					  "learned, anti-spoofing-mac: 020000000098}");
	struct plan *plan = plan_for(config);

	cr_expect(!is_reserved(plan, 0, MAC(2, 0, 0, 0, 0, 0x99)));
	cr_expect(is_reserved(plan, 0, MAC(2, 0, 0, 0, 0, 0x98)));
	plan_destroy(plan);
	config_free(config);
}

Test(plan_sponge, the_next_member_makes_no_other_table)
{
	struct config *config = read_with("sponge: {mode: fast, passive: yes}");
	struct plan *plan = plan_for(config);
	uint32_t hosts = find_lan(plan, 0)->hosts;

	config->ports[0].members[0].n_ips = 2;
	struct ip ips[] = {config->ports[0].members[0].ips[0],
			   {.family = 4, .octets = {192, 0, 2}}};
	struct ip *kept = config->ports[0].members[0].ips;
	config->ports[0].members[0].ips = ips;
	plan_destroy(plan);
	plan = plan_for(config);
	cr_expect_eq(find_lan(plan, 0)->hosts, hosts);
	config->ports[0].members[0].ips = kept;
	plan_destroy(plan);
	config_free(config);
}
