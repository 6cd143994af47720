// SPDX-License-Identifier: BSD-3-Clause
#include "control/import/write.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/alloc.h"
#include "control/import/model.h"

struct writer {
	FILE *file;
	bool comment; // what is written is one
};

// Begin a line.
static void begin(struct writer *w, int depth)
{
	fprintf(w->file, "  %s%*s", w->comment ? "# " : "", 2 * (depth - 1), "");
}

__attribute__((format(printf, 3, 4))) static void line(struct writer *w, int depth,
						       const char *format, ...)
{
	va_list args;

	begin(w, depth);
	va_start(args, format);
	vfprintf(w->file, format, args);
	va_end(args);
	fputc('\n', w->file);
}

// Clean text needs only these two escaped.
void import_put_quoted(FILE *file, const char *text)
{
	fputc('"', file);
	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			fputc('\\', file);
		fputc(*text, file);
	}
	fputc('"', file);
}

static void write_member(struct writer *w, const struct import_port *port)
{
	if (!port->asn && !port->member)
		return;
	begin(w, 2);
	fputs("member: {", w->file);
	if (port->asn)
		fprintf(w->file, "asn: %u%s", port->asn, port->member ? ", " : "");
	if (port->member) {
		fputs("name: ", w->file);
		import_put_quoted(w->file, port->member);
	}
	fputs("}\n", w->file);
}

static void write_macs(struct writer *w, const struct import_lan *lan)
{
	char text[MAC_TEXT_SIZE];

	if (!lan->n_macs)
		return;
	begin(w, 4);
	fputs("macs: [", w->file);
	for (size_t i = 0; i < lan->n_macs; i++)
		fprintf(w->file, "%s\"%s\"", i ? ", " : "", mac_format(lan->macs[i], text));
	fputs("]\n", w->file);
}

static void write_ips(struct writer *w, const struct import_lan *lan)
{
	char text[IP_TEXT_SIZE];

	if (!lan->n_ips)
		return;
	begin(w, 4);
	fputs("ips: [", w->file);
	for (size_t i = 0; i < lan->n_ips; i++)
		fprintf(w->file, "%s\"%s\"", i ? ", " : "", ip_format(&lan->ips[i], text));
	fputs("]\n", w->file);
}

static void write_lan(struct writer *w, const struct import_lan *lan)
{
	bool empty = !lan->vid && !lan->n_macs && !lan->n_ips;

	line(w, 3, "%s:%s", lan->name, empty ? " {}" : "");
	if (lan->vid) {
		line(w, 4, "tagged: yes");
		line(w, 4, "vlan: %u", lan->vid);
	}
	write_macs(w, lan);
	write_ips(w, lan);
}

static void write_lag(struct writer *w, const struct import_port *port)
{
	if (*port->lag)
		line(w, 2, "lag: %s", port->lag);
	if (port->without_lacp)
		line(w, 2, "lacp: {mode: off}");
	else if (port->fast)
		line(w, 2, "lacp: {rate: fast}");
}

static bool is_empty(const struct import_port *port)
{
	return !port->device && !*port->lag && !port->asn && !port->member && !port->down &&
	       !port->quarantine && !port->n_lans;
}

static void write_port(struct writer *w, const struct import_port *port)
{
	w->comment = port->left_out;
	line(w, 1, "%s:%s", port->name, is_empty(port) ? " {}" : "");
	for (size_t i = 0; i < port->n_notes; i++)
		line(w, 2, "# %s", port->notes[i]);
	if (port->device) {
		begin(w, 2);
		fputs("device: ", w->file);
		import_put_quoted(w->file, port->device);
		fputc('\n', w->file);
	}
	write_lag(w, port);
	write_member(w, port);
	if (port->down)
		line(w, 2, "admin: down");
	if (port->quarantine)
		line(w, 2, "quarantine: yes");
	if (port->n_lans)
		line(w, 2, "lans:");
	for (size_t i = 0; i < port->n_lans; i++)
		write_lan(w, &port->lans[i]);
}

static bool has_ports(const struct import *import)
{
	for (size_t i = 0; i < import->n_ports; i++) {
		if (!import->ports[i].left_out)
			return true;
	}
	return false;
}

char *import_write(const struct import *import)
{
	char *text = NULL;
	size_t size;
	struct writer w = {.file = open_memstream(&text, &size)};

	if (!w.file)
		return alloc_format("%s", "");
	fprintf(w.file, "# Made by \"ixfab import %s\"; the next import replaces it.\nports:%s\n",
		import->source, has_ports(import) ? "" : " {}");
	for (size_t i = 0; i < import->n_ports; i++)
		write_port(&w, &import->ports[i]);
	fclose(w.file);
	return text;
}
