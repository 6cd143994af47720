// SPDX-License-Identifier: BSD-3-Clause
// From what a dataplane tells to what operators are told: control with a socket for operators,
// against a dataplane that tells on demand.
#include "control/events/events.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "control/rpc/server.h"
#include "lib/lacp.h"
#include "tests/support/loop_until.h"
#include "tests/support/world.h"

static const char config_text[] =
	"version: 1\n"
	"lans: {peering: {profile: exchange, prefixes: [192.0.2.0/24]}}\n"
	"ports:\n"
	"  swp1: {device: \"iface:m1\", member: {asn: 64501, name: Example Net}, lans: {peering: "
	"{macs: [\"02:00:00:00:65:01\"], ips: [192.0.2.1]}}}\n"
	"  swp2: {device: \"iface:m2\", violation: {action: drop}, lans: {peering: {macs: "
	"[\"02:00:00:00:65:02\"]}}}\n"
	"  swp3: {device: \"iface:m3\", quarantine: yes, lans: {peering: {macs: "
	"[\"02:00:00:00:65:03\"], ips: [192.0.2.3]}}}\n"
	"  swp4: {device: \"iface:m4\", lans: {peering: {monitor: yes}}}\n"
	"  bond5: {device: lag, member: {asn: 64505}, lans: {peering: {macs: "
	"[\"02:00:00:00:65:05\"]}}}\n"
	"  swp5: {device: \"iface:m5\", lag: bond5}\n";

static int client = -1;
static char input[1 << 20];
static size_t n_input;
static json_t *answer; // the last line that came

static void dial(void)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};

	client = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	strcpy(address.sun_path, operators_path);
	cr_assert_eq(connect(client, (void *)&address, sizeof(address)), 0);
	fcntl(client, F_SETFL, O_NONBLOCK);
}

static void start(void)
{
	world_start(WORLD_EVENTS | WORLD_OPERATORS, config_text);
	dial();
}

static void end(void)
{
	json_decref(answer);
	close(client);
	world_fini();
}

TestSuite(events, .init = start, .fini = end, .timeout = 60);

static bool has_line(void)
{
	ssize_t n = recv(client, input + n_input, sizeof(input) - n_input, 0);

	n_input += n > 0 ? (size_t)n : 0;
	return memchr(input, '\n', n_input);
}

static const json_t *next_line(void)
{
	cr_assert(loop_until(control.base, has_line));
	size_t length = (size_t)((char *)memchr(input, '\n', n_input) - input);
	json_decref(answer);
	answer = json_loadb(input, length, 0, NULL);
	n_input -= length + 1;
	memmove(input, input + length + 1, n_input);
	return answer;
}

static const json_t *ask(const char *method, const char *params)
{
	char line[512];
	int n = snprintf(line, sizeof(line),
			 "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"%s\",\"params\":%s}\n", method,
			 params);

	cr_assert_eq(send(client, line, (size_t)n, MSG_NOSIGNAL), n);
	const json_t *result = json_object_get(next_line(), "result");
	return result ? result : json_object_get(answer, "error");
}

static const json_t *events(void)
{
	return json_object_get(ask("show.events", "{}"), "events");
}

static bool has_events(void)
{
	return json_array_size(events()) > 0;
}

static const char *text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "(null)";
}

static json_int_t number_of(const json_t *object, const char *key)
{
	return json_integer_value(json_object_get(object, key));
}

// A frame of 60 octets by the port in "slot", from 02:00:00:00:00:99: IPv6 without a header.
static void tell_frame(uint16_t type, uint16_t slot, uint16_t reason)
{
	static const uint8_t octets[] = {0x33, 0x33, 0, 0, 0, 1, 2, 0, 0, 0, 0, 0x99, 0x86, 0xdd};
	struct message event;

	message_init(&event, (enum message_type)type, 0);
	event.frame = (struct event_frame){
		.port = slot, .lan = 0, .reason = reason, .length = 60, .n_octets = 60};
	memcpy(event.frame.octets, octets, sizeof(octets));
	fake_tell(&fake, 0, &event);
}

static void tell_port(uint16_t type, uint16_t why)
{
	struct message event;

	message_init(&event, (enum message_type)type, 0);
	event.event_port = (struct event_port){.why = why, .other = 1};
	fake_tell(&fake, 1, &event); // the manager's ring
}

static void set_disabled(uint8_t why)
{
	struct port_info *info = &fake.stats.ports[0];

	stats_port_info_begin(info);
	info->disabled = why;
	info->last_reason = DROP_MAC_LIMIT;
	stats_port_info_end(info);
}

Test(events, a_flood_is_one_event_that_says_everything)
{
	stats_port(&fake.stats, 0, 0)->drops[DROP_MAC_NOT_REGISTERED] = 999999;
	stats_port(&fake.stats, 1, 0)->drops[DROP_MAC_NOT_REGISTERED] = 1; // in the XDP guard
	tell_frame(EVENT_VIOLATION, 0, DROP_MAC_NOT_REGISTERED);
	while (!has_events())
		;
	const json_t *all = events();
	const json_t *event = json_array_get(all, 0);
	cr_expect_eq(json_array_size(all), 1);
	cr_expect_eq(number_of(event, "id"), 1);
	cr_expect_str_eq(text_of(event, "port"), "swp1");
	cr_expect_eq(number_of(event, "asn"), 64501);
	cr_expect_str_eq(text_of(event, "member"), "Example Net");
	cr_expect_str_eq(text_of(event, "lan"), "peering");
	cr_expect_str_eq(text_of(event, "reason"), "mac_not_registered");
	cr_expect_str_eq(text_of(event, "level"), "warning");
	cr_expect_eq(number_of(event, "count"), 1000000);
	cr_expect(json_is_true(json_object_get(event, "open")));
	cr_expect_str_eq(json_string_value(json_array_get(json_object_get(event, "macs"), 0)),
			 "02:00:00:00:00:99");
	cr_expect_eq(strlen(text_of(event, "frame")), 120);

	event = json_object_get(ask("show.event", "{\"id\":1}"), "event");
	cr_expect_str_eq(
		json_string_value(json_array_get(json_object_get(event, "decoded"), 0)),
		"Ethernet from 02:00:00:00:00:99 to 33:33:00:00:00:01 (a group of IPv6), type "
		"0x86dd (IPv6)");
	cr_expect_eq(number_of(ask("show.event", "{\"id\":2}"), "code"), 4);
}

Test(events, who_speaks_for_another_is_named_and_so_is_the_other)
{
	static const uint8_t reply[] = {2,   0, 0, 0, 0, 1, 2, 0, 0, 0, 0x65, 1, 8,    6,
					0,   1, 8, 0, 6, 4, 0, 2, 2, 0, 0,    0, 0x65, 1,
					192, 0, 2, 3, 2, 0, 0, 0, 0, 1, 192,  0, 2,    1};
	struct message event;

	message_init(&event, EVENT_VIOLATION, 0);
	event.frame = (struct event_frame){.reason = DROP_ARP_SPOOFED,
					   .length = 60,
					   .n_octets = sizeof(reply)};
	memcpy(event.frame.octets, reply, sizeof(reply));
	fake_tell(&fake, 0, &event);
	while (!has_events())
		;
	const json_t *row = json_array_get(events(), 0);
	cr_expect_str_eq(text_of(row, "port"), "swp1");
	cr_expect_str_eq(text_of(row, "reason"), "arp_spoofed");
	cr_expect_str_eq(text_of(row, "detail"),
			 "It answers or asks as 192.0.2.3, which is assigned to port swp3.");
}

Test(events, who_follows_is_told)
{
	ask("events.follow", "{}");
	cr_expect_eq(json_array_size(json_object_get(json_object_get(answer, "result"), "events")),
		     0);
	set_disabled(DISABLE_LOOP);
	tell_port(EVENT_PORT_DISABLED, DISABLE_LOOP);
	const json_t *line = next_line();
	const json_t *event = json_object_get(line, "params");
	cr_expect_str_eq(text_of(line, "method"), "event");
	cr_expect_str_eq(text_of(event, "change"), "opened");
	cr_expect_str_eq(text_of(event, "reason"), "loop");
	cr_expect_str_eq(text_of(event, "level"), "critical");
	cr_expect_str_eq(text_of(event, "detail"),
			 "Its loop probe came back by port swp2; until an operator enables it.");
	set_disabled(DISABLE_NONE);
	tell_port(EVENT_PORT_ENABLED, DISABLE_LOOP);
	event = json_object_get(next_line(), "params");
	cr_expect_str_eq(text_of(event, "change"), "closed");
	cr_expect(json_is_false(json_object_get(event, "open")));
	cr_expect_eq(json_array_size(events()), 1, "and may go on asking");
}

Test(events, a_disabled_port_that_nobody_told_of_is_found)
{
	ask("events.follow", "{}");
	set_disabled(DISABLE_SECURITY);
	const json_t *event = json_object_get(next_line(), "params");
	cr_expect_str_eq(text_of(event, "reason"), "port_disabled");
	cr_expect_str_eq(text_of(event, "change"), "opened");
	cr_expect_str_eq(text_of(event, "detail"),
			 "For violations, the last for mac_limit; until an operator enables it.");
	set_disabled(DISABLE_NONE);
	event = json_object_get(next_line(), "params");
	cr_expect_str_eq(text_of(event, "reason"), "port_disabled");
	cr_expect_str_eq(text_of(event, "change"), "closed");
	cr_expect_eq(number_of(event, "count"), 1);
}

static void set_in_use(uint8_t in_use)
{
	struct port_info *lag = &fake.stats.ports[4], *link = &fake.stats.ports[5];

	cr_assert_str_eq(link->name, "swp5");
	stats_port_info_begin(lag);
	lag->n_active = in_use;
	stats_port_info_end(lag);
	stats_port_info_begin(link);
	link->n_active = in_use;
	link->lacp.reason = in_use ? LACP_CARRIES : LACP_STOPPED;
	stats_port_info_end(link);
}

static void expect_link(const char *change)
{
	const json_t *event = json_object_get(next_line(), "params");

	cr_expect_str_eq(text_of(event, "reason"), "link_not_in_use");
	cr_expect_str_eq(text_of(event, "change"), change);
	cr_expect_str_eq(text_of(event, "port"), "swp5");
	cr_expect_str_eq(text_of(event, "level"), "warning");
	cr_expect_eq(number_of(event, "asn"), 64505, "its LAG's");
	cr_expect_eq(number_of(event, "count"), 1);
	cr_expect_str_eq(text_of(event, "detail"),
			 "LAG bond5 uses 0 of 1 links, too few to be up. No more LACPDUs from the "
			 "partner: is the other end still there?");
}

Test(events, a_link_that_leaves_its_lag_is_told)
{
	// Once this is told, every port was looked at.
	stats_port(&fake.stats, 0, 0)->drops[DROP_RUNT] = 1;
	while (!has_events())
		;
	ask("events.follow", "{}");
	set_in_use(0);
	expect_link("opened");
	set_in_use(1);
	expect_link("closed");
}

Test(events, a_follower_hears_of_counts_that_grow)
{
	ask("events.follow", "{}");
	stats_port(&fake.stats, 0, 0)->drops[DROP_RUNT] = 1;
	tell_frame(EVENT_VIOLATION, 0, DROP_RUNT);
	const json_t *event = json_object_get(next_line(), "params");
	cr_expect_eq(number_of(event, "count"), 1);
	stats_port(&fake.stats, 0, 0)->drops[DROP_RUNT] = 5000;
	event = json_object_get(next_line(), "params");
	cr_expect_str_eq(text_of(event, "change"), "updated");
	cr_expect_eq(number_of(event, "count"), 5000);
}

Test(events, the_history_outlives_control)
{
	tell_frame(EVENT_VIOLATION, 0, DROP_RUNT);
	while (!has_events())
		;
	close(client);
	end_control();
	start_control();
	dial();
	const json_t *all = events();
	cr_assert_eq(json_array_size(all), 1);
	cr_expect_str_eq(text_of(json_array_get(all, 0), "reason"), "runt");
	cr_expect(json_is_false(json_object_get(json_array_get(all, 0), "open")));
}

Test(events, filters_are_checked)
{
	static const struct {
		const char *params;
		json_int_t code;
	} rows[] = {
		{"{\"reason\":\"nothing\"}", -32602},	{"{\"limit\":0}", -32602},
		{"{\"limit\":1001}", -32602},		{"{\"port\":7}", -32602},
		{"{\"since\":\"yesterday\"}", -32602},	{"{\"reason\":\"loop\",\"limit\":1}", 0},
		{"{\"port\":\"gone\",\"since\":5}", 0},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		cr_expect_eq(number_of(ask("show.events", rows[i].params), "code"), rows[i].code,
			     "%s", rows[i].params);
}

Test(events, nonsense_makes_none)
{
	tell_frame(EVENT_VIOLATION, 0, DROP_COUNT);
	tell_frame(EVENT_VIOLATION, 0, DROP_UNKNOWN_UNICAST);
	tell_frame(EVENT_VIOLATION, 900, DROP_RUNT);
	tell_frame(EVENT_VIOLATION, 0xffff, DROP_RUNT);
	tell_frame(EVENT_WATCHED, 900, DROP_NONE);
	tell_frame(EVENT_VIOLATION, 0, DROP_RUNT);
	while (!has_events())
		;
	cr_expect_eq(json_array_size(events()), 1);
}

static bool has_record(void)
{
	return number_of(ask("quarantine.report", "{\"port\":\"swp3\"}"), "frames") > 0;
}

Test(events, a_port_in_quarantine_has_a_report)
{
	const json_t *report = ask("quarantine.report", "{\"port\":\"swp3\"}");

	cr_expect_str_eq(text_of(report, "verdict"), "nothing seen yet");
	cr_expect(json_is_true(json_object_get(report, "quarantine")));
	cr_expect_eq(number_of(ask("quarantine.report", "{\"port\":\"swp1\"}"), "code"), 6);
	cr_expect_eq(number_of(ask("quarantine.report", "{\"port\":\"swp9\"}"), "code"), 4);

	tell_frame(EVENT_WATCHED, 2, DROP_NONE);
	while (!has_record())
		;
	report = ask("quarantine.report", "{\"port\":\"swp3\"}");
	cr_expect_str_eq(text_of(report, "verdict"), "fail");
	const json_t *findings = json_object_get(report, "findings");
	const json_t *mac = json_array_get(json_object_get(report, "macs"), 0);
	cr_assert_eq(json_array_size(findings), 2);
	cr_expect_str_eq(text_of(json_array_get(findings, 0), "finding"), "other_multicast");
	cr_expect_str_eq(text_of(json_array_get(findings, 1), "finding"), "mac_not_registered");
	cr_expect_str_eq(text_of(mac, "mac"), "02:00:00:00:00:99");
	cr_expect(json_is_false(json_object_get(mac, "registered")));
	cr_expect_eq(json_array_size(json_object_get(report, "reasons")), 3,
		     "both, and ARP that was not answered");
}

static bool is_cut_off(void)
{
	char octet;

	return recv(client, &octet, 1, MSG_PEEK | MSG_DONTWAIT) == 0;
}

static bool publish_more(void)
{
	static char line[65536];

	memset(line, 'x', sizeof(line));
	server_publish(control.server, line, sizeof(line));
	n_input += sizeof(line);
	return n_input > 16 << 20;
}

static bool drain(void)
{
	static char octets[65536];

	while (recv(client, octets, sizeof(octets), MSG_DONTWAIT) > 0)
		;
	return is_cut_off();
}

Test(events, who_does_not_read_is_cut_off)
{
	ask("events.follow", "{}");
	cr_assert(loop_until(control.base, publish_more));
	cr_expect(loop_until(control.base, drain));
	n_input = 0;
	close(client);
	dial();
	cr_expect_eq(json_array_size(events()), 0, "others are served");
}
