// SPDX-License-Identifier: BSD-3-Clause
// The provisioner's layer2interfaces: what stands in it, and what is odd about it.
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/import_feed.h"

// A feed with one entry, or with one VLAN of an entry.
#define ENTRIES(...) "{\"layer2interfaces\":[" #__VA_ARGS__ "]}"
#define VLAN(...)                                                                \
	"{\"layer2interfaces\":[{\"type\":\"edge\",\"name\":\"swp1\",\"status\"" \
	":\"connected\",\"vlans\":[" #__VA_ARGS__ "]}]}"

static const struct feed_row rows[] = {
	{"a port", VLAN({
		 "number" : 10,
		 "vlaninterfaceid" : 1,
		 "macaddresses" : ["02:00:00:00:65:01"],
		 "ipaddresses" : {"ipv4" : "192.0.2.11", "ipv6" : "2001:DB8:2:0::11"}
	 }),
	 .made = "ports:\n"
		 "  swp1:\n"
		 "    lans:\n"
		 "      peering:\n"
		 "        macs: [\"02:00:00:00:65:01\"]\n"
		 "        ips: [\"192.0.2.11\", \"2001:db8:2::11\"]\n"},
	{"nothing", ENTRIES(), .made = "ports: {}\n"},
	{"no addresses: PHP's empty map is a list",
	 VLAN({"number" : 10, "macaddresses" : ["02:00:00:00:65:01"], "ipaddresses" : []}),
	 .made = "macs: [\"02:00:00:00:65:01\"]\n", .absent = "ips"},
	{"MACs in every spelling", VLAN({
		 "number" : 10,
		 "macaddresses" : [ "02-00-00-00-65-0A", "0200.0000.650b", "02000000650C" ]
	 }),
	 .made = "macs: [\"02:00:00:00:65:0a\", \"02:00:00:00:65:0b\", \"02:00:00:00:65:0c\"]"},
	{"a MAC twice",
	 VLAN({"number" : 10, "macaddresses" : [ "02:00:00:00:65:01", "020000006501" ]}),
	 .made = "macs: [\"02:00:00:00:65:01\"]\n"},
	{"a group's MAC is left out",
	 VLAN({"number" : 10, "macaddresses" : [ "01:00:5e:00:00:01", "02:00:00:00:65:01" ]}),
	 .made = "macs: [\"02:00:00:00:65:01\"]\n",
	 .complaint = "vlans[0].macaddresses[0]: warning: \"01:00:5e:00:00:01\" is no address of a "
		      "station"},
	{"a MAC of zeros is left out",
	 VLAN({"number" : 10, "macaddresses" : ["00:00:00:00:00:00"]}), .made = "peering: {}",
	 .complaint = "is no address of a station"},
	{"a MAC that is none is left out", VLAN({"number" : 10, "macaddresses" : ["02:00"]}),
	 .made = "peering: {}", .complaint = "\"02:00\" is no MAC address, left out"},
	{"no MAC", VLAN({"number" : 10, "macaddresses" : []}), .made = "peering: {}",
	 .complaint = "no MAC address: the port can send nothing"},
	{"an address outside the LAN", VLAN({
		 "number" : 10,
		 "macaddresses" : ["020000006501"],
		 "ipaddresses" : {"ipv4" : "198.51.100.9"}
	 }),
	 .complaint = "layer2interfaces[0] \"swp1\".vlans[0]: 198.51.100.9, to be in LAN "
		      "\"peering\", is outside the LAN's prefixes"},
	{"the broadcast address", VLAN({
		 "number" : 10,
		 "macaddresses" : ["020000006501"],
		 "ipaddresses" : {"ipv4" : "192.0.2.255"}
	 }),
	 .complaint = "is the first or last address"},
	{"IPv6 where IPv4 belongs", VLAN({
		 "number" : 10,
		 "macaddresses" : ["020000006501"],
		 "ipaddresses" : {"ipv4" : "2001:db8:2::5"}
	 }),
	 .complaint = "ipaddresses.ipv4: \"2001:db8:2::5\" is no IPv4 address"},
	{"a VLAN by its addresses", VLAN({
		 "number" : 77,
		 "macaddresses" : ["020000006501"],
		 "ipaddresses" : {"ipv4" : "192.0.2.11"}
	 }),
	 .made = "      peering:\n"},
	{"a VLAN that is unknown", VLAN({"number" : 77, "macaddresses" : ["020000006501"]}),
	 .complaint = "name it with --lans 77=LAN, or leave it out with 77=-"},
	{"a VLAN that the operator names", VLAN({"number" : 77, "macaddresses" : ["020000006501"]}),
	 .lans = "77=services", .made = "      services:\n"},
	{"a VLAN that the operator does not want",
	 VLAN({"number" : 10, "macaddresses" : ["020000006501"]},
	      {"number" : 77, "macaddresses" : []}),
	 .lans = "77=-", .made = "      peering:\n", .absent = "services"},
	{"a VLAN without a number", VLAN({"macaddresses" : ["020000006501"]}),
	 .complaint = "vlans[0]: no VLAN number"},
	{"a VLAN of 0", VLAN({"number" : 0}), .complaint = "no VLAN number"},
	{"a VLAN of 4095", VLAN({"number" : 4095}),
	 .complaint = "number: must be a whole number from 0 to 4094"},
	{"two untagged VLANs",
	 VLAN({"number" : 10, "macaddresses" : ["020000006501"]},
	      {"number" : 20, "macaddresses" : ["020000006501"]}),
	 .complaint = "VLAN 20 is the second untagged one of this port"},
	{"a VLAN twice",
	 VLAN({"number" : 10, "macaddresses" : ["020000006501"]},
	      {"number" : 10, "macaddresses" : ["020000006501"]}),
	 .complaint = "LAN \"peering\" a second time"},
	{"tagged", ENTRIES({
		 "type" : "edge",
		 "name" : "swp2",
		 "dot1q" : true,
		 "vlans" : [
			 {"number" : 10, "macaddresses" : ["020000006501"]},
			 {"number" : 20, "macaddresses" : ["020000006502"]}
		 ]
	 }),
	 .made = "      peering:\n"
		 "        tagged: yes\n"
		 "        vlan: 10\n"
		 "        macs: [\"02:00:00:00:65:01\"]\n"
		 "      services:\n"
		 "        tagged: yes\n"
		 "        vlan: 20\n"},
	{"in no VLAN", ENTRIES({"type" : "edge", "name" : "swp1", "description" : "x"}),
	 .made = "  swp1:\n    member: {name: \"x\"}\n", .complaint = "in no VLAN"},
	{"disabled", ENTRIES({
		 "name" : "swp1",
		 "status" : "disabled",
		 "shutdown" : true,
		 "vlans" : [ {"number" : 10, "macaddresses" : ["020000006501"]} ]
	 }),
	 .made = "    admin: down\n"},
	{"not connected", ENTRIES({
		 "name" : "swp1",
		 "status" : "notconnected",
		 "vlans" : [ {"number" : 10, "macaddresses" : []} ]
	 }),
	 .made = "    admin: down\n"},
	{"quarantine, whose VLAN is the production's", ENTRIES({
		 "name" : "swp1",
		 "status" : "quarantine",
		 "shutdown" : false,
		 "vlans" : [ {"number" : 10, "macaddresses" : ["020000006501"]} ]
	 }),
	 .made = "    quarantine: yes\n    lans:\n      peering:\n", .absent = "admin"},
	{"quarantine that nobody watches", ENTRIES({
		 "name" : "swp1",
		 "status" : "quarantine",
		 "vlans" : [ {"number" : 20, "macaddresses" : ["020000006501"]} ]
	 }),
	 .made = "    admin: down\n    lans:\n      services:\n", .absent = "quarantine: yes",
	 .complaint = "no LAN of it has a monitor: the port is down instead"},
	{"quarantine in no LAN", ENTRIES({"name" : "swp1", "status" : "quarantine"}),
	 .made = "    admin: down\n", .absent = "quarantine: yes", .complaint = "has a monitor"},
	{"awaiting its cross-connect", ENTRIES({
		 "name" : "swp1",
		 "status" : "awaitingxconnect",
		 "shutdown" : true,
		 "vlans" : [ {"number" : 10, "macaddresses" : []} ]
	 }),
	 .made = "ports: {}\n", .complaint = "left out: it awaits its cross-connect"},
	{"a status of the future", ENTRIES({
		 "name" : "swp1",
		 "status" : "paused",
		 "shutdown" : true,
		 "vlans" : [ {"number" : 10, "macaddresses" : ["020000006501"]} ]
	 }),
	 .made = "    admin: down\n", .complaint = "status \"paused\" is not known"},
	{"no status", ENTRIES({
		 "name" : "swp1",
		 "shutdown" : true,
		 "vlans" : [ {"number" : 10, "macaddresses" : []} ]
	 }),
	 .made = "    admin: down\n"},
	{"a port between switches", ENTRIES({
		 "type" : "core",
		 "name" : "swp9",
		 "description" : "core",
		 "vlans" : [ {"number" : 10, "macaddresses" : []} ]
	 }),
	 .made = "ports: {}\n", .absent = "core"},
	{"a type of the future", ENTRIES({"type" : "satellite", "name" : "swp9"}),
	 .made = "ports: {}\n", .complaint = "left out: its type \"satellite\" is not known"},
	{"a rate limit", ENTRIES({
		 "name" : "swp1",
		 "rate_limit" : 500,
		 "vlans" : [ {"number" : 10, "macaddresses" : ["020000006501"]} ]
	 }),
	 .made = "  swp1:\n    # rate_limit: 500 Mb/s, not enforced\n",
	 .complaint = "a rate limit of 500 Mb/s, which the fabric does not enforce yet"},
	{"a LAG: three entries",
	 ENTRIES(
		 {
			 "name" : "bond3",
			 "lagframing" : true,
			 "lagmaster" : true,
			 "lagmembers" : [ "swp5", "swp6" ],
			 "vlans" : [ {"number" : 10, "macaddresses" : ["020000006501"]} ]
		 },
		 {
			 "name" : "swp5",
			 "lagframing" : true,
			 "lagmaster" : false,
			 "vlans" : [ {"number" : 10, "macaddresses" : ["020000006501"]} ]
		 },
		 {
			 "name" : "swp6",
			 "lagframing" : true,
			 "lagmaster" : false,
			 "vlans" : [ {"number" : 10, "macaddresses" : ["020000006501"]} ]
		 }),
	 .made = "ports:\n"
		 "  bond3:\n"
		 "    device: \"lag\"\n"
		 "    lans:\n"
		 "      peering:\n"
		 "        macs: [\"02:00:00:00:65:01\"]\n"
		 "  swp5:\n"
		 "    lag: bond3\n"
		 "  swp6:\n"
		 "    lag: bond3\n"},
	{"a LAG whose members come first, one of them down",
	 ENTRIES({"name" : "swp5", "lagmaster" : false, "status" : "disabled", "vlans" : []}, {
		 "name" : "bond3",
		 "lagframing" : true,
		 "lagmaster" : true,
		 "fastlacp" : true,
		 "status" : "connected",
		 "lagmembers" : ["swp5"],
		 "vlans" : [ {"number" : 10, "macaddresses" : ["020000006501"]} ]
	 }),
	 .made = "  swp5:\n    lag: bond3\n    admin: down\n"},
	{"fast LACP", ENTRIES({
		 "name" : "bond3",
		 "lagframing" : true,
		 "lagmaster" : true,
		 "fastlacp" : true,
		 "lagmembers" : ["swp5"],
		 "vlans" : [ {"number" : 10, "macaddresses" : ["020000006501"]} ]
	 }),
	 .made = "    device: \"lag\"\n    lacp: {rate: fast}\n"},
	{"a LAG without LACP", ENTRIES({
		 "name" : "bond3",
		 "lagframing" : false,
		 "lagmaster" : true,
		 "fastlacp" : true,
		 "lagmembers" : ["swp5"],
		 "vlans" : [ {"number" : 10, "macaddresses" : ["020000006501"]} ]
	 }),
	 .made = "    lacp: {mode: off}\n", .absent = "fast"},
	{"a LAG in quarantine, which its links are not",
	 ENTRIES(
		 {
			 "name" : "bond3",
			 "lagframing" : true,
			 "lagmaster" : true,
			 "status" : "quarantine",
			 "lagmembers" : ["swp5"],
			 "vlans" : [ {"number" : 10, "macaddresses" : ["020000006501"]} ]
		 },
		 {"name" : "swp5", "lagmaster" : false, "status" : "quarantine", "vlans" : []}),
	 .made = "    quarantine: yes\n    lans:\n      peering:\n        macs: "
		 "[\"02:00:00:00:65:01\"]\n  swp5:\n    lag: bond3\n"},
	{"names of a LAG and its members are mapped", ENTRIES({
		 "name" : "Port-channel3",
		 "lagframing" : true,
		 "lagmaster" : true,
		 "lagmembers" : ["Ethernet1/1"],
		 "vlans" : [ {"number" : 10, "macaddresses" : ["020000006501"]} ]
	 }),
	 .map = "Ethernet1/1: swp4\nPort-channel3: bond3\n",
	 .made = "  bond3:\n    device: \"lag\"\n    lans:\n      peering:\n        macs: "
		 "[\"02:00:00:00:65:01\"]\n  swp4:\n    lag: bond3\n"},
	{"a member that the fabric does not have", ENTRIES({
		 "name" : "bond3",
		 "lagframing" : true,
		 "lagmaster" : true,
		 "lagmembers" : [ "swp5", "swp77" ],
		 "vlans" : [ {"number" : 10, "macaddresses" : ["020000006501"]} ]
	 }),
	 .made = "  # swp77:\n  #   # left out: the configuration has no port of this name\n"
		 "  #   lag: bond3\n",
	 .complaint = "left out, because the configuration has no port \"swp77\""},
	{"a member of two LAGs",
	 ENTRIES(
		 {
			 "name" : "bond3",
			 "lagframing" : true,
			 "lagmaster" : true,
			 "lagmembers" : ["swp5"],
			 "vlans" : [ {"number" : 10, "macaddresses" : ["020000006501"]} ]
		 },
		 {
			 "name" : "bond4",
			 "lagframing" : true,
			 "lagmaster" : true,
			 "lagmembers" : ["swp5"],
			 "vlans" : [ {"number" : 10, "macaddresses" : ["020000006502"]} ]
		 }),
	 .complaint = "layer2interfaces[1] \"bond4\": port \"swp5\" a second time"},
	{"a member that no LAG has", ENTRIES({"name" : "swp5", "lagmaster" : false, "vlans" : []}),
	 .made = "ports: {}\n",
	 .complaint = "\"swp5\": warning: left out: a member of a LAG, and no LAG has it"},
	{"a LAG without members", ENTRIES({
		 "name" : "bond3",
		 "lagframing" : true,
		 "lagmaster" : true,
		 "vlans" : [ {"number" : 10, "macaddresses" : ["020000006501"]} ]
	 }),
	 .made = "  bond3:\n    device: \"lag\"\n", .complaint = "a LAG without lagmembers"},
	{"a LAG that the configuration has", ENTRIES({
		 "name" : "bond9",
		 "lagframing" : true,
		 "lagmaster" : true,
		 "lagmembers" : ["swp5"],
		 "vlans" : [ {"number" : 10, "macaddresses" : ["020000006501"]} ]
	 }),
	 .made = "  bond9:\n    lans:\n", .absent = "device"},
	{"a LAG that the configuration has as a port", ENTRIES({
		 "name" : "swp4",
		 "lagframing" : true,
		 "lagmaster" : true,
		 "lagmembers" : ["swp5"],
		 "vlans" : [ {"number" : 10, "macaddresses" : ["020000006501"]} ]
	 }),
	 .complaint = "\"swp4\": port \"swp4\" of the configuration is no LAG; map this to"},
	{"a member that the configuration has as a LAG", ENTRIES({
		 "name" : "bond3",
		 "lagframing" : true,
		 "lagmaster" : true,
		 "lagmembers" : ["bond9"],
		 "vlans" : [ {"number" : 10, "macaddresses" : ["020000006501"]} ]
	 }),
	 .complaint = "\"bond3\": port \"bond9\" of the configuration is a LAG itself"},
	{"a member that is no name", ENTRIES({
		 "name" : "bond3",
		 "lagframing" : true,
		 "lagmaster" : true,
		 "lagmembers" : [7],
		 "vlans" : [ {"number" : 10, "macaddresses" : ["020000006501"]} ]
	 }),
	 .complaint = "\"bond3\": lagmembers must be names of ports"},
	{"too many members", ENTRIES({
		 "name" : "bond3",
		 "lagframing" : true,
		 "lagmaster" : true,
		 "lagmembers" :
			 [ "swp1", "swp2", "swp3", "swp4", "swp5", "swp6", "swp7", "swp8", "swp9" ],
		 "vlans" : [ {"number" : 10, "macaddresses" : ["020000006501"]} ]
	 }),
	 .complaint = "\"bond3\": a LAG has at most 8 links"},
	{"LACP without a LAG", ENTRIES({
		 "name" : "swp1",
		 "lagframing" : true,
		 "vlans" : [ {"number" : 10, "macaddresses" : ["020000006501"]} ]
	 }),
	 .made = "  swp1:\n", .complaint = "may expect LACP"},
	{"fields of the future",
	 ENTRIES(
		 {
			 "name" : "swp1",
			 "colour" : 1,
			 "vlans" :
				 [
					 {
						 "number" : 10,
						 "macaddresses" : ["020000006501"],
						 "mtu" : 9000
					 }
				 ]
		 },
		 {
			 "name" : "swp2",
			 "colour" : 2,
			 "vlans" : [ {"number" : 10, "macaddresses" : ["020000006502"]} ]
		 }),
	 .made = "  swp2:\n",
	 .complaint = "\"swp1\": warning: \"colour\" is a field that this release does not know; "
		      "ignored\nfeed: layer2interfaces[0] \"swp1\".vlans[0]: warning: \"mtu\""},
	{"a port twice",
	 ENTRIES(
		 {
			 "name" : "swp1",
			 "vlans" : [ {"number" : 10, "macaddresses" : ["020000006501"]} ]
		 },
		 {
			 "name" : "swp1",
			 "vlans" : [ {"number" : 10, "macaddresses" : ["020000006502"]} ]
		 }),
	 .complaint = "layer2interfaces[1] \"swp1\": port \"swp1\" a second time"},
	{"an address of two members",
	 ENTRIES(
		 {
			 "name" : "swp1",
			 "description" : "A",
			 "vlans" : [ {"number" : 10, "macaddresses" : ["020000006501"]} ]
		 },
		 {
			 "name" : "swp2",
			 "description" : "B",
			 "vlans" : [ {"number" : 10, "macaddresses" : ["020000006501"]} ]
		 }),
	 .complaint =
		 "02:00:00:00:65:01 is of two ports in LAN \"peering\": of A at swp1, and of B "
		 "at swp2"},
	{"a port that the fabric does not have", ENTRIES({
		 "name" : "swp77",
		 "vlans" : [ {"number" : 10, "macaddresses" : ["020000006501"]} ]
	 }),
	 .made = "ports: {}\n  # swp77:\n", .absent = "\n  swp77",
	 .complaint = "left out, because the configuration has no port \"swp77\""},
	{"a name that the fabric cannot have", ENTRIES({
		 "name" : "Ethernet1/1",
		 "vlans" : [ {"number" : 10, "macaddresses" : ["020000006501"]} ]
	 }),
	 .complaint = "\"Ethernet1/1\": the fabric cannot have a port of this name; map it"},
	{"a name that is mapped", ENTRIES({
		 "name" : "Ethernet1/1",
		 "vlans" : [ {"number" : 10, "macaddresses" : ["020000006501"]} ]
	 }),
	 .map = "Ethernet1/1: swp4\n", .made = "  swp4:\n"},
	{"no name", ENTRIES({"vlans" : []}), .complaint = "layer2interfaces[0]: no name"},
	{"no object", ENTRIES(7), .complaint = "layer2interfaces[0]: must be an object with keys"},
	{"numbers and booleans as texts", ENTRIES({
		 "name" : "swp1",
		 "dot1q" : "1",
		 "rate_limit" : "100",
		 "vlans" : [ {"number" : "10", "macaddresses" : ["020000006501"]} ]
	 }),
	 .made = "        vlan: 10\n", .complaint = "a rate limit of 100 Mb/s"},
	{"a number that is none", ENTRIES({
		 "name" : "swp1",
		 "rate_limit" : "fast",
		 "vlans" : [ {"number" : 10, "macaddresses" : ["020000006501"]} ]
	 }),
	 .complaint = "\"swp1\".rate_limit: must be a whole number"},
	{"a list that is none", ENTRIES({"name" : "swp1", "vlans" : "10"}),
	 .complaint = "\"swp1\".vlans: must be a list"},
	{"another document", "{\"vlans\":[]}", .complaint = "layer2interfaces: missing"},
	{"the other feed", "{\"member_list\":[]}", .complaint = "read it with import ixf"},
	{"no JSON", "{\"layer2interfaces\":[\n  {]\n", .complaint = "feed:2:4: not valid JSON: "},
	{"a list at the top", "[]", .complaint = "feed: not an object with keys"},
	{"names that would be YAML", ENTRIES({
		 "name" : "swp1",
		 "description" : "x\"}\nports: {evil: {device: \"tap:x\"}} # \\",
		 "vlans" : [ {"number" : 10, "macaddresses" : ["020000006501"]} ]
	 }),
	 .made = "    member: {name: \"x\\\"} ports: {evil: {device: \\\"tap:x\\\"}} # \\\\\"}\n"},
	{"names with what cannot be seen", ENTRIES({
		 "name" : "swp1",
		 "description" : "\u0085a\u2028b\u202ec\uffff\u00e9",
		 "vlans" : [ {"number" : 10, "macaddresses" : ["020000006501"]} ]
	 }),
	 .made = "    member: {name: \"a b c \xc3\xa9\"}\n"},
	{"a LAG whose name would end a line", ENTRIES({
		 "name" : "bond\nports: x",
		 "lagframing" : true,
		 "lagmaster" : true,
		 "lagmembers" : ["swp5"],
		 "vlans" : [ {"number" : 10, "macaddresses" : ["020000006501"]} ]
	 }),
	 .complaint = "the fabric cannot have a port of this name"},
	{"a member whose name would end a line", ENTRIES({
		 "name" : "bond3",
		 "lagframing" : true,
		 "lagmaster" : true,
		 "lagmembers" : ["a\nports: {x: 1}"],
		 "vlans" : [ {"number" : 10, "macaddresses" : ["020000006501"]} ]
	 }),
	 .complaint = "the fabric cannot have a port of this name"},
};

Test(ixp_manager, every_quirk)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		expect_feed(import_ixp_manager, &rows[i]);
}

Test(ixp_manager, yaml_as_php_writes_it)
{
	static const struct feed_row row = {
		"yaml",
		"---\n"
		"layer2interfaces:\n"
		"- type: edge\n"
		"  description: ~\n"
		"  dot1q: true\n"
		"  lagframing: false\n"
		"  vlans:\n"
		"  - number: 10\n"
		"    vlaninterfaceid: 31\n"
		"    macaddresses:\n"
		"    - 02:00:00:00:65:01\n"
		"    ipaddresses:\n"
		"      ipv4: 192.0.2.11\n"
		"      ipv6: 2001:db8:2::11\n"
		"  shutdown: false\n"
		"  status: connected\n"
		"  name: swp1\n"
		"  speed: 10000\n"
		"  rate_limit: ~\n"
		"  autoneg: true\n"
		"- type: edge\n"
		"  description: \"Other: Net\"\n"
		"  dot1q: false\n"
		"  lagmaster: true\n"
		"  lagmembers: [swp2]\n"
		"  vlans: []\n"
		"  name: bond1\n"
		"...\n",
		.made = "ports:\n"
			"  bond1:\n"
			"    device: \"lag\"\n"
			"    lacp: {mode: off}\n"
			"    member: {name: \"Other: Net\"}\n"
			"  swp1:\n"
			"    lans:\n"
			"      peering:\n"
			"        tagged: yes\n"
			"        vlan: 10\n"
			"        macs: [\"02:00:00:00:65:01\"]\n"
			"        ips: [\"192.0.2.11\", \"2001:db8:2::11\"]\n"
			"  swp2:\n"
			"    lag: bond1\n",
		.complaint = "layer2interfaces[1] \"bond1\": warning: in no VLAN"};

	expect_feed(import_ixp_manager, &row);
}

Test(ixp_manager, order_of_the_feed_makes_no_difference)
{
	struct fed one, other;

	feed_text(&one, import_ixp_manager,
		  ENTRIES({"name" : "swp9", "vlans" : []}, {"name" : "swp1", "vlans" : []}), NULL,
		  NULL);
	feed_text(&other, import_ixp_manager,
		  ENTRIES({"name" : "swp1", "vlans" : []}, {"name" : "swp9", "vlans" : []}), NULL,
		  NULL);
	cr_expect_str_eq(one.text, other.text);
	fed_free(&one);
	fed_free(&other);
}

Test(ixp_manager, very_many_ports_are_refused)
{
	enum { PORTS = 5000 };
	char *feed = malloc(PORTS * 32 + 64);
	size_t used = (size_t)sprintf(feed, "{\"layer2interfaces\":[");
	struct fed fed;

	for (int i = 0; i < PORTS; i++)
		used += (size_t)sprintf(feed + used, "%s{\"name\":\"p%d\"}", i ? "," : "", i);
	strcpy(feed + used, "]}");
	feed_text(&fed, import_ixp_manager, feed, NULL, NULL);
	cr_expect_null(fed.text);
	cr_expect_not_null(strstr(fed.complaints, "more than 4096 ports"));
	fed_free(&fed);
	free(feed);
}
