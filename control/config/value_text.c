// SPDX-License-Identifier: BSD-3-Clause
// Values on their way back to people.
#include <stdio.h>
#include <string.h>

#include "control/config/schema.h"
#include "control/config/value.h"

uint32_t config_value_number(const struct schema *row, const void *field)
{
	uint32_t number = 0;
	uint16_t half;

	if (row->size == sizeof(half)) {
		memcpy(&half, field, sizeof(half));
		return half;
	}
	if (row->size == sizeof(number))
		memcpy(&number, field, sizeof(number));
	else
		number = *(const uint8_t *)field;
	return number;
}

static void write_types(const struct config_types *types, char *text)
{
	char name[ETHERTYPE_TEXT_SIZE];
	size_t used = 0;

	if (types->any) {
		strcpy(text, "any");
		return;
	}
	for (uint16_t i = 0; i < types->n; i++)
		used += (size_t)snprintf(text + used, VALUE_TEXT_SIZE - used, "%s%s",
					 i ? ", " : "[",
					 config_ethertype_format(types->list[i], name));
	snprintf(text + used, VALUE_TEXT_SIZE - used, "]");
}

static void write_pair(const struct ip *pair, char *text)
{
	char four[IP_TEXT_SIZE] = "", six[IP_TEXT_SIZE] = "";

	if (pair[0].family)
		ip_format(&pair[0], four);
	if (pair[1].family)
		ip_format(&pair[1], six);
	if (!*four && !*six)
		strcpy(text, "none");
	else
		snprintf(text, VALUE_TEXT_SIZE, "[%s%s%s]", four, *four && *six ? ", " : "", six);
}

static void write_set(const struct schema *row, uint32_t bits, char *text)
{
	size_t used = 0;

	if (!bits) {
		strcpy(text, "none");
		return;
	}
	for (size_t i = 0; row->words[i]; i++) {
		if (bits & 1U << i)
			used += (size_t)snprintf(text + used, VALUE_TEXT_SIZE - used, "%s%s",
						 used ? ", " : "[", row->words[i]);
	}
	snprintf(text + used, VALUE_TEXT_SIZE - used, "]");
}

_Static_assert(VALUE_TEXT_SIZE > RULE_TYPES * (ETHERTYPE_TEXT_SIZE + 2) + 2, "all types fit");
_Static_assert((int)VALUE_TEXT_SIZE >= (int)RATE_TEXT_SIZE, "a rate fits");

char *config_value_text(const struct schema *row, const void *field, char *text)
{
	uint32_t number;

	switch (row->type) {
	case SCHEMA_RATE:
		return config_rate_format(field, text);
	case SCHEMA_TYPES:
		write_types(field, text);
		return text;
	case SCHEMA_MAC:
		if (*(const mac_t *)field || !row->zero)
			return mac_format(*(const mac_t *)field, text);
		return strcpy(text, row->zero);
	case SCHEMA_IP:
		return ip_format(field, text);
	case SCHEMA_PAIR:
		write_pair(field, text);
		return text;
	case SCHEMA_FRACTION:
		if (*(const double *)field == 0 && row->zero)
			return strcpy(text, row->zero);
		snprintf(text, VALUE_TEXT_SIZE, "%.10g", *(const double *)field);
		return text;
	case SCHEMA_SET:
		write_set(row, config_value_number(row, field), text);
		return text;
	default:
		number = config_value_number(row, field);
	}
	if (row->type == SCHEMA_WORD)
		snprintf(text, VALUE_TEXT_SIZE, "%s", row->words[number]);
	else if (row->type == SCHEMA_BOOL)
		snprintf(text, VALUE_TEXT_SIZE, "%s", number ? "yes" : "no");
	else if (!number && row->zero)
		snprintf(text, VALUE_TEXT_SIZE, "%s", row->zero);
	else
		snprintf(text, VALUE_TEXT_SIZE, "%u", number);
	return text;
}
