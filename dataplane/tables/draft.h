// SPDX-License-Identifier: BSD-3-Clause
// A draft: what control said since POLICY_BEGIN, collected and checked; the material of a policy.
//
// Nothing in a draft has touched the running fabric. Control is not trusted to have validated
// anything: slots, VLANs, sizes and references are checked again here.
//
// Threads: manager only. Needs no EAL.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "lib/message.h"

struct draft {
	bool open;  // between BEGIN and COMMIT
	int broken; // the first thing that was wrong with it, -errno; "error" says what
	struct reply_error error;
	struct policy_begin begin;
	bool lan_used[MAX_LANS];
	bool port_used[MAX_PORTS];
	struct policy_lan_conf lans[MAX_LANS];
	struct policy_port_conf *ports;	   // [MAX_PORTS]
	struct policy_limits_conf *limits; // [MAX_PORTS]; of ports without any: all zero
	struct policy_lag_conf *lags;	   // [MAX_PORTS]; of ports that are none: all zero
	uint16_t lag_of[MAX_PORTS];	   // slot of the LAG of a link; FDB_ANY: it is none
	struct policy_rules_conf *rules;   // [MAX_RULES]
	bool rules_used[MAX_RULES];
	struct policy_prefix_conf *prefixes;
	uint32_t n_prefixes;
	struct policy_member_conf *members;
	uint32_t n_members;
	struct policy_mac_conf *macs;
	uint32_t n_macs;
	struct policy_address_conf *addresses;
	uint32_t n_addresses;
};

enum { DRAFT_PREFIXES_MAX = MAX_LANS * 16 };
enum { DRAFT_MEMBERS_MAX = MAX_PORTS * 16, DRAFT_MACS_MAX = 1 << 20 };
enum { DRAFT_ADDRESSES_MAX = 1 << 18 };

int draft_init(struct draft *draft); // 0 or -ENOMEM
void draft_fini(struct draft *draft);

// Forget everything and start anew.
void draft_begin(struct draft *draft, const struct policy_begin *begin);
void draft_abort(struct draft *draft);

// Add the body of a POLICY_LAN, _PORT, _LIMITS, _LAG, _LINK, _RULES, _PREFIX, _MEMBER or _MAC
// message that passed message_check(). What is wrong with it is kept, and makes draft_check() fail.
void draft_add(struct draft *draft, const struct message *message);

// Is the whole ready to become a policy? Returns 0, or -errno with draft->error filled.
int draft_check(struct draft *draft);

static inline bool draft_is_lag(const struct draft *draft, uint32_t port)
{
	return draft->lags[port].min_links;
}

// The port whose frames come and go by the device of "port": itself, or its LAG.
static inline uint16_t draft_owner(const struct draft *draft, uint16_t port)
{
	return draft->lag_of[port] == FDB_ANY ? port : draft->lag_of[port];
}

// The static entry of an address in a LAN, or NULL. After draft_check(), which sorts them.
const struct policy_mac_conf *draft_find_mac(const struct draft *draft, uint16_t lan, mac_t mac);

// Keep the first complaint: "error" is a positive errno, "port" and "lan" say where or are FDB_ANY.
__attribute__((format(printf, 5, 6))) int draft_complain(struct draft *draft, int error,
							 uint16_t port, uint16_t lan,
							 const char *format, ...);
