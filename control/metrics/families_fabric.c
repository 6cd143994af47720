// SPDX-License-Identifier: BSD-3-Clause
// The programs, the configuration, memory, and what is wrong.
#include "control/events/incident.h"
#include "control/metrics/families.h"
#include "control/metrics/view.h"

static void write_build(struct metrics_text *text, const struct family *family,
			const struct view *view, size_t row)
{
	(void)row;
	family_sample(text, family);
	metrics_text_label(text, "version", IXFAB_VERSION);
	metrics_text_label(text, "dataplane", view->release);
	metrics_text_number(text, 1);
}

static const void *field(const struct family *family, const struct view *view)
{
	return (const char *)view + family->offset;
}

static void write_flag(struct metrics_text *text, const struct family *family,
		       const struct view *view, size_t row)
{
	(void)row;
	family_sample(text, family);
	metrics_text_number(text, *(const bool *)field(family, view));
}

static void write_number(struct metrics_text *text, const struct family *family,
			 const struct view *view, size_t row)
{
	(void)row;
	family_sample(text, family);
	metrics_text_number(text, *(const uint64_t *)field(family, view));
}

static void write_time(struct metrics_text *text, const struct family *family,
		       const struct view *view, size_t row)
{
	(void)row;
	family_sample(text, family);
	metrics_text_real(text, *(const double *)field(family, view));
}

static void write_success(struct metrics_text *text, const struct family *family,
			  const struct view *view, size_t row)
{
	(void)row;
	family_sample(text, family);
	metrics_text_number(text, !view->failed);
}

// Where nothing is open there is nothing to tell; an alert sees that as well.
static void write_incident(struct metrics_text *text, const struct family *family,
			   const struct view *view, size_t row)
{
	static const char *const levels[] = {
		[LOG_LEVEL_CRIT] = "critical", [LOG_LEVEL_ERR] = "error",
		[LOG_LEVEL_WARN] = "warning",  [LOG_LEVEL_NOTICE] = "notice",
		[LOG_LEVEL_INFO] = "info",     [LOG_LEVEL_DEBUG] = "debug",
	};
	const struct view_incident *incident = &view->incidents[row];

	family_sample(text, family);
	metrics_text_label(text, "port", incident->port);
	metrics_text_label(text, "reason", incident->reason);
	metrics_text_label(text, "level", levels[incident->level]);
	metrics_text_number(text, 1);
}

#define AT(field) .offset = offsetof(struct view, field)

const struct family families_fabric[] = {
	{"ixfab_build", METRICS_INFO, FAMILY_FABRIC,
	 "Releases of ixfab-control and of the dataplane that is attached.", write_build},
	{"ixfab_dataplane_up", METRICS_GAUGE, FAMILY_FABRIC, "Whether a dataplane is attached.",
	 write_flag, AT(attached)},
	{"ixfab_config_generation", METRICS_GAUGE, FAMILY_FABRIC,
	 "Number of the configuration in force; 0 if there is none.", write_number, AT(generation)},
	{"ixfab_config_last_apply_timestamp_seconds", METRICS_GAUGE, FAMILY_FABRIC,
	 "When the configuration was applied.", write_time, AT(applied)},
	{"ixfab_config_confirm_deadline_timestamp_seconds", METRICS_GAUGE, FAMILY_FABRIC,
	 "When the configuration is undone unless it is confirmed; 0 if it is in force for good.",
	 write_time, AT(deadline)},
	{"ixfab_config_last_apply_success", METRICS_GAUGE, FAMILY_FABRIC,
	 "0 if the configuration file is wrong, or the dataplane refuses all or some of it.",
	 write_success},
	{"ixfab_config_in_force", METRICS_GAUGE, FAMILY_FABRIC,
	 "Whether the dataplane has the policy that the configuration and the operators want.",
	 write_flag, AT(in_force)},
	{"ixfab_config_overrides", METRICS_GAUGE, FAMILY_FABRIC,
	 "Ports for which operators have set something by hand.", write_number, AT(overrides)},
	{"ixfab_incident_open", METRICS_GAUGE, FAMILY_INCIDENTS,
	 "1 for each incident that is going on.", write_incident},
	{"ixfab_control_bad_replies", METRICS_COUNTER, FAMILY_FABRIC,
	 "Messages of dataplanes that made no sense.", write_number, AT(bad_replies)},
	{"ixfab_dataplane_start_time_seconds", METRICS_GAUGE, FAMILY_DATAPLANE,
	 "When the dataplane started.", write_time, AT(dataplane.started)},
	{"ixfab_dataplane_generation", METRICS_GAUGE, FAMILY_DATAPLANE,
	 "Policies that came into force since the dataplane started.", write_number,
	 AT(dataplane.generation)},
	{"ixfab_dataplane_bad_commands", METRICS_COUNTER, FAMILY_DATAPLANE,
	 "Messages of control that the dataplane refused.", write_number,
	 AT(dataplane.bad_commands)},
	{"ixfab_tsc_hertz", METRICS_GAUGE, FAMILY_DATAPLANE,
	 "Cycles in a second, as workers count them.", write_number, AT(dataplane.tsc_hz)},
	{"ixfab_memory_bytes", METRICS_GAUGE, FAMILY_DATAPLANE, "Memory of the frame buffers.",
	 write_number, AT(dataplane.memory_octets)},
	{"ixfab_memory_hugepages", METRICS_GAUGE, FAMILY_DATAPLANE,
	 "Whether that memory is in huge pages.", write_flag, AT(dataplane.hugepages)},
	{"ixfab_mbufs", METRICS_GAUGE, FAMILY_DATAPLANE, "Frame buffers that there are.",
	 write_number, AT(dataplane.mbufs)},
	{"ixfab_mbufs_free", METRICS_GAUGE, FAMILY_DATAPLANE, "Frame buffers that are free.",
	 write_number, AT(dataplane.mbufs_free)},
	{0},
};
