// SPDX-License-Identifier: BSD-3-Clause
#include "lib/device_string.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

static const struct {
	const char *text;
	enum device_kind kind;
	const char *argument;
	const char *options; // "name=value name=value"
} good[] = {
	{"pci:0000:01:00.0", DEVICE_PCI, "0000:01:00.0", ""},
	{"pci:81:1F.7", DEVICE_PCI, "0000:81:1f.7", ""},
	{"pci:00AB:01:00.1", DEVICE_PCI, "00ab:01:00.1", ""},
	{"iface:member1", DEVICE_IFACE, "member1", ""},
	{"iface:a,mode=xdp", DEVICE_IFACE, "a", "mode=xdp"},
	{"iface:a,mode=packet,busy_budget=64", DEVICE_IFACE, "a", "mode=packet busy_budget=64"},
	{"iface:fifteen-letters", DEVICE_IFACE, "fifteen-letters", ""},
	{"memif:/run/m.sock", DEVICE_MEMIF, "/run/m.sock", ""},
	{"memif:/run/m.sock,id=4294967295,role=client,bsize=2048", DEVICE_MEMIF, "/run/m.sock",
	 "id=4294967295 role=client bsize=2048"},
	{"vhost:/run/v.sock,client=1", DEVICE_VHOST, "/run/v.sock", "client=1"},
	{"tap:t0", DEVICE_TAP, "t0", ""},
	{"devargs:net_null0,size=64,copy=0", DEVICE_DEVARGS, "net_null0,size=64,copy=0", ""},
	{"devargs:0000:01:00.0,rx_vec_en=1", DEVICE_DEVARGS, "0000:01:00.0,rx_vec_en=1", ""},
	{"lag", DEVICE_LAG, "", ""},
};

static const struct {
	const char *text;
	const char *error; // how the complaint begins
} bad[] = {
	{"", "\"\" does not say what kind of device it is"},
	{"eth0", "\"eth0\" does not say what kind of device it is; begin it with pci:, iface:, "},
	{"ifac:eth0", "\"ifac:eth0\" does not say"},
	{"iface", "\"iface\" does not say"},
	{"IFACE:eth0", "\"IFACE:eth0\" does not say"},
	{"lag:", "\"lag:\" does not say what kind of device it is; begin it with pci:, iface:, "
		 "memif:, vhost:, tap: or devargs:, or write lag"},
	{"lag0", "\"lag0\" does not say"},
	{"iface:", "there is nothing behind \"iface:\"; the form is iface:NAME"},
	{"iface:,mode=xdp", "there is nothing behind \"iface:\""},
	{"iface:sixteen-letters-", "the interface name \"sixteen-letters-\" is too long; at most"},
	{"iface:a/b", "\"a/b\" cannot be the name of an interface"},
	{"iface:..", "\"..\" cannot be"},
	{"iface:a b", "a device string has no spaces"},
	{"iface:a\n", "a device string has no spaces"},
	{"iface:\xc3\xa4", "a device string has no spaces"},
	{"iface:a,", "\"\" is not an option; write OPTION=VALUE"},
	{"iface:a,mode", "\"mode\" is not an option"},
	{"iface:a,mode=", "\"mode=\" is not an option"},
	{"iface:a,=xdp", "\"=xdp\" is not an option"},
	{"iface:a,mode=zdp", "mode=zdp: write xdp or packet"},
	{"iface:a,mode=xdp,mode=xdp", "the option \"mode\" is given twice"},
	{"iface:a,a=1,b=1,c=1,d=1,e=1,f=1,g=1,h=1,i=1", "too many options; at most 8"},
	{"iface:a,a-name-that-is-as-long-as-thirty-two=1", "\"a-name-that-is-as-long-as-thirty"},
	{"pci:", "there is nothing behind \"pci:\""},
	{"pci:0000:01:00", "\"0000:01:00\" is not a PCI address; write it as in pci:0000:01:00.0"},
	{"pci:0000:01:00.8", "\"0000:01:00.8\" is not"},
	{"pci:0000:01:20.0", "\"0000:01:20.0\" is not"},
	{"pci:0000:01:00.0x", "\"0000:01:00.0x\" is not"},
	{"pci:0000:-1:00.0", "\"0000:-1:00.0\" is not"},
	{"pci:0x1:01:00.0", "\"0x1:01:00.0\" is not"},
	{"pci:0000:01:00.0,a=1", "pci: has no option \"a\"; the form is pci:ADDR"},
	{"memif:m.sock", "the socket \"m.sock\" is not an absolute path; begin it with /"},
	{"memif:/m,id=x", "id=x: write a number from 0 to 4294967295"},
	{"memif:/m,id=4294967296", "id=4294967296: write a number"},
	{"memif:/m,id=-1", "id=-1: write a number"},
	{"memif:/m,role=master", "role=master: write server or client"},
	{"vhost:/v,client=2", "client=2: write 0 or 1"},
	{"vhost:/v,queues=2", "vhost: has no option \"queues\""},
	{"tap:t0,x=1", "tap: has no option \"x\""},
	{"devargs:", "there is nothing behind \"devargs:\""},
	{"devargs:,x", "\",x\" does not begin with a driver"},
	{"vhost:/123456789012345678901234567890123456789012345678901234567890123456789012345678901"
	 "234567890123456789012345678",
	 "the path of the socket is too long; at most 107 octets"},
};

Test(device_string, takes_every_form_apart)
{
	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++) {
		char options[DEVICE_SIZE] = "", error[256] = "";
		struct device_string device;

		cr_assert_eq(device_string_parse(good[i].text, &device, error, sizeof(error)), 0,
			     "%s: %s", good[i].text, error);
		for (size_t n = 0; n < device.n_options; n++) {
			size_t used = strlen(options);

			snprintf(options + used, sizeof(options) - used, "%s%s=%s", n ? " " : "",
				 device.options[n].name, device.options[n].value);
		}
		cr_expect_eq(device.kind, good[i].kind, "%s", good[i].text);
		cr_expect_str_eq(device.argument, good[i].argument);
		cr_expect_str_eq(options, good[i].options);
	}
}

Test(device_string, refuses_the_rest_with_a_reason)
{
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		char error[256] = "";

		cr_expect_eq(device_string_check(bad[i].text, error, sizeof(error)), -EINVAL, "%s",
			     bad[i].text);
		cr_expect(strncmp(error, bad[i].error, strlen(bad[i].error)) == 0, "%s: %s",
			  bad[i].text, error);
	}
}

Test(device_string, is_at_most_device_size)
{
	char text[DEVICE_SIZE + 1] = "devargs:", error[64];

	memset(text + 8, 'x', sizeof(text) - 8);
	text[DEVICE_SIZE - 1] = 0;
	cr_expect_eq(device_string_check(text, error, sizeof(error)), 0);
	text[DEVICE_SIZE - 1] = 'x';
	text[DEVICE_SIZE] = 0;
	cr_expect_eq(device_string_check(text, error, sizeof(error)), -EINVAL);
	cr_expect_str_eq(error, "the device string is too long; at most 159 octets");
}

Test(device_string, finds_options)
{
	struct device_string device;
	char error[256];

	cr_assert_eq(device_string_parse("memif:/m,id=7,role=server", &device, error,
					 sizeof(error)),
		     0);
	cr_expect_str_eq(device_string_option(&device, "id"), "7");
	cr_expect_str_eq(device_string_option(&device, "role"), "server");
	cr_expect_null(device_string_option(&device, "mode"));
	cr_expect_str_eq(device_kind_name(device.kind), "memif");
}

static const struct {
	const char *a, *b;
	bool same;
} pairs[] = {
	{"pci:01:00.0", "pci:0000:01:00.0", true},
	{"pci:01:00.0", "pci:01:00.1", false},
	{"iface:a", "iface:a,mode=packet", true},
	{"iface:a", "iface:b", false},
	{"iface:a", "tap:a", false},
	{"memif:/m", "memif:/m,id=0", true},
	{"memif:/m,id=1", "memif:/m,id=2", false},
	{"memif:/m,id=1,role=client", "memif:/m,id=01", true},
	{"devargs:net_null0", "devargs:net_null1", false},
	{"lag", "lag", false},
};

Test(device_string, knows_the_same_device)
{
	for (size_t i = 0; i < sizeof(pairs) / sizeof(*pairs); i++) {
		struct device_string a, b;
		char error[256];

		cr_assert_eq(device_string_parse(pairs[i].a, &a, error, sizeof(error)), 0);
		cr_assert_eq(device_string_parse(pairs[i].b, &b, error, sizeof(error)), 0);
		cr_expect_eq(device_string_same(&a, &b), pairs[i].same, "%s %s", pairs[i].a,
			     pairs[i].b);
	}
}
