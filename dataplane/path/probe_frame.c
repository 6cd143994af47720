// SPDX-License-Identifier: BSD-3-Clause
#include <string.h>

#include <sodium.h>

#include "dataplane/path/probe.h"

enum { MAGIC = 0x69786c70, TAG_AT = PROBE_PAYLOAD - crypto_shorthash_BYTES };

_Static_assert((int)PROBE_KEY_SIZE == (int)crypto_shorthash_KEYBYTES, "a key fits SipHash");

static uint8_t *put(uint8_t *at, uint64_t value, int octets)
{
	for (int i = octets; i--; value >>= 8)
		at[i] = (uint8_t)value;
	return at + octets;
}

static uint64_t get(const uint8_t **at, int octets)
{
	uint64_t value = 0;

	while (octets--)
		value = value << 8 | *(*at)++;
	return value;
}

void probe_encode(const struct probe *probe, const uint8_t key[PROBE_KEY_SIZE],
		  uint8_t octets[FRAME_MIN])
{
	uint8_t *payload = octets + FRAME_OVERHEAD, *at;

	memset(octets, 0, FRAME_MIN);
	mac_store(PROBE_DST, octets);
	mac_store(PROBE_SRC, octets + 6);
	put(octets + 12, PROBE_TYPE, 2);
	at = put(payload, MAGIC, 4);
	at = put(at, probe->instance, 8);
	at = put(at, probe->sender, 2);
	at = put(at, probe->lan, 2);
	put(at, probe->sequence, 8);
	crypto_shorthash(payload + TAG_AT, payload, TAG_AT, key);
}

bool probe_decode(struct probe *probe, const uint8_t key[PROBE_KEY_SIZE], const uint8_t *payload,
		  size_t length)
{
	const uint8_t *at = payload;
	uint8_t tag[crypto_shorthash_BYTES];

	if (length < PROBE_PAYLOAD || get(&at, 4) != MAGIC)
		return false;
	crypto_shorthash(tag, payload, TAG_AT, key);
	probe->instance = get(&at, 8);
	probe->sender = (uint16_t)get(&at, 2);
	probe->lan = (uint16_t)get(&at, 2);
	probe->sequence = get(&at, 8);
	return sodium_memcmp(tag, payload + TAG_AT, sizeof(tag)) == 0;
}
