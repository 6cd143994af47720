// SPDX-License-Identifier: BSD-3-Clause
// `ixfab show port NAME`: all of one port on one page.
#include <stdlib.h>

#include "control/ctl/command.h"
#include "control/ctl/out_text.h"

static char *port_queues(const json_t *port)
{
	char *workers = cell_text(json_object_get(port, "queue_workers"), CELL_TEXT);
	char *text =
		cell_format("%d, polled by worker %s", (int)out_integer(port, "queues"), workers);

	free(workers);
	return text;
}

static char *port_fallback(const json_t *port)
{
	return cell_format("%s", json_is_true(json_object_get(port, "fallback"))
					 ? "AF_PACKET, because AF_XDP did not work here"
					 : "-");
}

static char *port_sharing(const json_t *port)
{
	return cell_format("%s", json_is_true(json_object_get(port, "tx_shared"))
					 ? "workers take turns: it has fewer transmit queues"
					 : "-");
}

static char *port_link(const json_t *port)
{
	char *changed = cell_text(json_object_get(port, "changed"), CELL_TIME);
	char *text = cell_format("%s, %d changes, last %s", out_string(port, "link"),
				 (int)out_integer(port, "link_changes"), changed);

	free(changed);
	return cell_clean(text);
}

static char *lan_tag(const json_t *lan)
{
	if (!json_is_true(json_object_get(lan, "tagged")))
		return cell_format("untagged");
	return cell_format("%d", (int)out_integer(lan, "vid"));
}

static void print_lans(struct out *out, const json_t *port)
{
	static const struct column columns[] = {
		{"LAN", "lan", CELL_TEXT},
		{"TAG", NULL, CELL_TEXT, lan_tag},
		{"MACS", "macs", CELL_TEXT},
		{"IPS", "ips", CELL_TEXT},
	};

	fputc('\n', out->file);
	out_rows(out, json_object_get(port, "lans"), columns, N_COLUMNS(columns));
}

static void print_traffic(struct out *out, const json_t *port)
{
	static const struct column fields[] = {
		{"Received frames", "counters.rx_frames", CELL_COUNT},
		{"  octets", "counters.rx_octets", CELL_COUNT},
		{"  multicast", "counters.rx_multicast", CELL_COUNT},
		{"  broadcast", "counters.rx_broadcast", CELL_COUNT},
		{"  dropped", "counters.drops_in", CELL_COUNT},
		{"  consumed", "counters.consumed", CELL_COUNT},
		{"Sent frames", "counters.tx_frames", CELL_COUNT},
		{"  octets", "counters.tx_octets", CELL_COUNT},
		{"  multicast", "counters.tx_multicast", CELL_COUNT},
		{"  broadcast", "counters.tx_broadcast", CELL_COUNT},
		{"  dropped", "counters.drops_out", CELL_COUNT},
		{"  the fabric's own", "counters.injected", CELL_COUNT},
		{"Copies made", "counters.copies", CELL_COUNT},
		{"Addresses learned", "counters.learned", CELL_COUNT},
		{"  moved here", "counters.moved", CELL_COUNT},
		{"  refused", "counters.learn_refused", CELL_COUNT},
	};

	fputc('\n', out->file);
	out_fields(out, port, fields, N_COLUMNS(fields));
}

void view_port(struct out *out, const json_t *result)
{
	static const struct column fields[] = {
		{"Port", "name", CELL_TEXT},
		{"ASN", "asn", CELL_TEXT},
		{"Member", "member", CELL_TEXT},
		{"Description", "description", CELL_TEXT},
		{"Admin", "admin", CELL_STATE},
		{"Link", NULL, CELL_TEXT, port_link},
		{"Speed", "speed", CELL_SPEED},
		{"MTU", "mtu", CELL_COUNT},
		{"MAC", "mac", CELL_TEXT},
		{"Device", "device", CELL_TEXT},
		{"Driver", "driver", CELL_TEXT},
		{"Fallback", NULL, CELL_TEXT, port_fallback},
		{"Queues", NULL, CELL_TEXT, port_queues},
		{"Transmission", NULL, CELL_TEXT, port_sharing},
		{"Interface index", "ifindex", CELL_TEXT},
	};
	const json_t *port = json_array_get(json_object_get(result, "ports"), 0);

	out_fields(out, port, fields, N_COLUMNS(fields));
	print_lans(out, port);
	print_traffic(out, port);
}
