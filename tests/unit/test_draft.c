// SPDX-License-Identifier: BSD-3-Clause
#include "dataplane/tables/draft.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

static struct draft draft;

static void start(void)
{
	struct policy_begin begin = {.digest = 1};

	cr_assert_eq(draft_init(&draft), 0);
	draft_begin(&draft, &begin);
}

static void finish(void)
{
	draft_fini(&draft);
}

TestSuite(draft, .init = start, .fini = finish);

static struct policy_lan_conf lan(uint16_t number, const char *name)
{
	struct policy_lan_conf conf = {.lan = number, .mtu = 1500, .ageing = 300, .fdb_size = 64};

	snprintf(conf.name, sizeof(conf.name), "%s", name);
	return conf;
}

static struct policy_port_conf port(uint16_t slot, const char *name)
{
	struct policy_port_conf conf = {.port = slot, .mtu = 1500, .flags = PORT_ADMIN_UP};

	snprintf(conf.name, sizeof(conf.name), "%s", name);
	snprintf(conf.device, sizeof(conf.device), "tap:%s", name);
	return conf;
}

static void add_lan(struct policy_lan_conf conf)
{
	struct message m;

	message_init(&m, COMMAND_POLICY_LAN, 0);
	m.lan = conf;
	draft_add(&draft, &m);
}

static void add_port(struct policy_port_conf conf)
{
	struct message m;

	message_init(&m, COMMAND_POLICY_PORT, 0);
	m.port = conf;
	draft_add(&draft, &m);
}

static void add_member(uint16_t slot, uint16_t number, uint16_t vid)
{
	struct message m;

	message_init(&m, COMMAND_POLICY_MEMBER, 0);
	m.member = (struct policy_member_conf){.port = slot, .lan = number, .vid = vid};
	draft_add(&draft, &m);
}

static void add_mac(uint16_t slot, uint16_t number, mac_t mac)
{
	struct message m;

	message_init(&m, COMMAND_POLICY_MAC, 0);
	m.static_mac = (struct policy_mac_conf){.mac = mac, .port = slot, .lan = number};
	draft_add(&draft, &m);
}

static void expect_refused(int err, const char *words)
{
	cr_expect_eq(draft_check(&draft), err, "%s: got %d", words, draft_check(&draft));
	cr_expect_not_null(strstr(draft.error.text, words), "\"%s\" is not in \"%s\"", words,
			   draft.error.text);
}

Test(draft, takes_a_small_exchange)
{
	add_lan(lan(0, "peering"));
	add_lan(lan(63, "services"));
	add_port(port(0, "swp1"));
	add_port(port(1022, "swp2"));
	add_member(0, 0, 0);
	add_member(0, 63, 4094);
	add_member(1022, 0, 0);
	add_mac(0, 0, MAC(2, 0, 0, 0, 0, 1));
	add_mac(0, 63, MAC(2, 0, 0, 0, 0, 1));
	cr_expect_eq(draft_check(&draft), 0, "%s", draft.error.text);
}

Test(draft, an_empty_policy_is_a_policy)
{
	cr_expect_eq(draft_check(&draft), 0);
}

Test(draft, a_commit_needs_a_beginning)
{
	draft_abort(&draft);
	expect_refused(-EPROTO, "without a policy");
}

Test(draft, keeps_the_first_complaint)
{
	add_lan(lan(64, "a"));
	add_port(port(1024, "b"));
	expect_refused(-ERANGE, "LAN number 64");
}

Test(draft, a_new_beginning_forgets_the_complaint)
{
	struct policy_begin begin = {.digest = 2};

	add_lan(lan(64, "a"));
	draft_begin(&draft, &begin);
	cr_expect_eq(draft_check(&draft), 0);
}

Test(draft, refuses_slots_out_of_range)
{
	add_port(port(PORT_FABRIC, "swp1"));
	expect_refused(-ERANGE, "slot 1023");
}

Test(draft, refuses_a_slot_given_twice)
{
	add_port(port(5, "swp1"));
	add_port(port(5, "swp2"));
	expect_refused(-EEXIST, "slot 5");
}

Test(draft, refuses_a_name_given_twice)
{
	add_port(port(5, "swp1"));
	add_port(port(6, "swp1"));
	expect_refused(-EEXIST, "swp1: given twice");
}

Test(draft, refuses_a_device_given_twice)
{
	struct policy_port_conf second = port(6, "swp2");

	add_port(port(5, "swp1"));
	strcpy(second.device, "tap:swp1");
	add_port(second);
	expect_refused(-EEXIST, "both want device tap:swp1");
}

Test(draft, refuses_a_port_without_a_device)
{
	struct policy_port_conf conf = port(5, "swp1");

	conf.device[0] = 0;
	add_port(conf);
	expect_refused(-EINVAL, "needs a name and a device");
}

Test(draft, refuses_a_lan_name_given_twice)
{
	add_lan(lan(1, "peering"));
	add_lan(lan(2, "peering"));
	expect_refused(-EEXIST, "LAN peering: given twice");
}

static const struct {
	struct policy_lan_conf conf;
	const char *words;
} lans_out_of_range[] = {
	{{.mtu = 67, .fdb_size = 64, .name = "a"}, "MTU 67"},
	{{.mtu = 65001, .fdb_size = 64, .name = "a"}, "MTU 65001"},
	{{.mtu = 1500, .fdb_size = 64, .vlan = 4095, .name = "a"}, "VLAN 4095"},
	{{.mtu = 1500, .fdb_size = 64, .ageing = 9, .name = "a"}, "ageing 9 s"},
	{{.mtu = 1500, .fdb_size = 64, .ageing = 1000001, .name = "a"}, "ageing 1000001 s"},
	{{.mtu = 1500, .fdb_size = 0, .name = "a"}, "FDB size 0"},
	{{.mtu = 1500, .fdb_size = (1 << 20) + 1, .name = "a"}, "FDB size 1048577"},
	{{.mtu = 1500, .fdb_size = 64, .fdb_limit = 65, .name = "a"}, "learn limit 65"},
};

Test(draft, refuses_lans_out_of_range)
{
	for (size_t i = 0; i < sizeof(lans_out_of_range) / sizeof(*lans_out_of_range); i++) {
		struct policy_begin begin = {.digest = 1};

		draft_begin(&draft, &begin);
		add_lan(lans_out_of_range[i].conf);
		expect_refused(-ERANGE, lans_out_of_range[i].words);
	}
}

Test(draft, refuses_members_of_nothing)
{
	add_lan(lan(0, "peering"));
	add_member(3, 0, 0);
	expect_refused(-ENOENT, "not in this policy");
}

Test(draft, refuses_numbers_beyond_every_table)
{
	add_member(0xffff, 0xffff, 0xffff);
	expect_refused(-ENOENT, "not in this policy");
}

Test(draft, refuses_two_untagged_lans_on_a_port)
{
	add_lan(lan(0, "a"));
	add_lan(lan(1, "b"));
	add_port(port(0, "swp1"));
	add_member(0, 0, 0);
	add_member(0, 1, 0);
	expect_refused(-EEXIST, "same tag 0");
}

Test(draft, refuses_a_tag_used_twice_on_a_port)
{
	add_lan(lan(0, "a"));
	add_lan(lan(1, "b"));
	add_port(port(0, "swp1"));
	add_member(0, 0, 10);
	add_member(0, 1, 10);
	expect_refused(-EEXIST, "same tag 10");
}

Test(draft, refuses_a_port_twice_in_a_lan)
{
	add_lan(lan(0, "a"));
	add_port(port(0, "swp1"));
	add_member(0, 0, 10);
	add_member(0, 0, 20);
	expect_refused(-EEXIST, "twice in LAN a");
}

Test(draft, refuses_addresses_that_no_station_has)
{
	static const mac_t wrong[] = {0, MAC(1, 0, 0, 0, 0, 1), MAC_BROADCAST, UINT64_C(1) << 48};

	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		struct policy_begin begin = {.digest = 1};

		draft_begin(&draft, &begin);
		add_lan(lan(0, "a"));
		add_port(port(0, "swp1"));
		add_mac(0, 0, wrong[i]);
		expect_refused(-EINVAL, "no address of a station");
	}
}

Test(draft, refuses_an_address_twice_in_a_lan)
{
	add_lan(lan(0, "a"));
	add_port(port(0, "swp1"));
	add_port(port(1, "swp2"));
	add_mac(0, 0, MAC(2, 0, 0, 0, 0, 1));
	add_mac(1, 0, MAC(2, 0, 0, 0, 0, 1));
	expect_refused(-EEXIST, "02:00:00:00:00:01: twice in LAN a");
}

Test(draft, refuses_more_addresses_than_the_table_holds)
{
	add_lan(lan(0, "a"));
	add_port(port(0, "swp1"));
	for (unsigned int i = 1; i <= 65; i++)
		add_mac(0, 0, MAC(2, 0, 0, 0, 0, i));
	expect_refused(-ENOSPC, "more registered MACs than its FDB holds (64)");
}

static void add_sponge(mac_t mac, uint32_t hosts)
{
	struct policy_lan_conf conf = lan(0, "peering");

	conf.flags = LAN_SPONGE;
	conf.sponge_mac = mac;
	conf.hosts = hosts;
	add_lan(conf);
}

static void add_reserved(uint16_t number, mac_t mac)
{
	struct message m;

	message_init(&m, COMMAND_POLICY_MAC, 0);
	m.static_mac = (struct policy_mac_conf){.mac = mac,
						.port = PORT_FABRIC,
						.lan = number,
						.kind = MAC_RESERVED};
	draft_add(&draft, &m);
}

Test(draft, takes_a_sponge)
{
	add_sponge(MAC(2, 0, 0, 0, 0, 9), MAX_HOSTS);
	add_reserved(0, MAC(2, 0, 0, 0, 0, 9));
	cr_expect_eq(draft_check(&draft), 0, "%s", draft.error.text);
}

Test(draft, refuses_too_many_hosts)
{
	add_sponge(MAC(2, 0, 0, 0, 0, 9), MAX_HOSTS + 1);
	expect_refused(-ERANGE, "LAN peering: 1048577 hosts: at most 1048576");
}

Test(draft, a_sponge_needs_an_address)
{
	add_sponge(0, 10);
	expect_refused(-EINVAL, "LAN peering: 00:00:00:00:00:00 is no address for a sponge");
}

Test(draft, a_sponge_needs_the_address_of_a_station)
{
	add_sponge(MAC(3, 0, 0, 0, 0, 9), 10);
	expect_refused(-EINVAL, "is no address for a sponge");
}

Test(draft, a_sponge_needs_an_address_that_is_reserved)
{
	add_lan(lan(1, "services"));
	add_sponge(MAC(2, 0, 0, 0, 0, 9), 10);
	add_reserved(1, MAC(2, 0, 0, 0, 0, 9)); // not there
	expect_refused(-ENOENT,
		       "LAN peering: the sponge's address 02:00:00:00:00:09 is not reserved");
}

Test(draft, a_sponge_may_not_have_a_members_address)
{
	add_sponge(MAC(2, 0, 0, 0, 0, 9), 10);
	add_port(port(0, "swp1"));
	add_mac(0, 0, MAC(2, 0, 0, 0, 0, 9));
	expect_refused(-ENOENT, "is not reserved");
}
