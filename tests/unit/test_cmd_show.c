// SPDX-License-Identifier: BSD-3-Clause
// What every command prints for a given answer of the daemon, to the letter.
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "tests/support/expect_line.h"

#define COUNTERS_1                                                                         \
	"{\"port\":\"lon-1\",\"rx_frames\":1000,\"rx_octets\":1500000,\"rx_multicast\":5," \
	"\"rx_broadcast\":7,\"tx_frames\":20,\"tx_octets\":1280,\"tx_multicast\":1,"       \
	"\"tx_broadcast\":2,\"copies\":12,\"injected\":0,\"consumed\":0,\"answered\":9,"   \
	"\"sponged\":8,\"drops_in\":4,"                                                    \
	"\"drops_out\":1,\"learned\":1,\"moved\":0,\"learn_refused\":0,\"cleared\":null}"
#define COUNTERS_2                                                                       \
	"{\"port\":\"ams-22\",\"rx_frames\":0,\"rx_octets\":0,\"rx_multicast\":0,"       \
	"\"rx_broadcast\":0,\"tx_frames\":987,\"tx_octets\":1480500,\"tx_multicast\":5," \
	"\"tx_broadcast\":7,\"copies\":0,\"injected\":0,\"consumed\":0,\"answered\":0,"  \
	"\"sponged\":0,\"drops_in\":0,"                                                  \
	"\"drops_out\":0,\"learned\":0,\"moved\":0,\"learn_refused\":0,\"cleared\":1767225600.0}"
#define PORT_1                                                                                     \
	"{\"name\":\"lon-1\",\"device\":\"iface:eth1\",\"driver\":\"net_af_xdp\",\"admin\":"       \
	"\"up\","                                                                                  \
	"\"link\":\"up\",\"speed\":10000,\"mtu\":1500,\"mac\":\"02:00:00:00:00:f1\",\"queues\":2," \
	"\"queue_workers\":[0,1],\"fallback\":false,\"tx_shared\":true,\"link_changes\":3,"        \
	"\"guard\":\"native\",\"state\":\"up\",\"quarantine\":false,\"disables\":0,"               \
	"\"changed\":1767225600.5,\"ifindex\":1,\"asn\":64501,\"member\":\"Example Net\","         \
	"\"description\":null,\"problem\":null,\"lans\":[{\"lan\":\"peering\",\"tagged\":false,"   \
	"\"vid\":null,\"macs\":[\"02:00:00:00:00:0a\"],\"ips\":[\"192.0.2.1\",\"2001:db8::1\"]}]," \
	"\"counters\":" COUNTERS_1 "}"
#define PORT_2                                                                                  \
	"{\"name\":\"ams-22\",\"device\":\"iface:eth2\",\"driver\":null,\"admin\":\"down\","    \
	"\"link\":\"down\",\"speed\":null,\"mtu\":9000,\"mac\":null,\"queues\":1,"              \
	"\"queue_workers\":[0],\"fallback\":true,\"tx_shared\":false,\"link_changes\":0,"       \
	"\"changed\":null,\"state\":\"admin "                                                   \
	"down\",\"ifindex\":2,\"asn\":null,\"member\":null,\"description\":\"rack 3\","         \
	"\"problem\":\"iface:eth2: no such interface\",\"lans\":[{\"lan\":\"peering\","         \
	"\"tagged\":true,\"vid\":10,\"macs\":[\"02:00:00:00:00:0b\"],\"ips\":[\"192.0.2.2\"]}," \
	"{\"lan\":\"spare\",\"tagged\":false,\"vid\":null,\"macs\":[],\"ips\":[]}],"            \
	"\"counters\":" COUNTERS_2 "}"
#define TOTAL                                                                                      \
	"{\"rx_frames\":1000,\"rx_octets\":1500000,\"rx_multicast\":5,\"rx_broadcast\":7,"         \
	"\"tx_frames\":1007,\"tx_octets\":1481780,\"tx_multicast\":6,\"tx_broadcast\":9,"          \
	"\"copies\":12,\"injected\":0,\"consumed\":0,\"answered\":9,\"sponged\":8,\"drops_in\":4," \
	"\"drops_out\":1"

#define MATRIX                                                                          \
	"{\"version\":1,\"matrix\":[{\"from\":\"lon-1\",\"to\":\"ams-22\","             \
	"\"ipv4\":{\"frames\":10,\"octets\":15000},\"ipv6\":{\"frames\":1,"             \
	"\"octets\":100},\"other\":{\"frames\":1,\"octets\":60}},{\"from\":\"ams-22\"," \
	"\"to\":\"lon-1\",\"ipv4\":{\"frames\":2,\"octets\":120},"                      \
	"\"ipv6\":{\"frames\":0,\"octets\":0},\"other\":{\"frames\":0,\"octets\":0}}]}"

Test(cmd_show, ports_are_a_table)
{
	static const struct fake_answer answers[] = {
		{"show.ports", FAKE_RESULT, "{\"version\":1,\"ports\":[" PORT_1 "," PORT_2 "]}",
		 "{}"},
		{0},
	};

	expect_line(answers, "ixfab show ports", STATUS_OK,
		    "PORT    STATE       SPEED   MTU  LANS                    RX       TX  DROPS  "
		    "DEVICE                 MEMBER\n"
		    "lon-1   up            10G  1500  peering            1.50 MB  1.28 kB      5  "
		    "iface:eth1             AS64501 Example Net\n"
		    "ams-22  admin down      -  9000  peering:10, spare      0 B  1.48 MB      0  "
		    "iface:eth2 (fallback)  -\n"
		    "ams-22: iface:eth2: no such interface\n",
		    "");
}

Test(cmd_show, one_port_fills_a_page)
{
	static const struct fake_answer answers[] = {
		{"show.ports", FAKE_RESULT, "{\"version\":1,\"ports\":[" PORT_1 "]}",
		 "{\"port\":\"lon-1\"}"},
		{0},
	};

	expect_line(answers, "ixfab show port lon-1", STATUS_OK,
		    "Port             lon-1\n"
		    "ASN              64501\n"
		    "Member           Example Net\n"
		    "State            up\n"
		    "Admin            up\n"
		    "Link             up since 2026-01-01 00:00:00, 3 changes\n"
		    "Speed            10G\n"
		    "MTU              1500\n"
		    "MAC              02:00:00:00:00:f1\n"
		    "Device           iface:eth1\n"
		    "Driver           net_af_xdp\n"
		    "XDP guard        drops in the interface's driver\n"
		    "Queues           2, polled by worker 0, 1\n"
		    "Transmission     workers take turns: fewer transmit queues than workers\n"
		    "Interface index  1\n"
		    "\n"
		    "LAN      TAG       MACS               IPS\n"
		    "peering  untagged  02:00:00:00:00:0a  192.0.2.1, 2001:db8::1\n"
		    "\n"
		    "TRAFFIC               RECEIVED  SENT\n"
		    "Frames                    1000    20\n"
		    "Octets                 1500000  1280\n"
		    "Multicast                    5     1\n"
		    "Broadcast                    7     2\n"
		    "Dropped                      4     1\n"
		    "By the fabric itself         0     0\n"
		    "\n"
		    "Copies made           12\n"
		    "Addresses learned     1\n"
		    "Addresses moved here  0\n"
		    "Addresses refused     0\n"
		    "Questions answered    9\n"
		    "Questions sponged     8\n",
		    "");
}

Test(cmd_show, a_port_has_rules)
{
	static const struct fake_answer answers[] = {
		{"show.ports", FAKE_RESULT,
		 "{\"version\":1,\"ports\":[{\"name\":\"p\",\"lans\":[{\"lan\":\"a\",\"tagged\":"
		 "false,"
		 "\"macs\":[],\"ips\":[],\"admission\":{\"ethertypes\":[\"ipv4\",\"0x88cc\"],"
		 "\"broadcast\":\"arp\",\"mld\":false,\"router_advertisements\":true},"
		 "\"port_security\":{\"mode\":\"open\"}}],"
		 "\"violation\":{\"action\":\"disable\",\"recovery\":null},"
		 "\"loop_detection\":{\"interval\":5}}]}",
		 "{\"port\":\"p\"}"},
		{0},
	};

	expect_line(answers, "ixfab show port p", STATUS_OK,
		    "Port  p\n"
		    "\n"
		    "LAN  TAG       MACS  IPS\n"
		    "a    untagged  -     -\n"
		    "\n"
		    "RULE            LAN  IN FORCE\n"
		    "admission       a    ethertypes ipv4 0x88cc, broadcast arp, "
		    "router-advertisements\n"
		    "port-security   a    mode open\n"
		    "violation       -    action disable, recovery never\n"
		    "loop-detection  -    interval 5\n"
		    "\n"
		    "TRAFFIC               RECEIVED  SENT\n"
		    "Frames                       -     -\n"
		    "Octets                       -     -\n"
		    "Multicast                    -     -\n"
		    "Broadcast                    -     -\n"
		    "Dropped                      -     -\n"
		    "By the fabric itself         -     -\n"
		    "\n",
		    "");
}

Test(cmd_show, a_port_without_a_device_says_why)
{
	static const struct fake_answer answers[] = {
		{"show.ports", FAKE_RESULT, "{\"version\":1,\"ports\":[" PORT_2 "]}",
		 "{\"port\":\"ams-22\"}"},
		{0},
	};

	expect_line(answers, "ixfab show port ams-22", STATUS_OK,
		    "Port             ams-22\n"
		    "Problem          iface:eth2: no such interface\n"
		    "Description      rack 3\n"
		    "State            admin down\n"
		    "Admin            down\n"
		    "Link             down\n"
		    "MTU              9000\n"
		    "Device           iface:eth2\n"
		    "Fallback         AF_PACKET, because AF_XDP did not work here\n"
		    "Queues           1, polled by worker 0\n"
		    "Interface index  2\n"
		    "\n"
		    "LAN      TAG       MACS               IPS\n"
		    "peering  10        02:00:00:00:00:0b  192.0.2.2\n"
		    "spare    untagged  -                  -\n"
		    "\n"
		    "TRAFFIC               RECEIVED     SENT\n"
		    "Frames                       0      987\n"
		    "Octets                       0  1480500\n"
		    "Multicast                    0        5\n"
		    "Broadcast                    0        7\n"
		    "Dropped                      0        0\n"
		    "By the fabric itself         0        0\n"
		    "\n"
		    "Copies made           0\n"
		    "Addresses learned     0\n"
		    "Addresses moved here  0\n"
		    "Addresses refused     0\n"
		    "Questions answered    0\n"
		    "Questions sponged     0\n"
		    "Counted since         2026-01-01 00:00:00\n",
		    "");
}

Test(cmd_show, macs_are_a_table)
{
	static const struct fake_answer answers[] = {
		{"show.macs", FAKE_RESULT,
		 "{\"version\":1,\"macs\":[{\"mac\":\"02:00:00:00:00:0a\",\"lan\":\"peering\","
		 "\"vlan\":10,\"ifname\":\"lon-1\",\"state\":\"static\",\"age\":null},"
		 "{\"mac\":\"02:00:00:00:00:0c\",\"lan\":\"spare\",\"vlan\":null,"
		 "\"ifname\":\"ams-22\",\"state\":\"learned\",\"age\":75},"
		 "{\"mac\":\"02:00:00:00:00:0d\",\"lan\":\"spare\",\"vlan\":null,"
		 "\"ifname\":\"ams-22\",\"state\":\"temporary\",\"age\":null,\"left\":5400}],"
		 "\"truncated\":false}",
		 "{\"lan\":\"peering\",\"mac\":\"02:00:00:00:00:0a\"}"},
		{0},
	};

	expect_line(answers, "ixfab show macs --lan peering 0200.0000.000A", STATUS_OK,
		    "MAC                LAN      VLAN  PORT    STATE        AGE   LEFT\n"
		    "02:00:00:00:00:0a  peering    10  lon-1   static         -      -\n"
		    "02:00:00:00:00:0c  spare       -  ams-22  learned    1m15s      -\n"
		    "02:00:00:00:00:0d  spare       -  ams-22  temporary      -  1h30m\n",
		    "");
}

Test(cmd_show, too_many_macs_are_said_to_be)
{
	static const struct fake_answer answers[] = {
		{"show.macs", FAKE_RESULT, "{\"version\":1,\"macs\":[],\"truncated\":true}", "{}"},
		{0},
	};

	expect_line(answers, "ixfab show macs", STATUS_OK,
		    "MAC  LAN  VLAN  PORT  STATE  AGE  LEFT\n"
		    "There are more: ask for one LAN, one port or one address.\n",
		    "");
}

Test(cmd_show, neighbours_are_a_table)
{
	static const struct fake_answer answers[] = {
		{"show.neighbours", FAKE_RESULT,
		 "{\"version\":1,\"neighbours\":[{\"address\":\"192.0.2.9\",\"ifname\":\"lon-1\","
		 "\"asn\":64501,\"member\":\"Nine\",\"mac\":\"02:00:00:00:00:09\","
		 "\"lan\":\"peering\",\"source\":\"assigned\",\"state\":\"dead\",\"duplicate\":"
		 "false,"
		 "\"doubted\":false,\"heard\":null},{\"address\":\"192.0.2.10\",\"ifname\":"
		 "\"lon-1\",\"asn\":64501,\"member\":\"Nine\",\"mac\":\"02:00:00:00:00:09\","
		 "\"lan\":\"peering\",\"source\":\"learned\",\"state\":\"alive\",\"duplicate\":"
		 "false,\"doubted\":true,\"heard\":1767225600.0},{\"address\":\"192.0.2.11\","
		 "\"ifname\":\"lon-1\",\"asn\":64501,\"member\":\"Nine\",\"mac\":"
		 "\"02:00:00:00:00:09\",\"lan\":\"peering\",\"source\":\"learned\",\"state\":null,"
		 "\"duplicate\":true,\"doubted\":true,\"heard\":1767225600.0},{\"address\":"
		 "\"2001:db8::9\",\"ifname\":\"ams-22\",\"asn\":null,\"member\":null,\"mac\":null,"
		 "\"lan\":\"peering\",\"source\":\"assigned\",\"state\":null,\"duplicate\":false,"
		 "\"doubted\":false,\"heard\":null}]}",
		 "{\"lan\":\"peering\"}"},
		{0},
	};

	expect_line(
		answers, "ixfab show neighbours --lan peering", STATUS_OK,
		"ADDRESS      PORT    MEMBER        MAC                LAN      SOURCE    "
		"STATE      HEARD\n"
		"192.0.2.9    lon-1   AS64501 Nine  02:00:00:00:00:09  peering  assigned  dead  "
		"     -\n"
		"192.0.2.10   lon-1   AS64501 Nine  02:00:00:00:00:09  peering  learned   moved "
		"     2026-01-01 00:00:00\n"
		"192.0.2.11   lon-1   AS64501 Nine  02:00:00:00:00:09  peering  learned   "
		"duplicate  2026-01-01 00:00:00\n"
		"2001:db8::9  ams-22  -             -                  peering  assigned  -     "
		"     -\n",
		"");
}

Test(cmd_show, lans_are_a_table)
{
	static const struct fake_answer answers[] = {
		{"show.lans", FAKE_RESULT,
		 "{\"version\":1,\"lans\":[{\"name\":\"peering\",\"profile\":\"exchange\","
		 "\"vlan\":10,\"mtu\":1500,\"prefixes\":[\"192.0.2.0/24\",\"2001:db8::/64\"],"
		 "\"ageing\":300,\"flood_unknown_unicast\":false,\"drop_hijack\":true,"
		 "\"pass_tagged\":false,\"ports\":2,\"learned\":3,\"static\":2,"
		 "\"fdb_size\":16384,\"learn_limit\":0,\"port_security\":{\"mode\":\"registered\"},"
		 "\"admission\":{\"ethertypes\":[\"ipv4\",\"arp\"]}},{\"name\":\"spare\","
		 "\"profile\":\"open\",\"vlan\":null,\"mtu\":9000,\"prefixes\":[],\"ageing\":0,"
		 "\"flood_unknown_unicast\":true,\"drop_hijack\":false,\"pass_tagged\":true,"
		 "\"ports\":0,\"learned\":0,\"static\":0,\"fdb_size\":1024,\"learn_limit\":0,"
		 "\"port_security\":{\"mode\":\"open\"},\"admission\":{\"ethertypes\":\"any\"}}]}",
		 "{}"},
		{0},
	};

	expect_line(
		answers, "ixfab show lans", STATUS_OK,
		"LAN      PROFILE   VLAN   MTU  PORTS  LEARNED  STATIC   SIZE  AGEING  "
		"FLOODS-UNKNOWN  DROPS-HIJACK  PASSES-TAGGED  SECURITY    ETHERTYPES  PREFIXES\n"
		"peering  exchange    10  1500      2        3       2  16384   5m00s  no      "
		"        yes           no             registered  ipv4, arp   192.0.2.0/24, "
		"2001:db8::/64\n"
		"spare    open         -  9000      0        0       0   1024   never  yes     "
		"        no            yes            open        any         -\n",
		"");
}

Test(cmd_show, counters_end_with_their_total)
{
	static const struct fake_answer answers[] = {
		{"show.counters", FAKE_RESULT,
		 "{\"version\":1,\"counters\":[" COUNTERS_1 "," COUNTERS_2 "],\"total\":" TOTAL
		 ",\"balance\":0},\"settled\":true}",
		 "{}"},
		{0},
	};

	expect_line(
		answers, "ixfab show counters", STATUS_OK,
		"PORT    RX-FRAMES  RX-OCTETS  RX-MCAST  RX-BCAST  TX-FRAMES  TX-OCTETS  "
		"TX-MCAST  TX-BCAST  COPIES  INJECTED  CONSUMED  ANSWERED  SPONGED  DROPS-IN  "
		"DROPS-OUT\n"
		"lon-1        1000    1500000         5         7         20       1280        "
		" 1         2      12         0         0         9        8         4          1\n"
		"ams-22          0          0         0         0        987    1480500        "
		" 5         7       0         0         0         0        0         0          0\n"
		"total        1000    1500000         5         7       1007    1481780        "
		" 6         9      12         0         0         9        8         4          "
		"1\n",
		"");
}

Test(cmd_show, counters_of_one_port_have_no_total)
{
	static const struct fake_answer answers[] = {
		{"show.counters", FAKE_RESULT,
		 "{\"version\":1,\"counters\":[" COUNTERS_1 "],\"total\":" TOTAL
		 ",\"balance\":0},\"settled\":true}",
		 "{\"port\":\"lon-1\"}"},
		{0},
	};

	expect_line(answers, "ixfab show counters lon-1 --no-header", STATUS_OK,
		    "lon-1  1000  1500000  5  7  20  1280  1  2  12  0  0  9  8  4  1\n", "");
}

Test(cmd_show, counters_that_do_not_add_up_are_noticed)
{
	static const struct fake_answer answers[] = {
		{"show.counters", FAKE_RESULT,
		 "{\"version\":1,\"counters\":[" COUNTERS_1
		 "],\"total\":{\"balance\":7},\"settled\":true}",
		 "{\"port\":\"lon-1\"}"},
		{0},
	};

	expect_line(answers, "ixfab show counters lon-1 --no-header", STATUS_OK,
		    "lon-1  1000  1500000  5  7  20  1280  1  2  12  0  0  9  8  4  1\n"
		    "7 frames are missing: the counters do not add up\n",
		    "");
}

Test(cmd_show, counters_of_moving_frames_need_not_add_up)
{
	static const struct fake_answer answers[] = {
		{"show.counters", FAKE_RESULT,
		 "{\"version\":1,\"counters\":[" COUNTERS_1
		 "],\"total\":{\"balance\":7},\"settled\":false}",
		 "{\"port\":\"lon-1\"}"},
		{0},
	};

	expect_line(answers, "ixfab show counters lon-1 --no-header", STATUS_OK,
		    "lon-1  1000  1500000  5  7  20  1280  1  2  12  0  0  9  8  4  1\n", "");
}

Test(cmd_show, drops_say_what_they_mean)
{
	static const struct fake_answer answers[] = {
		{"show.drops", FAKE_RESULT,
		 "{\"version\":1,\"drops\":[{\"port\":\"lon-1\",\"reason\":\"unknown_unicast\","
		 "\"direction\":\"in\",\"frames\":4,\"text\":\"Nobody knows the destination,"
		 " and the LAN does not flood.\"},{\"port\":\"ams-22\","
		 "\"reason\":\"egress_mtu\",\"direction\":\"out\",\"frames\":12345,"
		 "\"text\":\"Longer than the port it should leave by can send.\"}]}",
		 "{}"},
		{0},
	};

	expect_line(answers, "ixfab show drops", STATUS_OK,
		    "PORT    SIDE  FRAMES  REASON           MEANING\n"
		    "lon-1   in         4  unknown_unicast  Nobody knows the destination, and the "
		    "LAN does not flood.\n"
		    "ams-22  out    12345  egress_mtu       Longer than the port it should leave "
		    "by can send.\n",
		    "");
}

Test(cmd_show, matrix_of_few_ports_is_a_square)
{
	static const struct fake_answer answers[] = {
		{"show.matrix", FAKE_RESULT, MATRIX, NULL},
		{0},
	};

	expect_line(answers, "ixfab show matrix", STATUS_OK,
		    "FROM \\ TO  lon-1   ams-22    total\n"
		    "lon-1          .  15.2 kB  15.2 kB\n"
		    "ams-22     120 B        .    120 B\n"
		    "total      120 B  15.2 kB  15.3 kB\n",
		    "");
}

Test(cmd_show, matrix_tells_families_apart)
{
	static const struct fake_answer answers[] = {
		{"show.matrix", FAKE_RESULT, MATRIX, NULL},
		{0},
	};

	expect_line(answers, "ixfab show matrix --ipv4 --ipv6", STATUS_OK,
		    "IPv4\n"
		    "FROM \\ TO  lon-1   ams-22    total\n"
		    "lon-1          .  15.0 kB  15.0 kB\n"
		    "ams-22     120 B        .    120 B\n"
		    "total      120 B  15.0 kB  15.1 kB\n"
		    "\n"
		    "IPv6\n"
		    "FROM \\ TO  lon-1  ams-22  total\n"
		    "lon-1          .   100 B  100 B\n"
		    "ams-22         .       .      .\n"
		    "total          .   100 B  100 B\n",
		    "");
}

Test(cmd_show, matrix_of_one_family)
{
	static const struct fake_answer answers[] = {
		{"show.matrix", FAKE_RESULT, MATRIX, NULL},
		{0},
	};

	expect_line(answers, "ixfab show matrix --ipv6", STATUS_OK,
		    "FROM \\ TO  lon-1  ams-22  total\n"
		    "lon-1          .   100 B  100 B\n"
		    "ams-22         .       .      .\n"
		    "total          .   100 B  100 B\n",
		    "");
}

Test(cmd_show, workers_show_load_and_memory)
{
	static const struct fake_answer answers[] = {
		{"show.workers", FAKE_RESULT,
		 "{\"version\":1,\"workers\":[{\"worker\":0,\"cpu\":2,"
		 "\"queues\":[{\"port\":\"lon-1\",\"queue\":0},{\"port\":\"ams-22\","
		 "\"queue\":0}],\"busy\":0.034,\"busy_cycles\":1,\"idle_cycles\":2,"
		 "\"sleeps\":17,\"events_lost\":0,\"bursts\":[9000,10,5,3,0,0,0,1]}],"
		 "\"memory\":{\"octets\":134217728,\"hugepages\":true,\"mbufs\":16384,"
		 "\"mbufs_free\":16000}}",
		 "{}"},
		{0},
	};

	expect_line(answers, "ixfab show workers", STATUS_OK,
		    "WORKER  CPU   BUSY  SLEEPS  EVENTS-LOST  QUEUES\n"
		    "     0    2  3.4 %      17            0  lon-1/0, ams-22/0\n"
		    "\n"
		    "BURSTS OF     0   1  2-3  4-7  8-15  16-31  32-63  64+\n"
		    "worker 0   9000  10    5    3     0      0      0    1\n"
		    "\n"
		    "Memory           134 MB\n"
		    "  in huge pages  yes\n"
		    "  frame buffers  16384\n"
		    "  of them free   16000\n",
		    "");
}

Test(cmd_show, sflow)
{
	static const struct fake_answer answers[] = {
		{"show.sflow", FAKE_RESULT,
		 "{\"version\":1,\"agent\":\"192.0.2.250\",\"polling\":30,\"datagrams\":17,"
		 "\"ignored\":0,\"collectors\":[{\"name\":\"graphs\",\"address\":"
		 "\"192.0.2.9\",\"port\":6343,\"datagrams\":17,\"errors\":0,"
		 "\"failing\":false,\"last_error\":null},{\"name\":\"other\",\"address\":"
		 "\"2001:db8::9\",\"port\":7000,\"datagrams\":3,\"errors\":14,"
		 "\"failing\":true,\"last_error\":\"nobody listens on that port\"}],"
		 "\"ports\":[{\"port\":\"lon-1\",\"ifindex\":1,\"sampling\":8192,"
		 "\"samples\":12,\"lost\":1,\"pool\":98304}]}",
		 "{}"},
		{0},
	};

	expect_line(answers, "ixfab show sflow", STATUS_OK,
		    "Agent            192.0.2.250\n"
		    "Counters every   30s\n"
		    "Datagrams        17\n"
		    "Samples ignored  0\n"
		    "\n"
		    "COLLECTOR  ADDRESS             STATE    DATAGRAMS  ERRORS  LAST-ERROR\n"
		    "graphs     192.0.2.9:6343      ok              17       0  -\n"
		    "other      [2001:db8::9]:7000  failing          3      14  "
		    "nobody listens on that port\n"
		    "\n"
		    "PORT   IFINDEX  ONE-OF  SAMPLES  LOST   POOL\n"
		    "lon-1        1    8192       12     1  98304\n",
		    "");
}

Test(cmd_show, config_is_printed_as_a_file)
{
	static const struct fake_answer answers[] = {
		{"show.config", FAKE_RESULT,
		 "{\"version\":1,\"generation\":7,\"applied\":1767225600.0,\"by\":\"root\","
		 "\"file\":\"/etc/ixfab/ixfab.yaml\",\"text\":\"version: 1\\n\"}",
		 "{}"},
		{0},
	};

	expect_line(
		answers, "ixfab show config", STATUS_OK,
		"# generation 7, applied 2026-01-01 00:00:00 by root from /etc/ixfab/ixfab.yaml\n"
		"version: 1\n",
		"");
}

Test(cmd_show, version_says_what_runs)
{
	static const struct fake_answer answers[] = {
		{"version", FAKE_RESULT,
		 "{\"version\":1,\"control\":\"0.1.0\",\"dataplane\":{\"attached\":true,"
		 "\"problem\":null,\"release\":\"0.1.0\",\"pid\":17,\"instance\":1,"
		 "\"started\":1767225600.0,\"workers\":2},\"config\":{\"generation\":7,"
		 "\"applied\":1767225600.0,\"by\":\"root\",\"file\":\"/etc/ixfab/ixfab.yaml\","
		 "\"problem\":null}}",
		 "{}"},
		{0},
	};

	expect_line(answers, "ixfab show version", STATUS_OK,
		    "ixfab 0.1.0\n"
		    "Control        0.1.0\n"
		    "Dataplane      0.1.0\n"
		    "  process      17\n"
		    "  started      2026-01-01 00:00:00\n"
		    "  workers      2\n"
		    "Configuration  generation 7\n"
		    "  file         /etc/ixfab/ixfab.yaml\n"
		    "  applied      2026-01-01 00:00:00\n"
		    "  by           root\n",
		    "");
}

Test(cmd_show, version_says_what_is_wrong)
{
	static const struct fake_answer answers[] = {
		{"version", FAKE_RESULT,
		 "{\"version\":1,\"control\":\"0.1.0\",\"dataplane\":{\"attached\":false,"
		 "\"problem\":\"nobody listens\",\"release\":null,\"pid\":null,\"started\":null,"
		 "\"workers\":null},\"config\":{\"generation\":0,\"applied\":null,\"by\":null,"
		 "\"file\":null,\"problem\":\"there is none\"}}",
		 "{}"},
		{0},
	};

	expect_line(answers, "ixfab show version", STATUS_OK,
		    "ixfab 0.1.0\n"
		    "Control        0.1.0\n"
		    "Dataplane      not attached\n"
		    "  problem      nobody listens\n"
		    "Configuration  none\n"
		    "  problem      there is none\n",
		    "");
}

Test(cmd_show, port_is_switched)
{
	static const struct fake_answer answers[] = {
		{"port.set", FAKE_RESULT, "{\"version\":1,\"port\":\"lon-1\",\"admin\":\"down\"}",
		 "{\"admin\":\"down\",\"port\":\"lon-1\"}"},
		{0},
	};

	expect_line(answers, "ixfab port lon-1 down", STATUS_OK,
		    "Port lon-1 is administratively down.\n", "");
}

Test(cmd_show, counters_are_cleared)
{
	static const struct fake_answer answers[] = {
		{"clear.counters", FAKE_RESULT, "{\"version\":1}", "{}"},
		{0},
	};

	expect_line(answers, "ixfab clear counters", STATUS_OK, "Counting from zero.\n", "");
}

Test(cmd_show, macs_are_cleared)
{
	static const struct fake_answer answers[] = {
		{"clear.macs", FAKE_RESULT, "{\"version\":1,\"removed\":3}",
		 "{\"port\":\"lon-1\"}"},
		{0},
	};

	expect_line(answers, "ixfab clear macs --port lon-1", STATUS_OK,
		    "3 learned addresses removed.\n", "");
}

Test(cmd_show, one_mac_is_cleared)
{
	static const struct fake_answer answers[] = {
		{"clear.macs", FAKE_RESULT, "{\"version\":1,\"removed\":1}",
		 "{\"mac\":\"02:00:00:00:00:0c\"}"},
		{0},
	};

	expect_line(answers, "ixfab clear macs 02:00:00:00:00:0c", STATUS_OK,
		    "1 learned address removed.\n", "");
}

Test(cmd_show, matrix_of_nothing)
{
	static const struct fake_answer answers[] = {
		{"show.matrix", FAKE_RESULT, "{\"version\":1,\"matrix\":[]}", NULL},
		{0},
	};

	expect_line(answers, "ixfab show matrix", STATUS_OK, "No traffic yet.\n", "");
}

// Thirteen ports are more than a square has room for.
Test(cmd_show, matrix_of_many_ports_is_a_list)
{
	char matrix[4096] = "{\"version\":1,\"matrix\":[";
	const struct fake_answer answers[] = {
		{"show.matrix", FAKE_RESULT, matrix, NULL},
		{0},
	};

	for (int i = 1; i <= 12; i++) {
		size_t used = strlen(matrix);

		snprintf(matrix + used, sizeof(matrix) - used,
			 "%s{\"from\":\"swp0\",\"to\":\"swp%d\",\"ipv4\":{\"frames\":%d,\"octets\":"
			 "%d},"
			 "\"ipv6\":{\"frames\":0,\"octets\":0},\"other\":{\"frames\":1,\"octets\":"
			 "60}}",
			 i > 1 ? "," : "", i, i, 100 * i);
	}
	strcat(matrix, "]}");
	expect_line(answers, "ixfab show matrix --ipv4", STATUS_OK,
		    "FROM  TO     IPV4-FRAMES  IPV4-OCTETS\n"
		    "swp0  swp1             1          100\n"
		    "swp0  swp2             2          200\n"
		    "swp0  swp3             3          300\n"
		    "swp0  swp4             4          400\n"
		    "swp0  swp5             5          500\n"
		    "swp0  swp6             6          600\n"
		    "swp0  swp7             7          700\n"
		    "swp0  swp8             8          800\n"
		    "swp0  swp9             9          900\n"
		    "swp0  swp10           10         1000\n"
		    "swp0  swp11           11         1100\n"
		    "swp0  swp12           12         1200\n",
		    "");
}
