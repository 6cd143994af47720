// SPDX-License-Identifier: BSD-3-Clause
#include "control/metrics/families.h"

#include <stdlib.h>

#include "control/metrics/view.h"

size_t family_count_rows(enum family_rows rows, const struct view *view)
{
	switch (rows) {
	case FAMILY_FABRIC:
		return 1;
	case FAMILY_DATAPLANE:
		return view->attached;
	case FAMILY_PORTS:
		return view->n_ports;
	case FAMILY_MEMBERS:
		return view->n_members;
	case FAMILY_LANS:
		return view->n_lans;
	case FAMILY_WORKERS:
		return view->n_workers;
	case FAMILY_INCIDENTS:
		return view->n_incidents;
	case FAMILY_COLLECTORS:
		return view->n_collectors;
	case FAMILY_PAIRS:
		return view->attached ? view->n_ports : 0;
	}
	return 0;
}

void family_sample(struct metrics_text *text, const struct family *family)
{
	metrics_text_name(text, family->name,
			  family->type == METRICS_COUNTER ? "_total"
			  : family->type == METRICS_INFO  ? "_info"
							  : "");
}

void family_port(struct metrics_text *text, const struct family *family, const struct view *view,
		 size_t port)
{
	family_sample(text, family);
	metrics_text_label(text, "port", view->ports[port].name);
}

void view_free(struct view *view)
{
	if (!view)
		return;
	for (size_t i = 0; i < view->n_ports; i++) {
		free(view->ports[i].member);
		free(view->ports[i].description);
	}
	free(view->ports);
	free(view->members);
	free(view->lans);
	free(view->workers);
	free(view->incidents);
	free(view->collectors);
	free(view->argument);
	free(view);
}
