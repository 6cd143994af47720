// SPDX-License-Identifier: BSD-3-Clause
// Is this ARP or neighbour discovery frame honest: does it speak only for addresses that its port
// has, with its own MAC address, in the way that the protocol wants.
//
// It stands behind "learn", so its source may be one on this port: only such a frame tells which
// MAC the owner of an address uses, and a frame that is wrong for both dies for its source, as it
// does in the XDP guard, which knows no addresses. What "learn" took from a frame that dies here is
// true: its source does live on this port.
//
// Only frames that admission did not tell to be something else at first sight are looked at. What
// they say is kept for stage "answer", dishonest or not.
#include "dataplane/path/guard.h"

#include <rte_branch_prediction.h>

#include "dataplane/path/egress.h"
#include "dataplane/path/owner.h"
#include "dataplane/path/pipeline.h"
#include "dataplane/path/prefix.h"
#include "dataplane/path/secure.h"
#include "dataplane/worker.h"

// ---- Addresses

// Whether it is an address of the LAN, as far as its prefixes tell.
static bool is_of_lan(const struct policy_lan *lan, uint8_t family, struct neigh_key key)
{
	const uint8_t *address = (const uint8_t *)&key + (family == 4 ? 12 : 0);
	bool tells = false;

	if (family == 6 && claim_is_link_local(key))
		return true;
	for (uint16_t i = 0; i < lan->n_prefixes; i++) {
		if (lan->prefixes[i].family != family)
			continue;
		if (prefix_has(&lan->prefixes[i], address))
			return true;
		tells = true;
	}
	return !tells;
}

// Who answers a probe has nobody to answer to (RFC 5227 section 2.1.1).
static bool is_nobody(const struct claim *claim, struct neigh_key key)
{
	return claim->kind == CLAIM_ARP_REPLY && claim_is_unspecified(claim, key);
}

static bool is_outside(const struct policy_lan *lan, const struct claim *claim)
{
	struct neigh_key sender = claim->sender, target = claim->target;

	return (!claim_is_unspecified(claim, sender) && !is_of_lan(lan, claim->family, sender)) ||
	       (!is_nobody(claim, target) && !is_of_lan(lan, claim->family, target));
}

// ---- Owners

static void speak(struct guard_spoken *spoken, const struct policy_lan *lan, struct neigh_key key)
{
	spoken->keys[spoken->n] = key;
	spoken->entries[spoken->n++] = neigh_find(lan->neigh, key);
}

static void find_spoken(const struct policy_lan *lan, const struct claim *claim,
			struct guard_spoken *spoken)
{
	spoken->n = 0;
	if (!claim_is_unspecified(claim, claim->sender))
		speak(spoken, lan, claim->sender);
	if (claim->kind == CLAIM_NA)
		speak(spoken, lan, claim->target);
}

static bool is_spoofed(const struct guard_spoken *spoken, uint16_t port)
{
	for (uint32_t i = 0; i < spoken->n; i++) {
		if (spoken->entries[i] && neigh_port(spoken->entries[i]) != port)
			return true;
	}
	return false;
}

// Link-local addresses are nobody's to assign.
static bool is_unassigned(const struct policy_lan *lan, const struct guard_spoken *spoken)
{
	for (uint32_t i = 0; i < spoken->n && lan->flags & LAN_ASSIGNED; i++) {
		if (!spoken->entries[i] && !claim_is_link_local(spoken->keys[i]))
			return true;
	}
	return false;
}

// ---- Verdicts

static enum drop_reason judge_arp(const struct policy_lan *lan, uint16_t port, mac_t src,
				  const struct claim *claim, const struct guard_spoken *spoken)
{
	if (claim->sender_mac != src)
		return DROP_ARP_SENDER_MAC;
	if (is_outside(lan, claim))
		return DROP_ARP_OUTSIDE_LAN;
	if (is_spoofed(spoken, port))
		return DROP_ARP_SPOOFED;
	return is_unassigned(lan, spoken) ? DROP_ARP_UNASSIGNED : DROP_NONE;
}

static enum drop_reason judge_nd(const struct policy_lan *lan, uint16_t port, mac_t src,
				 const struct claim *claim, const struct guard_spoken *spoken)
{
	mac_t mac = claim->kind == CLAIM_NS ? claim->sender_mac : claim->target_mac;

	if (!claim->valid)
		return DROP_ND_INVALID;
	if (claim->kind == CLAIM_NS && claim->unknown_options)
		return DROP_ND_UNKNOWN_OPTION;
	if (claim->macs_differ || (mac && mac != src))
		return DROP_ND_SENDER_MAC;
	if (is_outside(lan, claim))
		return DROP_ND_OUTSIDE_LAN;
	if (is_spoofed(spoken, port))
		return DROP_ND_SPOOFED;
	return is_unassigned(lan, spoken) ? DROP_ND_UNASSIGNED : DROP_NONE;
}

enum drop_reason guard_judge(const struct policy_lan *lan, uint16_t port, mac_t src,
			     const struct claim *claim, struct guard_spoken *spoken)
{
	find_spoken(lan, claim, spoken);
	return claim->family == 4 ? judge_arp(lan, port, src, claim, spoken)
				  : judge_nd(lan, port, src, claim, spoken);
}

// ---- The stage

static void remember(const struct guard_spoken *spoken, mac_t src)
{
	for (uint32_t i = 0; i < spoken->n; i++) {
		if (spoken->entries[i])
			neigh_seen(spoken->entries[i], src);
	}
}

// Whether ARP and ND matter: to the LAN, or because the port may ask only so much.
static bool is_read(const struct worker *w, const struct batch *b, const struct policy_lan *lan)
{
	return lan->flags & LAN_CLAIMS || w->policy->ports[b->port].asks_limited;
}

// Returns whether port security was violated.
static bool check(struct worker *w, struct batch *b, unsigned int i)
{
	const struct policy_lan *lan = &w->policy->lans[b->lan[i]];
	struct claim *claim = &w->claims[i];
	struct guard_spoken spoken;

	if (!is_read(w, b, lan) || is_foreign(w, b, i) || !claim_read(b, i, claim))
		return false;
	b->claims |= UINT64_C(1) << i;
	enum drop_reason reason = guard_judge(lan, b->port, b->src[i], claim, &spoken);
	if (reason == DROP_NONE && !w->dry) {
		remember(&spoken, b->src[i]);
		if (lan->flags & LAN_LEARN_HOSTS)
			owner_claim(w, b, i);
	}
	if (reason == DROP_NONE || !(lan->flags & LAN_GUARD))
		return false;
	batch_drop(b, i, reason);
	return drop_is_violation(reason);
}

void guard(struct worker *w, struct batch *b)
{
	uint64_t entered = b->live, violations = 0;

	if (likely(!(entered & b->odd)))
		return;
	batch_foreach (i, entered & b->odd)
		violations |= (uint64_t)check(w, b, (unsigned int)i) << i;
	if (unlikely(violations) && w->policy->ports[b->port].disable_at_once && !w->dry)
		secure_disable(w, b, entered, violations);
}
