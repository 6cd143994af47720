// SPDX-License-Identifier: BSD-3-Clause
// A made-up machine: the files of /proc, /sys and /var that doctor reads, in a directory.
#pragma once

struct machine {
	char root[64];
};

// One at which nothing is to be found fault with: 2 nodes, CPUs 0 to 3, of which 2 and 3 are for
// workers, huge pages, an IOMMU, a NIC 0000:01:00.0 bound to vfio-pci.
void machine_make(struct machine *machine);
void machine_remove(struct machine *machine);

// A file with this text; NULL: there is none (and no directory) of that name.
void machine_file(const struct machine *machine, const char *path, const char *text);

// A symbolic link, in the place of what was there.
void machine_link(const struct machine *machine, const char *path, const char *target);
