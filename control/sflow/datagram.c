// SPDX-License-Identifier: BSD-3-Clause
#include "control/sflow/datagram.h"

#include <string.h>

// Numbers of formats, of enterprise 0.
enum {
	FLOW_SAMPLE = 1,
	COUNTERS_SAMPLE = 2,
	FLOW_SAMPLED_HEADER = 1,
	FLOW_EXTENDED_SWITCH = 1001,
	COUNTERS_INTERFACE = 1,
	COUNTERS_PORT_NAME = 1005,
};

enum {
	VERSION = 5,
	SUB_AGENT = 0,
	SOURCE_IFINDEX = 0, // class of a data source, in its first 8 bits
	PROTOCOL_ETHERNET = 1,
	FCS = 4, // octets, which workers never see
	IF_TYPE_ETHERNET = 6,
	IF_TYPE_LAG = 161,
	IF_FULL_DUPLEX = 1,
	IF_ADMIN_UP = 1,
	IF_OPER_UP = 2,
	IF_PROMISCUOUS = 1,
};

// ---- XDR

// Where the next "n" octets go; NULL if there is no room for them.
static uint8_t *take_room(struct datagram *datagram, size_t n)
{
	uint8_t *room = &datagram->octets[datagram->length];

	if (datagram->overflows || n > sizeof(datagram->octets) - datagram->length) {
		datagram->overflows = true;
		return NULL;
	}
	datagram->length += n;
	return room;
}

static void write_word(uint8_t *to, uint32_t word)
{
	to[0] = (uint8_t)(word >> 24);
	to[1] = (uint8_t)(word >> 16);
	to[2] = (uint8_t)(word >> 8);
	to[3] = (uint8_t)word;
}

static void put(struct datagram *datagram, uint32_t word)
{
	uint8_t *room = take_room(datagram, sizeof(word));

	if (room)
		write_word(room, word);
}

static void put_long(struct datagram *datagram, uint64_t number)
{
	put(datagram, (uint32_t)(number >> 32));
	put(datagram, (uint32_t)number);
}

// Without their number.
static void put_octets(struct datagram *datagram, const void *octets, size_t n)
{
	size_t padded = (n + 3) / 4 * 4;
	uint8_t *room = take_room(datagram, padded);

	if (!room)
		return;
	memcpy(room, octets, n);
	memset(room + n, 0, padded - n);
}

// Begin a structure of a format. Returns where its content begins, for end().
static size_t begin(struct datagram *datagram, uint32_t format)
{
	put(datagram, format);
	put(datagram, 0);
	return datagram->length;
}

static void end(struct datagram *datagram, size_t content)
{
	if (!datagram->overflows)
		write_word(&datagram->octets[content - 4], (uint32_t)(datagram->length - content));
}

// ---- The datagram

static void put_agent(struct datagram *datagram, const struct ip *agent)
{
	put(datagram, agent->family == 6 ? 2 : 1);
	put_octets(datagram, agent->octets, agent->family == 6 ? 16 : 4);
}

void datagram_begin(struct datagram *datagram, const struct datagram_head *head)
{
	datagram->length = 0;
	datagram->n_samples = 0;
	datagram->overflows = false;
	put(datagram, VERSION);
	put_agent(datagram, &head->agent);
	put(datagram, SUB_AGENT);
	put(datagram, head->sequence);
	put(datagram, head->uptime);
	put(datagram, datagram->n_samples);
}

// The sample behind "before" is written: count it, or take it back if it did not fit.
static bool keep(struct datagram *datagram, size_t before)
{
	const size_t count_at = datagram->octets[7] == 2 ? 36 : 24;

	if (datagram->overflows) {
		datagram->length = before;
		datagram->overflows = false;
		return false;
	}
	write_word(&datagram->octets[count_at], ++datagram->n_samples);
	return true;
}

// ---- Frames

static void put_header(struct datagram *datagram, const struct datagram_flow *flow)
{
	size_t record = begin(datagram, FLOW_SAMPLED_HEADER);

	put(datagram, PROTOCOL_ETHERNET);
	put(datagram, flow->length + FCS);
	put(datagram, FCS);
	put(datagram, flow->n_header);
	put_octets(datagram, flow->header, flow->n_header);
	end(datagram, record);
}

// Behind the header: collectors let the last one that tells a VLAN win, and this one knows the LAN
// of frames without a tag, too.
static void put_switch(struct datagram *datagram, const struct datagram_flow *flow)
{
	size_t record = begin(datagram, FLOW_EXTENDED_SWITCH);

	put(datagram, flow->vlan);
	put(datagram, 0); // priority
	put(datagram, flow->vlan);
	put(datagram, 0);
	end(datagram, record);
}

bool datagram_add_flow(struct datagram *datagram, const struct datagram_flow *flow)
{
	const size_t before = datagram->length;
	size_t sample = begin(datagram, FLOW_SAMPLE);

	put(datagram, flow->sequence);
	put(datagram, SOURCE_IFINDEX << 24 | flow->ifindex);
	put(datagram, flow->rate);
	put(datagram, flow->pool);
	put(datagram, flow->drops);
	put(datagram, flow->ifindex);
	put(datagram, flow->output);
	put(datagram, 2); // records
	put_header(datagram, flow);
	put_switch(datagram, flow);
	end(datagram, sample);
	return keep(datagram, before);
}

// ---- Counters

static void put_interface(struct datagram *datagram, uint32_t ifindex,
			  const struct interface_counters *counters)
{
	size_t record = begin(datagram, COUNTERS_INTERFACE);

	put(datagram, ifindex);
	put(datagram, counters->is_lag ? IF_TYPE_LAG : IF_TYPE_ETHERNET);
	put_long(datagram, counters->speed);
	put(datagram, IF_FULL_DUPLEX);
	put(datagram,
	    (counters->admin_up ? IF_ADMIN_UP : 0) | (counters->oper_up ? IF_OPER_UP : 0));
	put_long(datagram, counters->in_octets);
	put(datagram, (uint32_t)counters->in_unicast);
	put(datagram, (uint32_t)counters->in_multicast);
	put(datagram, (uint32_t)counters->in_broadcast);
	put(datagram, (uint32_t)counters->in_discards);
	put(datagram, (uint32_t)counters->in_errors);
	put(datagram, DATAGRAM_NOT_COUNTED); // unknown protocols
	put_long(datagram, counters->out_octets);
	put(datagram, (uint32_t)counters->out_unicast);
	put(datagram, (uint32_t)counters->out_multicast);
	put(datagram, (uint32_t)counters->out_broadcast);
	put(datagram, (uint32_t)counters->out_discards);
	put(datagram, DATAGRAM_NOT_COUNTED); // errors
	put(datagram, IF_PROMISCUOUS);
	end(datagram, record);
}

static void put_name(struct datagram *datagram, const char *name)
{
	size_t record = begin(datagram, COUNTERS_PORT_NAME);

	put(datagram, (uint32_t)strlen(name));
	put_octets(datagram, name, strlen(name));
	end(datagram, record);
}

bool datagram_add_counters(struct datagram *datagram, const struct datagram_counters *counters)
{
	const size_t before = datagram->length;
	size_t sample = begin(datagram, COUNTERS_SAMPLE);

	put(datagram, counters->sequence);
	put(datagram, SOURCE_IFINDEX << 24 | counters->ifindex);
	put(datagram, 2); // records
	put_interface(datagram, counters->ifindex, &counters->interface);
	put_name(datagram, counters->name);
	end(datagram, sample);
	return keep(datagram, before);
}
