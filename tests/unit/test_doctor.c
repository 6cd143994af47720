// SPDX-License-Identifier: BSD-3-Clause
// One thing at a time is wrong at a made-up machine: doctor says which, and what mends it.
#include "control/doctor/doctor.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "control/doctor/facts.h"
#include "lib/xdp_program.h"
#include "tests/support/machine.h"

static const char configuration[] =
	"version: 1\n"
	"lans: {peering: {profile: open}}\n"
	"ports:\n"
	"  swp1: {device: 'pci:0000:01:00.0', lans: {peering: {}}}\n"
	"  swp2: {device: 'iface:enp1s0', queues: 2, lans: {peering: {}}}\n"
	"  swp3: {device: 'tap:exit', lans: {peering: {}}}\n"
	"  bond4: {device: lag, lans: {peering: {}}}\n"
	"  swp5: {device: 'tap:link', lag: bond4}\n";

static const struct link_facts good_link = {
	.kernel = {.name = "enp1s0",
		   .flags = IFF_UP | IFF_RUNNING,
		   .mtu = 1500,
		   .mtu_max = 9702,
		   .ethernet = true,
		   .xdp = 17},
	.channels = {.rx = 2, .most = 8, .combined = true},
	.xdp_name = XDP_PROGRAM,
};

struct ward {
	struct machine machine;
	struct config *config;
	struct link_facts links[2];
	char path[96];
	struct doctor doctor;
};

static void ward_open(struct ward *ward)
{
	struct config_errors errors = {0};

	*ward = (struct ward){.links = {good_link}};
	machine_make(&ward->machine);
	ward->config = config_read("test.yaml", configuration, strlen(configuration), &errors);
	cr_assert_not_null(ward->config, "%s", errors.n ? errors.lines[0] : "");
	config_errors_free(&errors);
	snprintf(ward->path, sizeof(ward->path), "%s/ixfab.yaml", ward->machine.root);
	machine_file(&ward->machine, "/ixfab.yaml", configuration);
	ward->doctor = (struct doctor){
		.root = ward->machine.root,
		.config = ward->config,
		.config_file = ward->path,
		.control_socket = "/run/ixfab/control.sock",
		.links = ward->links,
		.n_links = 1,
		.workers_are_known = true,
	};
	CPU_SET(2, &ward->doctor.workers);
	CPU_SET(3, &ward->doctor.workers);
}

static void ward_close(struct ward *ward)
{
	doctor_fini(&ward->doctor);
	config_free(ward->config);
	machine_remove(&ward->machine);
}

static void expect_no_fault(const struct doctor *doctor)
{
	for (size_t i = 0; i < doctor->n_findings; i++) {
		const struct finding *f = &doctor->findings[i];

		cr_expect_eq(f->level, FINDING_OK, "%s: %s: %s", f->check,
			     finding_level_name(f->level), f->text);
		cr_expect_null(f->command, "%s: %s", f->check, f->command);
	}
}

// All of these words are in the one fault that was found.
struct expected {
	const char *check;
	enum finding_level level;
	const char *text;
	const char *command; // NULL: none
};

static void expect_fault(const struct doctor *doctor, const struct expected *expected,
			 const char *name)
{
	const struct finding *found = NULL;

	for (size_t i = 0; i < doctor->n_findings; i++) {
		const struct finding *f = &doctor->findings[i];

		if (f->level == FINDING_OK)
			continue;
		if (!found && strcmp(f->check, expected->check) == 0)
			found = f;
		else
			cr_expect(false, "%s: also %s: %s", name, f->check, f->text);
	}
	cr_assert_not_null(found, "%s: not found", name);
	cr_expect_eq(found->level, expected->level, "%s: %s", name,
		     finding_level_name(found->level));
	cr_expect_not_null(strstr(found->text, expected->text), "%s: %s", name, found->text);
	if (expected->command)
		cr_expect(found->command && strstr(found->command, expected->command), "%s: %s",
			  name, found->command ?: "no command");
	else
		cr_expect_null(found->command, "%s: %s", name, found->command);
}

Test(doctor, a_machine_without_fault)
{
	struct ward ward;

	ward_open(&ward);
	doctor_examine(&ward.doctor);
	expect_no_fault(&ward.doctor);
	cr_expect_eq(doctor_count(&ward.doctor, FINDING_OK), ward.doctor.n_findings);
	ward_close(&ward);
}

// ---- Files

static const struct file_row {
	const char *path;
	const char *text;   // NULL: without the file
	const char *target; // of a link in its place
	struct expected expected;
} file_rows[] = {
	{"/proc/300",
	 NULL,
	 NULL,
	 {"control", FINDING_NOTE, "does not run", "systemctl start ixfab-control"}},
	{"/var/lib/ixfab", NULL, NULL, {"state", FINDING_NOTE, "no /var/lib/ixfab", "install -d"}},
	{"/var/lib/ixfab", "a file", NULL, {"state", FINDING_PROBLEM, "no directory", NULL}},
	{"/proc/sys/kernel/osrelease",
	 "5.3.0",
	 NULL,
	 {"kernel", FINDING_NOTE, "5.3.0 is older than 5.4", "linux-image-amd64"}},
	{"/proc/net/protocols",
	 "TCP 1\n",
	 NULL,
	 {"af-xdp", FINDING_NOTE, "AF_PACKET", "linux-image-amd64"}},
	{"/proc/sys/net/core/bpf_jit_enable",
	 "0\n",
	 NULL,
	 {"bpf", FINDING_NOTE, "interprets", "sysctl -w net.core.bpf_jit_enable=1"}},
	{"/usr/lib/x86_64-linux-gnu/librte_eal.so.23",
	 NULL,
	 NULL,
	 {"dpdk", FINDING_NOTE, "22.11", "apt install librte-eal23"}},
	{"/usr/lib/x86_64-linux-gnu/dpdk/pmds-23.0/librte_net_tap.so.23",
	 NULL,
	 NULL,
	 {"dpdk", FINDING_PROBLEM, "tap: ports", "apt install librte-net-tap23"}},
	{"/proc/cpuinfo",
	 "flags : constant_tsc nonstop_tsc sse4_2\n",
	 NULL,
	 {"cpu", FINDING_NOTE, "No AVX2", NULL}},
	{"/proc/cpuinfo",
	 "flags : constant_tsc nonstop_tsc avx2\n",
	 NULL,
	 {"cpu", FINDING_PROBLEM, "SSE4.2", NULL}},
	{"/proc/cpuinfo",
	 "flags : sse4_2 avx2 constant_tsc\n",
	 NULL,
	 {"clock", FINDING_NOTE, "TSC", NULL}},
	{"/sys/devices/system/cpu/online",
	 "0-2\n",
	 NULL,
	 {"workers", FINDING_PROBLEM, "online are 0-2", "--workers 2"}},
	{"/sys/devices/system/cpu/online",
	 "2-3\n",
	 NULL,
	 {"workers", FINDING_NOTE, "No CPU is left", NULL}},
	{"/sys/devices/system/cpu/cpu2/topology/thread_siblings_list",
	 "2-3\n",
	 NULL,
	 {"workers", FINDING_NOTE, "threads of one core", "thread_siblings_list"}},
	{"/sys/devices/system/cpu/isolated",
	 "3\n",
	 NULL,
	 {"isolation", FINDING_NOTE, "Not isolated", "isolcpus=2-3 nohz_full=2-3"}},
	{"/sys/devices/system/cpu/nohz_full",
	 "  (null)\n",
	 NULL,
	 {"isolation", FINDING_NOTE, "timer", "nohz_full=2-3"}},
	{"/sys/devices/system/cpu/nohz_full",
	 NULL,
	 NULL,
	 {"isolation", FINDING_NOTE, "timer", "nohz_full=2-3"}},
	{"/sys/devices/system/cpu/cpu3/cpufreq/scaling_governor",
	 "powersave\n",
	 NULL,
	 {"governor", FINDING_NOTE, "\"powersave\"", "echo performance"}},
	{"/proc/400/status",
	 "HugetlbPages:\t0 kB\nCapEff:\t0\n",
	 NULL,
	 {"locked-memory", FINDING_PROBLEM, "lock only little", "LimitMEMLOCK=infinity"}},
	{"/sys/kernel/iommu_groups",
	 NULL,
	 NULL,
	 {"iommu", FINDING_PROBLEM, "IOMMU is off", "intel_iommu=on"}},
	{"/sys/bus/pci/devices/0000:01:00.0/driver",
	 NULL,
	 "../drivers/ixgbe",
	 {"driver", FINDING_PROBLEM, "bound to ixgbe, and not to vfio-pci",
	  "driverctl set-override 0000:01:00.0 vfio-pci"}},
	{"/sys/bus/pci/devices/0000:01:00.0/driver",
	 NULL,
	 NULL,
	 {"driver", FINDING_PROBLEM, "bound to no driver", "driverctl set-override"}},
	{"/sys/bus/pci/devices/0000:01:00.0/driver",
	 NULL,
	 "../drivers/uio_pci_generic",
	 {"driver", FINDING_NOTE, "without an IOMMU", "driverctl set-override"}},
	{"/sys/bus/pci/devices/0000:01:00.0",
	 NULL,
	 NULL,
	 {"driver", FINDING_PROBLEM, "no PCI device 0000:01:00.0", "lspci"}},
	{"/sys/bus/pci/devices/0000:01:00.0/numa_node",
	 "0\n",
	 NULL,
	 {"numa", FINDING_NOTE, "0000:01:00.0 is on node 0", "CPUS    # of 0-1"}},
	{"/sys/class/net/enp1s0/device/numa_node",
	 "0\n",
	 NULL,
	 {"numa", FINDING_NOTE, "enp1s0 is on node 0", "CPUS    # of 0-1"}},
	{"/sys/devices/system/node/node1/hugepages/hugepages-2048kB/nr_hugepages",
	 "0\n",
	 NULL,
	 {"hugepages", FINDING_NOTE, "all huge pages are on others", "echo 96 >"}},
};

static void change_file(const struct machine *machine, const struct file_row *row)
{
	if (row->target)
		machine_link(machine, row->path, row->target);
	else
		machine_file(machine, row->path, row->text);
}

Test(doctor, one_file_is_wrong)
{
	for (size_t i = 0; i < sizeof(file_rows) / sizeof(*file_rows); i++) {
		const struct file_row *row = &file_rows[i];
		char name[160];
		struct ward ward;

		ward_open(&ward);
		change_file(&ward.machine, row);
		doctor_examine(&ward.doctor);
		snprintf(name, sizeof(name), "%s %s", row->path, row->target ?: row->text ?: "-");
		expect_fault(&ward.doctor, &row->expected, name);
		ward_close(&ward);
	}
}

Test(doctor, without_a_dataplane_huge_pages_must_be_free)
{
	static const struct expected expected = {
		"hugepages", FINDING_NOTE, "100 of 1024 MiB are free, and the dataplane takes 192",
		"vm.nr_hugepages=96"};
	struct ward ward;

	ward_open(&ward);
	machine_file(&ward.machine, "/proc/400/status", "CapEff:\t4000\n");
	machine_file(&ward.machine, "/sys/kernel/mm/hugepages/hugepages-2048kB/free_hugepages",
		     "50\n");
	doctor_examine(&ward.doctor);
	expect_fault(&ward.doctor, &expected, "50 pages");
	ward_close(&ward);
}

Test(doctor, the_whole_iommu_group_must_be_bound)
{
	static const struct expected expected = {
		"driver", FINDING_PROBLEM,
		"0000:01:00.1 of the same IOMMU group (7) is the kernel's",
		"driverctl set-override 0000:01:00.1 vfio-pci"};
	struct ward ward;

	ward_open(&ward);
	// As in /sys, where the group is a link to its directory.
	machine_file(&ward.machine, "/sys/kernel/iommu_groups/7/devices/0000:01:00.1", "");
	doctor_examine(&ward.doctor);
	expect_fault(&ward.doctor, &expected, "group");
	ward_close(&ward);
}

Test(doctor, an_interface_of_the_nic_goes_when_it_is_bound)
{
	static const struct expected expected = {"driver", FINDING_PROBLEM, ", as enp1s0f0,",
						 "driverctl"};
	struct ward ward;

	ward_open(&ward);
	machine_link(&ward.machine, "/sys/bus/pci/devices/0000:01:00.0/driver", "../ixgbe");
	machine_file(&ward.machine, "/sys/bus/pci/devices/0000:01:00.0/net/enp1s0f0/mtu", "1500");
	doctor_examine(&ward.doctor);
	expect_fault(&ward.doctor, &expected, "interface");
	ward_close(&ward);
}

Test(doctor, irqbalance_leaves_isolated_cpus_alone)
{
	struct ward ward;

	ward_open(&ward);
	machine_file(&ward.machine, "/proc/500/comm", "irqbalance\n");
	doctor_examine(&ward.doctor);
	expect_no_fault(&ward.doctor);
	doctor_fini(&ward.doctor);
	machine_file(&ward.machine, "/sys/devices/system/cpu/isolated", "\n");
	doctor_examine(&ward.doctor);
	cr_expect_eq(doctor_count(&ward.doctor, FINDING_NOTE), 2);
	ward_close(&ward);
}

Test(doctor, sockets_and_files_that_all_may_write)
{
	static const struct expected socket = {"sockets", FINDING_PROBLEM, "program the dataplane",
					       "chmod o= /run/ixfab/dataplane.sock"};
	static const struct expected file = {"files", FINDING_PROBLEM, "Everybody", "chmod o-w"};
	char path[128];
	struct ward ward;

	ward_open(&ward);
	machine_file(&ward.machine, "/run/ixfab/dataplane.sock", "");
	snprintf(path, sizeof(path), "%s/run/ixfab/dataplane.sock", ward.machine.root);
	chmod(path, 0660);
	doctor_examine(&ward.doctor);
	expect_no_fault(&ward.doctor);
	doctor_fini(&ward.doctor);
	chmod(path, 0666);
	doctor_examine(&ward.doctor);
	expect_fault(&ward.doctor, &socket, "socket");
	doctor_fini(&ward.doctor);
	chmod(path, 0660);
	chmod(ward.path, 0666);
	doctor_examine(&ward.doctor);
	expect_fault(&ward.doctor, &file, "file");
	ward_close(&ward);
}

// ---- Interfaces

static void expect_link(const struct link_facts *link, const struct expected *expected)
{
	struct ward ward;

	ward_open(&ward);
	ward.links[0] = *link;
	doctor_examine(&ward.doctor);
	expect_fault(&ward.doctor, expected, expected->text);
	ward_close(&ward);
}

#define EXPECT_LINK(link, ...) expect_link(&(link), &(const struct expected){__VA_ARGS__})

Test(doctor, whose_an_interface_is)
{
	struct link_facts link = good_link;

	strcpy(link.kernel.name, "enp9s9");
	link.kernel.xdp = 0;
	EXPECT_LINK(link, "interface", FINDING_PROBLEM, "no interface enp1s0", "ip -br link");
	link = good_link;
	strcpy(link.master, "br0");
	EXPECT_LINK(link, "interface", FINDING_PROBLEM, "belongs to br0",
		    "ip link set dev enp1s0 nomaster");
	link = good_link;
	strcpy(link.address, "192.0.2.1");
	EXPECT_LINK(link, "interface", FINDING_PROBLEM, "the address 192.0.2.1",
		    "ip address flush dev enp1s0");
	link = good_link;
	link.kernel.ethernet = false;
	EXPECT_LINK(link, "interface", FINDING_PROBLEM, "no Ethernet", NULL);
}

Test(doctor, what_an_interface_can)
{
	struct link_facts link = good_link;

	link.kernel.mtu_max = 1400;
	EXPECT_LINK(link, "interface", FINDING_PROBLEM, "at most 1400, not 1500", "ip -d link");
	link = good_link;
	link.kernel.mtu = 1280;
	EXPECT_LINK(link, "interface", FINDING_PROBLEM, "is 1280, and 1500", "mtu 1500");
	link = good_link;
	link.kernel.flags = 0;
	EXPECT_LINK(link, "interface", FINDING_PROBLEM, "taken down", "ip link set dev enp1s0 up");
	link.kernel.flags = IFF_UP;
	EXPECT_LINK(link, "interface", FINDING_NOTE, "no carrier", NULL);
}

Test(doctor, channels_and_queues)
{
	struct link_facts link = good_link;

	link.channels.rx = 1;
	EXPECT_LINK(link, "channels", FINDING_NOTE, "1 of the 2 queues stay idle",
		    "ethtool -L enp1s0 combined 2");
	link.channels.most = 0;
	EXPECT_LINK(link, "channels", FINDING_NOTE, "1 of the 2 queues stay idle", NULL);
	link = good_link;
	link.channels.combined = false;
	EXPECT_LINK(link, "channels", FINDING_PROBLEM, "no transmit channels",
		    "ethtool -L enp1s0 rx 1 tx 1");
}

Test(doctor, more_channels_than_a_port_may_have)
{
	static const struct expected expected = {"channels", FINDING_PROBLEM, "on 20 channels",
						 "ethtool -L enp1s0 combined 16"};
	struct ward ward;

	ward_open(&ward);
	ward.links[0].channels.rx = 20;
	ward.config->ports[1].queues = 0;
	doctor_examine(&ward.doctor);
	expect_fault(&ward.doctor, &expected, "20 channels");
	ward_close(&ward);
}

Test(doctor, offloads)
{
	struct link_facts link = good_link;

	link.gro = true;
	EXPECT_LINK(link, "offloads", FINDING_PROBLEM, "On at enp1s0: GRO.",
		    "ethtool -K enp1s0 gro off");
	link.rx_vlan = link.lro = true;
	EXPECT_LINK(link, "offloads", FINDING_PROBLEM, "GRO LRO rx-vlan",
		    "ethtool -K enp1s0 gro off lro off rxvlan off");
}

// Before the dataplane runs, what it sets by itself is no fault.
Test(doctor, what_the_dataplane_sets_is_no_fault_before_it_runs)
{
	struct ward ward;

	ward_open(&ward);
	machine_file(&ward.machine, "/proc/400", NULL);
	ward.links[0].gro = true;
	ward.links[0].kernel.flags = 0;
	ward.links[0].kernel.mtu = 1280;
	ward.links[0].kernel.xdp = 0;
	doctor_examine(&ward.doctor);
	expect_fault(&ward.doctor,
		     &(const struct expected){"dataplane", FINDING_NOTE, "does not run",
					      "systemctl start ixfab-dataplane"},
		     "stopped");
	ward_close(&ward);
}

Test(doctor, xdp_programs_of_others)
{
	struct link_facts link = good_link;

	strcpy(link.xdp_name, "firewall");
	EXPECT_LINK(link, "xdp-program", FINDING_PROBLEM,
		    "not ours (firewall, id 17), so port swp2", "ip link set dev enp1s0 xdp off");
	link.xdp_name[0] = '\0';
	EXPECT_LINK(link, "xdp-program", FINDING_NOTE, "only root may know", "xdp off");
}

// Another interface may have any program but one of ours.
Test(doctor, xdp_programs_elsewhere)
{
	struct ward ward;

	ward_open(&ward);
	ward.links[1] = good_link;
	strcpy(ward.links[1].kernel.name, "eth7");
	strcpy(ward.links[1].xdp_name, "firewall");
	ward.doctor.n_links = 2;
	doctor_examine(&ward.doctor);
	expect_no_fault(&ward.doctor);
	doctor_fini(&ward.doctor);
	strcpy(ward.links[1].xdp_name, XDP_PROGRAM_EARLIER);
	doctor_examine(&ward.doctor);
	expect_fault(&ward.doctor,
		     &(const struct expected){"xdp-program", FINDING_PROBLEM, "is no port",
					      "ip link set dev eth7 xdp off"},
		     "eth7");
	ward_close(&ward);
}

static const struct finding *find_fault(const struct doctor *doctor, const char *check)
{
	for (size_t i = 0; i < doctor->n_findings; i++) {
		if (doctor->findings[i].level != FINDING_OK &&
		    strcmp(doctor->findings[i].check, check) == 0)
			return &doctor->findings[i];
	}
	return NULL;
}

Test(doctor, a_killed_dataplane_leaves_its_program)
{
	struct ward ward;

	ward_open(&ward);
	machine_file(&ward.machine, "/proc/400", NULL);
	doctor_examine(&ward.doctor);
	const struct finding *found = find_fault(&ward.doctor, "xdp-program");
	cr_assert_not_null(found);
	cr_expect_eq(found->level, FINDING_PROBLEM);
	cr_expect_str_eq(found->subject, "enp1s0");
	cr_expect_str_eq(found->command, "ip link set dev enp1s0 xdp off");
	ward_close(&ward);
}

// Control may not have noticed yet that its dataplane died, and the kernel that nobody asks why.
Test(doctor, a_dataplane_that_has_just_died)
{
	struct ward ward;

	ward_open(&ward);
	ward.doctor.dataplane = 400;
	ward.doctor.dataplane_is_known = true;
	machine_file(&ward.machine, "/proc/400/status", "Name:\tixfab-dataplane\nState:\tZ\n");
	doctor_examine(&ward.doctor);
	cr_expect_not_null(find_fault(&ward.doctor, "dataplane"));
	cr_expect_not_null(find_fault(&ward.doctor, "xdp-program"));
	cr_expect_eq(ward.doctor.dataplane, 0);
	ward_close(&ward);
}

// Nothing is said of interfaces that are in another network.
Test(doctor, a_dataplane_in_another_network)
{
	static const struct expected expected = {"dataplane", FINDING_NOTE,
						 "process 400, in another network namespace",
						 "nsenter --net=/proc/400/ns/net ixfab doctor"};
	struct ward ward;

	ward_open(&ward);
	machine_link(&ward.machine, "/proc/400/ns/net", "net:[1]");
	ward.doctor.n_links = 0;
	doctor_examine(&ward.doctor);
	cr_expect(ward.doctor.elsewhere);
	expect_fault(&ward.doctor, &expected, "elsewhere");
	doctor_fini(&ward.doctor);
	// Or if control says so.
	ward.doctor.n_links = 1;
	ward.doctor.dataplane = 400;
	ward.doctor.dataplane_is_known = true;
	doctor_examine(&ward.doctor);
	expect_fault(&ward.doctor, &expected, "control says so");
	ward_close(&ward);
}

// The interfaces are here, so the dataplane of another network is another one.
Test(doctor, the_dataplane_of_another_fabric)
{
	struct ward ward;

	ward_open(&ward);
	machine_link(&ward.machine, "/proc/400/ns/net", "net:[1]");
	doctor_examine(&ward.doctor);
	cr_expect_not(ward.doctor.elsewhere);
	cr_expect_eq(ward.doctor.dataplane, 0);
	cr_expect_not_null(find_fault(&ward.doctor, "xdp-program"));
	ward_close(&ward);
}

Test(doctor, interfaces_that_cannot_be_listed)
{
	struct ward ward;

	ward_open(&ward);
	ward.doctor.links_error = -ENOBUFS;
	ward.doctor.n_links = 0;
	doctor_examine(&ward.doctor);
	expect_fault(&ward.doctor,
		     &(const struct expected){"interface", FINDING_NOTE, "No buffer space", NULL},
		     "no list");
	ward_close(&ward);
}

Test(doctor, without_a_configuration_only_the_machine_is_looked_at)
{
	struct ward ward;

	ward_open(&ward);
	ward.doctor.config = NULL;
	ward.doctor.config_file = "/nonexistent/ixfab.yaml";
	ward.doctor.n_links = 0;
	doctor_examine(&ward.doctor);
	cr_expect_eq(doctor_count(&ward.doctor, FINDING_PROBLEM), 0);
	cr_expect_eq(doctor_count(&ward.doctor, FINDING_NOTE), 1);
	doctor_fini(&ward.doctor);
	ward.doctor.file_was_named = true;
	doctor_examine(&ward.doctor);
	cr_expect_eq(find_fault(&ward.doctor, "configuration")->level, FINDING_PROBLEM);
	ward_close(&ward);
}

Test(doctor, by_default_the_last_cpu_is_the_worker)
{
	struct ward ward;

	ward_open(&ward);
	CPU_ZERO(&ward.doctor.workers);
	ward.doctor.workers_are_known = false;
	doctor_examine(&ward.doctor);
	expect_no_fault(&ward.doctor);
	cr_expect_eq(CPU_COUNT(&ward.doctor.workers), 1);
	cr_expect(CPU_ISSET(3, &ward.doctor.workers));
	ward_close(&ward);
}

// A machine that tells nothing at all is no reason to fall over.
Test(doctor, an_empty_machine)
{
	struct ward ward;

	ward_open(&ward);
	machine_remove(&ward.machine);
	ward.doctor.n_links = 0;
	doctor_examine(&ward.doctor);
	cr_expect_gt(doctor_count(&ward.doctor, FINDING_PROBLEM), 0);
	ward_close(&ward);
}

// ---- Facts

Test(facts, lists_of_cpus)
{
	static const struct {
		const char *text;
		bool right;
		int n;
	} rows[] = {
		{"0-3,8", true, 5}, {"7", true, 1},    {"", true, 0},	      {" (null)", false, 0},
		{"3-1", false, 0},  {"1,x", false, 0}, {"0-99999", false, 0}, {"1-", false, 0},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		cpu_set_t cpus;

		cr_expect_eq(cpu_list_parse(rows[i].text, &cpus), rows[i].right, "%s",
			     rows[i].text);
		cr_expect_eq(CPU_COUNT(&cpus), rows[i].n, "%s", rows[i].text);
	}
}

Test(facts, fields)
{
	char *value = facts_field("Name:\tx\nflags\t\t: a b\nflagsx: c\n", "flags");

	cr_expect_str_eq(value, "a b");
	free(value);
	cr_expect_null(facts_field("Name: x\n", "ame"));
	cr_expect_null(facts_field("", "x"));
}

// What links_read() finds here: the loopback interface is in every namespace.
Test(links, the_loopback_interface)
{
	struct link_facts *links;
	size_t n;

	cr_assert_eq(links_read(&links, &n), 0);
	const struct link_facts *lo = links_find(links, n, "lo");
	cr_assert_not_null(lo);
	cr_expect(lo->kernel.flags & IFF_LOOPBACK);
	cr_expect_not(lo->kernel.ethernet);
	cr_expect_gt(lo->kernel.mtu, 1500);
	cr_expect_eq(lo->channels.rx, 1);
	free(links);
}
