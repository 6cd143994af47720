// SPDX-License-Identifier: BSD-3-Clause
// Exports that are lines of text.
#include <stdio.h>
#include <stdlib.h>

#include "control/alloc.h"
#include "control/config/config.h"
#include "control/import/export.h"
#include "control/import/export_port.h"
#include "control/import/field.h"
#include "control/import/write.h"

static FILE *open_text(char **text, size_t *size)
{
	FILE *file = open_memstream(text, size);

	if (!file)
		*text = alloc_format("%s", "");
	return file;
}

// Returns how many addresses the port has.
static size_t write_ips(const struct export_source *source, const struct config_port *port,
			FILE *file)
{
	char text[IP_TEXT_SIZE];
	size_t n = 0;

	for (size_t m = 0; m < port->n_members; m++) {
		const struct config_member *member = &port->members[m];

		for (size_t i = 0; export_has_lan(source, member->lan) && i < member->n_ips; i++) {
			if (file)
				fprintf(file, "%s\"%s\"", n ? ", " : "",
					ip_format(&member->ips[i], text));
			n++;
		}
	}
	return n;
}

static void write_client(const struct export_source *source, const struct config_port *port,
			 FILE *file)
{
	char *name = port->member_name ? field_clean(port->member_name, 127) : NULL;

	fprintf(file, "  - asn: %u\n    ip: [", port->asn);
	write_ips(source, port, file);
	fputs("]\n", file);
	if (name) {
		fputs("    description: ", file);
		import_put_quoted(file, name);
		fputc('\n', file);
	}
	free(name);
}

char *export_clients(const struct export_source *source)
{
	char *text;
	size_t size, n = 0;
	FILE *file = open_text(&text, &size);

	if (!file)
		return text;
	for (size_t i = 0; i < source->config->n_ports; i++) {
		const struct config_port *port = &source->config->ports[i];

		if (!export_is_member(source, i) || !write_ips(source, port, NULL))
			continue;
		if (n++ == 0)
			fputs("clients:\n", file);
		write_client(source, port, file);
	}
	if (n == 0)
		fputs("clients: []\n", file);
	fclose(file);
	return text;
}

// Whether an earlier LAN of the port has the address, too.
static bool is_repeated(const struct export_source *source, const struct config_port *port,
			size_t lan, mac_t mac)
{
	for (size_t m = 0; m < lan; m++) {
		const struct config_member *member = &port->members[m];

		for (size_t i = 0; export_has_lan(source, member->lan) && i < member->n_macs; i++) {
			if (member->macs[i] == mac)
				return true;
		}
	}
	return false;
}

static void write_ether(const struct config_port *port, mac_t mac, FILE *file)
{
	char text[MAC_TEXT_SIZE];

	fprintf(file, "%s ", mac_format(mac, text));
	if (port->asn)
		fprintf(file, "as%u-", port->asn);
	fprintf(file, "%s\n", port->name);
}

char *export_ethers(const struct export_source *source)
{
	char *text;
	size_t size;
	FILE *file = open_text(&text, &size);

	for (size_t p = 0; file && p < source->config->n_ports; p++) {
		const struct config_port *port = &source->config->ports[p];

		for (size_t m = 0; m < port->n_members; m++) {
			const struct config_member *member = &port->members[m];

			for (size_t i = 0;
			     export_has_lan(source, member->lan) && i < member->n_macs; i++) {
				if (!is_repeated(source, port, m, member->macs[i]))
					write_ether(port, member->macs[i], file);
			}
		}
	}
	if (file)
		fclose(file);
	return text;
}
