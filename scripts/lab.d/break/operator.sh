# shellcheck shell=bash disable=SC2154
# SPDX-License-Identifier: BSD-3-Clause
# What operators do to members: quarantine and maintenance.

# The lab's configuration with one port in quarantine, and a port to watch it by.
quarantine_config() {
	sed "s/^  $(station_port "$1"):\$/&\\n    quarantine: yes/" "$dir/ixfab.yaml"
	cat <<-END
		  # Who is in quarantine reaches this port, and nobody else.
		  watch:
		    device: tap:watch
		    lans: {peering: {monitor: yes}}
	END
}

break_quarantine() {
	local port
	only_members "$1"
	port=$(station_port "$1")
	quarantine_config "$1" >"$dir/quarantine.yaml"
	ixfab check "$dir/quarantine.yaml" >/dev/null ||
		die "this configuration has no place for a quarantine: $dir/quarantine.yaml"
	ra_start "$1" "$2"
	ixfab apply "$dir/quarantine.yaml"
	say "$2 is in quarantine: it reaches a port to watch it by, and none of the members. Its"
	say "router has a fault that none of them should ever see."
	look_at "ixfab show ports" "$port is in quarantine" \
		"exec $2 ping -c 3 $(station_ip4 "$(next_member "$1")")" "no answer" \
		"ixfab port $port quarantine report" \
		"what it sent, that it fails, and what to configure on which router" \
		"exec fabric tcpdump -lni watch" "its frames, as they come" \
		"ixfab port $port promote" "lets it into the LAN, when it behaves"
	to_undo quarantine "$2"
}

undo_quarantine() {
	ra_stop "$1" "$2"
	ixfab apply "$dir/ixfab.yaml"
	rm -f "$dir/quarantine.yaml"
	say "$2 has mended its router and is in the LAN. Its sessions come back."
}

break_maintenance() {
	local port
	port=$(station_port "$1")
	ixfab port "$port" drain --for 1h
	say "The port of $2 is to be taken down. BGP no longer passes it (RFC 8327), everything"
	say "else does: in 30 s, when hold timers have run out, routes lead elsewhere, and nothing"
	say "is lost while they change."
	look_at "status" "the sessions of $2 end, one after the other" \
		"ixfab show drops" "session_culled: BGP between members, at both ends of it" \
		"exec $(station_name "$(next_member "$1")") ping -c 3 $(station_ip4 "$1")" \
		"answers: only BGP ended" \
		"ixfab show events" "traffic_near_zero: now the port may be taken down" \
		"ixfab port $port down" "the maintenance; \"up\" ends it"
	to_undo maintenance "$2"
}

undo_maintenance() {
	ixfab port "$(station_port "$1")" up >/dev/null
	ixfab port "$(station_port "$1")" undrain
	say "BGP passes the port of $2 again. Its sessions come back in a few seconds."
}
