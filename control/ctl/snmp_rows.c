// SPDX-License-Identifier: BSD-3-Clause
#include "control/ctl/snmp_rows.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "control/alloc.h"
#include "control/ctl/oid.h"

static struct snmp_row *add(struct snmp_rows *rows, const char *base, const uint32_t *index,
			    size_t n, enum snmp_type type)
{
	struct oid oid;

	if (rows->n == rows->room) {
		rows->room = rows->room ? 2 * rows->room : 64;
		rows->rows = alloc_array(rows->rows, rows->room, sizeof(*rows->rows));
	}
	struct snmp_row *row = &rows->rows[rows->n];
	*row = (struct snmp_row){.type = (uint8_t)type, .order = (uint32_t)rows->n};
	if (oid_parse(base, &oid) || oid.n + n > SNMP_ROW_IDS)
		abort(); // the callers' tables are wrong
	memcpy(row->ids, oid.ids, oid.n * sizeof(*row->ids));
	memcpy(row->ids + oid.n, index, n * sizeof(*row->ids));
	row->n = (uint8_t)(oid.n + n);
	rows->n++;
	return row;
}

void snmp_rows_add(struct snmp_rows *rows, const char *base, const uint32_t *index, size_t n,
		   enum snmp_type type, uint64_t number)
{
	add(rows, base, index, n, type)->number = number;
}

// A line of the protocol is a value: nothing in it may end it.
static char *clean(const char *text)
{
	size_t length = strnlen(text, SNMP_TEXT_MAX + 1);

	if (length > SNMP_TEXT_MAX) {
		length = SNMP_TEXT_MAX;
		while (length && ((unsigned char)text[length] & 0xc0) == 0x80)
			length--;
	}
	char *copy = alloc_zero(length + 1);
	for (size_t i = 0; i < length; i++)
		copy[i] = iscntrl((unsigned char)text[i]) ? '?' : text[i];
	return copy;
}

void snmp_rows_add_text(struct snmp_rows *rows, const char *base, const uint32_t *index, size_t n,
			const char *text)
{
	add(rows, base, index, n, SNMP_TEXT)->text = clean(text);
}

static void free_row(struct snmp_row *row)
{
	if (row->type == SNMP_TEXT)
		free(row->text);
}

static int compare_rows(const struct snmp_row *a, const struct snmp_row *b)
{
	return oid_compare(a->ids, a->n, b->ids, b->n);
}

static int compare_for_sort(const void *a, const void *b)
{
	const struct snmp_row *x = a;
	const struct snmp_row *y = b;
	int order = compare_rows(x, y);

	return order ? order : x->order < y->order ? -1 : 1;
}

void snmp_rows_sort(struct snmp_rows *rows)
{
	size_t kept = 0;

	if (rows->n)
		qsort(rows->rows, rows->n, sizeof(*rows->rows), compare_for_sort);
	for (size_t i = 0; i < rows->n; i++) {
		if (kept && compare_rows(&rows->rows[kept - 1], &rows->rows[i]) == 0)
			free_row(&rows->rows[i]);
		else
			rows->rows[kept++] = rows->rows[i];
	}
	rows->n = kept;
}

void snmp_rows_clear(struct snmp_rows *rows)
{
	for (size_t i = 0; i < rows->n; i++)
		free_row(&rows->rows[i]);
	free(rows->rows);
	*rows = (struct snmp_rows){0};
}

// How many rows stand before "oid".
static size_t count_before(const struct snmp_rows *rows, const struct oid *oid)
{
	size_t low = 0, high = rows->n;

	while (low < high) {
		size_t middle = (low + high) / 2;
		const struct snmp_row *row = &rows->rows[middle];

		if (oid_compare(row->ids, row->n, oid->ids, oid->n) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool is_row(const struct snmp_rows *rows, size_t i, const struct oid *oid)
{
	const struct snmp_row *row = &rows->rows[i];

	return i < rows->n && oid_compare(row->ids, row->n, oid->ids, oid->n) == 0;
}

const struct snmp_row *snmp_rows_find(const struct snmp_rows *rows, const struct oid *oid)
{
	size_t i = count_before(rows, oid);

	return is_row(rows, i, oid) ? &rows->rows[i] : NULL;
}

const struct snmp_row *snmp_rows_next(const struct snmp_rows *rows, const struct oid *oid)
{
	size_t i = count_before(rows, oid);

	i += is_row(rows, i, oid);
	return i < rows->n ? &rows->rows[i] : NULL;
}

static void print_mac(mac_t mac, FILE *file)
{
	uint8_t octets[6];

	mac_store(mac, octets);
	for (size_t i = 0; mac && i < sizeof(octets); i++)
		fprintf(file, "%s%02x", i ? " " : "", octets[i]);
	fputc('\n', file);
}

// snmpd looks for a carriage return at the end of a string, also of one without any character. As
// octets it takes an empty one as it is.
static void print_text(const char *text, FILE *file)
{
	fprintf(file, "%s\n%s\n", *text ? "string" : "octet", text);
}

static void print_number(const struct snmp_row *row, FILE *file)
{
	static const char *const types[] = {
		[SNMP_INTEGER] = "integer", [SNMP_GAUGE] = "gauge",
		[SNMP_COUNTER] = "counter", [SNMP_COUNTER64] = "counter64",
		[SNMP_TICKS] = "timeticks",
	};
	uint64_t number = row->number;

	if (row->type == SNMP_GAUGE && number > UINT32_MAX)
		number = UINT32_MAX;
	else if (row->type != SNMP_COUNTER64)
		number = (uint32_t)number;
	fprintf(file, "%s\n%" PRIu64 "\n", types[row->type], number);
}

void snmp_row_print(const struct snmp_row *row, FILE *file)
{
	char text[OID_TEXT_SIZE];

	fprintf(file, "%s\n", oid_format(row->ids, row->n, text));
	if (row->type == SNMP_TEXT) {
		print_text(row->text, file);
	} else if (row->type == SNMP_MAC) {
		fputs("octet\n", file);
		print_mac(row->number, file);
	} else {
		print_number(row, file);
	}
}
