#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Two workers, also where they share a core: queues are spread, nothing is lost or out of place.
source "$(dirname "$0")/support.sh"

mapfile -t cpus < <(usable_cpus)
workers=${cpus[0]},${cpus[1]:-${cpus[0]}}
hosts 1 2 3 4
config_exchange 1 2 3 4 | fabric_start
expect workers "$(query '.workers | length' workers)" 2
expect "workers with queues" "$(query '[.workers[] | select(.queues | length > 0)] | length' \
	workers)" 2
for to in 2 3 4; do
	wait_for 5 pings 1 "$to"
done
flow_start 1 2 window=8
config_exchange 1 2 3 | reconfigure
wait_for 5 pings 2 3
config_exchange 1 2 3 4 | reconfigure
wait_for 10 ports_up
wait_for 5 pings 4 3
expect_no_loss "$(flow_end)"
