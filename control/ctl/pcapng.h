// SPDX-License-Identifier: BSD-3-Clause
// Blocks of a pcapng file, which Wireshark, tshark and tcpdump read (draft-ietf-opsawg-pcapng,
// sections 4.1 to 4.6). libpcap itself writes only the older format, which has no place for a
// comment.
//
// Each function appends one block to a buffer of our own. A file is one section: its header, each
// interface before the first frame of it, frames, and statistics of interfaces at the end. Times
// are nanoseconds since 1970, UTC.
#pragma once

#include <stddef.h>
#include <stdint.h>

struct pcapng {
	uint8_t *octets; // of the blocks that were appended; free it at the end
	size_t size;	 // of them
	size_t room;
	uint32_t n_interfaces;
};

enum pcapng_direction { PCAPNG_INBOUND = 1, PCAPNG_OUTBOUND = 2 };

struct pcapng_frame {
	uint32_t interface;
	uint64_t time_ns;
	uint32_t length; // octets of the whole frame
	uint32_t n_octets;
	const uint8_t *octets;
	enum pcapng_direction direction;
	const char *comment;
};

// Statistics of an interface (section 4.6).
struct pcapng_counts {
	uint64_t start_ns, end_ns;
	uint64_t delivered; // frames in the file
	uint64_t dropped;   // that should have been there; UINT64_MAX: not known of this interface
	const char *comment;
};

void pcapng_section(struct pcapng *file, const char *application);

// An Ethernet interface called "name", of whose frames "snap" octets are kept. Returns its number.
uint32_t pcapng_interface(struct pcapng *file, const char *name, uint32_t snap);

void pcapng_frame(struct pcapng *file, const struct pcapng_frame *frame);
void pcapng_statistics(struct pcapng *file, uint32_t interface, const struct pcapng_counts *counts);
