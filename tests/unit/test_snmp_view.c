// SPDX-License-Identifier: BSD-3-Clause
// What control says, as objects: which there are, for how long, and that there are none without it.
#include "control/ctl/snmp_view.h"

#include <criterion/criterion.h>
#include <string.h>

#include "control/ctl/client.h"
#include "control/ctl/oid.h"
#include "control/ctl/snmp_interfaces.h"
#include "tests/support/fake_control.h"

#define COUNTERS                                                                            \
	"{\"in_octets\":4294967400,\"in_unicast\":1,\"in_multicast\":2,\"in_broadcast\":3," \
	"\"in_discards\":4,\"in_errors\":5,\"out_octets\":6,\"out_unicast\":7,"             \
	"\"out_multicast\":8,\"out_broadcast\":9,\"out_discards\":10}"
#define PORT_1                                                                        \
	"{\"name\":\"lon-1\",\"ifindex\":9,\"asn\":64501,\"member\":\"Example Net\"," \
	"\"description\":\"rack 3\",\"admin\":\"up\",\"oper\":\"up\",\"mtu\":1500,"   \
	"\"speed\":100000,\"mac\":\"02:00:00:00:00:f1\",\"connector\":true,"          \
	"\"changed\":1000.5,\"counters\":" COUNTERS "}"
#define PORT_2                                                                    \
	"{\"name\":\"ams-22\",\"ifindex\":10,\"asn\":null,\"member\":null,"       \
	"\"description\":\"core\",\"admin\":\"down\",\"oper\":null,\"mtu\":9000," \
	"\"speed\":null,\"mac\":null,\"connector\":false,\"changed\":null,\"counters\":null}"
#define LAG                                                                         \
	"{\"name\":\"bond3\",\"ifindex\":11,\"kind\":\"lag\",\"lag_ifindex\":null," \
	"\"in_use\":null,\"admin\":\"up\",\"oper\":\"up\",\"connector\":false,"     \
	"\"mac\":null,\"counters\":null}"
#define LINK(name, ifindex, in_use)                                                  \
	"{\"name\":\"" name "\",\"ifindex\":" ifindex                                \
	",\"kind\":\"link\",\"lag\":\"bond3\",\"lag_ifindex\":11,\"in_use\":" in_use \
	",\"admin\":\"up\",\"oper\":\"up\",\"connector\":true,\"mac\":null,"         \
	"\"counters\":null}"
#define MAC_AT(mac, lan, port, state) \
	"{\"mac\":\"" mac "\",\"lan\":\"" lan "\",\"ifname\":" port ",\"state\":\"" state "\"}"

static const struct fake_answer answers[] = {
	{"show.interfaces", FAKE_RESULT,
	 "{\"interfaces\":[" PORT_2 "," PORT_1 "," LAG
	 "," LINK("swp5", "12", "true") "," LINK("swp6", "13", "false") "]}",
	 NULL},
	{"show.lans", FAKE_RESULT,
	 "{\"lans\":[{\"name\":\"peering\",\"vlan\":10},{\"name\":\"spare\",\"vlan\":null}]}",
	 NULL},
	{"show.macs", FAKE_RESULT,
	 "{\"macs\":[" MAC_AT("02:00:00:00:00:0a", "peering", "\"lon-1\"", "static") "," MAC_AT(
		 "02:00:00:00:00:0b", "peering", "null",
		 "reserved") "," MAC_AT("02:00:00:00:00:0a", "spare", "\"ams-22\"", "learned") "]}",
	 NULL},
	{0},
};
static const struct fake_answer silence[] = {
	{"show.interfaces", FAKE_RAW, "{\"no\":", NULL},
	{0},
};

static struct fake_control fake;
static struct client client;
static struct snmp_view view;
static struct snmp_time at = {.now = 1000, .agent_started = 990};

static void start(void)
{
	fake_control_start(&fake, answers);
	client_init(&client, fake.path, 60);
	snmp_view_init(&view, &client);
}

static void end(void)
{
	snmp_view_fini(&view);
	client_close(&client);
	fake_control_stop(&fake);
}

TestSuite(snmp_view, .init = start, .fini = end, .timeout = 60);

static const struct snmp_row *get(const char *text)
{
	struct oid oid;

	cr_assert_eq(oid_parse(text, &oid), 0);
	return snmp_view_lookup(&view, &at, &oid, false);
}

static void expect_number(const char *text, uint64_t wanted)
{
	const struct snmp_row *row = get(text);

	cr_assert_not_null(row, "%s", text);
	cr_expect_eq(row->number, wanted, "%s is %lu", text, row->number);
}

static void expect_text(const char *text, const char *wanted)
{
	const struct snmp_row *row = get(text);

	cr_assert_not_null(row, "%s", text);
	cr_expect_str_eq(row->text, wanted, "%s is %s", text, row->text);
}

#define IF	  SNMP_IF_TABLE ".1"
#define IF_X	  SNMP_IF_X_TABLE ".1"
#define FDB_PORT  ".1.3.6.1.2.1.17.7.1.2.2.1.2"
#define FDB_STATE ".1.3.6.1.2.1.17.7.1.2.2.1.3"

Test(snmp_view, ports)
{
	expect_number(IF ".1.9", 9);
	expect_text(IF ".2.9", "lon-1");
	expect_text(IF_X ".1.9", "lon-1");
	expect_text(IF_X ".18.9", "Cust: Example Net");
	expect_text(IF_X ".18.10", "core");
	expect_number(IF ".5.9", UINT64_C(100000000000));
	expect_number(IF_X ".15.9", 100000);
	expect_number(IF ".8.9", 1);
	expect_number(IF ".7.10", 2);
	expect_number(IF ".8.10", 6);
	expect_number(IF ".9.9", 1050);
	expect_number(IF ".9.10", 0);
	expect_number(IF_X ".17.9", 1);
	expect_number(IF_X ".17.10", 2);
	cr_expect_null(get(IF ".1.14"));
}

Test(snmp_view, lags)
{
	expect_number(IF ".3.9", 6);
	expect_number(IF ".3.11", 161);
	expect_number(IF ".3.12", 6);
	expect_number(SNMP_AGG_PORT ".12.12", 11);
	expect_number(SNMP_AGG_PORT ".13.12", 11);
	expect_number(SNMP_AGG_PORT ".12.13", 11);
	expect_number(SNMP_AGG_PORT ".13.13", 0);
	cr_expect_null(get(SNMP_AGG_PORT ".13.11"));
	cr_expect_null(get(SNMP_AGG_PORT ".13.9"));
	expect_number(".1.3.6.1.2.1.17.1.4.1.2.11", 11);
	cr_expect_null(get(".1.3.6.1.2.1.17.1.4.1.2.12"), "a link is no port of the bridge");
}

Test(snmp_view, counters)
{
	static const struct {
		const char *object;
		uint64_t wanted;
	} counted[] = {
		{IF ".10.9", UINT64_C(4294967400)},
		{IF_X ".6.9", UINT64_C(4294967400)},
		{IF ".11.9", 1},
		{IF_X ".7.9", 1},
		{IF_X ".2.9", 2},
		{IF_X ".8.9", 2},
		{IF_X ".3.9", 3},
		{IF_X ".9.9", 3},
		{IF ".13.9", 4},
		{IF ".14.9", 5},
		{IF ".16.9", 6},
		{IF_X ".10.9", 6},
		{IF ".17.9", 7},
		{IF_X ".11.9", 7},
		{IF_X ".4.9", 8},
		{IF_X ".12.9", 8},
		{IF_X ".5.9", 9},
		{IF_X ".13.9", 9},
		{IF ".19.9", 10},
		{IF ".20.9", 0},
	};

	for (size_t i = 0; i < sizeof(counted) / sizeof(*counted); i++)
		expect_number(counted[i].object, counted[i].wanted);
	cr_expect_eq(get(IF ".10.9")->type, SNMP_COUNTER);
	cr_expect_eq(get(IF_X ".6.9")->type, SNMP_COUNTER64);
	cr_expect_null(get(IF ".10.10"), "a port that counts nothing has no zeros");
	cr_expect_null(get(IF_X ".6.10"));
}

Test(snmp_view, addresses)
{
	expect_number(".1.3.6.1.2.1.17.1.4.1.2.9", 9);
	expect_number(".1.3.6.1.2.1.17.7.1.4.2.1.3.0.10", 10);
	cr_expect_null(get(".1.3.6.1.2.1.17.7.1.4.2.1.3.0.4097"), "no VLAN");
	expect_number(FDB_PORT ".10.2.0.0.0.0.10", 9);
	expect_number(FDB_STATE ".10.2.0.0.0.0.10", 5);
	expect_number(FDB_PORT ".4097.2.0.0.0.0.10", 10);
	expect_number(FDB_STATE ".4097.2.0.0.0.0.10", 3);
	cr_expect_null(get(FDB_PORT ".10.2.0.0.0.0.11"), "at no port");
	expect_number(".1.3.6.1.2.1.17.4.3.1.2.2.0.0.0.0.10", 9);
	expect_number(".1.3.6.1.2.1.17.4.3.1.3.2.0.0.0.0.10", 5);
}

Test(snmp_view, the_start_of_snmpd_may_be_unknown)
{
	at.agent_started = 0;
	cr_expect_null(get(IF ".9.9"));
	expect_number(IF ".8.9", 1);
}

Test(snmp_view, answers_are_kept_for_a_time_and_not_longer)
{
	expect_number(IF ".1.9", 9);
	expect_number(".1.3.6.1.2.1.17.1.4.1.2.9", 9);
	fake_control_stop(&fake);
	at.now += SNMP_KEEP_INTERFACES - 0.1;
	expect_number(IF ".1.9", 9);
	at.now += 0.1;
	cr_expect_null(get(IF ".1.9"), "absent without control");
	expect_number(".1.3.6.1.2.1.17.1.4.1.2.9", 9);
	at.now += SNMP_KEEP_BRIDGE;
	cr_expect_null(get(".1.3.6.1.2.1.17.1.4.1.2.9"));
	fake_control_start(&fake, answers);
	client.path = fake.path;
	at.now += SNMP_KEEP_INTERFACES - 0.1;
	cr_expect_null(get(".1.3.6.1.2.1.17.1.4.1.2.9"), "not asked again so soon");
	at.now += 0.1;
	expect_number(".1.3.6.1.2.1.17.1.4.1.2.9", 9);
	expect_number(IF ".1.9", 9);
}

Test(snmp_view, half_an_answer_is_none)
{
	fake_control_stop(&fake);
	fake_control_start(&fake, silence);
	client.path = fake.path;
	cr_expect_null(get(IF ".1.9"));
	cr_expect_null(get(".1.3.6.1.2.1.17.1.4.1.2.9"));
}
