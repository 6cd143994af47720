// SPDX-License-Identifier: BSD-3-Clause
#include "lib/channel.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/memfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

static int sockets[2];

static void connect_sockets(void)
{
	cr_assert_eq(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, sockets), 0);
}

TestSuite(channel, .init = connect_sockets);

static int count_descriptors(void)
{
	int n = 0;

	for (int fd = 0; fd < 256; fd++)
		n += fcntl(fd, F_GETFD) >= 0;
	return n;
}

Test(channel, both_ends_see_the_same_rings)
{
	struct channel dataplane;
	struct channel control;
	struct message message;
	int fd;

	cr_assert_eq(channel_create(&dataplane, 3, &fd), 0);
	cr_assert_eq(channel_attach(&control, 3, fd), 0);
	cr_expect_neq(dataplane.base, control.base);

	message_init(&message, COMMAND_POLICY_COMMIT, 7);
	cr_expect(ring_push(&control.commands, &message));
	cr_expect(ring_pop(&dataplane.commands, &message));
	cr_expect_eq(message.header.sequence, 7);
	for (uint32_t w = 0; w < 3; w++) {
		message_init(&message, EVENT_MAC_MOVED, w);
		cr_expect(ring_push(&dataplane.events[w], &message));
		cr_expect(ring_pop(&control.events[w], &message));
		cr_expect_eq(message.header.sequence, w);
		cr_expect(!ring_pop(&control.replies, &message));
	}
	channel_detach(&control);
	channel_detach(&control); // twice does no harm
	channel_detach(&dataplane);
}

Test(channel, memory_of_another_size_or_without_seals_is_refused)
{
	struct channel channel;
	struct channel other;
	int fd;

	cr_assert_eq(channel_create(&channel, 2, &fd), 0);
	cr_expect_eq(channel_attach(&other, 1, fd), -EPROTO);
	cr_expect_eq(channel_attach(&other, 3, fd), -EPROTO);
	cr_expect_eq(channel_attach(&other, 0, fd), -EPROTO);
	cr_expect_eq(channel_attach(&other, MAX_WORKERS + 1, fd), -EPROTO);
	cr_expect_eq(channel_attach(&other, 2, sockets[0]), -EPROTO);
	cr_expect_lt(ftruncate(fd, 0), 0, "it cannot shrink under the other side's feet");

	int unsealed = memfd_create("unsealed", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	cr_assert_eq(ftruncate(unsealed, (off_t)channel.size), 0);
	cr_expect_eq(channel_attach(&other, 2, unsealed), -EPROTO);
}

Test(channel, descriptors_travel_with_the_packet)
{
	struct channel_welcome sent = {.magic = CHANNEL_MAGIC, .n_workers = 2, .release = "9.9.9"};
	struct channel_welcome received;
	int out[CHANNEL_FDS];
	int in[CHANNEL_FDS];
	size_t n = CHANNEL_FDS;

	for (int i = 0; i < CHANNEL_FDS; i++)
		out[i] = sockets[i % 2];
	cr_expect_eq(channel_send(sockets[0], &sent, sizeof(sent), out, CHANNEL_FDS), 0);
	cr_expect_eq(channel_receive(sockets[1], &received, sizeof(received), in, &n), 0);
	cr_expect_eq(n, CHANNEL_FDS);
	cr_expect_eq(memcmp(&sent, &received, sizeof(sent)), 0);
	for (size_t i = 0; i < n; i++)
		cr_expect(fcntl(in[i], F_GETFD) & FD_CLOEXEC);
}

Test(channel, a_packet_of_another_length_is_refused_and_its_descriptors_closed)
{
	struct channel_welcome welcome = {0};
	int fds[CHANNEL_FDS] = {sockets[0], sockets[1], sockets[0], sockets[1]};
	int in[CHANNEL_FDS];
	int before = count_descriptors();
	char longer[sizeof(welcome) + 1] = {0};
	size_t n = CHANNEL_FDS;

	cr_expect_eq(channel_send(sockets[0], "hello", 5, fds, CHANNEL_FDS), 0);
	cr_expect_eq(channel_receive(sockets[1], &welcome, sizeof(welcome), in, &n), -EBADMSG);
	cr_expect_eq(n, 0);

	n = CHANNEL_FDS;
	cr_expect_eq(channel_send(sockets[0], longer, sizeof(longer), NULL, 0), 0);
	cr_expect_eq(channel_receive(sockets[1], &welcome, sizeof(welcome), in, &n), -EBADMSG);

	n = 1;
	cr_expect_eq(channel_send(sockets[0], &welcome, sizeof(welcome), fds, 2), 0);
	cr_expect_eq(channel_receive(sockets[1], &welcome, sizeof(welcome), in, &n), -EBADMSG);
	cr_expect_eq(count_descriptors(), before);
}

Test(channel, the_end_is_told_apart_from_silence)
{
	struct channel_hello hello;
	int fds[CHANNEL_FDS];
	size_t n = 0;

	fcntl(sockets[1], F_SETFL, O_NONBLOCK);
	cr_expect_eq(channel_receive(sockets[1], &hello, sizeof(hello), fds, &n), -EAGAIN);
	close(sockets[0]);
	cr_expect_eq(channel_receive(sockets[1], &hello, sizeof(hello), fds, &n), -ECONNRESET);
	cr_expect_eq(channel_send(sockets[1], &hello, sizeof(hello), NULL, 0), -EPIPE);
}
