# shellcheck shell=bash disable=SC2154
# SPDX-License-Identifier: BSD-3-Clause
# The cable between a member and its port.

break_link() {
	ip -n "$(station_ns "$1")" link set eth0 down
	say "The cable of $2 is pulled: its port, $(station_port "$1"), goes down."
	look_at "ixfab show ports" "$(station_port "$1") is down" \
		"status" "its sessions are gone, those of the others are not" \
		"ixfab show drops" "egress_port_down: what is sent to $2 dies, and is counted"
	to_undo link "$2"
}

undo_link() {
	ip -n "$(station_ns "$1")" link set eth0 up
	say "$2 is plugged in again. Its sessions come back in a few seconds."
}
