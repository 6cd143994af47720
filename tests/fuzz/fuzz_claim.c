// SPDX-License-Identifier: BSD-3-Clause
// Any octets as a frame of a LAN whose addresses belong to ports, through the guard. What is read
// lies in the frame; a frame dies for a reason of this stage only where it may; and what is known
// of an address's owner changes only by a frame of the owner's port, to the source of that frame.
//
//   octet 0   the port
//   octet 1   enum lan_flags
//   octet 2   the type, 0: ARP, 1: IPv6, else another; times two, plus one for a tag
//   octet 3   what to mend in an ICMPv6 message: 1 the payload length, 2 the checksum; 4:
//             owners of addresses that are not assigned are told
//   then      the frame behind its type
#include <stdlib.h>
#include <string.h>

#include <rte_ip.h>
#include <rte_mbuf.h>

#include "dataplane/path/claim.h"
#include "dataplane/path/pipeline.h"
#include "dataplane/tables/neigh.h"
#include "dataplane/worker.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/require.h"

enum { PORTS = 3, HEADER = 14, ROOM = 2048 };

#define SOURCE MAC(2, 0, 0, 0, 0, 1)

static const uint8_t prefix4[4] = {192, 0, 2}, prefix6[16] = {0x20, 0x01, 0x0d, 0xb8};
static const uint8_t addresses4[PORTS][4] = {{192, 0, 2, 1}, {192, 0, 2, 2}, {192, 0, 2, 3}};
static const uint8_t addresses6[PORTS][16] = {
	{0x20, 0x01, 0x0d, 0xb8, [15] = 1},
	{0x20, 0x01, 0x0d, 0xb8, [15] = 2},
	{0x20, 0x01, 0x0d, 0xb8, [15] = 3},
};

static struct worker *worker;
static struct policy *policy;

static uint32_t n_told;

// Who speaks for an address that is not assigned.
bool worker_event(struct worker *w, const struct message *event)
{
	const struct event_address *of = &event->event_address;
	struct neigh_key key = neigh_key(of->family, of->address);

	REQUIRE(event->header.type == EVENT_CLAIM && of->mac == SOURCE &&
		of->port == w->batch.port);
	REQUIRE(of->family == 4 || of->family == 6);
	REQUIRE(!neigh_find(policy->lans[0].neigh, key));
	n_told++;
	return true;
}

uint64_t worker_cycles(void)
{
	static uint64_t now;

	return now += UINT64_C(1) << 32; // its budget is never used up
}

// The stage leaves no notice: no port here is disabled for one violation.
bool worker_notice(struct worker *w, const struct message *notice)
{
	(void)w;
	(void)notice;
	abort();
}

static void start(void)
{
	static struct policy_prefix_conf prefixes[] = {{.family = 4, .length = 24},
						       {.family = 6, .length = 61}};

	memcpy(prefixes[0].address, prefix4, sizeof(prefix4));
	memcpy(prefixes[1].address, prefix6, sizeof(prefix6));
	worker = make(sizeof(*worker));
	policy = make(sizeof(*policy));
	worker->policy = policy;
	worker->hz = 1;
	policy->lans[0].prefixes = prefixes;
	policy->lans[0].n_prefixes = 2;
}

// Nothing is known of owners yet.
static void make_owners(void)
{
	struct neigh *neigh = neigh_create(2 * PORTS);

	REQUIRE(neigh);
	for (uint16_t p = 0; p < PORTS; p++) {
		REQUIRE(neigh_add(neigh, neigh_key4(addresses4[p]), p, 0) == 0);
		REQUIRE(neigh_add(neigh, neigh_key6(addresses6[p]), p, 0) == 0);
	}
	neigh_free(policy->lans[0].neigh);
	policy->lans[0].neigh = neigh;
}

static void check_owners(uint16_t port, bool may_tell)
{
	struct neigh *neigh = policy->lans[0].neigh;

	for (uint16_t p = 0; p < PORTS; p++) {
		mac_t v4 = neigh_mac(neigh_find(neigh, neigh_key4(addresses4[p])));
		mac_t v6 = neigh_mac(neigh_find(neigh, neigh_key6(addresses6[p])));

		REQUIRE(v4 == 0 || (may_tell && p == port && v4 == SOURCE));
		REQUIRE(v6 == 0 || (may_tell && p == port && v6 == SOURCE));
	}
}

// Make a message right that would be only by luck. "packet" is IPv6 without other headers.
static void mend(uint8_t *packet, size_t size, uint8_t what)
{
	enum { IPV6 = 40, CHECKSUM = 42, NEXT = 6, ICMPV6 = 58 };
	struct rte_ipv6_hdr *header = (void *)packet;

	if (size < IPV6 + 4)
		return;
	if (what & 1) {
		packet[0] = 0x60;
		packet[4] = (uint8_t)((size - IPV6) >> 8);
		packet[5] = (uint8_t)(size - IPV6);
	}
	size_t length = (size_t)packet[4] << 8 | packet[5];
	if (!(what & 2) || packet[NEXT] != ICMPV6 || length < 4 || length > size - IPV6)
		return;
	packet[CHECKSUM] = packet[CHECKSUM + 1] = 0;
	uint16_t sum = rte_ipv6_udptcp_cksum(header, packet + IPV6);
	memcpy(packet + CHECKSUM, &sum, sizeof(sum));
}

static void check_claim(const struct batch *b, const struct rte_mbuf *frame)
{
	struct claim claim;
	bool found = claim_read(b, 0, &claim);

	REQUIRE(found == (claim.kind != CLAIM_NONE));
	if (!found)
		return;
	REQUIRE(claim.kind <= CLAIM_NA);
	REQUIRE(claim.family == (claim.kind <= CLAIM_ARP_REPLY ? 4 : 6));
	REQUIRE(claim.offset < frame->data_len);
	REQUIRE(!claim.valid || claim.offset + 24 <= frame->data_len);
	REQUIRE((claim.sender_mac | claim.target_mac) <= MAC_MASK);
}

static void check_verdict(const struct batch *b, bool guarded)
{
	enum drop_reason reason = b->dead & 1 ? b->reason[0] : DROP_NONE;

	REQUIRE((b->live ^ b->dead) == 1);
	if (reason == DROP_NONE)
		return;
	REQUIRE(guarded);
	if (b->type[0] == 0x0806)
		REQUIRE(reason >= DROP_ARP_SENDER_MAC && reason <= DROP_ARP_UNASSIGNED);
	else
		REQUIRE(reason >= DROP_ND_INVALID && reason <= DROP_ND_UNASSIGNED);
}

static void run(struct batch *b, uint16_t flags)
{
	n_told = 0;
	policy->lans[0].flags = flags;
	make_owners();
	check_claim(b, b->frames[0]);
	guard(worker, b);
	check_verdict(b, flags & LAN_GUARD);
	check_owners(b->port, b->live && flags & LAN_CLAIMS);
	REQUIRE(n_told <= (b->live && flags & LAN_LEARN_HOSTS));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint16_t types[] = {0x0806, 0x86dd};
	static struct rte_mbuf frame;

	if (!worker)
		start();
	if (size < 4 || size > ROOM)
		return 0;
	struct batch *b = &worker->batch;
	uint8_t kind = data[2] >> 1;
	bool tagged = data[2] & 1;
	size_t header = HEADER + (tagged ? TAG_SIZE : 0), length = header + size - 4;

	frame.buf_addr = malloc(length);
	REQUIRE(frame.buf_addr);
	frame.pkt_len = (uint32_t)length;
	frame.data_len = (uint16_t)length;
	memset(frame.buf_addr, 0, header);
	memcpy((uint8_t *)frame.buf_addr + header, data + 4, size - 4);
	b->frames[0] = &frame;
	b->n = 1;
	b->port = data[0] % PORTS;
	batch_start(b);
	b->odd = 1;
	b->tagged = tagged;
	b->tci[0] = 0;
	b->src[0] = SOURCE;
	b->type[0] = kind < 2 ? types[kind] : data[2];
	if (b->type[0] == types[1])
		mend((uint8_t *)frame.buf_addr + header, size - 4, data[3]);
	run(b, data[1] | (data[3] & 4 ? LAN_LEARN_HOSTS : 0));
	free(frame.buf_addr);
	return 0;
}
