// SPDX-License-Identifier: BSD-3-Clause
// The table itself.
#include "control/ctl/command.h"

#define DEFAULT_FILE COMMAND_DEFAULT_FILE

static const struct argument a_port[] = {
	{"PORT", "port", ARG_PORT, .help = "only this port"},
	{0},
};
static const struct argument a_port_name[] = {
	{"NAME", "port", ARG_PORT, .required = true, .help = "the port"},
	{0},
};
static const struct argument a_port_set[] = {
	{"PORT", "port", ARG_PORT, .required = true, .help = "the port"},
	{"up|down", "admin", ARG_CHOICE, .required = true, .help = "what it is to be"},
	{"--for", "until", ARG_WHEN, .help = "90s, 15m, 2h, 3d, or until 2026-12-01T12:00"},
	{0},
};
static const struct argument a_port_only[] = {
	{"PORT", "port", ARG_PORT, .required = true, .help = "the port"},
	{0},
};
static const struct argument a_drain[] = {
	{"PORT", "port", ARG_PORT, .required = true, .help = "the port"},
	{"--for", "until", ARG_WHEN, .help = "90s, 15m, 2h, 3d, or until 2026-12-01T12:00"},
	{0},
};
static const struct argument a_mac_add[] = {
	{"PORT", "port", ARG_PORT, .required = true, .help = "the port"},
	{"MAC", "mac", ARG_MAC, .required = true, .help = "the address"},
	{"--lan", "lan", ARG_LAN, .help = "in this LAN; needed if the port is in several"},
	{"--until", "until", ARG_WHEN, .help = "90s, 15m, 2h, 3d, or 2026-12-01T12:00; else 24h"},
	{0},
};
static const struct argument a_mac_del[] = {
	{"PORT", "port", ARG_PORT, .required = true, .help = "the port"},
	{"MAC", "mac", ARG_MAC, .required = true, .help = "the address"},
	{"--lan", "lan", ARG_LAN, .help = "only in this LAN"},
	{0},
};
static const struct argument a_mac_clear[] = {
	{"PORT", "port", ARG_PORT, .required = true, .help = "the port"},
	{"--lan", "lan", ARG_LAN, .help = "only in this LAN"},
	{0},
};
static const struct argument a_macs[] = {
	{"--lan", "lan", ARG_LAN, .help = "only of this LAN"},
	{"--port", "port", ARG_PORT, .help = "only on this port"},
	{"MAC", "mac", ARG_MAC, .help = "only this address"},
	{0},
};
static const struct argument a_lan[] = {
	{"--lan", "lan", ARG_LAN, .help = "only of this LAN"},
	{0},
};
static const struct argument a_sponge[] = {
	{"--lan", "lan", ARG_LAN, .help = "only of this LAN"},
	{"--state", "state", ARG_STATE, .help = "only in this state: alive, pending, dead, static"},
	{"--summary", "summary", ARG_FLAG, .help = "only how many there are"},
	{"RANGE", "range", ARG_RANGE, .help = "192.0.2.7, 192.0.2.7-192.0.2.9 or 192.0.2.0/28"},
	{0},
};
static const struct argument a_sponge_set[] = {
	{"--static", "static", ARG_FLAG, .help = "whatever the addresses do"},
	{"--lan", "lan", ARG_LAN, .help = "in this LAN; needed if several have the address"},
	{"--state", "state", ARG_STATE, .help = "only addresses that are in this state"},
	{"RANGE", "range", ARG_RANGE, .required = true,
	 .help = "192.0.2.7, 192.0.2.7-192.0.2.9, 192.0.2.0/28, or all that are known"},
	{0},
};
static const struct argument a_dead_peers[] = {
	{"--lan", "lan", ARG_LAN, .help = "only of this LAN"},
	{"--port", "port", ARG_PORT, .help = "only of this port"},
	{0},
};
static const struct argument a_inform[] = {
	{"WHOM", "whom", ARG_ADDRESS, .required = true, .help = "the neighbour that is told"},
	{"ADDRESS", "about", ARG_ADDRESS, .required = true, .help = "whose owner it is told"},
	{0},
};
static const struct argument a_dump[] = {
	{"--lan", "lan", ARG_LAN, .help = "only of this LAN"},
	{"FILE", "file", ARG_FILE, .help = "where to; else the output"},
	{0},
};
static const struct argument a_load[] = {
	{"--force", "force", ARG_FLAG, .help = "even if it is old"},
	{"FILE", "file", ARG_FILE, .required = true, .help = "that dump has written"},
	{0},
};
static const struct argument a_matrix[] = {
	{"--ipv4", "ipv4", ARG_FLAG, .help = "count IPv4"},
	{"--ipv6", "ipv6", ARG_FLAG, .help = "count IPv6"},
	{0},
};
static const struct argument a_events[] = {
	{"--follow", "follow", ARG_FLAG, .help = "go on with what happens"},
	{"--port", "port", ARG_PORT, .help = "only of this port"},
	{"--reason", "reason", ARG_REASON, .help = "only for this reason"},
	{"--since", "since", ARG_SPAN, .help = "so long ago or later: 90s, 15m, 2h, 7d"},
	{"-n", "limit", ARG_NUMBER, .help = "at most so many, the latest; up to 1000, else 100"},
	{0},
};
static const struct argument a_event[] = {
	{"ID", "id", ARG_EVENT, .required = true, .help = "its number"},
	{0},
};
static const struct argument a_file[] = {
	{"FILE", "file", ARG_FILE, .fallback = DEFAULT_FILE, .help = "default " DEFAULT_FILE},
	{0},
};
static const struct argument a_doctor[] = {
	{"--workers", "workers", ARG_TEXT, .help = "CPUs of the workers, as in 2,3 or 2-5"},
	{"FILE", "file", ARG_FILE, .help = "default " DEFAULT_FILE},
	{0},
};
static const struct argument a_support[] = {
	{"-o", "output", ARG_FILE, .help = "write it to this file"},
	{"--interval", "interval", ARG_NUMBER, .help = "seconds between two looks; else 10"},
	{"FILE", "file", ARG_FILE, .help = "the configuration; default " DEFAULT_FILE},
	{0},
};
static const struct argument a_diff[] = {
	{"--exit-code", "exit_code", ARG_FLAG, .help = "exit with 5 if there are changes"},
	{"FILE", "file", ARG_FILE, .fallback = DEFAULT_FILE, .help = "default " DEFAULT_FILE},
	{0},
};
static const struct argument a_apply[] = {
	{"--confirm", "confirm", ARG_SECONDS,
	 .help = "undo it unless it is confirmed in so many seconds; without a number 300"},
	{"-m", "message", ARG_TEXT, .help = "what for, for the history"},
	{"--dry-run", "dry_run", ARG_FLAG, .help = "only say what would change, as diff does"},
	{"--force", "force", ARG_FLAG, .help = "even if it removes most of the ports"},
	{"FILE", "file", ARG_FILE, .fallback = DEFAULT_FILE, .help = "default " DEFAULT_FILE},
	{0},
};
static const struct argument a_undo[] = {
	{"LEVELS", "levels", ARG_LEVELS, .help = "so many configurations back; else one"},
	{0},
};
static const struct argument a_show_config[] = {
	{"--running", "running", ARG_FLAG, .help = "the one in force, as without it"},
	{"--saved", "saved", ARG_FLAG, .help = "the file, as control would read it at its start"},
	{"--gen", "generation", ARG_GENERATION, .help = "one of the history"},
	{0},
};
static const struct argument a_audit[] = {
	{"-n", "limit", ARG_NUMBER, .help = "at most so many, the latest; up to 1000, else 100"},
	{0},
};
static const struct argument a_explain[] = {
	{"--port", "port", ARG_PORT, .required = true, .help = "the port by which it comes"},
	{"FRAME...", "frame", ARG_FRAME, .required = true,
	 .help = "the frame in words, see ixfab(1)"},
	{0},
};
static const struct argument a_capture[] = {
	{"--port", "port", ARG_PORT, .help = "only frames that come by this port, or die there"},
	{"--drops", "drops", ARG_DROP, .help = "only those that die: for this reason, or for any"},
	{"-w", "output", ARG_FILE, .help = "write pcapng to this file; - is standard output"},
	{"-c", "count", ARG_NUMBER, .help = "end after so many frames"},
	{"-s", "snap", ARG_NUMBER, .help = "keep so many octets of each, else all"},
	{"--for", "seconds", ARG_SPAN, .help = "end after 90s, 15m or 2h; else 60s"},
	{"FILTER...", "filter", ARG_FILTER, .help = "only these frames, see pcap-filter(7)"},
	{0},
};
static const struct argument a_import[] = {
	{"-o", "output", ARG_FILE, .help = "write it to this file; else to standard output"},
	{"--config", "config", ARG_FILE, .help = "of the fabric; default " DEFAULT_FILE},
	{"--portmap", "portmap", ARG_FILE, .help = "which port of the feed is which here"},
	{"--lans", "lans", ARG_TEXT, .help = "which VLAN is which LAN: 10=peering,20=-"},
	{"--device", "device", ARG_TEXT, .help = "of every port: iface:%, % is its name"},
	{"--force", "force", ARG_FLAG, .help = "even if much goes"},
	{"FILE", "file", ARG_FILE, .required = true, .help = "the feed; - is standard input"},
	{0},
};
static const struct argument a_import_ixf[] = {
	{"--portmap", "portmap", ARG_FILE, .required = true,
	 .help = "which AS number or address is on which port"},
	{"-o", "output", ARG_FILE, .help = "write it to this file; else to standard output"},
	{"--config", "config", ARG_FILE, .help = "of the fabric; default " DEFAULT_FILE},
	{"--ixp-id", "ixp", ARG_NUMBER, .help = "which exchange, if there are several"},
	{"--vlan-id", "vlan", ARG_NUMBER, .help = "only this VLAN of the feed"},
	{"--lans", "lans", ARG_TEXT, .help = "which VLAN is which LAN: 2=peering,3=-"},
	{"--device", "device", ARG_TEXT, .help = "of every port: iface:%, % is its name"},
	{"--force", "force", ARG_FLAG, .help = "even if much goes"},
	{"FILE", "file", ARG_FILE, .required = true, .help = "the feed; - is standard input"},
	{0},
};
static const struct argument a_export_ixf[] = {
	{"--ixp-id", "ixp", ARG_NUMBER, .help = "your number of this exchange; else 1"},
	{"--ixf-id", "ixf", ARG_NUMBER, .help = "its number in the IX-F database; else 0"},
	{"--lan", "lan", ARG_LAN, .help = "only this LAN"},
	{"FILE", "file", ARG_FILE, .help = "a configuration; else that in force"},
	{0},
};
static const struct argument a_export[] = {
	{"--lan", "lan", ARG_LAN, .help = "only this LAN"},
	{"FILE", "file", ARG_FILE, .help = "a configuration; else that in force"},
	{0},
};
static const struct argument a_shell[] = {
	{"bash", "shell", ARG_CHOICE, .required = true, .help = "the shell"},
	{0},
};
static const struct argument a_help[] = {
	{"COMMAND", "command", ARG_COMMAND, .help = "only this command"},
	{0},
};

const struct command commands[] = {
	{"show ports", "Every port: state, traffic, member.", run_request, "show.ports",
	 view_ports},
	{"show port", "Everything about one port.", run_request, "show.ports", view_port,
	 a_port_name},
	{"show lags", "Every link of every LAG: in use, or why not.", run_request, "show.lags",
	 view_lags},
	{"show macs", "Which MAC address lives where.", run_request, "show.macs", view_macs,
	 a_macs},
	{"show neighbours", "Whose each IP address is.", run_request, "show.neighbours",
	 view_neighbours, a_lan},
	{"show sponge", "Which addresses are down, and how often they are asked for.", run_request,
	 "show.sponge", view_sponge, a_sponge},
	{"show dead-peers", "Who still sends to addresses that are down.", run_request,
	 "show.dead_peers", view_dead_peers, a_dead_peers},
	{"show lans", "Every LAN and its rules.", run_request, "show.lans", view_lans},
	{"show counters", "Frames and octets, port by port.", run_request, "show.counters",
	 view_counters, a_port},
	{"show drops", "Why frames died, and how many.", run_request, "show.drops", view_drops,
	 a_port},
	{"show matrix", "Who sends how much to whom.", run_matrix, .arguments = a_matrix},
	{"show workers", "Load of the workers, and memory.", run_request, "show.workers",
	 view_workers},
	{"show sflow", "Who is told of samples, and of how many.", run_request, "show.sflow",
	 view_sflow},
	{"show captures", "Who captures frames.", run_request, "show.captures", view_captures},
	{"show config", "The configuration in force, an older one, or the file.", run_request,
	 "show.config", view_config, a_show_config},
	{"show overrides", "What stands above the configuration, by whom and until when.",
	 run_request, "show.overrides", view_overrides},
	{"show audit", "Who changed what.", run_request, "show.audit", view_audit, a_audit},
	{"show version", "What runs, and since when.", run_request, "version", view_version},
	{"show events", "What went wrong, one line for each incident.", run_show_events,
	 .arguments = a_events + 1},
	{"show event", "Everything about one event, with its first frame.", run_request,
	 "show.event", view_event, a_event},
	{"events", "As show events; with --follow also what happens from now on.", run_events,
	 .arguments = a_events},
	{"port PORT up|down", "Switch a port on or off.", run_request, "port.set", view_port_set,
	 a_port_set},
	{"port PORT enable", "Enable a port that was disabled for what it did.", run_request,
	 "port.enable", view_port_enable, a_port_only},
	{"port PORT mac add", "Let a port use another address for a time.", run_request,
	 "port.mac.add", view_mac_add, a_mac_add},
	{"port PORT mac del", "Take back an address that was added or learned for good.",
	 run_request, "port.mac.del", view_mac_del, a_mac_del},
	{"port PORT mac list", "Which addresses a port may use, and for how long.", run_request,
	 "port.mac.list", view_mac_list, a_port_only},
	{"port PORT mac clear", "Forget what a port has learned for good.", run_request,
	 "port.mac.clear", view_mac_clear, a_mac_clear},
	{"port PORT drain", "Keep BGP between members off a port, before maintenance.", run_request,
	 "port.drain", view_port_drain, a_drain},
	{"port PORT undrain", "End draining.", run_request, "port.undrain", view_port_drain,
	 a_port_only},
	{"port PORT promote", "Let a port out of quarantine.", run_request, "port.promote",
	 view_port_quarantine, a_port_only},
	{"port PORT quarantine", "Put a port that was promoted back into quarantine.", run_request,
	 "port.quarantine", view_port_quarantine, a_port_only},
	{"port PORT quarantine report", "What a port in quarantine has sent, and what to mend.",
	 run_request, "quarantine.report", view_quarantine, a_port_only},
	{"clear counters", "Count from zero.", run_request, "clear.counters", view_clear_counters,
	 a_port},
	{"clear macs", "Forget learned addresses; static ones stay.", run_request, "clear.macs",
	 view_clear_macs, a_macs},
	{"clear sponge", "Forget what is known of addresses: the next question makes them pending.",
	 run_request, "sponge.clear", view_sponge_clear, a_sponge_set + 1},
	{"clear dead-peers", "Forget who sent to addresses that are down.", run_request,
	 "clear.dead_peers", view_clear_dead_peers, a_lan},
	{"sponge", "Let the sponge answer for addresses, until they show signs of life.",
	 run_request, "sponge.set", view_sponge_set, a_sponge_set},
	{"unsponge", "Let the sponge leave addresses alone.", run_request, "sponge.unset",
	 view_sponge_set, a_sponge_set + 1},
	{"probe", "Ask who is there.", run_request, "sponge.probe", view_sponge_probe,
	 a_sponge_set + 1},
	{"inform WHOM about ADDRESS", "Tell a neighbour where an address is.", run_request,
	 "sponge.inform", view_inform, a_inform},
	{"dump", "The states of all addresses, to be loaded again.", run_dump, .arguments = a_dump},
	{"load", "Take up states that were dumped.", run_load, "sponge.load", .arguments = a_load},
	{"check", "Is this configuration right? Needs no daemon.", run_check, .arguments = a_file},
	{"doctor", "Is this machine fit for it, and what mends it if not? Needs no daemon.",
	 run_doctor, .arguments = a_doctor},
	{"support-bundle", "Put all that others need to help you into one file.",
	 run_support_bundle, .arguments = a_support},
	{"diff", "What would apply change, and would members notice?", run_diff,
	 .arguments = a_diff},
	{"apply", "Put a configuration in force: all of it, or nothing.", run_apply, "config.apply",
	 .arguments = a_apply},
	{"confirm", "Keep a configuration that was applied with --confirm.", run_request,
	 "config.confirm", view_confirmed},
	{"undo", "Go back to the configuration before.", run_undo, "config.undo", view_undone,
	 a_undo},
	{"history", "Which configurations there were, and how each ended.", run_request,
	 "config.history", view_history},
	{"import ixp-manager", "From IXP Manager's layer2interfaces to members.yaml.",
	 run_import_ixp_manager, .arguments = a_import},
	{"import ixf", "From an IX-F member export to members.yaml.", run_import_ixf,
	 .arguments = a_import_ixf},
	{"export ixf", "The members as an IX-F member export 1.0.", run_export_ixf,
	 .arguments = a_export_ixf},
	{"export arouteserver-clients", "The members as arouteserver's clients.yml.",
	 run_export_clients, .arguments = a_export},
	{"export ethers", "The registered addresses as ethers(5), for tcpdump.", run_export_ethers,
	 .arguments = a_export},
	{"explain", "What would become of this frame? Nothing is sent.", run_explain,
	 .arguments = a_explain},
	{"capture", "Which frames come, and what becomes of them.", run_capture, "capture.begin",
	 .arguments = a_capture},
	{"snmp", "Answer snmpd, which starts it by pass_persist.", run_snmp},
	{"completion", "Print the completion for a shell.", run_completion, .arguments = a_shell},
	{"help", "Print this, or the arguments of a command.", run_help, .arguments = a_help},
	{0},
};
