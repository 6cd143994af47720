// SPDX-License-Identifier: BSD-3-Clause
#include "control/config/validate_sflow.h"

#include <string.h>

#include "control/config/complaints.h"
#include "control/config/path.h"
#include "control/config/schema.h"

// What keeps an address from being that of one station.
static const char *address_fault(const struct ip *ip)
{
	static const struct ip unspecified = {.family = 6};
	uint8_t first = ip->octets[0];

	if (ip->family == 4) {
		if (first == 0 || first >= 240)
			return "no station can have it";
		return first >= 224 ? "it is a group's" : NULL;
	}
	if (ip_equal(ip, &unspecified))
		return "no station can have it";
	if (first == 0xff)
		return "it is a group's";
	return first == 0xfe && (ip->octets[1] & 0xc0) == 0x80
		       ? "it is link-local, so it means another station on every link"
		       : NULL;
}

// "whose" is a station in words.
static void check_address(const struct ip *ip, struct config_place place, const char *where,
			  const char *whose, struct complaints *c)
{
	char text[IP_TEXT_SIZE];

	if (ip->family && address_fault(ip))
		complain(c, place, where, "%s: %s; write %s", ip_format(ip, text),
			 address_fault(ip), whose);
}

static void check_collector(const struct config_sflow *sflow, size_t index, struct complaints *c)
{
	const struct config_collector *collector = &sflow->collectors[index];
	struct path where = path("sflow.collectors.%s.address", collector->name);
	char text[IP_TEXT_SIZE];

	check_address(&collector->address, collector->address_place, where.text,
		      "the collector's own", c);
	for (size_t i = 0; i < index && collector->address.family; i++) {
		const struct config_collector *other = &sflow->collectors[i];

		if (!ip_equal(&other->address, &collector->address) ||
		    other->port != collector->port)
			continue;
		complain(c, collector->address_place, where.text,
			 "collector \"%s\" is at %s port %u already, and would get all twice; "
			 "write another address or port",
			 other->name, ip_format(&collector->address, text), collector->port);
		return;
	}
}

static bool is_sampled(const struct config *config, size_t lan)
{
	for (size_t i = 0; i < config->n_ports; i++) {
		const struct config_port *port = &config->ports[i];

		for (size_t m = 0; m < port->n_members && port->sampling; m++) {
			if (port->members[m].lan == lan)
				return true;
		}
	}
	return false;
}

// Peer-to-peer graphs of IXP Manager look for both MACs in the VLAN that a sample says.
static void check_vlans(const struct config *config, struct complaints *c)
{
	for (size_t i = 0; i < config->n_lans; i++) {
		const struct config_lan *lan = &config->lans[i];

		if (!lan->vlan_place.line && is_sampled(config, i))
			complain_warning(c, lan->place, path("lans.%s.vlan", lan->name).text,
					 "there is none, so samples say VLAN 0, which IXP Manager "
					 "drops; write what its VLAN has there");
	}
}

void config_check_sflow(const struct config *config, struct complaints *complaints)
{
	const struct config_sflow *sflow = &config->sflow;

	for (size_t i = 0; i < config->n_ports && !sflow->place.line; i++) {
		const struct config_port *port = &config->ports[i];

		if (port->sampling)
			complain(complaints, port->sampling_place,
				 path("ports.%s.sampling", port->name).text,
				 "there is nobody to send samples to; write sflow: with its "
				 "collectors, or drop this");
	}
	if (!sflow->place.line)
		return;
	check_address(&sflow->agent, sflow->agent_place, "sflow.agent",
		      "the address that collectors know this switch by", complaints);
	for (size_t i = 0; i < sflow->n_collectors; i++)
		check_collector(sflow, i, complaints);
	check_vlans(config, complaints);
}
