// SPDX-License-Identifier: BSD-3-Clause
// Sending to collectors over loopback: what arrives, and what is told of one that is not there.
#include "control/sflow/collector.h"

#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/log.h"

static const struct ip here4 = {4, {127, 0, 0, 1}};
static const struct ip here6 = {6, {[15] = 1}};
static const char name[NAME_SIZE] = "graphs";
static struct collector collector;

static void start(void)
{
	log_init("test", LOG_LEVEL_CRIT);
}

static void end(void)
{
	collector_fini(&collector);
}

TestSuite(sflow_collector, .init = start, .fini = end, .timeout = 20);

// A socket on a port of loopback that was free.
static int listen_on(int family, uint16_t *port)
{
	struct sockaddr_in6 address = {.sin6_family = (sa_family_t)family};
	socklen_t length = family == AF_INET ? sizeof(struct sockaddr_in) : sizeof(address);
	int fd = socket(family, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (family == AF_INET)
		((struct sockaddr_in *)&address)->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	else
		address.sin6_addr = in6addr_loopback;
	cr_assert_eq(bind(fd, (void *)&address, length), 0);
	cr_assert_eq(getsockname(fd, (void *)&address, &length), 0);
	*port = ntohs(address.sin6_port);
	return fd;
}

static bool arrives(int fd, const char *text)
{
	struct pollfd wait = {.fd = fd, .events = POLLIN};
	char got[16] = "";

	return poll(&wait, 1, 5000) == 1 && recv(fd, got, sizeof(got) - 1, 0) > 0 &&
	       strcmp(got, text) == 0;
}

// What went out before came back, and the socket knows.
static void wait_for_refusal(void)
{
	struct pollfd wait = {.fd = collector.fd};

	cr_assert_eq(poll(&wait, 1, 5000), 1);
	cr_assert(wait.revents & POLLERR);
}

static void expect_counts(uint64_t datagrams, uint64_t errors, bool fails)
{
	cr_expect_eq(collector.datagrams, datagrams, "%lu sent",
		     (unsigned long)collector.datagrams);
	cr_expect_eq(collector.errors, errors, "%lu errors", (unsigned long)collector.errors);
	cr_expect_eq(collector.fails, fails);
}

static void expect_delivery(int family, const struct ip *ip)
{
	uint16_t port;
	int fd = listen_on(family, &port);

	collector_init(&collector, name, ip, port);
	collector_send(&collector, "one", 3, 0);
	collector_send(&collector, "two", 3, 0);
	cr_expect(arrives(fd, "one"));
	cr_expect(arrives(fd, "two"));
	expect_counts(2, 0, false);
	cr_expect_str_empty(collector.problem);
	close(fd);
}

Test(sflow_collector, datagrams_arrive_over_ipv4)
{
	expect_delivery(AF_INET, &here4);
}

Test(sflow_collector, datagrams_arrive_over_ipv6)
{
	expect_delivery(AF_INET6, &here6);
}

Test(sflow_collector, nobody_listens)
{
	uint16_t port;

	close(listen_on(AF_INET, &port));
	collector_init(&collector, name, &here4, port);
	collector_send(&collector, "one", 3, 1000);
	expect_counts(1, 0, false);
	wait_for_refusal();
	collector_send(&collector, "two", 3, 1000);
	expect_counts(2, 1, true);
	cr_expect_str_eq(collector.problem, "nobody listens on that port");
}

// The datagram that hears of the trouble of the one before is not lost for it.
Test(sflow_collector, who_comes_back_gets_the_next_one)
{
	uint16_t port;
	int fd = listen_on(AF_INET, &port);
	struct sockaddr_in address = {.sin_family = AF_INET,
				      .sin_port = htons(port),
				      .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};

	close(fd);
	collector_init(&collector, name, &here4, port);
	collector_send(&collector, "one", 3, 0);
	wait_for_refusal();
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	cr_assert_eq(bind(fd, (void *)&address, sizeof(address)), 0);
	collector_send(&collector, "two", 3, 1000);
	cr_expect(arrives(fd, "two"));
	expect_counts(2, 1, true);
	collector_send(&collector, "three", 5, 1000 + COLLECTOR_QUIET_MS - 1);
	expect_counts(3, 1, true);
	collector_send(&collector, "four", 4, 1000 + COLLECTOR_QUIET_MS);
	expect_counts(4, 1, false);
	cr_expect_str_eq(collector.problem, "nobody listens on that port", "it is remembered");
	close(fd);
}

// To send to a broadcast address takes a right that nobody asked for.
Test(sflow_collector, one_that_cannot_even_be_connected_to)
{
	static const struct ip everybody = {4, {255, 255, 255, 255}};

	collector_init(&collector, name, &everybody, 6343);
	collector_send(&collector, "one", 3, 0);
	collector_send(&collector, "two", 3, 0);
	expect_counts(0, 2, true);
	cr_expect_eq(collector.fd, -1);
	cr_expect_str_eq(collector.problem, "that is a broadcast address");
}
