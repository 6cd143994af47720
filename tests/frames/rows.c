// SPDX-License-Identifier: BSD-3-Clause
#include "tests/frames/rows.h"

#include <arpa/inet.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <criterion/criterion.h>
#include <rte_mbuf.h>
#include <rte_ring.h>

#include "tests/frames/harness.h"

enum { BUFFERS = 256, ROOM = 80, ADDRESSES = 16 };

static const uint16_t lan_flags[ROW_LANS] = {
	[OPEN] = LAN_FLOOD_UNKNOWN,
	[EXCHANGE] = LAN_DROP_HIJACK,
	[WIRE] = LAN_FLOOD_UNKNOWN | LAN_TRANSPARENT,
	[PRIVATE] = LAN_FLOOD_UNKNOWN,
};

static const struct policy_member_conf members[] = {
	{A1, OPEN, 0},	    {A2, OPEN, 0},    {A3, OPEN, 0},	 {T, OPEN, 100},
	{T2, OPEN, 100},    {H, OPEN, 110},   {X1, EXCHANGE, 0}, {X2, EXCHANGE, 0},
	{T, EXCHANGE, 200}, {W1, WIRE, 0},    {W2, WIRE, 0},	 {T, WIRE, 300},
	{H, WIRE, 0},	    {G1, PRIVATE, 0}, {G2, PRIVATE, 0},	 {G3, PRIVATE, 0},
};

// What the next policy has less than the exchange.
static uint16_t ports_without[ROW_PORTS], lans_without[ROW_LANS];
static bool not_member[ROW_PORTS][ROW_LANS];

// And more.
static uint16_t ports_with[ROW_PORTS], rules_flags[ROW_LANS];
static bool has_rules[ROW_LANS];
static uint8_t security[ROW_PORTS][ROW_LANS];
static bool registered[ROW_PORTS][ROW_LANS], reserved[ROW_LANS], at_once[ROW_PORTS];

static uint16_t lans_with[ROW_LANS];
static bool no_prefixes[ROW_LANS], has_sponge[ROW_LANS];
static struct {
	uint16_t port, lan;
	uint8_t family, octets[16];
} addresses[ADDRESSES];
static unsigned int n_addresses;

static struct rte_mbuf *held[BUFFERS];
static unsigned int n_held;

__attribute__((format(printf, 1, 2))) static const char *complain(const char *format, ...)
{
	static char text[400];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	return text;
}

// ---- Before the frame

static void make_lan(uint16_t l)
{
	static const struct policy_prefix_conf v4 = {.family = 4,
						     .length = 24,
						     .address = {192, 0, 2}};
	static const struct policy_prefix_conf v6 = {.family = 6,
						     .length = 64,
						     .address = {0x20, 0x01, 0x0d, 0xb8, 0, 2}};

	world_lan(l, (lan_flags[l] | lans_with[l]) & ~lans_without[l], l == WIRE ? 9000 : 1500, 0);
	if (!no_prefixes[l]) {
		world_prefix(l, &v4);
		world_prefix(l, &v6);
	}
	if (has_sponge[l])
		world_sponge(l, STATION(98), 64);
	if (reserved[l])
		world_mac(PORT_FABRIC, l, STATION(99), MAC_RESERVED);
	if (has_rules[l])
		world_rules(l + 1, rules_flags[l]);
}

static void make_member(const struct policy_member_conf *member)
{
	struct policy_member_conf m = *member;

	m.rules = has_rules[m.lan] ? m.lan + 1 : RULES_NONE;
	m.security = security[m.port][m.lan];
	world_member_with(&m);
	if (registered[m.port][m.lan])
		world_mac(m.port, m.lan, STATION(100 + m.port), MAC_REGISTERED);
}

static void make_policy(void)
{
	world_begin();
	for (uint16_t l = 0; l < ROW_LANS; l++)
		make_lan(l);
	for (uint16_t p = 0; p < ROW_PORTS; p++) {
		uint16_t flags =
			PORT_ADMIN_UP | PORT_LEARN | PORT_FLOOD_UNKNOWN | PORT_FLOOD_MULTICAST;

		world_port(p, (flags | ports_with[p]) & ~ports_without[p],
			   p == W1 || p == W2 || p == T ? 9000 : 1500, p == G1 || p == G2 ? 7 : 0);
	}
	for (uint16_t p = 0; p < ROW_PORTS; p++)
		world.draft.limits[p].violations = at_once[p];
	for (size_t i = 0; i < sizeof(members) / sizeof(*members); i++) {
		if (!not_member[members[i].port][members[i].lan])
			make_member(&members[i]);
	}
	for (unsigned int i = 0; i < n_addresses; i++)
		world_address(addresses[i].port, addresses[i].lan, addresses[i].family,
			      addresses[i].octets);
	world_commit();
}

void given_port_with(uint16_t port, uint16_t flags)
{
	ports_with[port] |= flags;
	make_policy();
}

void given_port_without(uint16_t port, uint16_t flags)
{
	ports_without[port] |= flags;
	make_policy();
}

void given_lan_with(uint16_t lan, uint16_t flags)
{
	lans_with[lan] |= flags;
	make_policy();
}

void given_address(uint16_t port, uint16_t lan, const char *address)
{
	uint8_t *octets = addresses[n_addresses].octets;
	bool v4 = inet_pton(AF_INET, address, octets) == 1;

	cr_assert(n_addresses < ADDRESSES && (v4 || inet_pton(AF_INET6, address, octets) == 1));
	addresses[n_addresses].port = port;
	addresses[n_addresses].lan = lan;
	addresses[n_addresses++].family = v4 ? 4 : 6;
	make_policy();
}

void given_no_prefixes(uint16_t lan)
{
	no_prefixes[lan] = true;
	make_policy();
}

void given_sponge(uint16_t lan, uint16_t flags)
{
	has_sponge[lan] = true;
	given_lan_with(lan, flags);
}

void given_lan_without(uint16_t lan, uint16_t flags)
{
	lans_without[lan] |= flags;
	make_policy();
}

void given_no_member(uint16_t port, uint16_t lan)
{
	not_member[port][lan] = true;
	make_policy();
}

void given_rules(uint16_t lan, uint16_t flags)
{
	has_rules[lan] = true;
	rules_flags[lan] = flags;
	make_policy();
}

void given_security(uint16_t port, uint16_t lan, enum security_mode mode, uint32_t limit)
{
	security[port][lan] = (uint8_t)mode;
	fdb_set_port_limit(world.fdbs[lan], port, limit);
	make_policy();
}

void given_registered(uint16_t port, uint16_t lan)
{
	registered[port][lan] = true;
	make_policy();
}

void given_reserved(uint16_t lan)
{
	reserved[lan] = true;
	make_policy();
}

void given_at_once(uint16_t port)
{
	at_once[port] = true;
	make_policy();
}

void given_disabled(uint16_t port, enum port_disable why)
{
	atomic_store(&world.fabric.disabled[port], (uint8_t)why);
}

void given_no_buffers(void)
{
	while (n_held < BUFFERS && (held[n_held] = rte_pktmbuf_alloc(world.fabric.pool)))
		n_held++;
}

void given_room(uint16_t port, unsigned int n)
{
	while (rte_ring_free_count(world.ports[port].sent) > n) {
		held[n_held] = rte_pktmbuf_alloc(world.fabric.pool);
		rte_ring_enqueue(world.ports[port].sent, held[n_held++]);
	}
}

static void forget_stations(struct fdb *fdb)
{
	struct fdb_entry entries[64];
	uint32_t cursor = 0, n;

	fdb_flush(fdb, FDB_ANY, 0);
	do {
		n = fdb_dump(fdb, FDB_ANY, &cursor, entries, 64);
		for (uint32_t i = 0; i < n; i++)
			fdb_del_static(fdb, entries[i].mac);
	} while (cursor);
}

void rows_start_anew(void)
{
	memset(ports_without, 0, sizeof(ports_without));
	memset(lans_with, 0, sizeof(lans_with));
	memset(no_prefixes, 0, sizeof(no_prefixes));
	memset(has_sponge, 0, sizeof(has_sponge));
	n_addresses = 0;
	memset(lans_without, 0, sizeof(lans_without));
	memset(not_member, 0, sizeof(not_member));
	memset(world.fabric.meters, 0, sizeof(world.fabric.meters));
	memset(ports_with, 0, sizeof(ports_with));
	memset(has_rules, 0, sizeof(has_rules));
	memset(security, 0, sizeof(security));
	memset(registered, 0, sizeof(registered));
	memset(reserved, 0, sizeof(reserved));
	memset(at_once, 0, sizeof(at_once));
	for (uint16_t p = 0; p < ROW_PORTS; p++) {
		world_link(p, true);
		given_disabled(p, DISABLE_NONE);
		atomic_store(&world.quota.port_limit[p], 0);
		rte_ring_reset(world.ports[p].sent);
	}
	rte_pktmbuf_free_bulk(held, n_held);
	n_held = 0;
	make_policy();
	for (uint16_t l = 0; l < ROW_LANS; l++) {
		forget_stations(world.fdbs[l]);
		for (uint16_t p = 0; p < ROW_PORTS; p++)
			fdb_set_port_limit(world.fdbs[l], p, UINT32_MAX);
	}
}

static const char *place_stations(const struct row *row)
{
	for (int i = 0; i < ROW_STATIONS && row->stations[i].port_plus_1; i++) {
		const struct station *s = &row->stations[i];
		uint16_t port = s->port_plus_1 - 1;
		struct fdb_learned learned;
		mac_t mac = STATION(s->n);

		if (s->kind_plus_1) {
			if (fdb_add_static(world.fdbs[s->lan], mac, port,
					   (enum mac_kind)(s->kind_plus_1 - 1)) < 0)
				return "a station could not be registered";
			continue;
		}
		fdb_learn_burst(world.fdbs[s->lan], &mac, 1, port, &learned);
		if (learned.learned != 1)
			return "a station could not be learned";
	}
	return NULL;
}

// ---- Frames

static uint8_t *put16(uint8_t *octets, unsigned int value)
{
	octets[0] = (uint8_t)(value >> 8);
	octets[1] = (uint8_t)value;
	return octets + 2;
}

static uint8_t *put_tag(uint8_t *octets, uint32_t tag)
{
	return tag ? put16(put16(octets, tag >> 16), tag) : octets;
}

static uint16_t header_length(const struct frame *frame)
{
	return FRAME_OVERHEAD + (frame->tag ? TAG_SIZE : 0) + (frame->inner ? TAG_SIZE : 0);
}

static uint16_t frame_length(const struct frame *frame)
{
	uint8_t payload[PAYLOAD_MAX];

	if (frame->length)
		return frame->length;
	size_t needed = header_length(frame) + payload_encode(&frame->payload, payload);
	return needed > FRAME_MIN ? (uint16_t)needed : FRAME_MIN;
}

static uint16_t frame_type(const struct frame *frame)
{
	static const uint16_t types[] = {0x0800, 0x0806, 0x0800, 0x86dd, 0x86dd};

	return frame->type ? frame->type : types[frame->payload.kind];
}

// Write the frame into "octets", which has room for WORLD_FRAME_ROOM. Frame "number" of a burst
// differs from the others behind its header and payload.
static void encode(const struct frame *frame, uint16_t number, uint8_t *octets)
{
	uint8_t header[FRAME_OVERHEAD + 2 * TAG_SIZE + PAYLOAD_MAX], *p = header;
	uint16_t length = frame_length(frame);

	mac_store(frame->dst, p);
	mac_store(frame->src, p + 6);
	p = put_tag(put_tag(p + 12, frame->tag), frame->inner);
	p = put16(p, frame_type(frame));

	size_t own = (size_t)(p - header) + payload_encode(&frame->payload, p);
	memcpy(octets, header, length < own ? length : own);
	for (size_t i = own; i < length; i++)
		octets[i] = (uint8_t)(i - own + number * 7U);
}

// The frame as "out" expects it.
static struct frame expected(const struct frame *in, const struct out *out)
{
	struct frame frame = *in;

	frame.length = frame_length(in);
	switch (out->dress) {
	case POPPED:
		frame.tag = frame.inner;
		frame.inner = 0;
		frame.length -= TAG_SIZE;
		break;
	case PUSHED:
		frame.inner = frame.tag;
		frame.tag = TAG(out->tci);
		frame.length += TAG_SIZE;
		break;
	case RETAGGED:
		frame.tag = TAG(out->tci);
		break;
	}
	return frame;
}

static uint16_t row_times(const struct row *row)
{
	return row->times ? row->times : 1;
}

static void send_row(const struct row *row)
{
	struct rte_mbuf *frames[BATCH_MAX];
	uint16_t n = row_times(row);

	for (uint16_t i = 0; i < n; i++) {
		frames[i] = world_frame(frame_length(&row->in));
		encode(&row->in, i, rte_pktmbuf_mtod(frames[i], uint8_t *));
	}
	world_receive(row->port, frames, n);
}

// ---- After the frame

static bool is_held(const struct rte_mbuf *frame)
{
	for (unsigned int i = 0; i < n_held; i++) {
		if (held[i] == frame)
			return true;
	}
	return false;
}

static struct rte_mbuf *next_sent(uint16_t port)
{
	struct rte_mbuf *frame = world_sent(port);

	while (frame && is_held(frame))
		frame = world_sent(port);
	return frame;
}

static const char *check_frame(const struct row *row, const struct out *out, uint16_t number)
{
	static uint8_t room[WORLD_FRAME_ROOM], wanted[WORLD_FRAME_ROOM];
	struct frame frame = expected(&row->in, out);
	uint16_t port = out->port_plus_1 - 1;
	struct rte_mbuf *sent = next_sent(port);

	if (!sent)
		return complain("frame %u did not leave by port %u", number, port);
	encode(&frame, number, wanted);
	const void *octets = rte_pktmbuf_read(sent, 0, sent->pkt_len, room);
	bool same = sent->pkt_len == frame.length && memcmp(octets, wanted, frame.length) == 0;
	uint32_t length = sent->pkt_len;
	rte_pktmbuf_free(sent);
	if (!same)
		return complain("frame %u left by port %u with %u octets, different from the %u "
				"octets expected",
				number, port, length, frame.length);
	return NULL;
}

static const char *check_sent(const struct row *row, uint16_t n)
{
	const char *wrong = NULL;

	for (int o = 0; o < ROW_OUTS && row->outs[o].port_plus_1; o++) {
		for (uint16_t i = 0; i < n && !wrong; i++)
			wrong = check_frame(row, &row->outs[o], i);
	}
	for (uint16_t p = 0; p < ROW_PORTS && !wrong; p++) {
		struct rte_mbuf *sent = next_sent(p);

		if (sent)
			wrong = complain("a frame left by port %u", p);
		rte_pktmbuf_free(sent);
	}
	return wrong;
}

static uint64_t wanted_drops(const struct row *row, uint16_t port, enum drop_reason reason)
{
	bool out = drop_infos[reason].side == DROP_SIDE_OUT;

	if (reason == DROP_NONE || reason != row->drop || port != (out ? row->blame : row->port))
		return 0;
	return row->drops ? row->drops : row_times(row);
}

static const char *check_drops(const struct row *row)
{
	for (uint16_t p = 0; p < ROW_PORTS; p++) {
		const uint64_t *drops = world.worker->counters[p].drops;

		for (enum drop_reason r = 0; r < DROP_COUNT; r++) {
			if (drops[r] != wanted_drops(row, p, r))
				return complain("port %u counts %lu dropped for %s, not %lu", p,
						drops[r], drop_infos[r].name,
						wanted_drops(row, p, r));
		}
	}
	return NULL;
}

static enum pair_kind row_kind(const struct frame *frame)
{
	uint16_t type = frame_type(frame);

	if (frame->inner || (type != 0x0800 && type != 0x86dd))
		return PAIR_OTHER;
	return type == 0x86dd ? PAIR_IPV6 : PAIR_IPV4;
}

static const char *check_pair(const struct row *row, const struct out *out, uint16_t n)
{
	uint16_t port = out->port_plus_1 - 1;
	const struct pair_counters *pair = &world.worker->pairs[row->port * MAX_PORTS + port];
	const struct port_counters *tx = &world.worker->counters[port];
	enum pair_kind kind = row_kind(&row->in);
	struct frame frame = expected(&row->in, out);
	bool group = mac_is_group(row->in.dst), all = row->in.dst == MAC_BROADCAST;

	if (pair->frames[kind] != n || pair->octets[kind] != n * frame.length)
		return complain("the matrix has %lu frames, %lu octets for port %u",
				pair->frames[kind], pair->octets[kind], port);
	if (tx->tx_multicast != (group && !all) * n || tx->tx_broadcast != all * n)
		return complain("port %u counts %lu multicasts, %lu broadcasts sent", port,
				tx->tx_multicast, tx->tx_broadcast);
	return NULL;
}

static const char *check_counters(const struct row *row, uint16_t n)
{
	const struct port_counters *rx = &world.worker->counters[row->port];
	uint16_t times = row_times(row), length = frame_length(&row->in);
	bool parsed = row->drop != DROP_PKT_TOO_SMALL;
	bool group = mac_is_group(row->in.dst), all = row->in.dst == MAC_BROADCAST;

	if (rx->rx_frames != times || rx->rx_octets != times * length)
		return complain("%lu frames, %lu octets received", rx->rx_frames, rx->rx_octets);
	if (parsed &&
	    (rx->rx_multicast != (group && !all) * times || rx->rx_broadcast != all * times))
		return complain("%lu multicasts, %lu broadcasts received", rx->rx_multicast,
				rx->rx_broadcast);
	for (int o = 0; o < ROW_OUTS && row->outs[o].port_plus_1; o++) {
		const char *wrong = check_pair(row, &row->outs[o], n);

		if (wrong)
			return wrong;
	}
	return NULL;
}

// However many die of one burst, one is told.
static const char *check_violation(const struct row *row, const struct message *event)
{
	static uint8_t wanted[WORLD_FRAME_ROOM];

	encode(&row->in, 0, wanted);
	if (event->header.type != EVENT_VIOLATION || message_check(event) < 0 ||
	    event->frame.port != row->port || event->frame.reason != row->drop ||
	    event->frame.length != frame_length(&row->in))
		return complain("the event says %s", message_type_name(event->header.type));
	if (memcmp(event->frame.octets, wanted,
		   RTE_MIN(event->frame.n_octets, header_length(&row->in))) != 0)
		return complain("the event has other octets");
	return NULL;
}

static const char *check_events(const struct row *row)
{
	const struct port_counters *c = &world.worker->counters[row->port];
	const struct message *event = &world.events[0];
	uint32_t wanted = row->event != MESSAGE_NONE;
	uint32_t violations = drop_makes_event(row->drop);

	if (world.n_events != wanted + violations)
		return complain("%u events, not %u", world.n_events, wanted + violations);
	if (c->learned != (row->event == EVENT_MAC_LEARNED) ||
	    c->moved != (row->event == EVENT_MAC_MOVED) || c->learn_refused != row->refused)
		return complain("learned %lu, moved %lu, refused %lu", c->learned, c->moved,
				c->learn_refused);
	if (wanted && (event->header.type != row->event || message_check(event) < 0 ||
		       event->mac.mac != row->in.src || event->mac.port != row->port))
		return complain("the event says %s", message_type_name(event->header.type));
	return violations ? check_violation(row, &world.events[wanted]) : NULL;
}

static const char *check_notices(const struct row *row)
{
	uint32_t moves = row->event == EVENT_MAC_MOVED;
	uint32_t wanted = row->notice != MESSAGE_NONE;
	const struct message *notice = &world.notices[moves];

	if (world.n_notices != moves + wanted)
		return complain("%u notices, not %u", world.n_notices, moves + wanted);
	if (moves && (world.notices[0].header.type != NOTICE_MOVED ||
		      world.notices[0].mac.port != row->port))
		return complain("the notice says %s",
				message_type_name(world.notices[0].header.type));
	if (wanted && (notice->header.type != row->notice || message_check(notice) < 0 ||
		       notice->mac.mac != row->in.src || notice->mac.port != row->port))
		return complain("the notice says %s", message_type_name(notice->header.type));
	if (row->notice == NOTICE_VIOLATION && notice->mac.reason != row->drop)
		return complain("the notice gives reason %u", notice->mac.reason);
	return NULL;
}

static const char *run(const struct row *row)
{
	if (!row->goes_on)
		rows_start_anew();
	world_clear();
	memset(world.worker->told, 0, sizeof(world.worker->told));
	const char *wrong = place_stations(row);
	if (row->given)
		row->given();
	if (wrong)
		return wrong;
	send_row(row);

	uint16_t n = row->sent ? row->sent : row_times(row);

	wrong = check_sent(row, n);
	if (!wrong)
		wrong = check_counters(row, n);
	if (!wrong)
		wrong = check_drops(row);
	if (!wrong)
		wrong = check_events(row);
	if (!wrong)
		wrong = check_notices(row);
	return wrong ? wrong : world_audit(n_held);
}

void rows_test(const struct row *rows, size_t n)
{
	rows_test_and(rows, n, NULL);
}

void rows_test_and(const struct row *rows, size_t n, void (*more)(void))
{
	world_init(ROW_PORTS, ROOM, BUFFERS);
	for (size_t i = 0; i < n; i++) {
		const char *wrong = run(&rows[i]);

		cr_expect_null(wrong, "%s: %s", rows[i].name, wrong);
	}
	if (more)
		more();
	rows_start_anew();
	world_fini();
}
