// SPDX-License-Identifier: BSD-3-Clause
// The agent between a dataplane without frames and collectors on loopback: from what workers tell
// to datagrams that arrive.
#include "control/sflow/sflow.h"

#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "control/config/config.h"
#include "control/loop.h"
#include "control/metrics/collect.h"
#include "control/metrics/view.h"
#include "control/sflow/collector.h"
#include "control/state/state.h"
#include "tests/support/loop_until.h"
#include "tests/support/world.h"

// Ports are numbered in the order of the file, so that swp3's ifIndex is 3; slots likewise from 0.
static const char config_text[] =
	"version: 1\n"
	"lans:\n"
	"  other: {profile: open}\n"
	"  peering: {profile: open, vlan: 100}\n"
	"ports:\n"
	"  swp1: {device: \"iface:m1\", lans: {peering: {}}}\n"
	"  swp2: {device: \"iface:m2\", lans: {peering: {}}}\n"
	"  swp3: {device: \"iface:m3\", quarantine: yes, lans: {peering: {}}}\n"
	"  swp4: {device: \"iface:m4\", lans: {peering: {monitor: yes}}}\n";

enum { OTHER, PEERING, QUARANTINE, LANS };
enum { SWP1, SWP2, SWP3, SWP4, PORTS };
enum { WORKERS = 2, DATAGRAMS = 64, FLOW = 1, COUNTERS = 2 };

static struct config_collector collectors[2];
static struct config_sflow settings = {.agent = {4, {192, 0, 2, 250}},
				       .collectors = collectors,
				       .n_collectors = 1};
static int sockets[2] = {-1, -1};
static const struct event_sample usual = {.pool = 500,
					  .sampling = 100,
					  .port = SWP1,
					  .lan = PEERING,
					  .out = SWP2,
					  .length = 1514,
					  .n_octets = SAMPLE_OCTETS};

// ---- Collectors

static void open_collector(size_t i)
{
	struct sockaddr_in address = {.sin_family = AF_INET,
				      .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t length = sizeof(address);

	sockets[i] = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	cr_assert_eq(bind(sockets[i], (void *)&address, length), 0);
	cr_assert_eq(getsockname(sockets[i], (void *)&address, &length), 0);
	collectors[i] = (struct config_collector){.address = {4, {127, 0, 0, 1}},
						  .port = ntohs(address.sin_port)};
	strcpy(collectors[i].name, i ? "second" : "first");
}

static void close_collector(size_t i)
{
	if (sockets[i] >= 0)
		close(sockets[i]);
	sockets[i] = -1;
}

static void configure(void)
{
	control.running.config->sflow = settings;
	sflow_configure(control.sflow);
}

static void start(void)
{
	world_init(WORLD_EVENTS | WORLD_SFLOW | WORLD_OPERATORS);
	open_collector(0);
	open_collector(1);
	write_file(config_text);
	fake_start(&fake, dataplane_path, WORKERS, FAKE_GOOD);
	start_control();
	wait_in_force();
	configure();
}

static void end(void)
{
	control.running.config->sflow = (struct config_sflow){0};
	world_fini();
	close_collector(0);
	close_collector(1);
}

TestSuite(sflow, .init = start, .fini = end, .timeout = 60);

// ---- What arrived

static uint8_t datagrams[DATAGRAMS][1500];
static size_t lengths[DATAGRAMS];
static size_t n_datagrams, wanted;

static uint32_t word(const uint8_t *octets, size_t n)
{
	octets += 4 * n;
	return (uint32_t)octets[0] << 24 | octets[1] << 16 | octets[2] << 8 | octets[3];
}

static void receive(int fd)
{
	ssize_t n;

	while (n_datagrams < DATAGRAMS &&
	       (n = recv(fd, datagrams[n_datagrams], sizeof(datagrams[0]), 0)) > 0)
		lengths[n_datagrams++] = (size_t)n;
}

// Sample number "i" of a kind, of all that arrived; NULL if there are not so many.
static const uint8_t *find_sample(uint32_t kind, size_t i)
{
	for (size_t d = 0; d < n_datagrams; d++) {
		const uint8_t *at = datagrams[d] + 28, *past = datagrams[d] + lengths[d];

		for (; at < past; at += 8 + word(at, 1)) {
			if (word(at, 0) == kind && i-- == 0)
				return at;
		}
	}
	return NULL;
}

static bool flows_have_come(void)
{
	receive(sockets[0]);
	return find_sample(FLOW, wanted - 1);
}

static bool counters_have_come(void)
{
	receive(sockets[0]);
	return find_sample(COUNTERS, wanted - 1);
}

static void wait_for(size_t n, loop_condition *condition)
{
	wanted = n;
	cr_assert(loop_until(control.base, condition), "%zu datagrams came", n_datagrams);
}

static void tell(uint32_t worker, const struct event_sample *sample)
{
	struct message event;

	message_init(&event, EVENT_SAMPLE, 0);
	event.sample = *sample;
	fake_tell(&fake, worker, &event);
}

// ---- Frames

enum { SEQUENCE = 2, SOURCE, RATE, POOL, DROPS, INPUT, OUTPUT };
enum { FRAME_LENGTH = 13, HEADER_LENGTH = 15, HEADER = 16, SOURCE_VLAN = 50, OUT_VLAN = 52 };

static void expect_word(const uint8_t *sample, size_t number, uint32_t value)
{
	cr_expect_eq(word(sample, number), value, "word %zu is %u, not %u", number,
		     word(sample, number), value);
}

Test(sflow, a_sample_comes_out)
{
	struct event_sample sample = usual;

	for (size_t i = 0; i < SAMPLE_OCTETS; i++)
		sample.octets[i] = (uint8_t)(i + 1);
	tell(0, &sample);
	wait_for(1, flows_have_come);
	cr_expect_eq(word(datagrams[0], 0), 5);
	cr_expect_eq(word(datagrams[0], 2), 0xc00002fa);
	cr_expect_eq(word(datagrams[0], 4), 1, "the first datagram");
	const uint8_t *flow = find_sample(FLOW, 0);
	expect_word(flow, SEQUENCE, 1);
	expect_word(flow, SOURCE, 1);
	expect_word(flow, RATE, 100);
	expect_word(flow, POOL, 100);
	expect_word(flow, DROPS, 0);
	expect_word(flow, INPUT, 1);
	expect_word(flow, OUTPUT, 2);
	expect_word(flow, FRAME_LENGTH, 1518);
	expect_word(flow, HEADER_LENGTH, 128);
	expect_word(flow, SOURCE_VLAN, 100);
	expect_word(flow, OUT_VLAN, 100);
	cr_expect_arr_eq(flow + 4 * HEADER, sample.octets, SAMPLE_OCTETS);
}

Test(sflow, where_a_frame_went)
{
	struct event_sample samples[] = {usual, usual, usual, usual, usual};

	samples[0].out = FDB_ANY;
	samples[0].copies = 3;
	samples[1].out = FDB_ANY;
	samples[2].out = PORT_FABRIC;
	samples[3].out = 77; // no port of ours
	samples[4].out = SWP4;
	for (size_t i = 0; i < 5; i++)
		tell(0, &samples[i]);
	wait_for(5, flows_have_come);
	expect_word(find_sample(FLOW, 0), OUTPUT, 0x80000003);
	expect_word(find_sample(FLOW, 1), OUTPUT, 0x4000010b);
	expect_word(find_sample(FLOW, 2), OUTPUT, 0x3fffffff);
	expect_word(find_sample(FLOW, 3), OUTPUT, 0);
	expect_word(find_sample(FLOW, 4), OUTPUT, 4);
}

Test(sflow, lans_are_told_by_their_vlan)
{
	struct event_sample samples[] = {usual, usual};

	samples[0].lan = QUARANTINE;
	samples[0].port = SWP3;
	samples[1].lan = OTHER;
	tell(0, &samples[0]);
	tell(0, &samples[1]);
	wait_for(2, flows_have_come);
	expect_word(find_sample(FLOW, 0), SOURCE_VLAN, 100);
	expect_word(find_sample(FLOW, 0), INPUT, 3);
	expect_word(find_sample(FLOW, 1), SOURCE_VLAN, 0);
}

static struct sflow_port port_count(size_t port, const char *name)
{
	struct sflow_port count;

	cr_assert(sflow_port(control.sflow, port, name, &count));
	return count;
}

static struct event_sample counted(uint32_t pool, uint32_t lost)
{
	struct event_sample sample = usual;

	sample.pool = pool;
	sample.lost = lost;
	return sample;
}

Test(sflow, pools_are_summed_over_workers_and_wrap)
{
	const struct event_sample samples[] = {counted(UINT32_MAX, 0), counted(1000, 5),
					       counted(99, 2), counted(1200, 6)};

	tell(0, &samples[0]);
	tell(1, &samples[1]);
	wait_for(2, flows_have_come); // rings of workers have no order between them
	tell(0, &samples[2]);
	wait_for(3, flows_have_come);
	tell(1, &samples[3]);
	wait_for(4, flows_have_come);
	expect_word(find_sample(FLOW, 1), POOL, 200);
	expect_word(find_sample(FLOW, 2), POOL, 300);
	expect_word(find_sample(FLOW, 2), DROPS, 2);
	expect_word(find_sample(FLOW, 3), POOL, 500);
	expect_word(find_sample(FLOW, 3), DROPS, 3);
	expect_word(find_sample(FLOW, 3), SEQUENCE, 4);
	cr_expect_eq(port_count(SWP1, "swp1").pool, 500);
	cr_expect_eq(port_count(SWP1, "swp1").lost, 3);
	cr_expect_eq(port_count(SWP1, "swp1").samples, 4);
	cr_expect_eq(port_count(SWP2, "swp2").samples, 0);
}

static bool is_attached_again(void)
{
	struct sflow_count count;

	sflow_count(control.sflow, &count);
	return is_in_force() && fake.shared->attachments == 2;
}

Test(sflow, another_dataplane_counts_from_zero)
{
	const struct event_sample before = counted(5000, 50), after = counted(3, 0);

	tell(0, &before);
	wait_for(1, flows_have_come);
	fake_kill(&fake);
	fake_start(&fake, dataplane_path, WORKERS, FAKE_GOOD);
	cr_assert(loop_until(control.base, is_attached_again));
	configure();
	tell(0, &after);
	wait_for(2, flows_have_come);
	expect_word(find_sample(FLOW, 1), POOL, 103);
	expect_word(find_sample(FLOW, 1), DROPS, 0);
	expect_word(find_sample(FLOW, 1), SEQUENCE, 2);
}

Test(sflow, a_change_forgets_nothing)
{
	const struct event_sample samples[] = {counted(1000, 5), counted(1200, 6)};

	tell(0, &samples[0]);
	wait_for(1, flows_have_come);
	settings.agent.octets[3] = 251;
	configure();
	tell(0, &samples[1]);
	wait_for(2, flows_have_come);
	expect_word(find_sample(FLOW, 1), POOL, 300);
	expect_word(find_sample(FLOW, 1), DROPS, 1);
	expect_word(find_sample(FLOW, 1), SEQUENCE, 2);
	cr_expect_eq(word(datagrams[0], 2), 0xc00002fa);
	cr_expect_eq(word(datagrams[1], 2), 0xc00002fb);
	cr_expect_eq(word(datagrams[1], 4), 2);
}

Test(sflow, nonsense_is_ignored_and_counted)
{
	struct event_sample samples[11];
	struct sflow_count count;

	for (size_t i = 0; i < 11; i++)
		samples[i] = usual;
	samples[0].port = MAX_PORTS;
	samples[1].port = UINT16_MAX;
	samples[2].lan = LANS;
	samples[3].lan = UINT16_MAX;
	samples[4].out = MAX_PORTS;
	samples[5].n_octets = SAMPLE_OCTETS + 1;
	samples[6].length = samples[6].n_octets - 1;
	samples[7].n_octets = 0;
	samples[8].sampling = 0;
	samples[9].copies = MAX_PORTS;
	samples[10].port = PORTS; // nobody lives there
	for (size_t i = 0; i < 11; i++)
		tell(0, &samples[i]);
	tell(0, &usual);
	wait_for(1, flows_have_come);
	cr_expect_null(find_sample(FLOW, 1));
	expect_word(find_sample(FLOW, 0), SEQUENCE, 1);
	sflow_take(control.sflow, MAX_WORKERS, &usual);
	sflow_count(control.sflow, &count);
	cr_expect_eq(count.ignored, 12);
	cr_expect_eq(port_count(SWP1, "swp1").samples, 1);
}

Test(sflow, a_full_datagram_goes_at_once)
{
	for (int i = 0; i < 7; i++)
		sflow_take(control.sflow, 0, &usual);
	receive(sockets[0]);
	cr_assert_eq(n_datagrams, 1, "not the second one, which has room");
	cr_expect_eq(lengths[0], 28 + 6 * 216);
	wait_for(7, flows_have_come);
	cr_expect_eq(n_datagrams, 2);
	cr_expect_eq(word(datagrams[1], 4), 2);
	cr_expect_eq(word(datagrams[1], 6), 1);
}

Test(sflow, without_collectors_there_is_no_agent)
{
	struct sflow_port port;
	struct sflow_count count;

	settings.n_collectors = 0;
	configure();
	sflow_take(control.sflow, 0, &usual);
	sflow_count(control.sflow, &count);
	cr_expect_eq(count.datagrams + count.ignored, 0);
	cr_expect_not(sflow_port(control.sflow, SWP1, "swp1", &port));
	settings.n_collectors = 1;
	configure();
	tell(0, &usual);
	wait_for(1, flows_have_come);
	cr_expect_eq(n_datagrams, 1);
}

static bool the_others_are_in_force(void)
{
	return is_in_force() && control.running.config->n_ports == PORTS - 1;
}

Test(sflow, a_port_that_is_gone_is_not_told_of)
{
	struct event_sample sample = usual;

	write_file("version: 1\n"
		   "lans: {peering: {profile: open, vlan: 7}}\n"
		   "ports:\n"
		   "  swp2: {device: \"iface:m2\", lans: {peering: {}}}\n"
		   "  swp3: {device: \"iface:m3\", lans: {peering: {}}}\n"
		   "  swp4: {device: \"iface:m4\", lans: {peering: {}}}\n");
	control.running.config->sflow = (struct config_sflow){0};
	end_control();
	start_control();
	cr_assert(loop_until(control.base, the_others_are_in_force));
	configure();
	sample.lan = 0;
	sflow_take(control.sflow, 0, &sample);
	sample.port = sample.out = running_slot(&control.running, 0);
	sflow_take(control.sflow, 0, &sample);
	wait_for(1, flows_have_come);
	cr_expect_null(find_sample(FLOW, 1));
	expect_word(find_sample(FLOW, 0), INPUT, 2);
	expect_word(find_sample(FLOW, 0), SOURCE_VLAN, 7);
}

// ---- Counters

enum { REPORT_SEQUENCE = 2, REPORT_SOURCE };
enum { IF_STATUS = 12, IN_OCTETS_LOW = 14, IN_UNICAST, IN_BROADCAST = 17, IN_DISCARDS, IN_ERRORS };

Test(sflow, counters_of_each_port_come_once_in_an_interval)
{
	uint32_t seen[PORTS + 1] = {0};

	stats_port(&fake.stats, 0, SWP1)->rx_frames = 10;
	stats_port(&fake.stats, 1, SWP1)->rx_frames = 5;
	stats_port(&fake.stats, 1, SWP1)->rx_broadcast = 3;
	stats_port(&fake.stats, 0, SWP1)->rx_octets = 1000;
	stats_port(&fake.stats, 0, SWP1)->drops[DROP_UNKNOWN_UNICAST] = 2;
	stats_port(&fake.stats, WORKERS, SWP1)->drops[DROP_RUNT] = 1;
	settings.polling = 1;
	configure();
	wait_for(2 * PORTS, counters_have_come);
	cr_expect_geq(n_datagrams, 4, "a tick of half a second has two ports");
	for (size_t i = 0; i < 2 * PORTS; i++) {
		const uint8_t *report = find_sample(COUNTERS, i);

		cr_assert_leq(word(report, REPORT_SOURCE), PORTS);
		expect_word(report, REPORT_SEQUENCE, ++seen[word(report, REPORT_SOURCE)]);
	}
	for (size_t port = 1; port <= PORTS; port++)
		cr_expect_eq(seen[port], 2, "of %zu", port);
	const uint8_t *report = find_sample(COUNTERS, 0);
	expect_word(report, REPORT_SOURCE, 1);
	expect_word(report, IF_STATUS, 3);
	expect_word(report, IN_OCTETS_LOW, 1060);
	expect_word(report, IN_UNICAST, 12);
	expect_word(report, IN_BROADCAST, 3);
	expect_word(report, IN_DISCARDS, 2);
	expect_word(report, IN_ERRORS, 1);
	cr_expect_str_eq((const char *)report + 4 * 32, "swp1");
}

// ---- Collectors

static bool both_have_it(void)
{
	static bool has[2];
	char octets[1500];

	for (size_t i = 0; i < 2; i++)
		has[i] |= recv(sockets[i], octets, sizeof(octets), 0) > 0;
	return has[0] && has[1];
}

Test(sflow, every_collector_gets_everything)
{
	settings.n_collectors = 2;
	configure();
	tell(0, &usual);
	cr_expect(loop_until(control.base, both_have_it));
}

static bool first_is_refused(void)
{
	size_t n;

	sflow_take(control.sflow, 0, &usual);
	return sflow_collectors(control.sflow, &n)[0].errors;
}

Test(sflow, one_that_is_not_there_is_told_and_disturbs_nobody)
{
	struct sflow_count count;
	size_t n;

	settings.n_collectors = 2;
	close_collector(0);
	open_collector(0); // the dataplane has a copy of the other one
	close_collector(0);
	configure();
	cr_assert(loop_until(control.base, first_is_refused));
	const struct collector *told = sflow_collectors(control.sflow, &n);
	cr_assert_eq(n, 2);
	cr_expect(told[0].fails && !told[1].fails);
	cr_expect_str_eq(told[0].problem, "nobody listens on that port");
	cr_expect_eq(told[1].errors, 0);
	cr_expect_str_empty(told[1].problem);
	sflow_count(control.sflow, &count);
	cr_expect_eq(told[1].datagrams, count.datagrams);
	receive(sockets[1]);
	cr_expect_eq(n_datagrams, count.datagrams);
}

// What was counted of one that stays is kept.
Test(sflow, collectors_come_and_go)
{
	size_t n;

	sflow_take(control.sflow, 0, &usual);
	settings.n_collectors = 2;
	configure(); // what was begun goes to those there were
	cr_expect_eq(sflow_collectors(control.sflow, &n)[0].datagrams, 1);
	cr_expect_eq(sflow_collectors(control.sflow, &n)[1].datagrams, 0);
	settings.collectors = &collectors[1];
	settings.n_collectors = 1;
	sflow_take(control.sflow, 0, &usual);
	configure();
	const struct collector *left = sflow_collectors(control.sflow, &n);
	cr_expect_eq(n, 1);
	cr_expect_str_eq(left->name, "second");
	cr_expect_eq(left->datagrams, 1);
}

// ---- Operators

static char answer[4096];
static size_t n_answer;
static int client;

static bool is_answered(void)
{
	ssize_t n = recv(client, answer + n_answer, sizeof(answer) - 1 - n_answer, MSG_DONTWAIT);

	n_answer += n > 0 ? (size_t)n : 0;
	return strchr(answer, '\n');
}

static void expect_in_answer(const char *part)
{
	cr_expect(strstr(answer, part), "%s: not in: %s", part, answer);
}

static void sample_one_port(void)
{
	for (size_t i = 0; i < PORTS; i++)
		control.running.config->ports[i].sampling = i == SWP1 ? 100 : 0;
	settings.polling = 30;
	configure();
	sflow_take(control.sflow, 0, &usual);
	configure();
}

Test(sflow, operators_are_told)
{
	static const char question[] = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"show.sflow\"}\n";
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	char collector[128];

	sample_one_port();
	strcpy(address.sun_path, operators_path);
	client = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	cr_assert_eq(connect(client, (void *)&address, sizeof(address)), 0);
	cr_assert_eq(send(client, question, strlen(question), 0), strlen(question));
	cr_assert(loop_until(control.base, is_answered), "%s", answer);
	close(client);
	snprintf(collector, sizeof(collector),
		 "\"collectors\":[{\"name\":\"first\",\"address\":\"127.0.0.1\",\"port\":%u,"
		 "\"datagrams\":1,\"errors\":0,\"failing\":false,\"last_error\":null}]",
		 collectors[0].port);
	expect_in_answer("\"agent\":\"192.0.2.250\",\"polling\":30,\"datagrams\":1,\"ignored\":0");
	expect_in_answer(collector);
	expect_in_answer("\"ports\":[{\"port\":\"swp1\",\"ifindex\":1,\"sampling\":100,"
			 "\"samples\":1,\"lost\":0,\"pool\":100}]");
}

Test(sflow, metrics_are_told)
{
	static const uint32_t ifindexes[PORTS];

	sample_one_port();
	struct view *view = collect(&control, ifindexes);
	cr_assert_eq(view->n_collectors, 1);
	cr_expect_str_eq(view->collectors[0].name, "first");
	cr_expect_eq(view->collectors[0].datagrams, 1);
	cr_expect_eq(view->collectors[0].errors, 0);
	cr_expect(view->ports[SWP1].is_sampled);
	cr_expect_eq(view->ports[SWP1].sflow.samples, 1);
	cr_expect_not(view->ports[SWP2].is_sampled);
	view_free(view);
}
