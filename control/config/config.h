// SPDX-License-Identifier: BSD-3-Clause
// The configuration: one YAML file, or several as one text (control/config/files.h); the whole
// truth about the fabric.
//
// Reading has two halves. config_read() walks the YAML document by one table that is the schema,
// and turns it into struct config; config_validate() then checks what no single value can tell (an
// address used twice, an IP outside its LAN). Both go on after a mistake, so that an operator sees
// all of them at once, each as
//     file:line:col: path: what is wrong and what would be right
//
// A struct config never changes once it was read. Everything in it is in the order of the file.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "control/config/rules.h"
#include "lib/ip.h"
#include "lib/limits.h"
#include "lib/mac.h"

enum lan_profile {
	PROFILE_OPEN,	  // a plain learning bridge
	PROFILE_EXCHANGE, // the rules of a peering LAN
};

// Behind a LAN's name it is the name of its quarantine.
#define CONFIG_QUARANTINE ".quarantine"

enum {
	CONFIG_FILE_MAX = 4 << 20, // octets of all files together
	CONFIG_COMPLAINTS = 100,   // at most so many are printed, then "and N more"
	CONFIG_MTU_MIN = 576,
	CONFIG_MTU_MAX = 9216,
	CONFIG_QUARANTINED_NAME_MAX = NAME_SIZE - sizeof(CONFIG_QUARANTINE), // octets
};

// What becomes of an ARP or ND question for an address whose owner is known.
enum config_neighbours {
	NEIGHBOURS_FLOOD,   // it goes to all
	NEIGHBOURS_PROXY,   // it is answered
	NEIGHBOURS_UNICAST, // it goes to the owner only
};

struct config_lan {
	struct config_place place;
	struct config_place vlan_place;
	struct config_place learn_limit_place;
	char name[NAME_SIZE];
	enum lan_profile profile; // default exchange
	uint16_t vlan;		  // tag on ports where it is tagged; 0: none
	uint16_t mtu;		  // default 1500
	struct ip_prefix *prefixes;
	struct config_place *prefix_places;
	size_t n_prefixes;
	uint32_t ageing;      // seconds, default 300; 0: never
	uint32_t fdb_size;    // default 16384
	uint32_t learn_limit; // 0: fdb_size
	// Knobs whose default the profile gives; resolved when the file was read.
	bool flood_unknown_unicast; // open: yes, exchange: no
	bool drop_hijack;	    // open: no, exchange: yes
	bool pass_tagged;	    // access ports pass tagged frames as they are; open: yes
	bool guard;		    // ARP and ND are compared with who owns which address; open: no
	enum config_neighbours neighbours; // default flood
	bool assigned;			   // the ports' "ips" are all addresses in use; default no
	struct config_admission admission;
	struct config_security security;
	struct config_reactions reactions; // what its ports inherit
	struct config_duplicates duplicates;
	struct config_sponge sponge;
	struct config_place sponge_place;
	struct config_bindings bindings;
	struct config_place bindings_place;
	mac_t *reserved; // the exchange's own
	struct config_place *reserved_places;
	size_t n_reserved;
	bool has_monitor; // a port is, so that it has a quarantine
};

struct config_member { // a port's membership in a LAN
	struct config_place place;
	struct config_place vlan_place;
	size_t lan; // index into config.lans
	bool tagged;
	uint16_t vid; // if tagged: its own "vlan", else the LAN's
	mac_t *macs;
	struct config_place *mac_places;
	size_t n_macs;
	struct ip *ips;
	struct config_place *ip_places;
	size_t n_ips;
	struct config_admission admission;
	struct config_security security;
	// Ports in quarantine reach this port and nobody else, and nobody else of the LAN reaches
	// it: it is in the LAN's quarantine (control/fabric/plan_lans.h), not in the LAN.
	bool monitor;
};

struct config_collector {
	struct config_place place;
	struct config_place address_place;
	char name[NAME_SIZE];
	struct ip address;
	uint16_t port; // UDP; default 6343
};

// Samples of what members send, and counters of their ports, to collectors (sFlow version 5).
struct config_sflow {
	struct config_place place; // line 0: there is no such section, all here is 0
	struct config_place agent_place;
	struct ip agent;   // as whom the exchange is known to collectors; family 0: there is none
	uint32_t sampling; // of ports that say nothing else; default 8192; 0: none
	uint16_t polling;  // seconds between two reports of a port's counters; default 30; 0: none
	struct config_collector *collectors;
	size_t n_collectors;
};

enum lag_mode {
	LAG_MODE_ACTIVE,  // LACP, and we speak first
	LAG_MODE_PASSIVE, // LACP, once the partner speaks
	LAG_MODE_OFF,	  // links with a carrier are used
};

struct config_lacp {
	enum lag_mode mode;
	bool fast;	    // the partner is to send once a second, else every 30 s
	uint16_t min_links; // the LAG is up with so many links in use; default 1
	struct config_place rate_place;
	struct config_place min_links_place;
};

// A port with a device; or a LAG, whose device is "lag"; or a link of one, which has a device and
// says nothing of frames (control/config/links.h).
struct config_port {
	struct config_place place;
	struct config_place device_place;
	struct config_place mtu_place;
	struct config_place lag_place; // of a link; line 0: it is none
	struct config_place lacp_place;
	struct config_place queues_place;
	struct config_place runts_place;
	char name[NAME_SIZE];
	char device[DEVICE_SIZE];
	char lag[NAME_SIZE];	 // the LAG whose link it is; "": none
	struct config_lacp lacp; // of a LAG
	uint32_t asn;		 // 0: none
	char *member_name;	 // NULL: none
	char *description;	 // NULL: none
	bool admin_up;		 // default yes
	uint16_t mtu;		 // default: the largest of its LANs; of a link: its LAG's
	uint16_t queues;	 // 0: as many as suit
	bool learning;		 // default: no if all its LANs take only registered MACs, else yes
	uint32_t learn_limit;	 // 0: none of its own
	bool flood_unknown_unicast; // receives it; default yes
	bool flood_multicast;	    // receives it; default yes
	char isolation[NAME_SIZE];  // group; "": none
	bool quarantine;	    // until an operator promotes it
	struct config_place quarantine_place;
	bool drop_runts; // default: yes if the device is a NIC, or all links are
	// One of so many frames that are let in is told to sFlow's collectors; 0: none. Default:
	// sflow.sampling.
	uint32_t sampling;
	struct config_place sampling_place;
	struct config_reactions reactions;
	struct config_member *members;
	size_t n_members;
};

struct config {
	uint32_t version;     // of the format
	char name[64];	      // of the exchange; "": none
	uint32_t learn_limit; // of all LANs together; 0: none
	struct config_sflow sflow;
	struct config_lan *lans;
	size_t n_lans;
	struct config_port *ports;
	size_t n_ports;
	char *text; // all files as they were read, to be kept
	size_t text_length;
};

// Complaints, in the order of the file.
struct config_errors {
	char **lines; // each "file:line:col: path: text"
	size_t n;
};

// Read "length" octets: YAML, or several files of it as one text; "file" is the name for
// complaints, and names of others are relative to it. Returns the configuration, or NULL with at
// least one complaint in "errors". Warnings go to "errors" too when it succeeds, and start with
// "warning: " after the path. Free both.
struct config *config_read(const char *file, const char *text, size_t length,
			   struct config_errors *errors);

// As config_read(), from a file and those in conf.d beside it.
struct config *config_read_file(const char *path, struct config_errors *errors);

void config_free(struct config *config);
void config_errors_free(struct config_errors *errors);

// As it is written in the file.
const char *config_neighbours_name(enum config_neighbours neighbours);

// The MACs that the sponge and the anti-spoofing of a LAN have; 0: it has none.
mac_t config_sponge_mac(const struct config_lan *lan);
mac_t config_anti_spoofing_mac(const struct config_lan *lan);

// How many MACs are the exchange's own in a LAN.
size_t config_count_reserved(const struct config_lan *lan);

const struct config_port *config_find_port(const struct config *config, const char *name);
