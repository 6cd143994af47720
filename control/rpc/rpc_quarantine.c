// SPDX-License-Identifier: BSD-3-Clause
// quarantine.report: what a port in quarantine has sent, and what to do about it.
#include <stdlib.h>
#include <string.h>

#include "control/alloc.h"
#include "control/config/config.h"
#include "control/control.h"
#include "control/events/advice.h"
#include "control/events/decode.h"
#include "control/events/decode_names.h"
#include "control/events/events.h"
#include "control/events/quarantine.h"
#include "control/rpc/rpc.h"

struct report {
	const struct record *record;
	struct quarantine_rules rules;
};

static json_t *describe_macs(const struct report *report)
{
	const struct record_rules *rules = &report->rules.rules;
	json_t *macs = json_array();

	for (size_t i = 0; i < report->record->n_macs; i++) {
		const struct record_mac *mac = &report->record->macs[i];
		size_t r = 0;

		while (r < rules->n_macs && rules->macs[r] != mac->mac)
			r++;
		json_array_append_new(macs,
				      json_pack("{s:o, s:I, s:o, s:o, s:b}", "mac",
						rpc_mac(mac->mac), "frames",
						(json_int_t)mac->frames, "first",
						rpc_time(mac->first), "last", rpc_time(mac->last),
						"registered", (int)(r < rules->n_macs)));
	}
	return macs;
}

static json_t *describe_types(const struct record *record)
{
	json_t *types = json_array();

	for (size_t i = 0; i < record->n_types; i++) {
		uint16_t type = record->types[i].type;
		const char *name = type ? decode_type_name(type) : "a length instead of a type";

		json_array_append_new(types, json_pack("{s:o, s:s?, s:I}", "type", rpc_known(type),
						       "name", name, "frames",
						       (json_int_t)record->types[i].frames));
	}
	return types;
}

static json_t *describe_addresses(const struct report *report)
{
	const struct record_rules *rules = &report->rules.rules;
	json_t *addresses = json_array();
	char text[IP_TEXT_SIZE];

	for (size_t i = 0; i < rules->n_ips; i++)
		json_array_append_new(addresses,
				      json_pack("{s:s, s:b}", "ip", ip_format(&rules->ips[i], text),
						"answered", (int)report->record->answered[i]));
	return addresses;
}

static json_t *split_lines(const char *text)
{
	json_t *lines = json_array();

	while (*text) {
		size_t length = strcspn(text, "\n");

		json_array_append_new(lines, json_stringn(text, length));
		text += length + (text[length] == '\n');
	}
	return lines;
}

static json_t *describe_advice(enum finding finding)
{
	json_t *list = json_array();
	const struct advice *advice;

	for (size_t i = 0; (advice = advice_find(finding, i)); i++)
		json_array_append_new(list, json_pack("{s:s, s:o}", "system", advice->system,
						      "commands", split_lines(advice->commands)));
	return list;
}

static json_t *describe_finding(enum finding finding, const struct record_finding *found)
{
	const struct finding_info *info = &finding_infos[finding];
	struct decoded decoded;

	decode(found->octets, found->n_octets, &decoded);
	return json_pack("{s:s, s:b, s:s, s:I, s:o, s:o, s:i, s:o, s:o, s:o}", "finding",
			 info->name, "fault", (int)info->is_fault, "text", info->text, "frames",
			 (json_int_t)found->frames, "first", rpc_time(found->first), "last",
			 rpc_time(found->last), "length", (int)found->length, "frame",
			 rpc_octets(found->octets, found->n_octets), "summary",
			 rpc_string(decoded.summary), "advice", describe_advice(finding));
}

static json_t *describe_findings(const struct record *record)
{
	json_t *findings = json_array();

	for (int i = FINDING_NONE + 1; i < FINDINGS; i++) {
		if (record->findings[i].frames)
			json_array_append_new(findings, describe_finding((enum finding)i,
									 &record->findings[i]));
	}
	return findings;
}

static void add_reason(json_t *reasons, char *text)
{
	json_array_append_new(reasons, rpc_string(text));
	free(text);
}

// Why it does not pass, in words for the member.
static json_t *describe_reasons(const struct report *report, enum verdict verdict)
{
	const struct record *record = report->record;
	const struct record_rules *rules = &report->rules.rules;
	json_t *reasons = json_array();
	char text[IP_TEXT_SIZE];

	if (verdict == VERDICT_NOTHING_SEEN)
		add_reason(reasons, alloc_format("Not one frame has come yet."));
	for (int i = 0; i < FINDINGS; i++) {
		if (record->findings[i].frames && finding_infos[i].is_fault)
			add_reason(reasons, alloc_format("%s", finding_infos[i].text));
	}
	for (size_t i = 0; i < rules->n_ips; i++) {
		if (!record->answered[i])
			add_reason(reasons,
				   alloc_format("It has not answered %s for %s yet.",
						rules->ips[i].family == 4 ? "ARP"
									  : "neighbour discovery",
						ip_format(&rules->ips[i], text)));
	}
	return reasons;
}

static json_t *describe_report(const struct report *report)
{
	static const char *const words[] = {
		[VERDICT_NOTHING_SEEN] = "nothing seen yet",
		[VERDICT_FAIL] = "fail",
		[VERDICT_PASS] = "pass",
	};
	const struct record *record = report->record;
	enum verdict verdict = record_verdict(record, &report->rules.rules);

	return json_pack("{s:s, s:o, s:o, s:o, s:I, s:I, s:o, s:b, s:o, s:b, s:o, s:o}", "verdict",
			 words[verdict], "reasons", describe_reasons(report, verdict), "since",
			 rpc_time(record->since), "last", rpc_time(record->last), "frames",
			 (json_int_t)record->frames, "missed", (json_int_t)record->missed, "macs",
			 describe_macs(report), "more_macs", (int)record->more_macs, "types",
			 describe_types(record), "more_types", (int)record->more_types, "addresses",
			 describe_addresses(report), "findings", describe_findings(record));
}

void rpc_quarantine_report(struct rpc_call *call)
{
	const struct control *control = call->control;
	const char *name;

	if (!rpc_params(call, "{s:s}", "port", &name) || !rpc_needs_port(call, name) ||
	    !rpc_needs_no_link(call, name) || !rpc_needs_events(call))
		return;
	const struct config *config = control->running.config;
	const struct config_port *port = config_find_port(config, name);
	size_t i = (size_t)(port - config->ports);
	struct report report = {.record = events_record(control->events, i)};
	if (!report.record) {
		rpc_error(call, RPC_REFUSED, NULL, "port %s is not in quarantine", name);
		return;
	}
	quarantine_rules(control, i, &report.rules);
	json_t *result = describe_report(&report);
	json_object_set_new(result, "port", rpc_string(name));
	json_object_set_new(result, "asn", rpc_known(port->asn));
	json_object_set_new(result, "member", rpc_string(port->member_name));
	json_object_set_new(result, "quarantine", json_boolean(quarantine_holds(control, i)));
	rpc_result(call, result);
}
