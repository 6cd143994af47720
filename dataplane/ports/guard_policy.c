// SPDX-License-Identifier: BSD-3-Clause
#include "dataplane/ports/guard_policy.h"

#include <string.h>

#include "dataplane/tables/policy.h"

enum { MARGIN = 4, SECOND_NS = 1000000000, UNKNOWN_SPEED = 10000 };

_Static_assert((int)GUARD_VIDS == VID_MASK + 1 && (int)GUARD_NO_LAN == LAN_NONE,
	       "the guard's numbers are the policy's");

static uint64_t frames_per_second(const struct rate *rate, uint32_t speed)
{
	uint64_t bits = rate->value;

	if (rate->unit == RATE_FRAMES)
		return rate->value;
	if (rate->unit == RATE_PPM)
		bits *= speed ? speed : UNKNOWN_SPEED; // millionths of millions
	uint64_t frames = bits / ((FRAME_MIN + METER_OVERHEAD) * 8);
	return frames > rate->floor ? frames : rate->floor;
}

static struct guard_meter build_meter(const struct rate *rate, uint32_t speed)
{
	uint64_t frames = rate->unit == RATE_NONE ? SECOND_NS : frames_per_second(rate, speed);

	if (frames == 0)
		frames = 1;
	return (struct guard_meter){
		.interval_ns = frames < SECOND_NS / MARGIN ? SECOND_NS / (frames * MARGIN) : 0,
		.burst_ns = SECOND_NS,
	};
}

static uint32_t build_flags(const struct policy *policy, const struct policy_port *port)
{
	bool transparent = port->lan_untagged != LAN_NONE &&
			   policy->lans[port->lan_untagged].flags & LAN_TRANSPARENT;

	return (port->admin_up ? GUARD_ADMIN_UP : 0) | (port->vid_lan ? GUARD_TRUNK : 0) |
	       (transparent ? GUARD_TRANSPARENT : 0) | (port->drop_runts ? GUARD_DROP_RUNTS : 0) |
	       (port->watched ? GUARD_WATCHED : 0) | (port->disable_at_once ? GUARD_AT_ONCE : 0);
}

static void build_lan(struct guard_lan *guard, const struct policy *policy,
		      const struct policy_port *port, uint16_t l)
{
	const struct policy_lan *lan = &policy->lans[l];

	guard->rules = policy->rules[port->lans[l].rules];
	guard->nets = lan->nets;
	guard->frame_max = lan->frame_max;
	guard->security = port->lans[l].security;
	guard->has_mac = port->lans[l].has_mac;
}

static void build_sampled(struct guard_policy *guard, const struct policy_port *port)
{
	for (uint32_t r = 1; r < DROP_COUNT && !port->quiet; r++) {
		// Of a storm the worker sees enough in any case.
		if (drop_makes_event(r) && r != DROP_STORM_BROADCAST && r != DROP_STORM_MULTICAST)
			guard->sampled[r / 64] |= UINT64_C(1) << r % 64;
	}
}

void guard_policy_build(struct guard_policy *guard, const struct policy *policy, uint16_t p,
			const struct policy_limits_conf *limits, uint32_t speed)
{
	const struct policy_port *port = &policy->ports[p];

	memset(guard, 0, sizeof(*guard)); // padding too: policies are compared as memory
	guard->flags = build_flags(policy, port);
	guard->port = p;
	guard->lan_untagged = port->lan_untagged;
	guard->meters[GUARD_BROADCAST] = build_meter(&limits->meters[METER_BROADCAST], speed);
	guard->meters[GUARD_MULTICAST] = build_meter(&limits->meters[METER_MULTICAST], speed);
	build_sampled(guard, port);
	for (uint16_t l = 0; l < MAX_LANS; l++) {
		if (port->lans[l].vid != VID_NOT_MEMBER)
			build_lan(&guard->lans[l], policy, port, l);
	}
	if (port->vid_lan)
		memcpy(guard->vid_lan, port->vid_lan, sizeof(guard->vid_lan));
}
