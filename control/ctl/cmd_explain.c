// SPDX-License-Identifier: BSD-3-Clause
// `ixfab explain --port P FRAME`: words to octets, then the daemon's verdicts, stage by stage.
#include <stdlib.h>
#include <string.h>

#include "control/ctl/command.h"
#include "control/ctl/frame_words.h"
#include "control/ctl/out_text.h"
#include "lib/drops.h"

enum { EXPLAIN_WORDS_MAX = 512 };

static int parse_words(const json_t *list, struct frame_description *frame,
		       char error[FRAME_ERROR_SIZE])
{
	char *words[EXPLAIN_WORDS_MAX];
	size_t n = json_array_size(list);

	for (size_t i = 0; i < n && i < EXPLAIN_WORDS_MAX; i++)
		words[i] = (char *)json_string_value(json_array_get(list, i));
	return frame_parse(words, n < EXPLAIN_WORDS_MAX ? n : EXPLAIN_WORDS_MAX, frame, error);
}

static bool has_address(const json_t *lan, const struct ip *ip)
{
	const json_t *ips = json_object_get(lan, "ips");
	struct ip registered;

	for (size_t i = 0; i < json_array_size(ips); i++) {
		const char *text = json_string_value(json_array_get(ips, i));

		if (text && ip_parse(text, &registered) == 0 && ip_equal(&registered, ip))
			return true;
	}
	return false;
}

// The first MAC that is registered beside "ip" (NULL: beside any address), on the port named "only"
// (NULL: on any).
static bool find_mac(const json_t *ports, const char *only, const struct ip *ip, mac_t *mac)
{
	for (size_t p = 0; p < json_array_size(ports); p++) {
		const json_t *port = json_array_get(ports, p);
		const json_t *lans = json_object_get(port, "lans");

		if (only && strcmp(out_string(port, "name"), only) != 0)
			continue;
		for (size_t i = 0; i < json_array_size(lans); i++) {
			const json_t *lan = json_array_get(lans, i);
			const json_t *first = json_array_get(json_object_get(lan, "macs"), 0);

			if ((!ip || has_address(lan, ip)) && first &&
			    mac_parse(json_string_value(first), mac) == 0)
				return true;
		}
	}
	return false;
}

// The port whose addresses are used on "name": itself, or the LAG whose link it is.
static const char *owner_of(const json_t *ports, const char *name)
{
	for (size_t p = 0; p < json_array_size(ports); p++) {
		const json_t *port = json_array_get(ports, p);
		const char *lag = out_string(port, "lag");

		if (strcmp(out_string(port, "name"), name) == 0 && *lag)
			return lag;
	}
	return name;
}

// Fill in the addresses that were left out: from the claim, the group, or the configuration.
static void find_addresses(const json_t *ports, const char *port, struct frame_description *frame)
{
	const struct ip *source = frame->has_source ? &frame->source : NULL;
	const char *owner = owner_of(ports, port);

	if (!frame->has_from && frame->has_claimed) {
		frame->from = frame->claimed;
		frame->has_from = true;
	}
	if (!frame->has_from)
		frame->has_from = find_mac(ports, owner, source, &frame->from) ||
				  find_mac(ports, owner, NULL, &frame->from);
	if (!frame->has_to)
		frame->has_to = frame_group_target(frame, &frame->to);
	if (!frame->has_to && frame->target.family)
		frame->has_to = find_mac(ports, NULL, &frame->target, &frame->to);
}

static enum status complete_addresses(struct session *session, const char *port,
				      struct frame_description *frame)
{
	enum status status;

	if (frame->has_from && frame->has_to)
		return STATUS_OK;
	json_t *result = session_call(session, "show.ports", NULL, &status);
	if (!result)
		return status;
	find_addresses(json_object_get(result, "ports"), port, frame);
	json_decref(result);
	if (!frame->has_from)
		return session_fail(
			session, STATUS_USAGE,
			"\"from MAC\" is missing, and the port has no registered address");
	if (!frame->has_to)
		return session_fail(session, STATUS_USAGE,
				    "\"to MAC\" is missing, and no registered address tells it");
	return STATUS_OK;
}

static const char *type_name(uint16_t type)
{
	switch (type) {
	case 0x0800:
		return "IPv4";
	case 0x0806:
		return "ARP";
	case 0x86dd:
		return "IPv6";
	default:
		return NULL;
	}
}

static uint16_t load16(const uint8_t *octets)
{
	return (uint16_t)(octets[0] << 8 | octets[1]);
}

// What the frame looks like from outside: addresses, tags, type, length.
static char *describe(const struct frame *frame)
{
	char from[MAC_TEXT_SIZE], to[MAC_TEXT_SIZE], tags[32] = "", type[16];
	size_t at = 12;

	for (int n = 0;
	     n < FRAME_TAGS_MAX && at + 6 <= frame->n_given && load16(frame->octets + at) == 0x8100;
	     n++) {
		size_t used = strlen(tags);

		snprintf(tags + used, sizeof(tags) - used, "VLAN %d, ",
			 load16(frame->octets + at + 2) & 0xfff);
		at += 4;
	}
	uint16_t value = at + 2 <= frame->n_given ? load16(frame->octets + at) : 0;
	snprintf(type, sizeof(type), "type 0x%04x", value);
	return cell_format("%s > %s, %s%s, %u octets",
			   mac_format(mac_load(frame->octets + 6), from),
			   mac_format(mac_load(frame->octets), to), tags,
			   type_name(value) ? type_name(value) : type, frame->length);
}

static void print_drop(struct out *out, const char *reason)
{
	enum drop_reason drop = drop_find(reason);

	out_tinted(out, TINT_BAD, "It leaves nowhere, %s: %s", reason,
		   drop == DROP_NONE ? "a reason that only a newer ixfab knows"
				     : drop_infos[drop].text);
}

static void print_stages(struct out *out, const json_t *stages)
{
	struct table *table = table_create();
	struct out plain = *out;

	plain.header = false;
	table_column(table, "", false);
	table_column(table, "", false);
	table_column(table, "", false);
	for (size_t i = 0; i < json_array_size(stages); i++) {
		const json_t *stage = json_array_get(stages, i);
		bool dead = *out_string(stage, "reason");

		table_cell(table, cell_text(json_object_get(stage, "stage"), CELL_TEXT),
			   TINT_TITLE);
		table_cell(table, cell_format("%s", dead ? "DROP" : "ok"),
			   dead ? TINT_BAD : TINT_NONE);
		table_cell(table, cell_text(json_object_get(stage, "verdict"), CELL_TEXT),
			   TINT_NONE);
	}
	table_print(table, &plain);
	table_destroy(table);
}

static char *egress_tag(const json_t *egress)
{
	json_int_t vid = out_integer(egress, "vid");

	return vid ? cell_format("%d", (int)vid) : cell_format("untagged");
}

static char *egress_verdict(const json_t *egress)
{
	const char *reason = out_string(egress, "reason");
	enum drop_reason drop = drop_find(reason);

	if (!*reason)
		return cell_format("sent");
	return cell_clean(cell_format("dropped, %s: %s", reason,
				      drop == DROP_NONE ? "" : drop_infos[drop].text));
}

static void view_explain(struct out *out, const json_t *result)
{
	static const struct column columns[] = {
		{"LEAVES-BY", "port", CELL_TEXT},
		{"TAG", NULL, CELL_TEXT, egress_tag},
		{"OCTETS", "length", CELL_COUNT},
		{"VERDICT", NULL, CELL_TEXT, egress_verdict},
	};
	const json_t *egress = json_object_get(result, "egress");
	const char *reason = out_string(result, "reason");

	print_stages(out, json_object_get(result, "stages"));
	fputc('\n', out->file);
	if (json_array_size(egress))
		out_rows(out, egress, columns, N_COLUMNS(columns));
	else if (!*reason)
		out_line(out, "It leaves nowhere: the fabric keeps it.");
	if (*reason)
		print_drop(out, reason);
}

static json_t *build_request(const char *port, const struct frame *frame)
{
	char hex[2 * FRAME_GIVEN_MAX + 1] = "";

	for (size_t i = 0; i < frame->n_given; i++)
		sprintf(hex + 2 * i, "%02x", frame->octets[i]);
	return json_pack("{s:s, s:s, s:i}", "port", port, "frame", hex, "length", frame->length);
}

static enum status ask(struct session *session, const char *port, const struct frame *frame)
{
	json_t *params = build_request(port, frame);
	enum status status;
	json_t *result = session_call(session, "explain", params, &status);

	if (result && !session->out.json) {
		char *what = describe(frame);

		out_line(&session->out, "%s, comes by %s", what, port);
		fputc('\n', session->out.file);
		free(what);
	}
	if (result)
		out_show(&session->out, result, view_explain);
	json_decref(result);
	json_decref(params);
	return status;
}

enum status run_explain(struct session *session, const struct command *command, json_t *arguments)
{
	const char *port = json_string_value(json_object_get(arguments, "port"));
	struct frame_description description;
	char error[FRAME_ERROR_SIZE];
	struct frame frame;

	(void)command;
	if (parse_words(json_object_get(arguments, "frame"), &description, error) < 0)
		return session_fail(session, STATUS_USAGE, "%s", error);
	enum status status = complete_addresses(session, port, &description);
	if (status != STATUS_OK)
		return status;
	if (frame_build(&description, &frame) < 0)
		return session_fail(session, STATUS_USAGE, "the frame is longer than 65535 octets");
	return ask(session, port, &frame);
}
