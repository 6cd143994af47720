// SPDX-License-Identifier: BSD-3-Clause
// The sizes that both sides agree on. Changing one changes CHANNEL_VERSION (lib/channel.h).
#pragma once

enum {
	MAX_PORTS = 1024,   // port slots; fits the 10 bits that an FDB word has for a port
	PORT_FABRIC = 1023, // no port's slot: where the exchange's own addresses live
	MAX_LANS = 64,	    // LANs in one fabric
	MAX_WORKERS = 32,   // poll-mode workers in one dataplane
	MAX_QUEUES = 16,    // receive queues of one port
	MAX_LAG_LINKS = 8,  // links of one link aggregation group
	NAME_SIZE = 32,	    // port and LAN names, terminating zero included
	DEVICE_SIZE = 160,  // device strings, terminating zero included
	FRAME_MIN = 60,	    // octets of the shortest Ethernet frame, without FCS
	FRAME_OVERHEAD =
		14,   // two addresses and the type: frame = MTU + FRAME_OVERHEAD (+ 4 if tagged)
	TAG_SIZE = 4, // an 802.1Q tag
};
