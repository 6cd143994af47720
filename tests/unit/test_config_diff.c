// SPDX-License-Identifier: BSD-3-Clause
#include "control/config/diff.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "tests/support/good_config.h"

// What every configuration here begins with, and the rest of a row is put behind.
#define LANS                                                         \
	"lans:\n"                                                    \
	"  a: {profile: open, vlan: 10, prefixes: [192.0.2.0/24]}\n" \
	"  b: {profile: open, vlan: 20}\n"
#define IN_A(more)	    "ports: {p: {device: 'iface:p', lans: {a: {" more "}}}}\n"
#define PORT_WITH(more)	    "ports: {p: {device: 'iface:p', lans: {a: {}}, " more "}}\n"
#define LAN_WITH(key, port) "lans: {a: {" key "}}\nports: {p: {device: 'iface:p', " port "}}\n"

#define LAG(more, links) LANS "ports:\n  l: {device: lag, lans: {a: }, " more "}\n" links
#define LINK_P		 "  p: {device: 'iface:p', lag: l}\n"
#define LINK_Q		 "  q: {device: 'iface:q', lag: l}\n"

static struct config *read_rest(const char *text)
{
	char whole[4096];

	if (!text)
		return NULL;
	snprintf(whole, sizeof(whole), "version: 1\n%s", text);
	return read_config(whole);
}

// The changes a line each: "kind what: detail (impact)".
static void diff_text(const char *old_text, const char *new_text, char *text, size_t size)
{
	struct config *old = read_rest(old_text), *new = read_rest(new_text);
	struct config_changes changes;
	size_t used = 0;

	config_diff(old, new, &changes);
	text[0] = 0;
	for (size_t i = 0; i < changes.n && used < size; i++) {
		const struct config_change *change = &changes.list[i];

		used += (size_t)snprintf(text + used, size - used, "%s %s: %s (%s)\n",
					 change_kind_name(change->kind), change->what,
					 change->detail, change_impact_name(change->impact));
	}
	config_changes_free(&changes);
	config_free(old);
	config_free(new);
}

static const struct {
	const char *name, *old, *new, *changes;
} rows[] = {
	{"the same", LANS IN_A("macs: [020000000001]"), LANS IN_A("macs: [020000000001]"), ""},
	{"written in another way", LANS IN_A("macs: [020000000001]"),
	 "fabric: {}\n" LANS
	 "ports:\n  p:\n    device: iface:p\n    mtu: 1500\n    lans:\n      a:\n"
	 "        macs: [\"02:00:00:00:00:01\"]\n",
	 ""},
	{"other order", "lans: {a: , b: }\nports: {}", "lans: {b: , a: }\nports: {}", ""},
	{"LANs in another order under the same membership",
	 "lans: {a: , b: }\nports: {p: {device: 'tap:p', lans: {b: }}}",
	 "lans: {b: , a: }\nports: {p: {device: 'tap:p', lans: {b: }}}", ""},
	{"from nothing", NULL, "fabric: {name: X}\n" LANS IN_A(""),
	 "change fabric: name none -> X (none)\n"
	 "add lan a: open, mtu 1500 (none)\n"
	 "add lan b: open, mtu 1500 (none)\n"
	 "add port p: iface:p, in a (none)\n"},
	{"fabric", "fabric: {learn-limit: 5}\n" LANS IN_A(""), LANS IN_A(""),
	 "change fabric: learn-limit 5 -> none (none)\n"},

	{"LAG and links from nothing", NULL, LAG("", LINK_P LINK_Q),
	 "add lan a: open, mtu 1500 (none)\nadd lan b: open, mtu 1500 (none)\n"
	 "add port l: lag, in a (none)\n"
	 "add port p: iface:p, link of l (none)\nadd port q: iface:q, link of l (none)\n"},
	{"link added", LAG("", LINK_P), LAG("", LINK_P LINK_Q),
	 "add port q: iface:q, link of l (none)\n"},
	{"link removed", LAG("", LINK_P LINK_Q), LAG("", LINK_P),
	 "remove port q: link of l: its flows move to the others (port)\n"},
	{"LAG removed", LAG("", LINK_P), LANS "ports: {}",
	 "remove port l:  (port)\nremove port p:  (port)\n"},
	{"link down", LAG("", LINK_P LINK_Q),
	 LAG("", LINK_P "  q: {device: 'iface:q', lag: l, admin: down}\n"),
	 "change port q: admin up -> down (port)\n"},
	{"links are what their LAG is", LAG("mtu: 1500", LINK_P LINK_Q),
	 LAG("mtu: 2000, isolation: x, lacp: {}", LINK_P LINK_Q),
	 "change port l: mtu 1500 -> 2000 (port)\nchange port l: isolation none -> x (port)\n"},
	{"lacp", LAG("", LINK_P LINK_Q),
	 LAG("lacp: {mode: passive, rate: fast, min-links: 2}", LINK_P LINK_Q),
	 "change port l: lacp mode active -> passive (none)\n"
	 "change port l: lacp rate slow -> fast (none)\n"
	 "change port l: lacp min-links 1 -> 2 (port)\n"},
	{"less lacp", LAG("lacp: {min-links: 2}", LINK_P LINK_Q),
	 LAG("lacp: {mode: off}", LINK_P LINK_Q),
	 "change port l: lacp mode active -> off (none)\n"
	 "change port l: lacp min-links 2 -> 1 (none)\n"},
	{"more lacp", LAG("lacp: {mode: off}", LINK_P), LAG("", LINK_P),
	 "change port l: lacp mode off -> active (port)\n"},
	{"a port becomes a link",
	 LAG("",
	     LINK_P "  q: {device: 'iface:q', member: {asn: 1}, mtu: 2000, quarantine: no, lans: "
		    "{b: }}\n"),
	 LAG("", LINK_P LINK_Q),
	 "change port q: lag none -> l (port)\nchange port q: asn 1 -> none (none)\n"
	 "change port q: leaves lan b (port)\n"},
	{"a link becomes a port", LAG("", LINK_P LINK_Q),
	 LAG("", LINK_P "  q: {device: 'iface:q', lans: {b: }}\n"),
	 "change port q: lag l -> none (port)\nchange port q: joins lan b untagged (none)\n"},
	{"a port becomes a LAG", LANS "ports:\n  l: {device: 'iface:p', lans: {a: }}\n",
	 LAG("lacp: {rate: fast}", LINK_P),
	 "change port l: device iface:p -> lag (port)\nadd port p: iface:p, link of l (none)\n"},
	{"LAN added and removed", "lans: {a: }\nports: {}", "lans: {c: {mtu: 9000}}\nports: {}",
	 "remove lan a:  (lan)\nadd lan c: exchange, mtu 9000 (none)\n"},
	{"LAN removed with a member", LANS IN_A(""),
	 "lans: {b: {profile: open, vlan: 20}}\nports: {p: {device: 'iface:p'}}",
	 "remove lan a:  (lan)\nchange port p: leaves lan a (port)\n"},
	{"profile and its knobs", LAN_WITH("profile: open", ""), LAN_WITH("profile: exchange", ""),
	 "change lan a: profile open -> exchange (none)\n"
	 "change lan a: flood-unknown-unicast yes -> no (none)\n"
	 "change lan a: drop-hijack no -> yes (none)\n"
	 "change lan a: guard no -> yes (none)\n"
	 "change lan a: pass-tagged yes -> no (none)\n"
	 "change lan a: admission ethertypes any -> [ipv4, arp, ipv6] (lan)\n"
	 "change lan a: admission broadcast any -> arp (lan)\n"
	 "change lan a: admission multicast any -> nd (lan)\n"
	 "change lan a: admission mld yes -> no (lan)\n"
	 "change lan a: admission router-advertisements yes -> no (lan)\n"
	 "change lan a: admission redirects yes -> no (lan)\n"
	 "change lan a: admission directed-broadcast yes -> no (lan)\n"
	 "change lan a: admission check-headers no -> yes (lan)\n"
	 "change lan a: port-security mode open -> registered (lan)\n"
	 "change lan a: storm-control broadcast none -> 0.01 % (none)\n"
	 "change lan a: storm-control multicast none -> 0.01 % (none)\n"
	 "change lan a: storm-control unknown-unicast none -> 0.01 % (none)\n"
	 "change lan a: storm-control flooded none -> 0.1 % (none)\n"
	 "change lan a: storm-control questions none -> 10000 frames/s (none)\n"
	 "change lan a: storm-control unknown-questions none -> 100 frames/s (none)\n"
	 "change lan a: loop-detection interval never -> 5 (none)\n"
	 "change lan a: link-flaps changes never -> 3 (none)\n"
	 "change lan a: duplicate-macs moves never -> 5 (none)\n"},
	{"a rule that lets more pass",
	 LAN_WITH("admission: {ethertypes: [arp]}, port-security: {mode: learn, limit: 5}", ""),
	 LAN_WITH("admission: {ethertypes: [arp, ipv6], mld: yes, check-headers: no}, "
		  "port-security: {mode: open}",
		  ""),
	 "change lan a: admission ethertypes [arp] -> [arp, ipv6] (none)\n"
	 "change lan a: admission mld no -> yes (none)\n"
	 "change lan a: admission check-headers yes -> no (none)\n"
	 "change lan a: port-security mode learn -> open (none)\n"},
	{"what a port has from its LAN is told at the LAN",
	 "lans: {a: {admission: {mld: yes}, violation: {after: 2}}}\n"
	 "ports: {p: {device: 'tap:p', lans: {a: }}, q: {device: 'tap:q', lans: {a: {admission: "
	 "{mld: yes}}}, violation: {after: 2}}}\n",
	 "lans: {a: {violation: {after: 3}}}\n"
	 "ports: {p: {device: 'tap:p', lans: {a: }}, q: {device: 'tap:q', lans: {a: {admission: "
	 "{mld: yes}}}, violation: {after: 4}}}\n",
	 "change lan a: admission mld yes -> no (lan)\n"
	 "change lan a: violation after 2 -> 3 (none)\n"
	 "change port q: violation after 2 -> 4 (none)\n"},
	{"rules of one membership", "lans: {a: }\nports: {p: {device: 'tap:p', lans: {a: }}}\n",
	 "lans: {a: }\nports: {p: {device: 'tap:p', lans: {a: {admission: {ethertypes: [arp, "
	 "ipv4]}, port-security: {mode: learn}}}}}\n",
	 "change port p: learning no -> yes (none)\n"
	 "change port p: lan a: admission ethertypes [ipv4, arp, ipv6] -> [arp, ipv4] (port)\n"
	 "change port p: lan a: port-security mode registered -> learn (none)\n"
	 "change port p: lan a: port-security limit 2 -> 1 (none)\n"},
	{"limits of one port", LANS IN_A(""),
	 LANS PORT_WITH("storm-control: {broadcast: 5 kb/s, action: disable, recovery: never}, "
			"link-flaps: {changes: 4}, runts: drop"),
	 "change port p: storm-control broadcast none -> 5 kb/s (none)\n"
	 "change port p: storm-control action drop -> disable (none)\n"
	 "change port p: storm-control recovery 300 -> never (none)\n"
	 "change port p: link-flaps changes never -> 4 (none)\n"
	 "change port p: runts pass -> drop (port)\n"},
	{"reserved MACs", LAN_WITH("reserved-macs: [020000000001, 020000000002]", ""),
	 LAN_WITH("reserved-macs: [020000000002, 020000000003]", ""),
	 "change lan a: reserved mac 02:00:00:00:00:01 removed (none)\n"
	 "change lan a: reserved mac 02:00:00:00:00:03 added (none)\n"},
	{"into quarantine",
	 "lans: {a: }\nports: {m: {device: 'tap:m', lans: {a: }}, p: {device: 'tap:p', lans: {a: "
	 "}}}\n",
	 "lans: {a: }\nports: {m: {device: 'tap:m', lans: {a: {monitor: yes}}}, p: {device: "
	 "'tap:p', quarantine: yes, lans: {a: }}}\n",
	 "change port m: lan a: becomes the monitor of its quarantine (port)\n"
	 "change port p: goes into quarantine (port)\n"},
	{"out of quarantine",
	 "lans: {a: }\nports: {m: {device: 'tap:m', lans: {a: {monitor: yes}}}, p: {device: "
	 "'tap:p', quarantine: yes, lans: {a: }}}\n",
	 "lans: {a: }\nports: {m: {device: 'tap:m', lans: {a: }}, p: {device: 'tap:p', lans: {a: "
	 "}}}\n",
	 "change port m: lan a: is no longer the monitor of its quarantine (port)\n"
	 "change port p: leaves quarantine (port)\n"},
	{"LAN MTU up", LAN_WITH("mtu: 1500", "mtu: 9000"), LAN_WITH("mtu: 9000", "mtu: 9000"),
	 "change lan a: mtu 1500 -> 9000 (none)\n"},
	{"LAN MTU down", LAN_WITH("mtu: 9000", "mtu: 9000"), LAN_WITH("mtu: 1500", "mtu: 9000"),
	 "change lan a: mtu 9000 -> 1500 (lan)\n"},
	{"LAN MTU that ports follow", LAN_WITH("mtu: 1500", "lans: {a: }"),
	 LAN_WITH("mtu: 2000", "lans: {a: }"),
	 "change lan a: mtu 1500 -> 2000 (none)\nchange port p: mtu 1500 -> 2000 (port)\n"},
	{"LAN VLAN", LAN_WITH("vlan: 5", "lans: {a: {tagged: yes}}"),
	 LAN_WITH("vlan: 6", "lans: {a: {tagged: yes}}"),
	 "change lan a: vlan 5 -> 6 (none)\nchange port p: lan a: tag 5 -> 6 (port)\n"},
	{"LAN VLAN that nobody uses", LAN_WITH("vlan: 5", "lans: {a: }"),
	 LAN_WITH("", "lans: {a: }"), "change lan a: vlan 5 -> none (none)\n"},
	{"prefixes", LAN_WITH("prefixes: [192.0.2.0/25, '2001:db8::/64']", ""),
	 LAN_WITH("prefixes: ['2001:db8::/64', 192.0.2.0/24]", ""),
	 "change lan a: prefix 192.0.2.0/25 removed (none)\n"
	 "change lan a: prefix 192.0.2.0/24 added (none)\n"},
	{"table", LAN_WITH("ageing: 300, fdb-size: 16384", ""),
	 LAN_WITH("ageing: never, fdb-size: 1024, learn-limit: 512", ""),
	 "change lan a: ageing 300 -> never (none)\n"
	 "change lan a: fdb-size 16384 -> 1024 (lan)\n"
	 "change lan a: learn-limit fdb-size -> 512 (none)\n"},

	{"port added and removed", LANS IN_A(""),
	 LANS "ports: {q: {device: 'tap:q', lans: {a: , b: {tagged: yes}}}, r: {device: 'tap:r'}}",
	 "remove port p:  (port)\n"
	 "add port q: tap:q, in a, b (none)\n"
	 "add port r: tap:r, in no lan (none)\n"},
	{"device", LANS "ports: {p: {device: 'tap:p'}}", LANS "ports: {p: {device: 'iface:p'}}",
	 "change port p: device tap:p -> iface:p (port)\n"},
	{"who it is", LANS PORT_WITH("member: {asn: 64496, name: X}"),
	 LANS PORT_WITH("member: {asn: 64497}, description: there"),
	 "change port p: asn 64496 -> 64497 (none)\n"
	 "change port p: member X -> none (none)\n"
	 "change port p: description none -> there (none)\n"},
	{"admin down", LANS IN_A(""), LANS PORT_WITH("admin: down"),
	 "change port p: admin up -> down (port)\n"},
	{"admin up", LANS PORT_WITH("admin: down"), LANS IN_A(""),
	 "change port p: admin down -> up (none)\n"},
	{"MTU and queues", LANS IN_A(""), LANS PORT_WITH("mtu: 2000, queues: 2"),
	 "change port p: mtu 1500 -> 2000 (port)\n"
	 "change port p: queues as many as suit -> 2 (port)\n"},
	{"learning off", LANS IN_A(""), LANS PORT_WITH("learning: no"),
	 "change port p: learning yes -> no (port)\n"},
	{"learning on", LANS PORT_WITH("learning: no"), LANS PORT_WITH("learn-limit: 7"),
	 "change port p: learning no -> yes (none)\n"
	 "change port p: learn-limit none -> 7 (none)\n"},
	{"flooding", LANS IN_A(""),
	 LANS PORT_WITH("flood-unknown-unicast: no, flood-multicast: no"),
	 "change port p: flood-unknown-unicast yes -> no (none)\n"
	 "change port p: flood-multicast yes -> no (none)\n"},
	{"isolation on", LANS IN_A(""), LANS PORT_WITH("isolation: g"),
	 "change port p: isolation none -> g (port)\n"},
	{"isolation off", LANS PORT_WITH("isolation: g"), LANS IN_A(""),
	 "change port p: isolation g -> none (none)\n"},

	{"joins and leaves", LANS "ports: {p: {device: 'tap:p', lans: {a: }}}",
	 LANS "ports: {p: {device: 'tap:p', lans: {b: }}}",
	 "change port p: leaves lan a (port)\nchange port p: joins lan b untagged (none)\n"},
	{"joins tagged", LANS IN_A(""),
	 LANS "ports: {p: {device: 'iface:p', lans: {a: , b: {tagged: yes}}}}",
	 "change port p: joins lan b with tag 20 (none)\n"},
	{"becomes tagged", LANS IN_A(""), LANS IN_A("tagged: yes"),
	 "change port p: lan a: tag none -> 10 (port)\n"},
	{"MACs and IPs", LANS IN_A("macs: [020000000001], ips: [192.0.2.1]"),
	 LANS IN_A("macs: [020000000002], ips: [192.0.2.2]"),
	 "change port p: lan a: mac 02:00:00:00:00:01 removed (port)\n"
	 "change port p: lan a: mac 02:00:00:00:00:02 added (none)\n"
	 "change port p: lan a: ip 192.0.2.1 removed (none)\n"
	 "change port p: lan a: ip 192.0.2.2 added (none)\n"},
};

Test(config_diff, names_every_change_and_who_notices)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		char text[2048];

		diff_text(rows[i].old, rows[i].new, text, sizeof(text));
		cr_expect(strcmp(text, rows[i].changes) == 0, "%s:\n%s", rows[i].name, text);
	}
}

#define P(name)	    name ": {device: 'tap:" name "'}, "
#define PORTS(list) "lans: {}\nports: {" list "}\n"

static const struct {
	const char *old, *new;
	size_t removed;
	bool most;
} removals[] = {
	{NULL, PORTS(""), 0, false},
	{PORTS(""), PORTS(P("a")), 0, false},
	{PORTS(P("a")), PORTS(""), 1, false},
	{PORTS(P("a") P("b")), PORTS(""), 2, true},
	{PORTS(P("a") P("b")), PORTS(P("c") P("d")), 2, true},
	{PORTS(P("a") P("b") P("c")), PORTS(P("a")), 2, true},
	{PORTS(P("a") P("b") P("c") P("d")), PORTS(P("a") P("b")), 2, false},
	{PORTS(P("a") P("b") P("c") P("d")), PORTS(P("a")), 3, true},
};

Test(config_diff, tells_when_most_ports_go)
{
	for (size_t i = 0; i < sizeof(removals) / sizeof(*removals); i++) {
		struct config *old = read_rest(removals[i].old);
		struct config *new = read_rest(removals[i].new);

		cr_expect_eq(config_diff_removed_ports(old, new), removals[i].removed, "%zu", i);
		cr_expect_eq(config_diff_removes_most(old, new), removals[i].most, "%zu", i);
		config_free(old);
		config_free(new);
	}
}
