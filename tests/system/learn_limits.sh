#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# How many addresses a port may learn is exact, registered ones do not count, and what was not
# learned is forwarded all the same. Addresses that are silent age.
source "$(dirname "$0")/support.sh"

hosts 1 2 3
quiet 1 2 3
fabric_start <<END
version: 1
fabric: {name: test-bridge}
lans:
  office: {profile: open, mtu: 1500, ageing: 10}
ports:
  p1:
    device: iface:p1
    learning: true
    learn-limit: 20
    lans: {office: {macs: ["$(host_mac 1)"]}}
  p2: {device: "iface:p2", lans: {office: {}}}
  p3: {device: "iface:p3", lans: {office: {}}}
END
listen 2

learned_on() {
	query "[.macs[] | select(.ifname == \"$1\" and .state == \"learned\")] | length" macs
}
learned_is() {
	[[ $(learned_on "$1") == "$2" ]]
}
port_counter() {
	query ".counters[] | select(.port == \"$1\") | .$2" counters
}
refused_is() {
	[[ $(port_counter "$1" learn_refused) == "$2" ]]
}

# flood FROM ID COUNT: frames of that many senders.
flood() {
	frames send "$(host_ns "$1"):eth0" src=02:aa:00:00:0"$1":00 "dst=$(host_mac 9)" "id=$2" \
		"sources=$3" "count=$3"
}
heard_all() {
	[[ $(grep -c " id=$2 .*intact" "$dir/heard$1") == "$3" ]]
}

flood 1 1 100
wait_for 5 heard_all 2 1 100
wait_for 5 learned_is p1 20
wait_for 5 refused_is p1 80
send 1 ff:ff:ff:ff:ff:ff id=2
flood 3 3 200
wait_for 5 heard_all 2 3 200
wait_for 5 learned_is p3 200
expect "learned on p1" "$(learned_on p1)" 20
wait_for 30 learned_is p1 0
wait_for 30 learned_is p3 0
expect static "$(query '[.macs[] | select(.state == "static") | .mac] | join(" ")' macs)" \
	"$(host_mac 1)"
