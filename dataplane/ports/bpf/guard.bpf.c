// SPDX-License-Identifier: BSD-3-Clause
// The XDP guard: drops in the driver what must never reach the fabric, and gives everything else to
// the AF_XDP socket of its receive queue. A frame for which there is no socket is dropped, never
// passed: peering traffic must not reach the host's own stack.
//
// The verdicts are those of the stages parse, ingress, admit and learn, in the same order and from
// the same policy. What would need more than that policy is left to the worker.
//
// DPDK's AF_XDP driver loads this object, attaches its first program and fills xsks_map, which it
// finds by its name; ../guard.c fills the others. ../xdp.c knows the program by its name when a
// killed dataplane left it on an interface.
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

#include "dataplane/ports/bpf/guard.h"

enum { SECOND_NS = 1000000000, SOURCES_MAX = 1024 };

// What is left of values that the verifier is to forget.
enum { REASON_MASK = 127, GROUP_MASK = 3, HEADER_MASK = 31 };

struct {
	__uint(type, BPF_MAP_TYPE_XSKMAP);
	__uint(max_entries, 64);
	__type(key, __u32);
	__type(value, __u32);
} xsks_map SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, GUARD_BUFFERS);
	__type(key, __u32);
	__type(value, struct guard_policy);
} guard_policies SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct guard_switch);
} guard_switch SEC(".maps");

struct guard_sources {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, SOURCES_MAX);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, __u64);
	__type(value, __u64);
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
	__uint(max_entries, 1);
	__type(key, __u32);
	__array(values, struct guard_sources);
} guard_sources SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct guard_counts);
} guard_counts SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct guard_clocks);
} guard_clocks SEC(".maps");

struct frame {
	const uint8_t *at; // what the ethertype speaks of
	const uint8_t *end;
	mac_t dst;
	mac_t src;
	uint32_t length;
	uint16_t type; // behind a tag
	uint16_t vid;
	bool tagged;
	enum admit_group group;
};

// The kernel's verifier takes words from anywhere in a frame, but the compiler takes them octet by
// octet if it must not rely on alignment.
ADMIT_INLINE mac_t load_mac(const uint8_t *at)
{
	return *(const uint64_t *)at & MAC_MASK;
}

ADMIT_INLINE enum admit_group group_of(mac_t dst)
{
	if (!mac_is_group(dst))
		return ADMIT_UNICAST;
	return dst == MAC_BROADCAST ? ADMIT_BROADCAST : ADMIT_MULTICAST;
}

ADMIT_INLINE bool parse(struct frame *f)
{
	const uint8_t *at = f->at;
	uint32_t header = FRAME_OVERHEAD;

	if (at + FRAME_OVERHEAD > f->end)
		return false;
	f->dst = load_mac(at);
	f->src = load_mac(at + 6);
	f->type = admit_be16(at + 12);
	if (f->type == ADMIT_TYPE_VLAN) {
		if (at + FRAME_OVERHEAD + TAG_SIZE > f->end)
			return false;
		header += TAG_SIZE;
		f->tagged = true;
		f->vid = admit_be16(at + FRAME_OVERHEAD) & (GUARD_VIDS - 1);
		f->type = admit_be16(at + FRAME_OVERHEAD + 2);
	}
	f->group = admit_forget(group_of(f->dst), GROUP_MASK, (uint32_t)f->src);
	f->at = at + admit_forget(header, HEADER_MASK, (uint32_t)f->src);
	return true;
}

ADMIT_INLINE enum drop_reason check_addresses(const struct frame *f)
{
	if (f->src == 0)
		return DROP_SRC_MAC_IS_ZERO;
	if (mac_is_group(f->src))
		return DROP_SRC_MAC_IS_MULTICAST;
	if (f->src == f->dst)
		return DROP_SRC_MAC_IS_DST;
	return mac_is_reserved(f->dst) ? DROP_DMAC_IS_RESERVED : DROP_NONE;
}

// Find the LAN of a frame.
ADMIT_INLINE enum drop_reason enter(const struct guard_policy *policy, const struct frame *f,
				    uint32_t *lan)
{
	bool trunk = policy->flags & GUARD_TRUNK;

	*lan = policy->lan_untagged;
	if (!f->tagged)
		return *lan == GUARD_NO_LAN ? DROP_VLAN_TAG_MISSING : DROP_NONE;
	if (trunk && f->vid) {
		*lan = policy->vid_lan[f->vid & (GUARD_VIDS - 1)];
		return *lan == GUARD_NO_LAN ? DROP_INGRESS_VLAN_FILTER : DROP_NONE;
	}
	if (*lan != GUARD_NO_LAN && policy->flags & GUARD_TRANSPARENT)
		return DROP_NONE;
	return trunk ? DROP_INGRESS_VLAN_FILTER : DROP_VLAN_TAG_MISMATCH;
}

ADMIT_INLINE enum drop_reason check_source(const struct guard_policy *policy,
					   const struct guard_lan *lan, const struct frame *f,
					   uint32_t number)
{
	void *sources = bpf_map_lookup_elem(&guard_sources, &(uint32_t){0});
	uint64_t key = guard_source_key((uint16_t)number, f->src);
	enum drop_reason stranger = lan->has_mac ? DROP_MAC_NOT_REGISTERED : DROP_NO_MAC_REGISTERED;

	if (!sources || lan->security != SECURITY_REGISTERED)
		return DROP_NONE;
	const uint64_t *found = bpf_map_lookup_elem(sources, &key);
	if (!found)
		return stranger;
	uint64_t value = *(const volatile uint64_t *)found;
	uint16_t port = guard_value_port(value);
	bool is_held = guard_value_held(value);
	if (guard_value_key(value) != key)
		return DROP_NONE; // it has just gone
	if (port == policy->port)
		return is_held ? stranger : DROP_NONE;
	if (is_held)
		return DROP_MAC_DUPLICATE;
	return port == PORT_FABRIC ? DROP_SRC_MAC_IS_RESERVED : DROP_MAC_HIJACK;
}

// A bucket of tokens, kept as the time at which it will be full again.
ADMIT_INLINE bool is_over(const struct guard_meter *meter, uint64_t *due_ns, uint64_t now_ns)
{
	if (*due_ns < now_ns)
		*due_ns = now_ns;
	if (*due_ns - now_ns > meter->burst_ns)
		return true;
	*due_ns += meter->interval_ns;
	return false;
}

ADMIT_INLINE enum drop_reason check_rate(const struct guard_policy *policy, const struct frame *f)
{
	enum guard_class class = f->group == ADMIT_BROADCAST ? GUARD_BROADCAST : GUARD_MULTICAST;
	struct guard_clocks *clocks = bpf_map_lookup_elem(&guard_clocks, &(uint32_t){0});

	if (f->group == ADMIT_UNICAST || !policy->meters[class].interval_ns || !clocks)
		return DROP_NONE;
	if (!is_over(&policy->meters[class], &clocks->meters_ns[class], bpf_ktime_get_coarse_ns()))
		return DROP_NONE;
	return class == GUARD_BROADCAST ? DROP_STORM_BROADCAST : DROP_STORM_MULTICAST;
}

// Whether it is LACP's, or its like, of a link.
ADMIT_INLINE bool is_for_lag(const struct guard_policy *policy, const struct frame *f)
{
	return policy->flags & GUARD_LINK && f->type == ADMIT_TYPE_SLOW && !f->tagged &&
	       f->dst == MAC_SLOW;
}

ADMIT_INLINE enum drop_reason judge(const struct guard_policy *policy, uint32_t disabled,
				    struct frame *f)
{
	bool is_whole = parse(f);
	uint32_t number;

	if (is_whole && is_for_lag(policy, f))
		return DROP_NONE;
	if (!(policy->flags & GUARD_ADMIN_UP))
		return DROP_PORT_DOWN;
	if (disabled)
		return DROP_PORT_DISABLED;
	if (!is_whole)
		return DROP_PKT_TOO_SMALL;
	if (policy->flags & GUARD_DROP_RUNTS && f->length < FRAME_MIN)
		return DROP_RUNT;
	enum drop_reason reason = check_addresses(f);
	if (reason == DROP_NONE)
		reason = enter(policy, f, &number);
	if (reason != DROP_NONE)
		return reason;
	if (number >= MAX_LANS)
		return DROP_NONE;
	number = admit_forget(number, MAX_LANS - 1, (uint32_t)f->src);
	const struct guard_lan *lan = &policy->lans[number];
	if (f->length > lan->frame_max + (f->tagged ? TAG_SIZE : 0))
		return DROP_PKT_TOO_BIG;
	if (f->type == ADMIT_TYPE_PROBE && f->group == ADMIT_MULTICAST)
		return DROP_NONE; // whether it is genuine, workers know
	reason = admit(&lan->rules, &lan->nets, f->type, f->at, f->end, f->group);
	if (reason == DROP_NONE)
		reason = check_source(policy, lan, f, number);
	return reason == DROP_NONE ? check_rate(policy, f) : reason;
}

ADMIT_INLINE bool is_violation(enum drop_reason reason)
{
	return reason >= DROP_SRC_MAC_IS_RESERVED && reason <= DROP_MAC_LIMIT;
}

// Whether the worker wants to see a frame that would die.
ADMIT_INLINE bool is_wanted(const struct guard_policy *policy, uint32_t reason)
{
	struct guard_clocks *clocks = bpf_map_lookup_elem(&guard_clocks, &(uint32_t){0});

	if (!clocks || (policy->flags & GUARD_AT_ONCE && is_violation(reason)))
		return true;
	if (policy->captured.interval_ns &&
	    !is_over(&policy->captured, &clocks->captured_ns, bpf_ktime_get_coarse_ns()))
		return true;
	if (!(policy->sampled[reason / 64] >> reason % 64 & 1))
		return false;
	uint64_t now_ns = bpf_ktime_get_coarse_ns();
	if (clocks->sampled_ns[reason] && now_ns - clocks->sampled_ns[reason] < SECOND_NS)
		return false;
	clocks->sampled_ns[reason] = now_ns;
	return true;
}

// Count a frame that dies. Returns false if it cannot be counted: then it lives.
ADMIT_INLINE bool count(const struct frame *f, uint32_t reason)
{
	struct guard_counts *counts = bpf_map_lookup_elem(&guard_counts, &(uint32_t){0});

	if (!counts)
		return false;
	counts->octets += f->length;
	counts->multicast += f->group == ADMIT_MULTICAST;
	counts->broadcast += f->group == ADMIT_BROADCAST;
	counts->drops[reason]++;
	return true;
}

// Whether a frame dies here.
ADMIT_INLINE bool dies(struct frame *f)
{
	const struct guard_switch *now = bpf_map_lookup_elem(&guard_switch, &(uint32_t){0});

	if (!now)
		return false;
	uint32_t in_force = now->in_force - 1;
	const struct guard_policy *policy = bpf_map_lookup_elem(&guard_policies, &in_force);
	if (!policy || policy->flags & GUARD_WATCHED)
		return false;
	uint32_t reason = admit_forget(judge(policy, now->disabled, f), REASON_MASK, policy->flags);
	if (reason == DROP_NONE || reason >= DROP_COUNT || is_wanted(policy, reason))
		return false;
	return count(f, reason);
}

SEC("xdp")
int ixfab_guard(struct xdp_md *ctx)
{
	struct frame frame = {
		.at = (const uint8_t *)(long)ctx->data,
		.end = (const uint8_t *)(long)ctx->data_end,
	};

	frame.length = (uint32_t)(frame.end - frame.at);
	if (dies(&frame))
		return XDP_DROP;
	return (int)bpf_redirect_map(&xsks_map, ctx->rx_queue_index, XDP_DROP);
}

const char program_license[] SEC("license") = "Dual BSD/GPL";
