// SPDX-License-Identifier: BSD-3-Clause
#include "tests/bench/questions.h"

#include <string.h>

#include <rte_cycles.h>
#include <rte_ethdev.h>
#include <rte_ip.h>

enum {
	ARP_LENGTH = 60,
	NS_LENGTH = QUESTION_LENGTH_MAX,
	LAN_BITS = 12, // of host part: a /20
	TYPE_ARP = 0x0806,
	TYPE_IPV6 = 0x86dd,
	ARP_REPLY = 2,
	ND_ADVERTISEMENT = 136,
	TYPE_AT = 12,
	ARP_OPERATION_AT = 20,
	IPV6_NEXT_AT = 20,
	ICMPV6_TYPE_AT = 54,
};

static uint64_t random_word(struct questions *q)
{
	q->random ^= q->random << 13;
	q->random ^= q->random >> 7;
	q->random ^= q->random << 17;
	return q->random * UINT64_C(0x2545f4914f6cdd1d);
}

static void write_ipv4(uint32_t host, uint8_t *octets)
{
	memcpy(octets, (uint8_t[]){198, 18, host >> 8 & 0xff, host & 0xff}, 4);
}

static void write_ipv6(uint64_t host, uint8_t *octets)
{
	memcpy(octets, (uint8_t[]){0x20, 0x01, 0x0d, 0xb8, 0, 1, 0, 0}, 8);
	host = __builtin_bswap64(host);
	memcpy(octets + 8, &host, 8);
}

static void write_arp(uint8_t *octets, mac_t mac, uint32_t asker, uint32_t target)
{
	static const uint8_t request[] = {8, 6, 0, 1, 8, 0, 6, 4, 0, 1};

	memset(octets, 0, ARP_LENGTH);
	mac_store(MAC_BROADCAST, octets);
	mac_store(mac, octets + 6);
	memcpy(octets + TYPE_AT, request, sizeof(request));
	mac_store(mac, octets + 22);
	write_ipv4(asker, octets + 28);
	write_ipv4(target, octets + 38);
}

// To the group of the target's last 24 bits (RFC 4291 section 2.7.1).
static void write_solicitation(uint8_t *octets, mac_t mac, uint64_t asker, uint64_t target)
{
	static const uint8_t header[] = {0x86, 0xdd, 0x60, 0, 0, 0, 0, 32, 58, 255};
	static const uint8_t group[13] = {0xff, 0x02, [11] = 1, [12] = 0xff};

	memset(octets, 0, NS_LENGTH);
	memcpy(octets, (uint8_t[]){0x33, 0x33, 0xff}, 3);
	mac_store(mac, octets + 6);
	memcpy(octets + TYPE_AT, header, sizeof(header));
	write_ipv6(asker, octets + 22);
	memcpy(octets + 38, group, sizeof(group));
	octets[ICMPV6_TYPE_AT] = 135;
	write_ipv6(target, octets + 62);
	memcpy(octets + 51, octets + 75, 3);
	memcpy(octets + 3, octets + 75, 3);
	octets[78] = octets[79] = 1; // source link-layer address
	mac_store(mac, octets + 80);
	uint16_t sum = rte_ipv6_udptcp_cksum((const struct rte_ipv6_hdr *)(octets + 14),
					     octets + ICMPV6_TYPE_AT);
	memcpy(octets + 56, &sum, sizeof(sum));
}

void questions_init(struct questions *q, const struct traffic *traffic, struct rte_mempool *pool,
		    uint16_t sweeper)
{
	*q = (struct questions){.pool = pool,
				.n_ports = traffic->n_ports,
				.sweeper = sweeper,
				.random = UINT64_C(0x9e3779b97f4a7c15)};
	for (uint16_t port = 0; port < q->n_ports; port++)
		q->askers[port].mac = addresses_mac(traffic->addresses, port);
}

void questions_rate(struct questions *q, uint16_t port, double rate)
{
	q->askers[port].pace = rate / (double)rte_get_tsc_hz();
	q->askers[port].due = rte_rdtsc();
}

void questions_fini(struct questions *q)
{
	for (uint16_t port = 0; port < q->n_ports; port++)
		rte_pktmbuf_free(q->askers[port].waiting);
}

// Either family in turn; of IPv6, nobody knows which of 2^64 addresses is there.
static struct rte_mbuf *make(struct questions *q, uint16_t port)
{
	struct asker *asker = &q->askers[port];
	struct rte_mbuf *mbuf = rte_pktmbuf_alloc(q->pool);
	bool ipv4 = asker->asked % 2;
	uint64_t target = random_word(q);

	if (!mbuf)
		return NULL;
	mbuf->data_len = ipv4 ? ARP_LENGTH : NS_LENGTH;
	mbuf->pkt_len = mbuf->data_len;
	if (port != q->sweeper)
		target = (port + 1 + (target >> 32) % (q->n_ports - 1)) % q->n_ports + 1;
	else if (ipv4)
		target >>= 64 - LAN_BITS;
	if (ipv4)
		write_arp(rte_pktmbuf_mtod(mbuf, uint8_t *), asker->mac, port + 1,
			  (uint32_t)target);
	else
		write_solicitation(rte_pktmbuf_mtod(mbuf, uint8_t *), asker->mac, port + 1, target);
	return mbuf;
}

// Who was away sends what was due meanwhile, but not at once: one question in each round.
static void ask(struct questions *q, uint16_t port)
{
	struct asker *asker = &q->askers[port];

	if (asker->pace <= 0 || rte_rdtsc() < asker->due)
		return;
	if (!asker->waiting)
		asker->waiting = make(q, port);
	if (!asker->waiting || !rte_eth_tx_burst(port, 0, &asker->waiting, 1))
		return;
	asker->waiting = NULL;
	asker->asked++;
	asker->due += (uint64_t)(1 / asker->pace);
}

void questions_send(void *questions)
{
	struct questions *q = questions;

	for (uint16_t port = 0; port < q->n_ports; port++)
		ask(q, port);
}

static bool is_answer(const uint8_t *octets)
{
	switch (octets[TYPE_AT] << 8 | octets[TYPE_AT + 1]) {
	case TYPE_ARP:
		return octets[ARP_OPERATION_AT + 1] == ARP_REPLY;
	case TYPE_IPV6:
		return octets[IPV6_NEXT_AT] == IPPROTO_ICMPV6 &&
		       octets[ICMPV6_TYPE_AT] == ND_ADVERTISEMENT;
	default:
		return false;
	}
}

// Frames of the traffic are longer than any question or answer: they need not be looked at.
void questions_receive(void *questions, uint16_t port, struct rte_mbuf *const *frames, uint16_t n)
{
	struct questions *q = questions;

	for (uint16_t i = 0; i < n; i++) {
		const uint8_t *octets = rte_pktmbuf_mtod(frames[i], const uint8_t *);

		if (frames[i]->data_len <= QUESTION_LENGTH_MAX && is_answer(octets) &&
		    mac_load(octets) == q->askers[port].mac)
			q->askers[port].answered++;
	}
}
