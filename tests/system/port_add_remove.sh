#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Ports come and go; two others exchange frames all the time, and none is lost.
source "$(dirname "$0")/support.sh"

hosts 1 2 3 4
config_exchange 1 2 | fabric_start
wait_for 5 pings 1 2
flow_start 1 2

for _ in 1 2 3 4 5; do
	config_exchange 1 2 3 | reconfigure
	wait_for 10 ports_up
	wait_for 10 pings 1 3
	config_exchange 1 2 3 4 | reconfigure
	wait_for 10 ports_up
	wait_for 10 pings 3 4
	config_exchange 1 2 | reconfigure
	expect ports "$(query '.ports | length' ports)" 2
done

expect_no_loss "$(flow_end)"
