// SPDX-License-Identifier: BSD-3-Clause
// Who owns addresses that are not assigned: telling control who speaks for them.
#pragma once

struct batch;
struct worker;

// Frame "i" makes an honest claim, worker.claims[i]. If that tells an owner that is not known
// already, tell control: ARP of any kind does, and an advertisement; a solicitation does not,
// because it says nothing of its sender's flags (RFC 9161 section 3.1). Nothing is told of assigned
// and link-local addresses, nor of those that more than one claims.
void owner_claim(struct worker *w, const struct batch *b, unsigned int i);
