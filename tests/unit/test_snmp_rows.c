// SPDX-License-Identifier: BSD-3-Clause
// Identifiers, the order of objects, and what snmpd is told of each.
#include "control/ctl/snmp_rows.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "control/ctl/oid.h"
#include "control/ctl/snmp_serve.h"

static struct snmp_rows rows;

static void end(void)
{
	snmp_rows_clear(&rows);
}

TestSuite(snmp_rows, .fini = end);

static struct oid oid(const char *text)
{
	struct oid parsed;

	cr_assert_eq(oid_parse(text, &parsed), 0, "%s", text);
	return parsed;
}

static void add(const char *text, uint32_t index, uint64_t number)
{
	snmp_rows_add(&rows, text, &index, 1, SNMP_COUNTER64, number);
}

static const struct snmp_row *lookup(void *argument, const struct oid *wanted, bool next)
{
	(void)argument;
	return next ? snmp_rows_next(&rows, wanted) : snmp_rows_find(&rows, wanted);
}

static void expect_dialogue(const char *said, size_t length, const char *wanted)
{
	char *answers;
	size_t size;
	FILE *out = open_memstream(&answers, &size);
	FILE *in = fmemopen((void *)said, length, "r");

	snmp_serve(in, out, lookup, NULL);
	fclose(in);
	fclose(out);
	cr_expect_str_eq(answers, wanted, "answered\n%s", answers);
	free(answers);
}

static void expect_answers(const char *said, const char *wanted)
{
	expect_dialogue(said, strlen(said), wanted);
}

Test(snmp_rows, identifiers_are_read_and_written)
{
	static const char *const wrong[] = {"",	   ".",	    "..1", ".1.",	  ".1..2", "1.a",
					    ".-1", ".1 .2", ".+1", ".4294967296", " .1",   ".1\n"};
	char text[OID_TEXT_SIZE], most[OID_MAX * 2 + 3] = "";
	struct oid parsed = oid("1.3.4294967295");

	cr_expect_str_eq(oid_format(parsed.ids, parsed.n, text), ".1.3.4294967295");
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
		cr_expect_eq(oid_parse(wrong[i], &parsed), -EINVAL, "\"%s\"", wrong[i]);
	for (int i = 0; i < OID_MAX; i++)
		strcat(most, ".1");
	cr_expect_eq(oid_parse(most, &parsed), 0);
	strcat(most, ".1");
	cr_expect_eq(oid_parse(most, &parsed), -EINVAL);
}

Test(snmp_rows, order_is_that_of_numbers)
{
	static const char *const ascending[] = {".1.3",	   ".1.3.0",	      ".1.3.9", ".1.3.9.1",
						".1.3.10", ".1.3.4294967295", ".1.4",	".2"};
	const size_t n = sizeof(ascending) / sizeof(*ascending);

	for (size_t i = 0; i < n; i++) {
		for (size_t j = 0; j < n; j++) {
			struct oid a = oid(ascending[i]), b = oid(ascending[j]);
			int order = oid_compare(a.ids, a.n, b.ids, b.n);

			cr_expect_eq((order > 0) - (order < 0), (i > j) - (i < j), "%s and %s",
				     ascending[i], ascending[j]);
		}
	}
}

// Added from the back: a walk finds every one, column by column and port by port.
Test(snmp_rows, a_walk_goes_over_the_ends_of_columns_and_tables)
{
	add(".1.31.1", 10, 6);
	add(".1.31.1", 9, 5);
	add(".1.2.2", 10, 4);
	add(".1.2.2", 9, 3);
	add(".1.2.1", 10, 2);
	add(".1.2.1", 9, 1);
	snmp_rows_sort(&rows);
	struct oid at = oid(".1");
	for (uint64_t i = 1; i <= 6; i++) {
		const struct snmp_row *row = snmp_rows_next(&rows, &at);

		cr_assert_not_null(row);
		cr_expect_eq(row->number, i);
		at.n = row->n;
		memcpy(at.ids, row->ids, row->n * sizeof(*row->ids));
		cr_expect_eq(snmp_rows_find(&rows, &at), row);
	}
	cr_expect_null(snmp_rows_next(&rows, &at));
	expect_answers("getnext\n.1.2.1.10\nget\n.1.2.1\nget\n.1.2.1.9.1\ngetnext\n.1.2.1.9.1\n",
		       ".1.2.2.9\ncounter64\n3\nNONE\nNONE\n.1.2.1.10\ncounter64\n2\n");
}

Test(snmp_rows, nothing_has_no_objects)
{
	snmp_rows_sort(&rows);
	expect_answers("get\n.1\ngetnext\n.1\n", "NONE\nNONE\n");
}

Test(snmp_rows, the_first_of_two_stays)
{
	add(".1", 1, 11);
	add(".1", 2, 20);
	add(".1", 1, 12);
	snmp_rows_add_text(&rows, ".1", &(uint32_t){2}, 1, "freed");
	snmp_rows_sort(&rows);
	cr_expect_eq(rows.n, 2);
	expect_answers("get\n.1.1\nget\n.1.2\n", ".1.1\ncounter64\n11\n.1.2\ncounter64\n20\n");
}

Test(snmp_rows, counters_wrap_and_gauges_do_not)
{
	static const struct {
		enum snmp_type type;
		const char *wanted;
	} cases[] = {
		{SNMP_COUNTER, ".1.1\ncounter\n7\n"},
		{SNMP_COUNTER64, ".1.1\ncounter64\n4294967303\n"},
		{SNMP_GAUGE, ".1.1\ngauge\n4294967295\n"},
		{SNMP_TICKS, ".1.1\ntimeticks\n7\n"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		snmp_rows_add(&rows, ".1", &(uint32_t){1}, 1, cases[i].type, UINT64_C(0x100000007));
		expect_answers("get\n.1.1\n", cases[i].wanted);
		snmp_rows_clear(&rows);
	}
}

static void expect_text(const char *text, const char *wanted)
{
	snmp_rows_add_text(&rows, ".1", &(uint32_t){1}, 1, text);
	expect_answers("get\n.1.1\n", wanted);
	snmp_rows_clear(&rows);
}

#define FORTY "0123456789012345678901234567890123456789"

Test(snmp_rows, a_text_is_one_line)
{
	expect_text("Cust: \"A\" \\ & 'B'; $(c) %s",
		    ".1.1\nstring\nCust: \"A\" \\ & 'B'; $(c) %s\n");
	expect_text("two\nlines\r\x7f", ".1.1\nstring\ntwo?lines??\n");
	expect_text("", ".1.1\noctet\n\n");
	expect_text("NONE", ".1.1\nstring\nNONE\n");
	expect_text(FORTY FORTY, ".1.1\nstring\n" FORTY "012345678901234567890123\n");
	expect_text(FORTY "01234567890123456789012\u00e9", // 65 octets
		    ".1.1\nstring\n" FORTY "01234567890123456789012\n");
}

Test(snmp_rows, addresses_are_octets)
{
	snmp_rows_add(&rows, ".1", &(uint32_t){1}, 1, SNMP_MAC, MAC(0x02, 0, 0, 0xab, 0, 0x0f));
	snmp_rows_add(&rows, ".1", &(uint32_t){2}, 1, SNMP_MAC, 0);
	snmp_rows_sort(&rows);
	expect_answers("get\n.1.1\nget\n.1.2\n", ".1.1\noctet\n02 00 00 ab 00 0f\n.1.2\noctet\n\n");
}

Test(snmp_rows, nothing_can_be_set)
{
	add(".1", 1, 5);
	expect_answers("set\n.1.1\ncounter64 6\nget\n.1.1\n", "not-writable\n.1.1\ncounter64\n5\n");
}

Test(snmp_rows, what_makes_no_sense_is_passed_over)
{
	char said[70000];
	size_t n = sizeof(said);

	expect_answers("PING\r\nfoo\n\nget\nfoo\nget\n\ngetnext\n.1.\nPING",
		       "PONG\nNONE\nNONE\nNONE\nPONG\n");
	expect_answers("get\n", "");
	expect_answers("set\n.1\n", "");
	memset(said, 'x', n);
	memcpy(said + n - 6, "\nPING\n", 6);
	expect_dialogue(said, n, "PONG\n");
	memcpy(said, "get\n", 4);
	expect_dialogue(said, n, "NONE\nPONG\n");
	memset(said, 0, n);
	memcpy(said + n - 6, "\nPING\n", 6);
	expect_dialogue(said, n, "PONG\n");
}
