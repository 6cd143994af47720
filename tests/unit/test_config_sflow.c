// SPDX-License-Identifier: BSD-3-Clause
// sFlow as it is configured: values, what ports have from it, mistakes, and what differs.
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "control/config/config.h"
#include "control/config/diff.h"
#include "tests/support/bad_config.h"
#include "tests/support/good_config.h"

#define LANS   "lans: {a: {vlan: 10, profile: open}}\n"
#define PORTS  "ports: {p: {device: 'tap:p', lans: {a: }}}\n"
#define SFLOW  "sflow: {agent: 192.0.2.250, collectors: {c: {address: 203.0.113.9}}}\n"
#define PLAIN  SFLOW LANS PORTS
#define V(...) "version: 1\n" __VA_ARGS__

Test(config_sflow, every_key_is_read)
{
	struct config *config =
		read_good(V("sflow:\n"
			    "  collectors:\n"
			    "    one: {address: 203.0.113.9, port: 7000}\n"
			    "    two: {address: 2001:db8::9}\n"
			    "  polling: 3600\n"
			    "  sampling: 1000000\n"
			    "  agent: '2001:db8::250'\n" LANS "ports:\n"
			    "  p: {device: 'tap:p', lans: {a: }}\n"
			    "  q: {device: 'tap:q', sampling: 1, lans: {a: }}\n"
			    "  r: {device: 'tap:r', sampling: off, lans: {a: }}\n"));
	const struct config_sflow *sflow = &config->sflow;
	char text[IP_TEXT_SIZE];

	cr_expect_str_eq(ip_format(&sflow->agent, text), "2001:db8::250");
	cr_expect_eq(sflow->sampling, 1000000);
	cr_expect_eq(sflow->polling, 3600);
	cr_assert_eq(sflow->n_collectors, 2);
	cr_expect_str_eq(sflow->collectors[0].name, "one");
	cr_expect_str_eq(ip_format(&sflow->collectors[0].address, text), "203.0.113.9");
	cr_expect_eq(sflow->collectors[0].port, 7000);
	cr_expect_eq(sflow->collectors[0].place.line, 4);
	cr_expect_str_eq(ip_format(&sflow->collectors[1].address, text), "2001:db8::9");
	cr_expect_eq(sflow->collectors[1].port, 6343);
	cr_expect_eq(sflow->agent_place.line, 8);
	cr_expect_eq(config->ports[0].sampling, 1000000, "as sflow says");
	cr_expect_eq(config->ports[1].sampling, 1);
	cr_expect_eq(config->ports[2].sampling, 0);
	config_free(config);
}

Test(config_sflow, there_are_defaults)
{
	struct config *config = read_good(V(PLAIN));

	cr_expect_eq(config->sflow.sampling, 8192);
	cr_expect_eq(config->sflow.polling, 30);
	cr_expect_eq(config->ports[0].sampling, 8192);
	config_free(config);
}

Test(config_sflow, only_some_ports_are_sampled_and_nothing_is_polled)
{
	struct config *config =
		read_good(V("sflow: {agent: 192.0.2.250, sampling: off, polling: off, collectors: "
			    "{c: {address: 203.0.113.9}}}\n" LANS
			    "ports: {p: {device: 'tap:p', lans: {a: }}, q: {device: 'tap:q', "
			    "sampling: 1024, lans: {a: }}}\n"));

	cr_expect_eq(config->sflow.sampling, 0);
	cr_expect_eq(config->sflow.polling, 0);
	cr_expect_eq(config->ports[0].sampling, 0);
	cr_expect_eq(config->ports[1].sampling, 1024);
	config_free(config);
}

Test(config_sflow, nothing_is_sampled_without_it)
{
	struct config *config =
		read_good(V("lans: {a: {profile: open}}\nports: {p: {device: 'tap:p', sampling: "
			    "off, lans: {a: }}, q: {device: 'tap:q', lans: {a: "
			    "}}}\n"));

	cr_expect_eq(config->sflow.place.line, 0);
	cr_expect_eq(config->sflow.agent.family, 0);
	cr_expect_eq(config->sflow.n_collectors, 0);
	cr_expect_eq(config->ports[0].sampling, 0);
	cr_expect_eq(config->ports[1].sampling, 0);
	config_free(config);
}

Test(config_sflow, collectors_may_be_in_another_file)
{
	struct config *config = read_good("#%file ixfab.yaml\n"
					  "version: 1\nsflow: {agent: 192.0.2.250}\n" LANS PORTS
					  "#%file conf.d/collectors.yaml\n"
					  "sflow:\n  collectors: {c: {address: 203.0.113.9}}\n");

	cr_assert_eq(config->sflow.n_collectors, 1);
	cr_expect_eq(config->sflow.collectors[0].place.file, 1);
	config_free(config);
}

#define REST	    LANS PORTS
#define TO(address) "sflow: {agent: 192.0.2.250, collectors: {c: {address: " address "}}}\n" REST
#define BY(agent)   "sflow: {agent: " agent ", collectors: {c: {address: 203.0.113.9}}}\n" REST

static const struct bad_config mistakes[] = {
	{"nothing in it", "sflow: {}\n" REST, false,
	 "2:8: sflow.agent: missing; agent: takes an IP address, such as 192.0.2.1 or "
	 "\"2001:db8::1\"\n"
	 "2:8: sflow.collectors: missing; write collectors: and what belongs below it\n"},
	{"nothing behind it", "sflow:\n" REST, false,
	 "2:7: sflow.agent: missing; agent: takes an IP address, such as 192.0.2.1 or "
	 "\"2001:db8::1\"\n"
	 "2:7: sflow.collectors: missing; write collectors: and what belongs below it\n"},
	{"a word for it", "sflow: off\n" REST, false,
	 "2:8: sflow: must hold keys, not a single value\n"},
	{"no collector", "sflow: {agent: 192.0.2.250, collectors: {}}\n" REST, false,
	 "2:41: sflow.collectors: nothing is named; write 1 or more\n"},
	{"a list of collectors",
	 "sflow: {agent: 192.0.2.250, collectors: [{address: 203.0.113.9}]}\n" REST, false,
	 "2:41: sflow.collectors: must hold keys, not a list\n"},
	{"a collector without an address",
	 "sflow: {agent: 192.0.2.250, collectors: {c: {port: 6343}}}\n" REST, false,
	 "2:42: sflow.collectors.c.address: missing; address: takes an IP address, such as "
	 "192.0.2.1 or \"2001:db8::1\"\n"},
	{"a collector whose name is none",
	 "sflow: {agent: 192.0.2.250, collectors: {'a b': {address: 203.0.113.9}}}\n" REST, false,
	 "2:42: sflow.collectors.a b: not a name; use letters, digits, '.', '_' and '-', at most "
	 "31 of them\n"},
	{"too many collectors",
	 "sflow: {agent: 192.0.2.250, collectors: {a: {address: 203.0.113.1}, b: {address: "
	 "203.0.113.2}, c: {address: 203.0.113.3}, d: {address: 203.0.113.4}, e: {address: "
	 "203.0.113.5}, f: {address: 203.0.113.6}, g: {address: 203.0.113.7}, h: {address: "
	 "203.0.113.8}, i: {address: 203.0.113.9}}}\n" REST,
	 false, "2:258: sflow.collectors: too many; at most 8\n"},
	{"a host name", TO("collector.example.net"), false,
	 "2:55: sflow.collectors.c.address: \"collector.example.net\" is not right; write an IP "
	 "address, such as 192.0.2.1 or \"2001:db8::1\"\n"},
	{"a list of addresses", TO("[203.0.113.9]"), false,
	 "2:55: sflow.collectors.c.address: must be an IP address, such as 192.0.2.1 or "
	 "\"2001:db8::1\", not a list\n"},
	{"a collector that is a group", TO("239.1.2.3"), false,
	 "2:55: sflow.collectors.c.address: 239.1.2.3: it is a group's; write the collector's "
	 "own\n"},
	{"a collector that is a group of IPv6", TO("'ff05::1'"), false,
	 "2:55: sflow.collectors.c.address: ff05::1: it is a group's; write the collector's own\n"},
	{"a collector that is all", TO("255.255.255.255"), false,
	 "2:55: sflow.collectors.c.address: 255.255.255.255: no station can have it; write the "
	 "collector's own\n"},
	{"a collector on some link", TO("'fe80::1'"), false,
	 "2:55: sflow.collectors.c.address: fe80::1: it is link-local, so it means another station "
	 "on every link; write the collector's own\n"},
	{"a collector here", TO("127.0.0.1"), true, ""},
	{"a collector here of IPv6", TO("'::1'"), true, ""},
	{"an agent that is nobody", BY("0.0.0.0"), false,
	 "2:16: sflow.agent: 0.0.0.0: no station can have it; write the address that collectors "
	 "know this switch by\n"},
	{"an agent that is nobody of IPv6", BY("'::'"), false,
	 "2:16: sflow.agent: ::: no station can have it; write the address that collectors know "
	 "this switch by\n"},
	{"an agent that is a group", BY("224.0.0.1"), false,
	 "2:16: sflow.agent: 224.0.0.1: it is a group's; write the address that collectors know "
	 "this switch by\n"},
	{"an agent that is a prefix", BY("192.0.2.250/24"), false,
	 "2:16: sflow.agent: \"192.0.2.250/24\" is not right; write an IP address, such as "
	 "192.0.2.1 or \"2001:db8::1\"\n"},
	{"the same collector twice",
	 "sflow: {agent: 192.0.2.250, collectors: {c: {address: '2001:db8::9'}, d: {address: "
	 "'2001:db8:0::9', port: 6343}}}\n" REST,
	 false,
	 "2:84: sflow.collectors.d.address: collector \"c\" is at 2001:db8::9 port 6343 already, "
	 "and would get all twice; write another address or port\n"},
	{"two collectors at one address",
	 "sflow: {agent: 192.0.2.250, collectors: {c: {address: 203.0.113.9}, d: {address: "
	 "203.0.113.9, port: 6344}}}\n" REST,
	 true, ""},
	{"numbers out of range",
	 "sflow: {agent: 192.0.2.250, sampling: 0, polling: 3601, collectors: {c: {address: "
	 "203.0.113.9, port: 65536}}}\n" LANS
	 "ports: {p: {device: 'tap:p', sampling: 1000001, lans: {a: }}}\n",
	 false,
	 "2:39: sflow.sampling: \"0\" is out of range; write a whole number from 1 to 1000000, or "
	 "off\n"
	 "2:51: sflow.polling: \"3601\" is out of range; write a whole number from 1 to 3600, or "
	 "off\n"
	 "2:102: sflow.collectors.c.port: \"65536\" is out of range; write a whole number from 1 "
	 "to "
	 "65535\n"
	 "4:40: ports.p.sampling: \"1000001\" is out of range; write a whole number from 1 to "
	 "1000000, or off\n"},
	{"a port that is sampled for nobody",
	 "lans: {a: {profile: open}}\nports: {p: {device: 'tap:p', sampling: 1024, lans: {a: }}}\n",
	 false,
	 "3:40: ports.p.sampling: there is nobody to send samples to; write sflow: with its "
	 "collectors, or drop this\n"},
	{"LANs without a VLAN",
	 SFLOW "lans: {a: {profile: open}, b: {profile: open}, c: {profile: open, vlan: 5}}\n"
	       "ports: {p: {device: 'tap:p', lans: {a: , c: {tagged: yes}}}, q: {device: 'tap:q', "
	       "lans: {a: }}, r: {device: 'tap:r', sampling: off, lans: {b: }}}\n",
	 true,
	 "3:8: lans.a.vlan: warning: there is none, so samples say VLAN 0, which IXP Manager "
	 "drops; "
	 "write what its VLAN has there\n"},
	{"a VLAN that is wrong is not missed, too",
	 SFLOW "lans: {a: {vlan: 0, profile: open}}\n" PORTS, false,
	 "3:18: lans.a.vlan: \"0\" is out of range; write a whole number from 1 to 4094\n"},
};

Test(config_sflow, says_what_is_wrong)
{
	expect_complaints(mistakes, sizeof(mistakes) / sizeof(*mistakes), "version: 1\n");
}

static const struct {
	const char *name, *old, *new, *changes;
} differences[] = {
	{"the same, written in another way", PLAIN,
	 "sflow: {agent: 192.0.2.250, sampling: 8192, polling: 30, collectors: {c: {address: "
	 "203.0.113.9, port: 6343}}}\n" LANS
	 "ports: {p: {device: 'tap:p', sampling: 8192, lans: {a: }}}\n",
	 ""},
	{"it begins", LANS PORTS, PLAIN,
	 "add sflow: agent 192.0.2.250 (none)\n"
	 "change sflow: collector c added: 203.0.113.9 port 6343 (none)\n"},
	{"it ends", PLAIN, LANS PORTS, "remove sflow:  (none)\n"},
	{"everything in it", PLAIN,
	 "sflow: {agent: '2001:db8::250', sampling: off, polling: off, collectors: {d: {address: "
	 "203.0.113.10}}}\n" LANS PORTS,
	 "change sflow: agent 192.0.2.250 -> 2001:db8::250 (none)\n"
	 "change sflow: sampling 8192 -> off (none)\n"
	 "change sflow: polling 30 -> off (none)\n"
	 "change sflow: collector c removed (none)\n"
	 "change sflow: collector d added: 203.0.113.10 port 6343 (none)\n"},
	{"a collector moves", PLAIN,
	 "sflow: {agent: 192.0.2.250, collectors: {c: {address: '2001:db8::9', port: 7000}}}\n" LANS
		 PORTS,
	 "change sflow: collector c 203.0.113.9 port 6343 -> 2001:db8::9 port 7000 (none)\n"},
	{"one port", PLAIN,
	 SFLOW LANS "ports: {p: {device: 'tap:p', sampling: 1024, lans: {a: }}}\n",
	 "change port p: sampling 8192 -> 1024 (none)\n"},
	{"a port that is no longer sampled",
	 SFLOW LANS "ports: {p: {device: 'tap:p', sampling: 1024, lans: {a: }}}\n",
	 SFLOW LANS "ports: {p: {device: 'tap:p', sampling: off, lans: {a: }}}\n",
	 "change port p: sampling 1024 -> off (none)\n"},
	{"a port that had its own when it ends",
	 SFLOW LANS "ports: {p: {device: 'tap:p', sampling: 1024, lans: {a: }}}\n", LANS PORTS,
	 "remove sflow:  (none)\n"
	 "change port p: sampling 1024 -> off (none)\n"},
};

static void diff_text(const char *old, const char *new, char *text, size_t size)
{
	char whole[2][1024];
	struct config_changes changes;
	size_t used = 0;

	snprintf(whole[0], sizeof(whole[0]), "version: 1\n%s", old);
	snprintf(whole[1], sizeof(whole[1]), "version: 1\n%s", new);
	struct config *a = read_good(whole[0]), *b = read_good(whole[1]);
	config_diff(a, b, &changes);
	text[0] = 0;
	for (size_t i = 0; i < changes.n && used < size; i++)
		used += (size_t)snprintf(text + used, size - used, "%s %s: %s (%s)\n",
					 change_kind_name(changes.list[i].kind),
					 changes.list[i].what, changes.list[i].detail,
					 change_impact_name(changes.list[i].impact));
	config_changes_free(&changes);
	config_free(a);
	config_free(b);
}

Test(config_sflow, what_differs_is_named_and_no_member_notices)
{
	for (size_t i = 0; i < sizeof(differences) / sizeof(*differences); i++) {
		char text[2048];

		diff_text(differences[i].old, differences[i].new, text, sizeof(text));
		cr_expect_str_eq(text, differences[i].changes, "%s:\n%s", differences[i].name,
				 text);
	}
}
