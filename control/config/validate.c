// SPDX-License-Identifier: BSD-3-Clause
#include "control/config/validate.h"

#include <stdlib.h>
#include <string.h>

#include "control/alloc.h"
#include "control/config/complaints.h"
#include "control/config/links.h"
#include "control/config/path.h"
#include "control/config/schema.h"
#include "control/config/unique.h"
#include "control/config/validate_lag.h"
#include "control/config/validate_rules.h"
#include "control/config/validate_sflow.h"
#include "control/config/validate_sponge.h"
#include "lib/device_string.h"

// 00:00:5e:00:01:xx and 00:00:5e:00:02:xx (RFC 5798, 7.3).
static bool is_vrrp(mac_t mac)
{
	uint64_t group = mac_order(mac) >> 8;

	return group == 0x00005e0001 || group == 0x00005e0002;
}

static void check_vlan(const struct config *config, size_t index, struct complaints *c)
{
	const struct config_lan *lan = &config->lans[index];

	for (size_t i = 0; i < index && lan->vlan; i++) {
		if (config->lans[i].vlan == lan->vlan) {
			complain(c, lan->vlan_place, path("lans.%s.vlan", lan->name).text,
				 "LAN \"%s\" has VLAN %u already; give each its own",
				 config->lans[i].name, lan->vlan);
			return;
		}
	}
}

static const char *prefix_fault(const struct ip_prefix *prefix)
{
	uint8_t first = prefix->ip.octets[0];

	if (prefix->ip.family == 4) {
		if (prefix->length < 16 || prefix->length > 31)
			return "an IPv4 prefix of a LAN is a /16 to a /31";
		return first == 0 || first == 127 || first >= 224 ? "no station can have these"
								  : NULL;
	}
	if (prefix->length < 32 || prefix->length > 127)
		return "an IPv6 prefix of a LAN is a /32 to a /127";
	return first == 0 || first >= 0xfe
		       ? "members need addresses of global or unique local scope"
		       : NULL;
}

static void check_prefixes(const struct config_lan *lan, struct complaints *c)
{
	char text[IP_PREFIX_TEXT_SIZE];

	for (size_t i = 0; i < lan->n_prefixes; i++) {
		const struct ip_prefix *prefix = &lan->prefixes[i];
		struct path where = path("lans.%s.prefixes[%zu]", lan->name, i);

		if (!prefix->ip.family)
			continue;
		const char *fault = prefix_fault(prefix);
		if (fault)
			complain(c, lan->prefix_places[i], where.text, "%s: %s",
				 ip_prefix_format(prefix, text), fault);
		for (size_t j = 0; j < i; j++) {
			if (!lan->prefixes[j].ip.family ||
			    !ip_prefix_overlaps(prefix, &lan->prefixes[j]))
				continue;
			complain(c, lan->prefix_places[i], where.text,
				 "overlaps with %s; a LAN's prefixes are apart",
				 ip_prefix_format(&lan->prefixes[j], text));
			break;
		}
	}
}

static void check_lan(const struct config *config, size_t index, struct complaints *c)
{
	const struct config_lan *lan = &config->lans[index];

	check_vlan(config, index, c);
	check_prefixes(lan, c);
	if (lan->fdb_size && lan->learn_limit > lan->fdb_size)
		complain(c, lan->learn_limit_place, path("lans.%s.learn-limit", lan->name).text,
			 "%u is above fdb-size; write at most %u", lan->learn_limit, lan->fdb_size);
}

// The prefix of the LAN that holds the address, or NULL.
static const struct ip_prefix *find_prefix(const struct config_lan *lan, const struct ip *ip)
{
	for (size_t i = 0; i < lan->n_prefixes; i++) {
		if (ip_prefix_contains(&lan->prefixes[i], ip))
			return &lan->prefixes[i];
	}
	return NULL;
}

static bool has_hole(const struct config_lan *lan)
{
	for (size_t i = 0; i < lan->n_prefixes; i++) {
		if (!lan->prefixes[i].ip.family)
			return true;
	}
	return false;
}

static void complain_outside(const struct config_lan *lan, const char *ip,
			     struct config_place place, const char *where, struct complaints *c)
{
	char prefixes[256] = "", text[IP_PREFIX_TEXT_SIZE];
	size_t used = 0;

	for (size_t i = 0; i < lan->n_prefixes && used < sizeof(prefixes); i++)
		used += (size_t)snprintf(prefixes + used, sizeof(prefixes) - used, "%s%s",
					 i ? ", " : "", ip_prefix_format(&lan->prefixes[i], text));
	if (lan->n_prefixes)
		complain(c, place, where, "%s is outside LAN \"%s\"; write one of %s", ip,
			 lan->name, prefixes);
	else
		complain(c, place, where, "LAN \"%s\" has no prefixes; give it some, or drop %s",
			 lan->name, ip);
}

void config_check_ip(const struct config_lan *lan, const struct ip *ip, struct config_place place,
		     const char *where, struct complaints *c)
{
	char text[IP_TEXT_SIZE], in[IP_PREFIX_TEXT_SIZE];

	if (!ip->family || has_hole(lan))
		return;
	ip_format(ip, text);
	const struct ip_prefix *prefix = find_prefix(lan, ip);
	if (!prefix)
		complain_outside(lan, text, place, where, c);
	else if (ip_is_network(prefix, ip))
		complain(c, place, where, "%s is the first address of %s, which no member can have",
			 text, ip_prefix_format(prefix, in));
	else if (ip_is_broadcast(prefix, ip))
		complain(c, place, where,
			 "%s is the broadcast address of %s, which no member can have", text,
			 ip_prefix_format(prefix, in));
}

static void check_tag(const struct config_port *port, const struct config_member *member,
		      const struct config_lan *lan, struct complaints *c)
{
	if (!member->tagged && member->vlan_place.line)
		complain(c, member->vlan_place,
			 path("ports.%s.lans.%s.vlan", port->name, lan->name).text,
			 "an untagged LAN has no VLAN; write tagged: yes, or drop the VLAN");
	if (member->tagged && !member->vid && !member->vlan_place.line && !lan->vlan_place.line)
		complain(c, member->place, path("ports.%s.lans.%s", port->name, lan->name).text,
			 "tagged, but without a VLAN; write vlan: here or at the LAN");
}

static void check_macs(const struct config_port *port, const struct config_member *member,
		       const struct config_lan *lan, struct complaints *c)
{
	char text[MAC_TEXT_SIZE];

	for (size_t i = 0; i < member->n_macs; i++) {
		if (is_vrrp(member->macs[i]))
			complain_warning(
				c, member->mac_places[i],
				path("ports.%s.lans.%s.macs[%zu]", port->name, lan->name, i).text,
				"\"%s\" is a VRRP address, which moves between routers; write the "
				"router's own",
				mac_format(member->macs[i], text));
	}
}

static void check_mtu(const struct config_port *port, const struct config_lan *lan,
		      struct complaints *c)
{
	if (port->mtu && port->mtu < lan->mtu)
		complain(c, port->mtu_place, path("ports.%s.mtu", port->name).text,
			 "%u is below the MTU of LAN \"%s\"; write %u or more", port->mtu,
			 lan->name, lan->mtu);
}

static void check_member(const struct config_port *port, const struct config_member *member,
			 const struct config_lan *lan, struct complaints *c)
{
	check_tag(port, member, lan, c);
	check_macs(port, member, lan, c);
	check_mtu(port, lan, c);
	for (size_t i = 0; i < member->n_ips; i++)
		config_check_ip(lan, &member->ips[i], member->ip_places[i],
				path("ports.%s.lans.%s.ips[%zu]", port->name, lan->name, i).text,
				c);
}

// Two LANs that one port cannot tell apart.
static void check_distinct(const struct config *config, const struct config_port *port,
			   size_t index, struct complaints *c)
{
	const struct config_member *member = &port->members[index];
	const char *lan = config->lans[member->lan].name;

	for (size_t i = 0; i < index; i++) {
		const struct config_member *other = &port->members[i];
		const struct config_lan *other_lan = config_member_lan(config, other);

		if (!other_lan || member->tagged != other->tagged || member->vid != other->vid)
			continue;
		if (!member->tagged)
			complain(c, member->place, path("ports.%s.lans.%s", port->name, lan).text,
				 "LAN \"%s\" is untagged here already; write tagged: yes for one",
				 other_lan->name);
		else if (member->vid)
			complain(c, member->vlan_place.line ? member->vlan_place : member->place,
				 path("ports.%s.lans.%s", port->name, lan).text,
				 "LAN \"%s\" has tag %u here already; write another vlan:",
				 other_lan->name, member->vid);
		else
			continue;
		return;
	}
}

static void check_af_xdp(const struct config_port *port, const struct device_string *device,
			 struct complaints *c)
{
	const char *mode = device_string_option(device, "mode");
	struct config_place place = port->mtu_place.line ? port->mtu_place : port->device_place;
	struct path where = path("ports.%s.mtu", port->name);

	if (device->kind != DEVICE_IFACE || port->mtu <= AF_XDP_MTU_MAX)
		return;
	if (!mode)
		complain_warning(c, place, where.text,
				 "AF_XDP carries an MTU of at most %d, so this port will use the "
				 "slower AF_PACKET",
				 AF_XDP_MTU_MAX);
	else if (strcmp(mode, "xdp") == 0)
		complain(c, place, where.text,
			 "AF_XDP carries an MTU of at most %d; lower it, or drop mode=xdp",
			 AF_XDP_MTU_MAX);
}

static void check_port(const struct config *config, const struct config_port *port,
		       struct complaints *c)
{
	if (!port->n_members && *port->device && !config_is_link(port))
		complain_warning(c, port->place, path("ports.%s", port->name).text,
				 "in no LAN, so it forwards nothing; name its LANs under lans:");
	for (size_t i = 0; i < port->n_members; i++) {
		const struct config_lan *lan = config_member_lan(config, &port->members[i]);

		if (!lan)
			continue;
		check_member(port, &port->members[i], lan, c);
		check_distinct(config, port, i, c);
	}
}

static void check_number(const struct config *config, struct complaints *c)
{
	enum { DPDK_DEVICES = 32 }; // RTE_MAX_ETHPORTS as Debian has it
	size_t n = 0;

	for (size_t i = 0; i < config->n_ports; i++) {
		const struct config_port *port = &config->ports[i];

		if (config_is_lag(port) || n++ != DPDK_DEVICES)
			continue;
		complain_warning(c, port->place, path("ports.%s", port->name).text,
				 "Debian's DPDK takes %d devices, and this is one more; it needs a "
				 "DPDK that was built for more",
				 DPDK_DEVICES);
	}
}

static void check_devices(const struct config *config, struct complaints *c)
{
	struct device_string *devices = alloc_array(NULL, config->n_ports + 1, sizeof(*devices));
	char error[256];

	check_number(config, c);
	for (size_t i = 0; i < config->n_ports; i++) {
		const struct config_port *port = &config->ports[i];

		if (device_string_parse(port->device, &devices[i], error, sizeof(error))) {
			devices[i].kind = DEVICE_KINDS; // a hole: equal to none
			continue;
		}
		check_af_xdp(port, &devices[i], c);
		for (size_t j = 0; j < i; j++) {
			if (!device_string_same(&devices[i], &devices[j]))
				continue;
			complain(c, port->device_place, path("ports.%s.device", port->name).text,
				 "port \"%s\" has this device already; each port has its own",
				 config->ports[j].name);
			break;
		}
	}
	free(devices);
}

void config_validate(const struct config *config, struct complaints *complaints)
{
	for (size_t i = 0; i < config->n_lans; i++)
		check_lan(config, i, complaints);
	for (size_t i = 0; i < config->n_ports; i++)
		check_port(config, &config->ports[i], complaints);
	check_devices(config, complaints);
	config_check_lags(config, complaints);
	config_check_rules(config, complaints);
	config_check_sponges(config, complaints);
	config_check_sflow(config, complaints);
	config_check_unique(config, complaints);
}
