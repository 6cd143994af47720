// SPDX-License-Identifier: BSD-3-Clause
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "control/config/rules.h"

enum { PPM_IN_PERCENT = 10000 };

struct unit {
	const char *name;
	enum rate_unit unit;
	unsigned int digits; // behind the point that there may be
	uint64_t scale;	     // of the unit in what struct rate counts
	uint64_t max;	     // in what struct rate counts
};

static const struct unit units[] = {
	{"frames/s", RATE_FRAMES, 0, 1, UINT64_C(1000000000)},
	{"kb/s", RATE_BITS, 3, UINT64_C(1000), UINT64_C(1000000000000)},
	{"Mb/s", RATE_BITS, 3, UINT64_C(1000000), UINT64_C(1000000000000)},
	{"Gb/s", RATE_BITS, 3, UINT64_C(1000000000), UINT64_C(1000000000000)},
	{"%", RATE_PPM, 4, PPM_IN_PERCENT, UINT64_C(100) * PPM_IN_PERCENT},
};

enum { UNITS = sizeof(units) / sizeof(*units) };

static const struct unit *find_unit(const char *name)
{
	for (int i = 0; i < UNITS; i++) {
		if (strcmp(units[i].name, name) == 0)
			return &units[i];
	}
	return NULL;
}

// Read digits, at most "max" of them, into "value". Returns what follows.
static const char *read_digits(const char *text, unsigned int max, uint64_t *value)
{
	for (unsigned int n = 0; n < max && *text >= '0' && *text <= '9'; n++)
		*value = *value * 10 + (uint64_t)(*text++ - '0');
	return text;
}

// "1.25" in thousandths is 1250.
static const char *read_decimal(const char *text, unsigned int digits, uint64_t *value)
{
	enum { WHOLE_DIGITS = 10 };
	const char *end = read_digits(text, WHOLE_DIGITS, value);

	if (end == text)
		return NULL;
	unsigned int missing = digits;
	if (*end == '.') {
		const char *fraction = end + 1;

		end = read_digits(fraction, digits, value);
		if (end == fraction)
			return NULL;
		missing -= (unsigned int)(end - fraction);
	}
	while (missing--)
		*value *= 10;
	return end;
}

static uint64_t power_of_ten(unsigned int digits)
{
	uint64_t power = 1;

	while (digits--)
		power *= 10;
	return power;
}

int config_rate_parse(const char *text, uint32_t floor, struct rate *rate)
{
	size_t number = strspn(text, "0123456789.");
	const char *name = text + number;
	uint64_t value = 0;

	if (strcmp(text, "none") == 0) {
		*rate = (struct rate){.unit = RATE_NONE};
		return 0;
	}
	while (*name == ' ')
		name++;
	const struct unit *unit = find_unit(name);
	if (!unit || read_decimal(text, unit->digits, &value) != text + number)
		return -EINVAL;
	value *= unit->scale / power_of_ten(unit->digits);
	if (!value || value > unit->max)
		return -EINVAL;
	*rate = (struct rate){.value = value,
			      .unit = unit->unit,
			      .floor = unit->unit == RATE_PPM ? floor : 0};
	return 0;
}

// The largest unit in which the value is at least 1.
static const struct unit *best_unit(const struct rate *rate)
{
	const struct unit *best = NULL;

	for (int i = 0; i < UNITS; i++) {
		if (units[i].unit == rate->unit && (!best || rate->value >= units[i].scale))
			best = &units[i];
	}
	return best;
}

char *config_rate_format(const struct rate *rate, char *text)
{
	const struct unit *unit = best_unit(rate);

	if (!unit)
		return strcpy(text, "none");
	int n = snprintf(text, RATE_TEXT_SIZE, "%" PRIu64, rate->value / unit->scale);
	uint64_t rest = rate->value % unit->scale;
	if (rest)
		text[n++] = '.';
	for (uint64_t scale = unit->scale / 10; rest; scale /= 10) {
		text[n++] = (char)('0' + rest / scale);
		rest %= scale;
	}
	snprintf(text + n, RATE_TEXT_SIZE - (size_t)n, " %s", unit->name);
	return text;
}
