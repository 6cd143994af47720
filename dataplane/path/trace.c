// SPDX-License-Identifier: BSD-3-Clause
#include "dataplane/path/trace.h"

#include <stdarg.h>
#include <stdio.h>

#include <rte_mbuf.h>

#include "dataplane/path/egress.h"
#include "dataplane/path/pipeline.h"
#include "dataplane/path/trace_add.h"
#include "dataplane/tables/fdb.h"
#include "dataplane/worker.h"

void trace_add(struct trace *trace, const struct batch *b, const char *stage, const char *format,
	       ...)
{
	struct trace_step *s = &trace->steps[trace->n_steps];
	va_list args;

	if (trace->n_steps == TRACE_STEPS || (trace->n_steps && s[-1].reason != DROP_NONE))
		return;
	s->stage = stage;
	s->reason = b->dead & 1 ? b->reason[0] : DROP_NONE;
	va_start(args, format);
	vsnprintf(s->text, sizeof(s->text), format, args);
	va_end(args);
	trace->n_steps++;
}

void trace_add_death(struct trace *trace, const struct batch *b, const char *stage)
{
	trace_add(trace, b, stage, "%s", drop_infos[b->reason[0]].text);
}

const char *trace_port(const struct worker *w, uint16_t port)
{
	return w->policy->ports[port].name;
}

static const char *kind_name(const struct batch *b, char *text, size_t size)
{
	if (b->kind[0] == PAIR_IPV4)
		return "IPv4";
	if (b->kind[0] == PAIR_IPV6)
		return "IPv6";
	if (b->type[0] == 0x0806)
		return "ARP";
	snprintf(text, size, "type 0x%04x", b->type[0]);
	return text;
}

static const struct admit_rules *rules_of(const struct worker *w, const struct batch *b)
{
	return &w->policy->rules[w->policy->ports[b->port].lans[b->lan[0]].rules];
}

static const char *tag_name(uint16_t vid, char *text, size_t size)
{
	if (vid == VID_UNTAGGED)
		return "untagged";
	snprintf(text, size, "tagged %u", vid);
	return text;
}

void trace_parse(struct worker *w, const struct batch *b)
{
	char dst[MAC_TEXT_SIZE], src[MAC_TEXT_SIZE], kind[16], tag[32] = "";

	if (b->dead & 1) {
		trace_add_death(w->trace, b, "parse");
		return;
	}
	if (b->tagged & 1)
		snprintf(tag, sizeof(tag), ", VLAN %d priority %d", b->tci[0] & VID_MASK,
			 b->tci[0] >> 13);
	trace_add(w->trace, b, "parse", "%s of %u octets from %s to %s%s",
		  kind_name(b, kind, sizeof(kind)), b->length[0], mac_format(b->src[0], src),
		  mac_format(b->dst[0], dst), tag);
}

void trace_collect(struct worker *w, const struct batch *b)
{
	if (!w->policy->ports[b->port].is_lag)
		return;
	if (b->dead & 1)
		trace_add_death(w->trace, b, "collect");
	else if (b->consumed & 1)
		trace_add(w->trace, b, "collect", "LACP, or another slow protocol, of LAG %s",
			  trace_port(w, b->port));
}

void trace_ingress(struct worker *w, const struct batch *b)
{
	char tag[16];

	if (b->dead & 1)
		trace_add_death(w->trace, b, "ingress");
	else
		trace_add(w->trace, b, "ingress", "comes by %s in LAN %s, %s",
			  trace_port(w, b->port), w->policy->lans[b->lan[0]].name,
			  tag_name(own_vid(w, b, b->lan[0]), tag, sizeof(tag)));
}

void trace_probe(struct worker *w, const struct batch *b)
{
	if (b->consumed & 1)
		trace_add(w->trace, b, "probe", "a loop probe of the fabric: it ends here");
	else if (b->dead & 1)
		trace_add_death(w->trace, b, "probe");
}

void trace_admission(struct worker *w, const struct batch *b)
{
	static const char *const groups[] = {"unicast", "multicast", "broadcast"};
	unsigned int group = (b->group & 1) + (b->broadcast & 1);
	char kind[16];

	if (b->dead & 1)
		trace_add_death(w->trace, b, "admit");
	else if (rules_of(w, b)->flags != RULE_ALL)
		trace_add(w->trace, b, "admit", "LAN %s takes %s %s",
			  w->policy->lans[b->lan[0]].name, kind_name(b, kind, sizeof(kind)),
			  groups[group]);
}

static const char *kind_of_entry(const struct fdb_entry *entry)
{
	static const char *const kinds[] = {
		[MAC_REGISTERED] = " (static)",
		[MAC_STICKY] = " (sticky)",
		[MAC_RESERVED] = " (reserved)",
		[MAC_HELD] = " (held)",
	};

	return entry->is_static ? kinds[entry->kind % 4] : "";
}

static void trace_refused(struct worker *w, const struct batch *b, const char *src,
			  const char *owner)
{
	const char *port = trace_port(w, b->port);

	switch (b->reason[0]) {
	case DROP_SRC_MAC_IS_RESERVED:
		trace_add(w->trace, b, "learn", "source %s is one of the exchange's own", src);
		break;
	case DROP_MAC_HIJACK:
		trace_add(w->trace, b, "learn", "source %s is registered on %s and stays there",
			  src, owner);
		break;
	case DROP_MAC_DUPLICATE:
		trace_add(w->trace, b, "learn", "source %s moved too often and is held on %s", src,
			  owner);
		break;
	case DROP_NO_MAC_REGISTERED:
		trace_add(w->trace, b, "learn", "no address is registered on %s in LAN %s", port,
			  w->policy->lans[b->lan[0]].name);
		break;
	case DROP_MAC_NOT_REGISTERED:
		trace_add(w->trace, b, "learn", "source %s is not registered on %s", src, port);
		break;
	case DROP_MAC_LIMIT:
		trace_add(w->trace, b, "learn", "source %s would be one more than %s may have", src,
			  port);
		break;
	}
}

void trace_learn(struct worker *w, const struct batch *b)
{
	const struct policy_port *port = &w->policy->ports[b->port];
	char src[MAC_TEXT_SIZE];
	struct fdb_entry entry;

	if (b->dead & 1 && !drop_is_violation(b->reason[0]))
		return; // before this stage
	mac_format(b->src[0], src);
	bool known = fdb_find(w->policy->lans[b->lan[0]].fdb, b->src[0], &entry);
	if (b->dead & 1)
		trace_refused(w, b, src, known ? trace_port(w, entry.port) : "");
	else if (known && entry.port == b->port)
		trace_add(w->trace, b, "learn", "source %s lives on %s%s", src, port->name,
			  kind_of_entry(&entry));
	else if (known && entry.is_static)
		trace_add(w->trace, b, "learn", "source %s is registered on %s and stays there",
			  src, trace_port(w, entry.port));
	else if (!port->learn && port->lans[b->lan[0]].security == SECURITY_OPEN)
		trace_add(w->trace, b, "learn", "%s does not learn", port->name);
	else if (known)
		trace_add(w->trace, b, "learn", "source %s moves from %s to %s", src,
			  trace_port(w, entry.port), port->name);
	else
		trace_add(w->trace, b, "learn", "source %s is new on %s", src, port->name);
}

static void trace_hit(struct worker *w, const struct batch *b, const char *dst)
{
	struct fdb_entry entry;
	bool found = fdb_find(w->policy->lans[b->lan[0]].fdb, b->dst[0], &entry);

	trace_add(w->trace, b, "lookup", "destination %s lives on %s%s%s", dst,
		  trace_port(w, b->out[0]), found ? kind_of_entry(&entry) : "",
		  b->dead & 1 ? ", by which it came" : "");
}

void trace_lookup(struct worker *w, const struct batch *b)
{
	char dst[MAC_TEXT_SIZE];

	mac_format(b->dst[0], dst);
	if (b->broadcast & 1)
		trace_add(w->trace, b, "lookup", "for all");
	else if (b->group & 1)
		trace_add(w->trace, b, "lookup", "for the group %s", dst);
	else if (b->known & 1 || (b->dead & 1 && b->reason[0] == DROP_PORT_LOOPBACK_FILTER))
		trace_hit(w, b, dst);
	else if (b->dead & 1 && b->reason[0] == DROP_BLACKHOLE)
		trace_add(w->trace, b, "lookup", "destination %s is one of the exchange's own",
			  dst);
	else if (b->sponge & 1 || (b->dead & 1 && b->reason[0] == DROP_SPONGED))
		trace_add(w->trace, b, "lookup", "destination %s is the sponge's", dst);
	else
		trace_add(w->trace, b, "lookup", "nobody knows where %s lives", dst);
}

void trace_cull(struct worker *w, const struct batch *b)
{
	if (b->dead & 1 && b->reason[0] == DROP_SESSION_CULLED)
		trace_add_death(w->trace, b, "cull");
}

void trace_storm(struct worker *w, const struct batch *b)
{
	static const char *const names[METERS] = {"broadcast", "multicast", "unknown unicast"};
	enum meter_class class = METER_UNKNOWN;

	if (b->consumed & 1)
		return;
	if (b->group & 1)
		class = b->broadcast & 1 ? METER_BROADCAST : METER_MULTICAST;
	if (b->dead & 1)
		trace_add_death(w->trace, b, "storm");
	else if (!(b->known & 1) && meter_limits(&w->fabric->meters[b->port].of[class]))
		trace_add(w->trace, b, "storm", "within the limit of %s of %s", names[class],
			  trace_port(w, b->port));
}

void trace_flood(struct worker *w, const struct batch *b)
{
	uint32_t n = w->trace->n_outs;

	if ((b->known | b->consumed) & 1)
		return;
	for (uint32_t i = 0; i < w->n_dirty; i++)
		n += w->dirty[i]->n;
	if (b->dead & 1)
		trace_add_death(w->trace, b, "flood");
	else
		trace_add(w->trace, b, "flood", "floods to %u port%s", n, n == 1 ? "" : "s");
}

void trace_egress(struct worker *w, const struct batch *b)
{
	bool died = b->dead & 1 && drop_infos[b->reason[0]].side == DROP_SIDE_OUT;
	char tag[16];

	if (died) {
		trace_add_death(w->trace, b, "egress");
		trace_lost(w->trace, b->blame[0], b->reason[0]);
	} else if (b->known & 1) {
		uint16_t vid = w->policy->ports[b->out[0]].lans[b->lan[0]].vid;

		trace_add(w->trace, b, "egress", "leaves by %s, %s", trace_port(w, b->out[0]),
			  tag_name(vid, tag, sizeof(tag)));
	}
}

static void add(struct trace *trace, const struct trace_out *out)
{
	if (trace->n_outs < MAX_PORTS)
		trace->outs[trace->n_outs++] = *out;
}

void trace_tx(struct worker *w, const struct tx_buffer *tx)
{
	for (uint16_t i = 0; i < tx->n; i++) {
		const uint8_t *octets = rte_pktmbuf_mtod(tx->frames[i], const uint8_t *);
		bool tagged = octets[12] == 0x81 && octets[13] == 0x00;
		struct trace_out out = {
			.port = tx->port,
			.vid = tagged ? (octets[14] << 8 | octets[15]) & VID_MASK : 0,
			.length = tx->meta[i] & META_LENGTH_MASK,
		};

		add(w->trace, &out);
	}
}

void trace_lost(struct trace *trace, uint16_t port, enum drop_reason reason)
{
	add(trace, &(struct trace_out){.port = port, .reason = reason});
}
