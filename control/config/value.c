// SPDX-License-Identifier: BSD-3-Clause
#include "control/config/value.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "control/alloc.h"
#include "control/config/complaints.h"
#include "control/config/schema.h"
#include "lib/device_string.h"

__attribute__((format(printf, 2, 3))) static bool wrong(char *error, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(error, VALUE_ERROR_SIZE, format, args);
	va_end(args);
	return false;
}

static const char *number_form(const struct schema *row, char *text, size_t size)
{
	if (row->min == row->max)
		snprintf(text, size, "%u", row->min);
	else
		snprintf(text, size, "a whole number from %u to %u%s%s", row->min, row->max,
			 row->zero ? ", or " : "", row->zero ? row->zero : "");
	return text;
}

static const char *words_form(const struct schema *row, char *text, size_t size)
{
	size_t used = 0;

	for (const char *const *word = row->words; *word; word++)
		used += (size_t)snprintf(text + used, size - used, "%s%s", used ? " or " : "",
					 *word);
	return text;
}

const char *config_value_form(const struct schema *row, char *text, size_t size)
{
	switch (row->type) {
	case SCHEMA_NUMBER:
		return number_form(row, text, size);
	case SCHEMA_FRACTION:
		snprintf(text, size, "a number up to %u, such as 0.5%s%s", row->max,
			 row->zero ? ", or " : "", row->zero ? row->zero : "");
		return text;
	case SCHEMA_WORD:
	case SCHEMA_SET:
		return words_form(row, text, size);
	case SCHEMA_BOOL:
		return "yes or no";
	case SCHEMA_NAME:
		return "a name of letters, digits, '.', '_' and '-', at most 31";
	case SCHEMA_DEVICE:
		return "a device, such as pci:0000:01:00.0 or iface:eth1";
	case SCHEMA_MAC:
	case SCHEMA_MACS:
		return "a MAC address, such as \"02:00:5e:00:53:01\"";
	case SCHEMA_IP:
	case SCHEMA_IPS:
	case SCHEMA_PAIR:
		return "an IP address, such as 192.0.2.1 or \"2001:db8::1\"";
	case SCHEMA_PREFIXES:
		return "a prefix, such as 192.0.2.0/24 or \"2001:db8::/64\"";
	case SCHEMA_RATE:
		return "a rate, such as 100 frames/s, 1 Mb/s (k, M or G) or 0.01 %, or none";
	case SCHEMA_TYPES:
		return "an ethertype, such as ipv4, arp, ipv6 or 0x88cc";
	default:
		snprintf(text, size, "a line of text of at most %u octets", row->max);
		return text;
	}
}

static void store_number(const struct schema *row, void *field, uint32_t number)
{
	uint16_t half = (uint16_t)number;
	uint8_t quarter = (uint8_t)number;

	if (row->size == sizeof(number))
		memcpy(field, &number, sizeof(number));
	else if (row->size == sizeof(half))
		memcpy(field, &half, sizeof(half));
	else
		memcpy(field, &quarter, sizeof(quarter));
}

void config_value_absent(const struct schema *row, void *field)
{
	if (row->type == SCHEMA_NUMBER || row->type == SCHEMA_BOOL || row->type == SCHEMA_WORD)
		store_number(row, field, row->absent);
}

static bool read_number(const struct schema *row, const char *text, void *field, char *error)
{
	char form[128];

	if (row->zero && strcmp(text, row->zero) == 0) {
		store_number(row, field, 0);
		return true;
	}
	number_form(row, form, sizeof(form));
	if (strspn(text, "0123456789") != strlen(text))
		return wrong(error, "%s is not right; write %s", quoted(text).text, form);
	if (text[0] == '0' && text[1])
		return wrong(error, "%s begins with a zero; write %s", quoted(text).text, form);

	errno = 0;
	unsigned long long number = strtoull(text, NULL, 10);
	if (errno || number < row->min || number > row->max)
		return wrong(error, "%s is out of range; write %s", quoted(text).text, form);
	store_number(row, field, (uint32_t)number);
	return true;
}

static bool read_fraction(const struct schema *row, const char *text, void *field, char *error)
{
	enum { DIGITS = 10 };
	size_t whole = strspn(text, "0123456789"), rest = 0;
	char form[128];

	if (row->zero && strcmp(text, row->zero) == 0) {
		*(double *)field = 0;
		return true;
	}
	if (text[whole] == '.')
		rest = 1 + strspn(text + whole + 1, "0123456789");
	double number = strtod(text, NULL);
	if (!whole || rest == 1 || text[whole + rest] || whole + rest > DIGITS ||
	    number > row->max || (number == 0 && row->zero))
		return wrong(error, "%s is not right; write %s", quoted(text).text,
			     config_value_form(row, form, sizeof(form)));
	*(double *)field = number;
	return true;
}

static bool read_bool(const struct schema *row, const char *text, void *field, char *error)
{
	static const char *const words[] = {"no", "yes", "false", "true", "off", "on"};

	(void)row;
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		if (strcasecmp(text, words[i]) == 0) {
			*(bool *)field = i & 1;
			return true;
		}
	}
	return wrong(error, "%s is not right; write yes or no", quoted(text).text);
}

static bool read_word(const struct schema *row, const char *text, void *field, char *error)
{
	char form[128];

	for (uint32_t i = 0; row->words[i]; i++) {
		if (strcmp(text, row->words[i]) == 0) {
			store_number(row, field, i);
			return true;
		}
	}
	return wrong(error, "%s is not right; write %s", quoted(text).text,
		     words_form(row, form, sizeof(form)));
}

static bool read_member(const struct schema *row, const char *text, void *field, char *error)
{
	uint32_t *bits = field;
	char form[128];

	for (uint32_t i = 0; row->words[i]; i++) {
		if (strcmp(text, row->words[i]))
			continue;
		if (*bits & 1U << i)
			return wrong(error, "%s is given twice", quoted(text).text);
		*bits |= 1U << i;
		return true;
	}
	return wrong(error, "%s is not right; write %s", quoted(text).text,
		     words_form(row, form, sizeof(form)));
}

static bool check_length(const struct schema *row, const char *text, char *error)
{
	if (strlen(text) <= row->max)
		return true;
	return wrong(error, "too long (%zu octets); write at most %u octets", strlen(text),
		     row->max);
}

static bool read_label(const struct schema *row, const char *text, void *field, char *error)
{
	if (!check_length(row, text, error))
		return false;
	memcpy(field, text, strlen(text) + 1);
	return true;
}

static bool read_text(const struct schema *row, const char *text, void *field, char *error)
{
	if (!check_length(row, text, error))
		return false;
	*(char **)field = alloc_text(text, strlen(text));
	return true;
}

bool config_name_check(const char *name, size_t length)
{
	return length > 0 && length < NAME_SIZE &&
	       strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-") ==
		       length;
}

static bool read_name(const struct schema *row, const char *text, void *field, char *error)
{
	char form[128];

	if (!config_name_check(text, strlen(text)))
		return wrong(error, "%s is not right; write %s", quoted(text).text,
			     config_value_form(row, form, sizeof(form)));
	memcpy(field, text, strlen(text) + 1);
	return true;
}

static bool read_device(const struct schema *row, const char *text, void *field, char *error)
{
	(void)row;
	if (device_string_check(text, error, VALUE_ERROR_SIZE))
		return false;
	memcpy(field, text, strlen(text) + 1);
	return true;
}

static bool read_mac(const struct schema *row, const char *text, void *field, char *error)
{
	char form[128];
	mac_t mac;

	if (row->zero && strcmp(text, row->zero) == 0) {
		*(mac_t *)field = 0;
		return true;
	}
	if (mac_parse(text, &mac))
		return wrong(error, "%s is not right; write %s", quoted(text).text,
			     config_value_form(row, form, sizeof(form)));
	if (!mac)
		return wrong(error, "%s belongs to nobody; write the MAC of a station",
			     quoted(text).text);
	if (mac_is_group(mac))
		return wrong(error,
			     "%s is a group address; a station's MAC has an even first octet",
			     quoted(text).text);
	*(mac_t *)field = mac;
	return true;
}

static bool read_ip(const struct schema *row, const char *text, void *field, char *error)
{
	char form[128];
	struct ip ip;

	if (ip_parse(text, &ip))
		return wrong(error, "%s is not right; write %s", quoted(text).text,
			     config_value_form(row, form, sizeof(form)));
	*(struct ip *)field = ip;
	return true;
}

static bool read_prefix(const struct schema *row, const char *text, void *field, char *error)
{
	char form[128], right[IP_PREFIX_TEXT_SIZE];
	struct ip_prefix prefix;

	switch (ip_prefix_parse(text, &prefix)) {
	case 0:
		*(struct ip_prefix *)field = prefix;
		return true;
	case -EDOM:
		ip_prefix_mask(&prefix);
		return wrong(error, "%s has bits behind its length; write %s", quoted(text).text,
			     ip_prefix_format(&prefix, right));
	default:
		return wrong(error, "%s is not right; write %s", quoted(text).text,
			     config_value_form(row, form, sizeof(form)));
	}
}

static bool read_rate(const struct schema *row, const char *text, void *field, char *error)
{
	char form[128];

	if (config_rate_parse(text, row->min, field) == 0)
		return true;
	return wrong(error, "%s is not right; write %s", quoted(text).text,
		     config_value_form(row, form, sizeof(form)));
}

// What a list of ethertypes cannot let pass.
static const char *ethertype_fault(uint16_t type)
{
	enum { FIRST = 0x0600, PROBE = 0x88b5 };

	switch (type) {
	case 0x8100:
	case 0x88a8:
	case 0x9100:
		return "is a tag; tags are the business of tagged: and vlan:";
	case PROBE:
		return "is the fabric's own, for its loop probes";
	default:
		return type < FIRST ? "is a length, and no ethertype; those begin at 0x0600" : NULL;
	}
}

static bool read_type(const struct schema *row, const char *text, void *field, char *error)
{
	char form[128];
	uint16_t type;

	if (config_ethertype_parse(text, &type))
		return wrong(error, "%s is not right; write %s", quoted(text).text,
			     config_value_form(row, form, sizeof(form)));
	if (ethertype_fault(type))
		return wrong(error, "%s %s", quoted(text).text, ethertype_fault(type));
	memcpy(field, &type, sizeof(type));
	return true;
}

// Everything here ends up in tables and logs: one line, no escape sequences.
static bool has_control(const struct node *node)
{
	for (size_t i = 0; i < node->length; i++) {
		unsigned char c = (unsigned char)node->text[i];

		if (c < 0x20 || c == 0x7f ||
		    (c == 0xc2 && ((unsigned char)node->text[i + 1] & 0xe0) == 0x80))
			return true;
	}
	return false;
}

typedef bool (*read_fn)(const struct schema *row, const char *text, void *field, char *error);

static const read_fn readers[] = {
	[SCHEMA_MACS] = read_mac,      [SCHEMA_IPS] = read_ip,	  [SCHEMA_PREFIXES] = read_prefix,
	[SCHEMA_NUMBER] = read_number, [SCHEMA_BOOL] = read_bool, [SCHEMA_WORD] = read_word,
	[SCHEMA_LABEL] = read_label,   [SCHEMA_TEXT] = read_text, [SCHEMA_NAME] = read_name,
	[SCHEMA_DEVICE] = read_device, [SCHEMA_RATE] = read_rate, [SCHEMA_TYPES] = read_type,
	[SCHEMA_MAC] = read_mac,       [SCHEMA_PAIR] = read_ip,	  [SCHEMA_FRACTION] = read_fraction,
	[SCHEMA_SET] = read_member,    [SCHEMA_IP] = read_ip,
};

bool config_value_read(const struct schema *row, const struct node *node, void *field, char *error)
{
	char form[128];

	if (node->length == 0)
		return wrong(error, "there is no value; write %s",
			     config_value_form(row, form, sizeof(form)));
	if (has_control(node))
		return wrong(error, "there is a control character or a line break; write %s",
			     config_value_form(row, form, sizeof(form)));
	return readers[row->type](row, node->text, field, error);
}
