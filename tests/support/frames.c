// SPDX-License-Identifier: BSD-3-Clause
// frames: sends described frames, shows what arrives, and measures whether all of a flow arrives.
//
//   frames send WHERE KEY=VALUE…        send "count" frames
//   frames raw WHERE COUNT HEX          send these octets COUNT times, zeros up to 60 behind them
//   frames dump WHERE                   print every frame that arrives, a line each, until killed;
//                                       the first line is "ready"
//   frames flow FROM TO KEY=VALUE…      send for "seconds", at most "window" frames under way, and
//                                       wait for all of them; print "sent N lost N damaged N
//                                       doubled N gap MS": the longest time in which none came
//
// WHERE is INTERFACE or NAMESPACE:INTERFACE. Keys: dst, src (MACs), vlan (a tag; twice for two),
// type, length (octets without FCS, tags included), id, count, sources (as many MACs take turns as
// senders, counted up from src), seconds, window.
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "tests/support/cable_end.h"
#include "tests/support/frame.h"

enum { LOST_AFTER_MS = 2000 };

struct job {
	struct frame frame;
	unsigned long count;
	unsigned long sources;
	unsigned long seconds;
	unsigned long window;
};

static volatile sig_atomic_t stopped;

static void on_signal(int number)
{
	(void)number;
	stopped = 1;
}

static uint64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static int parse_number(const char *text, unsigned long max, unsigned long *number)
{
	char *end;

	errno = 0;
	*number = strtoul(text, &end, 0);
	return errno || *end || end == text || *number > max ? -EINVAL : 0;
}

// One "key=value".
static int parse_pair(const char *key, const char *value, struct job *job)
{
	struct frame *frame = &job->frame;
	unsigned long number;

	if (strcmp(key, "dst") == 0)
		return mac_parse(value, &frame->dst);
	if (strcmp(key, "src") == 0)
		return mac_parse(value, &frame->src);
	if (parse_number(value, UINT32_MAX, &number))
		return -EINVAL;
	if (strcmp(key, "vlan") == 0 && frame->n_tags < FRAME_TAGS)
		frame->tags[frame->n_tags++] = (uint16_t)number;
	else if (strcmp(key, "type") == 0)
		frame->type = (uint16_t)number;
	else if (strcmp(key, "length") == 0 && number <= FRAME_MAX)
		frame->length = (uint16_t)number;
	else if (strcmp(key, "id") == 0)
		frame->id = (uint32_t)number;
	else if (strcmp(key, "count") == 0)
		job->count = number;
	else if (strcmp(key, "sources") == 0 && number)
		job->sources = number;
	else if (strcmp(key, "seconds") == 0)
		job->seconds = number;
	else if (strcmp(key, "window") == 0)
		job->window = number;
	else
		return -EINVAL;
	return 0;
}

static int parse_job(char *arguments[], struct job *job)
{
	*job = (struct job){
		.frame = {.type = 0x88b6, .length = 60}, // IEEE: for local experiments
		.count = 1,
		.sources = 1,
		.seconds = 1,
		.window = 32,
	};
	for (; *arguments; arguments++) {
		char *value = strchr(*arguments, '=');

		if (value)
			*value++ = '\0';
		if (!value || parse_pair(*arguments, value, job)) {
			fprintf(stderr, "frames: %s: not a key and a value\n", *arguments);
			return -EINVAL;
		}
	}
	return 0;
}

// Send one frame, waiting as long as the interface takes no more.
static int send_octets(int fd, const uint8_t *octets, size_t length)
{
	int err;

	while ((err = cable_end_send(fd, octets, length)) == -EAGAIN || err == -ENOBUFS)
		poll(&(struct pollfd){.fd = fd, .events = POLLOUT}, 1, 1);
	if (err)
		fprintf(stderr, "frames: send: %s\n", strerror(-err));
	return err;
}

static int send_patiently(int fd, const struct frame *frame)
{
	uint8_t octets[FRAME_MAX];

	return send_octets(fd, octets, frame_encode(frame, octets));
}

static mac_t mac_plus(mac_t mac, uint64_t n)
{
	return __builtin_bswap64((mac_order(mac) + n) << 16);
}

static int run_send(char *arguments[])
{
	struct job job;
	mac_t src;
	int fd, err = 0;

	if (parse_job(arguments + 1, &job))
		return -EINVAL;
	fd = cable_end_open(arguments[0]);
	if (fd < 0)
		return fd;
	src = job.frame.src;
	for (unsigned long i = 0; i < job.count && !err; i++) {
		job.frame.src = mac_plus(src, i % job.sources);
		job.frame.sequence = (uint32_t)i;
		err = send_patiently(fd, &job.frame);
	}
	close(fd);
	return err;
}

// Returns how many octets there are, or -EINVAL.
static ssize_t read_hex(const char *hex, uint8_t octets[FRAME_MAX])
{
	size_t n = 0;

	for (; hex[0] && hex[1] && n < FRAME_MAX; hex += 2, n++) {
		const char digits[] = {hex[0], hex[1], 0};
		unsigned long octet;

		if (!isxdigit((unsigned char)hex[0]) || sscanf(digits, "%lx", &octet) != 1)
			return -EINVAL;
		octets[n] = (uint8_t)octet;
	}
	return *hex ? -EINVAL : (ssize_t)n;
}

static int run_raw(char *arguments[])
{
	enum { SHORTEST = 60 };
	uint8_t octets[FRAME_MAX] = {0};
	unsigned long count = 0;
	ssize_t n = -EINVAL;

	if (arguments[1] && arguments[2] && !parse_number(arguments[1], UINT32_MAX, &count))
		n = read_hex(arguments[2], octets);
	if (n < 0) {
		fprintf(stderr, "frames: raw WHERE COUNT HEX\n");
		return -EINVAL;
	}
	int fd = cable_end_open(arguments[0]);
	int err = fd < 0 ? fd : 0;
	while (count-- && !err)
		err = send_octets(fd, octets, n < SHORTEST ? SHORTEST : (size_t)n);
	if (fd >= 0)
		close(fd);
	return err;
}

static void print_frame(const struct frame *frame)
{
	char dst[MAC_TEXT_SIZE], src[MAC_TEXT_SIZE];

	printf("%s %s", mac_format(frame->dst, dst), mac_format(frame->src, src));
	for (unsigned int i = 0; i < frame->n_tags; i++)
		printf(" vlan=%u", frame->tags[i] & 0xfff);
	printf(" type=0x%04x length=%u", frame->type, frame->length);
	if (frame->marked)
		printf(" id=%" PRIu32 " sequence=%" PRIu32 " %s", frame->id, frame->sequence,
		       frame->intact ? "intact" : "damaged");
	puts("");
}

static int run_dump(char *arguments[])
{
	uint8_t octets[FRAME_MAX];
	struct frame frame;
	int fd = cable_end_open(arguments[0]);

	if (fd < 0)
		return fd;
	setvbuf(stdout, NULL, _IOLBF, 0);
	puts("ready");
	while (!stopped) {
		ssize_t length = cable_end_receive(fd, octets, sizeof(octets));

		if (length >= 0 && frame_decode(octets, (size_t)length, &frame) == 0)
			print_frame(&frame);
		else if (length == -EAGAIN)
			poll(&(struct pollfd){.fd = fd, .events = POLLIN}, 1, 1000);
	}
	close(fd);
	return 0;
}

struct flow {
	int from;
	int to;
	struct job job;
	uint8_t *seen; // by sequence number
	uint32_t room;
	uint32_t sent;
	uint32_t arrived;
	uint32_t given_up; // sent before, and held for lost
	uint64_t damaged;
	uint64_t doubled;
	uint64_t last;	// when one arrived, in ms
	uint64_t since; // when one arrived, or was given up
	uint64_t gap;
};

static void flow_account(struct flow *flow, const struct frame *frame)
{
	uint64_t now = now_ms();

	if (!frame->marked || frame->id != flow->job.frame.id || frame->sequence >= flow->sent)
		return;
	if (now - flow->last > flow->gap)
		flow->gap = now - flow->last;
	flow->last = flow->since = now;
	if (!frame->intact)
		flow->damaged++;
	if (flow->seen[frame->sequence]) {
		flow->doubled++;
		return;
	}
	flow->seen[frame->sequence] = 1;
	flow->arrived++;
}

static void flow_receive(struct flow *flow)
{
	uint8_t octets[FRAME_MAX];
	struct frame frame;
	ssize_t length;

	while ((length = cable_end_receive(flow->to, octets, sizeof(octets))) >= 0) {
		if (frame_decode(octets, (size_t)length, &frame) == 0)
			flow_account(flow, &frame);
	}
	// What has not come by now is lost: go on without it.
	if (now_ms() - flow->since > LOST_AFTER_MS) {
		flow->given_up = flow->sent - flow->arrived;
		flow->since = now_ms();
	}
}

// Frames that may still come. (One that was given up may come, too: then it is less than nothing.)
static int64_t flow_under_way(const struct flow *flow)
{
	return (int64_t)flow->sent - flow->arrived - flow->given_up;
}

static int flow_send(struct flow *flow)
{
	if (flow->sent == flow->room) {
		uint32_t room = flow->room ? flow->room * 2 : 1 << 16;
		uint8_t *seen = realloc(flow->seen, room);

		if (!seen)
			return -ENOMEM;
		memset(seen + flow->room, 0, room - flow->room);
		flow->seen = seen;
		flow->room = room;
	}
	flow->job.frame.sequence = flow->sent++;
	return send_patiently(flow->from, &flow->job.frame);
}

static int flow_run(struct flow *flow)
{
	uint64_t end = now_ms() + flow->job.seconds * 1000;
	int64_t window = (int64_t)flow->job.window;
	bool sending = true;
	int err = 0;

	flow->last = flow->since = now_ms();
	while (!err && (sending || flow_under_way(flow) > 0)) {
		sending = now_ms() < end && !stopped;
		if (sending && flow_under_way(flow) < window)
			err = flow_send(flow);
		else
			poll(&(struct pollfd){.fd = flow->to, .events = POLLIN}, 1, 10);
		flow_receive(flow);
	}
	return err;
}

static int run_flow(char *arguments[])
{
	struct flow flow = {.from = -1, .to = -1};
	int err;

	if (!arguments[1] || parse_job(arguments + 2, &flow.job))
		return -EINVAL;
	flow.from = cable_end_open(arguments[0]);
	flow.to = flow.from < 0 ? -1 : cable_end_open(arguments[1]);
	if (flow.to < 0)
		return -EINVAL;
	err = flow_run(&flow);
	printf("sent %" PRIu32 " lost %" PRIu32 " damaged %" PRIu64 " doubled %" PRIu64
	       " gap %" PRIu64 "\n",
	       flow.sent, flow.sent - flow.arrived, flow.damaged, flow.doubled, flow.gap);
	free(flow.seen);
	close(flow.from);
	close(flow.to);
	return err;
}

static const struct {
	const char *name;
	int (*run)(char *arguments[]);
} commands[] = {{"send", run_send}, {"raw", run_raw}, {"dump", run_dump}, {"flow", run_flow}};

int main(int argc, char *argv[])
{
	signal(SIGTERM, on_signal);
	signal(SIGINT, on_signal);
	for (size_t i = 0; argc > 2 && i < sizeof(commands) / sizeof(*commands); i++) {
		if (strcmp(argv[1], commands[i].name) == 0)
			return commands[i].run(argv + 2) ? EXIT_FAILURE : EXIT_SUCCESS;
	}
	fprintf(stderr, "usage: frames send|raw|dump|flow WHERE … (see the head of its source)\n");
	return 2;
}
