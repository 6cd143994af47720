// SPDX-License-Identifier: BSD-3-Clause
// show.sflow: what collectors are told, and whether it reaches them.
#include "control/config/config.h"
#include "control/control.h"
#include "control/rpc/rpc.h"
#include "control/sflow/collector.h"
#include "control/sflow/sflow.h"

static json_t *list_collectors(const struct sflow *sflow)
{
	json_t *list = json_array();
	size_t n;
	const struct collector *collectors = sflow_collectors(sflow, &n);

	for (size_t i = 0; i < n; i++) {
		const struct collector *collector = &collectors[i];

		json_array_append_new(
			list,
			json_pack("{s:o, s:o, s:i, s:I, s:I, s:b, s:o}", "name",
				  rpc_string(collector->name), "address",
				  rpc_ip(&collector->address), "port", (int)collector->port,
				  "datagrams", (json_int_t)collector->datagrams, "errors",
				  (json_int_t)collector->errors, "failing", collector->fails,
				  "last_error",
				  rpc_string(*collector->problem ? collector->problem : NULL)));
	}
	return list;
}

static json_t *list_ports(const struct sflow *sflow, const struct config *config)
{
	json_t *list = json_array();
	struct sflow_port port;

	for (size_t i = 0; config && i < config->n_ports; i++) {
		const struct config_port *at = &config->ports[i];

		if (!at->sampling || !sflow_port(sflow, i, at->name, &port))
			continue;
		json_array_append_new(list, json_pack("{s:o, s:o, s:I, s:I, s:I, s:I}", "port",
						      rpc_string(at->name), "ifindex",
						      rpc_known(port.ifindex), "sampling",
						      (json_int_t)at->sampling, "samples",
						      (json_int_t)port.samples, "lost",
						      (json_int_t)port.lost, "pool",
						      (json_int_t)port.pool));
	}
	return list;
}

void rpc_show_sflow(struct rpc_call *call)
{
	const struct sflow *sflow = call->control->sflow;
	const struct config *config = call->control->running.config;
	struct sflow_count count;

	if (!rpc_params(call, "{}"))
		return;
	sflow_count(sflow, &count);
	rpc_result(call,
		   json_pack("{s:o, s:o, s:I, s:I, s:o, s:o}", "agent",
			     config && config->sflow.agent.family ? rpc_ip(&config->sflow.agent)
								  : json_null(),
			     "polling", rpc_known(config ? config->sflow.polling : 0), "datagrams",
			     (json_int_t)count.datagrams, "ignored", (json_int_t)count.ignored,
			     "collectors", list_collectors(sflow), "ports",
			     list_ports(sflow, config)));
}
