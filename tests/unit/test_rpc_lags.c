// SPDX-License-Identifier: BSD-3-Clause
// What LAGs and links are told to be, and what is refused to links.
#include <criterion/criterion.h>
#include <string.h>

#include "lib/lacp.h"
#include "lib/mac.h"
#include "lib/message.h"
#include "tests/support/served.h"

TestSuite(rpc_lags, .init = served_start, .fini = served_end, .timeout = 120);

static const char config[] =
	"{\"file\":\"f\",\"force\":true,\"text\":\"version: 1\\nlans: {peering: {profile: open}}\\n"
	"ports:\\n"
	"  bond3: {device: lag, lacp: {rate: fast, min-links: 2}, member: {asn: 64503}, lans: "
	"{peering: }}\\n"
	"  swp1: {device: 'iface:m1', lag: bond3}\\n"
	"  swp2: {device: 'iface:m2', lag: bond3, description: rack 4}\\n"
	"  swp3: {device: 'iface:m3', lans: {peering: }}\\n"
	"  bond4: {device: lag, lacp: {mode: off}, lans: {peering: }}\\n"
	"  swp5: {device: 'iface:m5', lag: bond4}\\n\"}";

// swp1 to swp3 keep the slots that they had; the others get new ones in their order.
enum { SWP1, SWP2, SWP3, BOND3, BOND4, SWP5 };

static int start(void)
{
	int fd = dial_in_force();

	cr_assert_not_null(ask(fd, "config.apply", config));
	return fd;
}

// swp1 is in use, swp2 hears of nobody.
static void half(void)
{
	struct port_info *ports = fake.stats.ports;

	cr_assert_str_eq(ports[BOND3].name, "bond3");
	ports[BOND3].n_active = 1;
	ports[BOND3].link = LINK_DOWN;
	ports[BOND3].speed = 10000;
	ports[SWP1].lacp = (struct link_info){
		.partner_system = MAC(2, 0, 0, 0, 0x65, 3),
		.partner_priority = 32768,
		.partner_key = 7,
		.partner_port = 1,
		.partner_state = LACP_AGGREGATION | LACP_SYNC | LACP_COLLECTING | LACP_DISTRIBUTING,
		.actor_state = LACP_ACTIVE | LACP_SHORT | LACP_AGGREGATION | LACP_SYNC |
			       LACP_COLLECTING | LACP_DISTRIBUTING,
		.received = 12,
		.sent = 13,
		.malformed = 1,
	};
	ports[SWP2].n_active = 0;
	ports[SWP2].lacp = (struct link_info){.reason = LACP_SILENT,
					      .actor_state = LACP_ACTIVE | LACP_DEFAULTED,
					      .sent = 4};
}

static const json_t *first(const json_t *result, const char *list)
{
	return json_array_get(json_object_get(result, list), 0);
}

static void expect_flags(const json_t *flags, size_t n, const char *last)
{
	cr_assert_eq(json_array_size(flags), n);
	cr_expect_str_eq(json_string_value(json_array_get(flags, n - 1)), last);
}

Test(rpc_lags, a_lag_is_shown_link_by_link)
{
	int fd = start();

	half();
	const json_t *result = ask(fd, "show.lags", "{}");
	cr_assert_eq(count(result, "lags"), 2);
	const json_t *lag = first(result, "lags"), *links = json_object_get(lag, "links");
	cr_expect_str_eq(text_at(lag, "lag"), "bond3");
	cr_expect_str_eq(text_at(lag, "state"), "down", "fewer links than it needs");
	cr_expect_str_eq(text_at(lag, "mode"), "active");
	cr_expect_str_eq(text_at(lag, "rate"), "fast");
	cr_expect_eq(json_integer_value(json_object_get(lag, "min_links")), 2);
	cr_expect_eq(json_integer_value(json_object_get(lag, "in_use")), 1);
	cr_expect_eq(json_integer_value(json_object_get(lag, "asn")), 64503);
	cr_assert_eq(json_array_size(links), 2);

	const json_t *link = json_array_get(links, 0), *partner = json_object_get(link, "partner");
	cr_expect_str_eq(text_at(link, "link"), "swp1");
	cr_expect_str_eq(text_at(link, "state"), "up");
	cr_expect(json_is_true(json_object_get(link, "in_use")));
	cr_expect_str_eq(text_at(link, "reason"), "carries");
	expect_flags(json_object_get(link, "flags"), 6, "distributing");
	cr_expect_str_eq(text_at(partner, "system"), "02:00:00:00:65:03");
	cr_expect_eq(json_integer_value(json_object_get(partner, "priority")), 32768);
	cr_expect_eq(json_integer_value(json_object_get(partner, "key")), 7);
	cr_expect_eq(json_integer_value(json_object_get(partner, "port")), 1);
	expect_flags(json_object_get(partner, "flags"), 4, "distributing");
	cr_expect_eq(json_integer_value(json_object_get(link, "received")), 12);
	cr_expect_eq(json_integer_value(json_object_get(link, "sent")), 13);
	cr_expect_eq(json_integer_value(json_object_get(link, "malformed")), 1);

	link = json_array_get(links, 1);
	cr_expect_str_eq(text_at(link, "link"), "swp2");
	cr_expect_str_eq(text_at(link, "state"), "not in use");
	cr_expect(json_is_false(json_object_get(link, "in_use")));
	cr_expect_str_eq(text_at(link, "reason"), "silent");
	cr_expect_str_eq(text_at(link, "text"), "no LACPDU from the partner");
	cr_expect(json_is_null(json_object_get(link, "partner")));
	expect_flags(json_object_get(link, "flags"), 2, "defaulted");
}

Test(rpc_lags, without_lacp_nobody_says_anything)
{
	int fd = start();
	const json_t *lag = json_array_get(json_object_get(ask(fd, "show.lags", "{}"), "lags"), 1);
	const json_t *link = first(lag, "links");

	cr_expect_str_eq(text_at(lag, "mode"), "off");
	cr_expect_str_eq(text_at(lag, "state"), "up");
	cr_expect(json_is_true(json_object_get(link, "in_use")));
	cr_expect(json_is_null(json_object_get(link, "flags")));
	cr_expect(json_is_null(json_object_get(link, "partner")));
	cr_expect(json_is_null(json_object_get(link, "received")));
}

Test(rpc_lags, ports_are_ports_lags_or_links)
{
	int fd = start();

	half();
	const json_t *lag = ask_port(fd, "bond3"), *link = ask_port(fd, "swp2");
	const json_t *port = ask_port(fd, "swp3");

	cr_expect_str_eq(text_at(lag, "kind"), "lag");
	cr_expect_str_eq(text_at(lag, "device"), "lag");
	cr_expect_eq(json_integer_value(json_object_get(lag, "speed")), 10000);
	cr_expect(json_is_null(json_object_get(lag, "driver")));
	cr_expect(json_is_null(json_object_get(lag, "mac")));
	cr_expect(json_is_null(json_object_get(lag, "lag")));
	cr_expect_eq(count(lag, "links"), 2);
	cr_expect_eq(json_integer_value(at(lag, "lacp", "in_use")), 1);
	cr_expect_eq(count(lag, "lans"), 1);
	cr_expect(json_is_object(json_object_get(lag, "storm_control")));

	cr_expect_str_eq(text_at(link, "kind"), "link");
	cr_expect_str_eq(text_at(link, "lag"), "bond3");
	cr_expect_str_eq(text_at(link, "state"), "not in use");
	cr_expect_str_eq(text_at(link, "description"), "rack 4");
	cr_expect(json_is_null(json_object_get(link, "links")));
	cr_expect_str_eq(json_string_value(at(link, "lacp", "reason")), "silent");
	cr_expect_eq(count(link, "lans"), 0);
	cr_expect_null(json_object_get(link, "storm_control"), "rules are its LAG's");

	cr_expect_str_eq(text_at(port, "kind"), "port");
	cr_expect(json_is_null(json_object_get(port, "lag")));
	cr_expect(json_is_null(json_object_get(port, "links")));
	cr_expect(json_is_null(json_object_get(port, "lacp")));
}

static json_int_t counted(const json_t *object, const char *name)
{
	return json_integer_value(json_object_get(object, name));
}

Test(rpc_lags, what_links_count_is_not_counted_twice)
{
	int fd = start();
	struct port_counters *bond3 = stats_port(&fake.stats, 0, BOND3);
	struct port_counters *swp1 = stats_port(&fake.stats, 0, SWP1);

	bond3->rx_frames = 10;
	bond3->rx_octets = 1000;
	bond3->drops[DROP_LAG_NOT_COLLECTING] = 10;
	swp1->link_rx_frames = 10;
	swp1->link_rx_octets = 1000;
	swp1->link_tx_octets = 70;
	const json_t *counters = json_object_get(ask_port(fd, "swp1"), "counters");
	cr_expect_eq(counted(counters, "rx_frames"), 10);
	cr_expect_eq(counted(counters, "tx_octets"), 70);
	const json_t *result = ask(fd, "show.counters", "{}");
	cr_expect(json_is_true(json_object_get(result, "settled")));
	cr_expect_eq(counted(json_object_get(result, "total"), "rx_frames"), 10);
	cr_expect_eq(counted(json_object_get(result, "total"), "balance"), 0);
	cr_assert_eq(count(result, "counters"), 6);
	const json_t *row = json_array_get(json_object_get(result, "counters"), 1);
	cr_expect_str_eq(text_at(row, "port"), "swp1");
	cr_expect_str_eq(text_at(row, "lag"), "bond3");
	cr_expect_eq(counted(row, "rx_octets"), 1000);

	cr_expect_eq(count(ask(fd, "show.matrix", "{}"), "matrix"), 0);
	cr_assert_eq(count(ask(fd, "show.drops", "{}"), "drops"), 1);
	cr_expect_eq(count(ask(fd, "show.drops", "{\"port\":\"swp1\"}"), "drops"), 0);

	// What is cleared is cleared of the one port.
	ask(fd, "clear.counters", "{\"port\":\"swp1\"}");
	swp1->link_rx_frames = 13;
	counters = json_object_get(ask_port(fd, "swp1"), "counters");
	cr_expect_eq(counted(counters, "rx_frames"), 3);
	counters = json_object_get(ask_port(fd, "bond3"), "counters");
	cr_expect_eq(counted(counters, "rx_frames"), 10);
}

Test(rpc_lags, links_are_interfaces_of_their_own)
{
	int fd = start();

	half();
	const json_t *list = json_object_get(ask(fd, "show.interfaces", "{}"), "interfaces");
	const json_t *lag = json_array_get(list, 0), *link = json_array_get(list, 1);

	cr_expect_str_eq(text_at(lag, "kind"), "lag");
	cr_expect(json_is_null(json_object_get(lag, "lag")));
	cr_expect(json_is_null(json_object_get(lag, "in_use")));
	cr_expect(json_is_null(json_object_get(lag, "mac")));
	cr_expect(json_is_false(json_object_get(lag, "connector")));
	cr_expect_str_eq(text_at(link, "name"), "swp1");
	cr_expect_str_eq(text_at(link, "kind"), "link");
	cr_expect_str_eq(text_at(link, "lag"), "bond3");
	cr_expect_eq(json_integer_value(json_object_get(link, "lag_ifindex")),
		     json_integer_value(json_object_get(lag, "ifindex")));
	cr_expect(json_is_true(json_object_get(link, "in_use")));
	cr_expect(json_is_false(json_object_get(json_array_get(list, 2), "in_use")));
	cr_expect_str_eq(text_at(json_array_get(list, 3), "kind"), "port");
}

static void expect_refused(int fd, const char *method, const char *params)
{
	char line[256];

	snprintf(line, sizeof(line),
		 "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"%s\",\"params\":%s}\n", method,
		 params);
	say(fd, line);
	const json_t *answer = hear(fd);
	const char *said = json_string_value(at(answer, "error", "message"));
	cr_expect_str_eq(said ? said : "", "swp1 is a link of bond3: say bond3", "%s", method);
}

Test(rpc_lags, a_link_says_whom_to_ask)
{
	int fd = start();

	expect_refused(fd, "capture.begin", "{\"port\":\"swp1\"}");
	expect_refused(fd, "port.enable", "{\"port\":\"swp1\"}");
	expect_refused(fd, "port.drain", "{\"port\":\"swp1\"}");
	expect_refused(fd, "port.undrain", "{\"port\":\"swp1\"}");
	expect_refused(fd, "port.promote", "{\"port\":\"swp1\"}");
	expect_refused(fd, "port.quarantine", "{\"port\":\"swp1\"}");
	expect_refused(fd, "quarantine.report", "{\"port\":\"swp1\"}");
	expect_refused(fd, "port.mac.add", "{\"port\":\"swp1\",\"mac\":\"02:00:00:00:65:09\"}");
	expect_refused(fd, "port.mac.del", "{\"port\":\"swp1\",\"mac\":\"02:00:00:00:65:09\"}");
	expect_refused(fd, "port.mac.list", "{\"port\":\"swp1\"}");
	expect_refused(fd, "port.mac.clear", "{\"port\":\"swp1\"}");
	expect_refused(fd, "show.macs", "{\"port\":\"swp1\"}");
	expect_refused(fd, "clear.macs", "{\"port\":\"swp1\"}");
	expect_refused(fd, "show.dead_peers", "{\"port\":\"swp1\"}");

	cr_expect_not_null(ask(fd, "port.set", "{\"port\":\"swp1\",\"admin\":\"down\"}"));
	cr_expect_str_eq(text_at(ask_port(fd, "swp1"), "state"), "admin down");
	cr_expect_not_null(ask(fd, "explain",
			       "{\"port\":\"swp2\",\"frame\":\"ffffffffffff0200000065010800\"}"));
}
