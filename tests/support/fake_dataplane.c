// SPDX-License-Identifier: BSD-3-Clause
#include "tests/support/fake_dataplane.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/capture.h"
#include "lib/channel.h"
#include "lib/lacp.h"

enum { POLICY_MAX = 8192, POLL_MS = 5 };

static struct fake_shared *shared;
static struct stats stats;
static struct channel channel;
static int stats_fd;
static int command_fd = -1;
static int reply_fd = -1;
static uint32_t n_workers;

static struct message policy[POLICY_MAX]; // being sent
static size_t n_policy;
static struct message in_force[POLICY_MAX];
static size_t n_in_force;

static void reply(const struct message *message)
{
	uint64_t one = 1;

	while (!ring_push(&channel.replies, message))
		;
	if (write(reply_fd, &one, sizeof(one)) < 0)
		_exit(1);
}

static void reply_done(uint32_t sequence, uint64_t value)
{
	struct message done;

	message_init(&done, REPLY_DONE, sequence);
	done.done.value = value;
	reply(&done);
}

static const struct policy_port_conf *find_refused(void)
{
	for (size_t i = 0; i < n_policy; i++) {
		const struct policy_port_conf *port = &policy[i].port;

		if (policy[i].header.type == COMMAND_POLICY_PORT &&
		    (strcmp(port->device, shared->refuse_device) == 0 ||
		     strcmp(port->device, shared->also_refuse_device) == 0))
			return port;
	}
	return NULL;
}

static void set_slot(uint16_t slot, const struct policy_port_conf *port)
{
	struct port_info *info = &stats.ports[slot];
	bool fresh = port && (!info->used || strcmp(info->name, port->name) != 0);

	if (fresh)
		stats_clear_port(&stats, slot);
	stats_port_info_begin(info);
	info->used = port != NULL;
	info->incarnation += fresh;
	if (port) {
		info->admin_up = port->flags & PORT_ADMIN_UP;
		info->kind = PORT_PLAIN;
		info->link = LINK_UP;
		info->n_queues = 1;
		info->mtu = port->mtu;
		memcpy(info->name, port->name, sizeof(info->name));
		memcpy(info->device, port->device, sizeof(info->device));
		strcpy(info->driver, "net_fake");
	}
	stats_port_info_end(info);
}

// Every link carries frames at once, as if the partner had agreed.
static void set_link(const struct policy_link_conf *link)
{
	struct port_info *lag = &stats.ports[link->lag], *info = &stats.ports[link->port];

	stats_port_info_begin(info);
	info->kind = PORT_LINK;
	info->lag = link->lag;
	info->n_active = 1;
	info->lacp.reason = LACP_CARRIES;
	stats_port_info_end(info);
	stats_port_info_begin(lag);
	lag->n_links++;
	lag->n_active++;
	stats_port_info_end(lag);
}

static void set_lag(const struct policy_lag_conf *lag)
{
	struct port_info *info = &stats.ports[lag->port];

	stats_port_info_begin(info);
	info->kind = PORT_LAG;
	info->lag_flags = (uint8_t)lag->flags;
	info->min_links = lag->min_links;
	info->n_links = 0;
	info->n_active = 0;
	info->n_queues = 0;
	info->driver[0] = 0;
	stats_port_info_end(info);
}

static void set_lags(void)
{
	for (size_t i = 0; i < n_policy; i++) {
		if (policy[i].header.type == COMMAND_POLICY_LAG)
			set_lag(&policy[i].lag);
		if (policy[i].header.type == COMMAND_POLICY_LINK)
			set_link(&policy[i].link);
	}
}

// For tests to look at.
static void count_policy(void)
{
	uint32_t macs = 0, sticky = 0, drained = 0;

	for (size_t i = 0; i < n_in_force; i++) {
		const struct message *message = &in_force[i];

		drained += message->header.type == COMMAND_POLICY_PORT &&
			   message->port.flags & PORT_DRAINED;
		macs += message->header.type == COMMAND_POLICY_MAC;
		sticky += message->header.type == COMMAND_POLICY_MAC &&
			  message->static_mac.kind == MAC_STICKY;
	}
	atomic_store(&shared->macs, macs);
	atomic_store(&shared->sticky, sticky);
	atomic_store(&shared->drained, drained);
}

static void put_in_force(void)
{
	const struct policy_port_conf *ports[MAX_PORTS] = {0};

	for (size_t i = 0; i < n_policy; i++) {
		if (policy[i].header.type == COMMAND_POLICY_PORT)
			ports[policy[i].port.port] = &policy[i].port;
	}
	for (uint16_t slot = 0; slot < MAX_PORTS; slot++) {
		if (ports[slot] || stats.ports[slot].used)
			set_slot(slot, ports[slot]);
	}
	set_lags();
	memcpy(in_force, policy, sizeof(policy));
	n_in_force = n_policy;
	count_policy();
	atomic_fetch_add(&stats.header->generation, 1);
	atomic_store(&stats.header->digest, policy[0].policy_begin.digest);
	atomic_fetch_add(&shared->commits, 1);
}

static void refuse(uint32_t sequence, const struct policy_port_conf *port)
{
	struct message error;

	message_init(&error, REPLY_ERROR, sequence);
	error.error = (struct reply_error){.error = ENODEV, .port = port->port, .lan = FDB_ANY};
	snprintf(error.error.text, sizeof(error.error.text), "port %s: there is no device %.100s",
		 port->name, port->device);
	atomic_fetch_add(&shared->refusals, 1);
	reply(&error);
}

static void hold(void)
{
	atomic_fetch_add(&shared->held, 1);
	while (!atomic_load(&shared->release))
		usleep(1000);
}

static void commit(uint32_t sequence)
{
	enum fake_mischief mischief = atomic_load(&shared->mischief);
	const struct policy_port_conf *refused = find_refused();
	struct message nonsense;

	if (mischief == FAKE_DIES_AT_COMMIT)
		raise(SIGKILL);
	if (mischief == FAKE_HOLDS_COMMIT)
		hold();
	if (refused) {
		refuse(sequence, refused);
		return;
	}
	if (mischief == FAKE_BAD_REPLY) {
		memset(&nonsense, 0xa5, sizeof(nonsense));
		reply(&nonsense);
		return;
	}
	if (mischief == FAKE_BAD_POSITION) {
		channel.replies.memory->tail = 1u << 30;
		reply(&nonsense);
		return;
	}
	put_in_force();
	if (mischief == FAKE_DIES_AFTER_COMMIT)
		raise(SIGKILL);
	if (mischief == FAKE_MUTE_AT_COMMIT)
		return;
	if (mischief == FAKE_STRAY_REPLY)
		reply_done(sequence + 1000, 0);
	reply_done(sequence, stats.header->generation);
}

static void dump_entry(uint32_t sequence, uint16_t lan, uint64_t mac, uint16_t port, bool is_static,
		       uint8_t kind)
{
	struct message page;

	message_init(&page, REPLY_FDB, sequence);
	page.header.flags = MESSAGE_MORE;
	page.fdb.lan = lan;
	page.fdb.n = 1;
	page.fdb.entries[0] = (struct fdb_entry){.mac = mac,
						 .port = port,
						 .is_static = is_static,
						 .kind = kind,
						 .age = is_static ? 0 : 7};
	reply(&page);
}

// One entry to a reply, three replies to a page.
static void dump(const struct message *command)
{
	const struct fdb_dump *wish = &command->fdb_dump;
	uint32_t n_learned = atomic_load(&shared->learned);
	uint32_t at = 0;
	uint32_t sent = 0;
	struct message done;

	for (size_t i = 0; i < n_in_force && sent < 3; i++) {
		const struct policy_mac_conf *mac = &in_force[i].static_mac;

		if (in_force[i].header.type != COMMAND_POLICY_MAC || mac->lan != wish->lan ||
		    at++ < wish->cursor)
			continue;
		dump_entry(command->header.sequence, wish->lan, mac->mac, mac->port, true,
			   (uint8_t)mac->kind);
		sent++;
	}
	for (uint32_t n = 0; n < n_learned && sent < 3; n++) {
		if (at++ < wish->cursor)
			continue;
		dump_entry(command->header.sequence, wish->lan, MAC(2, 0, 0, 1, n >> 8, n & 0xff),
			   0, false, 0);
		sent++;
	}
	message_init(&done, REPLY_DONE, command->header.sequence);
	done.done.cursor = sent == 3 ? at : 0;
	reply(&done);
}

// One entry to a page. The second address is of nobody's router yet.
static void dump_neighbours(const struct message *command)
{
	uint32_t sequence = command->header.sequence, cursor = command->fdb_dump.cursor;
	static const struct neigh_info infos[] = {
		{.address = {0x20, 0x01, 0x0d, 0xb8, [15] = 9}, .port = 1, .family = 6},
		{.address = {192, 0, 2, 9}, .mac = MAC(2, 0, 0, 0, 0, 9), .family = 4},
	};
	struct message page;

	message_init(&page, REPLY_NEIGH, sequence);
	page.header.flags = MESSAGE_MORE;
	page.neigh.lan = command->fdb_dump.lan;
	page.neigh.n = 1;
	page.neigh.entries[0] = infos[cursor % 2];
	reply(&page);
	message_init(&page, REPLY_DONE, sequence);
	page.done.cursor = (cursor + 1) % 2;
	reply(&page);
}

static struct fake_host *find_host(uint16_t lan, uint8_t family, const uint8_t *octets)
{
	for (size_t i = 0; i < FAKE_HOSTS; i++) {
		struct fake_host *host = &shared->hosts[i];

		if (host->used && host->set.lan == lan && host->set.family == family &&
		    memcmp(host->set.address, octets, family == 4 ? 4 : 16) == 0)
			return host;
	}
	return NULL;
}

static struct fake_host *add_host(void)
{
	for (size_t i = 0; i < FAKE_HOSTS; i++) {
		if (!shared->hosts[i].used)
			return &shared->hosts[i];
	}
	_exit(1);
}

static void reply_told(uint32_t sequence, struct fake_host *host)
{
	struct message told;

	for (uint32_t i = 0; i < host->n_told; i++) {
		message_init(&told, REPLY_TOLD, sequence);
		told.header.flags = MESSAGE_MORE;
		told.neigh.lan = host->set.lan;
		told.neigh.n = 1;
		told.neigh.entries[0] = host->told[i];
		reply(&told);
	}
	host->n_told = 0;
	atomic_fetch_add(&shared->answers, 1);
	reply_done(sequence, 0);
}

static void set_host(const struct message *command)
{
	const struct host_set *set = &command->host;
	struct fake_host *host = find_host(set->lan, set->family, set->address);

	if (!host && (set->verdict != HOST_FORGET || set->flags & HOST_ANSWER)) {
		host = add_host();
		*host = (struct fake_host){0};
	}
	if (host) {
		host->set = *set;
		host->used = set->verdict != HOST_FORGET;
	}
	atomic_fetch_add(&shared->host_sets, 1);
	if (set->flags & HOST_ANSWER)
		reply_told(command->header.sequence, host);
}

// One to a page.
static void dump_hosts(const struct message *command)
{
	uint32_t at = command->fdb_dump.cursor;
	struct message page;

	while (at < FAKE_HOSTS &&
	       !(shared->hosts[at].used && shared->hosts[at].set.lan == command->fdb_dump.lan))
		at++;
	if (at < FAKE_HOSTS) {
		message_init(&page, REPLY_HOST, command->header.sequence);
		page.header.flags = MESSAGE_MORE;
		page.hosts.lan = command->fdb_dump.lan;
		page.hosts.n = 1;
		page.hosts.entries[0] =
			(struct host_info){.set = shared->hosts[at].set,
					   .told = (uint16_t)shared->hosts[at].n_told};
		reply(&page);
		at++;
	}
	message_init(&page, REPLY_DONE, command->header.sequence);
	page.done.cursor = at < FAKE_HOSTS ? at : 0;
	reply(&page);
}

static void take_inject(const struct message *command)
{
	uint32_t n = atomic_load(&shared->n_injects);

	shared->injects[n % FAKE_INJECTS] = command->inject;
	atomic_store(&shared->n_injects, n + 1);
}

static void explain(const struct message *command)
{
	struct message step;

	message_init(&step, REPLY_STAGE, command->header.sequence);
	step.header.flags = MESSAGE_MORE;
	strcpy(step.stage.stage, "lookup");
	strcpy(step.stage.text, "the destination lives elsewhere");
	reply(&step);
	message_init(&step, REPLY_EGRESS, command->header.sequence);
	step.header.flags = MESSAGE_MORE;
	step.egress = (struct reply_egress){.port = command->explain.port,
					    .length = command->explain.length,
					    .reason = DROP_EGRESS_MTU};
	reply(&step);
	reply_done(command->header.sequence, 0);
}

static void enable(const struct message *command)
{
	struct port_info *info = &stats.ports[command->port_enable.port];
	bool was = info->disabled != DISABLE_NONE;

	stats_port_info_begin(info);
	info->disabled = DISABLE_NONE;
	stats_port_info_end(info);
	reply_done(command->header.sequence, was);
}

// Frames of one octet, numbered; of a bad one, nonsense between them. They may be there before the
// answer, as those of a worker may.
static void begin_capture(const struct message *command)
{
	uint32_t n = atomic_load(&shared->to_capture), number = atomic_load(&shared->captures) + 1;
	static const uint8_t nonsense[CAPTURE_OCTETS];

	shared->capture = command->capture_begin;
	atomic_store(&shared->captures, number);
	for (uint32_t i = 0; i < n; i++) {
		struct capture_header header = {.capture = number,
						.out = 1,
						.lan = FDB_ANY,
						.length = 1,
						.n_octets = 1,
						.verdict = CAPTURE_FORWARDED};
		uint8_t octet = (uint8_t)i;

		capture_push(&channel.captured[0], &header, &octet);
		header.verdict = CAPTURE_VERDICTS;
		if (atomic_load(&shared->mischief) == FAKE_BAD_CAPTURED)
			capture_push(&channel.captured[0], &header, nonsense);
	}
	if (atomic_load(&shared->mischief) == FAKE_HOLDS_CAPTURE)
		hold();
	reply_done(command->header.sequence, number);
}

static void end_capture(const struct message *command)
{
	struct message counts;

	atomic_fetch_add(&shared->ended_captures, 1);
	message_init(&counts, REPLY_CAPTURE, command->header.sequence);
	counts.header.flags = MESSAGE_MORE;
	counts.capture = (struct reply_capture){.taken = atomic_load(&shared->to_capture),
						.missed = 3,
						.unseen = 4};
	reply(&counts);
	reply_done(command->header.sequence, 0);
}

static void run(const struct message *command)
{
	switch (command->header.type) {
	case COMMAND_POLICY_BEGIN:
		n_policy = 0;
		policy[n_policy++] = *command;
		break;
	case COMMAND_POLICY_COMMIT:
		commit(command->header.sequence);
		break;
	case COMMAND_POLICY_ABORT:
		n_policy = 0;
		break;
	case COMMAND_FDB_DUMP:
		dump(command);
		break;
	case COMMAND_NEIGH_DUMP:
		dump_neighbours(command);
		break;
	case COMMAND_HOST_SET:
		set_host(command);
		break;
	case COMMAND_HOST_DUMP:
		dump_hosts(command);
		break;
	case COMMAND_INJECT:
		take_inject(command);
		break;
	case COMMAND_FDB_FLUSH:
		reply_done(command->header.sequence, 42);
		break;
	case COMMAND_PORT_ENABLE:
		enable(command);
		break;
	case COMMAND_CAPTURE_FILTER:
		atomic_fetch_add(&shared->capture_insns, command->capture_filter.n);
		break;
	case COMMAND_CAPTURE_BEGIN:
		begin_capture(command);
		break;
	case COMMAND_CAPTURE_END:
		end_capture(command);
		break;
	case COMMAND_EXPLAIN:
		explain(command);
		break;
	default:
		policy[n_policy++ % POLICY_MAX] = *command;
	}
}

static void make_bad_events(void)
{
	struct message nonsense;

	memset(&nonsense, 0x5a, sizeof(nonsense));
	nonsense.header.length = 0;
	while (ring_push(&channel.events[0], &nonsense))
		;
}

static void welcome(int control)
{
	struct channel_welcome answer = {.magic = CHANNEL_MAGIC,
					 .version = CHANNEL_VERSION,
					 .pid = (uint32_t)getpid(),
					 .n_workers = n_workers,
					 .instance = stats.header->instance,
					 .release = "9.9.9"};
	enum fake_mischief mischief = atomic_load(&shared->mischief);
	int fds[CHANNEL_FDS] = {[CHANNEL_FD_STATS] = stats_fd};

	if (mischief == FAKE_OTHER_WELCOME) {
		channel_send(control, "hello, who are you?", 19, NULL, 0);
		return;
	}
	if (mischief == FAKE_OTHER_VERSION) {
		answer.version = 77;
		answer.status = CHANNEL_BAD_VERSION;
		channel_send(control, &answer, sizeof(answer), NULL, 0);
		return;
	}
	if (mischief == FAKE_STRANGER)
		answer.magic++;
	if (channel_create(&channel, n_workers, &fds[CHANNEL_FD_MEMORY]))
		_exit(1);
	command_fd = fds[CHANNEL_FD_COMMAND] = eventfd(0, EFD_NONBLOCK);
	reply_fd = fds[CHANNEL_FD_REPLY] = eventfd(0, EFD_NONBLOCK);
	if (mischief == FAKE_WRONG_MEMORY)
		answer.n_workers++;
	atomic_fetch_add(&shared->attachments, 1);
	channel_send(control, &answer, sizeof(answer), fds, CHANNEL_FDS);
	close(fds[CHANNEL_FD_MEMORY]);
	if (mischief == FAKE_TALKS)
		channel_send(control, "x", 1, NULL, 0);
	if (mischief == FAKE_BAD_EVENTS)
		make_bad_events();
	if (mischief == FAKE_BAD_EVENT_POSITION)
		channel.events[0].memory->tail = 1u << 31;
}

static void tell(void)
{
	if (!atomic_load(&shared->telling) || !channel.base)
		return;
	while (!ring_push(&channel.events[shared->teller], &shared->event))
		;
	atomic_store(&shared->telling, 0);
}

static void serve(int control)
{
	struct pollfd wait = {.fd = control, .events = POLLIN};
	struct message command;

	// The workers of a fake go round whenever it looks.
	while (poll(&wait, 1, POLL_MS) == 0) {
		for (uint32_t w = 0; w < n_workers; w++)
			atomic_fetch_add(&stats.workers[w].rounds, 1);
		while (channel.base && ring_pop(&channel.commands, &command))
			run(&command);
		tell();
	}
	channel_detach(&channel);
	close(command_fd);
	close(reply_fd);
	command_fd = reply_fd = -1;
}

static void live(int listener)
{
	struct channel_hello hello;
	int fds[1];

	for (;;) {
		int control = accept(listener, NULL, NULL);
		size_t n = 0;

		if (channel_receive(control, &hello, sizeof(hello), fds, &n) == 0) {
			if (atomic_load(&shared->mischief) != FAKE_SILENT)
				welcome(control);
			serve(control);
		}
		close(control);
	}
}

static int listen_on(const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int listener = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

	unlink(path);
	strcpy(address.sun_path, path);
	cr_assert_eq(bind(listener, (void *)&address, sizeof(address)), 0);
	cr_assert_eq(listen(listener, 4), 0);
	return listener;
}

void fake_start(struct fake *fake, const char *path, uint32_t workers, enum fake_mischief mischief)
{
	int listener = listen_on(path);

	if (!fake->shared)
		fake->shared = mmap(NULL, sizeof(*fake->shared), PROT_READ | PROT_WRITE,
				    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	cr_assert_neq(fake->shared, MAP_FAILED);
	shared = fake->shared;
	atomic_store(&shared->mischief, mischief);
	snprintf(fake->path, sizeof(fake->path), "%s", path);
	memset(shared->hosts, 0, sizeof(shared->hosts));
	stats_detach(&stats);
	cr_assert_eq(stats_create(&stats, workers, &stats_fd), 0);
	fake->stats = stats;
	n_workers = workers;
	fake->pid = fork();
	cr_assert_geq(fake->pid, 0);
	if (fake->pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		live(listener);
	}
	close(listener);
	close(stats_fd);
}

void fake_kill(struct fake *fake)
{
	kill(fake->pid, SIGKILL);
	waitpid(fake->pid, NULL, 0);
}

struct fake_host *fake_find_host(const struct fake *fake, uint16_t lan, const struct ip *ip)
{
	shared = fake->shared;
	return find_host(lan, ip->family, ip->octets);
}

void fake_tell(struct fake *fake, uint32_t worker, const struct message *event)
{
	fake->shared->teller = worker;
	fake->shared->event = *event;
	atomic_store(&fake->shared->telling, 1);
	while (atomic_load(&fake->shared->telling))
		usleep(1000);
}
