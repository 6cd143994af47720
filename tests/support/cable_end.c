// SPDX-License-Identifier: BSD-3-Clause
#include "tests/support/cable_end.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { ETHERTYPE_ALL = 3, TAG_AT = 12, TAG_OCTETS = 4, BUFFER = 8 << 20 };

static int fault(const char *what, const char *where)
{
	int err = errno;

	fprintf(stderr, "frame: %s: %s: %s\n", where, what, strerror(err));
	return -err;
}

static int enter(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	int err;

	if (fd < 0)
		return -errno;
	err = setns(fd, CLONE_NEWNET) ? -errno : 0;
	close(fd);
	return err;
}

static int open_here(const char *interface, const char *where)
{
	struct sockaddr_ll address = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(ETHERTYPE_ALL),
		.sll_ifindex = (int)if_nametoindex(interface),
	};
	int fd, on = 1, buffer = BUFFER;

	if (!address.sll_ifindex)
		return fault("no such interface", where);
	fd = socket(AF_PACKET, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return fault("packet socket", where);
	if (setsockopt(fd, SOL_PACKET, PACKET_AUXDATA, &on, sizeof(on)) ||
	    setsockopt(fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, &on, sizeof(on)) ||
	    setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &buffer, sizeof(buffer)) ||
	    bind(fd, (struct sockaddr *)&address, sizeof(address))) {
		int err = fault("packet socket", where);

		close(fd);
		return err;
	}
	return fd;
}

int cable_end_open(const char *where)
{
	const char *colon = strchr(where, ':');
	char path[128];
	int home, fd;

	if (!colon)
		return open_here(where, where);
	home = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	if (home < 0)
		return fault("/proc/self/ns/net", where);
	snprintf(path, sizeof(path), "/run/netns/%.*s", (int)(colon - where), where);
	fd = enter(path);
	if (fd < 0) {
		errno = -fd;
		fd = fault(path, where);
	} else {
		fd = open_here(colon + 1, where);
	}
	if (setns(home, CLONE_NEWNET)) {
		fault("way back", where);
		abort();
	}
	close(home);
	return fd;
}

// The tag that the kernel has taken out of a frame, back into its place.
static ssize_t put_tag_back(const struct tpacket_auxdata *aux, uint8_t *octets, size_t length)
{
	uint16_t tpid = aux->tp_status & TP_STATUS_VLAN_TPID_VALID ? aux->tp_vlan_tpid : 0x8100;
	uint16_t tag[] = {htons(tpid), htons(aux->tp_vlan_tci)};

	memmove(octets + TAG_AT + TAG_OCTETS, octets + TAG_AT, length - TAG_AT);
	memcpy(octets + TAG_AT, tag, sizeof(tag));
	return (ssize_t)(length + TAG_OCTETS);
}

ssize_t cable_end_receive(int fd, uint8_t *octets, size_t size)
{
	union {
		struct cmsghdr header;
		uint8_t room[CMSG_SPACE(sizeof(struct tpacket_auxdata))];
	} control;
	struct iovec vector = {octets, size - TAG_OCTETS};
	struct msghdr message = {
		.msg_iov = &vector,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof(control),
	};
	ssize_t length = recvmsg(fd, &message, 0);

	if (length < 0)
		return -errno;
	for (struct cmsghdr *c = CMSG_FIRSTHDR(&message); c; c = CMSG_NXTHDR(&message, c)) {
		struct tpacket_auxdata aux;

		if (c->cmsg_level != SOL_PACKET || c->cmsg_type != PACKET_AUXDATA)
			continue;
		memcpy(&aux, CMSG_DATA(c), sizeof(aux));
		if (aux.tp_status & TP_STATUS_VLAN_VALID && length >= TAG_AT)
			return put_tag_back(&aux, octets, (size_t)length);
	}
	return length;
}

int cable_end_send(int fd, const uint8_t *octets, size_t length)
{
	return send(fd, octets, length, 0) < 0 ? -errno : 0;
}
