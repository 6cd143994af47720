// SPDX-License-Identifier: BSD-3-Clause
// What ports are, and what state they are in.
#include <stdio.h>

#include "control/metrics/families.h"
#include "control/metrics/view.h"
#include "lib/message.h"

static const char *decimal(uint64_t number, char digits[24])
{
	snprintf(digits, 24, "%lu", (unsigned long)number);
	return number ? digits : "";
}

static void write_info(struct metrics_text *text, const struct family *family,
		       const struct view *view, size_t row)
{
	const struct view_port *port = &view->ports[row];
	char digits[24];

	family_port(text, family, view, row);
	metrics_text_label(text, "ifindex", decimal(port->ifindex, digits));
	metrics_text_label(text, "member", port->member);
	metrics_text_label(text, "asn", decimal(port->asn, digits));
	metrics_text_label(text, "description", port->description);
	metrics_text_label(text, "device", port->device);
	metrics_text_label(text, "driver", port->known ? port->info.driver : "");
	metrics_text_label(text, "lag", port->lag);
	metrics_text_number(text, 1);
}

static void write_member(struct metrics_text *text, const struct family *family,
			 const struct view *view, size_t row)
{
	const struct view_member *member = &view->members[row];
	char digits[24];

	family_port(text, family, view, member->port);
	metrics_text_label(text, "lan", view->lans[member->lan].name);
	metrics_text_label(text, "vlan", decimal(member->vlan, digits));
	metrics_text_number(text, 1);
}

static void write_flag(struct metrics_text *text, const struct family *family,
		       const struct view *view, size_t row)
{
	family_port(text, family, view, row);
	metrics_text_number(text,
			    *(const bool *)((const char *)&view->ports[row] + family->offset));
}

static void write_up(struct metrics_text *text, const struct family *family,
		     const struct view *view, size_t row)
{
	const struct view_port *port = &view->ports[row];

	family_port(text, family, view, row);
	metrics_text_number(text, port->known && port->info.link == LINK_UP);
}

static void write_state(struct metrics_text *text, const struct family *family,
			const struct view *view, size_t row)
{
	for (enum port_state state = 0; state < PORT_STATES; state++) {
		family_port(text, family, view, row);
		metrics_text_label(text, "state", port_state_name(state));
		metrics_text_number(text, view->ports[row].state == state);
	}
}

static void write_disabled(struct metrics_text *text, const struct family *family,
			   const struct view *view, size_t row)
{
	const struct view_port *port = &view->ports[row];

	for (uint16_t why = DISABLE_NONE + 1; port->known && why < DISABLES; why++) {
		family_port(text, family, view, row);
		metrics_text_label(text, "why", port_disable_name(why));
		metrics_text_number(text, port->info.disabled == why);
	}
}

static void write_number(struct metrics_text *text, const struct family *family,
			 const struct view *view, size_t row)
{
	const struct view_port *port = &view->ports[row];

	if (!port->known)
		return;
	family_port(text, family, view, row);
	metrics_text_number(text, *(const uint32_t *)((const char *)&port->info + family->offset));
}

static void write_speed(struct metrics_text *text, const struct family *family,
			const struct view *view, size_t row)
{
	const struct view_port *port = &view->ports[row];

	if (!port->known || !port->info.speed)
		return;
	family_port(text, family, view, row);
	metrics_text_number(text, (uint64_t)port->info.speed * 125000);
}

static void write_mtu(struct metrics_text *text, const struct family *family,
		      const struct view *view, size_t row)
{
	if (!view->ports[row].known)
		return;
	family_port(text, family, view, row);
	metrics_text_number(text, view->ports[row].info.mtu);
}

static void write_time(struct metrics_text *text, const struct family *family,
		       const struct view *view, size_t row)
{
	const struct view_port *port = &view->ports[row];

	if (!port->known)
		return;
	uint64_t ns = *(const uint64_t *)((const char *)&port->info + family->offset);
	family_port(text, family, view, row);
	metrics_text_real(text, (double)(ns / 1000) / 1e6);
}

#define PORT(field) .offset = offsetof(struct view_port, field)
#define INFO(field) .offset = offsetof(struct port_info, field)

const struct family families_ports[] = {
	{"ixfab_port", METRICS_INFO, FAMILY_PORTS, "Whose port it is, and what is behind it.",
	 write_info},
	{"ixfab_port_lan", METRICS_INFO, FAMILY_MEMBERS,
	 "Which LANs a port is in, with the tag it uses there.", write_member},
	{"ixfab_port_up", METRICS_GAUGE, FAMILY_PORTS, "Whether the link is up.", write_up},
	{"ixfab_port_admin_up", METRICS_GAUGE, FAMILY_PORTS,
	 "Whether the configuration and the operators want the port up.", write_flag,
	 PORT(admin_up)},
	{"ixfab_port_state", METRICS_GAUGE, FAMILY_PORTS,
	 "1 for the state that the port is in, 0 for the others.", write_state},
	{"ixfab_port_disabled", METRICS_GAUGE, FAMILY_PORTS,
	 "Whether the fabric has disabled the port for what it did.", write_disabled},
	{"ixfab_port_disabled_until_timestamp_seconds", METRICS_GAUGE, FAMILY_PORTS,
	 "When a disabled port is enabled again; 0 if never by itself.", write_time,
	 INFO(until_ns)},
	{"ixfab_port_disables", METRICS_COUNTER, FAMILY_PORTS,
	 "How often the fabric has disabled the port.", write_number, INFO(disables)},
	{"ixfab_port_drained", METRICS_GAUGE, FAMILY_PORTS,
	 "Whether BGP is kept off the port before maintenance.", write_flag, PORT(drained)},
	{"ixfab_port_quarantined", METRICS_GAUGE, FAMILY_PORTS,
	 "Whether the port reaches only the monitor.", write_flag, PORT(quarantined)},
	{"ixfab_port_speed_bytes", METRICS_GAUGE, FAMILY_PORTS,
	 "Speed of the link in bytes a second, where it is known.", write_speed},
	{"ixfab_port_mtu_bytes", METRICS_GAUGE, FAMILY_PORTS, "Payload that the device takes.",
	 write_mtu},
	{"ixfab_port_last_change_timestamp_seconds", METRICS_GAUGE, FAMILY_PORTS,
	 "When the link came up or went down last.", write_time, INFO(changed_ns)},
	{"ixfab_port_link_changes", METRICS_COUNTER, FAMILY_PORTS,
	 "How often the link came up or went down.", write_number, INFO(link_changes)},
	{0},
};
