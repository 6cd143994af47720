// SPDX-License-Identifier: BSD-3-Clause
// LACP: which links of a LAG carry frames, agreed upon with whoever is at their other ends (IEEE
// 802.1AX-2014, 6.4; 802.3ad before).
//
// A link passes through two machines. Receive knows what there is of a partner:
//
//   disabled ─ carrier ▶ expired ─ 3 s of silence ▶ defaulted    (no partner)
//                           ▲ │
//      3 or 90 s of silence │ ▼ LACPDU, which defaulted takes too
//                          current
//
// Mux takes a link that is selected into the LAG, step by step, each allowed by the partner's last
// LACPDU, and back out in the same order:
//
//   detached ▶ waiting (2 s) ▶ attached ▶ collecting ▶ distributing
//                              in sync    we take      we send
//                                         frames       frames
//
// So nothing is sent by a link before the partner has said that it takes it. The 2 s are for links
// that come up together to be joined together.
//
// Selected is a link with a current partner, and the partner's system and key are those of all that
// are selected: the first one's are the LAG's for as long as any is. A link that loses its carrier
// or its partner, or whose partner becomes another, is not selected any more. Where the standard
// leaves a choice:
// - a link whose other end speaks no LACP carries nothing, and neither does one that the partner
//   would have alone: at an exchange that is a loop, or half a configuration;
// - a link whose partner is our own system is never selected;
// - to a partner that is not known LACPDUs are sent every second;
// - the first one is sent when periodic transmission starts, and not one period later.
// Churn detection (6.4.17) and version 2 are left out.
//
// Threads: one at a time. Pure: time is an argument, in nanoseconds of a clock that never goes
// back. Nothing is allocated.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dataplane/manage/lacp_frame.h"
#include "lib/lacp.h"
#include "lib/mac.h"

enum {
	LACP_LINKS = 8,		    // of one LAG
	LACP_RUN_MS = 250,	    // lacp_run() at least so often
	LACP_BURST = 3,		    // LACPDUs a second and link, at most (6.4.16)
	LACP_PORT_PRIORITY = 32768, // all links are alike
};

struct lacp_conf {
	bool active; // speak first
	bool fast;   // want to hear of the partner every second, and miss it after 3 s, not 90 s
	mac_t system;
	uint16_t system_priority;
	uint16_t key; // another one for each LAG of the system
};

enum lacp_receive_state {
	LACP_RECEIVE_DISABLED,
	LACP_RECEIVE_EXPIRED,
	LACP_RECEIVE_DEFAULTED,
	LACP_RECEIVE_CURRENT,
};

enum lacp_mux {
	LACP_MUX_DETACHED,
	LACP_MUX_WAITING,
	LACP_MUX_ATTACHED,
	LACP_MUX_COLLECTING,
	LACP_MUX_DISTRIBUTING,
};

// To be read by all, and written by the functions below.
struct lacp_link {
	bool used;
	bool up;
	uint16_t number; // its LACP port number
	mac_t mac;	 // source of its frames

	enum lacp_receive_state receive;
	enum lacp_mux mux;
	bool selected;
	bool defaulted; // nothing is known of a partner
	bool heard;	// the partner's last LACPDU shows that it knows this end
	bool transmit;	// a LACPDU is due (NTT)
	struct lacp_info partner;
	uint64_t received_ns;	   // the last LACPDU, if current
	uint64_t current_until_ns; // if current or expired
	uint64_t wait_until_ns;	   // if waiting
	uint64_t interval_ns;	   // between LACPDUs; 0: none are sent
	uint64_t due_ns;	   // the next one, if there is an interval
	uint64_t sent_ns[LACP_BURST];

	uint64_t received;  // LACPDUs
	uint64_t sent;	    // LACPDUs
	uint64_t malformed; // what was none
};

struct lacp {
	struct lacp_conf conf;
	struct lacp_link links[LACP_LINKS];
};

// "link" is below LACP_LINKS everywhere.

// A LAG without links.
void lacp_init(struct lacp *lacp, const struct lacp_conf *conf);

// Mode and rate change without a link lost. With another system or key all links leave the LAG, and
// join it anew.
void lacp_set_conf(struct lacp *lacp, const struct lacp_conf *conf);

// Add a link, which is down, or remove one. "number" is above 0 and another for each link of the
// system.
void lacp_link_add(struct lacp *lacp, unsigned int link, uint16_t number, mac_t mac);
void lacp_link_remove(struct lacp *lacp, unsigned int link);

// Whether it can carry anything: carrier, and not disabled. One that goes down leaves the LAG at
// once.
void lacp_link_set_up(struct lacp *lacp, unsigned int link, bool up);

// A frame came by a link. Returns false, and counts it, if it is no LACPDU; what comes by a link
// that is not there is not counted. After a pause take in all that waits before lacp_run(), or
// partners will seem to have been silent.
bool lacp_receive(struct lacp *lacp, unsigned int link, const uint8_t *frame, size_t length,
		  uint64_t now_ns);

// Let time pass, and what has changed have its effect: every LACP_RUN_MS at least, and after each
// of the above.
void lacp_run(struct lacp *lacp, uint64_t now_ns);

// Write the frame that a link has to send now. Returns false if there is none. After lacp_run().
bool lacp_transmit(struct lacp *lacp, unsigned int link, uint8_t frame[LACP_FRAME],
		   uint64_t now_ns);

// Whether frames that come by a link are taken, and whether frames may leave by it.
bool lacp_is_collecting(const struct lacp *lacp, unsigned int link);
bool lacp_is_distributing(const struct lacp *lacp, unsigned int link);

// What a link's LACPDUs say of our end: enum lacp_state.
uint8_t lacp_state(const struct lacp *lacp, unsigned int link);

// Why a link carries no frames.
enum lacp_reason lacp_reason(const struct lacp *lacp, unsigned int link);
