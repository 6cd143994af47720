// SPDX-License-Identifier: BSD-3-Clause
#include "tests/guard/offer.h"

#include <string.h>

#include "lib/limits.h"

struct writer {
	uint8_t *octets;
	size_t n;
};

static uint64_t state = 0x9e3779b97f4a7c15;

uint32_t offer_draw(uint32_t limit)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (uint32_t)(state >> 32) % limit;
}

static bool one_in(uint32_t n)
{
	return offer_draw(n) == 0;
}

static void put(struct writer *w, uint64_t value, size_t octets)
{
	while (octets--)
		w->octets[w->n++] = (uint8_t)(value >> octets * 8);
}

static void put_noise(struct writer *w, size_t octets)
{
	while (octets--)
		put(w, offer_draw(256), 1);
}

static void put_mac(struct writer *w, mac_t mac)
{
	mac_store(mac, w->octets + w->n);
	w->n += 6;
}

// ---- Addresses

static mac_t draw_group(void)
{
	static const mac_t groups[] = {
		MAC(0x01, 0x00, 0x5e, 0, 0, 5),	   MAC(0x33, 0x33, 0, 0, 0, 1),
		MAC(0x33, 0x33, 0, 0, 0, 2),	   MAC(0x33, 0x33, 0xff, 0, 0, 1),
		MAC(0x01, 0x80, 0xc2, 0, 0, 0),	   MAC(0x01, 0x80, 0xc2, 0, 0, 0x0e),
		MAC(0x01, 0x80, 0xc2, 0, 0, 0x10), MAC(0x01, 0x00, 0x0c, 0xcc, 0xcc, 0xcc),
	};

	return groups[offer_draw(sizeof(groups) / sizeof(*groups))];
}

static mac_t draw_dst(const struct offer *offer)
{
	switch (offer_draw(8)) {
	case 0:
	case 1:
		return MAC_BROADCAST;
	case 2:
	case 3:
		return draw_group();
	default:
		return offer->macs[offer_draw(OFFER_MACS)];
	}
}

static mac_t draw_src(const struct offer *offer, mac_t dst)
{
	switch (offer_draw(32)) {
	case 0:
		return 0;
	case 1:
		return draw_group();
	case 2:
		return dst;
	case 3:
		return MAC_BROADCAST;
	default:
		return offer->macs[offer_draw(OFFER_MACS)];
	}
}

static void put_tags(struct writer *w, const struct offer *offer)
{
	static const uint16_t types[] = {0x8100, 0x8100, 0x8100, 0x8100, 0x88a8, 0x9100};

	for (int depth = 0; depth < 2 && one_in(depth ? 10 : 2); depth++) {
		put(w, types[offer_draw(sizeof(types) / sizeof(*types))], 2);
		put(w, one_in(8) ? offer_draw(65536) : offer->vids[offer_draw(OFFER_VIDS)], 2);
	}
}

// ---- Payloads

static void put_arp(struct writer *w)
{
	put(w, 0x0806, 2);
	put(w, 0x0001080006040000 | (1 + offer_draw(3)), 8);
	put_noise(w, 20);
	memset(w->octets + w->n, 0, 18);
	w->n += 18;
}

static uint32_t draw_ip4(const struct offer *offer)
{
	switch (offer_draw(8)) {
	case 0:
		return UINT32_MAX;
	case 1:
		return offer->network | 255;
	case 2:
		return offer->network;
	case 3:
		return 0xe0000005;
	default:
		return offer->network | offer_draw(256);
	}
}

static void put_ipv4(struct writer *w, const struct offer *offer)
{
	static const uint8_t protocols[] = {6, 17, 1, 1, 2, 89};
	uint32_t options = one_in(4) ? offer_draw(11) : 0, payload = 8 + offer_draw(64);
	uint32_t total = 20 + options * 4 + payload;
	uint32_t protocol = protocols[offer_draw(sizeof(protocols))];

	put(w, 0x0800, 2);
	put(w, 0x4500 | (5 + options) << 8, 2);
	put(w, one_in(16) ? offer_draw(65536) : total, 2);
	put_noise(w, 2);
	put(w, one_in(6) ? offer_draw(65536) : 0, 2);
	put(w, 64 << 8 | protocol, 2);
	put_noise(w, 6);
	put(w, draw_ip4(offer), 4);
	put_noise(w, options * 4);
	put(w, protocol == 1 ? offer_draw(16) : offer_draw(256), 1);
	put_noise(w, payload - 1);
}

static uint8_t draw_extension(void)
{
	static const uint8_t kinds[] = {0, 43, 44, 44, 51, 60, 60, 135, 139, 140};

	return kinds[offer_draw(sizeof(kinds))];
}

static uint8_t draw_protocol(void)
{
	static const uint8_t kinds[] = {58, 58, 58, 58, 6, 17, 59, 50, 89, 253};

	return kinds[offer_draw(sizeof(kinds))];
}

// A header of "kind" before one of "next".
static void put_extension(struct writer *w, uint8_t kind, uint8_t next)
{
	uint32_t length = one_in(3) ? offer_draw(4) : 0;

	if (kind == 44) {
		put(w, (uint32_t)next << 8, 2);
		put(w, one_in(4) ? offer_draw(65536) : offer_draw(8), 2);
		put_noise(w, 4);
		return;
	}
	if (kind == 51)
		length++; // six more octets make eight
	put(w, (uint32_t)next << 8 | length, 2);
	put_noise(w, (kind == 51 ? (length + 2) * 4 : (length + 1) * 8) - 2);
}

static void put_upper(struct writer *w, uint8_t protocol)
{
	put(w, protocol == 58 ? 128 + offer_draw(16) : offer_draw(256), 1);
	put_noise(w, 7 + offer_draw(40));
}

static void put_ipv6(struct writer *w)
{
	uint32_t n = one_in(2) ? 0 : one_in(10) ? 8 + offer_draw(6) : offer_draw(4);
	uint8_t protocol = draw_protocol(), next = n ? draw_extension() : protocol;

	put(w, 0x86dd, 2);
	put(w, 0x60000000, 4);
	size_t length_at = w->n;
	put(w, 0, 2);
	put(w, (uint32_t)next << 8 | (one_in(2) ? 255 : 64), 2);
	put_noise(w, 32);
	size_t start = w->n;
	for (uint32_t i = 0; i < n; i++) {
		uint8_t kind = next;

		next = i + 1 < n ? draw_extension() : protocol;
		put_extension(w, kind, next);
	}
	if (!one_in(8)) // else what it announced is missing
		put_upper(w, protocol);
	struct writer length = {w->octets, length_at};
	put(&length, one_in(16) ? offer_draw(65536) : w->n - start, 2);
}

static void put_other(struct writer *w)
{
	static const uint16_t types[] = {0x88cc, 0x88b5, 0x8847, 0x9000, 0x0026, 0x05ff, 0x0600};

	put(w, one_in(4) ? offer_draw(65536) : types[offer_draw(sizeof(types) / sizeof(*types))],
	    2);
	put_noise(w, offer_draw(100));
}

// ---- The whole

// As members would hardly send it.
static size_t spoil(uint8_t *octets, size_t n)
{
	for (uint32_t i = offer_draw(3); i > 0; i--)
		octets[offer_draw((uint32_t)n)] = (uint8_t)offer_draw(256);
	if (one_in(3))
		return FRAME_OVERHEAD + offer_draw((uint32_t)n - FRAME_OVERHEAD + 1);
	if (!one_in(3))
		return n;
	size_t longer = n + offer_draw(OFFER_MAX - (uint32_t)n);
	memset(octets + n, (int)offer_draw(256), longer - n);
	return longer;
}

size_t offer_frame(const struct offer *offer, uint8_t *octets)
{
	struct writer w = {.octets = octets};
	mac_t dst = draw_dst(offer);

	put_mac(&w, dst);
	put_mac(&w, draw_src(offer, dst));
	put_tags(&w, offer);
	switch (offer_draw(8)) {
	case 0:
	case 1:
		put_arp(&w);
		break;
	case 2:
	case 3:
		put_ipv4(&w, offer);
		break;
	case 4:
		put_other(&w);
		break;
	default:
		put_ipv6(&w);
	}
	return one_in(3) ? spoil(octets, w.n) : w.n;
}
