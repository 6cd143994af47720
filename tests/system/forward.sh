#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Frames get where they belong, intact, and nowhere else; the matrix counts them.
source "$(dirname "$0")/support.sh"

hosts 1 2 3 4
config_exchange 1 2 3 4 | sed '/admission:/s/{/{broadcast: any, check-headers: no, /' | fabric_start

for from in 1 2 3 4; do
	for to in 1 2 3 4; do
		[[ $from == "$to" ]] || wait_for 5 pings "$from" "$to"
	done
done

# Known unicast: to its owner only.
listen 1 2 3 4
send 1 2 id=1 length=1514
send 1 2 id=2 length=60
wait_for 5 heard 2 1 length=1514
wait_for 5 heard 2 2 length=60
not_heard 1 2 3 1
not_heard 1 2 4 2

# Broadcast: to everybody but the sender.
send 1 ff:ff:ff:ff:ff:ff id=3
for host in 2 3 4; do
	wait_for 5 heard "$host" 3
done
fails heard 1 3

# Nobody's MAC: an exchange does not flood it. What no bridge forwards is not forwarded.
send 1 02:00:00:00:00:99 id=4
wait_for 5 dropped unknown_unicast p1 1
not_heard 1 2 3 4
send 1 01:80:c2:00:00:00 id=5
wait_for 5 dropped dmac_is_reserved p1 1
not_heard 1 2 3 5
send 1 1 id=6
wait_for 5 dropped src_mac_is_dst p1 1

# The matrix is exact. Nobody pings any more, so what is IPv4 is ours; hosts may still ask for ARP.
pair() {
	query "[.matrix[] | select(.from == \"$1\" and .to == \"$2\") | .ipv4.$3] | add // 0" \
		matrix
}
frames_before=$(pair p3 p4 frames)
octets_before=$(pair p3 p4 octets)
send 3 4 id=7 type=0x0800 count=1000 length=200
counted() {
	[[ $(pair p3 p4 frames) == $((frames_before + 1000)) ]]
}
wait_for 5 counted
expect octets "$(pair p3 p4 octets)" $((octets_before + 200000))
