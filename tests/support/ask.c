// SPDX-License-Identifier: BSD-3-Clause
// ask: asks for many addresses, by ARP or neighbour solicitations, as many hosts would.
//
//   ask WHERE src=MAC from=IP first=IP count=N [step=N] [by=MAC] [seconds=N]
//
// WHERE is INTERFACE or NAMESPACE:INTERFACE. Addresses count up from "first" by "step", in their
// last 64 bits. Without "by" each is asked for once. With it, all that were not answered are asked
// for again and again, until each was answered with that MAC; not all within "seconds" (60) is a
// failure. Prints "asked N answered N others N": questions, addresses answered with "by", and
// answers with another MAC.
#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "control/sponge/frames.h"
#include "tests/support/cable_end.h"

enum { AGAIN_MS = 500, COUNT_MAX = 1 << 20, FRAME_ROOM = 10000 };

struct job {
	struct frames_host asker;
	struct ip first;
	mac_t by; // 0: nobody needs to answer
	uint64_t step;
	uint64_t count;
	uint64_t seconds;
	int fd;
	bool *answered; // [count]
	uint64_t n_asked, n_answered, n_others;
};

static uint64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

// ---- Addresses as numbers

static size_t octets_of(const struct ip *ip)
{
	return ip->family == 4 ? 4 : 16;
}

static uint64_t low_bits(const struct ip *ip)
{
	uint64_t bits = 0;

	for (size_t i = octets_of(ip) == 4 ? 0 : 8; i < octets_of(ip); i++)
		bits = bits << 8 | ip->octets[i];
	return bits;
}

static struct ip target(const struct job *job, uint64_t n)
{
	struct ip ip = job->first;
	uint64_t bits = low_bits(&ip) + n * job->step;

	for (size_t i = octets_of(&ip); i > (ip.family == 4 ? 0 : 8); i--, bits >>= 8)
		ip.octets[i - 1] = (uint8_t)bits;
	return ip;
}

// ---- Asking, and answers

static int ask(struct job *job, uint64_t n)
{
	uint8_t octets[FRAMES_SIZE > 60 ? FRAMES_SIZE : 60] = {0};
	struct ip ip = target(job, n);
	uint16_t length = frames_query(&job->asker, &ip, 0, octets);
	int err;

	while ((err = cable_end_send(job->fd, octets, length < 60 ? 60 : length)) == -EAGAIN ||
	       err == -ENOBUFS)
		poll(&(struct pollfd){.fd = job->fd, .events = POLLOUT}, 1, 1);
	job->n_asked++;
	return err;
}

// Who answered for what: returns false if the frame is no answer.
static bool read_answer(const uint8_t *octets, size_t length, struct ip *ip, mac_t *mac)
{
	static const uint8_t reply[] = {8, 6, 0, 1, 8, 0, 6, 4, 0, 2};
	enum { TYPE_AT = 12, NEXT_AT = 20, ADVERTISEMENT = 136, ICMPV6 = 58 };

	*ip = (struct ip){0};
	if (length >= 42 && memcmp(octets + TYPE_AT, reply, sizeof(reply)) == 0) {
		ip->family = 4;
		memcpy(ip->octets, octets + 28, 4);
		*mac = mac_load(octets + 22);
		return true;
	}
	if (length >= 86 && octets[TYPE_AT] == 0x86 && octets[TYPE_AT + 1] == 0xdd &&
	    octets[NEXT_AT] == ICMPV6 && octets[54] == ADVERTISEMENT && octets[78] == 2) {
		ip->family = 6;
		memcpy(ip->octets, octets + 62, 16);
		*mac = mac_load(octets + 80);
		return true;
	}
	return false;
}

static void receive(struct job *job)
{
	uint8_t octets[FRAME_ROOM];
	ssize_t length;
	struct ip ip;
	mac_t mac;

	while ((length = cable_end_receive(job->fd, octets, sizeof(octets))) >= 0) {
		if (!read_answer(octets, (size_t)length, &ip, &mac))
			continue;
		uint64_t n = low_bits(&ip) - low_bits(&job->first);
		struct ip same = target(job, n);

		if (n >= job->count || !ip_equal(&ip, &same))
			continue;
		job->n_others += mac != job->by;
		job->n_answered += mac == job->by && !job->answered[n];
		job->answered[n] |= mac == job->by;
	}
}

static int ask_all(struct job *job)
{
	int err = 0;

	for (uint64_t n = 0; n < job->count && !err; n++) {
		if (!job->answered[n])
			err = ask(job, n);
		if (n % 64 == 0)
			receive(job);
	}
	return err;
}

static int run(struct job *job)
{
	uint64_t end = now_ms() + job->seconds * 1000;
	int err = ask_all(job);

	while (!err && job->by && job->n_answered < job->count) {
		uint64_t again = now_ms() + AGAIN_MS;

		if (now_ms() > end)
			return -ETIMEDOUT;
		while (now_ms() < again && job->n_answered < job->count) {
			poll(&(struct pollfd){.fd = job->fd, .events = POLLIN}, 1, AGAIN_MS);
			receive(job);
		}
		if (job->n_answered < job->count)
			err = ask_all(job);
	}
	return err;
}

// ---- What is wanted

static int parse(char *key, char *value, struct job *job)
{
	if (strcmp(key, "src") == 0)
		return mac_parse(value, &job->asker.mac);
	if (strcmp(key, "by") == 0)
		return mac_parse(value, &job->by);
	if (strcmp(key, "from") == 0)
		return ip_parse(value, &job->asker.ip);
	if (strcmp(key, "first") == 0)
		return ip_parse(value, &job->first);
	if (strcmp(key, "count") == 0)
		job->count = strtoull(value, NULL, 0);
	else if (strcmp(key, "step") == 0)
		job->step = strtoull(value, NULL, 0);
	else if (strcmp(key, "seconds") == 0)
		job->seconds = strtoull(value, NULL, 0);
	else
		return -EINVAL;
	return 0;
}

static int parse_all(char *arguments[], struct job *job)
{
	for (; *arguments; arguments++) {
		char *value = strchr(*arguments, '=');

		if (value)
			*value++ = '\0';
		if (!value || parse(*arguments, value, job)) {
			fprintf(stderr, "ask: %s: not a key and a value\n", *arguments);
			return -EINVAL;
		}
	}
	return job->first.family && job->count && job->count <= COUNT_MAX &&
			       (!job->by || job->step == 1)
		       ? 0
		       : -EINVAL;
}

int main(int argc, char *argv[])
{
	struct job job = {.step = 1, .seconds = 60};

	if (argc < 2 || parse_all(argv + 2, &job)) {
		fputs("usage: ask WHERE src=MAC from=IP first=IP count=N [step=N] [by=MAC]\n",
		      stderr);
		return 2;
	}
	job.answered = calloc(job.count, sizeof(*job.answered));
	job.fd = cable_end_open(argv[1]);
	if (job.fd < 0 || !job.answered)
		return EXIT_FAILURE;
	int err = run(&job);
	printf("asked %" PRIu64 " answered %" PRIu64 " others %" PRIu64 "\n", job.n_asked,
	       job.n_answered, job.n_others);
	free(job.answered);
	if (err)
		fprintf(stderr, "ask: %s\n", strerror(-err));
	return err ? EXIT_FAILURE : EXIT_SUCCESS;
}
