// SPDX-License-Identifier: BSD-3-Clause
// Any octets as events for the two minds of the sponge: which addresses are down, and who owns
// those that are not assigned. What they tell fits to what they know, they know no more than they
// may, and nothing is asked for faster than it may be.
//
//   octets 0 to 19   settings (see settings_of())
//   then             events of four octets: what, for which address, by which port, after how long
#include <stdint.h>

#include "control/sponge/bindings.h"
#include "control/sponge/machine.h"
#include "control/sponge/queue.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/require.h"

enum { ADDRESSES = 64, PORTS = 8, SETTINGS = 20, EVENT = 4, SECOND = 1000 };

// What the dataplane would know of an address.
struct shown {
	bool sponged;
	bool watched;
	bool bound;
	struct binding binding;
};

static struct config_sponge sponge_settings;
static struct config_bindings bindings_settings;
static struct shown shown[ADDRESSES];
static struct machine *machine;
static struct bindings *bindings;
static uint64_t now;
static uint64_t first_query_ms, queries; // since the settings are what they are

// Half of them are of IPv6.
static struct ip ip_of(uint8_t n)
{
	n %= ADDRESSES;
	if (n % 2)
		return (struct ip){6, {0x20, 0x01, 0x0d, 0xb8, [15] = n}};
	return (struct ip){4, {192, 0, 2, n}};
}

static struct shown *shown_of(const struct ip *ip)
{
	uint8_t n = ip->octets[ip->family == 4 ? 3 : 15];
	const struct ip same = ip_of(n);

	REQUIRE(n < ADDRESSES && ip_equal(ip, &same));
	return &shown[n];
}

// ---- Listeners

static void verdict(void *argument, const struct ip *ip, bool sponged, bool watched, bool revived)
{
	REQUIRE(argument == &machine);
	REQUIRE(!revived || (!sponged && !sponge_settings.dummy));
	shown_of(ip)->sponged = sponged;
	shown_of(ip)->watched = watched;
}

static void query(void *argument, const struct ip *ip)
{
	REQUIRE(argument == &machine && shown_of(ip) && !sponge_settings.passive);
	if (!queries++)
		first_query_ms = now;
	// What is faster than one in a millisecond comes in bursts of one.
	REQUIRE((queries - 1) * SECOND <=
		(now - first_query_ms + 1) * (uint64_t)sponge_settings.probe_rate);
}

static void announce(void *argument, const struct ip *ip)
{
	REQUIRE(argument == &machine && shown_of(ip)->sponged);
	REQUIRE(sponge_settings.gratuitous && !sponge_settings.dummy);
}

static void changed(void *argument, const struct machine_info *info, enum machine_state from,
		    enum machine_why why)
{
	struct machine_info known;

	REQUIRE(argument == &machine && info->state != from && info->why == why);
	REQUIRE(machine_find(machine, &info->ip, &known) && known.state == info->state);
	REQUIRE(!(info->protected && info->state == MACHINE_DEAD && why == MACHINE_UNANSWERED));
}

static void contradicted(void *argument, const struct machine_info *info, uint64_t times)
{
	REQUIRE(argument == &machine && times);
	REQUIRE(info->state == MACHINE_STATIC || info->state == MACHINE_DEAD);
}

static void bound(void *argument, const struct binding *binding, bool gone)
{
	REQUIRE(argument == &bindings && (!gone || shown_of(&binding->ip)->bound));
	shown_of(&binding->ip)->bound = !gone;
	shown_of(&binding->ip)->binding = *binding;
}

static void ask(void *argument, const struct ip *ip, mac_t mac, uint16_t port)
{
	REQUIRE(argument == &bindings && shown_of(ip)->bound && mac && port < PORTS);
}

static void announce_duplicate(void *argument, const struct ip *ip, mac_t mac)
{
	REQUIRE(argument == &bindings && shown_of(ip)->binding.duplicate);
	REQUIRE(mac && mac == bindings_settings.anti_spoofing);
}

static void moved(void *argument, const struct binding *binding)
{
	REQUIRE(argument == &bindings && shown_of(&binding->ip)->bound && !binding->duplicate);
}

static void duplicated(void *argument, const struct binding *binding)
{
	REQUIRE(argument == &bindings && shown_of(&binding->ip)->bound && binding->duplicate);
}

static void released(void *argument, const struct binding *binding)
{
	REQUIRE(argument == &bindings && !shown_of(&binding->ip)->bound);
}

// ---- Settings and events

static void settings_of(const uint8_t *o)
{
	sponge_settings = (struct config_sponge){
		.mode = o[0] % 3,
		.one_more = o[1] & 1,
		.sweep_at_start = o[1] & 2,
		.sweep_skip_alive = o[1] & 4,
		.gratuitous = o[1] & 8,
		.dummy = o[1] & 16,
		.passive = o[1] & 32,
		.is_static = o[1] & 64,
		.queue_depth = o[2],
		.rate = o[3],
		.pending = o[4] % 16,
		.flood_protection = o[5] / 16.0,
		.probe_rate = 1 + o[6] * o[6],
		.learning = o[7] % 16,
		.init = o[8] % 4,
		.sweep_period = o[9],
		.sweep_age = o[10],
		.targets = o[11] % ADDRESSES,
	};
	bindings_settings = (struct config_bindings){
		.learned = true,
		.limit = o[12] % ADDRESSES,
		.age = o[13],
		.refresh = o[14],
		.moves = o[15] % 8,
		.within = o[16],
		.hold = o[17],
		.confirm = o[18],
		.anti_spoofing = o[19] ? MAC(2, 0, 0x5e, 0, 0, o[19]) : 0,
	};
	queries = 0;
}

static void reassign(uint8_t first, uint8_t flags)
{
	machine_begin(machine);
	for (uint8_t i = 0; i < ADDRESSES / 2; i++) {
		const struct ip ip = ip_of((uint8_t)(first + i));

		machine_add(machine, &ip, (flags >> i % 3) & 1, i % 7 == flags % 8, now);
	}
	machine_end(machine);
}

static void seen(uint8_t what, const struct ip *ip, uint16_t port, bool flag)
{
	const struct machine_question question = {.target = *ip, .asker = ip_of((uint8_t)port)};
	mac_t mac = MAC(2, 0, 0, 0, 0, port + 1);

	switch (what) {
	case 0:
		machine_probe(machine, ip, now);
		break;
	case 1:
		shown_of(ip)->watched = false;
		machine_life(machine, ip, mac, port, now);
		break;
	case 2:
		bindings_claim(bindings, ip, mac, port, flag, !flag, now);
		break;
	case 3:
		machine_tick(machine, now);
		bindings_tick(bindings, now);
		break;
	default:
		machine_question(machine, &question, now);
	}
}

static void said(uint8_t what, const struct ip *ip, uint16_t port, const uint8_t *event)
{
	switch (what) {
	case 0:
		machine_set(machine, ip, event[2] % (MACHINE_STATES + 1), now);
		break;
	case 1:
		machine_restore(machine, ip, event[2] % (MACHINE_STATES + 1), port + 2, port, now);
		break;
	case 2:
		machine_query(machine, ip);
		break;
	case 3:
		bindings_forget(bindings, ip);
		break;
	case 4:
		bindings_forget_port(bindings, port);
		break;
	case 5:
		reassign(event[1], event[2]);
		break;
	default:
		machine_tell_all(machine);
		bindings_tell_all(bindings);
	}
}

static void run_event(const uint8_t *event)
{
	const struct ip ip = ip_of(event[1]);
	uint16_t port = event[2] % PORTS;

	now += (uint64_t)event[3] * event[3] / 8;
	if (event[0] & 0x80)
		said(event[0] % 8, &ip, port, event);
	else
		seen(event[0] % 8, &ip, port, event[0] & 0x40);
	machine_pace(machine, now);
}

// ---- What must hold

static void count_one(void *argument, const struct machine_info *info)
{
	uint32_t *n = argument;

	REQUIRE(shown_of(&info->ip));
	++*n;
}

static void check_machine(void)
{
	struct machine_count count;
	uint32_t total = 0, listed = 0;

	machine_count(machine, &count);
	machine_each(machine, count_one, &listed);
	for (int state = 0; state < MACHINE_STATES; state++)
		total += count.states[state];
	REQUIRE(listed <= total && total <= ADDRESSES);
	REQUIRE(count.tracked <= total);
	REQUIRE(count.octets < 2 * QUEUES_OCTETS);
	for (uint8_t n = 0; n < ADDRESSES; n++) {
		const struct ip ip = ip_of(n);
		struct machine_info info;
		bool known = machine_find(machine, &ip, &info);
		bool sponged =
			known && (info.state == MACHINE_DEAD || info.state == MACHINE_STATIC);

		total -= known;
		REQUIRE(shown[n].sponged == (sponged && !count.learning));
		REQUIRE(known || !shown[n].watched);
		REQUIRE(!known || !sponged || !info.queued);
	}
	REQUIRE(total == 0);
}

static void check_bindings(void)
{
	size_t total = 0;

	for (uint8_t n = 0; n < ADDRESSES; n++) {
		const struct ip ip = ip_of(n);
		const struct binding *binding = bindings_find(bindings, &ip);

		total += binding != NULL;
		REQUIRE(!binding == !shown[n].bound);
		REQUIRE(!binding || (binding->mac == shown[n].binding.mac &&
				     binding->port == shown[n].binding.port &&
				     binding->duplicate == shown[n].binding.duplicate));
	}
	REQUIRE(total == bindings_count(bindings));
}

static const struct machine_listener machine_listener = {
	.verdict = verdict,
	.query = query,
	.announce = announce,
	.changed = changed,
	.contradicted = contradicted,
	.argument = &machine,
};
static const struct bindings_listener bindings_listener = {
	.bound = bound,
	.ask = ask,
	.announce = announce_duplicate,
	.moved = moved,
	.duplicated = duplicated,
	.released = released,
	.argument = &bindings,
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size < SETTINGS)
		return 0;
	memset(shown, 0, sizeof(shown));
	now = SECOND;
	settings_of(data);
	machine = machine_create(&sponge_settings, &machine_listener, now);
	bindings = bindings_create(&bindings_settings, &bindings_listener);
	reassign(0, data[0]);
	for (size_t at = SETTINGS; at + EVENT <= size; at += EVENT) {
		run_event(data + at);
		// Other settings stand where an event would be all ones.
		if (data[at] == 0xff && at + EVENT + SETTINGS <= size) {
			settings_of(data + at + EVENT);
			machine_configure(machine, &sponge_settings, now);
			bindings_configure(bindings, &bindings_settings);
			at += SETTINGS;
		}
	}
	check_machine();
	check_bindings();
	machine_destroy(machine);
	bindings_destroy(bindings);
	return 0;
}
