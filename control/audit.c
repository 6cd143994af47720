// SPDX-License-Identifier: BSD-3-Clause
#include "control/audit.h"

#include <stdlib.h>
#include <string.h>

#include "control/change.h"
#include "control/config/diff.h"
#include "control/control.h"
#include "control/rpc/rpc.h"
#include "control/state/state.h"
#include "lib/log.h"

json_t *audit_changes(const struct config_changes *changes)
{
	json_t *list = json_array();

	for (size_t i = 0; i < changes->n; i++) {
		const struct config_change *change = &changes->list[i];

		json_array_append_new(list, json_pack("{s:s, s:o, s:o, s:s}", "kind",
						      change_kind_name(change->kind), "what",
						      rpc_string(change->what), "detail",
						      rpc_string(change->detail), "impact",
						      change_impact_name(change->impact)));
	}
	return list;
}

// Leave out half of the changes, and say how many that were.
static bool shorten(json_t *detail)
{
	json_t *changes = json_object_get(detail, "changes");
	json_int_t more = json_integer_value(json_object_get(detail, "more"));
	size_t n = json_array_size(changes);

	if (n == 0) {
		json_object_del(detail, "params");
		return false;
	}
	for (size_t i = n; i > n / 2; i--)
		json_array_remove(changes, i - 1);
	json_object_set_new(detail, "more", json_integer(more + (json_int_t)(n - n / 2)));
	return true;
}

static char *dump(json_t *detail)
{
	char *text = json_dumps(detail, JSON_COMPACT);

	while (text && strlen(text) > AUDIT_DETAIL_MAX && shorten(detail)) {
		free(text);
		text = json_dumps(detail, JSON_COMPACT);
	}
	return text;
}

void audit_add(struct control *control, const struct audit_who *who, const char *method,
	       json_t *detail)
{
	char *text = dump(detail);
	const struct state_deed deed = {.time = change_now(),
					.uid = who->uid,
					.by = who->by,
					.claim = who->claim,
					.method = method,
					.detail = text ? text : "{}"};

	if (state_add_deed(control->state, &deed))
		log_warn("%s; the audit log has no note of %s by %s", state_problem(control->state),
			 method, who->by);
	free(text);
	json_decref(detail);
}

void audit_applied(struct control *control, const char *by, const char *file,
		   const struct config_changes *changes)
{
	const struct audit_who who = {.uid = -1, .by = by, .claim = ""};

	audit_add(control, &who, "config.apply",
		  json_pack("{s:{s:o}, s:o, s:I}", "params", "file", rpc_string(file), "changes",
			    audit_changes(changes), "generation",
			    (json_int_t)control->running.applied.generation));
}

void audit_undone(struct control *control, uint64_t from, uint64_t to,
		  const struct config_changes *changes)
{
	const struct audit_who who = {.uid = -1, .by = "timeout", .claim = ""};

	audit_add(control, &who, "config.undo",
		  json_pack("{s:{}, s:o, s:I, s:I}", "params", "changes", audit_changes(changes),
			    "from", (json_int_t)from, "generation", (json_int_t)to));
}
