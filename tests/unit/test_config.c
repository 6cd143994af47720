// SPDX-License-Identifier: BSD-3-Clause
#include "control/config/config.h"

#include <criterion/criterion.h>
#include <string.h>

#include "tests/support/good_config.h"

static const char full[] =
	"version: 1\n"
	"fabric:\n"
	"  name: Example IX\n"
	"  learn-limit: 100000\n"
	"lans:\n"
	"  peering:\n"
	"    profile: exchange\n"
	"    vlan: 10\n"
	"    mtu: 9000\n"
	"    prefixes: [192.0.2.0/24, \"2001:db8:2::/64\"]\n"
	"    ageing: never\n"
	"    fdb-size: 1024\n"
	"    learn-limit: 512\n"
	"    flood-unknown-unicast: yes\n"
	"    drop-hijack: no\n"
	"    pass-tagged: on\n"
	"  services: {vlan: 20, profile: open}\n"
	"ports:\n"
	"  swp1:\n"
	"    device: iface:member1,mode=packet\n"
	"    member: {asn: 64501, name: Example Net}\n"
	"    description: rack 3, \xc3\xa9tage 2\n"
	"    admin: down\n"
	"    mtu: 9216\n"
	"    queues: 2\n"
	"    learning: yes\n"
	"    learn-limit: 10\n"
	"    flood-unknown-unicast: no\n"
	"    flood-multicast: false\n"
	"    isolation: customers\n"
	"    lans:\n"
	"      peering: {macs: [10:20:30:40:50:52, 0200.0000.6501], ips: [192.0.2.11, "
	"\"2001:db8:2::11\"]}\n"
	"      services: {tagged: yes, vlan: 30}\n"
	"  swp2:\n"
	"    device: pci:0000:01:00.0\n"
	"    lans:\n"
	"      services: {tagged: yes}\n"
	"      peering: {macs: [\"02:00:00:00:65:02\"]}\n";

Test(config, reads_lans)
{
	struct config *config = read_good(full);
	const struct config_lan *lan = &config->lans[0];

	cr_expect_str_eq(config->name, "Example IX");
	cr_expect_eq(config->learn_limit, 100000);
	cr_assert_eq(config->n_lans, 2);
	cr_expect_str_eq(lan->name, "peering");
	cr_expect_eq(lan->profile, PROFILE_EXCHANGE);
	cr_expect_eq(lan->vlan, 10);
	cr_expect_eq(lan->mtu, 9000);
	cr_expect_eq(lan->n_prefixes, 2);
	cr_expect_eq(lan->prefixes[1].length, 64);
	cr_expect_eq(lan->ageing, 0);
	cr_expect_eq(lan->fdb_size, 1024);
	cr_expect_eq(lan->learn_limit, 512);
	cr_expect(lan->flood_unknown_unicast);
	cr_expect(!lan->drop_hijack);
	cr_expect(lan->pass_tagged);
	config_free(config);
}

Test(config, reads_ports)
{
	struct config *config = read_good(full);
	const struct config_port *port = &config->ports[0];

	cr_assert_eq(config->n_ports, 2);
	cr_expect_str_eq(port->name, "swp1");
	cr_expect_str_eq(port->device, "iface:member1,mode=packet");
	cr_expect_eq(port->asn, 64501);
	cr_expect_str_eq(port->member_name, "Example Net");
	cr_expect_str_eq(port->description, "rack 3, \xc3\xa9tage 2");
	cr_expect(!port->admin_up);
	cr_expect_eq(port->mtu, 9216);
	cr_expect_eq(port->queues, 2);
	cr_expect(port->learning);
	cr_expect_eq(port->learn_limit, 10);
	cr_expect(!port->flood_unknown_unicast);
	cr_expect(!port->flood_multicast);
	cr_expect_str_eq(port->isolation, "customers");
	cr_expect_eq(config_find_port(config, "swp1"), port);
	cr_expect_null(config_find_port(config, "swp"));
	config_free(config);
}

Test(config, reads_memberships)
{
	struct config *config = read_good(full);
	const struct config_member *members = config->ports[0].members;

	cr_assert_eq(config->ports[0].n_members, 2);
	cr_expect_eq(members[0].lan, 0);
	cr_expect(!members[0].tagged);
	cr_expect_eq(members[0].vid, 0);
	cr_assert_eq(members[0].n_macs, 2);
	cr_expect_eq(members[0].macs[0], MAC(0x10, 0x20, 0x30, 0x40, 0x50, 0x52));
	cr_expect_eq(members[0].macs[1], MAC(0x02, 0, 0, 0, 0x65, 0x01));
	cr_assert_eq(members[0].n_ips, 2);
	cr_expect_eq(members[0].ips[1].family, 6);
	cr_expect_eq(members[1].lan, 1);
	cr_expect(members[1].tagged);
	cr_expect_eq(members[1].vid, 30);
	cr_expect_eq(config->ports[1].members[0].vid, 20, "the LAN's VLAN");
	config_free(config);
}

Test(config, keeps_places_and_text)
{
	struct config *config = read_good(full);
	const struct config_port *port = &config->ports[0];

	cr_expect_str_eq(config->text, full);
	cr_expect_eq(config->text_length, strlen(full));
	cr_expect_eq(port->place.line, 19);
	cr_expect_eq(port->place.column, 3);
	cr_expect_eq(port->device_place.line, 20);
	cr_expect_eq(port->device_place.column, 13);
	cr_expect_eq(port->members[0].mac_places[1].line, 32);
	cr_expect_eq(port->members[0].mac_places[1].column, 43);
	cr_expect_eq(port->members[0].ip_places[0].line, 32);
	config_free(config);
}

Test(config, has_defaults)
{
	struct config *config =
		read_good("version: 1\n"
			  "lans: {a: , b: {profile: open, mtu: 2000}}\n"
			  "ports:\n"
			  "  p: {device: 'tap:p', lans: {b: }}\n"
			  "  q: {device: 'tap:q', lans: {a: {macs: [020000000001]}}}\n");
	const struct config_lan *a = &config->lans[0], *b = &config->lans[1];
	const struct config_port *p = &config->ports[0], *q = &config->ports[1];

	cr_expect_str_eq(config->name, "");
	cr_expect_eq(config->learn_limit, 0);
	cr_expect_eq(a->profile, PROFILE_EXCHANGE);
	cr_expect_eq(a->mtu, 1500);
	cr_expect_eq(a->ageing, 300);
	cr_expect_eq(a->fdb_size, 16384);
	cr_expect_eq(a->learn_limit, 0);
	cr_expect(!a->flood_unknown_unicast && a->drop_hijack && !a->pass_tagged);
	cr_expect(b->flood_unknown_unicast && !b->drop_hijack && b->pass_tagged);
	cr_expect_eq(p->asn, 0);
	cr_expect_null(p->member_name);
	cr_expect_null(p->description);
	cr_expect(p->admin_up && p->learning && p->flood_unknown_unicast && p->flood_multicast);
	cr_expect_eq(p->mtu, 2000, "the largest of its LANs");
	cr_expect_eq(p->queues, 0);
	cr_expect_str_eq(p->isolation, "");
	cr_expect(!q->learning, "registered MACs need no learning");
	cr_expect_eq(q->mtu, 1500);
	config_free(config);
}

Test(config, a_fabric_may_be_empty)
{
	config_free(read_good("version: 1\nlans: {}\nports:\n"));
}
