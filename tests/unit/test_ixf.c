// SPDX-License-Identifier: BSD-3-Clause
// The IX-F member export, and what real feeds make of it.
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/import_feed.h"

#define IXP1                                                                                  \
	"{\"ixp_id\":1,\"shortname\":\"EXAMPLE-A\",\"vlan\":[{\"id\":2,\"ipv4\":{\"prefix\":" \
	"\"192.0"                                                                             \
	".2.0\",\"mask_length\":24},\"ipv6\":{\"prefix\":\"2001:db8:2::\",\"mask_length\":64}}]}"
#define FEED(ixps, members) \
	"{\"version\":\"1.0\",\"ixp_list\":[" ixps "],\"member_list\":[" members "]}"
// Members of the one exchange; a member with one connection; one with one VLAN.
#define MEMBERS(...) FEED(IXP1, #__VA_ARGS__)
#define CONNECTION(...) \
	MEMBERS({"asnum" : 64501, "name" : "Example Net", "connection_list" : [__VA_ARGS__]})
#define VLAN(...) CONNECTION({"ixp_id" : 1, "state" : "active", "vlan_list" : [__VA_ARGS__]})
// A member with one address and one MAC, 02:00:00:00:65:NN.
#define MEMBER(asn, mac, ip)                                                      \
	"{\"asnum\":" #asn                                                        \
	",\"connection_list\":[{\"vlan_list\":[{\"mac_address\":\"0200000065" mac \
	"\",\"ipv4\":{\"address\":\"" ip "\"}}]}]}"
#define TWO(one, other) FEED(IXP1, one "," other)
#define MAP		"64501: swp1\n64502: swp2\n192.0.2.13: swp3\n"

static const struct feed_row rows[] = {
	{"a member", MEMBERS({
		 "asnum" : 64501,
		 "member_type" : "peering",
		 "name" : "Example Net",
		 "connection_list" : [ {
			 "ixp_id" : 1,
			 "state" : "active",
			 "if_list" : [ {"switch_id" : 1, "if_speed" : 10000, "if_type" : "LR4"} ],
			 "vlan_list" : [ {
				 "vlan_id" : 2,
				 "ipv4" : {
					 "address" : "192.0.2.11",
					 "routeserver" : true,
					 "max_prefix" : 100,
					 "as_macro" : "AS-X",
					 "mac_addresses" : ["02:00:00:00:65:01"],
					 "services" : []
				 },
				 "ipv6" : {
					 "address" : "2001:db8:2::11",
					 "mac_addresses" : ["02:00:00:00:65:01"]
				 }
			 } ]
		 } ]
	 }),
	 .made = "ports:\n"
		 "  swp1:\n"
		 "    member: {asn: 64501, name: \"Example Net\"}\n"
		 "    lans:\n"
		 "      peering:\n"
		 "        macs: [\"02:00:00:00:65:01\"]\n"
		 "        ips: [\"192.0.2.11\", \"2001:db8:2::11\"]\n"},
	// 1. States.
	{"no state", CONNECTION({
		 "ixp_id" : 1,
		 "vlan_list" : [ {
			 "vlan_id" : 2,
			 "mac_address" : "020000006501",
			 "ipv4" : {"address" : "192.0.2.11"}
		 } ]
	 }),
	 .made = "  swp1:\n", .absent = "admin"},
	{"an empty state", CONNECTION({
		 "state" : "",
		 "vlan_list" :
			 [ {"mac_address" : "020000006501",
			    "ipv4" : {"address" : "192.0.2.11"}} ]
	 }),
	 .made = "  swp1:\n", .absent = "admin"},
	{"connected", CONNECTION({
		 "state" : "Connected",
		 "vlan_list" :
			 [ {"mac_address" : "020000006501",
			    "ipv4" : {"address" : "192.0.2.11"}} ]
	 }),
	 .made = "  swp1:\n", .absent = "admin"},
	{"operational", CONNECTION({
		 "state" : "operational",
		 "vlan_list" :
			 [ {"mac_address" : "020000006501",
			    "ipv4" : {"address" : "192.0.2.11"}} ]
	 }),
	 .made = "  swp1:\n", .absent = "admin"},
	{"inactive",
	 CONNECTION(
		 {"state" : "inactive", "vlan_list" : [ {"ipv4" : {"address" : "192.0.2.11"}} ]}),
	 .made = "    admin: down\n"},
	{"another state",
	 CONNECTION(
		 {"state" : "requested", "vlan_list" : [ {"ipv4" : {"address" : "192.0.2.11"}} ]}),
	 .made = "ports: {}\n", .complaint = "left out: its state is \"requested\""},
	// 2. What is null, and speeds that are none.
	{"no VLANs", CONNECTION({"ixp_id" : 1, "vlan_list" : null, "if_list" : null}),
	 .made = "ports: {}\n"},
	{"no connections", MEMBERS({"asnum" : 64501, "connection_list" : null}),
	 .made = "ports: {}\n"},
	{"half of the families", VLAN({
		 "vlan_id" : 2,
		 "mac_address" : "020000006501",
		 "ipv4" : null,
		 "ipv6" : {"address" : "2001:db8:2::11"}
	 }),
	 .made = "        ips: [\"2001:db8:2::11\"]\n"},
	{"a speed of null", CONNECTION({
		 "if_list" : [ {"if_speed" : null} ],
		 "vlan_list" :
			 [ {"mac_address" : "020000006501",
			    "ipv4" : {"address" : "192.0.2.11"}} ]
	 }),
	 .made = "  swp1:\n"},
	{"a speed as a text", CONNECTION({
		 "if_list" : [ {"if_speed" : "1000"} ],
		 "vlan_list" :
			 [ {"mac_address" : "020000006501",
			    "ipv4" : {"address" : "192.0.2.11"}} ]
	 }),
	 .made = "  swp1:\n"},
	{"a speed that is fast", CONNECTION({
		 "if_list" : [ {"if_speed" : "fast"} ],
		 "vlan_list" :
			 [ {"mac_address" : "020000006501",
			    "ipv4" : {"address" : "192.0.2.11"}} ]
	 }),
	 .made = "  swp1:\n", .complaint = "if_list[0]: warning: if_speed \"fast\" is no number"},
	{"a LAG", CONNECTION({
		 "if_list" : [ {}, {} ],
		 "vlan_list" :
			 [ {"mac_address" : "020000006501",
			    "ipv4" : {"address" : "192.0.2.11"}} ]
	 }),
	 .made = "    # 2 interfaces in the feed; the fabric has no LAG yet\n",
	 .complaint = "a LAG of 2 interfaces"},
	// 3. A list in a list.
	{"nested VLANs", VLAN([ {
		 "vlan_id" : 2,
		 "mac_address" : "020000006501",
		 "ipv4" : {"address" : "192.0.2.11"}
	 } ]),
	 .made = "        ips: [\"192.0.2.11\"]\n"},
	// 4. Families apart.
	{"two entries for one VLAN",
	 VLAN(
		 {
			 "vlan_id" : 2,
			 "ipv4" : {"address" : "192.0.2.11", "mac_addresses" : ["020000006501"]}
		 },
		 {
			 "vlan_id" : 2,
			 "ipv6" : {"address" : "2001:db8:2::11", "mac_addresses" : ["020000006501"]}
		 }),
	 .made = "      peering:\n"
		 "        macs: [\"02:00:00:00:65:01\"]\n"
		 "        ips: [\"192.0.2.11\", \"2001:db8:2::11\"]\n",
	 .absent = "tagged"},
	// 5. MAC addresses, wherever and however.
	{"MACs in a list at the VLAN", VLAN({
		 "mac_address" : [ "02-00-00-00-65-0A", "0200.0000.650B" ],
		 "ipv4" : {"address" : "192.0.2.11"}
	 }),
	 .made = "macs: [\"02:00:00:00:65:0a\", \"02:00:00:00:65:0b\"]"},
	{"one MAC in place of a list",
	 VLAN({"ipv4" : {"address" : "192.0.2.11", "mac_addresses" : "02000000650C"}}),
	 .made = "macs: [\"02:00:00:00:65:0c\"]"},
	{"a MAC at the family",
	 VLAN({"ipv4" : {"address" : "192.0.2.11", "mac_address" : "020000006501"}}),
	 .made = "macs: [\"02:00:00:00:65:01\"]"},
	{"a MAC that is empty", VLAN({
		 "mac_address" : "",
		 "ipv4" : {"address" : "192.0.2.11", "mac_address" : "020000006501"}
	 }),
	 .made = "macs: [\"02:00:00:00:65:01\"]"},
	{"a group's MAC", VLAN({
		 "ipv4" : {
			 "address" : "192.0.2.11",
			 "mac_addresses" : [ "ff:ff:ff:ff:ff:ff", "020000006501" ]
		 }
	 }),
	 .made = "macs: [\"02:00:00:00:65:01\"]",
	 .complaint =
		 "mac_addresses[0]: warning: \"ff:ff:ff:ff:ff:ff\" is no address of a station"},
	{"a MAC of zeros",
	 VLAN({"mac_address" : "00:00:00:00:00:00", "ipv4" : {"address" : "192.0.2.11"}}),
	 .made = "ips", .complaint = "is no address of a station"},
	{"a MAC that is a number", VLAN({"mac_address" : 7, "ipv4" : {"address" : "192.0.2.11"}}),
	 .made = "ips", .complaint = "mac_address: warning: no MAC address, left out"},
	{"no MAC", VLAN({"ipv4" : {"address" : "192.0.2.11"}}), .made = "ips",
	 .complaint = "AS64501 at swp1 has no MAC address in \"peering\""},
	// 6. Which exchange. The choice itself is tested below.
	{"no ixp_id in an old feed", CONNECTION({
		 "vlan_list" :
			 [ {"mac_address" : "020000006501",
			    "ipv4" : {"address" : "192.0.2.11"}} ]
	 }),
	 .made = "  swp1:\n"},
	{"an exchange that is not listed",
	 CONNECTION({"ixp_id" : 9, "vlan_list" : [ {"ipv4" : {"address" : "192.0.2.11"}} ]}),
	 .made = "ports: {}\n", .complaint = "it is to an exchange that is not listed"},
	{"several exchanges", FEED(IXP1 ",{\"ixp_id\":7,\"name\":\"Other\"}", ""),
	 .complaint = "choose one with --ixp-id: 1 \"EXAMPLE-A\", 7 \"Other\""},
	{"several exchanges that nobody lists",
	 FEED("", "{\"asnum\":64501,\"connection_list\":[{\"ixp_id\":3},{\"ixp_id\":4}]}"),
	 .complaint = "choose one with --ixp-id: 3, 4"},
	// 7. Addresses that cannot be.
	{"an address of two members",
	 TWO(MEMBER(64501, "01", "192.0.2.11"), MEMBER(64502, "02", "192.0.2.11")),
	 .complaint = "vlan_list[0]: 192.0.2.11 is of AS64502 and of AS64501"},
	{"an address of two members, one of them without a port",
	 TWO(MEMBER(64501, "01", "192.0.2.11"), MEMBER(64509, "02", "192.0.2.11")),
	 .complaint = "192.0.2.11 is of AS64509 and of AS64501"},
	{"a MAC of two members",
	 TWO(MEMBER(64501, "01", "192.0.2.11"), MEMBER(64502, "01", "192.0.2.12")),
	 .complaint = "of AS64501 at swp1, and of AS64502 at swp2"},
	{"an address outside its VLAN", VLAN({
		 "vlan_id" : 2,
		 "mac_address" : "020000006501",
		 "ipv4" : {"address" : "198.51.100.1"}
	 }),
	 .complaint = "198.51.100.1 of AS64501 is outside the prefix of its VLAN, 192.0.2.0/24"},
	{"an address outside all LANs", VLAN({
		 "vlan_id" : 5,
		 "mac_address" : "020000006501",
		 "ipv4" : {"address" : "203.0.113.1"}
	 }),
	 .complaint = "203.0.113.1, to be in LAN \"peering\"", .lans = "5=peering"},
	{"an address that is none", VLAN({"ipv4" : {"address" : "192.0.2"}}),
	 .complaint = "ipv4.address: \"192.0.2\" is no IPv4 address"},
	{"an address with the length of its prefix",
	 VLAN({"mac_address" : "020000006501", "ipv4" : {"address" : "192.0.2.11/24"}}),
	 .made = "ips: [\"192.0.2.11\"]"},
	{"a member twice",
	 TWO(MEMBER(64501, "01", "192.0.2.11"), MEMBER(64501, "01", "192.0.2.11")),
	 .made = "        ips: [\"192.0.2.11\"]\n"},
	// 8. Versions.
	{"0.5 that says 1.0: a MAC at the VLAN",
	 VLAN({"vlan_id" : 2, "mac_address" : "020000006501", "ipv4" : {"address" : "192.0.2.11"}}),
	 .made = "macs: [\"02:00:00:00:65:01\"]"},
	{"no version and no list of exchanges",
	 "{\"member_list\":[{\"asnum\":64501,\"connection_list\":[{\"vlan_list\":[{\"mac_address\":"
	 "\"020000006501\",\"ipv4\":{\"address\":\"192.0.2.11\"}}]}]}]}",
	 .made = "  swp1:\n"},
	// 9. Members without what others have.
	{"no name", MEMBERS({
		 "asnum" : 64501,
		 "connection_list" : [ {
			 "vlan_list" : [ {
				 "mac_address" : "020000006501",
				 "ipv4" : {"address" : "192.0.2.11"}
			 } ]
		 } ]
	 }),
	 .made = "    member: {asn: 64501}\n"},
	{"AS 0", MEMBERS({
		 "asnum" : 0,
		 "name" : "x",
		 "connection_list" :
			 [ {"vlan_list" : [ {"ipv4" : {"address" : "192.0.2.11"}} ]} ]
	 }),
	 .made = "ports: {}\n",
	 .complaint = "member_list[0]: warning: left out: it has no AS number"},
	{"no AS number", MEMBERS({"name" : "x", "connection_list" : []}), .made = "ports: {}\n",
	 .complaint = "it has no AS number"},
	{"an AS number as a text", MEMBERS({
		 "asnum" : "64501",
		 "connection_list" : [ {
			 "vlan_list" : [ {
				 "mac_address" : "020000006501",
				 "ipv4" : {"address" : "192.0.2.11"}
			 } ]
		 } ]
	 }),
	 .made = "asn: 64501"},
	{"an AS number that is too large", MEMBERS({"asnum" : 4294967296}),
	 .complaint = "member_list[0].asnum: must be a whole number"},
	// 11. Ports.
	{"an address goes before its AS number",
	 VLAN({"mac_address" : "020000006501", "ipv4" : {"address" : "192.0.2.13"}}),
	 .made = "  swp3:\n"},
	{"two connections, one mapped by address",
	 CONNECTION(
		 {
			 "vlan_list" :
				 [
					 {
						 "mac_address" : "020000006501",
						 "ipv4" : {"address" : "192.0.2.11"}
					 }
				 ]
		 },
		 {
			 "vlan_list" : [ {
				 "mac_address" : "020000006502",
				 "ipv4" : {"address" : "192.0.2.13"}
			 } ]
		 }),
	 .made = "        ips: [\"192.0.2.13\"]\n"},
	{"two connections, none mapped by address",
	 CONNECTION(
		 {
			 "vlan_list" :
				 [
					 {
						 "mac_address" : "020000006501",
						 "ipv4" : {"address" : "192.0.2.11"}
					 }
				 ]
		 },
		 {
			 "vlan_list" : [ {
				 "mac_address" : "020000006502",
				 "ipv4" : {"address" : "192.0.2.12"}
			 } ]
		 }),
	 .complaint = "AS64501 has several connections; map each by its address"},
	{"two AS numbers on a port",
	 TWO(MEMBER(64501, "01", "192.0.2.11"), MEMBER(64503, "02", "192.0.2.12")),
	 .map = "64501: swp1\n64503: swp1\n",
	 .complaint = "port swp1 is mapped to AS64503, and has AS64501 already"},
	{"addresses on two ports",
	 VLAN({"ipv4" : {"address" : "192.0.2.13"}, "ipv6" : {"address" : "2001:db8:2::13"}}),
	 .map = "192.0.2.13: swp3\n'2001:db8:2::13': swp4\n",
	 .complaint = "its addresses are mapped to two ports, swp3 and swp4"},
	{"a member that is not mapped", MEMBERS({
		 "asnum" : 64509,
		 "connection_list" :
			 [ {"vlan_list" : [ {"ipv4" : {"address" : "192.0.2.19"}} ]} ]
	 }),
	 .made = "ports: {}\n",
	 .complaint = "left out: the port map has neither AS64509 nor 192.0.2.19"},
	{"a port that the fabric does not have",
	 VLAN({"mac_address" : "020000006501", "ipv4" : {"address" : "192.0.2.11"}}),
	 .map = "AS64501: swp77\n", .made = "  # swp77:\n",
	 .complaint = "the configuration has no port \"swp77\""},
	// LANs.
	{"a VLAN that is unknown", VLAN({
		 "vlan_id" : 5,
		 "mac_address" : "020000006501",
		 "ipv4" : {"address" : "203.0.113.1"}
	 }),
	 .complaint = "name it with --lans 5=LAN, or leave it out with 5=-"},
	{"a VLAN that the operator does not want",
	 VLAN({"vlan_id" : 2, "mac_address" : "020000006501", "ipv4" : {"address" : "192.0.2.11"}},
	      {"vlan_id" : 5, "ipv4" : {"address" : "203.0.113.1"}}),
	 .lans = "5=-", .made = "        ips: [\"192.0.2.11\"]\n"},
	{"two LANs",
	 VLAN({"vlan_id" : 2, "mac_address" : "020000006501", "ipv4" : {"address" : "192.0.2.11"}},
	      {
		      "vlan_id" : 3,
		      "mac_address" : "020000006501",
		      "ipv4" : {"address" : "198.51.100.11"}
	      }),
	 .made = "      peering:\n"
		 "        tagged: yes\n"
		 "        vlan: 10\n"
		 "        macs: [\"02:00:00:00:65:01\"]\n"
		 "        ips: [\"192.0.2.11\"]\n"
		 "      services:\n"
		 "        tagged: yes\n"
		 "        vlan: 20\n",
	 .complaint = "all are written as tagged, which the feed does not say"},
	// The document.
	{"nobody", MEMBERS(), .made = "ports: {}\n"},
	{"another document", "{\"ixp_list\":[]}", .complaint = "member_list: missing"},
	{"the other feed", "{\"layer2interfaces\":[]}",
	 .complaint = "read it with import ixp-manager"},
	{"members that are none", MEMBERS(7, "x"),
	 .complaint = "member_list[1]: must be an object"},
	{"connections that are none", CONNECTION("x"),
	 .complaint = "connection_list[0]: must be an object"},
	{"VLANs that are none", VLAN("x"), .complaint = "vlan_list[0]: must be an object"},
	{"no JSON", "{\"member_list\": [}", .complaint = "feed:1:18: not valid JSON"},
	{"a name that would be YAML", MEMBERS({
		 "asnum" : 64501,
		 "name" : "a\"}\nlans: {b: {}}\n#",
		 "connection_list" : [ {
			 "vlan_list" : [ {
				 "mac_address" : "020000006501",
				 "ipv4" : {"address" : "192.0.2.11"}
			 } ]
		 } ]
	 }),
	 .made = "name: \"a\\\"} lans: {b: {}} #\"}\n", .absent = "\nlans"},
};

Test(ixf, every_quirk)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct feed_row row = rows[i];

		row.map = row.map ? row.map : MAP;
		expect_feed(import_ixf, &row);
	}
}
