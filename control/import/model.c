// SPDX-License-Identifier: BSD-3-Clause
#include "control/import/model.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/alloc.h"
#include "control/config/complaints.h"
#include "control/import/field.h"

static void free_port(struct import_port *port)
{
	for (size_t i = 0; i < port->n_lans; i++) {
		free(port->lans[i].macs);
		free(port->lans[i].ips);
	}
	for (size_t i = 0; i < port->n_notes; i++)
		free(port->notes[i]);
	free(port->notes);
	free(port->lans);
	free(port->member);
	free(port->device);
}

void import_fini(struct import *import)
{
	for (size_t i = 0; i < import->n_ports; i++)
		free_port(&import->ports[i]);
	free(import->ports);
	*import = (struct import){0};
}

struct import_port *import_add_port(struct import *import, const char *name)
{
	import->ports = alloc_array(import->ports, import->n_ports + 1, sizeof(*import->ports));
	struct import_port *port = &import->ports[import->n_ports++];

	*port = (struct import_port){0};
	char *clean = field_clean(name, sizeof(port->name) - 1);
	snprintf(port->name, sizeof(port->name), "%s", clean ? clean : "");
	free(clean);
	return port;
}

struct import_port *import_find_port(const struct import *import, const char *name)
{
	for (size_t i = 0; i < import->n_ports; i++) {
		if (strcmp(import->ports[i].name, name) == 0)
			return &import->ports[i];
	}
	return NULL;
}

void import_note(struct import_port *port, const char *format, ...)
{
	char text[1024];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	char *clean = field_clean(text, IMPORT_TEXT_MAX);
	if (!clean)
		return;
	port->notes = alloc_array(port->notes, port->n_notes + 1, sizeof(*port->notes));
	port->notes[port->n_notes++] = clean;
}

struct import_lan *import_lan(struct import_port *port, const char *name)
{
	for (size_t i = 0; i < port->n_lans; i++) {
		if (strcmp(port->lans[i].name, name) == 0)
			return &port->lans[i];
	}
	port->lans = alloc_array(port->lans, port->n_lans + 1, sizeof(*port->lans));
	struct import_lan *lan = &port->lans[port->n_lans++];
	*lan = (struct import_lan){0};
	snprintf(lan->name, sizeof(lan->name), "%s", name);
	return lan;
}

bool import_add_mac(struct import_lan *lan, mac_t mac)
{
	for (size_t i = 0; i < lan->n_macs; i++) {
		if (lan->macs[i] == mac)
			return true;
	}
	if (lan->n_macs == IMPORT_MACS_MAX)
		return false;
	lan->macs = alloc_array(lan->macs, lan->n_macs + 1, sizeof(*lan->macs));
	lan->macs[lan->n_macs++] = mac;
	return true;
}

bool import_add_ip(struct import_lan *lan, const struct ip *ip)
{
	for (size_t i = 0; i < lan->n_ips; i++) {
		if (ip_equal(&lan->ips[i], ip))
			return true;
	}
	if (lan->n_ips == IMPORT_IPS_MAX)
		return false;
	lan->ips = alloc_array(lan->ips, lan->n_ips + 1, sizeof(*lan->ips));
	lan->ips[lan->n_ips++] = *ip;
	return true;
}

struct import_words import_who(const struct import_port *port)
{
	struct import_words words;

	if (port->asn)
		snprintf(words.text, sizeof(words.text), "AS%u at %s", port->asn, port->name);
	else if (port->member)
		snprintf(words.text, sizeof(words.text), "%.40s at %s", port->member, port->name);
	else
		snprintf(words.text, sizeof(words.text), "%s", port->name);
	return words;
}

// One address of a port, for comparing.
struct claim {
	const char *lan;
	char address[IP_TEXT_SIZE];
	size_t port;
};

struct claims {
	struct claim *list;
	size_t n;
};

static struct claim *claim(struct claims *claims, size_t port, const struct import_lan *lan)
{
	if ((claims->n & (claims->n - 1)) == 0) // full: every power of two is a new size
		claims->list = alloc_array(claims->list, claims->n ? claims->n * 2 : 1,
					   sizeof(*claims->list));
	struct claim *new = &claims->list[claims->n++];
	*new = (struct claim){.lan = lan->name, .port = port};
	return new;
}

static void claim_all(struct claims *claims, const struct import *import, size_t port)
{
	for (size_t l = 0; l < import->ports[port].n_lans; l++) {
		const struct import_lan *lan = &import->ports[port].lans[l];

		for (size_t i = 0; i < lan->n_macs; i++)
			mac_format(lan->macs[i], claim(claims, port, lan)->address);
		for (size_t i = 0; i < lan->n_ips; i++)
			ip_format(&lan->ips[i], claim(claims, port, lan)->address);
	}
}

static int compare_claims(const void *left, const void *right)
{
	const struct claim *a = left, *b = right;
	int order = strcmp(a->lan, b->lan) ?: strcmp(a->address, b->address);

	return order ?: (a->port > b->port) - (a->port < b->port);
}

static void check_claims(const struct import *import, const struct claims *claims,
			 struct complaints *complaints)
{
	for (size_t i = 1; i < claims->n; i++) {
		const struct claim *a = &claims->list[i - 1], *b = &claims->list[i];

		if (strcmp(a->lan, b->lan) == 0 && strcmp(a->address, b->address) == 0)
			complain(complaints, (struct config_place){0}, "",
				 "%s is of two ports in LAN \"%s\": of %s, and of %s", a->address,
				 a->lan, import_who(&import->ports[a->port]).text,
				 import_who(&import->ports[b->port]).text);
	}
}

static int compare_ports(const void *left, const void *right)
{
	const struct import_port *a = left, *b = right;

	return strverscmp(a->name, b->name);
}

void import_finish(struct import *import, struct complaints *complaints)
{
	struct claims claims = {0};

	if (import->n_ports)
		qsort(import->ports, import->n_ports, sizeof(*import->ports), compare_ports);
	for (size_t i = 0; i < import->n_ports; i++) {
		if (!import->ports[i].left_out)
			claim_all(&claims, import, i);
	}
	if (claims.n)
		qsort(claims.list, claims.n, sizeof(*claims.list), compare_claims);
	check_claims(import, &claims, complaints);
	free(claims.list);
}
