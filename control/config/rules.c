// SPDX-License-Identifier: BSD-3-Clause
#include "control/config/rules.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
	const char *name;
	uint16_t type;
} ethertypes[] = {
	{"ipv4", 0x0800}, {"arp", 0x0806}, {"ipv6", 0x86dd}, {"mpls", 0x8847}, {"lldp", 0x88cc},
};

enum { ETHERTYPES = sizeof(ethertypes) / sizeof(*ethertypes) };

int config_ethertype_parse(const char *text, uint16_t *type)
{
	enum { HEX = 16, DIGITS = 4 };

	for (int i = 0; i < ETHERTYPES; i++) {
		if (strcmp(text, ethertypes[i].name) == 0) {
			*type = ethertypes[i].type;
			return 0;
		}
	}
	if (strncmp(text, "0x", 2) != 0 || strlen(text + 2) != DIGITS ||
	    strspn(text + 2, "0123456789abcdefABCDEF") != DIGITS)
		return -EINVAL;
	*type = (uint16_t)strtoul(text + 2, NULL, HEX);
	return 0;
}

char *config_ethertype_format(uint16_t type, char *text)
{
	for (int i = 0; i < ETHERTYPES; i++) {
		if (ethertypes[i].type == type)
			return strcpy(text, ethertypes[i].name);
	}
	snprintf(text, ETHERTYPE_TEXT_SIZE, "0x%04x", type);
	return text;
}

uint32_t config_security_limit(const struct config_security *security)
{
	// Two registered addresses let a member replace its router; a port that learns has one.
	static const uint32_t limits[] = {[SECURITY_LEARN] = 1, [SECURITY_REGISTERED] = 2};

	if (security->mode == SECURITY_OPEN)
		return 0;
	return security->limit ? security->limit : limits[security->mode];
}

static bool has_type(const struct config_types *types, uint16_t type)
{
	for (uint16_t i = 0; i < types->n; i++) {
		if (types->list[i] == type)
			return true;
	}
	return false;
}

static bool same_types(const struct config_types *a, const struct config_types *b)
{
	if (a->any || b->any)
		return a->any == b->any;
	for (uint16_t i = 0; i < a->n; i++) {
		if (!has_type(b, a->list[i]))
			return false;
	}
	return a->n == b->n;
}

bool config_admission_equal(const struct config_admission *a, const struct config_admission *b)
{
	return same_types(&a->types, &b->types) && a->any_broadcast == b->any_broadcast &&
	       a->any_multicast == b->any_multicast && a->mld == b->mld &&
	       a->routers == b->routers && a->redirects == b->redirects &&
	       a->directed == b->directed && a->check_headers == b->check_headers;
}
