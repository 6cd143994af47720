// SPDX-License-Identifier: BSD-3-Clause
// Which tables of LANs stay and go with a commit: lan_tables.c on a manager that consists of its
// data only.
#include "dataplane/manage/lan_tables.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "dataplane/manage/manager.h"
#include "tests/unit/hosts_fixture.h"

enum { PORTS = 3 };

static struct fabric fabric;
static struct manager manager = {.fabric = &fabric};
static struct policy_device devices[MAX_PORTS];
static struct lan_table lans[MAX_LANS];

static void start(void)
{
	cr_assert_eq(draft_init(&manager.draft), 0);
}

static void finish(void)
{
	lan_tables_drop(manager.lans, NULL);
	policy_free(manager.policy);
	draft_fini(&manager.draft);
}

TestSuite(lan_tables, .init = start, .fini = finish);

static void begin(void)
{
	draft_begin(&manager.draft, &(struct policy_begin){0});
}

static void add_lan(uint16_t number, const char *name, uint32_t fdb_size, uint32_t hosts)
{
	struct message m;

	message_init(&m, COMMAND_POLICY_LAN, 0);
	m.lan = (struct policy_lan_conf){.lan = number,
					 .mtu = 1500,
					 .fdb_size = fdb_size,
					 .hosts = hosts};
	snprintf(m.lan.name, sizeof(m.lan.name), "%s", name);
	draft_add(&manager.draft, &m);
}

// A port in the LAN, or in none.
static void add_port(uint16_t slot, uint16_t lan, uint16_t flags)
{
	struct message m;

	message_init(&m, COMMAND_POLICY_PORT, 0);
	m.port = (struct policy_port_conf){.port = slot, .flags = flags, .mtu = 1500};
	snprintf(m.port.name, sizeof(m.port.name), "swp%u", slot);
	snprintf(m.port.device, sizeof(m.port.device), "tap:t%u", slot);
	draft_add(&manager.draft, &m);
	if (lan == FDB_ANY)
		return;
	message_init(&m, COMMAND_POLICY_MEMBER, 0);
	m.member = (struct policy_member_conf){.port = slot, .lan = lan};
	draft_add(&manager.draft, &m);
}

static void commit(void)
{
	struct policy *old = manager.policy;
	struct hosts *hosts[MAX_LANS];
	struct fdb *fdbs[MAX_LANS];

	memset(lans, 0, sizeof(lans));
	cr_assert_eq(draft_check(&manager.draft), 0, "%s", manager.draft.error.text);
	cr_assert_eq(lan_tables_prepare(&manager, lans), 0);
	for (uint32_t l = 0; l < MAX_LANS; l++) {
		hosts[l] = lans[l].hosts;
		fdbs[l] = lans[l].fdb;
	}
	manager.policy = policy_build(&manager.draft, fdbs, hosts, devices, 1, old);
	lan_tables_retire(&manager, lans);
	lan_tables_set_limits(&manager);
	lan_tables_flush_left(&manager, old);
	policy_free(old);
}

Test(lan_tables, keeps_what_keeps_its_name_and_size)
{
	begin();
	add_lan(0, "peering", 64, 10);
	add_lan(1, "plain", 64, 0);
	commit();
	struct lan_table before = manager.lans[0];
	cr_expect_not_null(before.hosts);
	cr_expect_null(manager.lans[1].hosts);

	begin();
	add_lan(5, "peering", 64, 10); // under another number
	commit();
	cr_expect_eq(manager.lans[5].hosts, before.hosts);
	cr_expect_eq(manager.lans[5].fdb, before.fdb);
	cr_expect_eq(manager.policy->lans[5].hosts, before.hosts);
	cr_expect_null(manager.lans[0].fdb);
	cr_expect_null(manager.policy->lans[0].hosts);
}

Test(lan_tables, makes_each_table_anew_whose_size_changes)
{
	begin();
	add_lan(0, "peering", 64, 10);
	commit();
	struct lan_table before = manager.lans[0];
	set_host(before.hosts, 1, HOST_SPONGED, FDB_ANY, 0, 0);

	begin();
	add_lan(0, "peering", 128, 10);
	commit();
	cr_expect_eq(manager.lans[0].hosts, before.hosts, "the FDB's size is not its own");
	cr_expect_eq(hosts_count(manager.lans[0].hosts), 1);

	struct fdb *fdb = manager.lans[0].fdb;
	begin();
	add_lan(0, "peering", 128, 20);
	commit();
	cr_expect_eq(manager.lans[0].fdb, fdb);
	cr_expect_eq(hosts_count(manager.lans[0].hosts), 0);

	begin();
	add_lan(0, "peering", 128, 0);
	commit();
	cr_expect_null(manager.lans[0].hosts);
	cr_expect_null(manager.policy->lans[0].hosts);
}

Test(lan_tables, takes_back_what_a_commit_has_prepared)
{
	begin();
	add_lan(0, "peering", 64, 10);
	commit();
	struct lan_table before = manager.lans[0];
	set_host(before.hosts, 1, HOST_SPONGED, FDB_ANY, 0, 0);

	begin();
	add_lan(0, "peering", 64, 10);
	add_lan(1, "new", 64, 10);
	memset(lans, 0, sizeof(lans));
	cr_assert_eq(lan_tables_prepare(&manager, lans), 0);
	lan_tables_drop(lans, manager.lans);
	cr_expect_eq(manager.lans[0].hosts, before.hosts);
	cr_expect_eq(hosts_count(before.hosts), 1);
}

static struct host_info info_of(uint32_t id)
{
	struct host_info infos[PORTS];
	uint32_t cursor = 0;
	uint32_t n = hosts_dump(manager.lans[0].hosts, NULL, &cursor, infos, PORTS);

	for (uint32_t i = 0; i < n; i++) {
		if (host_id(&infos[i].set) == id)
			return infos[i];
	}
	cr_assert_fail("host %u is not there", id);
	return infos[0];
}

static void start_with_told_ports(void)
{
	begin();
	add_lan(0, "peering", 64, 10);
	add_lan(1, "other", 64, 0);
	for (uint16_t p = 0; p < PORTS; p++)
		add_port(p, 0, PORT_ADMIN_UP | PORT_LEARN);
	commit();
	for (uint16_t p = 0; p < PORTS; p++) {
		set_host(manager.lans[0].hosts, p, HOST_SPONGED, p, MAC(2, 0, 0, 0, 0, p), 0);
		for (uint16_t told = 0; told < PORTS; told++)
			host_tell(hosts_find(manager.lans[0].hosts, host_key(p)), told);
	}
}

Test(lan_tables, forgets_ports_that_leave_the_lan_or_the_fabric)
{
	start_with_told_ports();
	begin();
	add_lan(0, "peering", 64, 10);
	add_lan(1, "other", 64, 0);
	add_port(0, 0, PORT_ADMIN_UP | PORT_LEARN);
	add_port(1, 1, PORT_ADMIN_UP | PORT_LEARN);
	commit();
	cr_expect_eq(info_of(0).set.port, 0);
	for (uint32_t id = 0; id < PORTS; id++) {
		cr_expect_eq(info_of(id).told, 1);
		cr_expect_eq(info_of(id).set.verdict, HOST_SPONGED);
	}
	cr_expect_eq(info_of(1).set.port, FDB_ANY);
	cr_expect_eq(info_of(1).set.mac, 0);
	cr_expect_eq(info_of(2).set.port, FDB_ANY);
}

// Whoever is behind a port that is shut believes what he was told when it is opened again.
Test(lan_tables, forgets_nothing_of_ports_that_are_shut)
{
	start_with_told_ports();
	begin();
	add_lan(3, "other", 64, 0);
	add_lan(0, "peering", 64, 10);
	for (uint16_t p = 0; p < PORTS; p++)
		add_port(p, 0, 0);
	commit();
	for (uint32_t id = 0; id < PORTS; id++) {
		cr_expect_eq(info_of(id).told, PORTS);
		cr_expect_eq(info_of(id).set.port, id);
	}
}
