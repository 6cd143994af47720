// SPDX-License-Identifier: BSD-3-Clause
// From the counters of a dataplane to who asks for them, by HTTP and in a file.
#include "control/metrics/metrics.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "control/events/events.h"
#include "control/fabric/fabric.h"
#include "control/loop.h"
#include "control/metrics/http.h"
#include "tests/support/loop_until.h"
#include "tests/support/world.h"

static const char config_text[] =
	"version: 1\n"
	"lans: {peering: {profile: exchange, prefixes: [192.0.2.0/24]}}\n"
	"ports:\n"
	"  swp1: {device: \"iface:m1\", member: {asn: 64501, name: Example Net}, lans: {peering: "
	"{macs: [\"02:00:00:00:65:01\"], ips: [192.0.2.1]}}}\n"
	"  swp2: {device: \"iface:m2\", lans: {peering: {macs: [\"02:00:00:00:65:02\"]}}}\n";

static struct metrics *metrics;
static char http_path[64], file_path[64];
static char answer[1 << 20];
static size_t n_answer;
static int client = -1;

static void start(void)
{
	world_init(WORLD_EVENTS);
	snprintf(http_path, sizeof(http_path), "%s/metrics.sock", directory);
	snprintf(file_path, sizeof(file_path), "%s/ixfab.prom", directory);
	write_file(config_text);
	fake_start(&fake, dataplane_path, 2, FAKE_GOOD);
	start_control();
	wait_in_force();
}

static void end(void)
{
	metrics_destroy(metrics);
	if (client >= 0)
		close(client);
	world_fini();
}

TestSuite(metrics, .init = start, .fini = end, .timeout = 60);

static void listen_there(void)
{
	metrics = metrics_create(&control, &(struct metrics_wish){.address = http_path});
	cr_assert_not_null(metrics);
}

static int dial(void)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	strcpy(address.sun_path, http_path);
	cr_assert_eq(connect(fd, (void *)&address, sizeof(address)), 0);
	fcntl(fd, F_SETFL, O_NONBLOCK);
	return fd;
}

static bool has_ended(void)
{
	ssize_t n = recv(client, answer + n_answer, sizeof(answer) - 1 - n_answer, 0);

	n_answer += n > 0 ? (size_t)n : 0;
	answer[n_answer] = 0;
	return n == 0;
}

// Ask for something, and read what comes until the other side hangs up.
static const char *ask(const char *request, const char *headers)
{
	char text[512];
	int n = snprintf(text, sizeof(text),
			 "%s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n%s\r\n", request,
			 headers);

	n_answer = 0;
	client = dial();
	cr_assert_eq(send(client, text, (size_t)n, MSG_NOSIGNAL), n);
	cr_assert(loop_until(control.base, has_ended), "%s", answer);
	close(client);
	client = -1;
	return answer;
}

static void expect(const char *part)
{
	cr_expect(strstr(answer, part), "%s: not in:\n%s", part, answer);
}

static void expect_not(const char *part)
{
	cr_expect_not(strstr(answer, part), "%s: in:\n%s", part, answer);
}

Test(metrics, counters_of_the_dataplane_are_told)
{
	uint16_t one = running_slot(&control.running, 0), two = running_slot(&control.running, 1);

	stats_port(&fake.stats, 0, one)->rx_frames = 40;
	stats_port(&fake.stats, 1, one)->rx_frames = 2;
	stats_port(&fake.stats, 2, one)->drops[DROP_RUNT] = 9;
	stats_pairs(&fake.stats, 0, one)[two].frames[PAIR_IPV4] = 30;
	stats_pairs(&fake.stats, 1, one)[two].frames[PAIR_IPV4] = 3;
	fake.stats.header->lans[0].learned = 5;
	fake.stats.header->mbufs_free = 777;
	fake.stats.workers[1].events_lost = 6;
	listen_there();
	ask("GET /metrics", "");
	expect("HTTP/1.1 200 OK\r\n");
	expect("Content-Type: text/plain; version=0.0.4; charset=utf-8\r\n");
	expect("\nixfab_dataplane_up 1\n");
	expect("\nixfab_config_in_force 1\n");
	expect("\nixfab_config_generation 1\n");
	expect("\nixfab_config_last_apply_success 1\n");
	expect("\nixfab_port_info{port=\"swp1\",ifindex=\"1\",member=\"Example "
	       "Net\",asn=\"64501\"");
	expect("\nixfab_port_receive_packets_total{port=\"swp1\"} 42\n");
	expect("{port=\"swp1\",reason=\"runt\",direction=\"in\"} 9\n");
	expect("\nixfab_fdb_entries{lan=\"peering\",type=\"learned\"} 5\n");
	expect("\nixfab_neighbours{lan=\"peering\",family=\"ipv4\"} 1\n");
	expect("\nixfab_mbufs_free 777\n");
	expect("\nixfab_ring_events_lost_total{worker=\"1\"} 6\n");
	expect("\nixfab_matrix_packets_total{from=\"swp1\",to=\"swp2\",protocol=\"ipv4\"} 33\n");
	expect_not("from=\"swp2\"");
	expect_not("# EOF");
}

Test(metrics, openmetrics_is_for_who_asks_for_it)
{
	listen_there();
	ask("GET /metrics", "Accept: application/openmetrics-text;version=1.0.0,text/plain\r\n");
	expect("Content-Type: application/openmetrics-text; version=1.0.0; charset=utf-8\r\n");
	expect("# TYPE ixfab_port_receive_packets counter\n");
	expect("# EOF\n");
}

Test(metrics, the_matrix_is_left_out_on_demand)
{
	uint16_t one = running_slot(&control.running, 0);

	stats_port(&fake.stats, 0, one)->rx_frames = 40;
	stats_pairs(&fake.stats, 0, one)[one].frames[PAIR_IPV4] = 30;
	listen_there();
	ask("GET /metrics?matrix=no", "");
	expect("ixfab_dataplane_up 1\n");
	expect_not("ixfab_matrix");
	ask("GET /metrics?matrix=yes", "");
	expect("ixfab_matrix");
}

Test(metrics, nothing_else_is_served)
{
	listen_there();
	ask("GET /", "");
	expect("HTTP/1.1 404 ");
	ask("POST /metrics", "Content-Length: 0\r\n");
	expect_not("200 OK");
	expect_not("ixfab_port");
	ask("HEAD /metrics", "");
	expect("HTTP/1.1 200 OK\r\n");
	expect_not("ixfab_port");
	ask("nonsense", "");
	expect_not("ixfab_port");
}

Test(metrics, a_dataplane_that_is_gone_is_told)
{
	listen_there();
	fake_kill(&fake);
	while (fabric_is_attached(control.fabric))
		event_base_loop(control.base, EVLOOP_ONCE);
	ask("GET /metrics", "");
	expect("\nixfab_dataplane_up 0\n");
	expect("\nixfab_port_state{port=\"swp1\",state=\"left out\"} 1\n");
	expect_not("ixfab_port_receive_packets_total{");
}

// Who asks and does not read, or goes away, holds nobody up.
Test(metrics, clients_that_hang_hold_nobody_up)
{
	static const char request[] = "GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n";
	int clients[3 * HTTP_SCRAPES];

	listen_there();
	for (size_t i = 0; i < sizeof(clients) / sizeof(*clients); i++) {
		clients[i] = dial();
		cr_assert_gt(send(clients[i], request, strlen(request), MSG_NOSIGNAL), 0);
		event_base_loop(control.base, EVLOOP_ONCE);
		if (i % 2)
			close(clients[i]);
	}
	for (size_t i = 0; i < sizeof(clients) / sizeof(*clients); i += 2)
		close(clients[i]);
	ask("GET /metrics", "");
	expect("ixfab_dataplane_up 1\n");
}

static bool has_file(void)
{
	return access(file_path, F_OK) == 0;
}

static void read_file(const char *path)
{
	FILE *file = fopen(path, "r");

	cr_assert_not_null(file, "%s", path);
	n_answer = fread(answer, 1, sizeof(answer) - 1, file);
	answer[n_answer] = 0;
	fclose(file);
}

Test(metrics, the_file_is_written_whole_and_again)
{
	char other[80];

	metrics = metrics_create(&control, &(struct metrics_wish){.file = file_path, .period = 1});
	cr_assert_not_null(metrics);
	cr_assert(loop_until(control.base, has_file));
	read_file(file_path);
	expect("\nixfab_dataplane_up 1\n");
	expect("\nixfab_arp_sponge_lost_total 0\n"); // the last line
	snprintf(other, sizeof(other), "%s.new", file_path);
	cr_expect_neq(access(other, F_OK), 0);
	unlink(file_path);
	cr_assert(loop_until(control.base, has_file));
	metrics_destroy(metrics);
	metrics = NULL;
	cr_expect_not(has_file());
}

Test(metrics, a_file_that_cannot_be_written_is_tried_again)
{
	char path[96];

	snprintf(path, sizeof(path), "%s/later/ixfab.prom", directory);
	metrics = metrics_create(&control, &(struct metrics_wish){.file = path, .period = 1});
	cr_assert_not_null(metrics);
	event_base_loop(control.base, EVLOOP_ONCE);
	snprintf(path, sizeof(path), "%s/later", directory);
	cr_assert_eq(mkdir(path, 0755), 0);
	snprintf(path, sizeof(path), "%s/later/ixfab.prom", directory);
	snprintf(file_path, sizeof(file_path), "%.40s/later/ixfab.prom", directory);
	cr_assert(loop_until(control.base, has_file));
}

// A link that somebody has put in the way of the new file is not followed.
Test(metrics, links_are_not_followed)
{
	char other[80], victim[80];
	struct stat stat;

	snprintf(other, sizeof(other), "%s.new", file_path);
	snprintf(victim, sizeof(victim), "%s/victim", directory);
	FILE *file = fopen(victim, "w");
	cr_assert(file && fputs("mine", file) > 0 && fclose(file) == 0);
	cr_assert_eq(symlink(victim, other), 0);
	metrics = metrics_create(&control, &(struct metrics_wish){.file = file_path, .period = 1});
	cr_assert(loop_until(control.base, has_file));
	read_file(victim);
	cr_expect_str_eq(answer, "mine");
	cr_expect(lstat(file_path, &stat) == 0 && S_ISREG(stat.st_mode));
}

Test(metrics, only_addresses_of_this_machine_are_listened_on)
{
	static const char *const bad[] = {"0.0.0.0:9680",
					  "192.0.2.1:9680",
					  "[::]:9680",
					  "[2001:db8::1]:9680",
					  "127.0.0.1",
					  ":9680",
					  "9680",
					  "localhost:9680",
					  "",
					  "metrics.sock",
					  "127.0.0.1:70000"};

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		struct metrics_wish wish = {.address = bad[i]};

		errno = 0;
		cr_expect_null(metrics_create(&control, &wish), "%s", bad[i]);
		cr_expect_eq(errno, EINVAL, "%s", bad[i]);
	}
}

Test(metrics, nothing_is_listened_on_unless_it_is_asked_for)
{
	metrics = metrics_create(&control, &(struct metrics_wish){0});
	cr_expect_not_null(metrics);
	cr_expect_neq(access(http_path, F_OK), 0);
	cr_expect_not(has_file());
}
