// SPDX-License-Identifier: BSD-3-Clause
// Device strings: how operators name the device behind a port.
//
//   pci:ADDR                       pci:0000:01:00.0, a NIC bound to vfio-pci (or mlx5)
//   iface:NAME[,mode=xdp|packet][,OPTION=VALUE…]
//   memif:SOCKET[,id=N][,role=server|client][,OPTION=VALUE…]
//   vhost:SOCKET[,client=0|1]
//   tap:NAME
//   devargs:ARGS                   anything DPDK's buses know, as it is
//   lag                            no device: a link aggregation group, which has those of its
//   links
//
// Only the form is looked at here: no device is touched, nothing needs to exist.
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "lib/limits.h"

enum device_kind {
	DEVICE_PCI,
	DEVICE_IFACE,
	DEVICE_MEMIF,
	DEVICE_VHOST,
	DEVICE_TAP,
	DEVICE_DEVARGS,
	DEVICE_LAG,
	DEVICE_KINDS,
};

enum {
	DEVICE_MAX_OPTIONS = 8,
	AF_XDP_MTU_MAX = 3498, // of "iface:" in DPDK 22.11: 3520 octets less the driver's overhead
};

struct device_option {
	char name[NAME_SIZE];
	char value[DEVICE_SIZE];
};

struct device_string {
	enum device_kind kind;
	char argument[DEVICE_SIZE]; // between ':' and the first ','; of devargs all that follows.
				    // A PCI address is always in the form 0000:01:00.0
	size_t n_options;
	struct device_option options[DEVICE_MAX_OPTIONS]; // in the order they stand there
};

// Take a device string apart. Returns 0, or -EINVAL with the reason and the right form in "error".
int device_string_parse(const char *text, struct device_string *device, char *error, size_t size);

// Check the form only. Returns as device_string_parse().
int device_string_check(const char *text, char *error, size_t size);

// The value of an option, or NULL if it is not given.
const char *device_string_option(const struct device_string *device, const char *name);

// Whether two strings mean the same device, however they are spelled. LAGs have none.
bool device_string_same(const struct device_string *a, const struct device_string *b);

// "pci", "iface", …
const char *device_kind_name(enum device_kind kind);
