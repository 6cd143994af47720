// SPDX-License-Identifier: BSD-3-Clause
#include "control/ctl/frame_words.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/ctl/nearest.h"

struct words {
	char *const *words;
	size_t n;
	size_t at;	     // the next one to read
	const char *payload; // the word that began it, NULL: none yet
	struct frame_description *frame;
	char *error;
};

#define word_error(w, ...) (snprintf((w)->error, FRAME_ERROR_SIZE, __VA_ARGS__), -EINVAL)

const char *const frame_keywords[] = {
	"from", "to",	 "broadcast", "vlan",	 "ipv4",   "ipv6",  "tcp",   "udp",
	"icmp", "proto", "arp",	      "who-has", "tell",   "reply", "is-at", "ns",
	"na",	"ra",	 "type",      "hex",	 "length", NULL,
};

static const char *peek(const struct words *w)
{
	return w->at < w->n ? w->words[w->at] : NULL;
}

// Take the next word if it is this one.
static bool take(struct words *w, const char *word)
{
	if (!peek(w) || strcmp(peek(w), word) != 0)
		return false;
	w->at++;
	return true;
}

static int take_number(struct words *w, const char *what, unsigned long least, unsigned long most,
		       uint16_t *number)
{
	const char *word = peek(w);
	char *end;

	if (!word)
		return word_error(w, "%s is missing: a number from %lu to %lu", what, least, most);
	errno = 0;
	unsigned long value = strtoul(word, &end, 0);
	if (!isdigit((unsigned char)*word) || *end || errno || value < least || value > most)
		return word_error(w, "\"%.64s\" is no %s: write a number from %lu to %lu", word,
				  what, least, most);
	*number = (uint16_t)value;
	w->at++;
	return 0;
}

static int take_mac(struct words *w, const char *what, mac_t *mac)
{
	const char *word = peek(w);

	if (!word)
		return word_error(w, "a MAC address is missing behind \"%s\"", what);
	if (mac_parse(word, mac) < 0)
		return word_error(w,
				  "\"%.64s\" behind \"%s\" is no MAC address: write "
				  "02:00:5e:00:53:01",
				  word, what);
	w->at++;
	return 0;
}

static int take_ip(struct words *w, const char *what, uint8_t family, struct ip *ip)
{
	const char *word = peek(w);

	if (!word)
		return word_error(w, "an IPv%d address is missing: %s", family, what);
	if (ip_parse(word, ip) < 0 || ip->family != family)
		return word_error(w, "\"%.64s\" is no IPv%d address (%s)", word, family, what);
	w->at++;
	return 0;
}

static int word_from(struct words *w)
{
	w->frame->has_from = true;
	return take_mac(w, "from", &w->frame->from);
}

static int word_to(struct words *w)
{
	w->frame->has_to = true;
	if (take(w, "broadcast")) {
		w->frame->to = MAC_BROADCAST;
		return 0;
	}
	return take_mac(w, "to", &w->frame->to);
}

static int word_vlan(struct words *w)
{
	struct frame_description *d = w->frame;

	if (d->n_tags == FRAME_TAGS_MAX)
		return word_error(w, "more than %d tags", FRAME_TAGS_MAX);
	return take_number(w, "VLAN", 0, 4095, &d->tags[d->n_tags++]);
}

static int word_length(struct words *w)
{
	return take_number(w, "length", 14, 65535, &w->frame->length);
}

static bool next_is_number(const struct words *w)
{
	return peek(w) && isdigit((unsigned char)*peek(w));
}

// Ports of TCP and UDP, both or none.
static int take_ports(struct words *w, uint8_t protocol, uint16_t destination)
{
	struct frame_description *d = w->frame;

	d->protocol = protocol;
	d->values[0] = 49152;
	d->values[1] = destination;
	if (!next_is_number(w))
		return 0;
	return take_number(w, "source port", 0, 65535, &d->values[0])
		       ?: take_number(w, "destination port", 0, 65535, &d->values[1]);
}

static int take_icmp(struct words *w, uint8_t protocol, uint16_t echo_request)
{
	struct frame_description *d = w->frame;
	int err = 0;

	d->protocol = protocol;
	d->values[0] = echo_request;
	if (next_is_number(w))
		err = take_number(w, "ICMP type", 0, 255, &d->values[0]);
	if (!err && next_is_number(w))
		err = take_number(w, "ICMP code", 0, 255, &d->values[1]);
	return err;
}

static int take_protocol(struct words *w)
{
	uint16_t protocol;
	int err = take_number(w, "IP protocol", 0, 255, &protocol);

	if (!err)
		w->frame->protocol = (uint8_t)protocol;
	return err;
}

static int take_packet(struct words *w, uint8_t family)
{
	struct frame_description *d = w->frame;
	int err = take_ip(w, "the sender", family, &d->source)
			  ?: take_ip(w, "the receiver", family, &d->target);

	d->kind = family == 4 ? FRAME_IPV4 : FRAME_IPV6;
	d->has_source = true;
	if (err)
		return err;
	if (take(w, "tcp"))
		return take_ports(w, PROTOCOL_TCP, 179);
	if (take(w, "udp"))
		return take_ports(w, PROTOCOL_UDP, 33434);
	if (take(w, "icmp"))
		return family == 4 ? take_icmp(w, PROTOCOL_ICMP, 8)
				   : take_icmp(w, PROTOCOL_ICMP6, 128);
	if (take(w, "proto"))
		return take_protocol(w);
	return 0;
}

static int word_ipv4(struct words *w)
{
	return take_packet(w, 4);
}

static int word_ipv6(struct words *w)
{
	return take_packet(w, 6);
}

static int take_who_has(struct words *w)
{
	struct frame_description *d = w->frame;
	int err = take_ip(w, "who has it?", 4, &d->target);

	d->kind = FRAME_ARP_REQUEST;
	d->has_source = true; // 0.0.0.0: a probe, RFC 5227
	d->source.family = 4;
	if (!err && take(w, "tell"))
		err = take_ip(w, "who asks?", 4, &d->source);
	return err;
}

static int take_arp_reply(struct words *w)
{
	struct frame_description *d = w->frame;
	int err = take_ip(w, "whose is it?", 4, &d->source);

	d->kind = FRAME_ARP_REPLY;
	d->has_source = true;
	d->target = d->source;
	d->has_claimed = true;
	if (err)
		return err;
	if (!take(w, "is-at"))
		return word_error(w, "\"is-at MAC\" is missing behind \"arp reply\"");
	return take_mac(w, "is-at", &d->claimed);
}

static int word_arp(struct words *w)
{
	if (take(w, "who-has"))
		return take_who_has(w);
	if (take(w, "reply"))
		return take_arp_reply(w);
	return word_error(w, "behind \"arp\" comes \"who-has A tell B\" or \"reply A is-at MAC\"");
}

static int word_ns(struct words *w)
{
	struct frame_description *d = w->frame;
	int err = take_ip(w, "who has it?", 6, &d->target);

	d->kind = FRAME_NS;
	d->source.family = 6;
	if (!err && take(w, "tell")) {
		d->has_source = true;
		err = take_ip(w, "who asks?", 6, &d->source);
	}
	return err;
}

static int word_na(struct words *w)
{
	struct frame_description *d = w->frame;
	int err = take_ip(w, "whose is it?", 6, &d->source);

	d->kind = FRAME_NA;
	d->has_source = true;
	if (!err && take(w, "is-at")) {
		d->has_claimed = true;
		err = take_mac(w, "is-at", &d->claimed);
	}
	return err;
}

static int word_ra(struct words *w)
{
	w->frame->kind = FRAME_RA;
	return 0;
}

static int word_type(struct words *w)
{
	w->frame->kind = FRAME_TYPE;
	return take_number(w, "ethertype", 0, 0xffff, &w->frame->type);
}

// Add the digits of one word; "half" tells whether the last octet lacks its second one.
static int add_hex(struct words *w, const char *word, bool *half)
{
	struct frame_description *d = w->frame;

	for (; *word; word++) {
		if (*word == ':' || *word == ' ')
			continue;
		if (!isxdigit((unsigned char)*word))
			return word_error(w, "'%c' is no hexadecimal digit", *word);
		const char digit[] = {*word, 0};
		uint8_t value = (uint8_t)strtoul(digit, NULL, 16);
		if (d->n_hex < FRAME_GIVEN_MAX)
			d->hex[d->n_hex] = *half ? (uint8_t)(d->hex[d->n_hex] << 4 | value) : value;
		d->n_hex += *half;
		*half = !*half;
	}
	return 0;
}

static int word_hex(struct words *w)
{
	struct frame_description *d = w->frame;
	bool half = false;

	d->kind = FRAME_HEX;
	while (peek(w) && strcmp(peek(w), "length") != 0) {
		if (add_hex(w, w->words[w->at++], &half) < 0)
			return -EINVAL;
	}
	if (half)
		return word_error(w, "an odd number of hexadecimal digits");
	if (d->n_hex < 14 || d->n_hex > UINT16_MAX)
		return word_error(w, "a frame has 14 to 65535 octets, here are %zu", d->n_hex);
	d->has_from = true;
	d->has_to = true;
	d->to = mac_load(d->hex);
	d->from = mac_load(d->hex + 6);
	return 0;
}

static const struct {
	const char *word;
	bool payload; // there can be only one
	int (*read)(struct words *w);
} readers[] = {
	{"from", false, word_from},	{"to", false, word_to},	   {"vlan", false, word_vlan},
	{"length", false, word_length}, {"ipv4", true, word_ipv4}, {"ipv6", true, word_ipv6},
	{"arp", true, word_arp},	{"ns", true, word_ns},	   {"na", true, word_na},
	{"ra", true, word_ra},		{"type", true, word_type}, {"hex", true, word_hex},
};

enum { N_READERS = sizeof(readers) / sizeof(*readers) };

static int unknown_word(struct words *w, const char *word)
{
	size_t nearest = N_READERS, least = 3;

	for (size_t i = 0; i < N_READERS; i++) {
		size_t distance = edit_distance(word, readers[i].word);

		if (distance < least && distance < strlen(word)) {
			least = distance;
			nearest = i;
		}
	}
	if (nearest < N_READERS)
		return word_error(w, "\"%.64s\" means nothing in a frame: did you mean \"%s\"?",
				  word, readers[nearest].word);
	return word_error(w,
			  "\"%.64s\" means nothing here: a frame is \"from MAC to MAC\" and one of "
			  "ipv4, ipv6, arp, ns, na, ra, type, hex",
			  word);
}

static int read_word(struct words *w)
{
	const char *word = w->words[w->at++];

	for (size_t i = 0; i < N_READERS; i++) {
		if (strcmp(readers[i].word, word) != 0)
			continue;
		if (readers[i].payload && w->payload)
			return word_error(w, "a frame cannot be \"%s\" and \"%s\"", w->payload,
					  word);
		if (readers[i].payload)
			w->payload = readers[i].word;
		return readers[i].read(w);
	}
	return unknown_word(w, word);
}

int frame_parse(char *const *words, size_t n, struct frame_description *description,
		char error[FRAME_ERROR_SIZE])
{
	struct words w = {words, n, 0, NULL, description, error};

	*description = (struct frame_description){0};
	while (w.at < n) {
		if (read_word(&w) < 0)
			return -EINVAL;
	}
	if (!w.payload)
		return word_error(&w,
				  "what does it carry? One of ipv4, ipv6, arp, ns, na, ra, type, "
				  "hex");
	if (description->kind == FRAME_HEX && description->n_tags)
		return word_error(&w, "a frame in hex brings its own tags");
	return 0;
}
