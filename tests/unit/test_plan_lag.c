// SPDX-License-Identifier: BSD-3-Clause
// What the dataplane is told of LAGs and their links.
#include <criterion/criterion.h>
#include <string.h>

#include "control/config/config.h"
#include "lib/message.h"
#include "tests/support/good_config.h"
#include "tests/support/good_plan.h"

#define BEGIN                                                                    \
	"version: 1\n"                                                           \
	"sflow: {agent: 192.0.2.250, collectors: {c: {address: 203.0.113.9}}}\n" \
	"lans: {peering: {vlan: 10, mtu: 2000}}\n"                               \
	"ports:\n"
#define LANS ", lans: {peering: {macs: [020000006503], ips: []}}}\n"

static const char exchange[] =
	BEGIN "  swp5: {device: 'iface:m5', lag: bond3}\n"
	      "  bond3: {device: lag, lacp: {rate: fast, min-links: 2}" LANS
	      "  swp6: {device: 'iface:m6', lag: bond3, admin: down, queues: 2}\n"
	      "  swp7: {device: 'iface:m7', lans: {peering: {macs: [020000006507]}}}\n";

enum { SWP5, BOND3, SWP6, SWP7 };

Test(plan_lag, tells_all_of_lags_and_links)
{
	static const struct policy_limits_conf none;
	struct config *config = read_good(exchange);
	struct plan *plan = plan_for(config);
	const struct policy_port_conf *swp5 = &find_message(plan, COMMAND_POLICY_PORT, 0)->port;
	const struct policy_port_conf *bond3 = &find_message(plan, COMMAND_POLICY_PORT, 1)->port;
	const struct policy_port_conf *swp6 = &find_message(plan, COMMAND_POLICY_PORT, 2)->port;
	const struct policy_limits_conf *limits =
		&find_message(plan, COMMAND_POLICY_LIMITS, 0)->limits;
	const struct policy_lag_conf *lag = &find_message(plan, COMMAND_POLICY_LAG, 0)->lag;
	const struct policy_link_conf *first = &find_message(plan, COMMAND_POLICY_LINK, 0)->link;
	const struct policy_link_conf *second = &find_message(plan, COMMAND_POLICY_LINK, 1)->link;

	cr_expect_str_eq(bond3->device, "lag");
	cr_expect_eq(bond3->mtu, 2000);
	cr_expect_eq(bond3->sampling, 8192);
	cr_expect_eq(bond3->n_queues, 0);

	cr_expect_str_eq(swp5->device, "iface:m5");
	cr_expect_eq(swp5->flags, PORT_ADMIN_UP);
	cr_expect_eq(swp5->mtu, 2000, "its LAG's");
	cr_expect_eq(swp5->sampling, 0);
	cr_expect_eq(swp6->flags, 0);
	cr_expect_eq(swp6->n_queues, 2);
	cr_expect_eq(limits->port, swp5->port);
	cr_expect_eq(memcmp((const char *)limits + sizeof(limits->port),
			    (const char *)&none + sizeof(none.port),
			    sizeof(none) - sizeof(none.port)),
		     0, "nothing disables a link");

	cr_expect_eq(count_messages(plan, COMMAND_POLICY_LAG), 1);
	cr_expect_eq(lag->port, plan->slots[BOND3]);
	cr_expect_eq(lag->flags, LAG_LACP | LAG_ACTIVE | LAG_FAST);
	cr_expect_eq(lag->min_links, 2);
	cr_expect_eq(count_messages(plan, COMMAND_POLICY_LINK), 2);
	cr_expect_eq(first->port, plan->slots[SWP5]);
	cr_expect_eq(first->lag, plan->slots[BOND3]);
	cr_expect_eq(second->port, plan->slots[SWP6]);
	cr_expect_eq(second->lag, plan->slots[BOND3]);

	cr_expect_eq(count_messages(plan, COMMAND_POLICY_MEMBER), 2, "links are in no LAN");
	plan_destroy(plan);
	config_free(config);
}

Test(plan_lag, what_a_message_names_stands_before_it)
{
	struct config *config = read_good(exchange);
	struct plan *plan = plan_for(config);
	bool ports[MAX_PORTS] = {0}, lags[MAX_PORTS] = {0};
	size_t n_links = 0;

	for (size_t i = 0; i < plan->n; i++) {
		const struct message *m = &plan->messages[i];

		cr_expect_eq(message_check(m), 0, "message %zu", i);
		if (m->header.type == COMMAND_POLICY_PORT)
			ports[m->port.port] = true;
		if (m->header.type == COMMAND_POLICY_LAG) {
			cr_expect(ports[m->lag.port]);
			lags[m->lag.port] = true;
		}
		if (m->header.type == COMMAND_POLICY_LINK) {
			cr_expect(ports[m->link.port]);
			cr_expect(lags[m->link.lag]);
			n_links++;
		}
	}
	cr_expect_eq(n_links, 2);
	plan_destroy(plan);
	config_free(config);
}

static const struct {
	const char *lacp;
	uint16_t flags;
	uint16_t min_links;
} modes[] = {
	{"", LAG_LACP | LAG_ACTIVE, 1},
	{", lacp: {mode: passive}", LAG_LACP, 1},
	{", lacp: {mode: passive, rate: fast}", LAG_LACP | LAG_FAST, 1},
	{", lacp: {mode: off, min-links: 2}", 0, 2},
};

Test(plan_lag, modes_are_flags_and_tell_policies_apart)
{
	uint64_t digests[sizeof(modes) / sizeof(*modes)];

	for (size_t i = 0; i < sizeof(modes) / sizeof(*modes); i++) {
		char text[1024];

		snprintf(text, sizeof(text),
			 BEGIN "  bond3: {device: lag%s" LANS
			       "  swp5: {device: 'iface:m5', lag: bond3}\n"
			       "  swp6: {device: 'iface:m6', lag: bond3}\n",
			 modes[i].lacp);
		struct config *config = read_good(text);
		struct plan *plan = plan_for(config);
		const struct policy_lag_conf *lag = &find_message(plan, COMMAND_POLICY_LAG, 0)->lag;

		cr_expect_eq(lag->flags, modes[i].flags, "%s", modes[i].lacp);
		cr_expect_eq(lag->min_links, modes[i].min_links, "%s", modes[i].lacp);
		digests[i] = plan->digest;
		for (size_t j = 0; j < i; j++)
			cr_expect_neq(digests[i], digests[j], "%s", modes[i].lacp);
		plan_destroy(plan);
		config_free(config);
	}
}

Test(plan_lag, a_link_may_be_down_by_hand)
{
	struct config *config = read_good(exchange);
	const struct plan_override overrides[] = {
		{.port = "swp5", .has_admin = true},
		{.port = "swp6", .has_admin = true, .admin_up = true},
	};
	const struct plan_wish wish = {.config = config, .overrides = overrides, .n_overrides = 2};
	struct plan *plan = plan_create(&wish, slots);

	cr_expect_eq(find_message(plan, COMMAND_POLICY_PORT, 0)->port.flags, 0);
	cr_expect_eq(find_message(plan, COMMAND_POLICY_PORT, 2)->port.flags, PORT_ADMIN_UP);
	plan_destroy(plan);
	config_free(config);
}

Test(plan_lag, a_link_that_is_left_out_leaves_the_others)
{
	struct config *config = read_good(exchange);
	const bool left_out[] = {[SWP5] = true, [SWP7] = false};
	const struct plan_wish wish = {.config = config, .left_out = left_out};
	struct plan *plan = plan_create(&wish, slots);

	cr_expect_eq(plan->slots[SWP5], PLAN_NO_SLOT);
	cr_expect_eq(count_messages(plan, COMMAND_POLICY_LAG), 1);
	cr_expect_eq(count_messages(plan, COMMAND_POLICY_LINK), 1);
	cr_expect_eq(find_message(plan, COMMAND_POLICY_LINK, 0)->link.port, plan->slots[SWP6]);
	plan_destroy(plan);
	config_free(config);
}

Test(plan_lag, a_lag_that_is_left_out_takes_its_links_with_it)
{
	struct config *config = read_good(exchange);
	const bool left_out[] = {[BOND3] = true, [SWP7] = false};
	const struct plan_wish wish = {.config = config, .left_out = left_out};
	struct plan *plan = plan_create(&wish, slots);

	cr_expect_eq(plan->slots[BOND3], PLAN_NO_SLOT);
	cr_expect_eq(plan->slots[SWP5], PLAN_NO_SLOT);
	cr_expect_eq(plan->slots[SWP6], PLAN_NO_SLOT);
	cr_expect_eq(count_messages(plan, COMMAND_POLICY_LAG), 0);
	cr_expect_eq(count_messages(plan, COMMAND_POLICY_LINK), 0);
	cr_expect_eq(count_messages(plan, COMMAND_POLICY_PORT), 1);
	cr_expect_str_eq(find_message(plan, COMMAND_POLICY_PORT, 0)->port.name, "swp7");
	plan_destroy(plan);
	config_free(config);
}
