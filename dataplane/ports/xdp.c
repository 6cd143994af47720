// SPDX-License-Identifier: BSD-3-Clause
#include "dataplane/ports/xdp.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <linux/capability.h>
#include <linux/if_link.h>
#include <linux/if_xdp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "dataplane/ports/bpf_dir.h"
#include "dataplane/ports/complain.h"
#include "lib/log.h"
#include "lib/xdp_program.h"

enum {
	PROBE_RING = 64,	 // entries
	PROBE_CHUNK = 2112,	 // octets
	COPY_STEP = 1 << 20,	 // octets
	WAIT_TRIES = 100,	 // for a socket that is being closed
	WAIT_STEP_US = 10000,	 // between two of them
	FORGET_TIME_US = 100000, // closed sockets let go of their queue only after an RCU period
};

static char complaint[256];

static int keep_complaint(enum libbpf_print_level level, const char *format, va_list args)
{
	if (level == LIBBPF_WARN) {
		vsnprintf(complaint, sizeof(complaint), format, args);
		complaint[strcspn(complaint, "\n")] = '\0';
	}
	return 0;
}

const char *xdp_last_complaint(void)
{
	static char last[sizeof(complaint)];

	memcpy(last, complaint, sizeof(last));
	complaint[0] = '\0';
	return last;
}

static bool object_is_in(const char *directory, char *path, size_t size)
{
	int n = snprintf(path, size, "%s/guard.bpf.o", directory);

	return n < (int)size && access(path, R_OK) == 0;
}

static int find_object(char *path, size_t size, char *error, size_t error_size)
{
	const char *directory = getenv("IXFAB_BPF_DIR");
	char self[PATH_MAX], beside[PATH_MAX + 16];

	if (directory)
		return object_is_in(directory, path, size)
			       ? 0
			       : complain(error, error_size, ENOENT,
					  "there is no guard.bpf.o in IXFAB_BPF_DIR=%s", directory);
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);
	if (n > 0) {
		self[n] = '\0';
		snprintf(beside, sizeof(beside), "%s/ports/bpf", dirname(self));
		if (object_is_in(beside, path, size))
			return 0;
	}
	if (object_is_in(BPF_DIR, path, size))
		return 0;
	return complain(error, error_size, ENOENT,
			"the XDP program is not installed: no " BPF_DIR "/guard.bpf.o");
}

static int copy_object(const char *path, int to)
{
	int from = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = from < 0 ? -1 : 1;

	while (n > 0)
		n = sendfile(to, from, NULL, COPY_STEP);
	int err = n < 0 ? -errno : 0;
	if (from >= 0)
		close(from);
	return err;
}

// Descriptor of a copy in memory; -1: none yet.
static int object_fd = -1;

int xdp_object_keep(char *error, size_t size)
{
	char path[PATH_MAX];
	int err = object_fd < 0 ? find_object(path, sizeof(path), error, size) : 0;

	if (err || object_fd >= 0)
		return err;
	int copy = memfd_create("guard.bpf.o", MFD_CLOEXEC);
	if (copy < 0)
		return complain(error, size, errno, "no memory for the XDP program: %s",
				strerror(errno));
	err = copy_object(path, copy);
	if (err) {
		close(copy);
		return complain(error, size, -err, "cannot read %s: %s", path, strerror(-err));
	}
	object_fd = copy;
	return 0;
}

int xdp_object_path(char *path, size_t size, char *error, size_t error_size)
{
	int err = xdp_object_keep(error, error_size);

	if (!err)
		snprintf(path, size, "/proc/self/fd/%d", object_fd);
	return err;
}

// The name of a program, if the kernel lets us see it.
static int program_name(uint32_t id, char *name, size_t size)
{
	struct bpf_prog_info info = {0};
	uint32_t length = sizeof(info);
	int fd = bpf_prog_get_fd_by_id(id);

	if (fd < 0)
		return -errno;
	int err = bpf_obj_get_info_by_fd(fd, &info, &length) ? -errno : 0;
	close(fd);
	snprintf(name, size, "%s", info.name);
	return err;
}

static uint32_t attach_flags(const struct bpf_xdp_query_opts *query)
{
	switch (query->attach_mode) {
	case XDP_ATTACHED_SKB:
		return XDP_FLAGS_SKB_MODE;
	case XDP_ATTACHED_HW:
		return XDP_FLAGS_HW_MODE;
	default:
		return XDP_FLAGS_DRV_MODE;
	}
}

static uint32_t attached_id(const struct bpf_xdp_query_opts *query)
{
	if (query->prog_id)
		return query->prog_id;
	return query->drv_prog_id ? query->drv_prog_id : query->skb_prog_id;
}

int xdp_clear(const struct kernel_link *link, bool *found, char *error, size_t size)
{
	LIBBPF_OPTS(bpf_xdp_query_opts, query);
	char name[BPF_OBJ_NAME_LEN + 1] = "unknown";

	*found = false;
	if (bpf_xdp_query(link->index, 0, &query) || query.attach_mode == XDP_ATTACHED_NONE)
		return 0;
	int err = program_name(attached_id(&query), name, sizeof(name));
	if (err || !xdp_program_is_ours(name))
		return complain(error, size, EBUSY,
				"%s has an XDP program that is not ours (%s, id %u); if nobody "
				"needs it: ip link set dev %s xdp off",
				link->name, name, attached_id(&query), link->name);
	*found = true;
	// If a living dataplane uses it, its socket shows that: do not touch its program then.
	err = xdp_try_socket(link, (size_t)PROBE_RING * PROBE_CHUNK, error, size);
	if (err == -EBUSY)
		return err;
	err = bpf_xdp_detach(link->index, attach_flags(&query), NULL);
	if (err)
		return complain(error, size, -err, "cannot take a left-over XDP program off %s: %s",
				link->name, strerror(-err));
	log_notice("%s had an XDP program that a killed dataplane left: detached", link->name);
	return 0;
}

static int attach_once(const struct kernel_link *link, struct bpf_object *object)
{
	int err = bpf_object__load(object);
	if (err)
		return err;
	struct bpf_program *program = bpf_object__next_program(object, NULL);
	err = bpf_xdp_attach(link->index, bpf_program__fd(program), XDP_FLAGS_UPDATE_IF_NOEXIST,
			     NULL);
	if (!err)
		bpf_xdp_detach(link->index, 0, NULL);
	return err;
}

int xdp_try_program(const struct kernel_link *link, const char *path, char *error, size_t size)
{
	libbpf_set_print(keep_complaint);
	complaint[0] = '\0';
	struct bpf_object *object = bpf_object__open_file(path, NULL);
	int err = object ? attach_once(link, object) : -errno;

	bpf_object__close(object);
	if (!err)
		return 0;
	return complain(error, size, -err, "the kernel takes no XDP program on %s: %s", link->name,
			complaint[0] ? complaint : strerror(-err));
}

static bool has_capability(unsigned int capability)
{
	struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct data[2] = {0};

	if (syscall(SYS_capget, &header, data) < 0)
		return false;
	return data[capability / 32].effective & UINT32_C(1) << capability % 32;
}

bool xdp_memory_is_limited(void)
{
	struct rlimit limit;

	if (has_capability(CAP_IPC_LOCK))
		return false;
	return getrlimit(RLIMIT_MEMLOCK, &limit) < 0 || limit.rlim_cur != RLIM_INFINITY;
}

static int register_memory(int fd, void *memory, size_t octets)
{
	struct xdp_umem_reg umem = {.addr = (uintptr_t)memory,
				    .len = octets,
				    .chunk_size = PROBE_CHUNK,
				    .flags = XDP_UMEM_UNALIGNED_CHUNK_FLAG};
	int entries = PROBE_RING;

	if (setsockopt(fd, SOL_XDP, XDP_UMEM_REG, &umem, sizeof(umem)) ||
	    setsockopt(fd, SOL_XDP, XDP_UMEM_FILL_RING, &entries, sizeof(entries)) ||
	    setsockopt(fd, SOL_XDP, XDP_UMEM_COMPLETION_RING, &entries, sizeof(entries)) ||
	    setsockopt(fd, SOL_XDP, XDP_RX_RING, &entries, sizeof(entries)))
		return -errno;
	return 0;
}

static int bind_once(int index, void *memory, size_t octets)
{
	struct sockaddr_xdp address = {.sxdp_family = AF_XDP,
				       .sxdp_ifindex = (uint32_t)index,
				       .sxdp_flags = XDP_COPY};
	int fd = socket(AF_XDP, SOCK_RAW | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -errno;
	int err = register_memory(fd, memory, octets);
	if (!err && bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0)
		err = -errno;
	close(fd);
	return err;
}

static int explain_socket(const struct kernel_link *link, int err, size_t octets, char *error,
			  size_t size)
{
	switch (-err) {
	case EBUSY:
		return complain(error, size, EBUSY, "another program uses %s through AF_XDP",
				link->name);
	case ENOBUFS:
		return complain(error, size, ENOBUFS,
				"%zu KiB of memory cannot be locked for %s: raise the limit "
				"(LimitMEMLOCK=infinity, ulimit -l) or allow CAP_IPC_LOCK",
				octets >> 10, link->name);
	case EPERM:
		return complain(error, size, EPERM, "AF_XDP needs CAP_NET_RAW and CAP_NET_ADMIN");
	case EAFNOSUPPORT:
		return complain(error, size, EAFNOSUPPORT, "this kernel has no AF_XDP");
	default:
		return complain(error, size, -err, "cannot open an AF_XDP socket on %s: %s",
				link->name, strerror(-err));
	}
}

int xdp_try_socket(const struct kernel_link *link, size_t octets, char *error, size_t size)
{
	void *memory =
		mmap(NULL, octets, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int err = -EBUSY;

	if (memory == MAP_FAILED)
		return complain(error, size, ENOMEM, "no memory to try AF_XDP on %s", link->name);
	for (int try = 0; try < WAIT_TRIES && err == -EBUSY; try++) {
		if (try)
			usleep(WAIT_STEP_US);
		err = bind_once(link->index, memory, octets);
	}
	munmap(memory, octets);
	if (err)
		return explain_socket(link, err, octets, error, size);
	usleep(FORGET_TIME_US);
	return 0;
}

void xdp_detach(int index)
{
	LIBBPF_OPTS(bpf_xdp_query_opts, query);
	char name[BPF_OBJ_NAME_LEN + 1];

	if (bpf_xdp_query(index, 0, &query) || query.attach_mode == XDP_ATTACHED_NONE)
		return;
	if (program_name(attached_id(&query), name, sizeof(name)) == 0 && xdp_program_is_ours(name))
		bpf_xdp_detach(index, attach_flags(&query), NULL);
}
