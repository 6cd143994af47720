// SPDX-License-Identifier: BSD-3-Clause
// Rows: a sentence, a frame in, frames out, the drop.
//
// Every row starts in the exchange of rows.c, in which nothing is learned and all links are up,
// unless it goes on from the row before. Frames that a row does not expect, on any port, fail it,
// and so do drops, events and lost buffers that it does not expect.
//
//   LAN        profile                      ports
//   OPEN       floods                       A1 A2 A3 untagged, T T2 tagged 100, H tagged 110
//   EXCHANGE   floods not, refuses hijack   X1 X2 untagged, T tagged 200
//   WIRE       floods, transparent,         W1 W2 untagged, T tagged 300,
//              MTU 9000                     H (MTU 1500) untagged
//   PRIVATE    floods                       G1 G2 (of one isolation group), G3 untagged
//
// The addresses of each LAN are 192.0.2.0/24 and 2001:db8:2::/64.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/drops.h"
#include "lib/mac.h"
#include "lib/message.h"
#include "tests/frames/payload.h"

enum { OPEN, EXCHANGE, WIRE, PRIVATE, ROW_LANS };
enum { A1, A2, A3, T, T2, X1, X2, W1, W2, H, G1, G2, G3, NOWHERE, ROW_PORTS };

// Stations, by the number at the end of their address.
#define STATION(n) MAC(0x02, 0, 0, 0, 0, n)

// A tag as it stands in the frame; 0 is no tag.
#define TAG(tci)      (0x81000000u | (tci))
#define PCP(pcp, vid) ((pcp) << 13 | (vid))

struct frame {
	mac_t dst;
	mac_t src;
	uint32_t tag;	 // outer
	uint32_t inner;	 // behind it
	uint16_t type;	 // 0: that of the payload, or 0x0800
	uint16_t length; // octets of the whole; 0: 60, or as many as the payload needs
	struct payload payload;
};

enum out_dress { SAME, POPPED, PUSHED, RETAGGED };

struct out {
	uint8_t port_plus_1;
	uint8_t dress; // enum out_dress
	uint16_t tci;
};

#define AS_IS(port)                 \
	{                           \
		(port) + 1, SAME, 0 \
	}
#define POP(port)                     \
	{                             \
		(port) + 1, POPPED, 0 \
	}
#define PUSH(port, tci)                 \
	{                               \
		(port) + 1, PUSHED, tci \
	}
#define RETAG(port, tci)                  \
	{                                 \
		(port) + 1, RETAGGED, tci \
	}

struct station { // lives behind a port before the frame comes
	uint16_t port_plus_1;
	uint8_t lan;
	uint8_t n;
	uint8_t kind_plus_1; // enum mac_kind of static ones; 0: learned
};

#define LIVES(n, port, lan)           \
	{                             \
		(port) + 1, lan, n, 0 \
	}
#define REGISTERED(n, port, lan)                       \
	{                                              \
		(port) + 1, lan, n, MAC_REGISTERED + 1 \
	}

#define STICKY(n, port, lan)                       \
	{                                          \
		(port) + 1, lan, n, MAC_STICKY + 1 \
	}
#define HELD(n, port, lan)                       \
	{                                        \
		(port) + 1, lan, n, MAC_HELD + 1 \
	}
#define FABRIC_OWNS(n, lan)                               \
	{                                                 \
		PORT_FABRIC + 1, lan, n, MAC_RESERVED + 1 \
	}

enum { ROW_OUTS = 8, ROW_STATIONS = 3 };

struct row {
	const char *name;
	bool goes_on; // from where the row before left off
	struct station stations[ROW_STATIONS];
	void (*given)(void); // what else is different
	uint16_t port;
	uint16_t times; // frames in the burst, all alike; 0: 1
	struct frame in;
	struct out outs[ROW_OUTS];
	enum drop_reason drop;
	uint16_t drops; // how many; 0: times
	uint16_t sent;	// how many of the burst leave in spite of the drops
	uint16_t blame; // the port by which they would have left, if the reason is of that side
	enum message_type event;  // told of each frame's source, or MESSAGE_NONE; beside the drop
	uint16_t refused;	  // sources not learned because of a limit
	enum message_type notice; // left for the manager, or MESSAGE_NONE; besides a move's
};

// Make the exchange and run all rows in it; each is an expectation of its own. Once per program.
void rows_test(const struct row *rows, size_t n);
// The same, and "more", which may begin with a fresh exchange as often as it likes.
void rows_test_and(const struct row *rows, size_t n, void (*more)(void));
void rows_start_anew(void);
#define ROWS_TEST(rows) rows_test(rows, sizeof(rows) / sizeof(*(rows)))

// ---- For given()

// Give flags to a port, or take them away from one, or from a LAN, or a port from a LAN.
void given_port_with(uint16_t port, uint16_t flags);
void given_port_without(uint16_t port, uint16_t flags);
void given_lan_with(uint16_t lan, uint16_t flags);
void given_lan_without(uint16_t lan, uint16_t flags);
void given_no_member(uint16_t port, uint16_t lan);

// The rules of a peering LAN hold for what comes by the ports of a LAN, except where "flags" allow.
void given_rules(uint16_t lan, uint16_t flags);

// Whose addresses may be sources of a port in a LAN; "limit" is of SECURITY_LEARN.
void given_security(uint16_t port, uint16_t lan, enum security_mode mode, uint32_t limit);

// The policy knows a registered address of that port, or reserved ones of the LAN.
void given_registered(uint16_t port, uint16_t lan);
void given_reserved(uint16_t lan);

// A LAN has a sponge, STATION(98), with "flags" of LAN_SPONGE and the like.
void given_sponge(uint16_t lan, uint16_t flags);

// An address belongs to a port; a LAN has no prefixes.
void given_address(uint16_t port, uint16_t lan, const char *address);
void given_no_prefixes(uint16_t lan);

// One violation disables the port.
void given_at_once(uint16_t port);

// Until the next fresh row.
void given_disabled(uint16_t port, enum port_disable why);

// Until the next fresh row: no buffers for copies, or room for "n" frames at the device of "port".
void given_no_buffers(void);
void given_room(uint16_t port, unsigned int n);
