// SPDX-License-Identifier: BSD-3-Clause
#include "control/ctl/capture_line.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "control/ctl/cell.h"
#include "control/ctl/hex.h"
#include "control/ctl/out_text.h"
#include "control/events/decode.h"
#include "lib/capture.h"

char *capture_verdict(const json_t *frame)
{
	const char *verdict = out_string(frame, "verdict");
	const char *out = out_string(frame, "out"), *reason = out_string(frame, "reason");
	json_int_t copies = out_integer(frame, "copies");

	if (strcmp(verdict, "forwarded") == 0)
		return cell_format("to %s", out);
	if (strcmp(verdict, "flooded") == 0)
		return cell_format("flooded to %" JSON_INTEGER_FORMAT " port%s", copies,
				   copies == 1 ? "" : "s");
	if (strcmp(verdict, "lost") == 0)
		return cell_format("lost at %s: %s", out, reason);
	if (strcmp(verdict, "dropped") == 0)
		return *out ? cell_format("dropped on its way to %s: %s", out, reason)
			    : cell_format("dropped: %s", reason);
	return cell_format("%s", verdict);
}

static const char *reason_text(const json_t *frame)
{
	enum drop_reason reason = drop_find(out_string(frame, "reason"));

	return reason == DROP_NONE ? NULL : drop_infos[reason].text;
}

static const char *or_dash(const char *text)
{
	return *text ? text : "-";
}

char *capture_comment(const json_t *frame)
{
	char *verdict = capture_verdict(frame);
	const char *text = reason_text(frame), *lan = out_string(frame, "lan");
	char *comment =
		cell_format("port %s%s%s: %s%s%s", or_dash(out_string(frame, "port")),
			    *lan ? ", LAN " : "", lan, verdict, text ? ". " : "", text ? text : "");

	free(verdict);
	return comment;
}

// Local time, as tcpdump prints it.
static void format_time(json_int_t time_ns, char *text, size_t size)
{
	time_t seconds = (time_t)(time_ns / 1000000000);
	struct tm local = {0};
	size_t n;

	localtime_r(&seconds, &local);
	n = strftime(text, size, "%H:%M:%S", &local);
	snprintf(text + n, size - n, ".%06d", (int)(time_ns % 1000000000 / 1000));
}

char *capture_line(const json_t *frame)
{
	char *verdict = capture_verdict(frame), time[32];
	uint8_t octets[CAPTURE_OCTETS];
	size_t n = hex_read(out_string(frame, "frame"), octets, sizeof(octets));
	struct decoded decoded;

	decode(octets, n, &decoded);
	format_time(out_integer(frame, "time_ns"), time, sizeof(time));
	char *line =
		cell_format("%s  %s  %s  %s  %" JSON_INTEGER_FORMAT " octets  %s", time,
			    or_dash(out_string(frame, "port")), or_dash(out_string(frame, "lan")),
			    verdict, out_integer(frame, "length"), decoded.summary);
	free(verdict);
	return cell_clean(line);
}
