// SPDX-License-Identifier: BSD-3-Clause
// A LAN's sponge, and what all of them share. For control/sponge only.
//
//   sponge.c     life: which LANs have one, the second that passes
//   lan.c        one of them made to fit its configuration; its addresses (assignments.h)
//   take.c       what the dataplane tells
//   verdict.c    what the dataplane is told, and what it is found to know
//   told.c       who was told that the sponge has an address that is alive again
//   out.c        frames
//   report.c     words: log and events
//   states.c     dump, load, and what outlives control (keep.h)
//   inform.c     who is told by an operator
//   peers.c      who sends to what is down
#pragma once

#include "control/config/config.h"
#include "control/sponge/assignments.h"
#include "control/sponge/frames.h"
#include "control/sponge/ip_map.h"
#include "control/sponge/out.h"
#include "control/sponge/sponge.h"
#include "lib/message.h"

struct event;
struct keep;
struct peers;
struct running;
struct told;

enum sponge_mark {
	MARK_SPONGED = 1,  // the machine wants it answered for
	MARK_WATCHED = 2,  // and a sign of life, which did not come yet
	MARK_REFRESH = 4,  // the bindings want one
	MARK_OWED = 8,	   // some were told that the sponge has it, and it has not
	MARK_REVIVED = 16, // likewise, and they wait to be told
	MARK_DIRTY = 32,   // its state is to be kept
};

struct sponge_lan {
	struct sponges *sponges;
	char name[NAME_SIZE];
	uint16_t number;		 // in configuration and dataplane
	const struct config_lan *config; // of the configuration in force
	struct machine *machine;	 // NULL: it has none
	struct bindings *bindings;	 // likewise
	struct assignments assignments;
	struct ip_map marks; // enum sponge_mark
	struct ip_list revived;
	struct ip_list dirty;
	bool wants_dump;   // the dataplane may know what we do not: it is told nothing before
	uint32_t failures; // to read that
	uint32_t lines;	   // of the log that it may still write in this second
	uint32_t unsaid;   // that it did not
};

struct sponges {
	struct control *control;
	struct sponge_lan *lans[MAX_LANS]; // by number
	struct event *tick;
	struct event *pace;
	struct keep *keep;
	struct out *out;
	struct told *told;
	struct peers *peers;
	bool dumping;		     // it is being read what the dataplane knows ...
	struct sponge_lan *dumped;   // ... of this LAN; NULL: it went meanwhile
	const struct config *config; // for which they were configured last
	bool anew;		     // a dataplane was attached since
	bool other;		     // another configuration is coming into force
	uint32_t tick_ms;	     // a second; less in tests
	uint64_t next_ms;	     // when the next has passed
	uint64_t kept_ms;	     // when states were kept last
	struct sponges_count count;
};

static inline struct sponge_lan *sponge_lan_at(const struct sponges *sponges, size_t lan)
{
	return sponges && lan < MAX_LANS ? sponges->lans[lan] : NULL;
}

static inline bool has_mark(const struct sponge_lan *lan, const struct ip *ip, uint8_t mark)
{
	return ip_map_get(&lan->marks, ip) & mark;
}

static inline void add_mark(struct sponge_lan *lan, const struct ip *ip, uint8_t mark)
{
	ip_map_set(&lan->marks, ip, ip_map_get(&lan->marks, ip) | mark);
}

static inline void remove_mark(struct sponge_lan *lan, const struct ip *ip, uint8_t mark)
{
	ip_map_set(&lan->marks, ip, (uint8_t)(ip_map_get(&lan->marks, ip) & ~mark));
}

// ---- lan.c

// Whether a LAN is to have one.
bool lan_is_wanted(const struct config_lan *config);

// Make one for the LAN of that name. Returns NULL with errno.
struct sponge_lan *lan_create(struct sponges *sponges, const char *name);
void lan_destroy(struct sponge_lan *lan);

// Make it fit the configuration in force, whose LAN number "number" it is. Returns 0 or -ENOMEM.
int lan_configure(struct sponge_lan *lan, uint16_t number);

bool lan_has(const struct sponge_lan *lan, const struct ip *ip); // by its prefixes

// Who asks in the name of this LAN's sponge.
struct frames_host lan_asker(const struct sponge_lan *lan, uint8_t family);

// What is known of the owner of an address: assigned, learned, or by its last sign of life. Returns
// whether its port is; the MAC may be unknown all the same.
bool lan_owner(const struct sponge_lan *lan, const struct ip *ip, uint16_t *port, mac_t *mac);

// ---- verdict.c

extern const struct machine_listener verdict_machine;	// with the struct sponge_lan
extern const struct bindings_listener verdict_bindings; // likewise

// Tell the dataplane what is known of an address now.
void verdict_tell(struct sponge_lan *lan, const struct ip *ip);

// What it is to know.
void verdict_fill(const struct sponge_lan *lan, const struct ip *ip, struct host_set *set);

// Tell it everything: it knows nothing, or something else.
void verdict_tell_all(struct sponge_lan *lan);

// Compare what it knows with what we know, if that is due. Called once a second, and on attachment.
void verdict_compare(struct sponges *sponges);

// ---- told.c

struct told *told_create(struct sponges *sponges); // NULL: no memory
void told_destroy(struct told *told);

// An address is alive again: whoever was told otherwise is told so, as soon as it is its turn.
void told_revive(struct sponge_lan *lan, const struct ip *ip);

// The LAN goes: its turn will not come.
void told_forget(struct told *told, const struct sponge_lan *lan);
void told_stop(struct told *told); // the dataplane is gone

// The forms in which neighbours are told, as the configuration wants them. In IPv6 two of them are
// one. Returns how many.
enum { FORMS_MAX = 3 };
size_t told_forms(const struct sponge_lan *lan, uint8_t family, enum sponge_update *forms);

// ---- report.c

void report_changed(struct sponge_lan *lan, const struct machine_info *info,
		    enum machine_state from, enum machine_why why);
void report_contradicted(struct sponge_lan *lan, const struct machine_info *info, uint64_t times);
void report_moved(struct sponge_lan *lan, const struct binding *binding);
void report_duplicated(struct sponge_lan *lan, const struct binding *binding);
void report_released(struct sponge_lan *lan, const struct binding *binding);
void report_told(struct sponge_lan *lan, const struct ip *ip, size_t neighbours);
void report_configured(struct sponges *sponges); // whose addresses they are may have changed
void report_second(struct sponge_lan *lan);	 // say how much was not said

// ---- states.c

// The state of an address has changed.
void states_changed(struct sponge_lan *lan, const struct ip *ip);

// Whether states of a control before us are kept that are young enough.
bool states_are_kept(const struct sponge_lan *lan);

// Take up what was kept; or forget it if it is too old. The machine is new.
void states_restore(struct sponge_lan *lan);

// Write what has changed, if it is time or "all" of it. Called once a second.
void states_keep(struct sponges *sponges, bool all);

// ---- peers.c

struct peers *peers_create(void);
void peers_destroy(struct peers *peers);
void peers_take(struct sponges *sponges, const struct event_sunk *sunk);

// Another configuration is in force: "to" has the new number of each LAN, or SIZE_MAX if it has no
// sponge any more. Ports that are gone are forgotten.
void peers_configure(struct peers *peers, const struct running *running, const size_t to[MAX_LANS]);
