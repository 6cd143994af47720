#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# The lab: it proves itself; what is broken is seen and healed; an "up" takes down what was there;
# nothing is left, neither after "down" nor after an interrupt.
# shellcheck source=tests/support/lab.sh
source "$(dirname "$0")/../support/lab.sh"

lab up 3 >"$out" 2>&1
grep -q 'The exchange works' "$out"
grep -q '12 of 12 sessions established' "$out"
(($(sed -n 's/.*dataplane of \([0-9]*\) MiB.*/\1/p' "$out") < 300))

# Control is killed: routers notice nothing. The dataplane is killed: the next one is programmed.
lab break control >"$out"
pings as64501 192.0.2.12
lab break control undo >"$out" 2>&1
lab break dataplane >"$out" 2>&1
silent as64501 192.0.2.12
lab break dataplane undo >"$out" 2>&1
wait_until 10 pings as64501 192.0.2.12
lab break link as64502 >"$out" 2>&1
lab break link as64502 undo >"$out" 2>&1
wait_until 10 pings as64501 192.0.2.12
lab break mac-move as64501 >"$out" 2>&1
hijack_dropped() {
	lab ixfab -j show drops | jq -e '.drops[] | select(.reason == "mac_hijack")' >/dev/null
}
pings as64501 192.0.2.13 || true
wait_until 10 hijack_dropped
lab break mac-move as64501 undo >"$out" 2>&1

# A router dies while its link stays up: the sponge takes its place until it is back.
router_is() {
	pings as64502 192.0.2.11 || true
	[[ $(lab ixfab -j show sponge 192.0.2.11 | jq -r '.addresses[0].state') == "$1" ]]
}
lab exec as64502 ip neighbour flush all
lab break dead-router as64501 >"$out"
wait_until 60 router_is dead
lab break dead-router as64501 undo >"$out"
wait_until 60 router_is alive
wait_until 10 pings as64502 192.0.2.11
lab status >"$out"

for seconds in 7 0.4 2 4; do
	env --default-signal=INT timeout --signal INT "$seconds" "$root/scripts/lab" up 2 \
		>"$out" 2>&1 || true
	wait_until 10 nothing_left
done
lab down >"$out"
grep -q 'there is no lab' "$out"
