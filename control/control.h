// SPDX-License-Identifier: BSD-3-Clause
// What the parts of control share. Everything runs in the thread of the loop.
#pragma once

#include "control/interface.h"
#include "control/running.h"
#include "lib/limits.h"

struct baselines;
struct captures;
struct changes;
struct deadline;
struct drains;
struct event_base;
struct events;
struct fabric;
struct server;
struct sflow;
struct sponges;
struct state;
struct sticky;

struct control {
	struct event_base *base;
	struct fabric *fabric;
	struct state *state;
	struct changes *changes;
	struct deadline *deadline; // NULL: nobody looks whether what waits is confirmed
	struct baselines *baselines;
	struct sticky *sticky;	   // NULL: nothing is learned for good
	struct drains *drains;	   // NULL: traffic of ports that are drained is not watched
	struct events *events;	   // NULL: nobody listens
	struct server *server;	   // NULL: operators are not served yet
	struct sponges *sponges;   // NULL: there are none
	struct captures *captures; // NULL: nothing can be captured
	struct sflow *sflow;	   // NULL: nobody is told of samples
	struct running running;
	struct interface interfaces[MAX_PORTS]; // by slot, of this dataplane
	const char *config_path;		// the file that is applied at start and on SIGHUP
	bool apply_file;			// as soon as a dataplane is there
};
