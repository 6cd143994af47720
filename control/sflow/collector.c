// SPDX-License-Identifier: BSD-3-Clause
#include "control/sflow/collector.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/log.h"

union socket_address {
	struct sockaddr any;
	struct sockaddr_in in;
	struct sockaddr_in6 in6;
};

static socklen_t set_address(const struct collector *collector, union socket_address *address)
{
	*address = (union socket_address){0};
	if (collector->address.family == 6) {
		address->in6.sin6_family = AF_INET6;
		address->in6.sin6_port = htons(collector->port);
		memcpy(&address->in6.sin6_addr, collector->address.octets, 16);
		return sizeof(address->in6);
	}
	address->in.sin_family = AF_INET;
	address->in.sin_port = htons(collector->port);
	memcpy(&address->in.sin_addr, collector->address.octets, 4);
	return sizeof(address->in);
}

// Returns 0 or -errno.
static int connect_to(struct collector *collector)
{
	union socket_address address;
	socklen_t length = set_address(collector, &address);
	int fd = socket(address.any.sa_family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -errno;
	if (connect(fd, &address.any, length) < 0) {
		int err = -errno;

		close(fd);
		return err;
	}
	collector->fd = fd;
	return 0;
}

// ---- What went wrong

static const char *word(int err)
{
	switch (err) {
	case ECONNREFUSED:
		return "nobody listens on that port";
	case EPERM:
		return "this machine's firewall does not let it out";
	case EACCES:
		return "that is a broadcast address";
	case ENETUNREACH:
		return "there is no route to it";
	case EHOSTUNREACH:
		return "the way to it ends: the host is unreachable";
	case EAGAIN:
	case ENOBUFS:
		return "more is sent than the kernel takes";
	case EMSGSIZE:
		return "the way to it does not take datagrams of 1400 octets";
	default:
		return NULL;
	}
}

static void tell(const struct collector *collector, enum log_level level, const char *text)
{
	char address[IP_TEXT_SIZE];

	log_write(level, "sFlow collector %s (%s port %u): %s", collector->name,
		  ip_format(&collector->address, address), collector->port, text);
}

static void fail(struct collector *collector, int err, uint64_t now)
{
	char problem[COLLECTOR_PROBLEM_SIZE];

	snprintf(problem, sizeof(problem), "%s", word(err) ? word(err) : strerror(err));
	bool changes = !collector->fails || strcmp(problem, collector->problem) != 0;
	collector->errors++;
	collector->fails = true;
	collector->failed_ms = now;
	memcpy(collector->problem, problem, sizeof(problem));
	if (changes)
		tell(collector, LOG_LEVEL_WARN, problem);
}

static void succeed(struct collector *collector, uint64_t now)
{
	if (!collector->fails || now - collector->failed_ms < COLLECTOR_QUIET_MS)
		return;
	collector->fails = false;
	tell(collector, LOG_LEVEL_NOTICE, "it is reached again");
}

// ---- Sending

void collector_init(struct collector *collector, const char *name, const struct ip *address,
		    uint16_t port)
{
	*collector = (struct collector){.address = *address, .port = port, .fd = -1};
	memcpy(collector->name, name, sizeof(collector->name));
}

void collector_fini(struct collector *collector)
{
	if (collector->fd >= 0)
		close(collector->fd);
	collector->fd = -1;
}

// Returns 0 or -errno.
static int try_to_send(const struct collector *collector, const void *octets, size_t n)
{
	return send(collector->fd, octets, n, MSG_NOSIGNAL) < 0 ? -errno : 0;
}

void collector_send(struct collector *collector, const void *octets, size_t n, uint64_t now)
{
	int err = collector->fd < 0 ? connect_to(collector) : 0;

	if (!err)
		err = try_to_send(collector, octets, n);
	if (err == -ECONNREFUSED || err == -EHOSTUNREACH) {
		// It may be about the datagram before, and this one was not even tried.
		fail(collector, -err, now);
		err = collector->fd < 0 ? err : try_to_send(collector, octets, n);
		collector->datagrams += !err;
		return;
	}
	if (err) {
		fail(collector, -err, now);
		return;
	}
	collector->datagrams++;
	succeed(collector, now);
}
