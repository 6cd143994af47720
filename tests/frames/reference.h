// SPDX-License-Identifier: BSD-3-Clause
// A learning switch that anybody can check by reading: arrays, linear search, one frame after the
// other. It is what the frame path is compared with, and shares no code with it.
//
// It follows the path in what a burst is: all sources are learned, LAN by LAN, before any
// destination is looked up; copies leave before frames with one receiver, and those LAN by LAN.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "lib/drops.h"
#include "lib/mac.h"

enum {
	REF_PORTS = 8,
	REF_LANS = 3,
	REF_OCTETS = 400, // of a frame
	REF_BURST = 64,
	REF_ENTRIES = 1024,
	REF_NOT_MEMBER = -1,
};

struct ref_frame {
	uint16_t length;
	uint8_t octets[REF_OCTETS];
};

struct ref_port {
	bool admin_up;
	bool link_up;
	bool disabled;
	bool drop_runts;
	bool learn;
	bool flood_unknown;
	bool flood_multicast;
	uint16_t isolation;
	uint16_t mtu;
	int vid[REF_LANS]; // 0: untagged; REF_NOT_MEMBER
	uint32_t learn_limit;

	uint64_t drops[DROP_COUNT];
	uint64_t copies, learned, moved, refused;
	uint32_t n_out; // of this burst
	struct ref_frame out[REF_BURST];
};

struct ref_lan {
	uint16_t rules; // enum rule_flags; addresses are 192.0.2.0/24
	bool flood_unknown;
	bool drop_hijack;
	bool transparent;
	uint16_t mtu;
	uint32_t learn_limit;
};

struct ref_entry {
	mac_t mac;
	int lan;
	int port;
	bool is_static;
	uint64_t seen; // when it was last seen
};

struct ref_switch {
	uint64_t now;
	uint32_t learn_limit; // overall; no entry is taken from one port for another: see model.c
	struct ref_port ports[REF_PORTS];
	struct ref_lan lans[REF_LANS];
	uint32_t n_entries;
	struct ref_entry entries[REF_ENTRIES];
};

// Let "n" frames come by "port". What leaves is in ports[].out then.
void ref_receive(struct ref_switch *sw, int port, const struct ref_frame *frames, int n);

// What the rules of a LAN say of a frame to "dst", whose type and payload are "n" octets.
enum drop_reason ref_judge(const struct ref_lan *lan, mac_t dst, const uint8_t *type, int n);

struct ref_entry *ref_find(struct ref_switch *sw, int lan, mac_t mac); // or NULL
void ref_remove(struct ref_switch *sw, struct ref_entry *entry);
bool ref_add_static(struct ref_switch *sw, int lan, mac_t mac, int port);

// Learned entries of "lan" or all (-1) and "port" or all (-1).
uint32_t ref_count(const struct ref_switch *sw, int lan, int port);
