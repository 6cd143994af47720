// SPDX-License-Identifier: BSD-3-Clause
#include "lib/device_string.h"

#include <ctype.h>
#include <errno.h>
#include <net/if.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>

// An option whose values are known; others are the driver's business.
struct known_option {
	const char *name;
	const char *words[3]; // all NULL: a number
};

struct kind {
	const char *name;
	const char *form;
	// Of what stands behind ':'. NULL: nothing does, not even ':'
	int (*check)(struct device_string *device, char *error, size_t size);
	bool any_option; // options that are not known go to the driver as they are
	struct known_option options[3];
};

__attribute__((format(printf, 3, 4))) static int wrong(char *error, size_t size, const char *format,
						       ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(error, size, format, args);
	va_end(args);
	return -EINVAL;
}

// Accepts 0000:01:00.0 and the short 01:00.0, and rewrites both to the long form.
static int check_pci(struct device_string *device, char *error, size_t size)
{
	unsigned int domain = 0, bus, slot, function;
	const char *text = device->argument;
	int used = 0;

	if (sscanf(text, "%4x:%2x:%2x.%1x%n", &domain, &bus, &slot, &function, &used) != 4 ||
	    text[used]) {
		domain = 0;
		used = 0;
		if (sscanf(text, "%2x:%2x.%1x%n", &bus, &slot, &function, &used) != 3 || text[used])
			used = 0;
	}
	if (!used || strspn(text, "0123456789abcdefABCDEF:.") != strlen(text) || slot > 0x1f ||
	    function > 7)
		return wrong(error, size,
			     "\"%s\" is not a PCI address; write it as in pci:0000:01:00.0", text);
	snprintf(device->argument, sizeof(device->argument), "%04x:%02x:%02x.%x", domain, bus, slot,
		 function);
	return 0;
}

static int check_interface(struct device_string *device, char *error, size_t size)
{
	const char *name = device->argument;

	if (strlen(name) >= IFNAMSIZ)
		return wrong(error, size,
			     "the interface name \"%s\" is too long; at most %d characters", name,
			     IFNAMSIZ - 1);
	if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0 || strpbrk(name, "/:"))
		return wrong(error, size, "\"%s\" cannot be the name of an interface", name);
	return 0;
}

static int check_socket(struct device_string *device, char *error, size_t size)
{
	if (device->argument[0] != '/')
		return wrong(error, size,
			     "the socket \"%s\" is not an absolute path; begin it with /",
			     device->argument);
	if (strlen(device->argument) >= sizeof(((struct sockaddr_un *)0)->sun_path))
		return wrong(error, size, "the path of the socket is too long; at most %zu octets",
			     sizeof(((struct sockaddr_un *)0)->sun_path) - 1);
	return 0;
}

static int check_devargs(struct device_string *device, char *error, size_t size)
{
	if (!isalnum((unsigned char)device->argument[0]))
		return wrong(error, size,
			     "\"%s\" does not begin with a driver or an address; write it as in "
			     "devargs:net_tap0,iface=tap0",
			     device->argument);
	return 0;
}

static const struct kind kinds[DEVICE_KINDS] = {
	[DEVICE_PCI] = {"pci", "pci:ADDR", check_pci},
	[DEVICE_IFACE] = {"iface", "iface:NAME[,mode=xdp|packet]", check_interface,
			  .any_option = true, .options = {{"mode", {"xdp", "packet"}}}},
	[DEVICE_MEMIF] = {"memif", "memif:SOCKET[,id=N][,role=server|client]", check_socket,
			  .any_option = true,
			  .options = {{"id", {}}, {"role", {"server", "client"}}}},
	[DEVICE_VHOST] = {"vhost", "vhost:SOCKET[,client=0|1]", check_socket,
			  .options = {{"client", {"0", "1"}}}},
	[DEVICE_TAP] = {"tap", "tap:NAME", check_interface},
	[DEVICE_DEVARGS] = {"devargs", "devargs:ARGS", check_devargs},
	[DEVICE_LAG] = {"lag", "lag", NULL},
};

static int check_text(const char *text, char *error, size_t size)
{
	if (strlen(text) >= DEVICE_SIZE)
		return wrong(error, size, "the device string is too long; at most %d octets",
			     DEVICE_SIZE - 1);
	for (const char *c = text; *c; c++) {
		if (!isgraph((unsigned char)*c))
			return wrong(error, size,
				     "a device string has no spaces and only printable ASCII");
	}
	return 0;
}

static int find_kind(const char *text, enum device_kind *kind, char *error, size_t size)
{
	for (*kind = 0; *kind < DEVICE_KINDS; (*kind)++) {
		size_t length = strlen(kinds[*kind].name);

		if (strncmp(text, kinds[*kind].name, length) == 0 &&
		    text[length] == (kinds[*kind].check ? ':' : 0))
			return 0;
	}
	return wrong(error, size,
		     "\"%s\" does not say what kind of device it is; begin it with pci:, iface:, "
		     "memif:, vhost:, tap: or devargs:, or write lag",
		     text);
}

static bool is_number(const char *text)
{
	return *text && strspn(text, "0123456789") == strlen(text) && strlen(text) <= 10 &&
	       strtoull(text, NULL, 10) <= UINT32_MAX;
}

static int check_value(const struct known_option *known, const char *value, char *error,
		       size_t size)
{
	if (!known->words[0])
		return is_number(value)
			       ? 0
			       : wrong(error, size, "%s=%s: write a number from 0 to 4294967295",
				       known->name, value);
	for (const char *const *word = known->words; *word; word++) {
		if (strcmp(*word, value) == 0)
			return 0;
	}
	return wrong(error, size, "%s=%s: write %s or %s", known->name, value, known->words[0],
		     known->words[1]);
}

static int check_option(const struct kind *kind, const struct device_option *option, char *error,
			size_t size)
{
	for (const struct known_option *known = kind->options; known->name; known++) {
		if (strcmp(known->name, option->name) == 0)
			return check_value(known, option->value, error, size);
	}
	if (!kind->any_option)
		return wrong(error, size,
			     "%s: has no option \"%s\"; the form is %s (other options of a driver: "
			     "devargs:)",
			     kind->name, option->name, kind->form);
	return 0;
}

// "text" is one option, of "length" octets.
static int add_option(struct device_string *device, const char *text, size_t length, char *error,
		      size_t size)
{
	const char *equals = memchr(text, '=', length);
	size_t name = equals ? (size_t)(equals - text) : length;

	if (!equals || !name || name + 1 == length || name >= NAME_SIZE)
		return wrong(error, size, "\"%.*s\" is not an option; write OPTION=VALUE",
			     (int)length, text);
	if (device->n_options == DEVICE_MAX_OPTIONS)
		return wrong(error, size, "too many options; at most %d", DEVICE_MAX_OPTIONS);

	struct device_option *option = &device->options[device->n_options];
	snprintf(option->name, sizeof(option->name), "%.*s", (int)name, text);
	snprintf(option->value, sizeof(option->value), "%.*s", (int)(length - name - 1),
		 equals + 1);
	if (device_string_option(device, option->name))
		return wrong(error, size, "the option \"%s\" is given twice", option->name);
	device->n_options++;
	return check_option(&kinds[device->kind], option, error, size);
}

static int parse_options(struct device_string *device, const char *text, char *error, size_t size)
{
	while (*text == ',') {
		size_t length = strcspn(++text, ",");

		if (add_option(device, text, length, error, size))
			return -EINVAL;
		text += length;
	}
	return 0;
}

int device_string_parse(const char *text, struct device_string *device, char *error, size_t size)
{
	memset(device, 0, sizeof(*device));
	if (check_text(text, error, size) || find_kind(text, &device->kind, error, size))
		return -EINVAL;

	const struct kind *kind = &kinds[device->kind];
	if (!kind->check)
		return 0;
	const char *argument = text + strlen(kind->name) + 1;
	size_t length = device->kind == DEVICE_DEVARGS ? strlen(argument) : strcspn(argument, ",");
	if (!length)
		return wrong(error, size, "there is nothing behind \"%s:\"; the form is %s",
			     kind->name, kind->form);
	snprintf(device->argument, sizeof(device->argument), "%.*s", (int)length, argument);
	if (kind->check(device, error, size))
		return -EINVAL;
	return parse_options(device, argument + length, error, size);
}

int device_string_check(const char *text, char *error, size_t size)
{
	struct device_string device;

	return device_string_parse(text, &device, error, size);
}

const char *device_string_option(const struct device_string *device, const char *name)
{
	for (size_t i = 0; i < device->n_options; i++) {
		if (strcmp(device->options[i].name, name) == 0)
			return device->options[i].value;
	}
	return NULL;
}

// memif carries many connections over one socket, told apart by their id.
static unsigned long memif_id(const struct device_string *device)
{
	const char *id = device_string_option(device, "id");

	return id ? strtoul(id, NULL, 10) : 0;
}

bool device_string_same(const struct device_string *a, const struct device_string *b)
{
	return a->kind == b->kind && a->kind != DEVICE_LAG &&
	       strcmp(a->argument, b->argument) == 0 &&
	       (a->kind != DEVICE_MEMIF || memif_id(a) == memif_id(b));
}

const char *device_kind_name(enum device_kind kind)
{
	return kinds[kind].name;
}
