// SPDX-License-Identifier: BSD-3-Clause
#include "control/ctl/port_state.h"

#include <stdlib.h>
#include <string.h>

#include "control/ctl/cell.h"
#include "control/ctl/out_text.h"

static const struct {
	const char *why;
	const char *text;
} causes[] = {
	{"security", "port security"},
	{"storm", "storm"},
	{"loop", "loop"},
	{"flap", "link going up and down"},
};

char *port_disabled_text(const json_t *disabled)
{
	const char *why = out_string(disabled, "why");
	const char *other = out_string(disabled, "other");
	const char *text = *why ? why : "-";

	for (size_t i = 0; i < N_COLUMNS(causes); i++) {
		if (strcmp(causes[i].why, why) == 0)
			text = causes[i].text;
	}
	if (*other)
		return cell_clean(cell_format("%s with %s", text, other));
	return cell_clean(cell_format("%s", text));
}

static char *disabled_state(const json_t *disabled)
{
	char *why = port_disabled_text(disabled);
	char *text;

	if (json_is_integer(json_object_get(disabled, "left")))
		text = cell_format("disabled (%s, enabled again in %" JSON_INTEGER_FORMAT " s)",
				   why, out_integer(disabled, "left"));
	else
		text = cell_format("disabled (%s, until it is enabled)", why);
	free(why);
	return text;
}

char *port_state_text(const json_t *port)
{
	const char *state = out_string(port, "state");
	bool quarantined = json_is_true(json_object_get(port, "quarantine"));

	if (strcmp(state, "disabled") == 0)
		return disabled_state(json_object_get(port, "disabled"));
	if (strcmp(state, "drained") == 0 && quarantined)
		return cell_format("drained, quarantine");
	return cell_clean(cell_format("%s", *state ? state : "-"));
}

static char *bits_text(const json_t *rate)
{
	static const char *const units[] = {"kb/s", "Mb/s", "Gb/s", "Tb/s"};
	double value = json_number_value(rate) / 1000;
	int unit = 0;

	if (!json_is_number(rate))
		return cell_format("not known");
	while (value >= 1000 && unit < 3) {
		value /= 1000;
		unit++;
	}
	return cell_format("%.*f %s", value < 100 && unit > 0 ? 1 : 0, value, units[unit]);
}

char *port_drained_text(const json_t *port)
{
	const json_t *drained = json_object_get(port, "drained");

	if (!json_is_object(drained))
		return cell_format("-");
	bool ends = json_is_number(json_object_get(drained, "until"));
	char *since = cell_text(json_object_get(drained, "since"), CELL_TIME);
	char *until = ends ? cell_text(json_object_get(drained, "until"), CELL_TIME)
			   : cell_format("undrained");
	char *now = bits_text(json_object_get(drained, "rate"));
	char *before = bits_text(json_object_get(drained, "rate_before"));
	bool zero = json_is_true(json_object_get(drained, "near_zero"));
	char *text = cell_format("since %s, until %s, traffic now %s (was %s)%s", since, until, now,
				 before, zero ? ": near zero" : "");
	free(since);
	free(until);
	free(now);
	free(before);
	return text;
}

char *port_member(const json_t *port)
{
	json_int_t asn = out_integer(port, "asn");
	const char *name = out_string(port, "member");

	if (!asn)
		return cell_clean(cell_format("%s", *name ? name : "-"));
	return cell_clean(
		cell_format("AS%" JSON_INTEGER_FORMAT "%s%s", asn, *name ? " " : "", name));
}
