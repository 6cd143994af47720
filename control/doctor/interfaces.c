// SPDX-License-Identifier: BSD-3-Clause
// Ports on kernel interfaces. What the dataplane sets by itself when it opens a port (up, MTU, IPv6
// off, offloads off) is only wrong while it runs.
#include <stdio.h>
#include <string.h>

#include "control/doctor/check.h"
#include "lib/xdp_program.h"

static const struct link_facts *find_link(const struct doctor *doctor, const char *name)
{
	return links_find(doctor->links, doctor->n_links, name);
}

// Whether interfaces belong to a dataplane now.
static bool is_live(const struct doctor *doctor)
{
	return doctor->dataplane && !doctor->elsewhere;
}

// Whose it is already. Returns whether it is nobody's.
static bool check_owner(struct doctor *doctor, const char *port, const struct link_facts *link)
{
	if (!link->kernel.ethernet || link->kernel.flags & IFF_LOOPBACK) {
		doctor_problem(doctor, port, "%s is no Ethernet interface.", link->kernel.name);
	} else if (link->master[0]) {
		doctor_problem(doctor, port, "%s belongs to %s.", link->kernel.name, link->master);
		doctor_mend(doctor, "ip link set dev %s nomaster", link->kernel.name);
	} else if (link->address[0]) {
		doctor_problem(doctor, port, "%s has the address %s, so it is the host's.",
			       link->kernel.name, link->address);
		doctor_mend(doctor, "ip address flush dev %s", link->kernel.name);
	} else {
		return true;
	}
	return false;
}

static void check_link(struct doctor *doctor, const struct config_port *port,
		       const struct link_facts *link)
{
	if (link->kernel.mtu_max && port->mtu > link->kernel.mtu_max) {
		doctor_problem(doctor, port->name, "%s takes an MTU of at most %u, not %u.",
			       link->kernel.name, link->kernel.mtu_max, port->mtu);
		doctor_mend(doctor, "ip -d link show dev %s    # and set mtu: in %s",
			    link->kernel.name, doctor->config_file);
	} else if (is_live(doctor) && port->admin_up && !(link->kernel.flags & IFF_UP)) {
		doctor_problem(doctor, port->name, "%s was taken down behind the dataplane's back.",
			       link->kernel.name);
		doctor_mend(doctor, "ip link set dev %s up", link->kernel.name);
	} else if (is_live(doctor) && link->kernel.mtu < port->mtu) {
		doctor_problem(doctor, port->name,
			       "The MTU of %s is %u, and %u is configured: longer frames are lost.",
			       link->kernel.name, link->kernel.mtu, port->mtu);
		doctor_mend(doctor, "ip link set dev %s mtu %u", link->kernel.name, port->mtu);
	} else if (link->kernel.flags & IFF_UP && !(link->kernel.flags & IFF_RUNNING)) {
		doctor_note(doctor, port->name, "%s has no carrier: look at the cable.",
			    link->kernel.name);
	} else {
		doctor_ok(doctor, port->name, "%s is there, and nobody else's.", link->kernel.name);
	}
}

static void check_interface(struct doctor *doctor, const struct config_port *port,
			    const struct device_string *device)
{
	const struct link_facts *link = find_link(doctor, device->argument);

	if (!link) {
		doctor_problem(doctor, port->name, "There is no interface %s.", device->argument);
		doctor_mend(doctor, "ip -br link    # lists them");
	} else if (check_owner(doctor, port->name, link)) {
		check_link(doctor, port, link);
	}
}

// A tap is made by the dataplane: while it does not run there must be none of that name.
static void check_tap(struct doctor *doctor, const struct config_port *port,
		      const struct device_string *device)
{
	if (doctor->dataplane || !find_link(doctor, device->argument))
		return;
	doctor_problem(doctor, port->name,
		       "There is an interface %s already, and a tap is made "
		       "anew.",
		       device->argument);
	doctor_mend(doctor, "ip link del dev %s", device->argument);
}

// Whether interfaces can be seen from here.
static bool can_see(const struct doctor *doctor)
{
	return !doctor->elsewhere && !doctor->links_error;
}

void check_interfaces(struct doctor *doctor)
{
	if (doctor->links_error)
		doctor_note(doctor, NULL, "The kernel does not list its interfaces: %s.",
			    strerror(-doctor->links_error));
	if (!can_see(doctor))
		return;
	doctor_each_port(doctor, DEVICE_IFACE, check_interface);
	doctor_each_port(doctor, DEVICE_TAP, check_tap);
}

// Every channel needs a queue; what is configured is set when the port is opened, if it can be.
static void check_port_channels(struct doctor *doctor, const struct config_port *port,
				const struct device_string *device)
{
	const struct link_facts *link = find_link(doctor, device->argument);
	unsigned int wanted = port->queues ? port->queues : MAX_QUEUES;

	if (!link)
		return;
	if (link->channels.rx > 1 && !link->channels.combined) {
		doctor_problem(doctor, port->name,
			       "%s receives on %u channels that have no transmit channels of their "
			       "own.",
			       link->kernel.name, link->channels.rx);
		doctor_mend(doctor, "ethtool -L %s rx 1 tx 1", link->kernel.name);
	} else if (link->channels.rx > wanted && !port->queues) {
		doctor_problem(doctor, port->name,
			       "%s receives on %u channels, and a port has at most %d queues.",
			       link->kernel.name, link->channels.rx, MAX_QUEUES);
		doctor_mend(doctor, "ethtool -L %s combined %d", link->kernel.name, MAX_QUEUES);
	} else if (port->queues > link->channels.rx) {
		doctor_note(doctor, port->name,
			    "%s receives on %u channel%s, so %u of the %u queues stay idle.",
			    link->kernel.name, link->channels.rx, link->channels.rx == 1 ? "" : "s",
			    port->queues - link->channels.rx, port->queues);
		if (link->channels.most >= port->queues)
			doctor_mend(doctor, "ethtool -L %s combined %u", link->kernel.name,
				    port->queues);
	} else {
		doctor_ok(doctor, port->name, "%s receives on %u channel%s.", link->kernel.name,
			  link->channels.rx, link->channels.rx == 1 ? "" : "s");
	}
}

void check_channels(struct doctor *doctor)
{
	if (can_see(doctor))
		doctor_each_port(doctor, DEVICE_IFACE, check_port_channels);
}

static void check_port_offloads(struct doctor *doctor, const struct config_port *port,
				const struct device_string *device)
{
	const struct link_facts *link = find_link(doctor, device->argument);

	if (!link)
		return;
	const char *gro = link->gro ? " GRO" : "", *lro = link->lro ? " LRO" : "";
	const char *tag = link->rx_vlan ? " rx-vlan" : "";
	if (!*gro && !*lro && !*tag) {
		doctor_ok(doctor, port->name, "%s hands frames over as they came.",
			  link->kernel.name);
	} else if (!is_live(doctor)) {
		doctor_ok(doctor, port->name, "On at %s:%s%s%s. The dataplane turns that off.",
			  link->kernel.name, gro, lro, tag);
	} else {
		doctor_problem(doctor, port->name,
			       "On at %s:%s%s%s. The kernel merges frames or takes their tags off "
			       "before we see them.",
			       link->kernel.name, gro, lro, tag);
		doctor_mend(doctor, "ethtool -K %s%s%s%s", link->kernel.name,
			    link->gro ? " gro off" : "", link->lro ? " lro off" : "",
			    link->rx_vlan ? " rxvlan off" : "");
	}
}

void check_offloads(struct doctor *doctor)
{
	if (can_see(doctor))
		doctor_each_port(doctor, DEVICE_IFACE, check_port_offloads);
}

// The port on an interface, or NULL.
static const struct config_port *find_port(const struct doctor *doctor, const char *name)
{
	struct device_string device;
	char error[256];

	for (size_t i = 0; doctor->config && i < doctor->config->n_ports; i++) {
		const struct config_port *port = &doctor->config->ports[i];

		if (device_string_parse(port->device, &device, error, sizeof(error)) == 0 &&
		    device.kind == DEVICE_IFACE && strcmp(device.argument, name) == 0)
			return port;
	}
	return NULL;
}

static void tell_program(struct doctor *doctor, const struct link_facts *link)
{
	const struct config_port *port = find_port(doctor, link->kernel.name);
	bool ours = xdp_program_is_ours(link->xdp_name);

	if (!link->xdp_name[0]) {
		doctor_note(doctor, link->kernel.name,
			    "It has an XDP program (id %u) whose name only root may know.",
			    link->kernel.xdp);
	} else if (!ours && port) {
		doctor_problem(doctor, link->kernel.name,
			       "It has an XDP program that is not ours (%s, id %u), so port %s "
			       "stays closed.",
			       link->xdp_name, link->kernel.xdp, port->name);
	} else if (ours && !is_live(doctor)) {
		doctor_problem(doctor, link->kernel.name,
			       "A dataplane that was killed left its XDP program (id %u): nothing "
			       "that comes gets through%s.",
			       link->kernel.xdp, port ? ", until the next one replaces it" : "");
	} else if (ours && !port) {
		doctor_problem(doctor, link->kernel.name,
			       "It has our XDP program (id %u), but is no port: nothing that comes "
			       "gets through.",
			       link->kernel.xdp);
	} else {
		return; // in use, or nobody's business here
	}
	doctor_mend(doctor, "ip link set dev %s xdp off", link->kernel.name);
}

void check_xdp_programs(struct doctor *doctor)
{
	size_t before = doctor->n_findings;

	if (!can_see(doctor))
		return;
	for (size_t i = 0; i < doctor->n_links; i++) {
		if (doctor->links[i].kernel.xdp)
			tell_program(doctor, &doctor->links[i]);
	}
	if (doctor->n_findings == before)
		doctor_ok(doctor, NULL, "No XDP program is left over, and none is in the way.");
}
