// SPDX-License-Identifier: BSD-3-Clause
// LAGs as they are configured: values, what links have from them, and mistakes.
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "control/config/links.h"
#include "tests/support/bad_config.h"
#include "tests/support/good_config.h"

#define BEGIN  "version: 1\nlans: {a: {profile: open, mtu: 2000}}\n"
#define LAG    "  bond3: {device: lag, lans: {a: }}\n"
#define LINK   "  swp5: {device: 'tap:a', lag: bond3}\n"
#define LINKED "ports:\n" LAG LINK

Test(config_lag, every_key_is_read)
{
	struct config *config = read_good(
		BEGIN "ports:\n"
		      "  swp6: {device: 'iface:b', lag: bond3, admin: down, queues: 2, "
		      "description: rack 4}\n"
		      "  bond3: {device: lag, lacp: {mode: passive, rate: fast, min-links: 2}, "
		      "lans: {a: }, member: {asn: 64503}}\n"
		      "  swp5: {device: 'iface:a', lag: bond3}\n"
		      "  swp7: {device: 'iface:c', lans: {a: }}\n");
	const struct config_port *ports = config->ports, *lag = &ports[1];

	cr_assert_eq(config->n_ports, 4);
	cr_expect(config_is_lag(lag) && !config_is_link(lag));
	cr_expect(config_is_link(&ports[0]) && !config_is_lag(&ports[0]));
	cr_expect(!config_is_link(&ports[3]) && !config_is_lag(&ports[3]));
	cr_expect_eq(lag->lacp.mode, LAG_MODE_PASSIVE);
	cr_expect(lag->lacp.fast);
	cr_expect_eq(lag->lacp.min_links, 2);
	cr_expect_eq(config_count_links(config, lag), 2);
	cr_expect_eq(config_lag_of(config, &ports[0]), lag);
	cr_expect_eq(config_lag_of(config, &ports[2]), lag);
	cr_expect_null(config_lag_of(config, lag));
	cr_expect_null(config_lag_of(config, &ports[3]));
	cr_expect(!ports[0].admin_up);
	cr_expect_eq(ports[0].queues, 2);
	cr_expect_str_eq(ports[0].description, "rack 4");
	config_free(config);
}

Test(config_lag, there_are_defaults)
{
	struct config *config = read_good(BEGIN LINKED);
	const struct config_lacp *lacp = &config->ports[0].lacp;

	cr_expect_eq(lacp->mode, LAG_MODE_ACTIVE);
	cr_expect(!lacp->fast);
	cr_expect_eq(lacp->min_links, 1);
	config_free(config);
}

Test(config_lag, links_say_nothing_of_frames)
{
	struct config *config = read_good(
		"version: 1\n"
		"sflow: {agent: 192.0.2.250, collectors: {c: {address: 203.0.113.9}}}\n"
		"lans: {a: {vlan: 10, mtu: 2000, port-security: {mode: learn}}}\n" LINKED);
	static const struct config_reactions none;
	const struct config_port *lag = &config->ports[0], *link = &config->ports[1];

	cr_expect_eq(lag->sampling, 8192);
	cr_expect_eq(lag->mtu, 2000);
	cr_expect_eq(lag->reactions.loop.interval, 5);
	cr_expect_eq(link->sampling, 0);
	cr_expect_eq(link->mtu, 2000, "the LAG's");
	cr_expect(!link->learning && !link->flood_unknown_unicast && !link->flood_multicast);
	cr_expect_eq(memcmp(&link->reactions, &none, sizeof(none)), 0);
	cr_expect(link->admin_up);
	config_free(config);
}

static const struct {
	const char *name;
	const char *devices[2];
	const char *lag; // what it says of runts
	bool drop;
} wires[] = {
	{"NICs", {"pci:0000:01:00.0", "pci:0000:01:00.1"}, "", true},
	{"one is none", {"pci:0000:01:00.0", "tap:a"}, "", false},
	{"none is one", {"tap:a", "tap:b"}, "", false},
	{"NICs, but it says", {"pci:0000:01:00.0", "pci:0000:01:00.1"}, "runts: pass, ", false},
	{"none, but it says", {"tap:a", "tap:b"}, "runts: drop, ", true},
};

Test(config_lag, drops_runts_where_all_links_are_wires)
{
	for (size_t i = 0; i < sizeof(wires) / sizeof(*wires); i++) {
		char text[512];

		snprintf(text, sizeof(text),
			 BEGIN "ports:\n"
			       "  bond3: {device: lag, %slans: {a: }}\n"
			       "  swp5: {device: '%s', lag: bond3}\n"
			       "  swp6: {device: '%s', lag: bond3}\n",
			 wires[i].lag, wires[i].devices[0], wires[i].devices[1]);
		struct config *config = read_good(text);
		cr_expect_eq(config->ports[0].drop_runts, wires[i].drop, "%s", wires[i].name);
		cr_expect(!config->ports[1].drop_runts, "%s", wires[i].name);
		config_free(config);
	}
}

Test(config_lag, is_no_device_of_which_there_are_few)
{
	char text[4096] = BEGIN LINKED;
	size_t used = strlen(text);

	for (int i = 0; i < 31; i++)
		used += (size_t)snprintf(text + used, sizeof(text) - used,
					 "  p%d: {device: 'tap:p%d', lans: {a: }}\n", i, i);
	config_free(read_good(text));
}

#define NOT_HERE "belongs to the LAG as a whole, not to a link of it; write it there\n"
#define SAYS(key, value)                                                                       \
	{                                                                                      \
		"a link says " key,                                                            \
			"ports:\n" LAG "  swp5: {device: 'tap:a', lag: bond3, " key ": " value \
			"}\n",                                                                 \
			false, "5:39: ports.swp5." key ": " NOT_HERE                           \
	}

static const struct bad_config mistakes[] = {
	SAYS("lacp", "{mode: off}"),
	SAYS("member", "{asn: 64501}"),
	SAYS("lans", "{a: }"),
	SAYS("mtu", "1500"),
	SAYS("learning", "yes"),
	SAYS("learn-limit", "10"),
	SAYS("flood-unknown-unicast", "yes"),
	SAYS("flood-multicast", "yes"),
	SAYS("isolation", "x"),
	SAYS("violation", "{action: drop}"),
	SAYS("storm-control", "{broadcast: none}"),
	SAYS("loop-detection", "{interval: never}"),
	SAYS("link-flaps", "{changes: never}"),
	SAYS("quarantine", "yes"),
	SAYS("runts", "drop"),
	SAYS("sampling", "1024"),
	{"what it says is not read",
	 "ports:\n" LAG "  swp5: {mtu: big, device: 'tap:a', lag: bond3}\n", false,
	 "5:10: ports.swp5.mtu: " NOT_HERE},
	{"no such port", LINKED "  swp6: {device: 'tap:b', lag: bond}\n", false,
	 "6:32: ports.swp6.lag: there is no such port; did you mean \"bond3\"?\n"},
	{"nothing like it", "ports: {swp5: {device: 'tap:a', lag: uplink}}\n", false,
	 "3:38: ports.swp5.lag: there is no port \"uplink\"; add it under ports:, with device: "
	 "lag\n"},
	{"no LAG", "ports:\n  q: {device: 'tap:q', lans: {a: }}\n  p: {device: 'tap:p', lag: q}\n",
	 false, "5:29: ports.p.lag: port \"q\" is no LAG; name a port with device: lag\n"},
	{"itself", "ports: {p: {device: 'tap:p', lag: p}}\n", false,
	 "3:35: ports.p.lag: port \"p\" is no LAG; name a port with device: lag\n"},
	{"a link", LINKED "  p: {device: 'tap:p', lag: swp5}\n", false,
	 "6:29: ports.p.lag: port \"swp5\" is no LAG; name a port with device: lag\n"},
	{"a LAG in a LAG", LINKED "  bond4: {device: lag, lag: bond3}\n", false,
	 "6:29: ports.bond4.lag: a LAG is no link of a LAG; drop this, or give the port a device "
	 "of "
	 "its own\n"},
	{"not a name", "ports:\n" LAG LINK "  p: {device: 'tap:p', lag: 'bond 3'}\n", false,
	 "6:29: ports.p.lag: \"bond 3\" is not right; write a name of letters, digits, '.', '_' "
	 "and "
	 "'-', at most 31\n"},
	{"its LAG has no device that can be read",
	 "ports:\n  bond3: {device: x, lans: {a: }}\n" LINK, false,
	 "4:19: ports.bond3.device: \"x\" does not say what kind of device it is; begin it with "
	 "pci:, "
	 "iface:, memif:, vhost:, tap: or devargs:, or write lag\n"},
	{"no links", "ports:\n" LAG, true,
	 "4:3: ports.bond3: warning: a LAG without links, so it forwards nothing; write lag: bond3 "
	 "at the ports that are to be its links\n"},
	{"in no LAN", "ports:\n  bond3: {device: lag}\n" LINK, true,
	 "4:3: ports.bond3: warning: in no LAN, so it forwards nothing; name its LANs under "
	 "lans:\n"},
	{"queues", "ports:\n  bond3: {device: lag, queues: 2, lans: {a: }}\n" LINK, false,
	 "4:32: ports.bond3.queues: a LAG has no queues; write it at its links\n"},
	{"more links than there are",
	 "ports:\n  bond3: {device: lag, lacp: {min-links: 2}, lans: {a: }}\n" LINK, false,
	 "4:42: ports.bond3.lacp.min-links: it has 1 link, so it would never be up; write at most "
	 "1\n"},
	{"out of range", "ports:\n  bond3: {device: lag, lacp: {min-links: 9}, lans: {a: }}\n" LINK,
	 false,
	 "4:42: ports.bond3.lacp.min-links: \"9\" is out of range; write a whole number from 1 to "
	 "8\n"},
	{"another mode", "ports:\n  bond3: {device: lag, lacp: {mode: on}, lans: {a: }}\n" LINK,
	 false,
	 "4:37: ports.bond3.lacp.mode: \"on\" is not right; write active or passive or off\n"},
	{"another rate", "ports:\n  bond3: {device: lag, lacp: {rate: 1}, lans: {a: }}\n" LINK,
	 false, "4:37: ports.bond3.lacp.rate: \"1\" is not right; write slow or fast\n"},
	{"a rate of nothing",
	 "ports:\n  bond3: {device: lag, lacp: {mode: off, rate: fast}, lans: {a: }}\n" LINK, true,
	 "4:48: ports.bond3.lacp.rate: warning: without LACP nobody is asked to send; drop it, or "
	 "write mode: active\n"},
	{"LACP without a LAG", "ports: {p: {device: 'tap:p', lacp: {}, lans: {a: }}}\n", false,
	 "3:36: ports.p.lacp: the port is no LAG; write device: lag, or drop it\n"},
	{"the ninth",
	 LINKED "  b: {device: 'tap:b', lag: bond3}\n  c: {device: 'tap:c', lag: bond3}\n"
		"  d: {device: 'tap:d', lag: bond3}\n  e: {device: 'tap:e', lag: bond3}\n"
		"  f: {device: 'tap:f', lag: bond3}\n  g: {device: 'tap:g', lag: bond3}\n"
		"  h: {device: 'tap:h', lag: bond3}\n  i: {device: 'tap:i', lag: bond3}\n",
	 false, "13:29: ports.i.lag: LAG \"bond3\" has 8 links already, and takes no more\n"},
	{"one device for two links", LINKED "  swp6: {device: 'tap:a', lag: bond3}\n", false,
	 "6:18: ports.swp6.device: port \"swp5\" has this device already; each port has its own\n"},
};

Test(config_lag, complains)
{
	expect_complaints(mistakes, sizeof(mistakes) / sizeof(*mistakes), BEGIN);
}
