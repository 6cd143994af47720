// SPDX-License-Identifier: BSD-3-Clause
// Any octets as a frame: they are put into words that end, and recorded once.
#include <stdlib.h>
#include <string.h>

#include "control/events/decode.h"
#include "control/events/record.h"
#include "tests/fuzz/fuzz.h"

static void check_words(const uint8_t *data, size_t size)
{
	struct decoded decoded;

	decode(data, size, &decoded);
	if (decoded.n < 1 || decoded.n > DECODE_LINES)
		abort();
	for (size_t i = 0; i < decoded.n; i++) {
		if (!memchr(decoded.lines[i], 0, DECODE_LINE_SIZE) || !decoded.lines[i][0])
			abort();
	}
	if (!memchr(decoded.summary, 0, DECODE_LINE_SIZE) || !decoded.summary[0])
		abort();
}

static void check_record(const uint8_t *data, size_t size)
{
	static const mac_t mac = MAC(2, 0, 0, 0, 0, 1);
	static const struct ip ip = {.family = 4, .octets = {192, 0, 2, 1}};
	static const struct ip_prefix prefix = {.ip = {.family = 4, .octets = {192, 0, 2}},
						.length = 24};
	static const struct record_rules rules = {&mac, 1, &ip, 1, &prefix, 1, NULL, 0};
	struct event_frame frame = {.length = (uint16_t)size};
	struct record record;

	frame.n_octets = (uint16_t)(size < EVENT_OCTETS ? size : EVENT_OCTETS);
	memcpy(frame.octets, data, frame.n_octets);
	record_clear(&record, 0);
	if (record_verdict(&record, &rules) != VERDICT_NOTHING_SEEN)
		abort();
	record_take(&record, &rules, &frame, 1);
	for (size_t i = 0; i < FINDINGS; i++) {
		if (record.findings[i].frames > 1)
			abort();
	}
	if (record.frames != 1 || record_verdict(&record, &rules) == VERDICT_NOTHING_SEEN)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size > UINT16_MAX)
		return 0;
	check_words(data, size);
	check_record(data, size);
	return 0;
}
