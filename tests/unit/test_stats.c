// SPDX-License-Identifier: BSD-3-Clause
#include "lib/stats.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/memfd.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static struct stats writer;
static struct stats reader;
static int fd;

static void create(void)
{
	cr_assert_eq(stats_create(&writer, 2, &fd), 0);
	cr_assert_eq(stats_attach(&reader, fd), 0);
}

TestSuite(stats, .init = create);

static void set_port(uint32_t port, const char *name, uint32_t incarnation)
{
	struct port_info *info = &writer.ports[port];

	stats_port_info_begin(info);
	info->used = name != NULL;
	info->incarnation = incarnation;
	snprintf(info->name, sizeof(info->name), "%s", name ? name : "");
	stats_port_info_end(info);
}

Test(stats, reader_sees_the_sum_of_all_workers)
{
	struct port_counters sum;
	struct pair_counters pair;

	stats_port(&writer, 0, 5)->rx_frames = 10;
	stats_port(&writer, 1, 5)->rx_frames = 32;
	stats_port(&writer, 1, 5)->drops[DROP_EGRESS_MTU] = 3;
	stats_pairs(&writer, 0, 5)[MAX_PORTS - 1].frames[PAIR_IPV6] = 1;
	stats_pairs(&writer, 1, 5)[MAX_PORTS - 1].frames[PAIR_IPV6] = 2;
	stats_sum_port(&reader, 5, &sum);
	cr_expect_eq(sum.rx_frames, 42);
	cr_expect_eq(sum.tx_frames, 0);
	cr_expect_eq(sum.drops[DROP_EGRESS_MTU], 3);
	stats_sum_pair(&reader, 5, MAX_PORTS - 1, &pair);
	cr_expect_eq(pair.frames[PAIR_IPV6], 3);
	stats_sum_pair(&reader, MAX_PORTS - 1, 5, &pair);
	cr_expect_eq(pair.frames[PAIR_IPV6], 0);
}

Test(stats, header_tells_who_and_since_when)
{
	struct stats other;
	int other_fd;

	cr_expect_eq(reader.header->n_workers, 2);
	cr_expect_eq(reader.n_workers, 2);
	cr_expect_eq(reader.header->pid, (uint32_t)getpid());
	cr_expect_neq(reader.header->instance, 0);
	cr_expect_gt(reader.header->started_ns, 0);
	cr_assert_eq(stats_create(&other, 2, &other_fd), 0);
	cr_expect_neq(other.header->instance, reader.header->instance);
}

Test(stats, reader_cannot_write)
{
	cr_expect_eq(mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0), MAP_FAILED);
	cr_expect_lt(mprotect(reader.header, 4096, PROT_READ | PROT_WRITE), 0);
	cr_expect_lt(ftruncate(fd, 0), 0);
	cr_expect_lt(write(fd, "x", 1), 0);
}

Test(stats, a_file_that_lies_about_itself_is_refused)
{
	struct stats_header header = *reader.header;
	struct stats other;
	int file = memfd_create("lies", MFD_CLOEXEC);

	cr_expect_eq(stats_attach(&other, file), -EPROTO, "empty");
	cr_assert_eq(ftruncate(file, (off_t)header.size), 0);
	cr_expect_eq(stats_attach(&other, file), -EPROTO, "no magic");
	cr_assert_eq(pwrite(file, &header, sizeof(header), 0), sizeof(header));
	cr_expect_eq(stats_attach(&other, file), 0, "a true copy");
	stats_detach(&other);
	header.n_workers = MAX_WORKERS;
	cr_assert_eq(pwrite(file, &header, sizeof(header), 0), sizeof(header));
	cr_expect_eq(stats_attach(&other, file), -EPROTO, "workers that do not fit");
	header = *reader.header;
	header.version++;
	cr_assert_eq(pwrite(file, &header, sizeof(header), 0), sizeof(header));
	cr_expect_eq(stats_attach(&other, file), -EPROTO, "another version");
	cr_assert_eq(pwrite(file, reader.header, sizeof(header), 0), sizeof(header));
	cr_assert_eq(ftruncate(file, (off_t)header.size - 4096), 0);
	cr_expect_eq(stats_attach(&other, file), -EPROTO, "cut");
}

Test(stats, port_info_is_copied_whole_and_ends_its_strings)
{
	struct port_info info;

	cr_expect(!stats_port_info(&reader, 3, &info));
	set_port(3, "as64496", 1);
	cr_expect(stats_port_info(&reader, 3, &info));
	cr_expect_str_eq(info.name, "as64496");
	cr_expect_eq(info.incarnation, 1);
	memset(writer.ports[3].name, 'x', NAME_SIZE);
	cr_expect(stats_port_info(&reader, 3, &info));
	cr_expect_eq(strlen(info.name), NAME_SIZE - 1);
	set_port(3, NULL, 1);
	cr_expect(!stats_port_info(&reader, 3, &info));
}

Test(stats, a_writer_that_died_while_writing_does_not_hold_the_reader)
{
	struct port_info info;

	set_port(3, "as64496", 1);
	stats_port_info_begin(&writer.ports[3]);
	cr_expect(!stats_port_info(&reader, 3, &info));
	stats_port_info_end(&writer.ports[3]);
	cr_expect(stats_port_info(&reader, 3, &info));
}

static void *rewrite(void *stop)
{
	for (uint32_t n = 1; !__atomic_load_n((bool *)stop, __ATOMIC_RELAXED); n++) {
		struct port_info *info = &writer.ports[9];

		stats_port_info_begin(info);
		info->used = 1;
		info->speed = n;
		info->changed_ns = n;
		stats_port_info_end(info);
		sched_yield();
	}
	return NULL;
}

Test(stats, a_reader_never_sees_half_of_a_change)
{
	struct port_info info;
	pthread_t thread;
	bool stop = false;
	uint32_t seen = 0;

	cr_assert_eq(pthread_create(&thread, NULL, rewrite, &stop), 0);
	while (seen < 20000) {
		if (!stats_port_info(&reader, 9, &info))
			continue;
		cr_assert_eq(info.speed, info.changed_ns);
		seen++;
	}
	__atomic_store_n(&stop, true, __ATOMIC_RELAXED);
	pthread_join(thread, NULL);
}

Test(stats, counters_of_ports_that_are_gone_are_not_lost)
{
	struct port_counters sum;

	set_port(1, "a", 1);
	set_port(2, "b", 1);
	stats_port(&writer, 0, 1)->rx_frames = 10;
	stats_port(&writer, 1, 2)->tx_frames = 10;
	stats_pairs(&writer, 1, 1)[2].frames[PAIR_IPV4] = 10;
	stats_pairs(&writer, 1, 2)[1].frames[PAIR_IPV4] = 4;
	stats_pairs(&writer, 0, PORT_FABRIC)[1].frames[PAIR_OTHER] = 3;
	stats_clear_port(&writer, 1);
	set_port(1, "c", 2);

	stats_sum_port(&reader, 1, &sum);
	cr_expect_eq(sum.rx_frames, 0);
	cr_expect_eq(stats_pairs(&reader, 1, 1)[2].frames[PAIR_IPV4], 0);
	cr_expect_eq(stats_pairs(&reader, 1, 2)[1].frames[PAIR_IPV4], 0);
	cr_expect_eq(stats_pairs(&reader, 0, PORT_FABRIC)[1].frames[PAIR_OTHER], 0);
	cr_expect_eq(reader.header->retired.rx_frames, 10);
	cr_expect_eq(reader.header->retired.tx_frames, 0);
}

Test(stats, slots_that_were_never_used_cost_no_memory)
{
	struct port_counters sum;
	struct stat file;

	set_port(0, "a", 1);
	stats_sum_port(&reader, 0, &sum);
	stats_clear_port(&writer, 0);
	cr_assert_eq(fstat(fd, &file), 0);
	cr_expect_lt(file.st_blocks * 512, 1 << 20, "%ld octets", (long)file.st_blocks * 512);
	cr_expect_gt(file.st_size, 64 << 20);
}
