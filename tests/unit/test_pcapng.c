// SPDX-License-Identifier: BSD-3-Clause
// Blocks of a pcapng file, octet by octet, and as libpcap reads them.
#include "control/ctl/pcapng.h"

#include <criterion/criterion.h>
#include <pcap/pcap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint32_t word(const struct pcapng *file, size_t at)
{
	uint32_t value;

	cr_assert_leq(at + sizeof(value), file->size);
	memcpy(&value, file->octets + at, sizeof(value));
	return value;
}

// Each block says its length at both ends, and lengths are multiples of four.
static size_t check_blocks(const struct pcapng *file)
{
	size_t n = 0;

	for (size_t at = 0; at < file->size; n++) {
		uint32_t length = word(file, at + 4);

		cr_assert_eq(length % 4, 0);
		cr_assert_leq(at + length, file->size);
		cr_assert_eq(word(file, at + length - 4), length);
		at += length;
	}
	return n;
}

Test(pcapng, a_section_begins_as_the_draft_says)
{
	struct pcapng file = {0};

	pcapng_section(&file, "abc");
	cr_expect_eq(check_blocks(&file), 1);
	cr_expect_eq(file.size, 40);
	cr_expect_eq(word(&file, 0), 0x0a0d0d0a);
	cr_expect_eq(word(&file, 8), 0x1a2b3c4d);
	cr_expect_eq(word(&file, 12), 1, "version 1.0");
	cr_expect_eq(word(&file, 16), UINT32_MAX, "of a length that is not known");
	cr_expect_eq(word(&file, 24), 4 | 3 << 16, "the program, of three octets");
	cr_expect_eq(memcmp(file.octets + 28, "abc", 4), 0, "padded with zeros");
	cr_expect_eq(word(&file, 32), 0, "no more options");
	free(file.octets);
}

Test(pcapng, a_frame_has_its_time_flags_and_comment)
{
	static const uint8_t octets[5] = {1, 2, 3, 4, 5};
	struct pcapng file = {0};

	pcapng_frame(&file, &(struct pcapng_frame){.interface = 7,
						   .time_ns = 0x0123456789abcdef,
						   .length = 60,
						   .n_octets = 5,
						   .octets = octets,
						   .direction = PCAPNG_OUTBOUND,
						   .comment = "why"});
	cr_expect_eq(check_blocks(&file), 1);
	cr_expect_eq(word(&file, 0), 6);
	cr_expect_eq(word(&file, 8), 7);
	cr_expect_eq(word(&file, 12), 0x01234567, "the upper half first");
	cr_expect_eq(word(&file, 16), 0x89abcdef);
	cr_expect_eq(word(&file, 20), 5);
	cr_expect_eq(word(&file, 24), 60);
	cr_expect_eq(memcmp(file.octets + 28, "\1\2\3\4\5\0\0\0", 8), 0);
	cr_expect_eq(word(&file, 36), 1 | 3 << 16);
	cr_expect_eq(memcmp(file.octets + 40, "why", 4), 0);
	cr_expect_eq(word(&file, 44), 2 | 4 << 16);
	cr_expect_eq(word(&file, 48), PCAPNG_OUTBOUND);
	free(file.octets);
}

Test(pcapng, statistics_leave_out_what_is_not_known)
{
	struct pcapng file = {0};

	pcapng_statistics(&file, 0, &(struct pcapng_counts){.delivered = 5, .dropped = UINT64_MAX});
	size_t without = file.size;
	pcapng_statistics(&file, 0, &(struct pcapng_counts){.delivered = 5, .dropped = 3});
	cr_expect_eq(check_blocks(&file), 2);
	cr_expect_eq(file.size, 2 * without + 12);
	free(file.octets);
}

Test(pcapng, libpcap_reads_it)
{
	static uint8_t octets[2048];
	char path[] = "/tmp/ixfab-pcapng-XXXXXX", error[PCAP_ERRBUF_SIZE];
	struct pcapng file = {0};
	struct pcap_pkthdr *header;
	const u_char *data;

	pcapng_section(&file, "test");
	uint32_t first = pcapng_interface(&file, "swp1", 2048);
	uint32_t second = pcapng_interface(&file, "a port with a longer name", 2048);
	cr_expect_eq(first, 0);
	cr_expect_eq(second, 1);
	for (uint32_t n = 1; n <= 2048; n++) {
		octets[n - 1] = (uint8_t)n;
		pcapng_frame(&file, &(struct pcapng_frame){.interface = n % 2,
							   .time_ns = n * UINT64_C(1000000001),
							   .length = n + 10,
							   .n_octets = n,
							   .octets = octets,
							   .direction = PCAPNG_INBOUND,
							   .comment = "n"});
	}
	pcapng_statistics(&file, first, &(struct pcapng_counts){.delivered = 1024});
	cr_expect_eq(check_blocks(&file), 3 + 2048 + 1);

	int fd = mkstemp(path);
	FILE *stream = fdopen(fd, "w");
	cr_assert_eq(fwrite(file.octets, 1, file.size, stream), file.size);
	cr_assert_eq(fclose(stream), 0);
	pcap_t *reader =
		pcap_open_offline_with_tstamp_precision(path, PCAP_TSTAMP_PRECISION_NANO, error);
	cr_assert_not_null(reader, "%s", error);
	for (uint32_t n = 1; n <= 2048; n++) {
		cr_assert_eq(pcap_next_ex(reader, &header, &data), 1, "frame %u", n);
		cr_expect_eq(header->caplen, n);
		cr_expect_eq(header->len, n + 10);
		cr_expect_eq(header->ts.tv_sec, n);
		cr_expect_eq(header->ts.tv_usec, n, "nanoseconds");
		cr_expect_eq(data[n - 1], (uint8_t)n);
	}
	cr_expect_eq(pcap_next_ex(reader, &header, &data), PCAP_ERROR_BREAK);
	pcap_close(reader);
	remove(path);
	free(file.octets);
}
