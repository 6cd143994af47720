// SPDX-License-Identifier: BSD-3-Clause
#include "control/ctl/snmp_serve.h"

#include <string.h>

#include "control/ctl/oid.h"
#include "control/ctl/snmp_rows.h"

enum { LINE_SIZE = OID_TEXT_SIZE + 2 }; // the longest one that means something, and its end

// Read one line without its end; of one that is too long the beginning. Returns false at the end.
static bool read_line(FILE *in, char line[LINE_SIZE])
{
	size_t length;
	int c;

	if (!fgets(line, LINE_SIZE, in))
		return false;
	length = strcspn(line, "\n");
	if (!line[length]) {
		while ((c = fgetc(in)) != EOF && c != '\n')
			;
	}
	line[length] = 0;
	if (length && line[length - 1] == '\r')
		line[length - 1] = 0;
	return true;
}

static void answer(FILE *out, const char *text, snmp_lookup *lookup, void *argument, bool next)
{
	struct oid oid;
	const struct snmp_row *row = oid_parse(text, &oid) ? NULL : lookup(argument, &oid, next);

	if (row)
		snmp_row_print(row, out);
	else
		fputs("NONE\n", out);
}

void snmp_serve(FILE *in, FILE *out, snmp_lookup *lookup, void *argument)
{
	char line[LINE_SIZE], rest[LINE_SIZE];

	while (read_line(in, line)) {
		bool next = strcmp(line, "getnext") == 0;

		if (strcmp(line, "PING") == 0)
			fputs("PONG\n", out);
		else if ((next || strcmp(line, "get") == 0) && read_line(in, rest))
			answer(out, rest, lookup, argument, next);
		else if (strcmp(line, "set") == 0 && read_line(in, rest) && read_line(in, rest))
			fputs("not-writable\n", out);
		if (fflush(out) != 0)
			return;
	}
}
