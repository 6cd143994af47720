// SPDX-License-Identifier: BSD-3-Clause
// The commands of ixfab, as data: their words, their arguments and what runs them. Parsing, help,
// completion and the check of the manual page all read this one table.
#pragma once

#include <sched.h>
#include <stdbool.h>
#include <stdio.h>

#include "control/ctl/client.h"
#include "control/ctl/out.h"
#include "control/ctl/status.h"

#define COMMAND_DEFAULT_FILE "/etc/ixfab/ixfab.yaml"

enum argument_kind {
	ARG_FLAG,	// an option without a value
	ARG_PORT,	// name of a port
	ARG_LAN,	// name of a LAN
	ARG_MAC,	// any spelling; stored as xx:xx:xx:xx:xx:xx
	ARG_ADDRESS,	// an IP address
	ARG_RANGE,	// as ip_range_parse() has it, or "all"
	ARG_STATE,	// of an address in the sponge's care
	ARG_FILE,	// path of a file
	ARG_TEXT,	// any text
	ARG_CHOICE,	// one of the words of its name: "up|down"
	ARG_NUMBER,	// 1 or more; stored as a number
	ARG_SECONDS,	// an option with a number of seconds behind "=", or true without one
	ARG_EVENT,	// number of an event, likewise
	ARG_GENERATION, // number of a configuration in the history, likewise
	ARG_LEVELS,	// of undoing, likewise
	ARG_SPAN,	// of time, as "90s", "15m", "2h", "7d"; stored as seconds
	ARG_WHEN,    // as a span from now on, or "2026-12-01T12:00"; stored as seconds since 1970
	ARG_REASON,  // of an event
	ARG_DROP,    // a reason for which frames die, or "any"
	ARG_FILTER,  // in the language of pcap-filter(7): all that is left of the line
	ARG_COMMAND, // the words of a command: all that is left of the line
	ARG_FRAME,   // a frame in words: all that is left of the line
};

struct argument {
	const char *name; // "PORT", or of an option "--port"
	const char *key;  // what it is called in the parsed arguments
	enum argument_kind kind;
	bool required;
	const char *fallback; // stored if it is not given; may be NULL
	const char *help;
};

struct session {
	struct client client;
	struct out out;
	FILE *err;
};

struct command {
	// "show ports", or "port PORT mac add". A word in capitals, and one that is a choice as
	// "up|down", is an argument of that name.
	const char *words;
	const char *help; // one line
	// Returns the exit code. "arguments" is an object with the keys of those that were given.
	enum status (*run)(struct session *session, const struct command *command,
			   json_t *arguments);
	const char *method; // of run_request()
	out_view *view;
	const struct argument *arguments; // up to one without a name; may be NULL
};

// The table ends with an entry without words.
extern const struct command commands[];

// Find the command that the words begin with, the one with most words; "n_used" receives how many
// it has. Returns NULL if there is none.
const struct command *command_find(char *const *words, size_t n, size_t *n_used);

// How many of the typed words fit the first words of the command; and the most of any command.
size_t command_prefix(const struct command *command, char *const *words, size_t n);
size_t command_longest_prefix(char *const *words, size_t n);

// The next of the words of a command, from "words" on; NULL at their end.
const char *command_next_word(const char *words, size_t *length);

// Word number "n" of a command, from 0; NULL if it has not so many.
const char *command_word_at(const struct command *command, size_t n, size_t *length);

// Whether a word of a command is the name of an argument.
bool command_word_is_argument(const char *word, size_t length);

// Whether the words of the command hold the argument.
bool command_has_in_words(const struct command *command, const struct argument *argument);

// Write typed words with spaces between them.
void command_join(char *const *words, size_t n, char *text, size_t size);

// The command most like what was typed and that begins with all words that were right, or NULL if
// nothing is like it.
const struct command *command_nearest(char *const *words, size_t n);

// Write "show macs [--lan LAN] [--port PORT] [MAC]".
void command_synopsis(const struct command *command, FILE *file);

// Its arguments, one a line with their help.
void command_arguments(const struct command *command, FILE *file);

static inline bool argument_is_option(const struct argument *argument)
{
	return argument->name[0] == '-';
}

// All the rest of the line belongs to it.
static inline bool argument_takes_rest(const struct argument *argument)
{
	return argument->kind == ARG_COMMAND || argument->kind == ARG_FRAME ||
	       argument->kind == ARG_FILTER;
}

// Ask the daemon for the command's method with its arguments as parameters, and show the result.
enum status run_request(struct session *session, const struct command *command, json_t *arguments);

// As client_call(), but says what went wrong; "status" receives the exit code for NULL.
json_t *session_call(struct session *session, const char *method, json_t *params,
		     enum status *status);

// Say what is wrong, after the program's name. Returns "status".
__attribute__((format(printf, 3, 4))) enum status session_fail(struct session *session,
							       enum status status,
							       const char *format, ...);

enum status run_show_events(struct session *session, const struct command *command,
			    json_t *arguments);
enum status run_events(struct session *session, const struct command *command, json_t *arguments);
enum status run_matrix(struct session *session, const struct command *command, json_t *arguments);
enum status run_check(struct session *session, const struct command *command, json_t *arguments);
enum status run_doctor(struct session *session, const struct command *command, json_t *arguments);
enum status run_support_bundle(struct session *session, const struct command *command,
			       json_t *arguments);
enum status run_diff(struct session *session, const struct command *command, json_t *arguments);
enum status run_apply(struct session *session, const struct command *command, json_t *arguments);
enum status run_undo(struct session *session, const struct command *command, json_t *arguments);
enum status run_dump(struct session *session, const struct command *command, json_t *arguments);
enum status run_load(struct session *session, const struct command *command, json_t *arguments);
enum status run_explain(struct session *session, const struct command *command, json_t *arguments);
enum status run_capture(struct session *session, const struct command *command, json_t *arguments);
enum status run_import_ixp_manager(struct session *session, const struct command *command,
				   json_t *arguments);
enum status run_import_ixf(struct session *session, const struct command *command,
			   json_t *arguments);
enum status run_export_ixf(struct session *session, const struct command *command,
			   json_t *arguments);
enum status run_export_clients(struct session *session, const struct command *command,
			       json_t *arguments);
enum status run_export_ethers(struct session *session, const struct command *command,
			      json_t *arguments);
enum status run_snmp(struct session *session, const struct command *command, json_t *arguments);
enum status run_help(struct session *session, const struct command *command, json_t *arguments);
enum status run_completion(struct session *session, const struct command *command,
			   json_t *arguments);

// What doctor finds with this configuration (NULL: the default) and these CPUs for workers (none:
// those that they have, or would have), as JSON.
json_t *doctor_run(struct session *session, const char *file, const cpu_set_t *workers);

out_view view_ports, view_port, view_lags, view_macs, view_neighbours, view_lans, view_counters,
	view_drops, view_workers, view_config, view_version, view_event, view_quarantine,
	view_port_set, view_port_enable, view_port_drain, view_port_quarantine, view_mac_add,
	view_mac_del, view_mac_clear, view_mac_list, view_clear_counters, view_clear_macs,
	view_sponge, view_dead_peers, view_sponge_set, view_sponge_clear, view_sponge_probe,
	view_inform, view_clear_dead_peers, view_confirmed, view_undone, view_history,
	view_overrides, view_audit, view_captures, view_sflow;
