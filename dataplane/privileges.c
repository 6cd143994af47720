// SPDX-License-Identifier: BSD-3-Clause
#include "dataplane/privileges.h"

#include <errno.h>
#include <grp.h>
#include <limits.h>
#include <linux/capability.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/log.h"

// What is kept, and what for.
static const uint8_t kept[] = {
	CAP_NET_ADMIN,	  // set up interfaces, attach XDP programs
	CAP_NET_RAW,	  // AF_XDP and AF_PACKET sockets
	CAP_BPF,	  // load the XDP program
	CAP_PERFMON,	  // the verifier's privileged checks
	CAP_IPC_LOCK,	  // AF_XDP buffers beyond RLIMIT_MEMLOCK
	CAP_SYS_RESOURCE, // raise RLIMIT_MEMLOCK
	CAP_SYS_NICE,	  // worker affinity
	CAP_SYS_RAWIO,	  // NICs without an IOMMU
	CAP_SYS_ADMIN,	  // read the name of a program that a killed dataplane left on an interface
};

static bool is_kept(unsigned int capability)
{
	return memchr(kept, (int)capability, sizeof(kept)) != NULL;
}

static void keep_only(struct __user_cap_data_struct data[2])
{
	for (unsigned int c = 0; c < 64; c++) {
		uint32_t bit = UINT32_C(1) << c % 32;

		if (is_kept(c))
			continue;
		data[c / 32].effective &= ~bit;
		data[c / 32].permitted &= ~bit;
		data[c / 32].inheritable &= ~bit;
	}
}

// A member of a group may give its own files to it without CAP_CHOWN.
int privileges_join(const char *group)
{
	const struct group *entry = group ? getgrnam(group) : NULL;
	gid_t groups[NGROUPS_MAX + 1];

	if (!entry)
		return 0;
	int n = getgroups(NGROUPS_MAX, groups);
	for (int i = 0; i < n; i++) {
		if (groups[i] == entry->gr_gid)
			return 0;
	}
	if (n >= 0)
		groups[n] = entry->gr_gid;
	if (n >= 0 && setgroups((size_t)n + 1, groups) == 0)
		return 0;
	log_err("cannot join group %s: %s", group, strerror(errno));
	return -errno;
}

int privileges_drop(void)
{
	struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct data[2] = {0};

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		goto err;
	for (unsigned int c = 0; c <= CAP_LAST_CAP; c++) {
		// Already out of the bounding set, or not ours to change: capset() decides.
		if (!is_kept(c))
			prctl(PR_CAPBSET_DROP, c, 0, 0, 0);
	}
	if (syscall(SYS_capget, &header, data) < 0)
		goto err;
	keep_only(data);
	if (syscall(SYS_capset, &header, data) < 0)
		goto err;
	return 0;

err:
	log_err("cannot give up privileges: %s", strerror(errno));
	return -errno;
}
