// SPDX-License-Identifier: BSD-3-Clause
// Operators' requests: control/rpc/PROTOCOL.md says what there is, one rpc_*.c per subject says
// how.
//
// A method gets a call, and ends it once with rpc_result() or rpc_error(), at once or when the
// dataplane has answered.
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "control/rpc/code.h"

struct config;
struct config_lan;
struct config_member;
struct config_port;
struct connection;
struct control;
struct incident;
struct ip;
struct server;
struct server_handler;

struct rpc_method;

enum { RPC_CLAIM_SIZE = 33 };

struct rpc_call {
	struct control *control;
	struct connection *connection;
	const struct rpc_method *method;
	json_t *id; // NULL: a notification, which gets no answer
	json_t *params;
	char claim[RPC_CLAIM_SIZE]; // who the peer says to be; "": nothing
	bool unchanged;		    // it succeeds and has changed nothing: not worth a note
};

// Who may call a method. One without a role is for nobody.
enum rpc_role {
	RPC_NOBODY,
	RPC_READER,   // everybody who can connect; it changes nothing
	RPC_OPERATOR, // root, control's own user, and members of the socket's group
};

struct rpc_method {
	const char *name;
	void (*run)(struct rpc_call *call);
	enum rpc_role role;
};

// All methods; the last has no name.
extern const struct rpc_method rpc_methods[];

// The handler that a server is to be given, with the struct control as its argument.
extern const struct server_handler rpc_handler;

// End a call with a result, which is taken over; "version" is added to it. NULL is an error of our
// own. Of a method for operators the audit log gets a note, with its "changes", if there are any.
void rpc_result(struct rpc_call *call, json_t *result);

// End a call with an error; "data" is taken over and may be NULL.
__attribute__((format(printf, 4, 5))) void rpc_error(struct rpc_call *call, int code, json_t *data,
						     const char *format, ...);

// Tell all who follow; "params" is taken over.
void rpc_notify(struct server *server, const char *method, json_t *params);

// Tell one client by ourselves; "params" is taken over. Returns false if it is gone or does not
// read.
bool rpc_tell(struct connection *connection, const char *method, json_t *params);

// Unpack the parameters as json_unpack_ex() does; others than those named are an error. Returns
// false after it has ended the call.
bool rpc_params(struct rpc_call *call, const char *format, ...);

// Checks that end the call when they fail.
bool rpc_needs_dataplane(struct rpc_call *call);
bool rpc_needs_slot(struct rpc_call *call, const char *port, uint16_t *slot); // of a port with one
bool rpc_needs_port(struct rpc_call *call, const char *port);		      // NULL is fine
// A port that is no link of a LAG, or none that there is; NULL is fine.
bool rpc_needs_no_link(struct rpc_call *call, const char *port);
bool rpc_needs_events(struct rpc_call *call);
bool rpc_needs_lan(struct rpc_call *call, const char *lan, uint16_t *number);

// Values. A string that is no UTF-8 gets "?" for what is not; NULL and 0 become null.
json_t *rpc_string(const char *text);
json_t *rpc_known(uint64_t number);
json_t *rpc_time(double seconds);
json_t *rpc_time_ns(uint64_t nanoseconds);
json_t *rpc_mac(uint64_t mac);

// An IP as text.
json_t *rpc_ip(const struct ip *ip);
// The port that has the address in a LAN by the configuration; NULL: none.
const struct config_port *rpc_owner(const struct config *config, uint16_t lan, const struct ip *ip);

json_t *rpc_octets(const uint8_t *octets, size_t n); // in hex digits; none become null
json_t *rpc_left(double until, double now);	     // whole seconds; without end null
json_t *rpc_reason(uint16_t reason);		     // enum drop_reason; DROP_NONE becomes null

// Add the rules and limits that are in force to what is told of a LAN, a membership, a port.
void rpc_add_lan_rules(json_t *object, const struct config_lan *lan);
void rpc_add_member_rules(json_t *object, const struct config_member *member);
void rpc_add_port_rules(json_t *object, const struct config_port *port);

// Who asks, by name: the one of the peer's credentials, and what the peer claims beside it. Free
// the result.
char *rpc_peer(const struct rpc_call *call);
char *rpc_user(const struct rpc_call *call); // by the credentials alone

// What stands above the configuration, as in show.overrides; "effect" is added unless it is NULL.
// Without "sticky", addresses that were learned for good are left out.
struct manual;
void rpc_add_overrides(json_t *list, const struct manual *manual, const char *effect, bool sticky);

// Until when the configuration in force is to be confirmed, as in show.config.
json_t *rpc_wait(const struct control *control);

// The methods, by subject.
void rpc_version(struct rpc_call *call);
void rpc_show_config(struct rpc_call *call);
void rpc_show_overrides(struct rpc_call *call);
void rpc_show_audit(struct rpc_call *call);
void rpc_show_events(struct rpc_call *call);
void rpc_show_event(struct rpc_call *call);
void rpc_events_follow(struct rpc_call *call);
void rpc_quarantine_report(struct rpc_call *call);
void rpc_show_ports(struct rpc_call *call);
void rpc_show_interfaces(struct rpc_call *call);
void rpc_show_lans(struct rpc_call *call);
void rpc_show_lags(struct rpc_call *call);
void rpc_show_macs(struct rpc_call *call);
void rpc_show_neighbours(struct rpc_call *call);
void rpc_show_sponge(struct rpc_call *call);
void rpc_show_dead_peers(struct rpc_call *call);
void rpc_clear_dead_peers(struct rpc_call *call);
void rpc_sponge_set(struct rpc_call *call);
void rpc_sponge_unset(struct rpc_call *call);
void rpc_sponge_clear(struct rpc_call *call);
void rpc_sponge_probe(struct rpc_call *call);
void rpc_sponge_inform(struct rpc_call *call);
void rpc_sponge_dump(struct rpc_call *call);
void rpc_sponge_load(struct rpc_call *call);
void rpc_show_counters(struct rpc_call *call);
void rpc_show_drops(struct rpc_call *call);
void rpc_show_matrix(struct rpc_call *call);
void rpc_show_workers(struct rpc_call *call);
void rpc_show_sflow(struct rpc_call *call);
void rpc_config_diff(struct rpc_call *call);
void rpc_config_apply(struct rpc_call *call);
void rpc_config_confirm(struct rpc_call *call);
void rpc_config_undo(struct rpc_call *call);
void rpc_config_history(struct rpc_call *call);
void rpc_port_set(struct rpc_call *call);
void rpc_port_enable(struct rpc_call *call);
void rpc_port_drain(struct rpc_call *call);
void rpc_port_undrain(struct rpc_call *call);
void rpc_port_promote(struct rpc_call *call);
void rpc_port_quarantine(struct rpc_call *call);
void rpc_port_mac_add(struct rpc_call *call);
void rpc_port_mac_del(struct rpc_call *call);
void rpc_port_mac_list(struct rpc_call *call);
void rpc_port_mac_clear(struct rpc_call *call);
void rpc_clear_counters(struct rpc_call *call);
void rpc_clear_macs(struct rpc_call *call);
void rpc_explain(struct rpc_call *call);
void rpc_capture_begin(struct rpc_call *call);
void rpc_capture_end(struct rpc_call *call);
void rpc_show_captures(struct rpc_call *call);

// An incident as in show.events.
json_t *rpc_incident(const struct incident *incident);

// Counters of a port as in show.counters, without its name.
struct port_counters;
json_t *rpc_counters(const struct port_counters *counters);

// The state of a port of the configuration, as in show.ports; "info" is NULL if the dataplane does
// not have it.
struct port_info;
json_t *rpc_port_state(const struct control *control, size_t port, const struct port_info *info);

// Add to a port of show.ports what it is, of a LAG its links, of a link its LAG; likewise.
void rpc_add_lag(json_t *object, const struct control *control, size_t port,
		 const struct port_info *info);

// Counters of the port in "slot" since they were cleared; "cleared" receives when, or 0. Of a link
// of a LAG, what came and left by it.
void rpc_read_counters(const struct control *control, uint16_t slot, struct port_counters *counters,
		       double *cleared);
