// SPDX-License-Identifier: BSD-3-Clause
#include "control/ctl/snmp_view.h"

#include "control/ctl/client.h"
#include "control/ctl/oid.h"
#include "control/ctl/snmp_bridge.h"
#include "control/ctl/snmp_interfaces.h"

void snmp_view_init(struct snmp_view *view, struct client *client)
{
	*view = (struct snmp_view){.client = client};
	client->timeout = SNMP_PATIENCE;
}

void snmp_view_fini(struct snmp_view *view)
{
	snmp_rows_clear(&view->interfaces);
	snmp_rows_clear(&view->bridge);
}

// Ask for all "methods". Returns false, with nothing to release, after one has failed.
static bool ask(struct client *client, const char *const *methods, json_t **results, size_t n)
{
	struct client_failure failure;
	size_t got = 0;

	while (got < n && (results[got] = client_call(client, methods[got], NULL, &failure)))
		got++;
	// A connection is not held in between: there are not so many of them, and control may have
	// a successor by then.
	client_close(client);
	if (got == n)
		return true;
	client_failure_clear(&failure);
	while (got)
		json_decref(results[--got]);
	return false;
}

static void read_interfaces(struct snmp_view *view, const struct snmp_time *time)
{
	static const char *const methods[] = {"show.interfaces"};
	json_t *result;

	if (time->now < view->interfaces_until)
		return;
	snmp_rows_clear(&view->interfaces);
	view->interfaces_until = time->now + SNMP_KEEP_INTERFACES;
	if (!ask(view->client, methods, &result, 1))
		return;
	snmp_add_interfaces(&view->interfaces, result, time->agent_started);
	snmp_rows_sort(&view->interfaces);
	json_decref(result);
}

static void read_bridge(struct snmp_view *view, const struct snmp_time *time)
{
	static const char *const methods[] = {"show.interfaces", "show.lans", "show.macs"};
	json_t *results[3];

	if (time->now < view->bridge_until)
		return;
	snmp_rows_clear(&view->bridge);
	view->bridge_until = time->now + SNMP_KEEP_INTERFACES;
	if (!ask(view->client, methods, results, 3))
		return;
	view->bridge_until = time->now + SNMP_KEEP_BRIDGE;
	snmp_add_bridge(&view->bridge, results[0], results[1], results[2]);
	snmp_rows_sort(&view->bridge);
	for (size_t i = 0; i < 3; i++)
		json_decref(results[i]);
}

static bool is_below(const struct oid *oid, const char *base_text)
{
	struct oid base;

	return oid_parse(base_text, &base) == 0 && oid->n >= base.n &&
	       oid_compare(oid->ids, base.n, base.ids, base.n) == 0;
}

const struct snmp_row *snmp_view_lookup(struct snmp_view *view, const struct snmp_time *time,
					const struct oid *oid, bool next)
{
	const bool bridge = is_below(oid, SNMP_BRIDGE);
	const struct snmp_rows *rows = bridge ? &view->bridge : &view->interfaces;

	if (bridge)
		read_bridge(view, time);
	else
		read_interfaces(view, time);
	return next ? snmp_rows_next(rows, oid) : snmp_rows_find(rows, oid);
}
