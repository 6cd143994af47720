// SPDX-License-Identifier: BSD-3-Clause
// What is printed of LAGs and their links, to the letter.
#include <criterion/criterion.h>

#include "tests/support/expect_line.h"

#define IN_USE                                                                                \
	"\"in_use\":true,\"reason\":\"carries\",\"text\":\"carries frames\","                 \
	"\"flags\":[\"active\",\"short_timeout\",\"aggregating\",\"in_sync\",\"collecting\"," \
	"\"distributing\"],\"partner\":{\"system\":\"02:00:00:00:65:03\",\"priority\":32768," \
	"\"key\":7,\"port\":1,\"flags\":[\"aggregating\",\"in_sync\",\"collecting\","         \
	"\"distributing\"]},\"received\":12,\"sent\":13,\"malformed\":1"
#define SILENT                                                                                  \
	"\"in_use\":false,\"reason\":\"silent\",\"text\":\"no LACPDU from the partner\","       \
	"\"flags\":[\"active\",\"aggregating\",\"defaulted\"],\"partner\":null,\"received\":0," \
	"\"sent\":4,\"malformed\":0"
#define STATIC                                                                               \
	"\"in_use\":true,\"reason\":\"carries\",\"text\":\"carries frames\",\"flags\":null," \
	"\"partner\":null,\"received\":null,\"sent\":null,\"malformed\":null"
#define LINKS                                                      \
	"[{\"link\":\"swp5\",\"state\":\"up\"," IN_USE "},"        \
	"{\"link\":\"swp6\",\"state\":\"not in use\"," SILENT "}," \
	"{\"link\":\"swp7\",\"state\":\"admin down\"," SILENT "}]"
#define COUNTERS                                                                                \
	"\"rx_frames\":10,\"rx_octets\":1500,\"rx_multicast\":0,\"rx_broadcast\":0,"            \
	"\"tx_frames\":2,\"tx_octets\":120,\"tx_multicast\":0,\"tx_broadcast\":0,\"copies\":0," \
	"\"injected\":0,\"consumed\":0,\"answered\":0,\"sponged\":0,\"drops_in\":0,"            \
	"\"drops_out\":0,\"learned\":0,\"moved\":0,\"learn_refused\":0,\"cleared\":null"
#define LAG                                                                                      \
	"{\"name\":\"bond3\",\"kind\":\"lag\",\"lag\":null,\"device\":\"lag\",\"driver\":null,"  \
	"\"admin\":\"up\",\"state\":\"up\",\"link\":\"up\",\"link_changes\":0,\"speed\":10000,"  \
	"\"mtu\":1500,\"asn\":64503,\"member\":\"Example Net\",\"links\":" LINKS ","             \
	"\"lacp\":{\"mode\":\"active\",\"rate\":\"slow\",\"min_links\":1,\"in_use\":1},"         \
	"\"lans\":[{\"lan\":\"peering\",\"tagged\":false,\"vid\":null,\"macs\":[],\"ips\":[]}]," \
	"\"counters\":{" COUNTERS "}}"
#define LINK                                                                                   \
	"{\"name\":\"swp6\",\"kind\":\"link\",\"lag\":\"bond3\",\"device\":\"iface:m6\","      \
	"\"driver\":\"net_af_xdp\",\"admin\":\"up\",\"state\":\"not in use\",\"link\":\"up\"," \
	"\"link_changes\":0,\"speed\":10000,\"mtu\":1500,\"asn\":null,\"member\":null,"        \
	"\"links\":null,\"lacp\":{" SILENT "},\"lans\":[],\"counters\":{" COUNTERS "}}"

Test(cmd_lags, every_link_has_a_line)
{
	static const struct fake_answer answers[] = {
		{"show.lags", FAKE_RESULT,
		 "{\"version\":1,\"lags\":[{\"lag\":\"bond3\",\"state\":\"down\",\"min_links\":2,"
		 "\"in_use\":1,\"links\":" LINKS "},{\"lag\":\"bond4\",\"state\":\"up\","
		 "\"min_links\":1,\"in_use\":1,\"links\":[{\"link\":\"swp8\",\"state\":"
		 "\"up\"," STATIC
		 "}]},{\"lag\":\"bond5\",\"state\":\"down\",\"min_links\":1,\"in_use\":0,"
		 "\"links\":[]}]}",
		 "{}"},
		{0},
	};

	expect_line(
		answers, "ixfab show lags", STATUS_OK,
		"LAG    LINK  STATE                       PARTNER                         FLAGS   "
		"THEIRS  LACPDUS-IN  OUT  MALFORMED\n"
		"bond3  swp5  in use                      02:00:00:00:65:03 key 7 port 1  ASGYCD  "
		"GYCD            12   13          1\n"
		"bond3  swp6  no LACPDU from the partner  -                               AGF     "
		"-                0    4          0\n"
		"bond3  swp7  admin down                  -                               AGF     "
		"-                0    4          0\n"
		"bond4  swp8  in use                      -                               -       "
		"-                -    -          -\n"
		"bond5  -     has no links                -                               -       "
		"-                -    -          -\n"
		"bond3 is down: 1 of its links in use, and it needs 2\n"
		"bond5 is down: 0 of its links in use, and it needs 1\n",
		"");
}

Test(cmd_lags, ports_say_whose_link_they_are)
{
	static const struct fake_answer answers[] = {
		{"show.ports", FAKE_RESULT, "{\"version\":1,\"ports\":[" LAG "," LINK "]}", "{}"},
		{0},
	};

	expect_line(
		answers, "ixfab show ports", STATUS_OK,
		"PORT   STATE       SPEED   MTU  LANS                RX     TX  DROPS  DEVICE    "
		"MEMBER\n"
		"bond3  up            10G  1500  peering        1.50 kB  120 B      0  lag       "
		"AS64503 Example Net\n"
		"swp6   not in use    10G  1500  link of bond3  1.50 kB  120 B      0  iface:m6  "
		"-\n",
		"");
}

Test(cmd_lags, a_lag_fills_a_page)
{
	static const struct fake_answer answers[] = {
		{"show.ports", FAKE_RESULT, "{\"version\":1,\"ports\":[" LAG "]}",
		 "{\"port\":\"bond3\"}"},
		{0},
	};

	expect_line(answers, "ixfab show port bond3", STATUS_OK,
		    "Port    bond3\n"
		    "ASN     64503\n"
		    "Member  Example Net\n"
		    "State   up\n"
		    "Admin   up\n"
		    "Link    up\n"
		    "LACP    active, slow, up with 1 link in use\n"
		    "Speed   10G\n"
		    "MTU     1500\n"
		    "Device  lag\n"
		    "\n"
		    "LINK  STATE                       PARTNER                         FLAGS   "
		    "THEIRS  LACPDUS-IN  OUT  MALFORMED\n"
		    "swp5  in use                      02:00:00:00:65:03 key 7 port 1  ASGYCD  "
		    "GYCD            12   13          1\n"
		    "swp6  no LACPDU from the partner  -                               AGF     -   "
		    "             0    4          0\n"
		    "swp7  admin down                  -                               AGF     -   "
		    "             0    4          0\n"
		    "\n"
		    "LAN      TAG       MACS  IPS\n"
		    "peering  untagged  -     -\n"
		    "\n"
		    "TRAFFIC               RECEIVED  SENT\n"
		    "Frames                      10     2\n"
		    "Octets                    1500   120\n"
		    "Multicast                    0     0\n"
		    "Broadcast                    0     0\n"
		    "Dropped                      0     0\n"
		    "By the fabric itself         0     0\n"
		    "\n"
		    "Copies made           0\n"
		    "Addresses learned     0\n"
		    "Addresses moved here  0\n"
		    "Addresses refused     0\n"
		    "Questions answered    0\n"
		    "Questions sponged     0\n",
		    "");
}

Test(cmd_lags, a_link_fills_half_of_one)
{
	static const struct fake_answer answers[] = {
		{"show.ports", FAKE_RESULT, "{\"version\":1,\"ports\":[" LINK "]}",
		 "{\"port\":\"swp6\"}"},
		{0},
	};

	expect_line(answers, "ixfab show port swp6", STATUS_OK,
		    "Port       swp6\n"
		    "State      not in use\n"
		    "Admin      up\n"
		    "Link       up\n"
		    "Link of    bond3\n"
		    "In use     no: no LACPDU from the partner\n"
		    "Our flags  active, aggregating, defaulted\n"
		    "LACPDUs    0 received, 4 sent, 0 malformed\n"
		    "Speed      10G\n"
		    "MTU        1500\n"
		    "Device     iface:m6\n"
		    "Driver     net_af_xdp\n"
		    "\n"
		    "TRAFFIC  RECEIVED  SENT\n"
		    "Frames         10     2\n"
		    "Octets       1500   120\n"
		    "\n",
		    "");
}

Test(cmd_lags, counters_tell_links_from_ports)
{
	static const struct fake_answer answers[] = {
		{"show.counters", FAKE_RESULT,
		 "{\"version\":1,\"counters\":[{\"port\":\"bond3\",\"lag\":null," COUNTERS
		 "},{\"port\":\"swp6\",\"lag\":\"bond3\"," COUNTERS "}],\"total\":{" COUNTERS
		 ",\"balance\":0},\"settled\":true}",
		 "{}"},
		{0},
	};

	expect_line(answers, "ixfab show counters", STATUS_OK,
		    "PORT           RX-FRAMES  RX-OCTETS  RX-MCAST  RX-BCAST  TX-FRAMES  TX-OCTETS "
		    " TX-MCAST  TX-BCAST  COPIES  INJECTED  CONSUMED  ANSWERED  SPONGED  DROPS-IN  "
		    "DROPS-OUT\n"
		    "bond3                 10       1500         0         0          2        120 "
		    "        0         0       0         0         0         0        0         0  "
		    "        0\n"
		    "swp6 of bond3         10       1500         0         0          2        120 "
		    "        0         0       0         0         0         0        0         0  "
		    "        0\n"
		    "total                 10       1500         0         0          2        120 "
		    "        0         0       0         0         0         0        0         0  "
		    "        0\n",
		    "");
}
