// SPDX-License-Identifier: BSD-3-Clause
// ixfab-control: keeps the dataplane at what the configuration says, and serves operators.
//
// It owns no frame: whatever happens to it, the dataplane forwards as it was told last. See
// control/startup.h for what it does first, control/change.h for how anything is changed.
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "control/capture/captures.h"
#include "control/change.h"
#include "control/control.h"
#include "control/deadline.h"
#include "control/events/events.h"
#include "control/fabric/fabric.h"
#include "control/fits.h"
#include "control/loop.h"
#include "control/manual/drain.h"
#include "control/manual/sticky.h"
#include "control/metrics/metrics.h"
#include "control/options.h"
#include "control/rpc/rpc.h"
#include "control/rpc/server.h"
#include "control/service.h"
#include "control/sflow/sflow.h"
#include "control/sponge/sponge.h"
#include "control/startup.h"
#include "control/state/baselines.h"
#include "lib/log.h"
#include "lib/notify.h"

static struct control control;
static const struct fabric_patience usual_patience;
static const struct fabric_listener listener = {
	.attached = startup_attached,
	.detached = startup_detached,
	.event = events_take,
	.captured = captures_take,
	.argument = &control,
};

static void on_end(evutil_socket_t number, short what, void *argument)
{
	(void)what, (void)argument;
	log_notice("%s: ending; the dataplane goes on", strsignal(number));
	notify_stopping();
	loop_stop(control.base);
}

static void on_reload(evutil_socket_t number, short what, void *argument)
{
	(void)number, (void)what, (void)argument;
	startup_reload(&control);
}

static int open_state(const char *directory)
{
	char problem[STATE_PROBLEM_SIZE];

	control.state = state_open(directory, problem);
	if (!control.state) {
		log_err("%s", problem);
		return -errno;
	}
	control.baselines = baselines_create(control.state);
	control.events = events_create(&control, directory);
	control.sponges = sponges_create(&control, directory);
	control.sflow = sflow_create(&control);
	if (!control.events || !control.sponges || !control.sflow)
		return -ENOMEM;
	return startup_load(&control);
}

static int open_fabric(const struct options *options)
{
	control.changes = changes_create(&control);
	control.sticky = sticky_create(&control);
	control.deadline = deadline_create(&control);
	if (control.changes && control.sticky && control.deadline)
		control.fabric =
			fabric_create(control.base, options->dataplane, &listener, &usual_patience);
	if (!control.fabric)
		return -ENOMEM;
	control.drains = drains_create(&control);
	control.captures = captures_create(&control);
	return control.drains ? 0 : -ENOMEM;
}

static int run(const struct options *options)
{
	struct event *signals[] = {
		loop_signal(control.base, SIGTERM, on_end, NULL),
		loop_signal(control.base, SIGINT, on_end, NULL),
		loop_signal(control.base, SIGHUP, on_reload, NULL),
	};
	// Operators are served before a dataplane is there, but not before the state is.
	control.server = server_create(control.base, options->socket, options->group, &rpc_handler,
				       &control);
	int err = control.server ? 0 : -errno;
	struct metrics *metrics = err ? NULL : metrics_create(&control, &options->metrics);
	struct service *service = metrics ? service_start(&control) : NULL;
	if (!err)
		err = service ? loop_run(control.base) : -errno;

	service_stop(service);
	metrics_destroy(metrics);
	drains_destroy(control.drains);
	fabric_destroy(control.fabric);
	sponges_destroy(control.sponges);
	sflow_destroy(control.sflow);
	sticky_destroy(control.sticky);
	changes_destroy(control.changes);
	deadline_destroy(control.deadline);
	events_destroy(control.events);
	if (control.server)
		server_destroy(control.server);
	captures_destroy(control.captures);
	for (size_t i = 0; i < sizeof(signals) / sizeof(*signals); i++)
		loop_forget(&signals[i]);
	return err;
}

int main(int argc, char **argv)
{
	struct options options;
	int status = options_parse(&options, argc, argv);

	if (status >= 0)
		return status;
	if (options.fits)
		return fits(options.dataplane);
	log_init("ixfab-control", options.log);
	notify_init();
	signal(SIGPIPE, SIG_IGN);
	control.config_path = options.config;
	control.base = loop_create();
	if (!control.base || open_state(options.state) || open_fabric(&options))
		return EXIT_FAILURE;
	status = run(&options) ? EXIT_FAILURE : EXIT_SUCCESS;
	running_fini(&control.running);
	baselines_destroy(control.baselines);
	state_close(control.state);
	event_base_free(control.base);
	return status;
}
