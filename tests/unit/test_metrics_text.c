// SPDX-License-Identifier: BSD-3-Clause
#include "control/metrics/text.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

static struct metrics_text text;

static void forget(void)
{
	free(text.octets);
}

TestSuite(metrics_text, .fini = forget);

static void expect(const char *wanted)
{
	cr_expect(text.n == strlen(wanted) && memcmp(text.octets, wanted, text.n) == 0,
		  "got:\n%.*s\nwanted:\n%s", (int)text.n, text.octets, wanted);
}

static void write_families(enum metrics_dialect dialect)
{
	text.dialect = dialect;
	metrics_text_family(&text, "x_bytes", METRICS_COUNTER, "Octets.");
	metrics_text_family(&text, "x_build", METRICS_INFO, "Which one.");
	metrics_text_family(&text, "x_up", METRICS_GAUGE, "Whether.");
	metrics_text_family(&text, "x_size", METRICS_HISTOGRAM, "How many.");
	metrics_text_end(&text);
}

Test(metrics_text, plain_families_are_named_as_their_samples)
{
	write_families(METRICS_PLAIN);
	expect("# HELP x_bytes_total Octets.\n# TYPE x_bytes_total counter\n"
	       "# HELP x_build_info Which one.\n# TYPE x_build_info gauge\n"
	       "# HELP x_up Whether.\n# TYPE x_up gauge\n"
	       "# HELP x_size How many.\n# TYPE x_size histogram\n");
}

Test(metrics_text, open_families_have_no_suffix_and_a_unit)
{
	write_families(METRICS_OPEN);
	expect("# HELP x_bytes Octets.\n# TYPE x_bytes counter\n# UNIT x_bytes bytes\n"
	       "# HELP x_build Which one.\n# TYPE x_build info\n"
	       "# HELP x_up Whether.\n# TYPE x_up gauge\n"
	       "# HELP x_size How many.\n# TYPE x_size histogram\n"
	       "# EOF\n");
}

Test(metrics_text, samples_have_labels_or_none)
{
	metrics_text_name(&text, "x", "_total");
	metrics_text_number(&text, UINT64_MAX);
	metrics_text_name(&text, "y", "");
	metrics_text_label(&text, "a", "1");
	metrics_text_label(&text, "b", "");
	metrics_text_real(&text, 1700000000.25);
	expect("x_total 18446744073709551615\ny{a=\"1\",b=\"\"} 1700000000.250000\n");
}

static void expect_label(const char *value, const char *wanted)
{
	text.n = 0;
	metrics_text_name(&text, "", "");
	metrics_text_label(&text, "l", value);
	cr_expect(text.n == strlen(wanted) + 5 &&
			  memcmp(text.octets + 4, wanted, strlen(wanted)) == 0,
		  "%s: got %.*s", wanted, (int)text.n, text.octets);
}

Test(metrics_text, labels_are_escaped)
{
	expect_label("Example \"Net\"", "Example \\\"Net\\\"");
	expect_label("a\\b\nc", "a\\\\b\\nc");
	expect_label("} 1\nixfab_evil 1 #", "} 1\\nixfab_evil 1 #");
	expect_label("\\", "\\\\");
}

Test(metrics_text, what_is_no_utf8_is_replaced)
{
	expect_label("Z\xc3\xbcrich \xe2\x82\xac \xf0\x9f\x90\x9f",
		     "Z\xc3\xbcrich \xe2\x82\xac \xf0\x9f\x90\x9f");
	expect_label("Z\xfcrich", "Z?rich");
	expect_label("\xc3", "?");		  // cut off
	expect_label("\xe2\x82", "??");		  // likewise
	expect_label("\xf0\x9f\x90", "???");	  // likewise
	expect_label("\xc0\xaf", "??");		  // overlong
	expect_label("\xe0\x80\xaf", "???");	  // likewise
	expect_label("\xed\xa0\x80", "???");	  // half of a pair
	expect_label("\xf5\x80\x80\x80", "????"); // beyond the last
	expect_label("\xf4\x90\x80\x80", "????"); // likewise
	expect_label("\xc3\"", "?\\\"");
}

Test(metrics_text, long_texts_grow)
{
	static char value[100001];

	memset(value, 'x', sizeof(value) - 1);
	expect_label(value, value);
}
