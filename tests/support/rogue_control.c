// SPDX-License-Identifier: BSD-3-Clause
// A control that does everything wrong, to prove that the dataplane survives it.
//
//   rogue_control SOCKET hello      garbage of every length instead of a hello
//   rogue_control SOCKET version    a hello of another version: expects to be told so
//   rogue_control SOCKET messages   attaches, fills the command ring with random messages
//   rogue_control SOCKET filters    attaches, begins captures with programs that harm, and one that
//                                   does not, which it leaves behind
//   rogue_control SOCKET positions  attaches, sets the ring's position where it cannot be
//
// Prints what came back; exits 0 if it was what a sound dataplane does.
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "lib/channel.h"

enum { PATIENCE_MS = 5000, MESSAGES = 100000 };

static int connect_to(const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

	strncpy(address.sun_path, path, sizeof(address.sun_path) - 1);
	if (fd < 0 || connect(fd, (const void *)&address, sizeof(address)) < 0) {
		fprintf(stderr, "%s: %s\n", path, strerror(errno));
		exit(EXIT_FAILURE);
	}
	return fd;
}

// Wait until the dataplane has hung up. Returns whether it did.
static bool is_hung_up(int fd)
{
	struct pollfd wait = {.fd = fd, .events = POLLIN};
	char octets[512];

	while (poll(&wait, 1, PATIENCE_MS) == 1) {
		ssize_t n = read(fd, octets, sizeof(octets));

		if (n == 0 || (n < 0 && errno == ECONNRESET))
			return true;
	}
	return false;
}

static int garbage_hellos(const char *path)
{
	uint8_t octets[4096];
	int bad = 0;

	for (size_t length = 1; length <= sizeof(octets); length *= 2) {
		int fd = connect_to(path);

		for (size_t i = 0; i < length; i++)
			octets[i] = (uint8_t)rand();
		if (write(fd, octets, length) < 0 || !is_hung_up(fd))
			bad++;
		close(fd);
	}
	printf("%d garbage hellos were not refused\n", bad);
	return bad ? EXIT_FAILURE : EXIT_SUCCESS;
}

static struct channel_welcome say_hello(int fd, uint32_t version, int *fds, size_t *n)
{
	struct channel_hello hello = {.magic = CHANNEL_MAGIC,
				      .version = version,
				      .pid = (uint32_t)getpid()};
	struct channel_welcome welcome = {0};

	snprintf(hello.release, sizeof(hello.release), "rogue");
	if (channel_send(fd, &hello, sizeof(hello), NULL, 0) ||
	    channel_receive(fd, &welcome, sizeof(welcome), fds, n)) {
		fprintf(stderr, "no welcome\n");
		exit(EXIT_FAILURE);
	}
	return welcome;
}

static int wrong_version(const char *path)
{
	int fds[CHANNEL_FDS];
	size_t n = CHANNEL_FDS;
	int fd = connect_to(path);
	struct channel_welcome welcome = say_hello(fd, CHANNEL_VERSION + 41, fds, &n);

	printf("status %u, %zu descriptors\n", welcome.status, n);
	close(fd);
	return welcome.status == CHANNEL_BAD_VERSION && n == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

static void attach(const char *path, int *fd, struct channel *channel, int *fds)
{
	size_t n = CHANNEL_FDS;

	*fd = connect_to(path);
	struct channel_welcome welcome = say_hello(*fd, CHANNEL_VERSION, fds, &n);
	if (welcome.status != CHANNEL_OK || n != CHANNEL_FDS ||
	    channel_attach(channel, welcome.n_workers, fds[CHANNEL_FD_MEMORY])) {
		fprintf(stderr, "cannot attach: status %u, %zu descriptors\n", welcome.status, n);
		exit(EXIT_FAILURE);
	}
}

static void wake(int fd)
{
	uint64_t one = 1;

	if (write(fd, &one, sizeof(one)) < 0)
		perror("eventfd");
}

// Half of the messages are noise, half have a header that passes and a body of noise.
static void random_message(struct message *m)
{
	uint8_t *octets = (uint8_t *)m;

	if (rand() % 2)
		message_init(m, (enum message_type)(rand() % MESSAGE_TYPES), (uint32_t)rand());
	else
		for (size_t i = 0; i < sizeof(m->header); i++)
			octets[i] = (uint8_t)rand();
	for (size_t i = sizeof(m->header); i < sizeof(*m); i++)
		octets[i] = (uint8_t)rand();
	if (m->header.type == COMMAND_POLICY_COMMIT || m->header.type == COMMAND_FDB_FLUSH)
		m->header.type = COMMAND_POLICY_PORT; // what the fabric has shall stay
}

static int garbage_messages(const char *path)
{
	int fds[CHANNEL_FDS];
	int fd;
	struct channel channel;
	struct message m;
	unsigned long errors = 0;
	unsigned long sent = 0;

	attach(path, &fd, &channel, fds);
	while (sent < MESSAGES) {
		random_message(&m);
		sent += ring_push(&channel.commands, &m);
		wake(fds[CHANNEL_FD_COMMAND]);
		while (ring_pop(&channel.replies, &m))
			errors += m.header.type == REPLY_ERROR && message_check(&m) == 0;
	}
	printf("%lu messages, %lu refused\n", sent, errors);
	close(fd);
	return errors > MESSAGES / 10 ? EXIT_SUCCESS : EXIT_FAILURE;
}

static const struct capture_insn endless[] = {{0x05, 0, 0, UINT32_MAX}, {0x06, 0, 0, 1}};
static const struct capture_insn unknown[] = {{0x08, 0, 0, 0}, {0x06, 0, 0, 1}};
static const struct capture_insn no_end[] = {{0x00, 0, 0, 1}};
static const struct capture_insn far[] = {{0x15, 200, 200, 1}, {0x06, 0, 0, 1}};
static const struct capture_insn arp[] = {{0x28, 0, 0, 12},
					  {0x15, 0, 1, 0x0806},
					  {0x06, 0, 0, 1},
					  {0x06, 0, 0, 0}};

#define PROGRAM(insns) insns, sizeof(insns) / sizeof(*(insns))

static const struct {
	const char *name;
	const struct capture_insn *insns;
	uint16_t n, first, said; // "said": how many there are; 0: the truth
	struct capture_begin begin;
	bool good;
} filters[] = {
	{"endless", PROGRAM(endless)},
	{"unknown code", PROGRAM(unknown)},
	{"no end", PROGRAM(no_end)},
	{"far jump", PROGRAM(far)},
	{"never begun", PROGRAM(arp), .first = 28},
	{"longer than sent", PROGRAM(arp), .said = 512},
	{"longer than there may be", PROGRAM(arp), .said = UINT16_MAX},
	{"no such port", PROGRAM(arp), .begin.port = 1022},
	{"port out of range", PROGRAM(arp), .begin.port = 5000},
	{"long snap", PROGRAM(arp), .begin.snap = UINT16_MAX},
	{"no such reason", PROGRAM(arp), .begin.reason = DROP_COUNT},
	{"for ever", PROGRAM(arp), .begin.seconds = UINT32_MAX},
	{"arp", PROGRAM(arp), .good = true},
};

static void send_filter(struct channel *channel, size_t i)
{
	struct message m;

	message_init(&m, COMMAND_CAPTURE_FILTER, 1);
	m.capture_filter.first = filters[i].first;
	m.capture_filter.n = filters[i].n;
	memcpy(m.capture_filter.insns, filters[i].insns, filters[i].n * sizeof(*filters[i].insns));
	ring_push(&channel->commands, &m);
	message_init(&m, COMMAND_CAPTURE_BEGIN, 2);
	m.capture_begin = filters[i].begin;
	m.capture_begin.n_insns = filters[i].said ? filters[i].said : filters[i].n;
	if (!m.capture_begin.port)
		m.capture_begin.port = FDB_ANY;
	if (!m.capture_begin.snap)
		m.capture_begin.snap = 64;
	if (!m.capture_begin.seconds)
		m.capture_begin.seconds = 60;
	ring_push(&channel->commands, &m);
}

static int hostile_filters(const char *path)
{
	struct channel channel;
	int fds[CHANNEL_FDS];
	struct message m;
	int fd, bad = 0;

	attach(path, &fd, &channel, fds);
	for (size_t i = 0; i < sizeof(filters) / sizeof(*filters); i++) {
		struct pollfd wait = {.fd = fds[CHANNEL_FD_REPLY], .events = POLLIN};
		uint64_t count;

		m.header.type = MESSAGE_NONE;
		send_filter(&channel, i);
		wake(fds[CHANNEL_FD_COMMAND]);
		while (!ring_pop(&channel.replies, &m) && poll(&wait, 1, PATIENCE_MS) == 1)
			if (read(wait.fd, &count, sizeof(count)) < 0)
				perror("eventfd");
		if (m.header.type != (filters[i].good ? REPLY_DONE : REPLY_ERROR)) {
			printf("%s: %s\n", filters[i].name, message_type_name(m.header.type));
			bad++;
		}
	}
	close(fd);
	return bad ? EXIT_FAILURE : EXIT_SUCCESS;
}

static int impossible_positions(const char *path)
{
	static const uint32_t positions[] = {CHANNEL_COMMANDS + 1, 1 << 20, UINT32_MAX};
	int bad = 0;

	for (size_t i = 0; i < sizeof(positions) / sizeof(*positions); i++) {
		int fds[CHANNEL_FDS];
		int fd;
		struct channel channel;

		attach(path, &fd, &channel, fds);
		atomic_store(&channel.commands.memory->tail, positions[i]);
		atomic_store(&channel.replies.memory->head, positions[i]);
		wake(fds[CHANNEL_FD_COMMAND]);
		if (!is_hung_up(fd))
			bad++;
		close(fd);
		for (int k = 0; k < CHANNEL_FDS; k++)
			close(fds[k]);
		channel_detach(&channel);
	}
	printf("%d impossible positions went unnoticed\n", bad);
	return bad ? EXIT_FAILURE : EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
	const char *mode = argc == 3 ? argv[2] : "";

	srand(1);
	if (strcmp(mode, "hello") == 0)
		return garbage_hellos(argv[1]);
	if (strcmp(mode, "version") == 0)
		return wrong_version(argv[1]);
	if (strcmp(mode, "messages") == 0)
		return garbage_messages(argv[1]);
	if (strcmp(mode, "filters") == 0)
		return hostile_filters(argv[1]);
	if (strcmp(mode, "positions") == 0)
		return impossible_positions(argv[1]);
	fprintf(stderr, "usage: rogue_control SOCKET hello|version|messages|filters|positions\n");
	return 2;
}
