// SPDX-License-Identifier: BSD-3-Clause
#include "control/when.h"

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DAY_S = 86400, FAR_S = WHEN_YEARS * 366 * DAY_S };

static int unit_seconds(char unit)
{
	switch (unit) {
	case 's':
		return 1;
	case 'm':
		return 60;
	case 'h':
		return 3600;
	case 'd':
		return DAY_S;
	default:
		return 0;
	}
}

int when_parse_span(const char *text, time_t *span)
{
	int last = DAY_S + 1;

	*span = 0;
	while (*text) {
		char *end;

		if (!isdigit((unsigned char)*text))
			return -EINVAL;
		unsigned long n = strtoul(text, &end, 10);
		int unit = unit_seconds(*end);
		if (unit == 0 || unit >= last)
			return -EINVAL;
		if (n > FAR_S)
			return -ERANGE;
		*span += (time_t)n * unit;
		last = unit;
		text = end + 1;
	}
	if (*span > FAR_S)
		return -ERANGE;
	return *span ? 0 : -EINVAL;
}

// Digits and separators, exactly as in "form", where '0' stands for any digit.
static bool has_form(const char *text, const char *form)
{
	size_t length = strlen(form);

	if (strlen(text) != length)
		return false;
	for (size_t i = 0; i < length; i++) {
		if (form[i] == '0' ? !isdigit((unsigned char)text[i]) : text[i] != form[i])
			return false;
	}
	return true;
}

static int number(const char *text, int from, int n)
{
	int value = 0;

	for (int i = 0; i < n; i++)
		value = value * 10 + (text[from + i] - '0');
	return value;
}

static int parse_moment(const char *text, time_t *when)
{
	struct tm tm = {.tm_isdst = -1};
	bool seconds = has_form(text, "0000-00-00T00:00:00");
	bool minutes = seconds || has_form(text, "0000-00-00T00:00");

	if (!minutes && !has_form(text, "0000-00-00"))
		return -EINVAL;
	tm.tm_year = number(text, 0, 4) - 1900;
	tm.tm_mon = number(text, 5, 2) - 1;
	tm.tm_mday = number(text, 8, 2);
	tm.tm_hour = minutes ? number(text, 11, 2) : 0;
	tm.tm_min = minutes ? number(text, 14, 2) : 0;
	tm.tm_sec = seconds ? number(text, 17, 2) : 0;
	if (tm.tm_hour > 23 || tm.tm_min > 59 || tm.tm_sec > 59)
		return -EINVAL;
	struct tm wanted = tm;
	*when = mktime(&tm);
	// There is no 31 February, and mktime() would make a 3 March of it.
	return tm.tm_mon == wanted.tm_mon && tm.tm_mday == wanted.tm_mday ? 0 : -EINVAL;
}

int when_parse(const char *text, time_t now, time_t *when)
{
	time_t span = 0;
	time_t moment = 0;
	int err;

	if (strchr(text, '-')) {
		err = parse_moment(text, &moment);
	} else {
		err = when_parse_span(text, &span);
		moment = now + span;
	}
	if (err)
		return err;
	if (moment <= now || moment - now > FAR_S)
		return -ERANGE;
	*when = moment;
	return 0;
}

char *when_format(double when, char *text)
{
	time_t seconds = (time_t)when;
	struct tm local;

	if (when <= 0 || !localtime_r(&seconds, &local))
		snprintf(text, WHEN_TEXT_SIZE, "without end");
	else
		strftime(text, WHEN_TEXT_SIZE, "until %Y-%m-%d %H:%M:%S", &local);
	return text;
}
