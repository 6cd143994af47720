// SPDX-License-Identifier: BSD-3-Clause
// What operators are told about their mistakes: each rule has a row.
#include "control/config/config.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/bad_config.h"

// The parts that most rows have in common; what is tried stands on line 2 or 3.
#define LAN(more) "lans: {a: {" more "}}\nports: {}\n"
#define PORT(more)                                                   \
	"lans: {a: {profile: open}, b: {profile: open, vlan: 20}}\n" \
	"ports: {p: {device: 'tap:p', " more "}}\n"
#define IN_A(more)                                                                \
	"lans: {a: {profile: open, prefixes: [192.0.2.0/24, '2001:db8::/64']}}\n" \
	"ports: {p: {device: 'tap:p', lans: {a: {" more "}}}}\n"

static const struct bad_config documents[] = {
	{"empty file", "", false, "1:1: the file is empty; it begins with version: 1\n"},
	{"only a comment", "# nothing yet\n", false,
	 "1:1: the file is empty; it begins with version: 1\n"},
	{"no value", "---\n", false, "1:1: the file is empty; it begins with version: 1\n"},
	{"a text", "hello\n", false, "1:1: must hold keys, not a single value\n"},
	{"a list", "- version: 1\n", false, "1:1: must hold keys, not a list\n"},
	{"other version",
	 "version: 2\n"
	 "lans: {}\n"
	 "ports: {}\n",
	 false, "1:10: version: \"2\" is out of range; write 1\n"},
	{"nothing of what is needed", "{}\n", false,
	 "1:1: version: missing; version: takes 1\n"
	 "1:1: lans: missing; write lans: and what belongs below it, or lans: {}\n"
	 "1:1: ports: missing; write ports: and what belongs below it, or ports: {}\n"},
	{"two documents",
	 "version: 1\n"
	 "lans: {}\n"
	 "ports: {}\n"
	 "---\n"
	 "version: 1\n",
	 false, "4:1: a second document begins; a configuration is one document\n"},
	{"tab",
	 "version: 1\n"
	 "lans:\n"
	 "\ta: {}\n",
	 false, "3:1: not valid YAML: there is a tab; YAML is indented with spaces\n"},
	{"broken YAML",
	 "version: 1\n"
	 "lans: {a: {}\n"
	 "ports: {}\n",
	 false,
	 "3:1: not valid YAML: did not find expected ',' or '}' (while parsing a flow mapping)\n"},
	{"misplaced key",
	 "version: 1\n"
	 " lans: {}\n",
	 false, "2:6: not valid YAML: mapping values are not allowed in this context\n"},
	{"invalid UTF-8",
	 "version: 1\n"
	 "fabric: {name: \377}\n",
	 false, "2:16: not a text file in UTF-8: invalid leading UTF-8 octet (0xff)\n"},
	{"cut UTF-8", "version: 1 # \303", false,
	 "1:14: not a text file in UTF-8: incomplete UTF-8 octet sequence\n"},
	{"UTF-16", "\377\376v\000e\000r\000", false,
	 "1:1: not a text file in UTF-8: invalid leading UTF-8 octet (0xff)\n"},
	{"control character",
	 "version: 1\n"
	 "# \007\n",
	 false, "2:3: not a text file in UTF-8: control characters are not allowed (0x07)\n"},
	{"mark of byte order",
	 "\357\273\277version: 1\n"
	 "lans: {}\n"
	 "ports: {}\n",
	 true, ""},
	{"lines of Windows",
	 "version: 1\r\n"
	 "lans: {}\r\n"
	 "ports: {x: 1}\r\n",
	 false, "3:12: ports.x: must hold keys, not a single value\n"},
	{"too deep",
	 "version: 1\n"
	 "lans: [[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]\n",
	 false, "2:23: nested too deep; no key stands so deep\n"},
	{"anchors and aliases",
	 "version: &v 1\n"
	 "lans: {}\n"
	 "ports: *v\n",
	 false,
	 "1:10: anchors (&v) are not supported; write the values out where they belong\n"
	 "3:8: aliases (*v) are not supported; write the value out\n"},
	{"merge key",
	 "version: 1\n"
	 "lans: {}\n"
	 "ports: {p: {<<: *base, device: 'tap:p'}}\n",
	 false,
	 "3:9: ports.p: warning: in no LAN, so it forwards nothing; name its LANs under lans:\n"
	 "3:13: ports.p.<<: unknown key; known here: device, lag, lacp, member, description, "
	 "admin, lans, "
	 "mtu, queues, learning, learn-limit, flood-unknown-unicast, flood-multicast, isolation, "
	 "violation, storm-control, loop-detection, link-flaps, quarantine, runts, sampling\n"
	 "3:17: aliases (*base) are not supported; write the value out\n"},
	{"bomb of aliases",
	 "a: &a [x, x]\n"
	 "b: &b [*a, *a]\n"
	 "version: 1\n"
	 "lans: {}\n"
	 "ports: {}\n",
	 false,
	 "1:1: a: unknown key; known here: version, fabric, sflow, lans, ports\n"
	 "1:4: anchors (&a) are not supported; write the values out where they belong\n"
	 "2:1: b: unknown key; known here: version, fabric, sflow, lans, ports\n"
	 "2:4: anchors (&b) are not supported; write the values out where they belong\n"
	 "2:8: aliases (*a) are not supported; write the value out\n"
	 "2:12: aliases (*a) are not supported; write the value out\n"},
	{"alias of itself",
	 "version: 1\n"
	 "lans: &l {a: *l}\n"
	 "ports: {}\n",
	 false,
	 "2:7: anchors (&l) are not supported; write the values out where they belong\n"
	 "2:14: aliases (*l) are not supported; write the value out\n"},
	{"tags",
	 "version: !!int 1\n"
	 "lans: !x {}\n"
	 "ports: {}\n",
	 false,
	 "1:10: tags (\"tag:yaml.org,2002:int\") are not supported; write the value alone\n"
	 "2:7: tags (\"!x\") are not supported; write the value alone\n"},
	{"key that is a list",
	 "version: 1\n"
	 "lans: {}\n"
	 "ports: {}\n"
	 "? [a]\n"
	 ": 1\n",
	 false, "4:3: a key must be plain text\n"},
	{"key that is an alias",
	 "version: 1\n"
	 "lans: {}\n"
	 "ports: {*a : 1}\n",
	 false, "3:9: aliases (*a) are not supported; write the value out\n"},
	{"key with a zero octet",
	 "version: 1\n"
	 "lans: {}\n"
	 "ports: {}\n"
	 "\"mtu\\0\": 1\n",
	 false, "4:1: a key must be plain text\n"},
	{"missing version",
	 "lans: {}\n"
	 "ports: {}\n",
	 false, "1:1: version: missing; version: takes 1\n"},
};

// Behind "version: 1".
static const struct bad_config configurations[] = {
	{"unknown key",
	 "lans: {}\n"
	 "ports: {}\n"
	 "learning: yes\n",
	 false, "4:1: learning: unknown key; known here: version, fabric, sflow, lans, ports\n"},
	{"unknown key that is nearly known", LAN("m_tu: 1500, flood_unknown_unicast: no"), false,
	 "2:12: lans.a.m_tu: unknown key; did you mean \"mtu\"?\n"
	 "2:24: lans.a.flood_unknown_unicast: unknown key; did you mean "
	 "\"flood-unknown-unicast\"?\n"},
	{"unknown key of another level", PORT("macs: []"), false,
	 "3:9: ports.p: warning: in no LAN, so it forwards nothing; name its LANs under lans:\n"
	 "3:30: ports.p.macs: unknown key; known here: device, lag, lacp, member, description, "
	 "admin, lans, "
	 "mtu, queues, learning, learn-limit, flood-unknown-unicast, flood-multicast, isolation, "
	 "violation, storm-control, loop-detection, link-flaps, quarantine, runts, sampling\n"},
	{"unknown key that is long",
	 "lans: {}\n"
	 "ports: {}\n"
	 "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx: 1\n",
	 false,
	 "4:1: xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx: unknown key; known here: version, fabric, "
	 "sflow, lans, ports\n"},
	{"unknown key with an escape sequence",
	 "lans: {}\n"
	 "ports: {}\n"
	 "\"\\e[2J\": 1\n",
	 false, "4:1: ?[2J: unknown key; known here: version, fabric, sflow, lans, ports\n"},
	{"key twice", LAN("mtu: 1500, vlan: 5, mtu: 1500"), false,
	 "2:32: lans.a.mtu: given twice; first on line 2\n"},
	{"names twice",
	 "lans: {a: , a: {profile: open}}\n"
	 "ports: {p: {device: 'tap:p'}, p: 1}\n",
	 false,
	 "2:13: lans.a: given twice; first on line 2\n"
	 "3:9: ports.p: warning: in no LAN, so it forwards nothing; name its LANs under lans:\n"
	 "3:31: ports.p: given twice; first on line 3\n"},
	{"LAN of a port twice", PORT("lans: {a: , a: }"), false,
	 "3:42: ports.p.lans.a: given twice; first on line 3\n"},
	{"sections twice",
	 "lans: {}\n"
	 "lans: {}\n"
	 "ports: {}\n",
	 false, "3:1: lans: given twice; first on line 2\n"},
	{"missing sections", "fabric: {}\n", false,
	 "1:1: lans: missing; write lans: and what belongs below it, or lans: {}\n"
	 "1:1: ports: missing; write ports: and what belongs below it, or ports: {}\n"},
	{"missing device",
	 "lans: {}\n"
	 "ports:\n"
	 "  p:\n"
	 "    mtu: 1500\n"
	 "  q:\n",
	 false,
	 "4:3: ports.p.device: missing; device: takes a device, such as pci:0000:01:00.0 or "
	 "iface:eth1\n"
	 "6:3: ports.q.device: missing; device: takes a device, such as pci:0000:01:00.0 or "
	 "iface:eth1\n"},
	{"text for keys",
	 "lans: a\n"
	 "ports: [p]\n"
	 "fabric: x\n",
	 false,
	 "2:7: lans: must hold keys, not a single value\n"
	 "3:8: ports: must hold keys, not a list\n"
	 "4:9: fabric: must hold keys, not a single value\n"},
	{"list and text for an object",
	 "lans: {a: []}\n"
	 "ports: {p: 'tap:p'}\n",
	 false,
	 "2:11: lans.a: must hold keys, not a list\n"
	 "3:12: ports.p: must hold keys, not a single value\n"},
	{"keys for a value", LAN("mtu: {a: 1}, vlan: [5], profile: {}"), false,
	 "2:17: lans.a.mtu: must be a whole number from 576 to 9216, not keys\n"
	 "2:31: lans.a.vlan: must be a whole number from 1 to 4094, not a list\n"
	 "2:45: lans.a.profile: must be open or exchange, not keys\n"},
	{"text for a list", IN_A("macs: 02:00:00:00:00:01, ips: 192.0.2.1"), false,
	 "3:47: ports.p.lans.a.macs: must be a list; write [\"02:00:00:00:00:01\"]\n"
	 "3:71: ports.p.lans.a.ips: must be a list; write [\"192.0.2.1\"]\n"},
	{"keys for a list", IN_A("macs: {a: 1}, ips: "), false,
	 "3:47: ports.p.lans.a.macs: must be a list, as in [a, b], not keys\n"},
	{"list in a list", IN_A("macs: [[020000000001]], ips: [{a: 1}]"), false,
	 "3:48: ports.p.lans.a.macs[0]: must be a MAC address, such as \"02:00:5e:00:53:01\", not "
	 "a list\n"
	 "3:71: ports.p.lans.a.ips[0]: must be an IP address, such as 192.0.2.1 or "
	 "\"2001:db8::1\", not keys\n"},
	{"no value", LAN("mtu: , profile: , pass-tagged: ''"), false,
	 "2:17: lans.a.mtu: there is no value; write a whole number from 576 to 9216\n"
	 "2:28: lans.a.profile: there is no value; write open or exchange\n"
	 "2:43: lans.a.pass-tagged: there is no value; write yes or no\n"},
	{"no value in a list", IN_A("macs: ['', ~]"), false,
	 "3:48: ports.p.lans.a.macs[0]: there is no value; write a MAC address, such as "
	 "\"02:00:5e:00:53:01\"\n"
	 "3:52: ports.p.lans.a.macs[1]: \"~\" is not right; write a MAC address, such as "
	 "\"02:00:5e:00:53:01\"\n"},
	{"names that are none",
	 "lans: {a b: , '': , \303\244: , aaaaaaaaaabbbbbbbbbbccccccccccdd: }\n"
	 "ports: {}\n",
	 false,
	 "2:8: lans.a b: not a name; use letters, digits, '.', '_' and '-', at most 31 of them\n"
	 "2:15: lans.: not a name; use letters, digits, '.', '_' and '-', at most 31 of them\n"
	 "2:21: lans.\303\244: not a name; use letters, digits, '.', '_' and '-', at most 31 of "
	 "them\n"
	 "2:26: lans.aaaaaaaaaabbbbbbbbbbccccccccccdd: not a name; use letters, digits, '.', '_' "
	 "and '-', at most 31 of them\n"},
	{"name as long as can be",
	 "lans: {aaaaaaaaaabbbbbbbbbbccccccccccd: , Az09._-: }\n"
	 "ports: {}\n",
	 true, ""},
	{"isolation group", PORT("isolation: 'a b'"), false,
	 "3:9: ports.p: warning: in no LAN, so it forwards nothing; name its LANs under lans:\n"
	 "3:41: ports.p.isolation: \"a b\" is not right; write a name of letters, digits, '.', '_' "
	 "and '-', at most 31\n"},
	{"numbers that are none",
	 LAN("mtu: 1.5e3, vlan: 0x10, fdb-size: 16k, learn-limit: -1, ageing: Never"), false,
	 "2:17: lans.a.mtu: \"1.5e3\" is not right; write a whole number from 576 to 9216\n"
	 "2:30: lans.a.vlan: \"0x10\" is not right; write a whole number from 1 to 4094\n"
	 "2:46: lans.a.fdb-size: \"16k\" is not right; write a whole number from 16 to 1048576\n"
	 "2:64: lans.a.learn-limit: \"-1\" is not right; write a whole number from 1 to 1048576\n"
	 "2:76: lans.a.ageing: \"Never\" is not right; write a whole number from 10 to 1000000, or "
	 "never\n"},
	{"numbers that begin with a zero", LAN("mtu: 01500, vlan: 010"), false,
	 "2:17: lans.a.mtu: \"01500\" begins with a zero; write a whole number from 576 to 9216\n"
	 "2:30: lans.a.vlan: \"010\" begins with a zero; write a whole number from 1 to 4094\n"},
	{"numbers too low", LAN("mtu: 575, vlan: 0, fdb-size: 15, learn-limit: 0, ageing: 9"),
	 false,
	 "2:17: lans.a.mtu: \"575\" is out of range; write a whole number from 576 to 9216\n"
	 "2:28: lans.a.vlan: \"0\" is out of range; write a whole number from 1 to 4094\n"
	 "2:41: lans.a.fdb-size: \"15\" is out of range; write a whole number from 16 to 1048576\n"
	 "2:58: lans.a.learn-limit: \"0\" is out of range; write a whole number from 1 to 1048576\n"
	 "2:69: lans.a.ageing: \"9\" is out of range; write a whole number from 10 to 1000000, or "
	 "never\n"},
	{"numbers too high",
	 LAN("mtu: 9217, vlan: 4095, fdb-size: 1048577, learn-limit: 99999999999999999999, ageing: "
	     "1000001"),
	 false,
	 "2:17: lans.a.mtu: \"9217\" is out of range; write a whole number from 576 to 9216\n"
	 "2:29: lans.a.vlan: \"4095\" is out of range; write a whole number from 1 to 4094\n"
	 "2:45: lans.a.fdb-size: \"1048577\" is out of range; write a whole number from 16 to "
	 "1048576\n"
	 "2:67: lans.a.learn-limit: \"99999999999999999999\" is out of range; write a whole number "
	 "from 1 to 1048576\n"
	 "2:97: lans.a.ageing: \"1000001\" is out of range; write a whole number from 10 to "
	 "1000000, or never\n"},
	{"numbers at their lowest",
	 LAN("mtu: 576, vlan: 1, fdb-size: 16, learn-limit: 1, ageing: 10"), true, ""},
	{"numbers at their highest",
	 LAN("mtu: 9216, vlan: 4094, fdb-size: 1048576, learn-limit: 1048576, ageing: 1000000"),
	 true, ""},
	{"numbers of a port",
	 PORT("queues: 17, learn-limit: 67108865, mtu: 100, member: {asn: AS64496}, lans: {a: }"),
	 false,
	 "3:38: ports.p.queues: \"17\" is out of range; write a whole number from 1 to 16\n"
	 "3:55: ports.p.learn-limit: \"67108865\" is out of range; write a whole number from 1 to "
	 "67108864\n"
	 "3:70: ports.p.mtu: \"100\" is out of range; write a whole number from 576 to 9216\n"
	 "3:89: ports.p.member.asn: \"AS64496\" is not right; write a whole number from 1 to "
	 "4294967294\n"},
	{"AS numbers",
	 "lans: {}\n"
	 "ports: {p: {device: 'tap:p', member: {asn: 4294967295}, lans: {}}, q: {device: 'tap:q', "
	 "member: {asn: 0}}}\n",
	 false,
	 "3:9: ports.p: warning: in no LAN, so it forwards nothing; name its LANs under lans:\n"
	 "3:44: ports.p.member.asn: \"4294967295\" is out of range; write a whole number from 1 to "
	 "4294967294\n"
	 "3:68: ports.q: warning: in no LAN, so it forwards nothing; name its LANs under lans:\n"
	 "3:103: ports.q.member.asn: \"0\" is out of range; write a whole number from 1 to "
	 "4294967294\n"},
	{"number of the fabric",
	 "fabric: {learn-limit: 0}\n"
	 "lans: {}\n"
	 "ports: {}\n",
	 false,
	 "2:23: fabric.learn-limit: \"0\" is out of range; write a whole number from 1 to "
	 "67108864\n"},
	{"words", LAN("profile: Exchange, drop-hijack: maybe, pass-tagged: 1"), false,
	 "2:21: lans.a.profile: \"Exchange\" is not right; write open or exchange\n"
	 "2:44: lans.a.drop-hijack: \"maybe\" is not right; write yes or no\n"
	 "2:64: lans.a.pass-tagged: \"1\" is not right; write yes or no\n"},
	{"all words for yes and no",
	 LAN("drop-hijack: True, pass-tagged: OFF, flood-unknown-unicast: on"), true, ""},
	{"admin", PORT("admin: yes, lans: {a: }"), false,
	 "3:37: ports.p.admin: \"yes\" is not right; write down or up\n"},
	{"long texts",
	 "fabric: {name: xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx}\n"
	 "lans: {}\n"
	 "ports: {}\n",
	 false, "2:16: fabric.name: too long (64 octets); write at most 63 octets\n"},
	{"text of two lines",
	 PORT("description: \"a\\nb\", member: {name: \"\\x1b[2J\"}, lans: {a: }"), false,
	 "3:43: ports.p.description: there is a control character or a line break; write a line of "
	 "text of at most 255 octets\n"
	 "3:66: ports.p.member.name: there is a control character or a line break; write a line of "
	 "text of at most 127 octets\n"},
	{"text with a control character of Unicode", PORT("description: \"a\\x9bb\", lans: {a: }"),
	 false,
	 "3:43: ports.p.description: there is a control character or a line break; write a line of "
	 "text of at most 255 octets\n"},
	{"empty text", PORT("description: '', lans: {a: }"), false,
	 "3:43: ports.p.description: there is no value; write a line of text of at most 255 "
	 "octets\n"},
	{"device",
	 "lans: {a: {profile: open}}\n"
	 "ports: {p: {device: eth1, lans: {a: }}, q: {device: 'iface:x,mode=fast', lans: {a: }}}\n",
	 false,
	 "3:21: ports.p.device: \"eth1\" does not say what kind of device it is; begin it with "
	 "pci:, iface:, memif:, vhost:, tap: or devargs:, or write lag\n"
	 "3:53: ports.q.device: mode=fast: write xdp or packet\n"},
	{"MACs that are none",
	 IN_A("macs: [02:00:00:00:00, 01:00:5e:00:00:01, 00:00:00:00:00:00, "
	      "\"ff:ff:ff:ff:ff:ff\"]"),
	 false,
	 "3:48: ports.p.lans.a.macs[0]: \"02:00:00:00:00\" is not right; write a MAC address, such "
	 "as \"02:00:5e:00:53:01\"\n"
	 "3:64: ports.p.lans.a.macs[1]: \"01:00:5e:00:00:01\" is a group address; a station's MAC "
	 "has an even first octet\n"
	 "3:83: ports.p.lans.a.macs[2]: \"00:00:00:00:00:00\" belongs to nobody; write the MAC of "
	 "a station\n"
	 "3:102: ports.p.lans.a.macs[3]: \"ff:ff:ff:ff:ff:ff\" is a group address; a station's MAC "
	 "has an even first octet\n"},
	{"every spelling of a MAC",
	 IN_A("macs: [02:00:00:00:00:01, 02-00-00-00-00-02, 0200.0000.0003, 020000000004]"), true,
	 ""},
	{"MAC twice in a list", IN_A("macs: [02:00:00:00:00:01, 0200.0000.0001]"), false,
	 "3:67: ports.p.lans.a.macs[1]: 02:00:00:00:00:01 is used twice in LAN \"a\", first at "
	 "port \"p\" on line 3; only one port may have it\n"},
	{"MAC three times in a LAN, and in another",
	 "lans: {a: {profile: open}, b: {profile: open, vlan: 2}}\n"
	 "ports:\n"
	 "  p: {device: 'tap:p', lans: {a: {macs: [020000000001]}, b: {macs: [020000000001], "
	 "tagged: yes}}}\n"
	 "  q: {device: 'tap:q', lans: {a: {macs: [020000000001]}}}\n"
	 "  r: {device: 'tap:r', lans: {a: {macs: [020000000001]}}}\n",
	 false,
	 "5:42: ports.q.lans.a.macs[0]: 02:00:00:00:00:01 is used twice in LAN \"a\", first at "
	 "port \"p\" on line 4; only one port may have it\n"
	 "6:42: ports.r.lans.a.macs[0]: 02:00:00:00:00:01 is used twice in LAN \"a\", first at "
	 "port \"p\" on line 4; only one port may have it\n"},
	{"VRRP", IN_A("macs: [00:00:5e:00:01:07, 00:00:5e:00:02:07, 00:00:5e:00:53:07]"), true,
	 "3:48: ports.p.lans.a.macs[0]: warning: \"00:00:5e:00:01:07\" is a VRRP address, which "
	 "moves between routers; write the router's own\n"
	 "3:67: ports.p.lans.a.macs[1]: warning: \"00:00:5e:00:02:07\" is a VRRP address, which "
	 "moves between routers; write the router's own\n"},
	{"IPs that are none", IN_A("ips: [192.0.2, 192.0.2.1/24, \"2001:db8::g\"]"), false,
	 "3:47: ports.p.lans.a.ips[0]: \"192.0.2\" is not right; write an IP address, such as "
	 "192.0.2.1 or \"2001:db8::1\"\n"
	 "3:56: ports.p.lans.a.ips[1]: \"192.0.2.1/24\" is not right; write an IP address, such as "
	 "192.0.2.1 or \"2001:db8::1\"\n"
	 "3:70: ports.p.lans.a.ips[2]: \"2001:db8::g\" is not right; write an IP address, such as "
	 "192.0.2.1 or \"2001:db8::1\"\n"},
	{"IP outside its LAN", IN_A("ips: [198.51.100.1, '2001:db8:1::1']"), false,
	 "3:47: ports.p.lans.a.ips[0]: 198.51.100.1 is outside LAN \"a\"; write one of "
	 "192.0.2.0/24, 2001:db8::/64\n"
	 "3:61: ports.p.lans.a.ips[1]: 2001:db8:1::1 is outside LAN \"a\"; write one of "
	 "192.0.2.0/24, 2001:db8::/64\n"},
	{"IP in a LAN without prefixes", PORT("lans: {a: {ips: [192.0.2.1]}}"), false,
	 "3:47: ports.p.lans.a.ips[0]: LAN \"a\" has no prefixes; give it some, or drop "
	 "192.0.2.1\n"},
	{"first and last address",
	 IN_A("ips: [192.0.2.0, 192.0.2.255, '2001:db8::', '2001:db8::ffff:ffff:ffff:ffff']"),
	 false,
	 "3:47: ports.p.lans.a.ips[0]: 192.0.2.0 is the first address of 192.0.2.0/24, which no "
	 "member can have\n"
	 "3:58: ports.p.lans.a.ips[1]: 192.0.2.255 is the broadcast address of 192.0.2.0/24, which "
	 "no member can have\n"
	 "3:71: ports.p.lans.a.ips[2]: 2001:db8:: is the first address of 2001:db8::/64, which no "
	 "member can have\n"},
	{"IP twice",
	 "lans: {a: {profile: open, prefixes: [192.0.2.0/24, '2001:db8::/64']}}\n"
	 "ports:\n"
	 "  p: {device: 'tap:p', lans: {a: {ips: [192.0.2.1, '2001:db8::1', '2001:db8:0::1']}}}\n"
	 "  q: {device: 'tap:q', lans: {a: {ips: [192.0.2.1]}}}\n",
	 false,
	 "4:67: ports.p.lans.a.ips[2]: 2001:db8::1 is used twice in LAN \"a\", first at port \"p\" "
	 "on line 4; only one port may have it\n"
	 "5:41: ports.q.lans.a.ips[0]: 192.0.2.1 is used twice in LAN \"a\", first at port \"p\" "
	 "on line 4; only one port may have it\n"},
	{"prefixes that are none",
	 LAN("prefixes: [192.0.2.0, 192.0.2.1/24, 192.0.2.0/33, \"2001:db8::1/64\"]"), false,
	 "2:23: lans.a.prefixes[0]: \"192.0.2.0\" is not right; write a prefix, such as "
	 "192.0.2.0/24 or \"2001:db8::/64\"\n"
	 "2:34: lans.a.prefixes[1]: \"192.0.2.1/24\" has bits behind its length; write "
	 "192.0.2.0/24\n"
	 "2:48: lans.a.prefixes[2]: \"192.0.2.0/33\" is not right; write a prefix, such as "
	 "192.0.2.0/24 or \"2001:db8::/64\"\n"
	 "2:62: lans.a.prefixes[3]: \"2001:db8::1/64\" has bits behind its length; write "
	 "2001:db8::/64\n"},
	{"prefixes of no use",
	 LAN("prefixes: [10.0.0.0/8, 192.0.2.1/32, 224.0.0.0/24, 127.0.0.0/16, '2001::/16', "
	     "'2001:db8::1/128', 'fe80::/64', 'ff02::/64', '::/64']"),
	 false,
	 "2:23: lans.a.prefixes[0]: 10.0.0.0/8: an IPv4 prefix of a LAN is a /16 to a /31\n"
	 "2:35: lans.a.prefixes[1]: 192.0.2.1/32: an IPv4 prefix of a LAN is a /16 to a /31\n"
	 "2:49: lans.a.prefixes[2]: 224.0.0.0/24: no station can have these\n"
	 "2:63: lans.a.prefixes[3]: 127.0.0.0/16: no station can have these\n"
	 "2:77: lans.a.prefixes[4]: 2001::/16: an IPv6 prefix of a LAN is a /32 to a /127\n"
	 "2:90: lans.a.prefixes[5]: 2001:db8::1/128: an IPv6 prefix of a LAN is a /32 to a /127\n"
	 "2:90: lans.a.prefixes[5]: overlaps with 2001::/16; a LAN's prefixes are apart\n"
	 "2:109: lans.a.prefixes[6]: fe80::/64: members need addresses of global or unique local "
	 "scope\n"
	 "2:122: lans.a.prefixes[7]: ff02::/64: members need addresses of global or unique local "
	 "scope\n"
	 "2:135: lans.a.prefixes[8]: ::/64: members need addresses of global or unique local "
	 "scope\n"},
	{"prefixes that overlap",
	 LAN("prefixes: [192.0.2.0/24, 192.0.2.128/25, '2001:db8::/64', '2001:db8::/48', "
	     "192.0.2.0/24]"),
	 false,
	 "2:37: lans.a.prefixes[1]: overlaps with 192.0.2.0/24; a LAN's prefixes are apart\n"
	 "2:70: lans.a.prefixes[3]: overlaps with 2001:db8::/64; a LAN's prefixes are apart\n"
	 "2:87: lans.a.prefixes[4]: overlaps with 192.0.2.0/24; a LAN's prefixes are apart\n"},
	{"no prefixes", LAN("prefixes: []"), false,
	 "2:22: lans.a.prefixes: an empty list; leave the key out or write 1 or more\n"},
	{"unreadable prefix hides no other mistake and makes none",
	 "lans: {a: {profile: open, prefixes: [x]}}\n"
	 "ports: {p: {device: 'tap:p', lans: {a: {ips: [192.0.2.1, 192.0.2.1]}}}}\n",
	 false,
	 "2:38: lans.a.prefixes[0]: \"x\" is not right; write a prefix, such as 192.0.2.0/24 or "
	 "\"2001:db8::/64\"\n"
	 "3:58: ports.p.lans.a.ips[1]: 192.0.2.1 is used twice in LAN \"a\", first at port \"p\" "
	 "on line 3; only one port may have it\n"},
	{"same VLAN",
	 "lans: {a: {vlan: 5}, b: {vlan: 6}, c: {vlan: 5}}\n"
	 "ports: {}\n",
	 false, "2:46: lans.c.vlan: LAN \"a\" has VLAN 5 already; give each its own\n"},
	{"unknown LANs", PORT("lans: {A: , peering: {macs: [x]}}"), false,
	 "3:37: ports.p.lans.A: there is no such LAN; add it under lans:\n"
	 "3:42: ports.p.lans.peering: there is no such LAN; add it under lans:\n"
	 "3:59: ports.p.lans.peering.macs[0]: \"x\" is not right; write a MAC address, such as "
	 "\"02:00:5e:00:53:01\"\n"},
	{"tagged without a VLAN", PORT("lans: {a: {tagged: yes}, b: {tagged: yes}}"), false,
	 "3:37: ports.p.lans.a: tagged, but without a VLAN; write vlan: here or at the LAN\n"},
	{"untagged with a VLAN", PORT("lans: {a: {vlan: 7}}"), false,
	 "3:47: ports.p.lans.a.vlan: an untagged LAN has no VLAN; write tagged: yes, or drop the "
	 "VLAN\n"},
	{"two untagged", PORT("lans: {a: , b: }"), false,
	 "3:42: ports.p.lans.b: LAN \"a\" is untagged here already; write tagged: yes for one\n"},
	{"same tag", PORT("lans: {a: {tagged: yes, vlan: 20}, b: {tagged: yes}}"), false,
	 "3:65: ports.p.lans.b: LAN \"a\" has tag 20 here already; write another vlan:\n"},
	{"same tag, own", PORT("lans: {b: {tagged: yes}, a: {tagged: yes, vlan: 20}}"), false,
	 "3:78: ports.p.lans.a: LAN \"b\" has tag 20 here already; write another vlan:\n"},
	{"VLAN of a LAN that is unreadable",
	 "lans: {a: {profile: open, vlan: 5000}}\n"
	 "ports: {p: {device: 'tap:p', lans: {a: {tagged: yes}}}}\n",
	 false,
	 "2:33: lans.a.vlan: \"5000\" is out of range; write a whole number from 1 to 4094\n"},
	{"learn-limit above fdb-size", LAN("fdb-size: 1024, learn-limit: 1025"), false,
	 "2:41: lans.a.learn-limit: 1025 is above fdb-size; write at most 1024\n"},
	{"learn-limit above the usual fdb-size", LAN("learn-limit: 16385"), false,
	 "2:25: lans.a.learn-limit: 16385 is above fdb-size; write at most 16384\n"},
	{"more MACs than the table has room for",
	 "lans: {a: {profile: open, fdb-size: 16}}\n"
	 "ports: {p: {device: 'tap:p', lans: {a: {macs: [020000000001, 020000000002, 020000000003, "
	 "020000000004, 020000000005, 020000000006, 020000000007, 020000000008, 020000000009, "
	 "02000000000a, 02000000000b, 02000000000c, 02000000000d, 02000000000e, 02000000000f, "
	 "020000000010, 020000000011]}}}}\n",
	 false,
	 "2:8: lans.a.fdb-size: 16 is too small for the 17 registered and reserved "
	 "MACs; write at least 17\n"},
	{"port MTU below the LAN's",
	 "lans: {a: {profile: open, mtu: 9000}}\n"
	 "ports: {p: {device: 'tap:p', mtu: 1500, lans: {a: }}}\n",
	 false, "3:35: ports.p.mtu: 1500 is below the MTU of LAN \"a\"; write 9000 or more\n"},
	{"MTU above AF_XDP's",
	 "lans: {a: {profile: open, mtu: 9000}, b: {profile: open, mtu: 3498}}\n"
	 "ports:\n"
	 "  p: {device: 'iface:p', lans: {a: }}\n"
	 "  q: {device: 'iface:q,mode=xdp', mtu: 9000, lans: {a: }}\n"
	 "  r: {device: 'iface:r,mode=packet', lans: {a: }}\n"
	 "  s: {device: 'iface:s', lans: {b: }}\n",
	 false,
	 "4:15: ports.p.mtu: warning: AF_XDP carries an MTU of at most 3498, so this port will use "
	 "the slower AF_PACKET\n"
	 "5:40: ports.q.mtu: AF_XDP carries an MTU of at most 3498; lower it, or drop mode=xdp\n"},
	{"same device",
	 "lans: {a: {profile: open}}\n"
	 "ports:\n"
	 "  p: {device: 'pci:01:00.0', lans: {a: }}\n"
	 "  q: {device: 'pci:0000:01:00.0', lans: {a: }}\n"
	 "  r: {device: 'memif:/m,id=1', lans: {a: }}\n"
	 "  s: {device: 'memif:/m,id=2', lans: {a: }}\n",
	 false,
	 "5:15: ports.q.device: port \"p\" has this device already; each port has its own\n"},
	{"port in no LAN",
	 "lans: {}\n"
	 "ports: {p: {device: 'tap:p'}}\n",
	 true,
	 "3:9: ports.p: warning: in no LAN, so it forwards nothing; name its LANs under lans:\n"},
	{"member of an exchange without MACs",
	 "lans: {a: }\n"
	 "ports: {p: {device: 'tap:p', lans: {a: }}, q: {device: 'tap:q', lans: {a: "
	 "{port-security: {mode: learn}}}}}\n",
	 true,
	 "3:37: ports.p.lans.a: warning: no MACs are registered, so it may send nothing; list them "
	 "in macs, or write port-security: {mode: learn}\n"},
	{"rates that are none",
	 "lans: {a: {storm-control: {broadcast: 100, multicast: 0 %, flooded: [1 %]}}}\n"
	 "ports: {}\n",
	 false,
	 "2:39: lans.a.storm-control.broadcast: \"100\" is not right; write a rate, such as 100 "
	 "frames/s, 1 Mb/s (k, M or G) or 0.01 %, or none\n"
	 "2:55: lans.a.storm-control.multicast: \"0 %\" is not right; write a rate, such as 100 "
	 "frames/s, 1 Mb/s (k, M or G) or 0.01 %, or none\n"
	 "2:69: lans.a.storm-control.flooded: must be a rate, such as 100 frames/s, 1 Mb/s (k, M "
	 "or G) or 0.01 %, or none, not a list\n"},
	{"ethertypes that are none",
	 "lans: {a: {admission: {ethertypes: [ipv5, 0x8100, 0x05ff, 0x88b5, arp, 0x0806]}}, "
	 "b: {admission: {ethertypes: ipv4}}, c: {admission: {ethertypes: []}}}\n"
	 "ports: {}\n",
	 false,
	 "2:37: lans.a.admission.ethertypes[0]: \"ipv5\" is not right; write an ethertype, such as "
	 "ipv4, arp, ipv6 or 0x88cc\n"
	 "2:43: lans.a.admission.ethertypes[1]: \"0x8100\" is a tag; tags are the business of "
	 "tagged: and vlan:\n"
	 "2:51: lans.a.admission.ethertypes[2]: \"0x05ff\" is a length, and no ethertype; those "
	 "begin at 0x0600\n"
	 "2:59: lans.a.admission.ethertypes[3]: \"0x88b5\" is the fabric's own, for its loop "
	 "probes\n"
	 "2:72: lans.a.admission.ethertypes[5]: \"0x0806\" is given twice\n"
	 "2:111: lans.b.admission.ethertypes: must be any, or a list, as in [ipv4, arp, ipv6], not "
	 "a single value\n"
	 "2:147: lans.c.admission.ethertypes: an empty list, so nothing would pass; write what is "
	 "to pass, or any\n"},
	{"more ethertypes than there is room for",
	 "lans: {a: {admission: {ethertypes: [0x0601, 0x0602, 0x0603, 0x0604, 0x0605, 0x0606, "
	 "0x0607, 0x0608, 0x0609, 0x0610, 0x0611, 0x0612, 0x0613, 0x0614, 0x0615, 0x0616, "
	 "0x0617]}}}\n"
	 "ports: {}\n",
	 false, "2:165: lans.a.admission.ethertypes: too many; at most 16\n"},
	{"more MACs than port security takes",
	 "lans: {a: , b: {port-security: {mode: learn}}, c: {port-security: {limit: 3}}}\n"
	 "ports:\n"
	 "  p: {device: 'tap:p', lans: {a: {macs: [020000000001, 020000000002, 020000000003]}}}\n"
	 "  q: {device: 'tap:q', lans: {b: {macs: [020000000001, 020000000002]}}}\n"
	 "  r: {device: 'tap:r', lans: {c: {macs: [020000000001, 020000000002, 020000000003]}}}\n"
	 "  s: {device: 'tap:s', lans: {b: {macs: [020000000004, 020000000005], port-security: "
	 "{limit: 2}}}}\n",
	 false,
	 "4:70: ports.p.lans.a.macs[2]: port-security takes at most 2 here; write port-security: "
	 "{limit: 3}, or drop some\n"
	 "5:56: ports.q.lans.b.macs[1]: port-security takes at most 1 here; write port-security: "
	 "{limit: 2}, or drop some\n"},
	{"MACs that are reserved",
	 "lans: {a: {reserved-macs: [020000000001, 020000000002, 020000000001, 010000000001]}, b: "
	 "}\n"
	 "ports: {p: {device: 'tap:p', lans: {a: {macs: [02-00-00-00-00-02]}, b: {tagged: yes, "
	 "vlan: 1, macs: [020000000002]}}}}\n",
	 false,
	 "2:56: lans.a.reserved-macs[2]: 02:00:00:00:00:01 is given twice\n"
	 "2:70: lans.a.reserved-macs[3]: \"010000000001\" is a group address; a station's MAC has "
	 "an even first octet\n"
	 "3:48: ports.p.lans.a.macs[0]: 02:00:00:00:00:02 is reserved in LAN \"a\"; no member may "
	 "have it\n"},
	{"more reserved MACs than the table has room for",
	 "lans: {a: {fdb-size: 16, reserved-macs: [020000000001, 020000000002, 020000000003, "
	 "020000000004, 020000000005, 020000000006, 020000000007, 020000000008, 020000000009, "
	 "020000000010, 020000000011, 020000000012, 020000000013, 020000000014, 020000000015, "
	 "020000000016]}}\n"
	 "ports: {p: {device: 'tap:p', lans: {a: {macs: [020000000017]}}}}\n",
	 false,
	 "2:8: lans.a.fdb-size: 16 is too small for the 17 registered and reserved MACs; write at "
	 "least 17\n"},
	{"quarantine without a monitor",
	 "lans: {a: , b: }\n"
	 "ports:\n"
	 "  p: {device: 'tap:p', quarantine: yes, lans: {a: {macs: [020000000001]}}}\n"
	 "  q: {device: 'tap:q', quarantine: yes}\n"
	 "  r: {device: 'tap:r', quarantine: yes, lans: {b: {monitor: yes, macs: "
	 "[020000000001]}}}\n",
	 false,
	 "4:36: ports.p.quarantine: nobody would see what it sends; write monitor: yes in LAN "
	 "\"a\" at the port that watches\n"
	 "5:3: ports.q: warning: in no LAN, so it forwards nothing; name its LANs under lans:\n"
	 "5:36: ports.q.quarantine: in no LAN, so there is nothing to be kept out of; name its "
	 "LANs under lans:\n"
	 "6:36: ports.r.quarantine: it is the monitor of LAN \"b\"; who watches cannot be in "
	 "quarantine\n"},
	{"names of quarantines",
	 "lans: {a: , a.quarantine: , exactly-twenty-chars: , more-than-twenty-chars: }\n"
	 "ports:\n"
	 "  p: {device: 'tap:p', lans: {a: {monitor: yes, macs: [020000000001]}}}\n"
	 "  q: {device: 'tap:q', lans: {exactly-twenty-chars: {monitor: yes, macs: "
	 "[020000000001]}}}\n"
	 "  r: {device: 'tap:r', lans: {more-than-twenty-chars: {monitor: yes, macs: "
	 "[020000000001]}}}\n",
	 false,
	 "4:31: ports.p.lans.a.monitor: the LAN's quarantine is named a.quarantine, and so is "
	 "another LAN; rename that one\n"
	 "6:31: ports.r.lans.more-than-twenty-chars.monitor: the LAN's quarantine is named "
	 "more-than-twenty-chars.quarantine, which is too long; give the LAN a name of at most 20 "
	 "letters\n"},
};

Test(config_complaints, of_what_is_no_configuration)
{
	expect_complaints(documents, sizeof(documents) / sizeof(*documents), "");
}

Test(config_complaints, of_what_is_wrong_in_one)
{
	expect_complaints(configurations, sizeof(configurations) / sizeof(*configurations),
			  "version: 1\n");
}

Test(config_complaints, of_a_zero_octet)
{
	char complaints[1024];

	cr_expect(!complaints_of("version: 1\n\0", 12, complaints, sizeof(complaints)));
	cr_expect_str_eq(complaints, "2:1: not a text file in UTF-8: control characters are not "
				     "allowed (0x00)\n");
}

// A text that grows.
struct growing {
	char *text;
	size_t length;
	FILE *stream;
};

static FILE *grow(struct growing *growing)
{
	growing->stream = open_memstream(&growing->text, &growing->length);
	cr_assert_not_null(growing->stream);
	return growing->stream;
}

static bool complaints_of_grown(struct growing *growing, char *complaints, size_t size)
{
	fclose(growing->stream);
	bool good = complaints_of(growing->text, growing->length, complaints, size);
	free(growing->text);
	return good;
}

Test(config_complaints, of_a_hundred_and_a_count_of_the_rest)
{
	char complaints[16384];
	struct growing g;
	size_t lines = 0;

	FILE *stream = grow(&g);
	fprintf(stream, "version: 1\nlans: {a: }\nports:\n");
	for (int i = 0; i < 130; i++) // a warning each, on the lines before the errors
		fprintf(stream, "  p%d: {device: 'tap:t%d', lans: {a: }}\n", i, i);
	for (int i = 0; i < 99; i++)
		fprintf(stream, "k%d: x\n", i);
	cr_expect(!complaints_of_grown(&g, complaints, sizeof(complaints)));
	for (const char *c = complaints; *c; c++)
		lines += *c == '\n';
	cr_expect_eq(lines, 101, "%zu", lines);
	cr_expect(strncmp(complaints, "4:33: ports.p0.lans.a: warning: ", 32) == 0, "%s",
		  complaints);
	cr_expect_not_null(strstr(complaints, "\n232:1: k98: unknown key; "), "every error");
	cr_expect_not_null(strstr(complaints, "\n and 130 more\n"), "%s", complaints);
}

#define MORE_DEVICES(place)                                                                     \
	place ": ports.p32: warning: Debian's DPDK takes 32 devices, and this is one more; it " \
	      "needs a DPDK that was built for more\n"

Test(config_complaints, of_too_many_ports)
{
	char complaints[16384];
	struct growing g;

	FILE *stream = grow(&g);
	fprintf(stream, "version: 1\nlans: {a: {profile: open}}\nports:\n");
	for (int i = 0; i < MAX_PORTS + 2; i++)
		fprintf(stream, "  p%d: {device: 'tap:t%d', lans: {a: }}\n", i, i);
	cr_expect(!complaints_of_grown(&g, complaints, sizeof(complaints)));
	cr_expect_str_eq(complaints,
			 MORE_DEVICES("36:3") "1027:3: ports: too many; at most 1023\n");
}

Test(config_complaints, of_as_many_ports_and_lans_as_can_be)
{
	char complaints[16384];
	struct growing g;

	FILE *stream = grow(&g);
	fprintf(stream, "version: 1\nlans:\n");
	for (int i = 0; i < MAX_LANS; i++)
		fprintf(stream, "  l%d: {vlan: %d}\n", i, i + 1);
	fprintf(stream, "ports:\n");
	for (int i = 0; i < PORT_FABRIC; i++) {
		fprintf(stream, "  p%d:\n    device: tap:t%d\n    lans:\n", i, i);
		for (int j = 0; j < MAX_LANS / 8; j++)
			fprintf(stream, "      l%d: {tagged: yes, macs: [0200%08x]}\n", j, i);
	}
	cr_expect(complaints_of_grown(&g, complaints, sizeof(complaints)));
	cr_expect_str_eq(complaints, MORE_DEVICES("420:3"));
}

Test(config_complaints, of_too_many_lans)
{
	char complaints[16384];
	struct growing g;

	FILE *stream = grow(&g);
	fprintf(stream, "version: 1\nlans:\n");
	for (int i = 0; i < MAX_LANS + 1; i++)
		fprintf(stream, "  l%d:\n", i);
	fprintf(stream, "ports: {}\n");
	cr_expect(!complaints_of_grown(&g, complaints, sizeof(complaints)));
	cr_expect_str_eq(complaints, "67:3: lans: too many; at most 64\n");
}

Test(config_complaints, of_too_many_lans_and_quarantines)
{
	char complaints[16384];
	struct growing g;

	FILE *stream = grow(&g);
	fprintf(stream, "version: 1\nlans:\n");
	for (int i = 0; i < MAX_LANS; i++)
		fprintf(stream, "  l%d:\n", i);
	fprintf(stream, "ports: {p: {device: 'tap:p', lans: {l9: {monitor: yes, macs: "
			"[020000000001]}}}}\n");
	cr_expect(!complaints_of_grown(&g, complaints, sizeof(complaints)));
	cr_expect_str_eq(complaints,
			 "3:3: lans: with their quarantines these are 65 LANs, and there "
			 "is room for 64; drop some\n");
}

// Every membership with ethertypes of its own.
Test(config_complaints, of_too_many_sets_of_rules)
{
	char complaints[16384];
	struct growing g;

	FILE *stream = grow(&g);
	fprintf(stream, "version: 1\nlans:\n");
	for (int i = 0; i < MAX_LANS; i++)
		fprintf(stream, "  l%d: {profile: open}\n", i);
	fprintf(stream, "ports:\n");
	for (int i = 0; i < MAX_RULES; i++) {
		if (i % MAX_LANS == 0)
			fprintf(stream, "  p%d:\n    device: tap:t%d\n    lans:\n", i, i);
		fprintf(stream,
			"      l%d: {tagged: yes, vlan: %d, admission: {ethertypes: [0x%04x]}}\n",
			i % MAX_LANS, i % MAX_LANS + 1, 0x1000 + i);
	}
	cr_expect(!complaints_of_grown(&g, complaints, sizeof(complaints)));
	cr_expect_str_eq(complaints, "1139:7: ports.p960.lans: no more than 1023 different sets of "
				     "admission rules are possible; let more members have the "
				     "same\n");
}

Test(config_complaints, of_too_many_values)
{
	char complaints[16384];
	struct growing g;

	FILE *stream = grow(&g);
	fprintf(stream, "version: 1\nlans: {a: {profile: open}}\nports:\n");
	fprintf(stream, "  p: {device: 'tap:p', lans: {a: {macs: [\n");
	for (int i = 0; i < 1025; i++)
		fprintf(stream, "0200%08x,\n", i);
	fprintf(stream, "]}}}\n");
	cr_expect(!complaints_of_grown(&g, complaints, sizeof(complaints)));
	cr_expect_str_eq(complaints, "1029:1: ports.p.lans.a.macs: too many; at most 1024\n");
}

Test(config_complaints, of_more_than_any_configuration_has)
{
	char complaints[16384];
	struct growing g;

	FILE *stream = grow(&g);
	fprintf(stream, "version: [");
	for (int i = 0; i < 600000; i++)
		fprintf(stream, "a,");
	cr_expect(!complaints_of_grown(&g, complaints, sizeof(complaints)));
	cr_expect_str_eq(complaints, "1:1000005: more values than any configuration needs\n");
}

Test(config_complaints, of_a_flood_of_mistakes)
{
	char complaints[16384];
	struct growing g;

	FILE *stream = grow(&g);
	for (int i = 0; i < 20000; i++)
		fprintf(stream, "k: 1\n");
	cr_expect(!complaints_of_grown(&g, complaints, sizeof(complaints)));
	cr_expect_not_null(strstr(complaints, "\n and 19903 more\n"), "%s", complaints);
}

// A file of "octets" zeros, as a hole.
static void write_zeros(char *path, off_t octets)
{
	int fd = mkstemp(path);

	cr_assert_geq(fd, 0);
	cr_assert_eq(ftruncate(fd, octets), 0);
	close(fd);
}

static const struct {
	off_t octets;
	const char *complaint;
} sizes[] = {
	{0, ":1:1: the file is empty; it begins with version: 1"},
	{CONFIG_FILE_MAX,
	 ":1:1: not a text file in UTF-8: control characters are not allowed (0x00)"},
	{CONFIG_FILE_MAX + 1, ": larger than 4 MiB; no configuration needs so much"},
	{10 << 20, ": larger than 4 MiB; no configuration needs so much"},
};

Test(config_complaints, of_the_size_of_a_file)
{
	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		char path[] = "/tmp/ixfab-test-config-XXXXXX";
		struct config_errors errors;

		write_zeros(path, sizes[i].octets);
		cr_expect_null(config_read_file(path, &errors));
		unlink(path);
		cr_assert_eq(errors.n, 1);
		cr_expect_str_eq(errors.lines[0] + strlen(path), sizes[i].complaint);
		config_errors_free(&errors);
	}
}

static const struct {
	const char *path, *complaint;
} unreadable[] = {
	{"/nonexistent/x", "/nonexistent/x: cannot be read: No such file or directory"},
	{"/tmp", "/tmp: cannot be read: Is a directory"},
};

Test(config_complaints, of_files_that_cannot_be_read)
{
	for (size_t i = 0; i < sizeof(unreadable) / sizeof(*unreadable); i++) {
		struct config_errors errors;

		cr_expect_null(config_read_file(unreadable[i].path, &errors));
		cr_assert_eq(errors.n, 1);
		cr_expect_str_eq(errors.lines[0], unreadable[i].complaint);
		config_errors_free(&errors);
	}
}
