// SPDX-License-Identifier: BSD-3-Clause
#include "lib/notify.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <systemd/sd-daemon.h>

#include "lib/clock.h"

static uint64_t watchdog_ns;
static char last_status[NOTIFY_STATUS_SIZE];

void notify_init(void)
{
	uint64_t us;

	watchdog_ns = sd_watchdog_enabled(0, &us) > 0 ? us * 1000 : 0;
}

void notify_ready(void)
{
	sd_notify(0, "READY=1");
}

// The time tells the service manager which of two reloads a READY=1 belongs to.
void notify_reloading(void)
{
	sd_notifyf(0, "RELOADING=1\nMONOTONIC_USEC=%lu", (unsigned long)(clock_steady_ns() / 1000));
}

void notify_stopping(void)
{
	sd_notify(0, "STOPPING=1");
}

void notify_status(const char *format, ...)
{
	char status[NOTIFY_STATUS_SIZE];
	va_list args;

	va_start(args, format);
	vsnprintf(status, sizeof(status), format, args);
	va_end(args);
	if (strcmp(status, last_status) == 0)
		return;
	strcpy(last_status, status);
	sd_notifyf(0, "STATUS=%s", status);
}

uint64_t notify_watchdog_ns(void)
{
	return watchdog_ns;
}

void notify_alive(void)
{
	sd_notify(0, "WATCHDOG=1");
}
